"""A proof as JSON."""

from typing import Any

from monitor.core.effectiveness import MetricImpact
from monitor.core.error_comparison import ErrorChange, ErrorCounts
from monitor.core.proof import Phase, ProofState
from monitor.core.rounding import rounded
from monitor.core.verdict import Gain


def proof_document(state: ProofState | None) -> dict[str, Any] | None:
    """Return a proof as JSON, None where there was none."""
    if state is None:
        return None
    plan, result = state.plan, state.result
    running = state.phase is Phase.RUNNING
    return {
        "optimization": plan.optimization,
        "pairs": plan.pairs,
        "half_seconds": plan.half_seconds,
        "settle_seconds": plan.settle_seconds,
        "started": state.started,
        "state": state.phase.value,
        "reason": state.reason,
        "pair": state.half // 2 + 1 if running else None,
        "on": plan.on(state.half) if running else None,
        "seconds_left": state.left,
        "seconds": state.seconds,
        "overall": None
        if result is None
        else {"verdict": result.overall.verdict.value, **_figures(result.overall.gain)},
        "metrics": [] if result is None else [_metric(one) for one in result.metrics],
        "errors": None if result is None or result.errors is None else _errors(result.errors),
    }


def _metric(one: MetricImpact) -> dict[str, Any]:
    return {
        "metric": one.metric,
        "verdict": one.verdict.value,
        "reason": one.reason,
        **_figures(one.gain),
        "off": rounded(one.before),
        "on": rounded(one.now),
        "pairs": 0 if one.estimate is None else round(one.estimate.effective),
    }


def _errors(found: ErrorChange) -> dict[str, Any]:
    return {
        "verdict": found.verdict.value,
        "figure_points": rounded(found.points),
        "interval_points": [rounded(found.low), rounded(found.high)],
        "off": _counts(found.before),
        "on": _counts(found.now),
    }


def _counts(counts: ErrorCounts) -> dict[str, Any]:
    return {
        "errors": round(counts.errors),
        "operations": round(counts.operations),
    }


def _figures(gain: Gain | None) -> dict[str, Any]:
    if gain is None:
        return {"figure_percent": None, "interval_percent": None}
    return {
        "figure_percent": rounded(gain.percent),
        "interval_percent": [rounded(gain.low), rounded(gain.high)],
    }
