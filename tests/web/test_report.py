"""`/report.pdf` and `/api/v1/reports`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from fakes import Sketch

Serve = Callable[..., Any]
HEADERS = {"Content-Type": "application/json", "Origin": "http://hub.example:8081"}


def test_the_file_at_once(serve: Serve) -> None:
    """By the real child, from what was measured."""
    made = serve()
    made.fill(30, throughput_ops_sec=200.0)
    answer = made.client.get("/report.pdf?from=now-1h")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].endswith('.pdf"')


@pytest.mark.parametrize("query", ["from=x", "to=y", "from=now&to=now-1h", "from=now-999999999d"])
def test_a_bad_period_names_its_field(serve: Serve, query: str) -> None:
    """And nothing is drawn."""
    answer = serve().client.get(f"/report.pdf?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["field"] in {"from", "to"}


def test_head_draws_nothing(serve: Serve) -> None:
    """It tells what a GET would be."""
    made = serve(drawing=None)
    answer = made.client.head("/report.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


def test_a_report_that_has_no_place_costs_nothing(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its figures are read once it has one."""
    made = serve(drawing=Sketch)
    path = "/api/v1/reports"
    assert made.client.post(path, data="{}", headers=HEADERS).status_code == 202
    read: list[object] = []
    monkeypatch.setattr(made.monitor.history, "spans", lambda *asked: read.append(asked))
    assert made.client.get("/report.pdf").status_code == 429
    assert made.client.post(path, data="{}", headers=HEADERS).status_code == 429
    assert read == []
    made.reports.close()


def test_in_the_background_one_at_a_time(serve: Serve) -> None:
    """Begun, looked at, fetched, cancelled."""
    sketches: list[Sketch] = []

    def draw(report: object) -> Sketch:
        sketches.append(Sketch())
        return sketches[-1]

    made = serve(drawing=draw)

    def ask(method: str, path: str = "", body: Any = None) -> Any:
        content = None if body is None else json.dumps(body)
        return made.client.open(f"/api/v1/reports{path}", method=method, data=content, headers=HEADERS)

    begun = ask("POST", "", {"from": "now-1h"})
    assert begun.status_code == 202
    assert (begun.json["id"], begun.json["state"], begun.json["file"]) == ("r1", "drawing", None)
    busy = ask("POST", "", {})
    assert busy.status_code == 429
    assert "already" in busy.json["error"]["message"]
    assert made.client.get("/report.pdf").status_code == 429
    assert ask("GET", "/r1/file").status_code == 404
    sketches[0].go.set()
    made.reports.wait(made.reports.order("r1"), 10)
    done = ask("GET", "/r1").json
    assert (done["state"], done["progress"]) == ("done", 1.0)
    assert made.client.get(done["file"]).data == b"%PDF-sketch"
    second = ask("POST", "", {}).json["id"]
    assert ask("DELETE", f"/{second}").json["state"] == "cancelled"
    assert ask("GET", "/r1").status_code == 404
    assert ask("POST", "", {"from": "now", "to": "now-1h"}).json["error"]["field"] == "from"
    assert ask("POST", "", {"what": 1}).json["error"]["field"] == "what"
