"""Requests that nobody means."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Serve = Callable[..., Any]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/api/v1/history", "/api/v1/forecast", "/export.csv", "/ws", "/healthz", "/metrics"]),
    st.dictionaries(
        st.sampled_from(
            [
                "from",
                "to",
                "metrics",
                "metric",
                "minutes",
                "points",
                "view",
                "history",
                "after",
                "epoch",
                "verbose",
            ]
        ),
        st.text(max_size=30) | st.sampled_from(["now-1d", "raw", "2", "latency_ms", "page", "-1", "9" * 20]),
        max_size=4,
    ),
)
def test_no_parameter_makes_a_server_error(serve: Serve, path: str, query: dict[str, str]) -> None:
    """Anything may stand in a query; the answer is JSON or what was asked for."""
    made = serve()
    made.fill(3, latency_ms=1.0)
    response = made.client.get(f"{path}?{urlencode(query, quote_via=quote)}")
    assert response.status_code in {200, 400, 426}
    if response.status_code == 400:
        # A `to` before the default of `from` names the latter; a `metric` may lack.
        assert response.json["error"]["field"] in {*query, "from", "metric"}


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["Accept", "Origin", "Authorization", "Cookie", "Host", "Upgrade"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    )
)
def test_no_header_makes_a_server_error(serve: Serve, headers: dict[str, str]) -> None:
    """Nor may anything in a header."""
    made = serve(token="a-token-of-some-length")  # noqa: S106 - of this test alone
    made.tick()
    for path in ("/metrics", "/login", "/ws", "/api/v1/snapshot"):
        assert made.client.get(path, headers=headers).status_code < 500
