"""What a message says of its alerts."""

from dataclasses import replace

from monitor.core.alert import Alert, Happened, State
from monitor.core.message import Message
from monitor.core.notice import Notice
from monitor.core.rule import RULES

FIRED = Alert.fired(RULES[0], 162.0, 1_700_000_000_000, None)


def said(alert: Alert) -> str:
    notice = Notice(f"{alert.id}:1", alert, alert.log[-1].kind, alert.log[-1].at)
    [line] = Message("m", "ops", 0, "hub", "http://localhost/", (notice,)).lines
    return line


def test_an_end_that_is_no_better_value_says_why() -> None:
    """The rule is gone; the value is as bad as it was."""
    gone = FIRED.after(Happened.RESOLVED, State.RESOLVED, 1_700_000_060_000, note="the rule was deleted")
    assert "162 ms > 150 ms (resolved: the rule was deleted; from 2023-11-14" in said(gone)
    over = replace(FIRED, value=20.0).after(Happened.RESOLVED, State.RESOLVED, 1_700_000_060_000)
    assert "(resolved; from 2023-11-14" in said(over)
