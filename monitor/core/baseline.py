"""What the service did before a change, frozen: every figure that later ones are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from monitor.core.batch_means import BatchMeans
from monitor.core.error_comparison import ErrorCounts, design_effect
from monitor.core.errors import InvalidInputError
from monitor.core.histogram import Floats
from monitor.core.latency_log import Seconds
from monitor.core.load_model import LoadRange
from monitor.core.metric import COLUMN, METRIC
from monitor.core.metric_baseline import MetricBaseline
from monitor.core.reference import LEAST_SECONDS
from monitor.core.tail import TAIL, Tail
from monitor.core.window import Rows

COMPARED: Final = ("throughput_ops_sec", "latency_ms", "memory_mb", "cpu_utilization")
"""The metrics of the overall figure, each compared by its mean; errors are compared by their counts."""
_ERROR_BATCH_SECONDS: Final = 5
_SATURATED_SHARE: Final = 0.98
_BUSY_PERCENT: Final = 80.0
SATURATED_SECONDS: Final = 0.5
"""Share of the seconds at its limit from which on a service counts as saturated."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A recorded window, `start`..`end` epoch ms, with usable samples of `seconds`, one each `interval_ms`.

    `metrics` by id and `tail`, without those that cannot be compared, of which `silent` says why in words. `load`
    are the loads that were seen, None where the target tells none. `saturated` tells whether the service did all
    that it could. `process_age` is that of the target's process in the middle, seconds, None where unknown.
    """

    id: str
    name: str
    note: str
    target: str
    start: int
    end: int
    seconds: int
    interval_ms: int
    pinned: bool
    metrics: Mapping[str, MetricBaseline]
    silent: Mapping[str, str]
    errors: ErrorCounts | None
    error_effect: float
    load: LoadRange | None
    mean_load: float | None
    saturated: bool
    process_age: float | None
    fingerprint: Mapping[str, str]
    tail: Tail | None = None

    @property
    def compared(self) -> Mapping[str, MetricBaseline]:
        """Return what is compared second by second: the metrics by id, and the share of the tail."""
        return self.metrics if self.tail is None else {**self.metrics, TAIL: self.tail.share}


def freeze(
    *,
    identity: str,
    name: str,
    note: str,
    target: str,
    rows: Rows,
    history: Sequence[Rows],
    interval_ms: int,
    started_at: float | None,
    fingerprint: Mapping[str, str],
    latency: Seconds | None = None,
) -> Baseline:
    """Freeze a window of samples, with the quiet time before it, cut where something changed.

    Raises InvalidInputError with the reason in words where too little of it can be used. `started_at` is the start
    of the target's process, epoch seconds; `latency` are the histograms of all these samples, as far as they are
    known.
    """
    parts = [rows, *(part for part in history if len(part))]
    window, *quiet = (part.regular(interval_ms) for part in parts)
    usable = int((~np.isnan(window[:, COLUMN["throughput_ops_sec"]])).sum())
    usable = max(usable, *(int((~np.isnan(window[:, COLUMN[metric]])).sum()) for metric in COMPARED))
    if usable < LEAST_SECONDS:
        raise InvalidInputError(
            "seconds", f"only {usable} usable samples were measured; {LEAST_SECONDS} are needed"
        )
    loads = [load_of(part) for part in (window, *quiet)]
    span = LoadRange.of(np.concatenate(loads))
    metrics: dict[str, MetricBaseline] = {}
    silent: dict[str, str] = {}
    for metric in COMPARED:
        values = [part[:, COLUMN[metric]] for part in (window, *quiet)]
        # A metric that is the load is compared as it is.
        is_load = metric == "throughput_ops_sec" and np.isnan(window[:, COLUMN["offered_ops_sec"]]).all()
        made = MetricBaseline.freeze(METRIC[metric].title, values, loads, None if is_load else span)
        if isinstance(made, str):
            silent[metric] = made
        else:
            metrics[metric] = made
    tail = Tail.freeze(parts, latency, loads, span, interval_ms)
    if isinstance(tail, str):
        silent[TAIL] = tail
    failed = [errors_of(part, interval_ms) for part in (window, *quiet)]
    counts = _counts(*failed[0])
    middle = (int(rows.timestamp[0]) + int(rows.timestamp[-1])) / 2000.0
    known = loads[0][~np.isnan(loads[0])]
    return Baseline(
        id=identity,
        name=name,
        note=note,
        target=target,
        start=int(rows.timestamp[0]),
        end=int(rows.timestamp[-1]),
        seconds=round(usable * interval_ms / 1000),
        interval_ms=interval_ms,
        pinned=False,
        metrics=metrics,
        silent=silent,
        errors=counts,
        error_effect=design_effect(BatchMeans.of([errors for _, errors in failed], _ERROR_BATCH_SECONDS, 0.0)),
        load=span,
        mean_load=float(known.mean()) if len(known) else None,
        saturated=saturated(window),
        process_age=None if started_at is None else max(0.0, middle - started_at),
        fingerprint=fingerprint,
        tail=None if isinstance(tail, str) else tail,
    )


def load_of(values: Floats) -> Floats:
    """Return the load of each row (n,): the rate offered where it is known, else the rate completed.

    values: (..., metrics).
    """
    offered, completed = values[..., COLUMN["offered_ops_sec"]], values[..., COLUMN["throughput_ops_sec"]]
    load: Floats = np.where(np.isnan(offered), completed, offered)
    return load


def errors_of(values: Floats, interval_ms: int) -> tuple[Floats, Floats]:
    """Return operations and failed operations of each row, (...,) each. values: (..., metrics)."""
    operations = values[..., COLUMN["throughput_ops_sec"]] * (interval_ms / 1000.0)
    # A target may claim more failures than operations.
    return operations, operations * np.clip(values[..., COLUMN["error_rate"]], 0.0, 100.0) / 100.0


def saturated(values: Floats) -> bool:
    """Tell whether in half of the rows (n, metrics) or more the service did less than was asked of it."""
    known = ~np.isnan(values[:, COLUMN["throughput_ops_sec"]])
    return bool(known.any()) and float(at_limit(values)[known].mean()) >= SATURATED_SECONDS


def at_limit(values: Floats) -> npt.NDArray[np.bool_]:
    """Tell of each row (...,) whether the service did less than was asked of it. values: (..., metrics).

    Completed below 98 % of offered, or, where nothing is offered, CPU at 80 % or more.
    """
    offered, completed = values[..., COLUMN["offered_ops_sec"]], values[..., COLUMN["throughput_ops_sec"]]
    short = completed < _SATURATED_SHARE * offered
    busy = np.isnan(offered) & (values[..., COLUMN["cpu_utilization"]] >= _BUSY_PERCENT)
    limited: npt.NDArray[np.bool_] = short | busy
    return limited


def _counts(operations: Floats, errors: Floats) -> ErrorCounts | None:
    known = ~np.isnan(errors)
    if not known.any():
        return None
    return ErrorCounts(float(errors[known].sum()), float(operations[known].sum()), int(known.sum()))
