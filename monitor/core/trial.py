"""The message by which a channel is tried out."""

from typing import Final

from monitor.core.alert import Alert, Happened
from monitor.core.message import Message
from monitor.core.notice import Notice
from monitor.core.rule import Condition, Rule, Severity

_RULE: Final = Rule("test", "Test message", "latency_ms", Condition.ABOVE, 1.0, Severity.INFO)
_VALUE: Final = 2.0


def trial(identity: str, channel: str, at: int, *, target: str, link: str) -> Message:
    """Return a message of one alert that never was, and says so."""
    alert = Alert.fired(_RULE, _VALUE, at, None)
    notice = Notice(f"{alert.id}:0", alert, Happened.FIRED, at)
    return Message(identity, channel, at, target, link, (notice,), trial=True)
