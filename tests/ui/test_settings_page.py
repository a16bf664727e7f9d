"""The editors on the Settings page: what the scripts offer is what the API takes."""

import re
from pathlib import Path

import orjson

from monitor.core.channel_settings import SETTINGS
from monitor.core.rule import RULES, Condition, Origin, Rule, Severity
from monitor.ui.components.settings_page import SettingsPage

SCRIPTS = Path(__file__).parents[2] / "assets" / "pages" / "settings"
NAME = re.compile(r"\{ name: '([a-z_.]+)'")


def test_every_place_that_the_scripts_fill_is_there(components):
    """Ids that the scripts name exist in the layout, those of both dialogs, too."""
    layout = SettingsPage({}).layout()
    ids = {component.id for component in components(layout) if getattr(component, "id", None)}
    scripts = "".join((SCRIPTS / f"{name}.js").read_text() for name in ("rules", "channels"))
    named = set(re.findall(r"\belement\('([a-z-]+)'\)", scripts)) | set(
        re.findall(r"closest\('#([a-z-]+)'\)", scripts)
    )
    assert len(named) > 8
    assert named <= ids
    for dialog in ("rule", "channel"):
        assert {
            f"{dialog}-{part}" for part in ("dialog", "dialog-title", "fields", "save", "error", "sentence")
        } <= ids


def test_the_form_has_every_field_of_a_rule():
    """All that the API takes but what is not to be chosen."""
    form = (SCRIPTS / "rule-form.js").read_text()
    wanted = {*RULES[0].document(), "guard.metric", "guard.condition", "guard.value"} - {"id", "origin", "guard"}
    assert set(NAME.findall(form)) == wanted
    for word in (*Condition, *Severity):
        assert f"['{word.value}', " in form
    rules = (SCRIPTS / "rules.js").read_text()
    for origin in Origin:
        assert f"{origin.value}: '" in rules


def test_the_form_has_every_setting_of_a_channel():
    """Kind by kind; what is secret is marked so, or it would be sent back as it is shown."""
    kinds = (SCRIPTS / "channel-kind.js").read_text()
    for kind, settings in SETTINGS.items():
        block = re.search(rf"^    {kind.value}: \{{$(.*?)^    \}},$", kinds, re.DOTALL | re.MULTILINE)
        assert block, kind
        fields = {re.search(NAME, f"{{ name: {one}")[1]: one for one in block[1].split("{ name: ")[1:]}
        assert set(fields) == set(settings)
        assert {name for name, one in fields.items() if "secret: true" in one} == {
            name for name, setting in settings.items() if setting.secret
        }


def test_the_page_knows_the_rules_of_the_program(components):
    """As the API has them, to tell which were edited."""
    (given,) = [
        component.to_plotly_json()["props"]["data-rules"]
        for component in components(SettingsPage({}).layout())
        if getattr(component, "id", None) == "rules-packaged"
    ]
    assert tuple(Rule.read(document) for document in orjson.loads(given)) == RULES
