"""Faults: trouble that can be switched on for a while, for alerts and demonstrations."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

MAX_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What may be injected: `amount` is over 0 and at most `maximum`, in `unit`."""

    name: str
    unit: str
    maximum: float
    description: str


KINDS = (
    FaultKind("latency", "ms", 5000.0, "each model call waits this much longer"),
    FaultKind("errors", "%", 100.0, "this share of the tasks fails in the worker"),
    FaultKind(
        "memory_leak",
        "MB/s",
        50.0,
        "memory is taken and kept at this rate, 512 MB at most, until the fault ends",
    ),
    FaultKind("cpu", "% of one core", 90.0, "a thread computes for this share of the time"),
)


@dataclass(frozen=True, slots=True)
class ActiveFault:
    """A fault that is on: its amount in its kind's unit, and the monotonic second at which it ends."""

    amount: float
    until: float


class Faults:
    """The faults that are on now; each ends by itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Guards the table below and wakes the threads that wait for a fault to begin.
        self._changed = threading.Condition()
        self._active: dict[str, ActiveFault] = {}

    def put(self, name: str, amount: float, seconds: float) -> None:
        """Begin or replace a fault; the caller has checked the ranges."""
        with self._changed:
            self._active = {**self._active, name: ActiveFault(amount, self._clock() + seconds)}
            self._changed.notify_all()

    def clear(self, name: str) -> None:
        """End a fault now; nothing happens when it is not on."""
        with self._changed:
            self._active = {key: fault for key, fault in self._active.items() if key != name}

    def active(self, name: str) -> ActiveFault | None:
        """The fault while it is on, else None; needs no lock, as the table is replaced, never changed."""
        fault = self._active.get(name)
        return fault if fault is not None and self._clock() < fault.until else None

    def amount(self, name: str) -> float:
        """The amount in the unit of its kind, 0.0 while the fault is off."""
        fault = self.active(name)
        return 0.0 if fault is None else fault.amount

    def remaining(self, name: str) -> float | None:
        """Seconds until the fault ends, None while it is off."""
        fault = self.active(name)
        return None if fault is None else max(0.0, fault.until - self._clock())

    def wait(self, name: str) -> None:
        """Block until the fault is on."""
        with self._changed:
            self._changed.wait_for(lambda: self.active(name) is not None)
