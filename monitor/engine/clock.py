"""The machine's own clocks."""

import time


class SystemClock:
    """Clock port over the operating system."""

    def wall(self) -> float:
        """Return epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()
