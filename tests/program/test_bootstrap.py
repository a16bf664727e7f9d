"""What the application is put together from."""

import threading
from pathlib import Path

import pytest

from builders import sample
from fakes import ManualClock
from monitor.bootstrap import Application
from monitor.config import load
from monitor.core.snapshot import Ticks


class Board:
    """Tells when it was asked for something."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def switch(self, name: str, *, enabled: bool) -> None:
        self.asked.set()


@pytest.fixture
def board() -> Board:
    return Board()


def application(folder: Path, board: Board, clock: ManualClock) -> Application:
    return Application(
        load({"data_dir": str(folder)}, {}), target="here", sources=[], switchboard=board, clock=clock
    )


def test_a_proof_waits_for_the_warm_up_of_its_target(tmp_path: Path, board: Board) -> None:
    """That of the comparisons: half a minute, of which a short half spares half of itself."""
    clock = ManualClock()
    monitor = application(tmp_path, board, clock).monitors["here"]
    monitor.observe(sample({}, clock=clock, switches={"cache": True}), Ticks(1, 0, 0))
    assert monitor.prover.begin("cache", 8, 100).plan.settle_seconds == 30


def test_what_a_killed_monitor_owes_is_kept_in_the_data_directory(tmp_path: Path, board: Board) -> None:
    """The next application of the same target reads it."""
    clock = ManualClock()
    killed = application(tmp_path, board, clock).monitors["here"]
    killed.prover.start()
    killed.observe(sample({}, clock=clock, switches={"cache": True}), Ticks(1, 0, 0))
    killed.prover.begin("cache", 8, 100)
    assert board.asked.wait(10)
    assert (tmp_path / "proof.json").exists()
    next_one = application(tmp_path, board, clock).monitors["here"].prover
    next_one.start()
    state = next_one.state()
    assert state is not None
    assert state.reason == "The monitor stopped during a proof. cache is not back on yet."
    next_one.close()
    killed.prover.close()
    assert not (tmp_path / "proof.json").exists()
