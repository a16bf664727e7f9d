"""How often an address has sent a wrong token. That nobody guesses one is what its length is for."""

import threading
from collections import OrderedDict, deque
from typing import Final

from monitor.engine.ports import Clock

TRIES: Final = 5
SPAN_SECONDS: Final = 60.0
_ADDRESSES: Final = 1024


class Attempts:
    """Counts failed tries per address over the last minute; remembers 1,024 addresses."""

    def __init__(self, clock: Clock) -> None:
        """Time by the monotonic clock."""
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        # Guards the failures: requests of one address come on many threads.
        self._lock = threading.Lock()

    def wait_seconds(self, address: str) -> float:
        """Return how long the address has to wait before it may try again; 0 when it may."""
        with self._lock:
            failures = self._failures.get(address)
            if failures is None or len(failures) < TRIES:
                return 0.0
            return max(0.0, failures[0] + SPAN_SECONDS - self._clock.monotonic())

    def failed(self, address: str) -> None:
        """Count one failed try."""
        with self._lock:
            self._failures.setdefault(address, deque(maxlen=TRIES)).append(self._clock.monotonic())
            self._failures.move_to_end(address)
            if len(self._failures) > _ADDRESSES:
                self._failures.popitem(last=False)
