"""A snapshot as the outside sees it: the `DashboardMetrics` object of `/ws` and `/api/v1/snapshot`.

Unknown is null, never 0 and never NaN. Figures are in the display units of the metric table, with 4 decimals.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import orjson

from monitor.core.health import Health, judge
from monitor.core.impact_document import gains
from monitor.core.metric import COLUMN, COLUMNS, HEADLINE
from monitor.core.rounding import DECIMALS, rounded
from monitor.core.snapshot import Snapshot
from monitor.core.window import Rows

HISTORY_ROWS: Final = 60
"""Points of a frame's history unless another number is asked for."""

ALERTS: Final = 50
"""Alerts that a frame names, the most urgent first."""

_HEADLINE_COLUMNS: Final = [COLUMN[metric] for metric in HEADLINE]


def encode(value: object) -> bytes:
    """Return compact JSON. A float that is not finite becomes null."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def health_now(snapshot: Snapshot) -> Health:
    """Return the health at the moment of sampling, when the sample's age was 0."""
    sample = snapshot.sample
    return judge(
        0.0,
        snapshot.interval,
        answered=sample.answered,
        errors=sample.failures,
        storage=snapshot.durability.sentences(sample.timestamp),
        remark=sample.remark,
        final=sample.final,
    )


def frame(snapshot: Snapshot, history: Rows, health: Health | None = None) -> dict[str, Any]:
    """Return the frame of `snapshot` with `history` (oldest first) as its past.

    `health` is judged by the caller where the frame is read later than it was made; by default it is the health at
    the moment of sampling.
    """
    return {
        "type": "metrics",
        "seq": snapshot.seq,
        "epoch": snapshot.epoch,
        "target": snapshot.target,
        "interval_ms": snapshot.interval_ms,
        "cpu_of_one_core": snapshot.sample.cpu_of_one_core,
        "latency_width_percent": _width(snapshot.sample.latency_width),
        "current": _current(snapshot),
        "history": points(history),
        "summary": _summary(snapshot),
        "alerts": [alert.document() for alert in snapshot.alerts.active[:ALERTS]],
        "alerts_active": len(snapshot.alerts.active),
        "optimization_impact": gains(snapshot.experiment.impact),
        "optimizations": dict(snapshot.sample.switches),
        "health": health_state(snapshot, health or health_now(snapshot)),
    }


def _width(width: float | None) -> float | None:
    return rounded(None if width is None else 100.0 * width)


def aged(patch: bytes, age: float) -> bytes:
    """Return a JSON object with `age`, ms, as its first field: how long ago (seconds) what it says was sampled."""
    return b'{"age":%d,' % round(1000.0 * age) + patch[1:]


def points(rows: Rows) -> list[dict[str, float | None]]:
    """Return one object per row: `timestamp` (epoch ms) and the seven headline metrics."""
    values = np.round(rows.values[:, _HEADLINE_COLUMNS], DECIMALS).tolist()
    return [
        {"timestamp": timestamp, **dict(zip(HEADLINE, row, strict=True))}
        for timestamp, row in zip(rows.timestamp.tolist(), values, strict=True)
    ]


def health_state(snapshot: Snapshot | None, health: Health) -> dict[str, Any]:
    """Return health as JSON: `age_seconds` is null before the first sample."""
    state: dict[str, Any] = {
        "status": health.status.value,
        "ready": health.ready,
        "age_seconds": None if health.age is None else round(health.age, 3),
        "reasons": list(health.reasons),
    }
    if snapshot is not None:
        state["ticks"] = {
            "done": snapshot.ticks.done,
            "late": snapshot.ticks.late,
            "missed": snapshot.ticks.missed,
        }
        state["lateness_ms"] = round(snapshot.sample.lateness * 1000, 3)
        score = snapshot.alerts.health if health.ready else None
        state["score"] = None if score is None else score.document()
    return state


def _current(snapshot: Snapshot) -> dict[str, float | None]:
    row = np.round(snapshot.recent.values[-1], DECIMALS).tolist()
    known = {metric: value for metric, value in zip(COLUMNS, row, strict=True) if value == value}  # noqa: PLR0124 - not NaN
    return {"timestamp": snapshot.sample.timestamp, **dict.fromkeys(HEADLINE), **known}


SUMMARY: Final = (
    "avg_throughput",
    "peak_throughput",
    "avg_latency",
    "p95_latency",
    "p95_latency_width_percent",
    "avg_memory_mb",
    "peak_memory_mb",
    "health_score",
    "uptime_percent",
)
"""The fields of a frame's summary."""


def _summary(snapshot: Snapshot) -> Mapping[str, float | None]:
    """Return the last 60 s. Latencies come from the merged histogram where the target has one."""
    throughput, latency, memory = (
        snapshot.summaries[metric] for metric in ("throughput_ops_sec", "latency_ms", "memory_mb")
    )
    mean, p95 = snapshot.latency.mean, snapshot.latency.quantile(0.95)
    figures = (
        throughput.mean,
        throughput.peak,
        latency.mean if mean is None else mean * 1000.0,
        None if p95 is None else p95.value * 1000.0,
        None if p95 is None or p95.width is None else p95.width * 100.0,
        memory.mean,
        memory.peak,
        None if snapshot.alerts.health is None else snapshot.alerts.health.value,
        snapshot.uptime.percent,
    )
    return {name: rounded(figure) for name, figure in zip(SUMMARY, figures, strict=True)}
