"""What breaks, and what goes on."""

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from websockets.sync.client import ClientConnection, connect

from program_under_test import Program

Start = Callable[..., Program]


class Target:
    """A service with metrics that can be taken away."""

    def __init__(self) -> None:
        self.operations = 0
        target = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                target.operations += 50
                body = f"hub_operations_total {target.operations}\n".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._handler = Handler
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.serve()

    def serve(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def target() -> Iterator[Target]:
    made = Target()
    yield made
    made.close()


def test_an_unreachable_target_shows_and_the_program_goes_on(start: Start, target: Target) -> None:
    """Gone: the reason is named, figures are null. Back: figures again, in the same run."""
    program = start("--port", "0", "--target", f"http://127.0.0.1:{target.port}/metrics")
    before = program.snapshot_where(lambda frame: frame["current"]["throughput_ops_sec"])
    target.close()
    down = program.snapshot_where(lambda frame: frame["health"]["status"] == "down")
    assert down["current"]["throughput_ops_sec"] is None
    assert any("target" in reason for reason in down["health"]["reasons"]), down["health"]
    assert program.get("/livez")[0] == 200
    target.serve()
    after = program.snapshot_where(
        lambda frame: frame["current"]["throughput_ops_sec"] and frame["seq"] > down["seq"]
    )
    assert after["epoch"] == before["epoch"]
    assert 0 < after["summary"]["uptime_percent"] < 100


def _children(program: Program) -> list[psutil.Process]:
    return psutil.Process(program.process.pid).children(recursive=True)


def _hub(program: Program) -> psutil.Process | None:
    found = [child for child in _children(program) if any("samplehub" in part for part in child.cmdline())]
    return found[0] if found else None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_hundred_open_sockets_do_not_hold_up_the_end(start: Start, number: int) -> None:
    """Under 3 s, exit code 0, each socket told 1001, no child left."""
    program = start("--port", "0")
    program.snapshot_where(lambda frame: frame["seq"] > 1)
    hub = program.wait_for(lambda: _hub(program), 5)
    address = program.url.replace("http", "ws") + "/ws?history=0"
    sockets: list[ClientConnection] = [connect(address, compression=None) for _ in range(100)]
    began = time.monotonic()
    assert program.terminate(number) == 0
    assert time.monotonic() - began < 3
    codes = set()
    for socket in sockets:
        try:
            while True:
                socket.recv(timeout=5)
        except Exception:  # noqa: BLE001 - closed one way or another; the code says how
            codes.add(socket.close_code)
    assert codes == {1001}
    program.wait_for(lambda: not hub.is_running() or hub.status() == psutil.STATUS_ZOMBIE, 5)
    assert not [line for line in program.errors if "Traceback" in line]


def test_the_sample_hub_ends_however_its_parent_ends(start: Start) -> None:
    """kill -9 of every process of the monitor leaves nothing behind."""
    program = start("--port", "0")
    hub = program.wait_for(lambda: _hub(program), 20)
    for process in [child for child in _children(program) if child.pid != hub.pid]:
        os.kill(process.pid, signal.SIGKILL)
    program.process.kill()
    program.wait_for(lambda: not hub.is_running() or hub.status() == psutil.STATUS_ZOMBIE, 5)


def test_log_lines_are_one_per_change_of_state(start: Start, target: Target) -> None:
    """A target that is down for seconds is one line, not one a second."""
    program = start("--port", "0", "--target", f"http://127.0.0.1:{target.port}/metrics")
    program.snapshot_where(lambda frame: frame["seq"] >= 2)
    target.close()
    down = program.snapshot_where(lambda frame: frame["health"]["status"] == "down")
    program.snapshot_where(lambda frame: frame["seq"] > down["seq"] + 2)
    lines = [line for line in program.errors if 'msg="source down"' in line]
    assert len(lines) == 1
    assert "level=warning" in lines[0]
    assert "source=target" in lines[0]


@pytest.mark.parametrize("arguments", [("--port", "0"), ("record", "{kept}")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_the_whole_group_is_no_fault_of_the_hub(
    start: Start, tmp_path: Path, arguments: tuple[str, str], number: int
) -> None:
    """Ctrl-C of a terminal: the hub ends after what watches it, not before; and it ends in any case."""
    program = start(*(word.format(kept=tmp_path / "kept.jsonl") for word in arguments), "--scenario", "off")

    def started() -> re.Match[str] | None:
        return re.search(r"sample hub started.* pid=(\d+)", "\n".join(program.errors))

    hub = psutil.Process(int(program.wait_for(started, 20)[1]))
    time.sleep(1.5)
    assert os.getpgid(hub.pid) != os.getpgid(program.process.pid)
    os.killpg(program.process.pid, number)
    assert program.process.wait(10) == (0 if number == signal.SIGINT else -number)
    hub.wait(10)
    program.close()
    assert "sample hub ended" not in "\n".join(program.errors)
