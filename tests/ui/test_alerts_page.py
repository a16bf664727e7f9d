"""The places on the Alerts page."""

import re
from pathlib import Path

import orjson

from monitor.core.alert import Happened
from monitor.core.metric import METRIC
from monitor.core.rule import Severity
from monitor.core.signal import SIGNAL
from monitor.ui.alert_words import SEVERITY
from monitor.ui.components.alerts_page import RANGES, AlertsPage
from monitor.ui.components.settings_page import SettingsPage

ASSETS = Path(__file__).parents[2] / "assets"
SCRIPTS = ASSETS / "pages" / "alerts"


def test_every_place_that_the_scripts_fill_is_there(components):
    """Ids that the page's scripts name exist in its layout."""
    ids = {component.id for component in components(AlertsPage().layout()) if getattr(component, "id", None)}
    named = {
        f"alerts-{name}"
        for script in ("page.js", "filter.js")
        for name in re.findall(r"\belement\('([a-z-]+)'\)", (SCRIPTS / script).read_text())
    }
    assert len(named) > 10
    assert named <= ids


def test_periods_are_those_of_the_scripts(components):
    """Each button's period has a length, words, and a number from which on a rule is noisy."""
    buttons = [
        component.to_plotly_json()["props"].get("data-alerts-from")
        for component in components(AlertsPage().layout())
    ]
    periods = [period for period in buttons if period]
    assert periods == [start for start, _ in RANGES]
    words = (SCRIPTS / "filter.js").read_text() + (SCRIPTS / "frequency.js").read_text()
    for period in periods:
        assert words.count(f"'{period}'" if "-" in period else f"{period}:") >= 2


def test_all_that_can_be_watched_is_told_to_the_page(components):
    """Each metric and signal with its unit; words where figures stand for some; the icons of severities."""
    props = [component.to_plotly_json()["props"] for component in components(SettingsPage({}).layout())]
    (page,) = [one for one in props if one.get("id") == "page-settings"]
    told = orjson.loads(page["data-watched"])
    assert orjson.loads(page["data-severities"]) == {one.value: SEVERITY[one].icon for one in Severity}
    assert set(told) == {*METRIC, *SIGNAL}
    assert told["latency_ms"]["unit"] == "ms"
    assert told["verdict"]["words"] == {"1": "better", "-1": "worse", "0": "open"}


def test_words_are_the_same_on_both_sides():
    """A picture and words for all that can happen to an alert."""
    row = (SCRIPTS / "row.js").read_text()
    for happened in Happened:
        assert f"{happened.value}: '" in row
        assert f"case '{happened.value}':" in row
