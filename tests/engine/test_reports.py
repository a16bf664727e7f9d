"""Reports on their way."""

import threading

import pytest

from fakes import Sketch
from monitor.core.errors import BusyError, InvalidInputError, UnknownError
from monitor.core.report import Report
from monitor.engine.reports import Phase, Reports


def nothing() -> Report:
    return None  # type: ignore[return-value]  # nobody looks at it


def test_one_at_a_time_with_its_progress_and_then_its_file() -> None:
    """Kept until the next one is begun."""
    sketches: list[Sketch] = []

    def draw(report: object) -> Sketch:
        sketches.append(Sketch())
        return sketches[-1]

    reports = Reports(draw)
    begun = reports.begin(nothing)
    assert (begun.state.id, begun.state.phase) == ("r1", Phase.DRAWING)
    with pytest.raises(BusyError):
        reports.begin(nothing)
    with pytest.raises(UnknownError, match="is not drawn"):
        reports.file("r1")
    sketches[0].go.set()
    ended, file = reports.wait(begun, 10)
    assert (ended.phase, file) == (Phase.DONE, b"%PDF-sketch")
    assert reports.file("r1") == b"%PDF-sketch"
    assert reports.cancel("r1").phase is Phase.DONE
    reports.begin(nothing)
    with pytest.raises(UnknownError):
        reports.file("r1")
    assert reports.cancel("r2").phase is Phase.CANCELLED
    third = reports.begin(nothing)
    reports.close()
    assert reports.wait(third, 10)[0].phase is Phase.FAILED


def test_whoever_waits_has_his_own_though_another_one_was_begun() -> None:
    """And not "there is no such report"."""
    sketches: list[Sketch] = []

    def draw(report: object) -> Sketch:
        sketches.append(Sketch())
        sketches[-1].go.set()
        return sketches[-1]

    reports = Reports(draw)
    first = reports.begin(nothing)
    reports.wait(first, 10)
    second = reports.begin(nothing)
    ended, file = reports.wait(first, 10)
    assert (ended.id, ended.phase, file) == ("r1", Phase.DONE, b"%PDF-sketch")
    reports.wait(second, 10)


def test_what_cannot_be_begun_frees_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither figures that cannot be had nor a thread that cannot be started block what comes after."""
    reports = Reports(Sketch)

    def refuse() -> Report:
        with pytest.raises(BusyError):
            reports.begin(nothing)
        raise InvalidInputError("from", "must be before to")

    with pytest.raises(InvalidInputError):
        reports.begin(refuse)
    assert reports.state("r1").phase is Phase.FAILED

    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none_left)
        with pytest.raises(RuntimeError):
            reports.begin(nothing)
    assert reports.state("r2").phase is Phase.FAILED
    assert reports.begin(nothing).open
    reports.close()
