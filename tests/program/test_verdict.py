"""`hub-monitor verdict`: what a script reads of it."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from monitor.commands import verdict
from monitor.commands.verdict import Exit

LIVE = {"health": {"status": "live"}}


def impact(
    verdict: str | None, falls: tuple[float, ...] = (), errors: str | None = None, seconds: int = 60
) -> dict[str, Any]:
    """Return an impact as the API gives it."""
    overall = (
        None if verdict is None else {"verdict": verdict, "figure_percent": 12.5, "interval_percent": [10, 15]}
    )
    return {
        "baseline": None if verdict is None else {"id": "b1", "name": "before"},
        "overall": overall,
        "comparisons": [{"verdict": "worse", "figure_percent": fall} for fall in falls],
        "errors": None if errors is None else {"verdict": errors},
        "change": "cache on",
        "since": 1_700_000_000_000,
        "fading_since": None,
        "warm_up_seconds": 0,
        "seconds": seconds,
    }


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (impact(None), Exit.UNDECIDED),
        (impact("better"), Exit.PASSED),
        (impact("no_difference"), Exit.PASSED),
        (impact("collecting"), Exit.UNDECIDED),
        (impact("not_comparable"), Exit.UNDECIDED),
        (impact("worse", (-6.0,)), Exit.WORSE),
        (impact("worse", (-4.0,)), Exit.PASSED),
        (impact("worse", (-4.0,), "worse"), Exit.WORSE),
        (impact("worse"), Exit.UNDECIDED),
    ],
)
def test_the_exit_code_is_the_verdict(said: dict[str, Any], code: Exit) -> None:
    """With 5 percent as the least that counts."""
    assert verdict.judge(said, 5.0) is code


@pytest.fixture
def monitor() -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """A real HTTP server that answers as a monitor does, and notes what it was asked."""
    servers = []

    def start(answers: dict[str, Any]) -> tuple[str, list[str]]:
        asked: list[str] = []
        turns = {path: iter(said) for path, said in answers.items() if isinstance(said, tuple)}

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                asked.append(f"{self.command} {self.path} {self.headers.get('Authorization', '')}".strip())
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = next(turns[self.path]) if self.path in turns else answers.get(self.path, {})
                body = json.dumps(said).encode()
                self.send_response(200 if self.path in answers else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815 - the base class' names

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_it_activates_watches_and_prints_a_line(monitor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The named baseline, with the token, after the time that was asked for."""
    url, asked = monitor(
        {
            "/api/v1/baselines": {"baselines": [{"id": "b1", "name": "before"}], "active": "b2"},
            "/api/v1/baselines/b1/activate": {},
            "/api/v1/impact": (impact("better", seconds=0), impact("better", seconds=60)),
            "/api/v1/snapshot": LIVE,
        }
    )
    slept: list[float] = []
    arguments = ["--url", url, "--baseline", "before", "--for", "90", "--token", "a-token"]
    assert verdict.main(arguments, slept.append) == 0
    assert slept == [90]
    assert asked == [
        "GET /api/v1/baselines Bearer a-token",
        "POST /api/v1/baselines/b1/activate Bearer a-token",
        "GET /api/v1/impact Bearer a-token",
        "GET /api/v1/impact Bearer a-token",
        "GET /api/v1/snapshot Bearer a-token",
    ]
    said = "better, +12.5 % (+10.0 to +15.0) against 'before' since 'cache on', 60 s of evidence\n"
    assert capsys.readouterr().out == said


def test_json_is_the_whole_impact(monitor: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    said = (impact("worse", (-9.0,), seconds=20), impact("worse", (-9.0,), seconds=78))
    url, _ = monitor({"/api/v1/impact": said, "/api/v1/snapshot": LIVE})
    assert verdict.main(["--url", url, "--json"], lambda _: None) == 1
    assert json.loads(capsys.readouterr().out) == {"exit": 1, **said[-1]}


OTHER = impact("better", seconds=120) | {"baseline": {"id": "b2", "name": "later"}}
ANEW = impact("better", seconds=3) | {"since": 1_700_000_060_000}


@pytest.mark.parametrize(
    ("after", "status", "words"),
    [
        (impact("better", seconds=120), "down", "the target is down"),
        (impact("better", seconds=120), "stale", "the target is stale"),
        (impact("better", seconds=80), "live", "only 20 of the 60 s that were watched could be compared"),
        (OTHER, "live", "another baseline was activated meanwhile"),
        (impact("better", seconds=120), "live", ""),
        (ANEW, "live", ""),
    ],
)
def test_a_verdict_of_before_is_none_of_now(
    monitor: Any, capsys: pytest.CaptureFixture[str], after: dict[str, Any], status: str, words: str
) -> None:
    """A target that died while it was watched keeps its last verdict on the page; a script must not go on."""
    health = {"health": {"status": status}}
    url, _ = monitor(
        {"/api/v1/impact": (impact("better", seconds=60), after), "/api/v1/snapshot": health},
    )
    assert verdict.main(["--url", url], lambda _: None) == (2 if words else 0)
    assert capsys.readouterr().err == (f"hub-monitor: undecided: {words}\n" if words else "")


def test_no_letter_and_no_address_is_a_traceback(monitor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose exit code would be that of worse."""
    said = impact("better") | {"change": "café → 2"}
    url, _ = monitor({"/api/v1/impact": (said, said | {"seconds": 120}), "/api/v1/snapshot": LIVE})
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", out)
    assert verdict.main(["--url", url], lambda _: None) == 0
    out.seek(0)
    assert r"caf\xe9 \u2192 2" in out.read()
    assert verdict.main(["--url", "http://["], lambda _: None) == 2
    text = impact("better") | {"overall": {"verdict": "better", "figure_percent": "x", "interval_percent": [1, 2]}}
    url, _ = monitor({"/api/v1/impact": text, "/api/v1/snapshot": LIVE})
    assert verdict.main(["--url", url, "--for", "0"], lambda _: None) == 2


def test_an_unknown_baseline_and_a_monitor_that_is_not_there_are_a_line(
    monitor: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Undecided, never a pass."""
    url, _ = monitor({"/api/v1/baselines": {"baselines": [{"id": "b1", "name": "x"}], "active": None}})
    assert verdict.main(["--url", url, "--baseline", "y"], lambda _: None) == 2
    assert capsys.readouterr().err == "hub-monitor: --baseline: there is no 'y'; the baselines are 'x'\n"
    assert verdict.main(["--url", url], lambda _: None) == 2
    assert "HTTP 404" in capsys.readouterr().err
    assert verdict.main(["--url", "http://127.0.0.1:9"], lambda _: None) == 2
    assert verdict.main(["--url", "file:///etc/passwd"], lambda _: None) == 2
    assert verdict.main(["--url", "http://127.0.0.1:80a"], lambda _: None) == 2
    for strange in ([], {}, {"overall": {}}, {"status": "ok"}):
        url, _ = monitor({"/api/v1/impact": strange})
        assert verdict.main(["--url", url], lambda _: None) == 2


@pytest.mark.parametrize("arguments", [["--for", "x"], ["--for", "-1"], ["--min-effect", "nan"], ["--what"]])
def test_a_bad_option_is_a_usage_error(arguments: list[str]) -> None:
    """Exit code 2."""
    with pytest.raises(SystemExit) as end:
        verdict.main(arguments)
    assert end.value.code == 2
