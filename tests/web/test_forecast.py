"""`/api/v1/forecast`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from monitor.core.metric import COLUMN, COLUMNS

Serve = Callable[..., Any]


def forecast(made: Any, **query: str) -> Any:
    return made.client.get(f"/api/v1/forecast?{urlencode(query)}")


def leaking(serve: Serve, minutes: int) -> Any:
    """Serve a target whose memory grows by 0.1 MB a minute."""
    made = serve()
    random = np.random.default_rng(1)
    for minute in range(minutes):
        row = np.full(len(COLUMNS), np.nan)
        row[COLUMN["memory_mb"]] = 100.0 + 0.1 * minute + random.normal()
        for _ in range(60):
            made.clock.advance(1.0)
            made.monitor.window.append(0, round(made.clock.wall() * 1000), row)
    return made


def test_the_next_half_hour_and_how_sure_it_is(serve: Serve) -> None:
    """As the description has it."""
    made = leaking(serve, 240)
    answer = forecast(made, metric="memory_mb").json
    schema = made.client.get("/api/v1/openapi.json").json["components"]["schemas"]["Forecast"]["properties"]
    assert set(answer) == set(schema)
    assert (answer["metric"], answer["unit"], answer["minutes"], answer["reason"]) == ("memory_mb", "MB", 30, None)
    recent = answer["recent"]
    assert recent["timestamp"] == [answer["at"] - 60_000 * back for back in range(60, 0, -1)]
    assert recent["values"][-1] == pytest.approx(124.0, abs=4)
    found = answer["forecast"]
    assert set(found) == set(schema["forecast"]["properties"])
    assert found["timestamp"][0] == answer["at"]
    assert answer["at"] % 60_000 == 0
    assert len(found["timestamp"]) == len(found["values"]) == 30
    assert found["skill_percent"] > 0
    assert found["history_minutes"] == pytest.approx(240, abs=1)
    assert [band["percent"] for band in found["bands"]] == [80, 95]
    for band in found["bands"]:
        assert len(band["low"]) == len(band["high"]) == 30
        assert np.all(np.array(band["low"]) <= found["values"])
        assert np.all(found["values"] <= np.array(band["high"]))
        assert 0 <= band["held_percent"] <= 100
    assert len(forecast(made, metric="memory_mb", minutes="60").json["forecast"]["values"]) == 60


def test_when_each_rule_would_be_breached(serve: Serve) -> None:
    """As the description has it; memory grows from 100 by 0.1 MB a minute to 124."""
    made = leaking(serve, 240)
    made.monitor.alerting.add(
        {"name": "Leak", "metric": "memory_mb", "condition": "above", "threshold": 130, "severity": "info"}
    )
    told = forecast(made, metric="memory_mb").json["thresholds"]
    schema = made.client.get("/api/v1/openapi.json").json["components"]["schemas"]["Forecast"]["properties"]
    assert [set(one) for one in told] == [set(schema["thresholds"]["items"]["properties"])] * 2
    reached, leak = told
    assert (reached["rule_id"], reached["seconds"]) == ("high-memory-usage", None)
    assert reached["reason"] == "the threshold is reached already"
    assert (leak["rule_id"], leak["name"], leak["condition"], leak["threshold"]) == (
        "leak",
        "Leak",
        "above",
        130.0,
    )
    assert leak["reason"] is None
    assert leak["early_seconds"] <= leak["seconds"] <= leak["late_seconds"]
    assert leak["seconds"] == pytest.approx(3600, abs=600)
    assert forecast(made, metric="threads").json["thresholds"] == []


def test_silence_without_skill_or_history_has_words(serve: Serve) -> None:
    """200: nothing is wrong with the request."""
    made = leaking(serve, 150)
    for metric, minutes, words in (
        ("cpu_utilization", "30", "measured minutes"),
        ("memory_mb", "60", "a third of the history"),
    ):
        answer = forecast(made, metric=metric, minutes=minutes).json
        assert answer["forecast"] is None
        assert words in answer["reason"]
    early = forecast(serve(), metric="memory_mb").json
    assert (early["at"], early["forecast"]) == (None, None)


def test_what_never_changes_has_no_better_forecast(serve: Serve) -> None:
    """The present value is as good."""
    made = serve()
    made.fill(3 * 3600, threads=4.0)
    assert forecast(made, metric="threads").json["reason"] == "no forecast better than the present value"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "metric"),
        ({"metric": ""}, "metric"),
        ({"metric": "nothing"}, "metric"),
        ({"metric": "memory_mb,cpu_utilization"}, "metric"),
        ({"metric": "memory_mb", "minutes": "0"}, "minutes"),
        ({"metric": "memory_mb", "minutes": "31"}, "minutes"),
        ({"metric": "memory_mb", "minutes": ""}, "minutes"),
        ({"metric": "memory_mb", "minutes": "٣٠"}, "minutes"),
    ],
)
def test_a_bad_parameter_is_named(serve: Serve, query: dict[str, str], field: str) -> None:
    """400, the field and its rule."""
    response = forecast(serve(), **query)
    assert response.status_code == 400
    assert response.json["error"]["field"] == field
    assert response.json["error"]["message"]
