"""Who is let in: each rule against every route that there is."""

from collections.abc import Callable
from typing import Any

import pytest

WITHOUT_TOKEN = {"/livez", "/readyz", "/login"}
"""Routes that are open although there is a token; every other one is closed by the tests below."""
ALLOWED = "https://ops.example"
TOKEN = "a-token-of-some-length"  # noqa: S105 - of this test alone
HOST = "hub.example:8081"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

Serve = Callable[..., Any]


def routes(made: Any) -> list[tuple[str, str]]:
    """Return each path and method that the server answers, Dash's own included."""
    rows = []
    for rule in made.server.url_map.iter_rules():
        path = str(rule)
        for argument, value in {
            "<path:filename>": "00-tokens.css",
            "<string:package_name>": "dash",
            "<path:fingerprinted_path>": "dcc/dash_core_components.js",
            "<path:name>": "bootstrap/bootstrap.min.css",
            "<path:path>": "somewhere",
            "<identity>": "b1",
        }.items():
            path = path.replace(argument, value)
        assert "<" not in path, f"{path}: say here what to put into this route"
        rows += [(path, method) for method in sorted(rule.methods or ()) if method != "OPTIONS"]
    assert len(rows) > 20
    return rows


def ask(made: Any, path: str, method: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return made.client.open(path, method=method, headers=named, content_type="application/json", data="{}")


@pytest.mark.parametrize(
    "host", ["", "evil.example", "hub.example:8081.evil.example", "hub.example:80x", "[::1", "@"]
)
def test_a_foreign_name_is_refused_on_every_route(serve: Serve, host: str) -> None:
    """A page that made its own name point here (DNS rebinding) reads nothing."""
    made = serve(dash=True)
    for path, method in routes(made):
        response = ask(made, path, method, Host=host)
        assert response.status_code == 400, (path, method)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        f"http://{HOST}.evil.example",
        f"ftp://{HOST}",
        "http://[bad",
        f"http://{HOST}/",
    ],
)
def test_a_foreign_origin_is_refused_on_every_route(serve: Serve, origin: str) -> None:
    """Neither a read nor a write comes from another page, whatever it calls itself."""
    made = serve(dash=True, allowed_origins=[ALLOWED])
    for path, method in routes(made):
        assert ask(made, path, method, Origin=origin).status_code == 403, (path, method)


def test_an_allowed_origin_may_use_the_api_and_the_stream_alone(serve: Serve) -> None:
    """CORS headers are on `/api` and nowhere else."""
    made = serve(dash=True, allowed_origins=[ALLOWED])
    made.tick()
    for path, method in routes(made):
        response = ask(made, path, method, Origin=ALLOWED)
        shared = path.startswith("/api/")
        assert response.headers.get("Access-Control-Allow-Origin") == (ALLOWED if shared else None), path
        if not shared and path != "/ws":
            assert response.status_code == 403, (path, method)


def test_preflight_is_answered_on_the_api_alone(serve: Serve) -> None:
    """A browser learns what an allowed origin may send; others learn nothing."""
    made = serve(allowed_origins=[ALLOWED], token=TOKEN)
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    response = made.client.options("/api/v1/snapshot", headers={"Origin": ALLOWED, **asked})
    assert response.status_code == 204
    assert "PUT" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers
    for path, origin in (("/dashboard/_dash-layout", ALLOWED), ("/api/v1/snapshot", "http://evil.example")):
        refused = made.client.options(path, headers={"Origin": origin, **asked})
        assert refused.status_code == 403
        assert "Access-Control-Allow-Methods" not in refused.headers


