"""`/api/v1/openapi.json`."""

from collections.abc import Callable
from typing import Any

from monitor.core.metric import COLUMNS

Serve = Callable[..., Any]


def test_every_route_is_described_and_every_description_is_a_route(serve: Serve) -> None:
    """The description is written by hand and cannot go stale."""
    made = serve()
    described = {
        (path, method.upper())
        for path, operations in made.client.get("/api/v1/openapi.json").json["paths"].items()
        for method in operations
    }
    routes = {
        (str(rule).replace("<path:name>", "{name}").replace("<identity>", "{identity}"), method)
        for rule in made.server.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_description_fits_the_answers(serve: Serve) -> None:
    """Each field of a frame is described, and each that is required is there."""
    made = serve()
    made.tick(2, **dict.fromkeys(COLUMNS, 1.0))
    schemas = made.client.get("/api/v1/openapi.json").json["components"]["schemas"]
    frame = made.client.get("/api/v1/snapshot").json
    for schema, value in (
        ("Frame", frame),
        ("Point", frame["history"][0]),
        ("Health", frame["health"]),
        ("Error", made.client.get("/nowhere").json),
        ("History", made.client.get("/api/v1/history").json),
        ("Spans", made.client.get("/api/v1/history/spans").json),
        ("Events", made.client.get("/api/v1/history/events").json),
    ):
        assert set(value) <= set(schemas[schema]["properties"]), schema
        assert set(schemas[schema]["required"]) <= set(value), schema
    for part in ("current", "summary"):
        properties = schemas["Frame"]["properties"][part]
        assert set(properties["required"]) <= set(frame[part]) <= set(properties["properties"])
