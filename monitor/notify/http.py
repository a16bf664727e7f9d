"""One request to a receiver of messages, and what its answer means."""

import email.utils
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from monitor.core.errors import SendError, SettingsError, SourceError
from monitor.core.message import Message
from monitor.net.address import Address, SocketAddress, parse_address, resolve
from monitor.net.connection import Answer, Connection

JSON: Final = "application/json"
_LATER: Final = frozenset({408, 425, 429})
_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)


def post(
    url: str,
    body: bytes,
    message: Message,
    seconds: float,
    *,
    headers: Mapping[str, str] | None = None,
    resolver: Callable[[Address], list[SocketAddress]] = resolve,
) -> Answer:
    """Post JSON and return the answer, which is a 2xx; raises SendError for every other.

    No redirect is followed, nothing is taken from the environment.
    """
    try:
        address = parse_address("url", url, "/")
    except SettingsError:
        raise SendError("the URL of the channel cannot be used", permanent=True) from None
    try:
        connection = Connection(address, resolver)
        try:
            answer = connection.ask(
                "POST",
                address.path,
                headers={"Content-Type": JSON, "Idempotency-Key": message.id, **(headers or {})},
                seconds=seconds,
                body=body,
            )
        finally:
            connection.close()
    except SourceError as problem:
        raise SendError(str(problem)) from None
    except ssl.SSLError:
        raise SendError("TLS failed") from None
    judge(answer)
    return answer


def judge(answer: Answer) -> None:
    """Raise SendError for an answer that is no 2xx: below 500 it stays so, but where it says "later"."""
    status = answer.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise SendError(f"answered {status}; redirects are not followed", permanent=True)
    permanent = 400 <= status < 500 and status not in _LATER
    raise SendError(f"answered {status}", wish(answer.retry_after), permanent=permanent)


def wish(header: str, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After asks for, in seconds or as a date; None where it is neither."""
    header = header.strip()
    if _SECONDS.fullmatch(header):
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
