"""`/api/v1/baselines`, `/markers`, `/impact`, `/ledger`."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builders import sample
from monitor.core.errors import StoreError
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.snapshot import Ticks

Serve = Callable[..., Any]
JSON = {"Content-Type": "application/json", "Origin": "http://hub.example:8081"}


def fed(serve: Serve, seconds: int = 120) -> Any:
    """Return a server that has seen a service for so many seconds."""
    made = serve()
    feed(made, seconds)
    return made


def feed(made: Any, seconds: int, level: float = 1.0) -> None:
    random = np.random.default_rng(1)
    for _ in range(seconds):
        noise = 1.0 + 0.03 * random.normal(size=4)
        made.tick(
            offered_ops_sec=600.0,
            throughput_ops_sec=200.0 * level * noise[0],
            latency_ms=100.0 / level * noise[1],
            cpu_utilization=20.0 * noise[2],
            memory_mb=40.0 * noise[3],
            error_rate=0.0,
        )


def ask(made: Any, method: str, path: str, body: Any = None) -> Any:
    content = None if body is None else json.dumps(body)
    return made.client.open(
        f"/api/v1/{path}", method=method, data=content, headers=JSON if method != "GET" else {}
    )


def test_a_baseline_is_recorded_listed_changed_and_deleted(serve: Serve) -> None:
    """From one end to the other."""
    made = fed(serve)
    answer = ask(made, "POST", "baselines", {"name": "before", "seconds": 100, "note": "n"})
    assert answer.status_code == 201
    identity = answer.json["baseline"]["id"]
    assert answer.json["baseline"]["seconds"] == 100
    listed = ask(made, "GET", "baselines").json
    assert ([one["id"] for one in listed["baselines"]], listed["active"]) == ([identity], identity)
    changed = ask(made, "PATCH", f"baselines/{identity}", {"name": "renamed", "pinned": True}).json["baseline"]
    assert (changed["name"], changed["note"], changed["pinned"]) == ("renamed", "n", True)
    refused = ask(made, "DELETE", f"baselines/{identity}")
    assert (refused.status_code, refused.json["error"]["field"]) == (400, "pinned")
    ask(made, "PATCH", f"baselines/{identity}", {"pinned": False})
    assert ask(made, "DELETE", f"baselines/{identity}").json == {"deleted": identity}
    assert ask(made, "GET", f"baselines/{identity}").status_code == 404


def test_a_baseline_shorter_than_asked_for_says_why(serve: Serve) -> None:
    """Because something changed, or because no more is known; one that is whole has nothing to say."""
    made = fed(serve)

    def recorded(seconds: int) -> tuple[int, int, str]:
        answer = ask(made, "POST", "baselines", {"name": "before", "seconds": seconds})
        assert answer.status_code == 201
        return answer.json["baseline"]["seconds"], answer.json["requested_seconds"], answer.json["reason"]

    assert recorded(100) == (100, 100, "")
    assert recorded(86_400) == (120, 86_400, "120 s of the 86400 s asked for: no more was measured")
    ask(made, "POST", "markers", {"text": "cache on"})
    feed(made, 100)
    seconds, asked, reason = recorded(86_400)
    assert seconds < 100
    assert asked == 86_400
    assert reason == f"{seconds} s of the 86400 s asked for: it begins after “cache on”"
    made.clock.advance(400.0)
    feed(made, 100)
    assert recorded(300)[2] == "100 s of the 300 s asked for: no more was measured"


def test_one_that_was_exported_can_be_imported(serve: Serve) -> None:
    """Under an id of its own."""
    made = fed(serve)
    identity = ask(made, "POST", "baselines", {"name": "before", "seconds": 100}).json["baseline"]["id"]
    document = ask(made, "GET", f"baselines/{identity}/export")
    assert document.headers["Content-Disposition"] == f'attachment; filename="baseline-{identity}.json"'
    copy = ask(made, "POST", "baselines/import", document.json)
    assert copy.status_code == 201
    assert copy.json["baseline"]["id"] != identity
    assert ask(made, "POST", f"baselines/{copy.json['baseline']['id']}/activate").status_code == 200
    broken = document.json | {"version": 9}
    assert ask(made, "POST", "baselines/import", broken).json["error"]["field"] == "version"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("baselines", {}, "name"),
        ("baselines", [], "body"),
        ("baselines", {"name": " "}, "name"),
        ("baselines", {"name": "x" * 81}, "name"),
        ("baselines", {"name": "a\nb"}, "name"),
        ("baselines", {"name": "\ud800"}, "name"),
        ("baselines", {"name": "cache \u202eno"}, "name"),
        ("baselines", {"name": "x", "note": "\u2066"}, "note"),
        ("baselines", {"name": "x", "seconds": 64}, "seconds"),
        ("baselines", {"name": "x", "seconds": 1e99}, "seconds"),
        ("baselines", {"name": "x", "seconds": True}, "seconds"),
        ("baselines", {"name": "x", "next": 1}, "next"),
        ("baselines", {"name": "x", "secconds": 70}, "secconds"),
        ("baselines", {"name": "x", "seconds": 300}, "seconds"),
        ("markers", {"text": ""}, "text"),
        ("markers", {"text": 7}, "text"),
        ("markers", {"text": "pool\u200b"}, "text"),
        ("markers", {}, "text"),
        ("baselines/import", {"a": 1}, "format"),
    ],
)
def test_a_bad_field_is_named(serve: Serve, path: str, body: Any, field: str) -> None:
    """With its rule, as 400."""
    made = fed(serve, 40)
    answer = ask(made, "POST", path, body)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, field)
    assert answer.json["error"]["message"]


@pytest.mark.parametrize("data", [b"{", b"", b"\xff\xfe", b"nan x"])
@pytest.mark.parametrize("path", ["baselines", "markers", "proof"])
def test_what_is_no_json_is_said(serve: Serve, path: str, data: bytes) -> None:
    """And not that a browser sent it."""
    answer = serve().client.post(f"/api/v1/{path}", data=data, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "body")
    assert answer.json["error"]["message"] == "is not JSON"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_baseline_is_404(serve: Serve, method: str) -> None:
    """Whatever is wanted of it."""
    body = {} if method == "PATCH" else None
    assert ask(serve(), method, "baselines/b404", body).status_code == 404
    assert ask(serve(), "POST", "baselines/b404/activate").status_code == 404
    assert ask(serve(), "GET", "baselines/b404/export").status_code == 404


def test_the_impact_says_what_is_known(serve: Serve) -> None:
    """Nothing at first; a verdict with its interval and what it rests on after a change."""
    made = fed(serve)
    empty = ask(made, "GET", "impact").json
    assert (empty["baseline"], empty["overall"], empty["comparisons"]) == (None, None, [])
    ask(made, "POST", "baselines", {"name": "before", "seconds": 100})
    ask(made, "POST", "markers", {"text": "cache on"})
    feed(made, 60, level=2.0)
    impact = ask(made, "GET", "impact").json
    assert (impact["change"], impact["overall"]["verdict"]) == ("cache on", "better")
    [throughput] = [one for one in impact["comparisons"] if one["metric"] == "throughput_ops_sec"]
    low, high = throughput["interval_percent"]
    assert low < throughput["figure_percent"] < high
    assert throughput["verdict"] == "better"
    assert throughput["provenance"]["baseline"] == "before"
    assert throughput["provenance"]["calibrated"] is False
    frame = ask(made, "GET", "snapshot").json["optimization_impact"]
    assert frame["improvement_percent"] == throughput["figure_percent"]
    assert frame["verdict"] == "better"
    assert [marker["text"] for marker in ask(made, "GET", "markers").json["markers"]] == ["cache on"]
    ask(made, "POST", "markers", {"text": "again"})
    assert ask(made, "GET", "ledger").json["ledger"][-1]["change"] == "cache on"
    assert ask(made, "GET", "impact").json["settled"]["verdict"] == "better"


def test_the_course_says_how_it_came_about(serve: Serve) -> None:
    """Nothing without a baseline; then a point a second, the newest what the impact says."""
    made = fed(serve)
    assert ask(made, "GET", "impact/course").json["comparison"] is None
    ask(made, "POST", "baselines", {"name": "before", "seconds": 100})
    first = ask(made, "GET", "impact/course").json["comparison"]
    feed(made, 1)
    ask(made, "POST", "markers", {"text": "cache on"})
    feed(made, 60, level=2.0)
    course, impact = ask(made, "GET", "impact/course").json, ask(made, "GET", "impact").json
    [throughput] = [one for one in impact["comparisons"] if one["metric"] == "throughput_ops_sec"]
    low, high = throughput["interval_percent"]
    assert course["metrics"]["throughput_ops_sec"][-1] == [low, throughput["figure_percent"], high]
    assert course["comparison"] != first
    assert course["since"] == impact["since"]
    assert len(course["timestamp"]) == 55


def test_the_next_seconds_can_be_recorded(serve: Serve) -> None:
    """202, and to be seen until it is done."""
    made = fed(serve, 5)
    answer = ask(made, "POST", "baselines", {"name": "next", "seconds": 70, "next": True})
    assert answer.status_code == 202
    assert ask(made, "GET", "baselines").json["recording"]["name"] == "next"


def test_a_folder_that_cannot_be_written_is_503_in_words(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a crash."""
    made = fed(serve)

    def full(baseline: object) -> None:
        raise StoreError("the baseline could not be kept: No space left on device")

    monkeypatch.setattr(made.monitor.experiment._store, "save", full)
    answer = ask(made, "POST", "baselines", {"name": "before", "seconds": 100})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "store")
    assert "No space left" in answer.json["error"]["message"]


