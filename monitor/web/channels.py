"""`/api/v1/channels`: how people are told of alerts. What is secret goes in and never comes out."""

import secrets
from typing import Any, Final

from flask import Flask, Response

from monitor.core.channel import Channel
from monitor.core.channel_state import ChannelState
from monitor.core.errors import InvalidInputError
from monitor.core.rounding import rounded
from monitor.engine.delivery import Delivery
from monitor.web.body import sent
from monitor.web.errors import answer

PATH: Final = "/api/v1/channels"


def install(server: Flask, delivery: Delivery) -> None:
    """Add the routes."""

    @server.get(PATH)
    def channels() -> Response:
        """All channels, and how they stand."""
        return answer({"channels": [channel_document(*one) for one in delivery.channels()]})

    @server.get(f"{PATH}/<identity>")
    def channel(identity: str) -> Response:
        """One of them."""
        return answer({"channel": channel_document(*delivery.get(identity))})

    @server.post(PATH)
    def add_channel() -> Response:
        """Tell people in one more way."""
        made = Channel.read(_document(secrets.token_hex(4)))
        return _answer(made, 201, kept=delivery.put(made))

    @server.put(f"{PATH}/<identity>")
    def replace_channel(identity: str) -> Response:
        """Change it; a secret that is left out stays as it is."""
        kept, _ = delivery.get(identity)
        made = Channel.read(_document(identity), kept)
        # It may have been deleted meanwhile, and must not come back.
        return _answer(made, 200, kept=delivery.put(made, changed=True))

    @server.delete(f"{PATH}/<identity>")
    def remove_channel(identity: str) -> Response:
        """Forget it, and what it was not told yet."""
        return answer({"deleted": identity, "kept": delivery.remove(identity)})

    @server.post(f"{PATH}/<identity>/test")
    def try_channel(identity: str) -> Response:
        """Send a test message now, and say what came of it."""
        outcome = delivery.test(identity)
        return answer(
            {"sent": not outcome.problem, "problem": outcome.problem, "seconds": rounded(outcome.seconds)}
        )

    def _answer(made: Channel, status: int, *, kept: bool) -> Response:
        return answer({"channel": channel_document(*delivery.get(made.id)), "kept": kept}, status)


def channel_document(channel: Channel, state: ChannelState) -> dict[str, Any]:
    """Return a channel as JSON, without its secrets."""
    return {**channel.shown(), "state": state.document()}


def _document(identity: str) -> object:
    """Return the body, which `Channel.read` checks, under this id."""
    content = sent()
    if not isinstance(content, dict):
        raise InvalidInputError("body", "must be an object")
    if content.get("id", identity) != identity:
        raise InvalidInputError("id", f"must be {identity} or absent: it names the channel for good")
    return {**content, "id": identity}
