"""A session recorded, replayed and opened, each as a user does it."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.core.session import read_header, read_sample
from program_under_test import ROOT, Program

Start = Callable[..., Program]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def history(program: Program, metric: str) -> dict[int, float | None]:
    series = json.loads(program.get(f"/api/v1/history?from=now-24h&points=raw&metrics={metric}")[1])
    return {
        moment: value
        for moment, value in zip(series["timestamp"], series[metric], strict=True)
        if value is not None
    }


def folder(program: Program) -> Path:
    line = program.wait_for(lambda: next((one for one in program.lines if one.startswith("Data:")), None), 20)
    return Path(line.split()[1].removesuffix(","))


def post(program: Program, path: str) -> tuple[int, Any]:
    request = urllib.request.Request(
        program.url + path, data=b"{}", headers={"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def test_a_session_is_recorded_replayed_exported_and_opened(start: Start, tmp_path: Path) -> None:
    """The figures are the same each time; what was made for showing them is gone at the end."""
    file = tmp_path / "session.jsonl"
    recorder = start("record", str(file), "--scenario", "steady")
    recorder.wait_for(lambda: file.exists() and file.read_bytes().count(b"\n") >= 6, 30)
    assert recorder.terminate(signal.SIGINT) == 0
    head, *lines = file.read_bytes().splitlines()
    recorded = [read_sample(line, read_header(head)) for line in lines]
    latency = {
        one.timestamp: pytest.approx(one.reading.values["latency_ms"], abs=1e-4)
        for one in recorded
        if "latency_ms" in one.reading.values
    }
    assert len(latency) >= 3

    replayed = start("replay", str(file), "--speed", "2", "--port", "0")
    frame = replayed.snapshot_where(lambda frame: frame["current"]["timestamp"] < recorded[-1].timestamp)
    assert frame["health"]["reasons"] == ["this is a replay of session.jsonl, 2 times as fast as it happened"]
    last = recorded[-1].timestamp
    frame = replayed.snapshot_where(lambda frame: frame["current"]["timestamp"] == last)
    assert frame["target"] == "sample-hub"
    assert frame["summary"]["p95_latency"] is not None
    assert history(replayed, "latency_ms") == latency
    export = tmp_path / "export.csv"
    export.write_bytes(replayed.get("/export.csv?from=now-1h")[1])
    made = folder(replayed)
    assert (made / "history.db").exists()
    assert replayed.terminate() == 0
    assert not made.exists()

    opened = start("open", str(export), "--port", "0")
    frame = opened.snapshot_where(lambda frame: frame["current"]["timestamp"] == last)
    assert frame["target"] == "export.csv"
    assert history(opened, "latency_ms") == latency
    assert opened.get("/dashboard/history")[0] == 200
    for path in ("/api/v1/markers", "/api/v1/baselines"):
        status, answer = post(opened, path)
        assert (status, "reading only" in answer["error"]["message"]) == (409, True), path
    assert post(opened, "/api/v1/reports")[0] == 202
    made = folder(opened)
    assert opened.terminate() == 0
    assert not made.exists()
    assert not [line for program in (recorder, replayed, opened) for line in program.errors if "Traceback" in line]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay"], ["FILE"]),
        (["replay", "README.md"], ["README.md", "line 1", "format"]),
        (["replay", "README.md", "--speed", "0"], ["--speed", "0.1 to 100"]),
        (["open", "nowhere.csv"], ["nowhere.csv", "cannot be read"]),
        (["open", "README.md"], ["README.md", "line 1", "timestamp_utc"]),
        (["open", "README.md", "--target", "http://x"], ["--target"]),
        (["record", "README.md"], ["README.md", "exists"]),
        (["record", "x.jsonl", "--for", "0"], ["--for", "1 to"]),
        (["record", "x.jsonl", "--target", "ftp://x"], ["target", "http://"]),
    ],
)
def test_bad_input_ends_with_2_and_one_line(arguments: list[str], words: list[str]) -> None:
    """With the file's line and rule where it is the file."""
    result = run(*arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    assert all(word in result.stderr for word in words), result.stderr


def test_a_session_says_what_it_has_and_what_not(tmp_path: Path) -> None:
    """A disk that takes no more, and a target that never answered: both are said, with exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    target = f"http://127.0.0.1:{port}/metrics"
    silent = run("record", str(tmp_path / "silent.jsonl"), "--for", "1", "--target", target)
    assert (silent.returncode, silent.stdout.splitlines()[-1][:12]) == (1, "1 sample in ")
    assert f"127.0.0.1:{port} never answered (" in silent.stderr
    file = tmp_path / "full.jsonl"
    limited = 'ulimit -f 3; exec "$0" -m monitor record "$1" --target "$2"'
    full = subprocess.run(
        ["sh", "-c", limited, sys.executable, str(file), target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    whole = file.read_bytes().count(b"\n") - 1
    assert (full.returncode, full.stdout.splitlines()[-1]) == (1, f"{whole} samples in {file}")
    assert "cannot be written: File too large" in full.stderr