def test_writes_need_json_and_an_own_origin(serve: Serve) -> None:
    """As all writes do."""
    made = serve()
    assert made.client.post("/api/v1/markers", data="x").status_code == 415
    foreign = {"Content-Type": "application/json", "Origin": "http://evil.example"}
    assert made.client.post("/api/v1/markers", data='{"text":"x"}', headers=foreign).status_code == 403


def test_a_change_that_nobody_noted_is_suggested_and_marked_where_it_was(serve: Serve) -> None:
    """Found in the history; marked, it is a change like any other, and suggested no more."""
    made = serve()
    assert ask(made, "GET", "markers/suggestions").json == {"suggestions": []}
    feed(made, 3300)
    ask(made, "POST", "baselines", {"name": "before", "seconds": 100})
    feed(made, 400, level=1.5)
    [found] = ask(made, "GET", "markers/suggestions").json["suggestions"]
    start = made.clock.wall() * 1000 - 400_000
    assert abs(found["at"] - start) <= 60_000
    assert found["text"] in ("Throughput +50 %", "Latency -33 %")
    assert ask(made, "POST", "markers", {"text": found["text"], "at": found["at"]}).status_code == 201
    assert ask(made, "GET", "markers/suggestions").json == {"suggestions": []}
    impact = ask(made, "GET", "impact").json
    assert (impact["change"], impact["since"]) == (found["text"], found["at"])
    assert impact["seconds"] > 300


