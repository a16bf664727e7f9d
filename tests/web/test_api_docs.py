"""docs/api.md against what the server does."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

Serve = Callable[..., Any]
TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
WORDS = set(re.findall(r"`([^`\n]+)`", re.sub(r"(?s)```.*?```", "", TEXT)))


def test_every_route_is_documented(serve: Serve) -> None:
    """In the table of routes."""
    paths = {str(rule).replace("<path:name>", "<name>") for rule in serve().server.url_map.iter_rules()}
    assert {path for path in paths if path not in WORDS} == set()


def test_every_field_of_a_frame_is_documented(serve: Serve) -> None:
    """The frame's own and those of its parts."""
    made = serve()
    made.tick(latency_ms=1.0)
    frame = made.client.get("/api/v1/snapshot").json
    fields = set(frame) | set(frame["summary"]) | set(frame["health"]) | set(frame["optimization_impact"])
    fields |= set(frame["health"]["ticks"]) | set(frame["history"][0])
    assert fields - WORDS == set()


def test_every_family_of_our_own_is_documented(serve: Serve) -> None:
    """The metrics' families follow from their base names."""
    made = serve()
    made.tick()
    families = text_string_to_metric_families(made.client.get("/metrics").text)
    names = {sample.name for family in families for sample in family.samples}
    assert {name for name in names if name.startswith("hub_monitor_")} - WORDS == set()


@pytest.mark.parametrize("code", [1001, 1002, 1007, 1008, 1009, 1013])
def test_every_close_code_is_documented(code: int) -> None:
    """With what it means."""
    assert re.search(rf"^\| [\d, ]*{code}[\d, ]* \| .+ \|$", TEXT, re.MULTILINE)