def test_the_own_origin_is_let_in(serve: Serve) -> None:
    """The page itself, by either scheme: a proxy may end TLS before us."""
    made = serve()
    made.tick()
    for scheme in ("http", "https"):
        assert made.client.get("/api/v1/snapshot", headers={"Origin": f"{scheme}://{HOST}"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"), [("hub.example", 400), ("any.example:1234", 200), ("ANY.example", 200)]
)
def test_a_host_without_port_is_allowed_with_any(serve: Serve, host: str, status: int) -> None:
    """An allowed host that names a port is that port alone."""
    made = serve(hosts=(HOST, "any.example"))
    assert made.client.get("/livez", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "credentials", [{}, {"Authorization": "Bearer wrong"}, {"Cookie": "hub_monitor_session=x.y.z"}]
)
def test_every_route_but_the_open_ones_needs_the_token(serve: Serve, credentials: dict[str, str]) -> None:
    """A new route is closed unless it is named above."""
    made = serve(dash=True, token=TOKEN, loopback=False)
    for path, method in routes(made):
        response = made.client.open(path, method=method, headers=credentials)
        if path in WITHOUT_TOKEN:
            # The login form answers with itself; the probes with their state.
            assert "unauthorized" not in response.text, (path, method)
        else:
            # After five wrong tokens every further try is turned away unread.
            assert response.status_code in {401, 429}, (path, method)


def test_the_bearer_token_opens_every_route(serve: Serve) -> None:
    """What a program sends."""
    made = serve(dash=True, token=TOKEN, loopback=False)
    made.tick()
    for path, method in set(routes(made)) - {("/login", "POST")}:
        refusals = {401, 403} if "report" in path else {401, 403, 429}  # one report at a time, whoever asks
        assert ask(made, path, method, Authorization=f"Bearer {TOKEN}").status_code not in refusals, path


def test_five_wrong_tokens_in_a_minute_are_enough(serve: Serve) -> None:
    """Further wrong ones are turned away; who knows the token is not locked out by somebody else's guesses."""
    made = serve(token=TOKEN)
    made.tick()

    def ask_with(token: str) -> Any:
        return ask(made, "/api/v1/snapshot", "GET", Authorization=f"Bearer {token}")

    assert [ask_with("x").status_code for _ in range(6)] == [401] * 5 + [429]
    assert 0 < int(ask_with("x").headers["Retry-After"]) <= 61
    assert ask_with(TOKEN).status_code == 200
    made.clock.advance(61)
    assert ask_with("x").status_code == 401


@pytest.mark.parametrize(
    ("loopback", "headers", "status"),
    [
        (True, {}, 405),
        (False, {}, 403),
        (False, {"Origin": f"http://{HOST}"}, 405),
        (False, {"Origin": ALLOWED}, 405),
        (False, {"Authorization": "Bearer anything"}, 403),
    ],
)
def test_a_write_needs_an_origin_unless_only_this_machine_can_connect(
    serve: Serve, loopback: bool, headers: dict[str, str], status: int
) -> None:
    """405 is the answer behind the guard: no route of today takes this write."""
    made = serve(loopback=loopback, allowed_origins=[ALLOWED])
    assert ask(made, "/api/v1/snapshot", "PUT", **headers).status_code == status


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/json5"]
)
def test_a_write_that_a_form_could_send_is_refused(serve: Serve, content_type: str) -> None:
    """Whatever needs no preflight changes nothing."""
    made = serve(dash=True)
    for path in ("/dashboard/_dash-update-component", "/api/v1/snapshot"):
        assert made.client.post(path, data="{}", content_type=content_type).status_code == 415


def test_every_answer_carries_the_security_headers(serve: Serve) -> None:
    """Errors and refusals too; scripts come from here or have a known hash."""
    made = serve(dash=True)
    for path, method in [*routes(made), ("/nowhere", "GET"), ("/livez", "DELETE")]:
        headers = ask(made, path, method).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'sha256-abc';" in policy
        assert "unsafe-eval" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"]


def test_data_is_not_to_be_stored(serve: Serve) -> None:
    """Figures do not end up in a cache."""
    made = serve()
    made.tick()
    for path in ("/api/v1/snapshot", "/api/v1/history", "/export.csv", "/metrics", "/healthz"):
        assert made.client.get(path).headers["Cache-Control"] == "no-store"


def test_errors_are_json_outside_of_the_dashboard(serve: Serve) -> None:
    """An unknown path is a 404 and a wrong method a 405, each with code, message and field."""
    made = serve(dash=True)
    for path, method, status, code in (
        ("/nowhere", "GET", 404, "not_found"),
        ("/api/v1/nothing", "GET", 404, "not_found"),
        ("/livez", "DELETE", 405, "method_not_allowed"),
    ):
        response = ask(made, path, method)
        assert response.status_code == status
        assert set(response.json["error"]) == {"code", "message", "field"}
        assert response.json["error"]["code"] == code


def test_the_root_leads_to_the_dashboard(serve: Serve) -> None:
    """So does the address without its slash."""
    made = serve(dash=True)
    for path in ("/", "/dashboard"):
        response = made.client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, "/dashboard/")


def test_a_body_beyond_the_limit_is_refused(serve: Serve) -> None:
    """Before anybody reads it."""
    made = serve(dash=True)
    large = b'{"output":"' + b"x" * (2 << 20) + b'"}'
    response = made.client.post("/dashboard/_dash-update-component", data=large, content_type="application/json")
    assert response.status_code == 413


def test_what_is_open_for_reading_only_takes_no_write(serve: Serve) -> None:
    """On every route that writes, in words; what only reads, reports and the page's own callbacks go on."""
    made = serve(dash=True, read_only="x.csv is open for reading only")
    made.tick()
    writes = {(path, method) for path, method in routes(made) if method not in {"GET", "HEAD"}}
    refused = {
        (path, method)
        for path, method in writes
        if ask(made, path, method, Content_Type="application/json").status_code == 409
    }
    assert {path for path, _ in refused} >= {"/api/v1/markers", "/api/v1/baselines", "/api/v1/proof"}
    assert {path for path, _ in writes - refused if "/api/" in path} == {"/api/v1/reports", "/api/v1/reports/b1"}
    answer = made.client.post("/api/v1/markers", json={"text": "x"})
    assert answer.json["error"]["message"] == "x.csv is open for reading only"
    assert made.client.get("/api/v1/markers").status_code == 200