@pytest.mark.parametrize("shift", [-25 * 3_600_000, 60_000])
def test_a_marker_is_of_the_last_day(serve: Serve, shift: int) -> None:
    """Neither of the future nor of what is not kept."""
    made = fed(serve)
    answer = ask(made, "POST", "markers", {"text": "x", "at": round(made.clock.wall() * 1000) + shift})
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "at")


def test_the_share_of_slow_operations_is_a_figure_of_its_own(serve: Serve) -> None:
    """With its bound; null where the target tells no histogram, and the baseline says so."""
    made = serve()

    def pass_by(seconds: int, slow: int) -> None:
        for second in range(seconds):
            counts = np.zeros(BUCKETS)
            counts[[40, 50]] = 190 + second % 5, slow + second % 3
            made.clock.advance(1.0)
            values = {"throughput_ops_sec": 200.0 + second % 7, "latency_ms": 20.0 + second % 3}
            seen = sample(values, clock=made.clock, latency=Histogram(counts, 4.0))
            made.monitor.observe(seen, Ticks(1, 0, 0))

    pass_by(120, 10)
    [baseline] = [ask(made, "POST", "baselines", {"name": "before", "seconds": 100}).json["baseline"]]
    assert baseline["tail"] == {
        "bound_ms": pytest.approx(1000 * BOUNDS[49], abs=1e-4), "percent": pytest.approx(5.4, abs=0.1)
    }  # fmt: skip
    pass_by(60, 2)
    found = ask(made, "GET", "impact").json["tail"]
    assert (found["unit"], found["verdict"], found["bound_ms"]) == ("%", "better", baseline["tail"]["bound_ms"])
    assert (found["before"], found["now"]) == (baseline["tail"]["percent"], pytest.approx(1.5, abs=0.1))
    low, high = found["interval_percent"]
    assert 0 < low < found["figure_percent"] < high
    frame = ask(made, "GET", "snapshot").json["optimization_impact"]
    assert frame["tail_latency_improvement"] == found["figure_percent"]
    document = ask(made, "GET", f"baselines/{baseline['id']}/export").json
    assert ask(made, "POST", "baselines/import", document).json["baseline"]["tail"] == baseline["tail"]
    without = fed(serve)
    baseline = ask(without, "POST", "baselines", {"name": "before", "seconds": 100}).json["baseline"]
    assert baseline["tail"] is None
    assert "no latency histogram" in baseline["silent"]["tail_latency"]
    assert ask(without, "GET", "impact").json["tail"] is None
