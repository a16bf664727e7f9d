"""Changes that nobody noted, searched for as an experiment has it done."""

from collections.abc import Callable

import pytest

from experiment_bench import START, ExperimentBench
from monitor.core.marker import Marker
from monitor.core.suggestion import Suggestion, suggest
from monitor.core.window import Rows
from monitor.engine import suggestions


def test_changes_that_nobody_noted_are_searched_for_by_themselves(
    bench: Callable[..., ExperimentBench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each five minutes and after a marker, in the background; who asks within the minute costs nothing."""
    searches = []

    def counted(rows: Rows, markers: tuple[Marker, ...], interval_ms: int) -> list[Suggestion]:
        searches.append(len(rows))
        return suggest(rows, markers, interval_ms)

    monkeypatch.setattr(suggestions, "suggest", counted)
    made = bench()
    made.run(3300)
    made.run(600, level=1.5)
    made.until(lambda: made.experiment.state().suggestions)
    [found] = made.run(1).suggestions
    assert abs(found.at - START - 3_300_000) <= 60_000
    asked = made.experiment.suggestions()
    done = len(searches)
    assert done <= 2 + 3900 // 300
    assert made.experiment.suggestions() is asked
    assert len(searches) == done
    made.experiment.mark(found.text, found.at)
    made.until(lambda: not made.experiment.state().suggestions)
    assert len(searches) == done + 1
