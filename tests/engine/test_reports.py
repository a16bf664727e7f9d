"""Reports on their way."""

import pytest

from fakes import Sketch
from monitor.core.errors import BusyError, UnknownError
from monitor.engine.reports import Phase, Reports


def test_one_at_a_time_with_its_progress_and_then_its_file() -> None:
    """Kept until the next one is begun."""
    sketches: list[Sketch] = []

    def draw(report: object) -> Sketch:
        sketches.append(Sketch())
        return sketches[-1]

    reports = Reports(draw)
    begun = reports.begin(None)  # type: ignore[arg-type]
    assert (begun.id, begun.phase) == ("r1", Phase.DRAWING)
    with pytest.raises(BusyError):
        reports.begin(None)  # type: ignore[arg-type]
    with pytest.raises(UnknownError, match="is not drawn"):
        reports.file("r1")
    sketches[0].go.set()
    assert reports.wait("r1", 10).phase is Phase.DONE
    assert reports.file("r1") == b"%PDF-sketch"
    assert reports.cancel("r1").phase is Phase.DONE
    reports.begin(None)  # type: ignore[arg-type]
    with pytest.raises(UnknownError):
        reports.file("r1")
    assert reports.cancel("r2").phase is Phase.CANCELLED
    third = reports.begin(None)  # type: ignore[arg-type]
    reports.close()
    assert reports.wait(third.id, 10).phase is Phase.FAILED
