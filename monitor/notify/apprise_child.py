"""`python -m monitor.notify.apprise_child`: sends one message that standard input describes.

It is `{"address", "title", "body", "seconds"}`; `{"sent", "known", "status"}` comes out: whether it was taken,
whether there is such an address, and the status of an answer that was none of success, 0 where none is known.
"""

import logging
import re
import signal
import socket
import sys
from typing import Any, Final

import apprise
import orjson
import requests

from monitor.net.address import forbidden

_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
_resolved = socket.getaddrinfo


class _Statuses(logging.Handler):
    """Finds the status in what Apprise logs, which is the only place where it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 0

    def emit(self, record: logging.LogRecord) -> None:
        found = _STATUS.search(record.getMessage())
        if found is not None:
            self.status = int(found[1])


def _guarded(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the function that it stands for
    """Resolve a name; one that leads to a link-local or metadata address is not found."""
    found = _resolved(*args, **options)
    if any(forbidden(str(place[0])) for *_, place in found):
        raise socket.gaierror(socket.EAI_NONAME, "refused")
    return found


def _guard() -> None:
    """Refuse forbidden addresses whatever leads there; follow no redirect; take nothing from the environment."""
    socket.getaddrinfo = _guarded
    requests.Session.trust_env = property(_no, _stay)  # type: ignore[assignment]
    requests.Session.get_redirect_target = _nowhere  # type: ignore[method-assign,assignment]


def _no(_: requests.Session) -> bool:
    return False


def _stay(_: requests.Session, value: bool) -> None:
    del value


def _nowhere(_: requests.Session, resp: requests.Response) -> None:
    del resp


def main() -> int:
    """Send it."""
    order = orjson.loads(sys.stdin.buffer.read())
    # Whoever waits for it may have been killed meanwhile.
    signal.alarm(round(order["seconds"]) + 1)
    _guard()
    statuses = _Statuses()
    logger = logging.getLogger("apprise")
    logger.addHandler(statuses)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    asset = apprise.AppriseAsset(secure_logging=True, http_redirects=False, async_mode=False)
    service = apprise.Apprise.instantiate(order["address"], asset=asset, suppress_exceptions=True)
    sent = False
    if service is not None:
        sender = apprise.Apprise(asset=asset)
        sender.add(service)
        sent = bool(sender.notify(body=order["body"], title=order["title"], body_format=apprise.NotifyFormat.TEXT))
    outcome = {"sent": sent, "known": service is not None, "status": statuses.status}
    sys.stdout.buffer.write(orjson.dumps(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
