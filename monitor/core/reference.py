"""What a comparison compares with, frozen: a metric's baseline, and its noise while nothing changed."""

import math
from bisect import bisect
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from monitor.core.batch_means import BatchMeans, LongRunVariance, batch_seconds
from monitor.core.boundary import critical_value
from monitor.core.histogram import Floats
from monitor.core.student import student_quantile

LEAST_SECONDS: Final = 65
"""Usable seconds below which a baseline says nothing: 12 batches of 5 s, and some to spare."""
LEAST_HISTORY: Final = 570
"""Usable seconds of quiet history from which on it is used: ten minutes, less what a start and a gap take."""
_HISTORY_BATCH_SECONDS: Final = 15
_LEAST_LOOK_SECONDS: Final = 10.0
"""The first look; from there information grows to the baseline's at the most, as it is frozen."""
_MOST_DEGREES: Final = 30.0
_DEGREES_ALONE: Final = 8.0
_WINDOWS: Final = (10, 30, 60, 120, 300, 600, 1200, 2400)
_REPLAYS: Final = 3
_LEAST_WINDOWS: Final = 2
LEAST_VARIANCE: Final = 1e-4
"""Relative, s: a metric that never moved in a minute is known to about 1 % of one second, not without end."""
_REPLAY_SECONDS: Final = 60
_LEAST_PAIRS: Final = 30
_OVERLAP: Final = 4
"""Pairs lie a quarter of their length apart, so each overlaps with the next three."""


