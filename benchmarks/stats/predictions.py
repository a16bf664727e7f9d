"""Forecasts against what came, and times to threshold where there is no trend."""

from dataclasses import dataclass

import numpy as np

from benchmarks.stats.kinds import KINDS, Kind
from monitor.core.forecast import LEVELS, Forecast, project
from monitor.core.rule import Condition
from monitor.core.trend import Crossing, time_to_threshold


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares (0..1) of one kind of series.

    `covered` of the coming minutes by each level's band, `held` what the bands said that they had covered. `error`
    is the mean error of the forecasts divided by that of "same as now". `shown` of the series had skill; of those
    alone `shown_covered`. NaN where there was none.
    """

    covered: tuple[float, ...]
    held: tuple[float, ...]
    error: float
    shown: float
    shown_covered: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ForecastTrial:
    """Minutes of history and minutes ahead."""

    history: int = 360
    horizon: int = 30

    def run(self, kind: Kind, runs: int, seed: int) -> Outcome:
        """Forecast each of `runs` series, with skill or without, and look at what came."""
        now = self.history
        covered, held, errors, skilled = [], [], [], []
        for series in kind(np.random.default_rng(seed), runs, now + self.horizon):
            made, came = project(series[:now], self.horizon), series[now:]
            assert isinstance(made, Forecast)
            covered.append([np.mean((band.low <= came) & (came <= band.high)) for band in made.bands])
            held.append([np.nan if band.held is None else band.held for band in made.bands])
            errors.append([np.abs(made.values - came).mean(), np.abs(series[now - 1] - came).mean()])
            skilled.append(made.skill > 0.0)
        own, naive = np.mean(errors, axis=0)
        chosen = np.array(covered)[skilled]
        return Outcome(
            covered=tuple(np.mean(covered, axis=0).tolist()),
            held=tuple(np.mean(held, axis=0).tolist()),
            error=float(own / naive),
            shown=float(np.mean(skilled)),
            shown_covered=tuple(chosen.mean(axis=0).tolist()) if any(skilled) else (np.nan,) * len(LEVELS),
        )


def shown_crossings(kind: Kind, runs: int, seed: int, deviations: float, minutes: int = 360) -> float:
    """Return the share of series for which a time is told to so many standard deviations above their mean."""
    series = kind(np.random.default_rng(seed), runs, minutes)
    thresholds = series.mean(axis=1) + deviations * series.std(axis=1)
    told = (time_to_threshold(*one, Condition.ABOVE) for one in zip(series, thresholds.tolist(), strict=True))
    return sum(isinstance(one, Crossing) for one in told) / runs


def report(runs: int, seed: int) -> None:
    """Print both tables."""
    limits = "80 % band covers (75 to 93) | 95 % band covers (>= 90) | mean error / same as now (<= 1.2)"
    print(f"\n{runs} series each, seed {seed}; 30 minutes ahead\n")
    print(f"| history | series | {limits} | said to have held | shown | of those covered |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for history in (360, 120, 1440):
        some = runs if history == 360 else max(runs // 4, 1)
        for name, kind in KINDS.items():
            found = ForecastTrial(history).run(kind, some, seed)
            low, high = found.covered
            print(
                f"| {history // 60} h | {name} | {_percent(low)} | {_percent(high)} | {found.error:.2f} "
                f"| {_both(found.held)} | {_percent(found.shown)} | {_both(found.shown_covered)} |",
                flush=True,
            )
    print("\n| a time is told, 6 h of history | to +3 sd | to +1 sd |\n| --- | --- | --- |")
    for name, kind in KINDS.items():
        near, far = (_percent(shown_crossings(kind, runs, seed, deviations)) for deviations in (1.0, 3.0))
        print(f"| {name} | {far} | {near} |", flush=True)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.1f} %"


def _both(shares: tuple[float, ...]) -> str:
    return " / ".join(map(_percent, shares))
