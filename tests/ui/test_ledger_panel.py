"""The ledger on the Impact page."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline, watch
from monitor.core.experiment import ExperimentState
from monitor.core.ledger import LedgerRow
from monitor.core.verdict import Verdict
from monitor.ui.components.ledger_panel import ROWS, LedgerPanel
from monitor.ui.format import MINUS


@pytest.fixture(scope="module")
def under_way():
    """Return a comparison of 80 s."""
    random = np.random.default_rng(1)
    before = Service().rows(random, 200, START_MS)
    return watch(baseline(before, 100), Service().rows(random, 80, int(before.timestamp[-1]) + 1000))[0]


@pytest.fixture
def shown(new_feeder):
    """Return what the panel makes of an experiment."""

    def make(**experiment):
        return LedgerPanel().patch(replace(new_feeder().observe(), experiment=ExperimentState(**experiment)))

    return make


def rows(count):
    return tuple(
        LedgerRow(f"b-{number}", number, f"change {number}", "before", Verdict.WORSE, -1.0, -2.004, -0.5, 60)
        for number in range(count)
    )


def test_the_newest_is_first_and_the_one_under_way_stands_once(shown, under_way):
    """Its own older row gives way."""
    props = shown(impact=under_way, ledger=(*rows(30), LedgerRow.of(under_way)))
    assert [props[f"panel-ledger-{place}-change"]["text"] for place in range(3)] == [
        "nothing noted",
        "change 29",
        "change 28",
    ]
    assert props["panel-ledger-1-overall"]["text"] == f"{MINUS}1.0 %"
    assert props["panel-ledger-none"] == {"hidden": True}


def test_rows_that_do_not_fit_are_counted_and_where_they_are_is_said(shown, under_way):
    """The one under way among them; as long as all fit there is nothing to say."""
    assert shown(ledger=rows(ROWS))["panel-ledger-count"] == {"text": "", "hidden": True}
    props = shown(impact=under_way, ledger=rows(ROWS))
    assert props["panel-ledger-count"] == {
        "text": "The newest 20 of 21 comparisons; the CSV file has all of them.",
        "hidden": False,
    }
    assert shown()["panel-ledger-none"] == {"hidden": False}


def test_a_row_says_what_its_columns_are_sorted_by(shown):
    """Figures by their value, not by their text; what is unknown has no value, and a hidden row none at all."""
    still_open = LedgerRow("b-2", 9, "", "before", Verdict.COLLECTING, None, None, None, 3700)
    props = shown(ledger=(*rows(1), still_open))
    assert props["panel-ledger-0"]["sort"] == [9, "nothing noted", "before", None, None, "Collecting", 3700]
    assert props["panel-ledger-1"]["sort"] == [0, "change 0", "before", -1.0, -2.0, "Worse", 60]
    assert props["panel-ledger-2"] == {"hidden": True, "sort": None}


def test_a_row_that_stays_is_made_once_by_each_panel(new_feeder):
    """What is kept belongs to the panel."""
    snapshot = replace(new_feeder().observe(), experiment=ExperimentState(ledger=rows(2)))
    one, other = LedgerPanel(), LedgerPanel()
    place = "panel-ledger-1"
    assert one.patch(snapshot)[place] is one.patch(snapshot)[place]
    assert one.patch(snapshot)[place] is not other.patch(snapshot)[place]
    assert one.patch(snapshot)[place] == other.patch(snapshot)[place]


def test_each_heading_is_a_button_and_the_first_says_the_order(components):
    """Newest first until the viewer chooses otherwise."""
    headings = [one for one in components(LedgerPanel().layout()) if type(one).__name__ == "Th"]
    buttons = [heading.children for heading in headings]
    assert [type(button).__name__ for button in buttons] == ["Button"] * 7
    assert [getattr(button, "data-column") for button in buttons] == [str(place) for place in range(7)]
    assert [getattr(heading, "aria-sort", None) for heading in headings] == ["descending", *[None] * 6]


def test_both_files_are_linked(components):
    """All rows can be had from either."""
    links = [one.href for one in components(LedgerPanel().layout()) if type(one).__name__ == "A"]
    assert links == ["/api/v1/ledger.csv", "/api/v1/ledger"]
