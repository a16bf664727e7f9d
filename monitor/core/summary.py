"""What the last minute was like, against the minute before it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.metric import COLUMNS
from monitor.core.window import Rows

SPAN_SECONDS: Final = 60
_BATCH_SECONDS: Final = 5
_ENOUGH: Final = 4
"""Batches of each minute that a change needs, so that a trend can be told up to an interval of 15 s."""
_NOISE: Final = 2.0
_LEAST_PERCENT: Final = 1.0
"""Smaller changes are steady, however sure they are."""
_AVERAGED: Final = "optimization_score"
"""Each of its values is the mean of a minute, so batches of it resemble each other whatever happens."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One metric over the last 60 s; None where there was nothing to see.

    `change_percent` is the mean against the mean of the 60 s before; `settled` is False while the difference is
    inside the noise (two standard errors of 5-s batch means) or below 1 %. `peak_at` is epoch ms.
    """

    mean: float | None
    peak: float | None
    peak_at: int | None
    change_percent: float | None
    settled: bool


def _batch_means(seconds: Floats, values: Floats) -> Floats:
    """Return (k, metrics): means of 5-s batches, NaN where a batch saw nothing. seconds: (n,) age, ascending."""
    batches = SPAN_SECONDS // _BATCH_SECONDS
    index = np.minimum((seconds // _BATCH_SECONDS).astype(np.int64), batches - 1)
    member = (np.arange(batches)[:, None] == index).astype(np.float64)
    known = ~np.isnan(values)
    sums = member @ np.where(known, values, 0.0)
    counts = member @ known
    means: Floats = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    return means


def _mean_and_error(batches: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean, squared standard error and number of batches, each (metrics,)."""
    known = ~np.isnan(batches)
    count = known.sum(axis=0).astype(np.float64)
    filled = np.where(known, batches, 0.0)
    mean = np.divide(filled.sum(axis=0), count, out=np.full(batches.shape[1], np.nan), where=count > 0)
    spread = np.where(known, (batches - mean) ** 2, 0.0).sum(axis=0)
    error = np.divide(spread, count * (count - 1), out=np.full_like(mean, np.nan), where=count > 1)
    return mean, error, count


def summarize(rows: Rows, now: int) -> dict[str, Summary]:
    """Summarise each metric. rows: the last 120 s or less; now: epoch ms of the newest sample."""
    with np.errstate(over="ignore"):  # a target may say 1e300; its square is infinite and so never settled
        return _summarize(rows, now)


def _summarize(rows: Rows, now: int) -> dict[str, Summary]:
    age = (now - rows.timestamp) / 1000.0
    recent = (age >= 0) & (age < SPAN_SECONDS)
    before = (age >= SPAN_SECONDS) & (age < 2 * SPAN_SECONDS)
    values = rows.values[recent]
    mean, error, count = _mean_and_error(_batch_means(age[recent], values))
    old_mean, old_error, old_count = _mean_and_error(_batch_means(age[before] - SPAN_SECONDS, rows.values[before]))
    known = ~np.isnan(values)
    peak_row = np.argmax(np.where(known, values, -np.inf), axis=0) if len(values) else None
    sums = np.where(known, values, 0.0).sum(axis=0)
    seen = known.sum(axis=0)
    timestamps = rows.timestamp[recent]

    summaries: dict[str, Summary] = {}
    for column, metric in enumerate(COLUMNS):
        if peak_row is None or not seen[column]:
            summaries[metric] = Summary(None, None, None, None, settled=False)
            continue
        change: float | None = None
        settled = False
        difference = float(mean[column] - old_mean[column])
        enough = min(count[column], old_count[column]) >= _ENOUGH
        if enough and difference == 0:
            change = 0.0
        elif enough and old_mean[column] != 0 and np.isfinite(difference):
            change = 100.0 * difference / abs(float(old_mean[column]))
            noise = _NOISE * float(error[column] + old_error[column]) ** 0.5
            if metric == _AVERAGED:
                noise *= (SPAN_SECONDS / _BATCH_SECONDS) ** 0.5
            settled = abs(difference) > noise and abs(change) >= _LEAST_PERCENT
        row = int(peak_row[column])
        summaries[metric] = Summary(
            float(sums[column] / seen[column]),
            float(values[row, column]),
            int(timestamps[row]),
            change,
            settled,
        )
    return summaries
