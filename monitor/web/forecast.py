"""`/api/v1/forecast`: the next minutes of a metric."""

from typing import Any, Final

from flask import Flask, Response

from monitor.core.approach import Approach
from monitor.core.forecast import Band, Forecast
from monitor.core.metric import METRIC
from monitor.core.refusal import Refusal
from monitor.core.rounding import rounded_array
from monitor.engine.forecasts import DEFAULT_HORIZON, HORIZONS, Forecasts, Outlook
from monitor.web.errors import answer
from monitor.web.query import Query

PATH: Final = "/api/v1/forecast"


def install(server: Flask, forecasts: Forecasts) -> None:
    """Add the route."""

    @server.get(PATH)
    def forecast() -> Response:
        """What is said of the next minutes, or in words why nothing is."""
        query = Query.read()
        metric = query.metric()
        minutes = query.one_of("minutes", [str(horizon) for horizon in HORIZONS], default=str(DEFAULT_HORIZON))
        return answer(_document(forecasts.outlook(metric, int(minutes))))


def _document(outlook: Outlook) -> dict[str, Any]:
    made = outlook.forecast
    return {
        "metric": outlook.metric,
        "unit": METRIC[outlook.metric].unit,
        "minutes": outlook.horizon,
        "at": outlook.at,
        "recent": {"timestamp": outlook.began, "values": rounded_array(outlook.recent)},
        "reason": made.reason if isinstance(made, Refusal) else None,
        "forecast": None if isinstance(made, Refusal) else _forecast(outlook, made),
        "thresholds": [_threshold(approach) for approach in outlook.approaches],
    }


def _forecast(outlook: Outlook, made: Forecast) -> dict[str, Any]:
    return {
        "timestamp": outlook.timestamp,
        "values": rounded_array(made.values),
        "bands": [_band(band) for band in made.bands],
        "skill_percent": round(100.0 * made.skill, 1),
        "history_minutes": made.minutes,
    }


def _band(band: Band) -> dict[str, Any]:
    return {
        "percent": round(100.0 * band.level),
        "low": rounded_array(band.low),
        "high": rounded_array(band.high),
        "held_percent": None if band.held is None else round(100.0 * band.held, 1),
    }


def _threshold(approach: Approach) -> dict[str, Any]:
    rule, told = approach.rule, approach.crossing
    early, late = approach.interval or (None, None)
    return {
        "rule_id": rule.id,
        "name": rule.name,
        "severity": rule.severity.value,
        "condition": rule.condition.value,
        "threshold": rule.threshold,
        "seconds": _whole(approach.seconds),
        "early_seconds": _whole(early),
        "late_seconds": _whole(late),
        "reason": told.reason if isinstance(told, Refusal) else None,
    }


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
