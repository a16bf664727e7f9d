"""`/api/v1/snapshot`."""

from collections.abc import Callable
from typing import Any

Serve = Callable[..., Any]


def test_the_snapshot_is_the_newest_frame_with_its_health_judged_now(serve: Serve) -> None:
    """The same object as on `/ws`; 503 before there is one."""
    made = serve()
    assert made.client.get("/api/v1/snapshot").status_code == 503
    made.tick(70, throughput_ops_sec=5.0)
    made.clock.advance(10.0)
    frame = made.client.get("/api/v1/snapshot").json
    assert frame["seq"] == 70
    assert len(frame["history"]) == 60
    assert frame["health"]["status"] == "stale"
    assert frame["health"]["age_seconds"] == 10.0
