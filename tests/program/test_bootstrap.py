"""What the application is put together from."""

import re
import threading
from pathlib import Path

import pytest

from builders import sample
from fakes import ManualClock
from monitor.bootstrap import Application
from monitor.config import load
from monitor.core.snapshot import Ticks
from monitor.ui.address import BASE


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


def test_the_page_is_light(tmp_path: Path, board: Board) -> None:
    """All that a first visit to the Live page is sent is within 2.1 MB, plotly and Bootstrap included."""
    made = application(tmp_path, board, ManualClock())
    client = made.server.test_client()
    headers = {"Host": "127.0.0.1:8081", "Accept-Encoding": "gzip, deflate, br"}

    def sent(path: str) -> bytes:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, path
        return answer.data

    page = client.get("/dashboard/", headers={"Host": "127.0.0.1:8081"}).text
    paths = {*re.findall(r'src="([^"]+)"', page), *re.findall(r'href="([^"]+\.css[^"]*)"', page)}
    assert not [path for path in paths if "/pages/" in path]
    paths |= {"/dashboard/_dash-layout", "/dashboard/_dash-dependencies"}
    weight = sum(len(sent(path)) for path in paths) + len(sent(f"{BASE}vendor/icons/fonts/bootstrap-icons.woff2"))
    assert 1_500_000 < weight < 2_100_000
    made.close()
