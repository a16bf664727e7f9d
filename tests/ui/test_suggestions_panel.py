"""Changes that nobody noted, on the Impact page."""

from dataclasses import replace

import pytest

from monitor.core.experiment import ExperimentState
from monitor.core.suggestion import Suggestion
from monitor.ui.components.suggestions_panel import ROWS, SuggestionsPanel


@pytest.fixture
def shown(new_feeder):
    """Return what the panel makes of so many steps."""

    def make(count):
        found = tuple(Suggestion(1000 * number, "latency_ms", -10.0 * number) for number in range(count))
        snapshot = replace(new_feeder().observe(), experiment=ExperimentState(suggestions=found))
        return SuggestionsPanel().patch(snapshot)

    return make


def test_each_step_has_a_row(shown):
    """When it was, and what a marker for it would say; the other rows are hidden."""
    props = shown(3)
    assert [props[f"panel-suggestions-{place}"]["hidden"] for place in range(ROWS)] == [False] * 3 + [True] * 2
    assert props["panel-suggestions-2-at"] == {"text": "2000"}
    assert props["panel-suggestions-2-time"] == {"time": 2000}
    assert props["panel-suggestions-2-text"] == {"text": "Latency \u221220 %"}
    assert props["panel-suggestions-none"] == {"hidden": True}


def test_of_many_the_newest_are_shown(shown):
    """The API has all; of none it says so."""
    assert [shown(8)[f"panel-suggestions-{place}-at"]["text"] for place in range(ROWS)] == [
        "3000", "4000", "5000", "6000", "7000"
    ]  # fmt: skip
    assert shown(0)["panel-suggestions-none"] == {"hidden": False}
