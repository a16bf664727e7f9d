"""The impact as the outside sees it: `/api/v1/impact`, and the impact fields of `/ws`."""

from collections.abc import Mapping
from typing import Any, Final

from monitor.core.baseline import Baseline
from monitor.core.course import MOST
from monitor.core.effectiveness import MetricImpact
from monitor.core.error_comparison import ErrorChange
from monitor.core.impact import ImpactState
from monitor.core.metric import METRIC
from monitor.core.rounding import rounded
from monitor.core.tail import TAIL, Tail
from monitor.core.verdict import MARGIN_PERCENT, Gain, Verdict

GAINS: Final[Mapping[str, str]] = {
    "improvement_percent": "throughput_ops_sec",
    "memory_efficiency_gain": "memory_mb",
    "cpu_efficiency_gain": "cpu_utilization",
    "communication_improvement": "latency_ms",
    "tail_latency_improvement": TAIL,
}
"""The hub's own words for the figures, by metric."""


def document(state: ImpactState | None) -> dict[str, Any]:
    """Return `/api/v1/impact`: every key is there, null where nothing is known."""
    if state is None:
        return {"baseline": None, "overall": None, "comparisons": [], "tail": None, "errors": None}
    total = state.overall
    return {
        "baseline": baseline_document(state.baseline),
        "change": state.text,
        "since": state.since,
        "seconds": state.seconds,
        "warm_up_seconds": state.warm_up,
        "fading_since": state.fading_since,
        "load": {
            "baseline": rounded(state.baseline.mean_load),
            "now": rounded(state.mean_load),
            "comparable_percent": rounded(None if state.load_share is None else 100.0 * state.load_share),
        },
        "overall": {
            "verdict": total.verdict.value,
            **_figure(total.gain),
            "ratio_percent": rounded(total.ratio_percent),
            "parts": total.parts,
            "possible": total.possible,
        },
        "comparisons": [_comparison(state, one) for one in state.metrics],
        "tail": _tail(state),
        "errors": None if state.errors is None else _errors(state.errors),
    }


def course_document(state: ImpactState | None) -> dict[str, Any]:
    """Return `/api/v1/impact/course`: each metric's interval over time, as far as it is kept."""
    return {
        "since": None if state is None else state.since,
        "margin_percent": MARGIN_PERCENT,
        "most": MOST,
        **course_after(state, 0),
    }


def course_after(state: ImpactState | None, moment: int) -> dict[str, Any]:
    """Return the course later than `moment` (epoch ms): `[low, figure, high]` by metric, null where unknown.

    `comparison` names the one under way, null where there is none.
    """
    if state is None:
        return {"comparison": None, "timestamp": [], "metrics": {}}
    points = state.course.after(moment)
    return {
        "comparison": f"{state.baseline.id}-{state.since}-{state.fading_since or 0}",
        "timestamp": [point.at for point in points],
        "metrics": {
            metric: [_ends(point.gains.get(metric)) for point in points] for metric in state.baseline.metrics
        },
    }


def gains(state: ImpactState | None) -> dict[str, float | str | None]:
    """Return the impact fields of a frame; a figure is null until it has an interval."""
    comparable = (
        [] if state is None else [one for one in state.metrics if one.verdict is not Verdict.NOT_COMPARABLE]
    )
    if state is not None and state.tail is not None and state.tail.verdict is not Verdict.NOT_COMPARABLE:
        comparable.append(state.tail)
    found = {one.metric: one.gain for one in comparable}
    fields: dict[str, float | str | None] = {
        name: rounded(None if (gain := found.get(metric)) is None else gain.percent)
        for name, metric in GAINS.items()
    }
    total = None if state is None else state.overall
    fields["overall_effectiveness"] = rounded(None if total is None or total.gain is None else total.gain.percent)
    fields["verdict"] = None if total is None else total.verdict.value
    return fields


def baseline_document(baseline: Baseline) -> dict[str, Any]:
    """Return a baseline in short: what a list needs."""
    return {
        "id": baseline.id,
        "name": baseline.name,
        "note": baseline.note,
        "target": baseline.target,
        "start": baseline.start,
        "end": baseline.end,
        "seconds": baseline.seconds,
        "pinned": baseline.pinned,
        "saturated": baseline.saturated,
        "means": {metric: rounded(one.mean) for metric, one in baseline.metrics.items()},
        "error_percent": rounded(None if baseline.errors is None else baseline.errors.percent),
        "tail": None
        if baseline.tail is None
        else _bound(baseline.tail) | {"percent": rounded(baseline.tail.share.mean)},
        "silent": dict(baseline.silent),
        "fingerprint": dict(baseline.fingerprint),
    }


def _comparison(state: ImpactState, one: MetricImpact) -> dict[str, Any]:
    return {"metric": one.metric, "unit": METRIC[one.metric].unit, **_compared(state, one)}


def _tail(state: ImpactState) -> dict[str, Any] | None:
    if state.tail is None or state.baseline.tail is None:
        return None
    return {**_bound(state.baseline.tail), "unit": "%", **_compared(state, state.tail)}


def _bound(tail: Tail) -> dict[str, Any]:
    return {"bound_ms": rounded(1000.0 * tail.bound)}


def _compared(state: ImpactState, one: MetricImpact) -> dict[str, Any]:
    reference = state.baseline.compared[one.metric].reference
    alarms = reference.false_alarms
    estimate = one.estimate
    return {
        **_figure(one.gain),
        "verdict": one.verdict.value,
        "reason": one.reason,
        "before": rounded(one.before),
        "now": rounded(one.now),
        "since": state.since,
        "samples": 0 if estimate is None else estimate.seconds,
        "provenance": {
            "baseline": state.baseline.name,
            "baseline_seconds": reference.seconds,
            "effective_seconds": None if estimate is None else round(estimate.effective),
            "correlation": rounded(reference.correlation),
            "smallest_change_percent": None if estimate is None else rounded(estimate.resolution_percent),
            "history_seconds": reference.history_seconds,
            "calibrated": one.calibrated,
            "false_alarms": None
            if alarms is None
            else {"alarms": alarms.alarms, "pairs": alarms.pairs, "seconds": alarms.seconds},
        },
    }


def _figure(gain: Gain | None) -> dict[str, Any]:
    if gain is None:
        return {"figure_percent": None, "interval_percent": None}
    return {
        "figure_percent": rounded(gain.percent),
        "interval_percent": [rounded(gain.low), rounded(gain.high)],
    }


def _ends(gain: Gain | None) -> list[float | None] | None:
    return None if gain is None else [rounded(value) for value in (gain.low, gain.percent, gain.high)]


def _errors(change: ErrorChange) -> dict[str, Any]:
    return {
        "verdict": change.verdict.value,
        "figure_points": rounded(change.points),
        "interval_points": [rounded(change.low), rounded(change.high)],
        "before": {"errors": round(change.before.errors), "operations": round(change.before.operations)},
        "now": {"errors": round(change.now.errors), "operations": round(change.now.operations)},
    }
