"""What people are told, and what not."""

import dataclasses

from monitor.core.alert import Alert, Happened, State
from monitor.core.notice import Notice, notices
from monitor.core.rule import RULES

FIRED = Alert.fired(RULES[0], 162.0, 1000, None)
SEEN = FIRED.after(Happened.ACKNOWLEDGED, State.ACKNOWLEDGED, 2000, "me", "on it")
OVER = SEEN.after(Happened.RESOLVED, State.RESOLVED, 3000)


def told(before: Alert | None, after: Alert | None) -> list[str]:
    return [notice.key for notice in notices(before, after)]


def test_each_thing_is_told_once() -> None:
    """What people did themselves they know."""
    assert told(None, None) == []
    assert told(None, FIRED) == ["high-latency-1000:0"]
    assert told(FIRED, SEEN) == []
    assert told(SEEN, OVER) == ["high-latency-1000:2"]
    assert told(None, OVER) == ["high-latency-1000:0", "high-latency-1000:2"]
    assert told(OVER, OVER) == []


def test_the_next_alert_is_another() -> None:
    """Though its log is shorter."""
    again = Alert.fired(RULES[0], 162.0, 0, OVER)
    assert told(OVER, again) == ["high-latency-1001:0"]


def test_of_a_dismissed_one_nothing_more_is_told() -> None:
    """Not even its end."""
    dismissed = FIRED.after(Happened.DISMISSED, State.DISMISSED, 2000)
    over = dismissed.after(Happened.RESOLVED, State.RESOLVED, 3000)
    assert told(dismissed, over) == []
    assert told(None, over) == ["high-latency-1000:0"]


def test_what_is_written_is_read() -> None:
    """All of it."""
    (notice,) = notices(SEEN, OVER)
    assert (notice.kind, notice.at) == (Happened.RESOLVED, 3000)
    assert Notice.read(notice.document()) == notice
    assert dataclasses.replace(notice, key="x") != notice
