"""Slack, and what takes the same: an incoming webhook."""

from collections.abc import Callable
from typing import Final

from monitor.core.channel import Channel
from monitor.core.errors import SendError
from monitor.core.message import Message
from monitor.core.wire import encode
from monitor.net.address import Address, SocketAddress, resolve
from monitor.notify.http import post

_LONGEST: Final = 35_000
"""Slack cuts a text at 40,000 characters."""


class SlackSender:
    """Posts a text of one line per alert."""

    def __init__(self, resolver: Callable[[Address], list[SocketAddress]] = resolve) -> None:
        """Find hosts with `resolver`."""
        self._resolver = resolver

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        """Send it; raises SendError."""
        body = encode({"text": text(message), "link_names": False, "unfurl_links": False})
        answer = post(channel.text("url"), body, message, seconds, resolver=self._resolver)
        if answer.body.strip() not in {b"ok", b""}:
            # An error that came as a success: such receivers say "ok" and nothing else.
            raise SendError("answered 200, but not `ok`")


def text(message: Message) -> str:
    """Return the message in Slack's own mark-up, in which nothing of what it names is any."""
    lines = [f"*{escaped(message.title)}*", *(f"• {escaped(line)}" for line in message.lines)]
    end = f"<{message.link}|Alerts>"
    body = "\n".join(lines)
    if len(body) > _LONGEST:
        body = body[:_LONGEST].rpartition("\n")[0] + "\n…"
    return f"{body}\n{end}"


def escaped(text: str) -> str:
    """Return a text that is shown as it is: no mention, no link, no emphasis."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A zero-width space keeps the signs, but opens nothing.
    for sign in "*_~`@":
        text = text.replace(sign, f"\u200b{sign}\u200b" if sign != "@" else "@\u200b")
    return text
