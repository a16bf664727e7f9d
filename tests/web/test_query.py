"""Parameters as callers write them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.core.errors import InvalidInputError
from monitor.web import openapi
from monitor.web.query import moment

Serve = Callable[..., Any]
NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("now-90s", NOW - 90_000),
        ("now-15m", NOW - 900_000),
        ("now-2h", NOW - 7_200_000),
        ("now-1d", NOW - 86_400_000),
        ("1700000000123", 1_700_000_000_123),
        ("2023-11-14T22:13:20Z", NOW),
        ("2023-11-14T22:13:20", NOW),
        ("2023-11-14T23:13:20+01:00", NOW),
        ("2023-11-14T23:13:20 01:00", NOW),
        ("2023-11-14T22:13:20.250Z", NOW + 250),
        ("20231114T221320Z", NOW),
        ("20231114", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
        ("2023-11-14", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
    ],
)
def test_a_moment_in_each_spelling(text: str, expected: int) -> None:
    """A plus sign that a query turned into a space is understood."""
    assert moment("from", text, NOW) == expected


@pytest.mark.parametrize("text", ["now-999999999d", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_moment_out_of_the_calendar_is_refused(name: str, text: str) -> None:
    """By its name, before anything is read or drawn."""
    with pytest.raises(InvalidInputError, match=f"{name}: must be of the years 1970 to 9999"):
        moment(name, text, NOW)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "0", "9999-12-31T23:59:59Z", "99999999999999"])
def test_the_ends_of_the_calendar_are_in_it(text: str) -> None:
    """And can be written as a date again."""
    assert datetime.fromtimestamp(moment("from", text, NOW) / 1000, UTC).year >= 1970


def test_no_path_takes_a_parameter_that_it_does_not_have(serve: Serve) -> None:
    """A misspelled range would be answered with another one; the nearest known name is told."""
    client = serve().client
    paths = openapi.parameters()
    described = {
        rule.rule
        for rule in client.application.url_map.iter_rules()
        if "GET" in rule.methods and rule.rule.startswith(("/api/", "/export", "/report"))
    }
    assert len(paths) == len(described) > 20
    for path, names in paths.items():
        for method in (client.get, client.head):
            response = method(path.replace("{identity}", "x"), query_string={"frm": "now-5m"})
            assert response.status_code == 400, path
        error = client.get(path.replace("{identity}", "x"), query_string={"frm": "now-5m"}).json["error"]
        assert (error["code"], error["field"]) == ("invalid", "frm"), path
        expected = "did you mean from?" if "from" in names else f"the parameters are {', '.join(names)}"
        assert (expected if names else "there are no parameters here") in error["message"], path


def test_what_is_described_is_taken(serve: Serve) -> None:
    """With a value that is none, it is the parameter's own rule that is named."""
    made = serve()
    made.tick(latency_ms=1.0)
    for path, names in openapi.parameters().items():
        for name in names:
            query = {"metric": "latency_ms"} if "metric" in names else {}
            error = made.client.get(path, query_string=query | {name: "\x00?"}).json["error"]
            assert error["field"] == name, (path, name)
            assert "is not a parameter" not in error["message"], (path, name)


def test_probes_and_scrapes_take_what_comes_with_them(serve: Serve) -> None:
    """A proxy's or a scraper's own parameter is no mistake of theirs."""
    made = serve()
    made.tick(latency_ms=1.0)
    for path in ("/livez", "/readyz", "/healthz", "/metrics"):
        assert made.client.get(f"{path}?probe=1").status_code == 200, path
