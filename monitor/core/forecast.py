"""Where a metric is going: damped trends, and bands that are as wide as the forecasts of the past were wrong.

Forecasts are Holt's with a damped trend, from a small grid of smoothing constants. From every minute of the
history the next ones are forecast by each row of the grid (rolling origin), with what was known at that minute
alone; the row with the smallest mean error is taken, and how far it was off, minute by minute ahead, makes the
bands. Nothing is assumed about the noise.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from monitor.core.histogram import Floats
from monitor.core.refusal import Refusal
from monitor.core.window import Integers

LEAST_MINUTES: Final = 120
MOST_SHARE: Final = 3
"""A horizon is a third of the history at the most."""
LEVELS: Final = (0.80, 0.95)
NO_SKILL: Final = "no forecast better than the present value"
_NEW: Final = 3
SURPRISED: Final = f"the last {_NEW} minutes are not what was to be expected, so the past does not tell what comes"
_WARM_UP: Final = 30
"""Minutes before the first origin: what the smoothing began with is forgotten by then, mostly."""
_STALE: Final = 5
_WIDER: Final = 1.15
"""Where the largest error seen is not rare enough for a level, by so much more than it."""

_GRID: Final = np.array(
    [
        (alpha, beta, phi)
        for alpha in (0.05, 0.1, 0.2, 0.4, 0.8)
        for beta in (0.0, 0.05, 0.2)
        for phi in (0.9, 0.98)
    ]
    + [(alpha, beta, 1.0) for alpha in (0.05, 0.2) for beta in (0.05, 0.2)]
)
"""Smoothing of the level, of the trend, and how much of the trend is left after a minute."""


@dataclass(frozen=True, slots=True)
class Band:
    """An interval for each minute ahead: `low` and `high` (horizon,) in the metric's unit.

    `level` is what share of the minutes it shall hold (0..1), `held` what share of this history's minutes was held
    by bands made in the same way before them, knowing nothing of what came after; None where it is too short.
    """

    level: float
    low: Floats
    high: Floats
    held: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The means of the coming minutes: `values` (horizon,) in the metric's unit.

    `skill` is by what share its mean error was smaller than that of "same as now" over the history, at most 1;
    each forecast by the row that had been best before it. `minutes` is how many minutes of history it rests on,
    unknown ones included. `surprised`: the newest of them were all outside the widest band of the minute before,
    which is narrow by then for what has changed.
    """

    values: Floats
    bands: tuple[Band, ...]
    skill: float
    minutes: int
    surprised: bool = False


def forecast(means: Floats, horizon: int, least: float = -math.inf) -> Forecast | Refusal:
    """Return the forecast of the next `horizon` (>= 1) minutes, or why there is none.

    means: (n,) of one minute each, oldest first, NaN = unknown. least: what the metric can never be below.
    """
    made = project(means, horizon, least)
    if isinstance(made, Forecast) and made.skill <= 0.0:
        return Refusal(NO_SKILL)
    if isinstance(made, Forecast) and made.surprised:
        return Refusal(SURPRISED)
    return made


def project(means: Floats, horizon: int, least: float = -math.inf) -> Forecast | Refusal:
    """Return the same whether or not it has skill, or is surprised."""
    means = means[np.argmax(~np.isnan(means)) :] if len(means) else means
    refusal = _refusal(means, horizon)
    if refusal is not None:
        return refusal
    past, newest = _Past(means, horizon), len(means) - 1
    best = past.best(newest)
    widths = past.widths(best, newest)
    if widths is None:
        return Refusal("too few minutes were measured to tell how far a forecast is off")
    values = past.ahead(best, newest)
    bands = [
        Band(level, np.maximum(values - width, least), np.maximum(values + width, least), share)
        for level, width, share in zip(LEVELS, widths, past.held(), strict=True)
    ]
    surprised = past.surprised(best, newest, float(widths[-1][0]))
    return Forecast(np.maximum(values, least), tuple(bands), past.skill(), len(means), surprised)


def _refusal(means: Floats, horizon: int) -> Refusal | None:
    """Say why the next minutes cannot be forecast from these, of which the first is known."""
    known = ~np.isnan(means)
    if known.sum() < LEAST_MINUTES:
        return Refusal(f"a forecast needs {LEAST_MINUTES} measured minutes, there are {known.sum()}")
    if MOST_SHARE * horizon > len(means):
        return Refusal(f"{horizon} minutes are more than a third of the history, which has {len(means)}")
    if not known[-_STALE:].any():
        return Refusal(f"the last {_STALE} minutes were not measured")
    return None


