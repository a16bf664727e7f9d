"""What outlives the program."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil

from benchmarks.crashes.programs import kill_programs
from program_under_test import ROOT, Program

Start = Callable[..., Program]


def raw(program: Program) -> list[int]:
    status, body = program.get("/api/v1/history?from=now-15m&points=raw&metrics=tick_lateness_ms")
    assert status == 200
    series = json.loads(body)
    measured = zip(series["timestamp"], series["tick_lateness_ms"], strict=True)
    return [moment for moment, lateness in measured if lateness is not None]


def storage(program: Program) -> dict[str, object]:
    state: dict[str, object] = json.loads(program.get("/healthz?verbose")[1])["storage"]
    return state


def watching(folder: Path) -> tuple[str, ...]:
    """Return arguments: this process is the target, so that it is the same in each run."""
    return ("--port", "0", "--pid", str(os.getpid()), "--data-dir", str(folder))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_a_kill_loses_nothing_that_was_committed_and_the_page_goes_on(start: Start, tmp_path: Path) -> None:
    """Both processes at once, the worker alone, and a proper end."""
    known: set[int] = set()
    for end in ("all", "worker", "term", None):
        program = start(*watching(tmp_path))
        program.snapshot_where(lambda frame: frame["seq"] >= 3)
        assert known <= set(raw(program)), end
        if end == "worker":
            (worker,) = psutil.Process(program.process.pid).children()
            epoch = program.snapshot()["epoch"]
            known |= {moment for moment in raw(program) if moment <= storage(program)["durable_until"]}
            worker.kill()
            program.snapshot_where(lambda frame, old=epoch: frame["epoch"] != old and frame["seq"] >= 2)
            assert known <= set(raw(program))
        known |= {moment for moment in raw(program) if moment <= storage(program)["durable_until"]}
        assert known
        if end == "all":
            for process in (*psutil.Process(program.process.pid).children(), program.process):
                os.kill(process.pid, signal.SIGKILL)
            program.process.wait(10)
        elif end == "term":
            assert program.terminate() == 0
        elif end == "worker":
            program.close()
        assert not [line for line in program.errors if "Traceback" in line or "history set aside" in line]


def test_a_second_instance_ends_with_4_and_names_the_first(start: Start, tmp_path: Path) -> None:
    """In one line; after a kill -9 of the first the folder is free."""
    first = start(*watching(tmp_path))
    first.snapshot_where(lambda frame: frame["seq"] >= 1)
    (worker,) = psutil.Process(first.process.pid).children()
    result = run(*watching(tmp_path))
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (4, "", 1), result.stderr
    assert str(worker.pid) in result.stderr
    assert first.url.removeprefix("http://") in result.stderr
    for process in (worker, first.process):
        os.kill(process.pid, signal.SIGKILL)
    first.process.wait(10)
    again = start(*watching(tmp_path))
    again.snapshot_where(lambda frame: frame["seq"] >= 1)


def test_a_newer_schema_ends_with_3_however_it_is_served(start: Start, tmp_path: Path) -> None:
    """`serve` in one line; under the Procfile no worker is tried again and again."""
    program = start(*watching(tmp_path))
    program.snapshot_where(lambda frame: frame["seq"] >= 1)
    assert program.terminate() == 0
    with closing(sqlite3.connect(tmp_path / "history.db")) as raw_file:
        raw_file.execute("PRAGMA user_version=99")
    before = (tmp_path / "history.db").read_bytes()
    result = run(*watching(tmp_path))
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (3, "", 1), result.stderr
    assert "schema 99" in result.stderr
    served = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:server"],
        cwd=ROOT,
        env={**os.environ, "MONITOR_DATA_DIR": str(tmp_path), "MONITOR_PORT": "0", "MONITOR_SCENARIO": "off"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert served.returncode == 3
    assert "schema 99" in served.stderr
    assert "Traceback" not in served.stderr
    assert (tmp_path / "history.db").read_bytes() == before


def test_a_foreign_file_is_set_aside_and_reported(start: Start, tmp_path: Path) -> None:
    """On the page, in the log; the file is what it was."""
    (tmp_path / "history.db").write_text("dear diary")
    program = start(*watching(tmp_path))
    program.wait_for(lambda: program.snapshot() and storage(program)["durable_until"], 20)
    (aside,) = tmp_path.glob("history.db.corrupt-*")
    assert aside.read_text() == "dear diary"
    assert storage(program)["set_aside"] == aside.name
    assert any(aside.name in reason for reason in program.snapshot()["health"]["reasons"])
    assert [line for line in program.errors if 'msg="history set aside"' in line]


def test_a_folder_that_cannot_be_written_costs_no_figure(start: Start, tmp_path: Path) -> None:
    """Live from memory, the page says so; as soon as it can be written, everything from the start is kept."""
    # A test may run as root, whom no permission stops.
    blocked = tmp_path / "data" / "history.db"
    blocked.mkdir(parents=True)
    program = start(*watching(blocked.parent))
    frame = program.snapshot_where(lambda frame: frame["seq"] >= 4)
    assert program.get("/readyz")[0] == 200
    assert any("storage: nothing has been written" in reason for reason in frame["health"]["reasons"])
    state = storage(program)
    assert (state["works"], state["durable_until"]) == (False, None)
    blocked.rmdir()
    program.wait_for(lambda: storage(program)["works"] and storage(program)["durable_until"], 20)
    first = raw(program)[0]
    program.wait_for(lambda: storage(program)["waiting"] == 0, 10)
    with closing(sqlite3.connect(blocked)) as kept:
        assert kept.execute(
            "SELECT min(start) FROM (SELECT start FROM current UNION SELECT start FROM samples)"
        ).fetchone() == (first,)


def test_a_reload_hands_the_folder_over(start: Start, tmp_path: Path) -> None:
    """SIGHUP: the new worker waits for the old one to end."""
    program = start(*watching(tmp_path))
    epoch = program.snapshot_where(lambda frame: frame["seq"] >= 2)["epoch"]
    time.sleep(0.5)
    program.process.send_signal(signal.SIGHUP)
    program.snapshot_where(lambda frame: frame["epoch"] != epoch and frame["seq"] >= 2, 30)
    assert program.process.poll() is None
    assert storage(program)["works"]


def test_kill_9_of_the_program_at_random_instants_loses_nothing() -> None:
    """Master and worker, over and over in one folder; each start ticks."""
    done = kill_programs(5, seed=6)
    assert done.problems == []
    assert done.acknowledged > 0
    assert len(done.seconds) == 5
