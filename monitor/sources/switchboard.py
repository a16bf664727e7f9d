"""The target's optimisations, switched over HTTP."""

import json
import time
from collections.abc import Callable
from typing import Final

from monitor.core.errors import SourceError
from monitor.core.sample import Reading
from monitor.net.address import Address, SocketAddress, resolve
from monitor.net.connection import Answer, Connection
from monitor.sources.optimization import MOST, is_name, names

LOOK_SECONDS: Final = 10.0
"""How long an answer to "what can be switched?" is good for."""
_PATH: Final = "/optimizations"


class HttpSwitchboard:
    """Switches by PUT `/optimizations/<name>` at the target's origin, and learns by GET what can be switched.

    It is also a Source, so that the engine asks on a thread of its own: the answer follows a target that is
    restarted, and a target that lets the question hang holds up neither the tick nor the page.
    """

    name = "optimizations"
    watches_target = False
    metrics: frozenset[str] = frozenset()

    def __init__(
        self,
        address: Address,
        resolver: Callable[[Address], list[SocketAddress]] = resolve,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Talk to the origin of `address`, whatever the path of its metrics."""
        self._address = address
        self._resolve = resolver
        self._monotonic = monotonic
        self._names: frozenset[str] = frozenset()
        self._look_at = monotonic()

    def switch(self, name: str, *, enabled: bool) -> None:
        """Turn one on or off; raises SourceError with a sentence when the target does not do it.

        Safe to call from any thread: each call has a connection of its own.
        """
        if not is_name(name):
            raise SourceError("no optimisation has such a name")
        answer = self._ask("PUT", f"{_PATH}/{name}", json.dumps({"enabled": enabled}).encode())
        if answer.status == 404:
            raise SourceError(f"the target has no optimisation {name!r}")
        if answer.status not in {200, 202, 204}:
            raise SourceError(f"the target answered HTTP {answer.status}")

    def read(self) -> Reading:
        """Look, if the last look is too old, what can be switched."""
        if self._monotonic() >= self._look_at:
            self._look_at = self._monotonic() + LOOK_SECONDS
            try:
                self._names = _offered(self._ask("GET", _PATH))
            except SourceError:  # that the target is down is said by the source that watches it
                self._names = frozenset()
        return Reading(switchable=self._names)

    def close(self) -> None:
        """Nothing to let go of."""

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        connection = Connection(self._address, self._resolve)
        headers = {"Accept": "application/json", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return connection.ask(method, path, headers=headers, body=body)
        finally:
            connection.close()


def _offered(answer: Answer) -> frozenset[str]:
    """Return the names in `{"optimizations": [{"name": ...}, ...]}`, none if the answer is anything else."""
    if answer.status != 200 or answer.content_type != "application/json":
        return frozenset()
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return frozenset()
    entries = content.get("optimizations") if isinstance(content, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST:
        return frozenset()
    return names(entry.get("name") for entry in entries if isinstance(entry, dict))
