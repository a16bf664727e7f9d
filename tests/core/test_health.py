"""Judging whether the figures can be trusted."""

import pytest

from monitor.core.health import Status, Uptime, judge


@pytest.mark.parametrize(
    ("age", "answered", "status", "ready"),
    [
        (None, None, Status.STARTING, False),
        (0.5, True, Status.LIVE, True),
        (3.0, True, Status.LIVE, True),
        (3.1, True, Status.STALE, False),
        (0.5, False, Status.DOWN, True),
        (0.5, None, Status.LIVE, True),
        (9.0, False, Status.STALE, False),
    ],
)
def test_status(age: float | None, answered: bool | None, status: Status, ready: bool) -> None:
    """Stale after three intervals, whatever the last sample said."""
    health = judge(age, 1.0, answered=answered, errors=())
    assert (health.status, health.ready) == (status, ready)


def test_a_stale_sample_names_its_age_and_the_errors_of_old() -> None:
    """Reasons are sentences."""
    health = judge(12.0, 1.0, answered=True, errors=("target: HTTP 500",))
    assert health.reasons == ("the last sample is 12 s old", "target: HTTP 500")


def test_uptime_is_counted_not_assumed() -> None:
    """Before the first question it is unknown."""
    assert Uptime(0, 0).percent is None
    assert Uptime(3, 4).percent == 75.0


def test_what_is_final_does_not_become_stale() -> None:
    """There is nothing newer; it says why."""
    health = judge(100.0, 1.0, answered=True, errors=(), remark="the session ends here", final=True)
    assert (health.status, health.ready, health.reasons) == (Status.LIVE, True, ("the session ends here",))


def test_a_remark_is_a_reason() -> None:
    """The target answers, and yet these are not the figures that somebody may think they are."""
    health = judge(0.5, 1.0, answered=True, errors=("host: cannot be read",), remark="this is a replay")
    assert (health.status, health.reasons) == (Status.LIVE, ("this is a replay", "host: cannot be read"))
