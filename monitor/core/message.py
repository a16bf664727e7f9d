"""What is sent to people at once: the news of some alerts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self

from monitor.core.alert import Alert, Happened
from monitor.core.notice import Notice

_MOST_NAMED: Final = 20
_WORDS: Final = {
    Happened.FIRED: "firing",
    Happened.RAISED: "firing, more severe now",
    Happened.NO_DATA: "firing, no data any more",
    Happened.RESOLVED: "resolved",
}


@dataclass(frozen=True, slots=True)
class Message:
    """The newest notice of each alert it spells out, in the order in which they began to wait.

    `id` names it at its receiver, also when it is sent again. `target` is what is watched, `link` where its page
    is. `rest` counts by rule the alerts of which it only says how many they were. A `trial` tries the channel out.
    """

    id: str
    channel: str
    at: int
    target: str
    link: str
    notices: tuple[Notice, ...]
    rest: Mapping[str, int] = field(default_factory=dict)
    trial: bool = False

    @property
    def truncated(self) -> int:
        """Return how many alerts are only counted."""
        return sum(self.rest.values())

    @property
    def title(self) -> str:
        """Return one line."""
        if self.trial:
            return f"Test message of the monitor of {self.target}"
        if len(self.notices) == 1 and not self.rest:
            [notice] = self.notices
            alert = notice.alert
            return f"[{alert.rule.severity.value}] {alert.rule.name} on {self.target}: {word(notice)}"
        over = sum(is_over(notice) for notice in self.notices)
        counts = [(len(self.notices) - over, "firing"), (over, "resolved"), (self.truncated, "more")]
        return f"Alerts on {self.target}: " + ", ".join(f"{count} {what}" for count, what in counts if count)

    @property
    def lines(self) -> list[str]:
        """Return a line for each alert, then one for each rule of the rest, of which there may be many."""
        if self.trial:
            return ["This is a test: nothing is wrong, and alerts come this way."]
        spelled = [_line(notice) for notice in self.notices]
        most = Counter(self.rest).most_common(_MOST_NAMED)
        others = self.truncated - sum(count for _, count in most)
        counted = [f"and {count} more of {name}" for name, count in most]
        return [*spelled, *counted, *([f"and {others} more of other rules"] if others else [])]

    def document(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {
            "channel": self.channel,
            "target": self.target,
            "link": self.link,
            "notices": [notice.document() for notice in self.notices],
            "rest": dict(self.rest),
        }

    @classmethod
    def read(cls, identity: str, at: int, document: Mapping[str, Any]) -> Self:
        """Take back such a document; raises ValueError, KeyError, TypeError or InvalidInputError for another."""
        return cls(
            id=identity,
            channel=str(document["channel"]),
            at=at,
            target=str(document["target"]),
            link=str(document["link"]),
            notices=tuple(map(Notice.read, document["notices"])),
            rest={str(name): int(count) for name, count in document["rest"].items()},
        )


def is_over(notice: Notice) -> bool:
    """Tell whether it says that the alert is over."""
    return notice.kind is Happened.RESOLVED


def word(notice: Notice) -> str:
    """Return in a few words how the alert stands, and why it ended where its values are not the reason."""
    why = notice.alert.log[-1].note if is_over(notice) else ""
    said = _WORDS.get(notice.kind, notice.kind.value)
    return f"{said}: {why}" if why else said


def _line(notice: Notice) -> str:
    alert = notice.alert
    return " ".join(
        (f"[{alert.rule.severity.value}]", f"{alert.message} ({word(notice)};", ", ".join(_moments(alert)) + ")")
    )


def _moments(alert: Alert) -> Iterator[str]:
    yield f"from {_utc(alert.fired_at)}"
    if alert.resolved_at is not None:
        yield f"to {_utc(alert.resolved_at)}"


def _utc(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
