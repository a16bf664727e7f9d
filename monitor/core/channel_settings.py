"""What each kind of channel has to know, field by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line
from monitor.core.secret import Secret

Value = str | int | tuple[str, ...] | Secret

MOST_RECIPIENTS: Final = 20
_LONGEST_URL: Final = 2000
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|[0-9A-Fa-f:.]{2,45}", re.ASCII)
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_WEB: Final = re.compile(r"(https?://)([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?([/?][!-~]*)?", re.ASCII)
_APPRISE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31}://)[!-~]+", re.ASCII)
_VISIBLE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?", re.ASCII)
_NEVER: Final = frozenset({"file", "gopher", "include", "http", "https", "windows", "dbus", "syslog"})
"""Of the addresses that Apprise might know: no channels, or none that leads off this machine."""


class ChannelKind(StrEnum):
    """How people are reached."""

    EMAIL = "email"
    SLACK = "slack"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class Tls(StrEnum):
    """How a mail server is spoken to."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Setting:
    """One field: `read` checks it (field, value); without a `default` it is required."""

    read: Callable[[str, object], Value]
    default: Value | None = None
    secret: bool = False


def _text(most: int, pattern: re.Pattern[str], rule: str, *, empty: bool = False) -> Callable[[str, object], str]:
    def read(field: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > most or not is_line(value):
            raise InvalidInputError(field, f"must be {rule}")
        value = value.strip()
        if not (pattern.fullmatch(value) or (empty and not value)):
            raise InvalidInputError(field, f"must be {rule}")
        return value

    return read


def _port(field: str, value: object) -> int:
    if type(value) is not int or not 1 <= value <= 65535:
        raise InvalidInputError(field, "must be a whole number, 1 to 65535")
    return value


def _tls(field: str, value: object) -> str:
    if not isinstance(value, str) or value not in list(Tls):
        raise InvalidInputError(field, f"must be one of {', '.join(Tls)}")
    return str(value)


_mail = _text(320, _MAIL, "an e-mail address such as ops@example.org")


def _recipients(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_RECIPIENTS:
        raise InvalidInputError(field, f"must be a list of 1 to {MOST_RECIPIENTS} e-mail addresses")
    return tuple(dict.fromkeys(_mail(field, one) for one in value))


def _web(field: str, value: object) -> Secret:
    rule = f"an http:// or https:// URL of at most {_LONGEST_URL} ASCII characters, with no user name in it"
    text = _text(_LONGEST_URL, _WEB, rule)(field, value)
    found = _WEB.fullmatch(text)
    if found is None or "#" in text or (found[3] and not 1 <= int(found[3][1:]) <= 65535):
        raise InvalidInputError(field, f"must be {rule}")
    return Secret(text, f"{found[1]}{found[2]}{found[3] or ''}/…")


def _apprise(field: str, value: object) -> Secret:
    rule = "an Apprise address such as tgram://token/chat"
    text = _text(_LONGEST_URL, _APPRISE, rule)(field, value)
    scheme = text.partition("://")[0]
    if scheme.lower() in _NEVER:
        raise InvalidInputError(field, f"must be {rule}; {scheme}:// is none")
    # What follows may be a token, whatever it is called.
    return Secret(text, f"{scheme}://…")


def _hidden(field: str, value: object) -> Secret:
    text = _text(1000, _VISIBLE, "at most 1000 visible ASCII characters", empty=True)(field, value)
    return Secret(text, "set" if text else "")


_any_line = _text(320, re.compile(r".*"), "one line of at most 320 characters")

SETTINGS: Final[Mapping[ChannelKind, Mapping[str, Setting]]] = MappingProxyType(
    {
        ChannelKind.EMAIL: {
            "host": Setting(_text(253, _HOST, "the name of a mail server")),
            "port": Setting(_port, 587),
            "tls": Setting(_tls, Tls.STARTTLS.value),
            "user": Setting(_any_line, ""),
            "password": Setting(_hidden, Secret("", ""), secret=True),
            "sender": Setting(_mail),
            "recipients": Setting(_recipients),
        },
        ChannelKind.SLACK: {"url": Setting(_web, secret=True)},
        ChannelKind.WEBHOOK: {
            "url": Setting(_web, secret=True),
            "authorization": Setting(_hidden, Secret("", ""), secret=True),
        },
        ChannelKind.APPRISE: {"address": Setting(_apprise, secret=True)},
    }
)

_GOES_TO: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"password": ("host", "port", "tls"), "authorization": ("url",)}
)
"""Where a secret is sent: whoever changes that has to know the secret, or it could be sent to anybody."""


def _is_hint(value: object, kept: Value | None) -> bool:
    """Tell whether this is what was shown instead of a secret."""
    return isinstance(kept, Secret) and bool(kept.text) and value == kept.hint


def read_settings(kind: ChannelKind, document: object, kept: Mapping[str, Value]) -> dict[str, Value]:
    """Check the settings of a channel; a secret that is left out, or sent as it is shown, is the one in `kept`.

    Raises InvalidInputError, which names the field as `settings.<name>`.
    """
    if not isinstance(document, dict):
        raise InvalidInputError("settings", "must be an object")
    table = SETTINGS[kind]
    document = {name: value for name, value in document.items() if not _is_hint(value, kept.get(name))}
    for name in document:
        if name not in table:
            raise InvalidInputError(
                f"settings.{str(name)[:40]}", f"is not a field of {kind.value}; the fields are {', '.join(table)}"
            )
    values: dict[str, Value] = {}
    for name, setting in table.items():
        field = f"settings.{name}"
        if name in document:
            values[name] = setting.read(field, document[name])
        elif setting.secret and name in kept:
            values[name] = kept[name]
        elif setting.default is not None:
            values[name] = setting.default
        else:
            raise InvalidInputError(field, "is required")
    for name, places in _GOES_TO.items():
        moved = any(kept.get(place) != values.get(place) for place in places)
        old = kept.get(name)
        if moved and name not in document and isinstance(old, Secret) and old.text:
            raise InvalidInputError(f"settings.{name}", f"must be given again where {' or '.join(places)} changes")
    return values
