"""The live stream under the server that it is run by."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from monitor.config import LISTENER_VARIABLE
from monitor.storage.database import FILE
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from records import BEGIN, records

ROOT = Path(__file__).parents[2]
SOCKETS = 100

APPLICATION = """
import threading
from pathlib import Path

from conftest import page_patch
from builders import delivery, monitor, sample
from monitor.core.snapshot import Ticks
from monitor.engine.clock import SystemClock
from monitor.engine.forecasts import Forecasts
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.viewers import Viewers
from monitor.engine.reports import Reports
from monitor.report.drawing import ChildDrawing
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from monitor.web.access import Access
from monitor.web.server import create_server

folder = Path(__file__).parent
store = HistoryFile(folder, "hub", Retention(1, 1, 1))
clock, viewers, stop = SystemClock(), Viewers(100), threading.Event()
made = monitor(clock, viewers=viewers, writer=HistoryWriter(store, Archive(folder, "hub"), clock, 1.0))
server = create_server(
    monitor=made, forecasts=Forecasts(made), reports=Reports(ChildDrawing), viewers=viewers, page_patch=page_patch,
    access=Access(allowed_hosts=["127.0.0.1"]), delivery=delivery({}, clock),
    clock=clock, dashboard="/dashboard/", poll_output="poll.data",
)


class Life:
    def start(self):
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while not stop.wait(0.5):
            made.observe(sample({"latency_ms": 1.0}, clock=clock), Ticks(1, 0, 0))

    def stop_streams(self):
        threading.Thread(target=made.feed.close, daemon=True).start()

    def close(self):
        stop.set()


server.extensions["hub-monitor"] = Life()
"""


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start gunicorn with the project's own settings on a socket that is bound already."""
    (tmp_path / "application.py").write_text(APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environment = os.environ | {
            LISTENER_VARIABLE: str(listener.fileno()),
            "PYTHONPATH": os.pathsep.join(map(str, (tmp_path, ROOT, ROOT / "tests", ROOT / "tests" / "web"))),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "application:server"],
            env=environment,
            cwd=tmp_path,
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        port = listener.getsockname()[1]
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()


def test_a_hundred_viewers_get_frames_and_are_gone_within_three_seconds_of_sigterm(
    gunicorn: tuple[subprocess.Popen[str], int],
) -> None:
    """HTTP is answered beside them; each is told 1001; the log has no traceback."""
    process, port = gunicorn
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(connect(f"ws://127.0.0.1:{port}/ws")) for _ in range(SOCKETS)]
        for client in clients:
            assert str(client.recv(timeout=5)).startswith('{"type":"metrics"')
        with socket.create_connection(("127.0.0.1", port), timeout=2) as http:
            http.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert http.recv(64).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        codes = set()
        for client in clients:
            try:
                while True:
                    client.recv(timeout=5)
            except ConnectionClosed as end:
                codes.add(end.rcvd and end.rcvd.code)
        assert codes == {1001}
    assert process.wait(5) == 0
    assert time.monotonic() - began < 3.0
    assert process.stderr is not None
    log = process.stderr.read()
    assert "Traceback" not in log
    assert "Bad file descriptor" not in log


def test_a_download_that_breaks_off_is_noticed(
    gunicorn: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    """The client waits for an end that does not come; the log has the reason and no traceback."""
    process, port = gunicorn
    store = HistoryFile(tmp_path, "hub", Retention(1, 1, 1))
    store.write(records(4 * 3600), [])
    store.close()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", f"/export.csv?from={BEGIN}&to={BEGIN + 4 * 3_600_000}")
    answer = client.getresponse()
    assert answer.status == 200
    assert answer.read(100).startswith(b"timestamp_utc,")
    # More is on its way than sockets hold: most of it is not read yet.
    (tmp_path / FILE).write_bytes(b"anything" * 1000)
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    client.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert process.stderr is not None
    log = process.stderr.read()
    assert "download broken off" in log
    assert "Traceback" not in log
