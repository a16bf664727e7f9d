"""Task: one request on its way through the hub."""

from dataclasses import dataclass

from monitor.samplehub.pool import Buffer


@dataclass(slots=True)
class Task:
    """One accepted request.

    `intended` is the monotonic second at which the request was meant to start; latency counts from there, so
    that a late hub does not hide its own lateness. `lane` is the worker (0 or 1) that static assignment gives
    it to. `buffer` holds the encoded request from admission on and the answer at the end.
    """

    id: int
    intended: float
    lane: int
    buffer: Buffer
