"""From a bad value to people, through the whole application, its store and a real receiver."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from builders import sample
from monitor.bootstrap import Application
from monitor.config import load
from monitor.core.snapshot import Ticks
from monitor.engine.clock import SystemClock
from peers import Peer, serving

RULE = {
    "name": "Slow",
    "metric": "latency_ms",
    "condition": "above",
    "threshold": 100,
    "severity": "critical",
    "for_secs": 0,
    "keep_firing_secs": 0,
}
HEADERS = {"Host": "127.0.0.1:8081", "Content-Type": "application/json"}


@contextmanager
def application(folder: Path, **settings: str) -> Iterator[Application]:
    made = Application(load({"data_dir": str(folder)} | settings, {}), target="here", sources=[])
    made.start()
    yield made
    made.close()


def ask(made: Application, method: str, path: str, body: Any = None) -> Any:
    client = FlaskClient(made.server)
    content = None if body is None else json.dumps(body)
    answer = client.open(f"/api/v1/{path}", method=method, data=content, headers=HEADERS)
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.json


def observe(made: Application, latency: float) -> None:
    made.monitors["here"].observe(sample({"latency_ms": latency}, clock=SystemClock()), Ticks(1, 0, 0))


def test_people_are_told_of_an_alert_and_of_its_end_in_the_next_run(tmp_path: Path) -> None:
    """The channel with its secret, and what was not told yet, outlive a restart, and a run without alerting."""
    works = threading.Event()
    arrived: list[tuple[str, str, dict[str, Any]]] = []

    def handle(peer: Peer) -> None:
        while request := peer.request():
            head, _, body = request.partition(b"\r\n\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
            if works.is_set():
                arrived.append((fields["idempotency-key"], fields["authorization"], json.loads(body)))
            peer.answer(b"", status="200 OK" if works.is_set() else "503 Not Now")

    def until(count: int) -> None:
        for _ in range(2000):
            if len(arrived) >= count:
                return
            threading.Event().wait(0.01)
        raise AssertionError("nobody was told")

    with serving() as serve:
        settings = {"url": serve(handle).url, "authorization": "Bearer s3cret"}
        with application(tmp_path) as first:
            ask(first, "POST", "rules", RULE)
            channel = ask(first, "POST", "channels", {"name": "hook", "kind": "webhook", "settings": settings})
            assert channel["kept"]
            observe(first, 500.0)
            for _ in range(2000):
                if ask(first, "GET", "channels")["channels"][0]["state"]["problem"]:
                    break
                threading.Event().wait(0.01)
        works.set()
        with application(tmp_path, enable_alerting="false") as silent:
            [shown] = ask(silent, "GET", "channels")["channels"]
            assert (shown["state"]["waiting"], ask(silent, "GET", "alerts")["alerts"]) == (1, [])
            assert not [thread for thread in threading.enumerate() if thread.name.startswith("notify-")]
        assert arrived == []
        with application(tmp_path) as second:
            until(1)
            [alert] = arrived[0][2]["alerts"]
            assert alert["status"] == "firing"
            assert alert["labels"]["alertname"] == "Slow"
            assert alert["generatorURL"].endswith("/dashboard/alerts")
            assert arrived[0][1] == "bearer s3cret"
            [shown] = ask(second, "GET", "channels")["channels"]
            assert shown["settings"]["authorization"] == "set"
            assert ask(second, "POST", f"channels/{shown['id']}/test")["sent"]
            observe(second, 50.0)
            assert ask(second, "GET", "channels")["channels"][0]["state"]["waiting"] == 1
        with application(tmp_path):
            until(3)
        assert [alert["status"] for alert in arrived[2][2]["alerts"]] == ["resolved"]
        assert arrived[2][2]["alerts"][0]["fingerprint"] == alert["fingerprint"]
