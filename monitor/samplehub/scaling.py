"""Scaler: how many workers the load needs."""

import math

MIN_WORKERS = 2
MAX_WORKERS = 8
TARGET_BUSY = 0.5
DOWN_AFTER_SECONDS = 10


class Scaler:
    """Aims at workers that are busy half of the time: up at once, down by one after ten calmer seconds."""

    def __init__(self) -> None:
        self._calm = 0

    def decide(self, active: int, busy: float) -> int:
        """The workers for the next second; `busy` is the mean number of busy ones over the last."""
        needed = min(MAX_WORKERS, max(MIN_WORKERS, math.ceil(busy / TARGET_BUSY)))
        self._calm = self._calm + 1 if needed < active else 0
        if needed >= active:
            return needed
        if self._calm < DOWN_AFTER_SECONDS:
            return active
        self._calm = 0
        return active - 1
