"""Everything else, by Apprise: in a child process, which can be ended, and which has no environment of ours."""

import os
import subprocess
import sys
from typing import Final

import orjson

from monitor.core.channel import Channel
from monitor.core.errors import SendError
from monitor.core.message import Message

_KEPT: Final = ("PATH", "LANG", "PYTHONPATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT", "TZ")
"""No proxies, no token of ours."""
_REFUSED: Final = 400
_ERRORS: Final = 500
_LATER: Final = frozenset({408, 425, 429})


class AppriseSender:
    """One message, one child."""

    def send(self, channel: Channel, message: Message, seconds: float) -> None:
        """Send it; raises SendError."""
        order = {
            "address": channel.text("address"),
            "title": message.title,
            "body": "\n".join([*message.lines, message.link]),
            "seconds": seconds,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "monitor.notify.apprise_child"],
                input=orjson.dumps(order),
                capture_output=True,
                check=False,
                timeout=seconds,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise SendError(f"no answer within {seconds:g} s") from None
        except OSError:
            raise SendError("Apprise could not be started") from None
        _judge(done.stdout)


def _judge(said: bytes) -> None:
    """Raise SendError for anything but success; what the child says holds numbers and words of ours alone."""
    try:
        outcome = orjson.loads(said)
        sent, known, status = outcome["sent"], outcome["known"], int(outcome["status"])
    except (orjson.JSONDecodeError, LookupError, TypeError, ValueError):
        raise SendError("Apprise failed") from None
    if sent:
        return
    if not known:
        raise SendError("Apprise does not know such an address", permanent=True)
    permanent = _REFUSED <= status < _ERRORS and status not in _LATER
    raise SendError(
        f"Apprise could not send it (answered {status})" if status else "Apprise could not send it",
        permanent=permanent,
    )
