"""From the command line to the first figures, and every way not to get there."""

import socket
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest

from program_under_test import ROOT, Program

Start = Callable[..., Program]


def test_one_command_watches_the_sample_hub(start: Start) -> None:
    """Banner, page, figures that were measured; nothing random: every headline figure has a value."""
    program = start("--port", "0")
    url = program.url
    banner = "\n".join(program.lines)
    assert "Watching:  the bundled sample hub, scenario ramp" in banner
    assert f"WebSocket: ws://localhost:{url.rpartition(':')[2]}/ws" in banner
    frame = program.snapshot_where(lambda frame: frame["current"]["throughput_ops_sec"])
    assert all(
        frame["current"][name] is not None
        for name in ("latency_ms", "memory_mb", "cpu_utilization", "active_connections", "error_rate")
    )
    assert frame["summary"]["uptime_percent"] is not None
    status, page = program.get("/dashboard/")
    assert status == 200
    assert b"Hub Monitor" in page
    assert program.get("/readyz")[0] == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], ["port", "99999"]),
        (["--target", "ftp://x"], ["target", "http://"]),
        (["--target", "nonsense"], ["target", "http://"]),
        (["--preset", "hubb"], ["preset", "hubb", "hub"]),
        (["--pid", "999999999"], ["pid"]),
        (["--pid", "0"], ["pid"]),
        (["--data-dir", "README.md"], ["data_dir", "README.md", "must be a directory"]),
        (["--refresh-rate-ms", "1"], ["refresh_rate_ms", "1000"]),
        (["--host", "0.0.0.0"], ["token"]),
        (["--max-connections", "501"], ["max_connections", "500"]),
        (["--prot", "1"], ["--prot", "did you mean port"]),
        (["--config", "nowhere.toml"], ["nowhere.toml"]),
        (["conquer"], ["conquer", "serve"]),
    ],
)
def test_bad_input_ends_with_2_and_one_line(arguments: list[str], words: list[str]) -> None:
    """No traceback, no usage page."""
    result = subprocess.run(
        [sys.executable, "-m", "monitor", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1, result.stderr
    assert all(word in result.stderr for word in words), result.stderr
    assert result.stdout == ""


def test_a_port_in_use_ends_with_2_and_one_line() -> None:
    """Said by us, before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "monitor", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert f"port={port}" in result.stderr
    assert "in use" in result.stderr


def test_a_process_can_be_watched(start: Start) -> None:
    """Memory and CPU of a process tree; what psutil does not know is null."""
    program = start("--port", "0", "--pid", str(psutil.Process().pid))
    frame = program.snapshot_where(lambda frame: frame["current"]["cpu_utilization"] is not None)
    assert frame["current"]["memory_mb"] > 10
    assert frame["current"]["throughput_ops_sec"] is None


def test_the_procfile_serves_beyond_loopback_with_a_token(start: Start) -> None:
    """PORT from the platform, MONITOR_TOKEN from its owner; without the token nobody gets in."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _, _, command = (ROOT / "Procfile").read_text().partition("web: gunicorn ")
    program = start(
        *command.split(),
        command=("-m", "gunicorn"),
        environment={
            "PORT": str(port),
            "MONITOR_TOKEN": "a-token-for-a-test",
            "MONITOR_ALLOWED_HOSTS": f"127.0.0.1:{port}",
        },
    )
    program.lines.append(f"Dashboard: http://localhost:{port}/")  # the platform has no banner

    def up() -> bool:
        try:
            return program.get("/livez")[0] == 200
        except OSError:
            return False

    program.wait_for(up, 20)
    assert program.get("/api/v1/snapshot")[0] == 401
    bearer = {"Authorization": "Bearer a-token-for-a-test"}
    program.wait_for(lambda: program.get("/api/v1/snapshot", bearer)[0] == 200, 10)