class _Past:
    """What each row of the grid would have said at each minute, and how wrong it would have been.

    A minute's errors are known `horizon` minutes later, so at minute t they are those of the origins up to
    t - horizon.
    """

    def __init__(self, means: Floats, horizon: int) -> None:
        self._means, self._horizon = means, horizon
        self._level, self._trend = _smooth(means)
        self._damping = np.cumsum(_GRID[:, 2, None] ** np.arange(1, horizon + 1), axis=1)
        self._origins: Integers = np.arange(_WARM_UP, len(means) - horizon)
        self._targets = sliding_window_view(means, horizon)[_WARM_UP + 1 :]
        self._known: NDArray[np.bool_] = ~np.isnan(self._targets)
        self._errors: dict[int, Floats] = {}
        self._totals = np.stack([self._total(row) for row in range(len(_GRID))], axis=1)
        self._sums = np.cumsum(self._totals, axis=0)
        present = _carried(means)[self._origins, None]
        self._naive = np.where(self._known, np.abs(self._targets - present), 0.0).sum(axis=1)

    def best(self, minute: int) -> int:
        """Return which row had the smallest mean error as far as known at the minute."""
        return int(np.argmin(self._sums[minute - self._horizon - _WARM_UP]))

    def ahead(self, row: int, minute: int) -> Floats:
        """Return what the row says at the minute (horizon,)."""
        path: Floats = self._level[minute, row] + self._trend[minute, row] * self._damping[row]
        return path

    def widths(self, row: int, minute: int) -> list[Floats] | None:
        """Return how far each level's band goes (horizon,), by the errors known at the minute; None if too few."""
        count = minute - self._horizon - _WARM_UP + 1
        errors = np.sort(self._off(row)[:count], axis=0)
        found = np.count_nonzero(self._known[:count], axis=0)
        # Neighbouring origins have most of their errors in common: one of `horizon` of them is news.
        independent = int(found.min()) // self._horizon
        if not independent:
            return None
        widths: list[Floats] = []
        for level in LEVELS:
            share = math.ceil((independent + 1) * level) / independent
            place = np.ceil(min(share, 1.0) * found).astype(np.int64) - 1
            width = errors[place, np.arange(self._horizon)]
            widths.append(width * (_WIDER if share > 1.0 else 1.0))
        return widths

    def surprised(self, row: int, minute: int, width: float) -> bool:
        """Tell whether each of the newest minutes was further than `width` from what the row said before it."""
        before = slice(minute - _NEW, minute)
        said = self._level[before, row] + self._trend[before, row] * self._damping[row, 0]
        return bool((np.abs(self._means[minute - _NEW + 1 : minute + 1] - said) > width).all())

    def skill(self) -> float:
        """Return 1 - mean error / mean error of "same as now", each origin by the row that was best before it."""
        later = np.arange(self._horizon, len(self._origins))
        if not len(later):
            return 0.0
        rows = np.argmin(self._sums[later - self._horizon], axis=1)
        naive = float(self._naive[later].sum())
        return 1.0 - float(self._totals[later, rows].sum()) / naive if naive > 0.0 else 0.0

    def held(self) -> list[float | None]:
        """Return for each level the share of minutes that bands of the past held."""
        inside, counted = np.zeros(len(LEVELS)), 0
        for minute in range(len(self._means) - 1 - self._horizon, LEAST_MINUTES - 2, -self._horizon):
            if _refusal(self._means[: minute + 1], self._horizon) is not None:
                continue
            row, at = self.best(minute), minute - _WARM_UP
            widths = self.widths(row, minute)
            if widths is None:
                continue
            off, known = self._off(row)[at], self._known[at]
            counted += int(known.sum())
            inside += [np.count_nonzero(off[known] <= width[known]) for width in widths]
        return [float(share) for share in inside / counted] if counted else [None] * len(LEVELS)

    def _off(self, row: int) -> Floats:
        """Return the row's absolute errors (origins, horizon), NaN where the minute is unknown."""
        if row not in self._errors:
            self._errors[row] = self._absolute(row)
        return self._errors[row]

    def _absolute(self, row: int) -> Floats:
        level, trend = self._level[self._origins, row], self._trend[self._origins, row]
        said = level[:, None] + trend[:, None] * self._damping[row]
        said -= self._targets
        off: Floats = np.abs(said, out=said)
        return off

    def _total(self, row: int) -> Floats:
        off = self._absolute(row)
        off[~self._known] = 0.0
        total: Floats = off.sum(axis=1)
        return total


def _smooth(means: Floats) -> tuple[Floats, Floats]:
    """Return level and trend of each row after each minute, (n, rows) each; an unknown minute corrects nothing."""
    alpha, beta, phi = _GRID.T
    level, trend = np.empty((len(means), len(alpha))), np.empty((len(means), len(alpha)))
    now, slope = np.full(len(alpha), means[0]), np.zeros(len(alpha))
    for minute, value in enumerate(means.tolist()):
        slope = slope * phi
        now = now + slope
        if value == value:  # noqa: PLR0124 - not NaN
            step = alpha * (value - now)
            now = now + step
            slope = slope + beta * step
        level[minute], trend[minute] = now, slope
    return level, trend


def _carried(means: Floats) -> Floats:
    """Return the newest known value at each minute; the first is known."""
    places = np.where(np.isnan(means), 0, np.arange(len(means)))
    return means[np.maximum.accumulate(places)]
