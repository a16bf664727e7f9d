"""Pages without a socket ask the same thing each second: Dash answers one of them, and its answer the others.

Nothing here knows what a patch is or who may have it. Between two samples the callback's answer depends on the
call alone, so what Dash answered is good for every call of the same bytes; and whom the guard has let in with
certain headers it lets in with the same ones for a minute.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, Any], Iterable[bytes]]

_FRESH_INTERVALS: Final = 2.0
_ADMITTED_SECONDS: Final = 60.0
_ADMITTED: Final = 1024
_ANSWERS: Final = 64
_MAX_BODY: Final = 2048
_TICKS: Final = re.compile(rb'(?<="property":"n_intervals","value":)[0-9]{1,15}(?=[,}])')
"""How often the page has asked; the only part of a call that the callback ignores."""
_JUDGED: Final = (
    "HTTP_HOST",
    "HTTP_ORIGIN",
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "CONTENT_TYPE",
    "HTTP_TRANSFER_ENCODING",
)
"""All that the guard looks at, and how the body comes."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What left the server."""

    status: str
    headers: Headers
    body: bytes


class PollCache:
    """Stands in front of a WSGI application, and answers what that has answered since the newest sample."""

    def __init__(
        self, application: Application, monitor: Monitor, clock: Clock, *, path: str, output: str
    ) -> None:
        """Watch calls of `path` for `output`; answers are good for one snapshot of `monitor`."""
        self._application = application
        self._clock = clock
        self._monitor = monitor
        self._path = path
        self._call = f'"output":"{output}"'.encode()
        # Both are read and written by many threads without a lock: each step is one of the interpreter's, and
        # whoever misses another's writing asks the application.
        self._admitted: dict[tuple[Any, ...], float] = {}
        self._answers: tuple[Snapshot | None, dict[bytes, _Answer]] = (None, {})

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        """Answer a request."""
        if (
            environ["PATH_INFO"] != self._path
            or environ["REQUEST_METHOD"] != "POST"
            or environ.get("QUERY_STRING")
        ):
            return self._application(environ, start_response)
        call = _body(environ)
        if call is None or self._call not in call:
            return self._application(environ, start_response)
        call = _TICKS.sub(b"", call, count=1)
        person = tuple(map(environ.get, _JUDGED))
        now = self._monitor.snapshot
        if now is None or self._monitor.age(now) > _FRESH_INTERVALS * now.interval:
            # No sample comes: what was said of its age a while ago is not true any more.
            return self._application(environ, start_response)
        answers = self._current(now)
        known = answers.get(call)
        if known is not None and self._admitted.get(person, 0.0) > self._clock.monotonic():
            start_response(known.status, known.headers.copy())
            return (known.body,)
        answer = self._ask(environ)
        if answer.status[:3] in {"200", "204"} and _same_for_all(answer.headers):
            self._remember(person, call, answer, answers)
        start_response(answer.status, answer.headers.copy())
        return (answer.body,)

    def _current(self, now: Snapshot | None) -> dict[bytes, _Answer]:
        snapshot, answers = self._answers
        if snapshot is not now:
            answers = {}
            self._answers = (now, answers)
        return answers

    def _remember(
        self, person: tuple[Any, ...], call: bytes, answer: _Answer, answers: dict[bytes, _Answer]
    ) -> None:
        if len(answers) < _ANSWERS:
            answers[call] = answer
        if len(self._admitted) >= _ADMITTED:
            self._admitted = {}
        self._admitted[person] = self._clock.monotonic() + _ADMITTED_SECONDS

    def _ask(self, environ: Environ) -> _Answer:
        began: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, problem: object = None) -> Callable[[bytes], object]:
            del problem
            began.append((status, headers))
            return _no_writer

        pieces = self._application(environ, start)
        try:
            body = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        status, headers = began[-1]
        return _Answer(status, headers, body)


def _body(environ: Environ) -> bytes | None:
    """Return the body, left where it was for the application; None for one that no page sends."""
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and int(length) <= _MAX_BODY):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _same_for_all(headers: Sequence[tuple[str, str]]) -> bool:
    return not any(name.lower() == "set-cookie" for name, _ in headers)


def _no_writer(_: bytes) -> object:
    raise NotImplementedError("WSGI's write() is not for new applications")
