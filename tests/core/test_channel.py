"""Channels: what is accepted, and what is shown of them."""

from typing import Any

import pytest

from monitor.core.channel import Channel
from monitor.core.channel_settings import ChannelKind
from monitor.core.errors import InvalidInputError
from monitor.core.quiet_hours import QuietHours
from notices import SETTINGS, channel

CANARY = "c4n4ry"
SECRETS: dict[str, dict[str, Any]] = {
    "email": {"user": "me", "password": CANARY},
    "slack": {"url": f"https://hooks.slack.com/services/{CANARY}"},
    "webhook": {"url": f"https://example.org:8443/{CANARY}?a={CANARY}", "authorization": f"Bearer {CANARY}"},
    "apprise": {"address": f"tgram://{CANARY}/{CANARY}"},
}


@pytest.mark.parametrize("kind", [*ChannelKind])
def test_what_is_kept_can_be_taken_back_and_what_is_shown_holds_no_secret(kind: str) -> None:
    """The secrets are in the store's document alone."""
    made = channel(kind, settings=SECRETS[kind], quiet_hours={"from": "22:00", "to": "07:30"})
    assert Channel.read(made.document()) == made
    assert CANARY in repr(made.document())
    assert CANARY not in repr(made.shown()) + repr(made) + str(made) + repr(dict(made.settings))


def test_what_is_shown_of_a_secret_is_where_it_leads() -> None:
    """Scheme and host of a URL; of an Apprise address not even that, since its host may be a token."""
    assert channel("webhook", settings=SECRETS["webhook"]).shown()["settings"] == {
        "url": "https://example.org:8443/…",
        "authorization": "set",
    }
    assert channel("apprise", settings=SECRETS["apprise"]).shown()["settings"] == {"address": "tgram://…"}
    assert channel("email").shown()["settings"]["password"] == ""


@pytest.mark.parametrize("kind", [*ChannelKind])
def test_a_secret_that_is_left_out_is_as_before(kind: str) -> None:
    """An update need not know it."""
    made = channel(kind, settings=SECRETS[kind])
    document = made.document() | {"name": "another"}
    document["settings"] = {
        name: value for name, value in document["settings"].items() if CANARY not in str(value)
    }
    changed = Channel.read(document, made)
    assert changed.settings == made.settings
    assert changed.name == "another"


@pytest.mark.parametrize("kind", ["webhook", "slack", "apprise", "email"])
def test_a_secret_that_is_sent_as_it_is_shown_is_as_before(kind: str) -> None:
    """Whoever sends back what they got changes nothing."""
    made = channel(kind, settings=SECRETS[kind])
    document = made.document() | {"settings": made.shown()["settings"]}
    assert Channel.read(document, made) == made


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("email", {"host": "evil.example"}, "settings.password"),
        ("email", {"port": 26}, "settings.password"),
        ("email", {"tls": "starttls"}, "settings.password"),
        ("webhook", {"url": "http://evil.example/"}, "settings.authorization"),
    ],
)
def test_a_secret_does_not_follow_to_another_place(kind: str, change: dict[str, Any], field: str) -> None:
    """Or whoever can change a channel could have it sent to themselves."""
    made = channel(kind, settings=SECRETS[kind])
    document = made.document()
    for name in ("password", "authorization", "url"):
        document["settings"].pop(name, None)
    document["settings"] |= change
    with pytest.raises(InvalidInputError) as refused:
        Channel.read(document, made)
    assert refused.value.field == field
    document["settings"][field.removeprefix("settings.")] = "known"
    Channel.read(document, made)


def test_secrets_of_another_kind_are_not_kept() -> None:
    """A Slack URL is no webhook's."""
    with pytest.raises(InvalidInputError, match=r"settings\.url: is required"):
        Channel.read(channel("slack").document() | {"kind": "webhook", "settings": {}}, channel("slack"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Ops"),
        ("id", None),
        ("name", ""),
        ("name", "a\nb"),
        ("name", "x" * 81),
        ("name", 5),
        ("kind", "pager"),
        ("kind", None),
        ("settings", []),
        ("severity", "bad"),
        ("resolved", 1),
        ("enabled", "yes"),
        ("quiet_lets_critical", None),
        ("quiet_hours", "22-7"),
        ("quiet_hours.from", {"from": "24:00", "to": "07:00"}),
        ("quiet_hours.to", {"from": "22:00", "to": "7:00"}),
        ("quiet_hours.to", {"from": "22:00", "to": "22:00"}),
        ("colour", "red"),
    ],
)
def test_a_bad_field_is_named(field: str, value: object) -> None:
    """With its rule."""
    with pytest.raises(InvalidInputError) as refused:
        Channel.read(channel().document() | {field.partition(".")[0]: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("email", "host", "a b"),
        ("email", "host", ""),
        ("email", "host", "-x"),
        ("email", "port", 0),
        ("email", "port", True),
        ("email", "port", "25"),
        ("email", "tls", "ssl"),
        ("email", "sender", "Ops <ops@example.org>"),
        ("email", "sender", "a@b\r\nBcc: c@d"),
        ("email", "recipients", []),
        ("email", "recipients", "ops@example.org"),
        ("email", "recipients", ["ops"]),
        ("email", "recipients", [f"a{number}@b" for number in range(21)]),
        ("email", "password", "a\r\nb"),
        ("email", "user", 1),
        ("slack", "url", "ftp://x/"),
        ("slack", "url", "file:///etc/passwd"),
        ("slack", "url", "http://me:word@host/"),
        ("slack", "url", "http://host/a b"),
        ("slack", "url", "http://host:99999/"),
        ("slack", "url", "http://host/#f"),
        ("slack", "url", "http://host/" + 2000 * "x"),
        ("slack", "url", None),
        ("webhook", "authorization", "a\nb"),
        ("apprise", "address", "no-address"),
        ("apprise", "address", "file:///etc/passwd"),
        ("apprise", "address", "https://host/"),
        ("apprise", "address", "tgram://a b"),
        ("slack", "colour", "red"),
    ],
)
def test_a_bad_setting_is_named_and_its_value_is_not_repeated(kind: str, name: str, value: object) -> None:
    """It may be a secret."""
    document = channel(kind).document()
    document["settings"] = {**SETTINGS[kind], name: value}
    with pytest.raises(InvalidInputError) as refused:
        Channel.read(document)
    assert refused.value.field == f"settings.{name}"
    assert not isinstance(value, str) or len(value) < 5 or value not in refused.value.message


@pytest.mark.parametrize("document", [None, [], "x", {}])
def test_what_is_no_channel_is_refused(document: object) -> None:
    """Whatever it is."""
    with pytest.raises(InvalidInputError):
        Channel.read(document)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [(60, 120, [60, 119]), (1320, 420, [1320, 1439, 0, 419])],
)
def test_quiet_hours_may_go_over_midnight(start: int, end: int, held: list[int]) -> None:
    """Their end is not in them."""
    quiet = QuietHours(start, end)
    assert all(map(quiet.hold, held))
    assert not quiet.hold(end)
    assert not quiet.hold(start - 1)
