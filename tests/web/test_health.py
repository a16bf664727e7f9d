"""What a supervisor, a load balancer and a person are told."""

from collections.abc import Callable
from typing import Any

from builders import sample
from monitor.core.snapshot import Ticks

Serve = Callable[..., Any]


def test_before_the_first_sample_it_lives_and_is_not_ready(serve: Serve) -> None:
    """A restart would not help it."""
    made = serve()
    assert made.client.get("/livez").status_code == 200
    assert made.client.get("/readyz").status_code == 503
    response = made.client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {
        "status": "starting",
        "ready": False,
        "age_seconds": None,
        "reasons": ["no sample yet"],
    }


def test_ready_ends_when_the_sample_is_older_than_three_intervals(serve: Serve) -> None:
    """A dead sampler cannot look like a calm machine."""
    made = serve()
    made.tick()
    made.clock.advance(3.0)
    assert made.client.get("/readyz").status_code == 200
    made.clock.advance(0.1)
    assert made.client.get("/readyz").json == {"ready": False, "status": "stale"}
    assert made.client.get("/livez").status_code == 200


def test_a_target_that_is_down_leaves_the_monitor_ready(serve: Serve) -> None:
    """It works and says what is wrong with the target."""
    made = serve()
    made.monitor.observe(
        sample(clock=made.clock, answered=False, errors={"target": "connection refused"}), Ticks(1, 0, 0)
    )
    response = made.client.get("/healthz")
    assert response.status_code == 200
    assert response.json["status"] == "down"
    assert response.json["reasons"] == ["target: connection refused"]
    assert response.json["ticks"] == {"done": 1, "late": 0, "missed": 0}


def test_verbose_adds_what_is_connected(serve: Serve) -> None:
    """For a person."""
    made = serve(limit=7)
    made.tick(3)
    state = made.client.get("/healthz?verbose").json
    assert state["connections"] == {"metrics": 0, "page": 0}
    assert state["max_connections"] == 7
    assert state["samples_kept"] == 3


def test_a_server_that_is_going_down_is_no_longer_ready(serve: Serve) -> None:
    """A load balancer sends nobody to it any more."""
    made = serve()
    made.tick()
    made.monitor.feed.close()
    assert made.client.get("/readyz").status_code == 503
