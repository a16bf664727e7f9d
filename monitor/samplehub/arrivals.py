"""Arrivals: when the next requests come, and from which tenant."""

import random
from bisect import bisect
from itertools import accumulate

TENANTS = 12
# Clients do not wait for a hub that stands still: what was due meanwhile has been offered, and is timed from then.
# Beyond this the machine itself was asleep, its clients with it.
LONGEST_PAUSE = 60.0


class Arrivals:
    """A seeded stream of requests at `rate` per second.

    The gaps are uniform between zero and twice the mean: irregular, but with a steady count per second (a
    variation of about 2.4 % at 600/s). Tenant k of 12 is chosen with a weight of 1/k, as a few customers
    usually make most of the load.
    """

    def __init__(self, rate: float, rng: random.Random, start: float) -> None:
        self._longest_gap = 2.0 / rate
        self._rng = rng
        self._weights = list(accumulate(1.0 / k for k in range(1, TENANTS + 1)))
        self._next = start

    def due(self, now: float) -> list[tuple[float, int]]:
        """The requests due up to `now` (monotonic seconds), oldest first, as (intended start, tenant)."""
        if now - self._next > LONGEST_PAUSE:
            self._next = now
        requests = []
        draw, weights = self._rng.random, self._weights
        while self._next <= now:
            requests.append((self._next, bisect(weights, draw() * weights[-1])))
            self._next += self._longest_gap * draw()
        return requests