@dataclass(frozen=True, slots=True)
class Floor:
    """How far two neighbouring windows of the quiet history differed: `squares` (k,) mean squared log ratios.

    Between a window as long as the baseline and the `windows` (k,) seconds after it. `seconds` is the history's
    length. Empty where the history is too short to tell.
    """

    windows: tuple[float, ...]
    squares: tuple[float, ...]
    seconds: int

    def __bool__(self) -> bool:
        return len(self.windows) > 0

    def at(self, seconds: float) -> float:
        """Return the mean squared log ratio for a current window of so many seconds, 0 where it is not known."""
        if not self:
            return 0.0
        place = bisect(self.windows, seconds)
        if place in {0, len(self.windows)}:
            return self.squares[min(place, len(self.windows) - 1)]
        # Several times a tick: not by numpy, which takes longer to begin than this takes.
        low, high = self.windows[place - 1], self.windows[place]
        part = math.log(seconds / low) / math.log(high / low)
        return self.squares[place - 1] + part * (self.squares[place] - self.squares[place - 1])

    def pairs(self, baseline: int, seconds: float) -> float:
        """Return how many independent pairs of such windows the history holds, 1 at the least."""
        return max(self.seconds / (baseline + seconds), 1.0)


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """How often the comparison would have seen a change in the quiet history: `alarms` of `pairs` of windows.

    The second window of a pair is `seconds` long, the first as long as the baseline.
    """

    alarms: int
    pairs: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Moments of one metric in the baseline. Variances are relative: divided by the square of the mean.

    `seconds` are the usable ones; `noise` is the variance of single seconds, `variance` the long-run variance (s)
    that baseline and history agree on, with `degrees` of freedom; `correlation` is that of neighbouring batches;
    `critical` the standard errors of an interval that holds at every look.
    """

    seconds: int
    mean: float
    noise: float
    variance: float
    degrees: float
    correlation: float
    critical: float
    batch: int
    floor: Floor
    history_seconds: int
    false_alarms: FalseAlarms | None

    @classmethod
    def freeze(cls, baseline: Floats, history: list[Floats], alpha: float) -> Self | None:
        """Freeze a metric; None where it has fewer than 65 seconds or a mean that is not above 0.

        baseline: (n,) one value a second, NaN = unknown; history: what came before it, cut where something
        changed. alpha: the chance of a wrong verdict over all looks.
        """
        length = len(baseline)
        own = BatchMeans.of([baseline], batch_seconds(length), 0.0)
        # Once more about the mean, so that no digits are lost.
        own = BatchMeans.of([baseline], batch_seconds(length), own.mean)
        spread = own.long_run_variance()
        if own.values < LEAST_SECONDS or spread is None or not own.mean > 0:
            return None
        square = own.mean**2
        variance, degrees = spread.value / square, spread.degrees
        quiet = [relative for segment in history if (relative := _relative(segment)) is not None]
        known = sum(int((~np.isnan(segment)).sum()) for segment in quiet)
        before: LongRunVariance | None = None
        if known >= LEAST_HISTORY:
            before = BatchMeans.of(quiet, _HISTORY_BATCH_SECONDS, 1.0).long_run_variance()
        if before is not None:
            weight = min(before.degrees, _MOST_DEGREES)
            variance = (degrees * variance + weight * before.value) / (degrees + weight)
            degrees += weight
        variance = max(variance, LEAST_VARIANCE)
        made = cls(
            seconds=own.values,
            mean=own.mean,
            noise=own.variance / square,
            variance=variance,
            degrees=degrees,
            correlation=spread.correlation,
            critical=critical_value(alpha, 1.0 + own.values / _LEAST_LOOK_SECONDS),
            batch=batch_seconds(length),
            floor=_replay(quiet, length, known),
            history_seconds=known if before is not None else 0,
            false_alarms=None,
        )
        return replace(made, false_alarms=made.replayed(quiet, length))

    def replayed(self, history: list[Floats], length: int) -> FalseAlarms | None:
        """Return how often a minute of the history would have been called a change; None where it is short.

        Each pair is judged by a floor that it is no part of.
        """
        if not self.floor:
            return None
        ratios = np.concatenate([_log_ratios(segment, length, _REPLAY_SECONDS) for segment in history])
        if len(ratios) < _LEAST_PAIRS:
            return None
        places = np.arange(len(ratios))
        others = np.abs(places[:, None] - places) >= _OVERLAP
        floor = others @ ratios**2 / others.sum(axis=1)
        own = self.variance / self.seconds + self.variance / _REPLAY_SECONDS
        width = student_quantile(self.critical, max(self.degrees, 4.0)) * np.sqrt(np.maximum(floor, own))
        return FalseAlarms(int((np.abs(ratios) > width).sum()), len(ratios), _REPLAY_SECONDS)

    @property
    def prior_degrees(self) -> float:
        """Return what the baseline's noise weighs as a guess at the present's."""
        return min(self.degrees, _MOST_DEGREES) if self.history_seconds else _DEGREES_ALONE

    def calibrated(self, seconds: float) -> bool:
        """Tell whether the history is long enough to have replayed a comparison with so many current seconds."""
        return bool(self.floor) and self.history_seconds >= _REPLAYS * (self.seconds + min(seconds, _WINDOWS[-1]))


def _relative(segment: Floats) -> Floats | None:
    """Return a stretch of history around 1, None where it has no mean above 0."""
    known = segment[~np.isnan(segment)]
    mean = float(known.mean()) if len(known) else math.nan
    return segment / mean if mean > 0 else None


def _replay(history: list[Floats], baseline: int, known: int) -> Floor:
    """Compare each window of `baseline` seconds of the history with what followed it."""
    windows = [after for after in _WINDOWS if _REPLAYS * (baseline + after) <= known]
    squares = []
    for after in windows:
        ratios = np.concatenate([_log_ratios(segment, baseline, after) for segment in history])
        squares.append(float(np.mean(ratios**2)) if len(ratios) else math.nan)
    usable = [(window, square) for window, square in zip(windows, squares, strict=True) if square == square]  # noqa: PLR0124 - not NaN
    if len(usable) < _LEAST_WINDOWS:
        usable = []
    return Floor(tuple(float(window) for window, _ in usable), tuple(square for _, square in usable), known)


def _log_ratios(segment: Floats, before: int, after: int) -> Floats:
    """Return ln(mean of the next `after` s / mean of `before` s) at steps of a quarter of both (k,)."""
    starts = np.arange(0, len(segment) - before - after + 1, max(1, (before + after) // 4))
    sums = np.concatenate(([0.0], np.cumsum(np.nan_to_num(segment))))
    counts = np.concatenate(([0], np.cumsum(~np.isnan(segment))))
    edge, end = starts + before, starts + before + after
    seen_before, seen_after = counts[edge] - counts[starts], counts[end] - counts[edge]
    enough = (2 * seen_before >= before) & (2 * seen_after >= after)
    starts, edge, end = starts[enough], edge[enough], end[enough]
    first = (sums[edge] - sums[starts]) / seen_before[enough]
    second = (sums[end] - sums[edge]) / seen_after[enough]
    positive = (first > 0) & (second > 0)
    ratios: Floats = np.log(second[positive] / first[positive])
    return ratios
