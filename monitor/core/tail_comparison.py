"""The tail's share since a change against the baseline's: as any metric, but that it may be 0."""

import math
from typing import Final

from monitor.core.comparison import LEAST_SECONDS, Comparison, Estimate
from monitor.core.student import student_quantile
from monitor.core.tail import LEAST_SLOW, Tail

_NONE: Final = -20.0
"""The log ratio of no slow operation at all, in place of minus infinity."""
_LEAST_DEGREES: Final = 4.0


class TailComparison(Comparison):
    """Takes one share a second; says nothing until so many operations were made that 20 would have been slow."""

    def __init__(self, tail: Tail) -> None:
        """Begin to compare with `tail`."""
        super().__init__(tail.share.reference)
        self._share = tail.share.mean / 100.0
        self._expected = 0.0
        self._slow = False

    def take(self, value: float, operations: float) -> None:
        """Take the next second's share over what is expected, and of how many operations it is."""
        self.add(value)
        if not math.isnan(value):
            self._expected += self._share * operations
            self._slow = self._slow or value > 0

    def estimate(self) -> Estimate | None:
        """Return what is known now; none slow of many is known too, bounded by how likely chance makes it."""
        if self.seconds < LEAST_SECONDS or self._expected < LEAST_SLOW:
            return None
        if self._slow:
            return super().estimate()
        # Exceedances that count as independent ones: a share's relative variance is one over their number.
        reference = self.reference
        expected = min(self._expected, self.seconds / reference.variance)
        width = student_quantile(reference.critical, max(reference.degrees, _LEAST_DEGREES))
        most = -math.log(0.5 * math.erfc(width / math.sqrt(2.0))) / expected
        high = math.log(most) + width * math.sqrt(reference.variance / reference.seconds)
        return Estimate(
            log_ratio=_NONE,
            half_width=high - _NONE,
            seconds=self.seconds,
            degrees=reference.degrees,
            effective=self.seconds,
            resolution=width * math.sqrt(reference.variance / reference.seconds),
        )

    def seconds_until(self, half_width: float) -> int | None:
        """Return about how many seconds in all bring the half width down to this, as any comparison does."""
        if self._slow or self.seconds < LEAST_SECONDS:
            return super().seconds_until(half_width)
        # As none was slow so far, it is known when enough would have been.
        return 2 * self.seconds
