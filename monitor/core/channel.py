"""A way to reach people: where to, what of, and when not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeVar

from monitor.core.channel_settings import ChannelKind, Value, read_settings
from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line
from monitor.core.quiet_hours import QuietHours
from monitor.core.rule import Severity
from monitor.core.secret import Secret

NAME_LENGTH: Final = 80
FIELDS: Final = (
    "id",
    "name",
    "kind",
    "settings",
    "severity",
    "resolved",
    "quiet_hours",
    "quiet_lets_critical",
    "enabled",
)
Word = TypeVar("Word", ChannelKind, Severity)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Channel:
    """Tells of alerts of `severity` and above, and with `resolved` of their end, too.

    `settings` are those of its kind, secrets as `Secret`. In its quiet hours nothing is told but critical alerts,
    where `quiet_lets_critical` is true; what they held back is told at their end.
    """

    id: str
    name: str
    kind: ChannelKind
    settings: Mapping[str, Value] = field(repr=False)
    severity: Severity = Severity.WARNING
    resolved: bool = True
    quiet_hours: QuietHours | None = None
    quiet_lets_critical: bool = True
    enabled: bool = True

    def text(self, name: str) -> str:
        """Return one of the settings as a text, a secret as it is; "" where the kind has none of the name."""
        value = self.settings.get(name, "")
        return value.text if isinstance(value, Secret) else str(value)

    def document(self) -> dict[str, Any]:
        """Return what is kept of it, secrets and all: for the store alone."""
        return self._document(lambda secret: secret.text)

    def shown(self) -> dict[str, Any]:
        """Return what may be seen of it: of secrets only that they are there, or to which host they lead."""
        return self._document(str)

    def _document(self, secret: Callable[[Secret], str]) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind.value,
            "settings": {name: _plain(value, secret) for name, value in self.settings.items()},
            "severity": self.severity.value,
            "resolved": self.resolved,
            "quiet_hours": None if self.quiet_hours is None else self.quiet_hours.document(),
            "quiet_lets_critical": self.quiet_lets_critical,
            "enabled": self.enabled,
        }

    @classmethod
    def read(cls, document: object, kept: "Channel | None" = None) -> Self:
        """Take back such a document; what it leaves out of its secrets is as in `kept`.

        Raises InvalidInputError, which names the field.
        """
        if not isinstance(document, dict):
            raise InvalidInputError("channel", "must be an object")
        for name in document:
            if name not in FIELDS:
                raise InvalidInputError(str(name)[:40], f"is not a field; the fields are {', '.join(FIELDS)}")
        identity = document.get("id")
        if not isinstance(identity, str) or not _ID.fullmatch(identity):
            raise InvalidInputError("id", "must be 1 to 64 of a-z, 0-9 and -")
        kind = _one_of("kind", document.get("kind"), ChannelKind)
        old = kept.settings if kept is not None and kept.kind is kind else {}
        quiet = document.get("quiet_hours")
        return cls(
            id=identity,
            name=_name(document.get("name")),
            kind=kind,
            settings=read_settings(kind, document.get("settings"), old),
            severity=_one_of("severity", document.get("severity", Severity.WARNING.value), Severity),
            resolved=_flag(document, "resolved"),
            quiet_hours=None if quiet is None else QuietHours.read("quiet_hours", quiet),
            quiet_lets_critical=_flag(document, "quiet_lets_critical"),
            enabled=_flag(document, "enabled"),
        )


def _plain(value: Value, secret: Callable[[Secret], str]) -> str | int | list[str]:
    if isinstance(value, Secret):
        return secret(value)
    return list(value) if isinstance(value, tuple) else value


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > NAME_LENGTH or not value.strip():
        raise InvalidInputError("name", f"must be a text of 1 to {NAME_LENGTH} characters")
    if not is_line(value):
        raise InvalidInputError("name", "must be one line of printable characters")
    return value.strip()


def _one_of(field: str, value: object, words: type[Word]) -> Word:
    if not isinstance(value, str) or value not in list(words):
        raise InvalidInputError(field, f"must be one of {', '.join(words)}")
    return words(value)


def _flag(document: Mapping[str, object], name: str) -> bool:
    value = document.get(name, True)
    if not isinstance(value, bool):
        raise InvalidInputError(name, "must be true or false")
    return value
