"""Alerts of the running program: by three doors, across kills."""

import json
import os
import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from websockets.sync.client import connect

from program_under_test import Program

Start = Callable[..., Program]
RULES = """
[[rules]]
name = "Is there"
metric = "memory_mb"
condition = "above"
threshold = 1
severity = "info"
for_secs = 0
"""


def watching(folder: Path) -> tuple[str, ...]:
    """Return arguments: this process is the target, and has more than a megabyte."""
    config = folder / "monitor.toml"
    config.write_text(RULES)
    return ("--port", "0", "--pid", str(os.getpid()), "--data-dir", str(folder / "data"), "--config", str(config))


def post(program: Program, path: str, body: object) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{program.url}/api/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def kill(program: Program) -> None:
    """Kill the server and its worker at once."""
    children = psutil.Process(program.process.pid).children()
    for process in (*children, program.process):
        os.kill(process.pid, signal.SIGKILL)
    program.process.wait(10)
    # They hold the data directory until they are gone.
    assert psutil.wait_procs(children, 10)[1] == []


def is_there(frame: dict[str, Any]) -> dict[str, Any] | None:
    return next((alert for alert in frame["alerts"] if alert["rule_id"] == "is-there"), None)


def test_what_was_answered_outlives_a_kill(start: Start, tmp_path: Path) -> None:
    """The kill comes right after the answer: the alert is the same one, and who has seen it is known."""
    program = start(*watching(tmp_path))
    alert = is_there(program.snapshot_where(lambda frame: is_there(frame) is not None))
    assert alert is not None
    said = post(program, f"alerts/{alert['id']}/acknowledge", {"by": "ada", "note": "it is meant to"})["alert"]
    kill(program)
    program = start(*watching(tmp_path))
    again = is_there(program.snapshot_where(lambda frame: is_there(frame) is not None))
    assert again is not None
    assert (again["id"], again["acknowledged_by"], again["note"]) == (alert["id"], "ada", "it is meant to")
    assert again["log"] == said["log"]
    with connect(f"{program.url.replace('http', 'ws')}/ws?history=0") as stream:
        stream.send(json.dumps({"action": "dismiss_alert", "data": {"alert_id": alert["id"], "by": "bob"}}))
        while (answer := json.loads(stream.recv(10)))["type"] == "metrics":
            pass
    assert (answer["type"], answer["alert"]["state"]) == ("alert", "dismissed")
    kill(program)
    program = start(*watching(tmp_path))
    frame = program.snapshot_where(lambda frame: frame["seq"] >= 3)
    assert is_there(frame) is None
    listed = json.loads(program.get("/api/v1/alerts?state=dismissed")[1])["alerts"]
    assert [(one["id"], one["log"][-1]["by"]) for one in listed] == [(alert["id"], "bob")]


def test_a_bad_rule_ends_the_start(start: Start, tmp_path: Path) -> None:
    """With exit code 2, and a line that names rule, field and what is allowed."""
    arguments = watching(tmp_path)
    (tmp_path / "monitor.toml").write_text(RULES.replace("above", "over"))
    program = start(*arguments)
    assert program.process.wait(20) == 2
    program.close()
    [line] = program.errors
    assert "rule 1, condition: must be" in line
