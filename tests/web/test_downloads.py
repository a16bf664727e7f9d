"""Long answers take turns."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from monitor.web import downloads
from monitor.web.downloads import BusyError, Downloads

Serve = Callable[..., Any]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr(downloads.time, "sleep", made.append)
    return made


def pieces() -> Iterator[bytes]:
    yield from (b"a", b"b", b"c")


def test_each_piece_is_followed_by_a_pause(serve: Serve, pauses: list[float]) -> None:
    """So that somebody else gets the interpreter in between."""
    made = serve()
    assert b"".join(Downloads(1, made.monitor, made.clock).start(pieces())) == b"abc"
    assert pauses == [pytest.approx(0.004)] * 3


def test_right_after_a_tick_downloads_rest(serve: Serve, pauses: list[float]) -> None:
    """Until the viewers have their frames."""
    made = serve()
    made.tick()
    answer = Downloads(1, made.monitor, made.clock).start(pieces())
    next(answer)
    made.clock.advance(0.02)
    next(answer)
    made.clock.advance(0.5)
    next(answer)
    assert pauses == [pytest.approx(0.06), pytest.approx(0.04), pytest.approx(0.004)]


def test_a_place_is_given_back_once(serve: Serve, pauses: list[float]) -> None:
    """Closing twice frees no second one."""
    del pauses
    made = serve()
    shared = Downloads(1, made.monitor, made.clock)
    first = shared.start(pieces())
    with pytest.raises(BusyError):
        shared.start(pieces())
    first.close()
    first.close()
    shared.start(pieces())
    with pytest.raises(BusyError):
        shared.start(pieces())
