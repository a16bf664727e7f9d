"""Clients that stall, and a system that gives little."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.sync.client import connect

from program_under_test import ROOT, Program

Start = Callable[..., Program]
STALLED = 40
FILE = "/dashboard/_dash-component-suites/plotly/package_data/plotly.min.js"


DAY = """
import os
import time

import numpy as np

from monitor.bootstrap import build
from monitor.config import load
from monitor.core.metric import COLUMNS


def wsgi():
    application = build(load({}, os.environ))
    for monitor in application.monitors.values():
        now = round(time.time() * 1000)
        for age in range(20_000, 0, -1):
            monitor.window.append(0, now - age * 1000, np.full(len(COLUMNS), 1234.5678))
    return application.server
"""


class Clients:
    """Connections that are closed in the end."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self.port = port
        self._stack = stack

    def say(self, words: str, buffer: int | None = None) -> socket.socket:
        """Connect, say `words`, and leave the rest to the server."""
        client = self._stack.enter_context(socket.socket())
        if buffer is not None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client.settimeout(15)
        client.connect(("127.0.0.1", self.port))
        client.sendall(words.encode())
        return client

    def ask(self, path: str, buffer: int | None = None) -> socket.socket:
        """Ask for a path, and do not read the answer."""
        return self.say(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n", buffer)

    def livez(self) -> float:
        """Return the seconds that /livez takes."""
        began = time.monotonic()
        assert self.ask("/livez").recv(15).startswith(b"HTTP/1.1 200")
        return time.monotonic() - began


@pytest.fixture
def clients() -> Iterator[Callable[[Program], Clients]]:
    with ExitStack() as stack:
        yield lambda program: Clients(int(program.url.rpartition(":")[2]), stack)


def ended(client: socket.socket) -> bool:
    """Tell whether the server has closed the connection."""
    try:
        while client.recv(1 << 16):
            pass
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


def test_stalled_clients_hold_nobody_up(start: Start, clients: Callable[[Program], Clients]) -> None:
    """120 that are silent, stop in the middle of a head, or do not read: nobody waits for them."""
    program = start("--port", "0", "--max-connections", "4")
    program.snapshot_where(lambda frame: frame["seq"] >= 1)
    these = clients(program)
    with connect(f"{program.url.replace('http', 'ws')}/ws?history=0", compression=None) as stream:
        silent = [these.say("") for _ in range(STALLED)]
        halves = [these.say("GET /livez HTTP/1.1\r\nHost: 127") for _ in range(STALLED)]
        for _ in range(STALLED):
            these.ask(FILE, buffer=4096)
        times = []
        until = time.monotonic() + 7
        while time.monotonic() < until:
            times.append(these.livez())
            time.sleep(0.1)
        # Without the bounds it is 5 s and more, or no answer; a busy machine is not what is tested.
        assert max(times) < 3.0
        # The socket is out of it: a frame a second, those of the seven seconds too.
        assert len([stream.recv(timeout=2) for _ in range(8)]) == 8
    assert all(ended(half) for half in halves)
    # Browsers open connections in advance: silence before the first byte is no offence.
    silent[0].sendall(f"GET /livez HTTP/1.1\r\nHost: 127.0.0.1:{these.port}\r\n\r\n".encode())
    assert silent[0].recv(15).startswith(b"HTTP/1.1 200")
    assert not [line for line in program.errors if "Traceback" in line or "level=error" in line]


def test_a_download_that_is_not_read_frees_its_place(
    start: Start, clients: Callable[[Program], Clients], tmp_path: Path
) -> None:
    """Four that stall would keep everybody from exporting; some ten seconds later they do not."""
    (tmp_path / "application.py").write_text(DAY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = start(
        *("-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "application:wsgi()"),
        command=(),
        environment={
            "MONITOR_PORT": str(port),
            "MONITOR_SCENARIO": "off",
            "PYTHONPATH": os.pathsep.join(map(str, (tmp_path, ROOT))),
        },
        cwd=tmp_path,
    )
    program.lines.append(f"Dashboard: http://localhost:{port}/")  # gunicorn has no banner
    program.snapshot_where(lambda frame: frame["seq"] >= 1)
    these = clients(program)
    for _ in range(4):
        assert these.ask("/export.csv", buffer=4096).recv(12) == b"HTTP/1.1 200"
    assert program.get("/export.csv?from=now-1m")[0] == 429
    program.wait_for(lambda: program.get("/export.csv?from=now-1m")[0] == 200, 12)
    assert not [line for line in program.errors if "Traceback" in line or "level=error" in line]


@pytest.mark.parametrize(
    "begun",
    [
        "GET /livez HTTP/1.1\r\nHost: ",
        (
            "POST /dashboard/_dash-update-component HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Content-Type: application/json\r\nContent-Length: 900\r\n\r\n"
        ),
    ],
    ids=["head", "body"],
)
def test_what_comes_byte_by_byte_is_given_up(
    start: Start, clients: Callable[[Program], Clients], begun: str
) -> None:
    """Each byte is in time, all of them are not."""
    client = clients(start("--port", "0")).say(begun)
    began = time.monotonic()
    try:
        while time.monotonic() - began < 12:
            client.sendall(b"1")
            time.sleep(0.5)
    except OSError:
        pass
    assert time.monotonic() - began < 10


def test_idle_connections_make_room_for_whoever_speaks(
    start: Start, clients: Callable[[Program], Clients]
) -> None:
    """More of them than the server keeps open; the oldest are closed, and nobody waits for them to time out."""
    these = clients(start("--port", "0", "--max-connections", "1"))
    these.livez()
    for _ in range(800):
        these.say("")
    assert max(these.livez() for _ in range(5)) < 3.0


def test_what_cannot_be_read_is_refused_as_json_and_not_repeated_in_the_log(
    start: Start, clients: Callable[[Program], Clients]
) -> None:
    """A line that lacks its colon may hold the token."""
    program = start("--port", "0")
    these = clients(program)
    for words, status in (
        ("GET /livez HTTP/1.1\r\nAuthorization Bearer correct-horse-battery\r\n\r\n", b"400"),
        (f"GET /{'x' * 9000} HTTP/1.1\r\n\r\n", b"414"),
        (f"GET / HTTP/1.1\r\nX: {'x' * 9000}\r\n\r\n", b"431"),
        ("correct-horse-battery\r\n\r\n", b"400"),
    ):
        answer = b""
        client = these.say(words)
        while piece := client.recv(4096):
            answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.split()[1] == status
        assert json.loads(body)["error"]["code"] == "invalid"
    assert program.terminate() == 0
    assert not [line for line in program.errors if "correct-horse" in line or "level=warning" in line]


def test_every_loopback_address_is_a_name_of_its_own(start: Start) -> None:
    """And the banner says where it listens."""
    program = start("--port", "0", "--host", "127.0.0.2")
    assert "http://127.0.0.2:" in program.url
    assert program.get("/livez")[0] == 200


def test_a_connection_is_kept_alive_between_two_requests(
    start: Start, clients: Callable[[Program], Clients]
) -> None:
    """Longer than a stalled one: pages poll on it."""
    with closing(HTTPConnection("127.0.0.1", clients(start("--port", "0")).port, timeout=15)) as connection:
        connection.connect()
        connection.auto_open = False
        for pause in (0, 7):
            time.sleep(pause)
            connection.request("GET", "/livez")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b'{"status":"alive"}')


def test_more_clients_than_open_files_do_not_end_the_run(
    start: Start, clients: Callable[[Program], Clients]
) -> None:
    """macOS gives 256 at first; the server takes more, and 300 idle clients change nothing."""
    program = start(
        sys.executable,
        *("-m", "monitor", "--port", "0"),
        python="/bin/sh",
        command=("-c", 'ulimit -Sn 256 && exec "$0" "$@"'),
    )
    before = program.snapshot_where(lambda frame: frame["seq"] >= 1)
    these = clients(program)
    for _ in range(300):
        these.say("")
    assert these.livez() < 1.0
    after = program.snapshot_where(lambda frame: frame["seq"] > before["seq"] + 1)
    assert after["epoch"] == before["epoch"]


@pytest.mark.parametrize(
    ("setting", "limit", "word"),
    [
        ("MONITOR_PORT=99999", 1024, "port='99999'"),
        ("MONITOR_TARGET=ftp://x", 1024, "target"),
        ("MONITOR_PRESET=nothing", 1024, "preset"),
        ("MONITOR_MAX_CONNECTIONS=500", 256, "max_connections=500"),
    ],
)
def test_under_the_procfile_bad_settings_end_with_2_and_one_line(setting: str, limit: int, word: str) -> None:
    """As on the command line; too many connections for the system are a bad setting."""
    name, _, value = setting.partition("=")
    clean = {key: there for key, there in os.environ.items() if not key.startswith("MONITOR_")}
    result = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'ulimit -n {limit} && exec "$0" -m gunicorn -c gunicorn.conf.py app:server',
            sys.executable,
        ],
        cwd=ROOT,
        env=clean | {name: value},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr
    assert result.stderr.startswith("hub-monitor: ")
    assert word in result.stderr
