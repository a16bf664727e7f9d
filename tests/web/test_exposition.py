"""`/metrics`."""

from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from builders import sample
from monitor.core.metric import COLUMNS, METRICS
from monitor.core.snapshot import Ticks
from monitor.web.exposition import name

Serve = Callable[..., Any]
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def samples(made: Any) -> dict[str, float]:
    families = parse_text(made.client.get("/metrics").text)
    return {sample.name: sample.value for family in families for sample in family.samples}


def test_figures_are_in_base_units_under_their_prometheus_names(serve: Serve) -> None:
    """Seconds, bytes and ratios; the target's apart from our own."""
    made = serve()
    made.tick(
        latency_ms=250.0, memory_mb=1.5, cpu_utilization=50.0, monitor_cpu=2.0, host_cpu=10.0, tick_lateness_ms=1.0
    )
    found = samples(made)
    assert found["hub_monitor_target_latency_mean_seconds"] == pytest.approx(0.25)
    assert found["hub_monitor_target_memory_bytes"] == pytest.approx(1.5e6)
    assert found["hub_monitor_target_cpu_utilization_ratio"] == pytest.approx(0.5)
    assert found["hub_monitor_cpu_utilization_ratio"] == pytest.approx(0.02)
    assert found["hub_monitor_host_cpu_utilization_ratio"] == pytest.approx(0.1)
    assert found["hub_monitor_tick_lateness_seconds"] == pytest.approx(0.001)
    assert "hub_monitor_target_error_ratio" not in found


def test_the_monitor_tells_of_itself(serve: Serve) -> None:
    """Ticks, connections, whether the target is up and for how much of the time it was."""
    made = serve(limit=9)
    made.monitor.observe(sample(clock=made.clock, answered=False), Ticks(4, 2, 1))
    made.monitor.observe(sample(clock=made.clock), Ticks(5, 2, 1))
    found = samples(made)
    assert found["hub_monitor_ticks_total"] == 5
    assert found["hub_monitor_ticks_late_total"] == 2
    assert found["hub_monitor_ticks_missed_total"] == 1
    assert found["hub_monitor_target_up"] == 1
    assert found["hub_monitor_target_uptime_ratio"] == 0.5
    assert found["hub_monitor_websocket_connections"] == 0
    assert found["hub_monitor_websocket_connections_limit"] == 9
    assert found["process_resident_memory_bytes"] > 0


def test_a_stale_figure_is_no_figure(serve: Serve) -> None:
    """An old value would look like a calm service."""
    made = serve()
    made.tick(latency_ms=1.0)
    made.clock.advance(5.0)
    found = samples(made)
    assert "hub_monitor_target_latency_mean_seconds" not in found
    assert found["hub_monitor_ready"] == 0
    assert found["hub_monitor_sample_age_seconds"] == 5.0


def test_accept_chooses_the_format(serve: Serve) -> None:
    """OpenMetrics is strict, and is parsed strictly here."""
    made = serve()
    made.tick(**dict.fromkeys(COLUMNS, 1.0))
    response = made.client.get("/metrics", headers={"Accept": OPENMETRICS})
    assert response.content_type.startswith("application/openmetrics-text")
    assert len(list(parse_openmetrics(response.text))) > len(METRICS)
    assert made.client.get("/metrics").content_type.startswith("text/plain")


def test_every_metric_has_a_name_of_its_own() -> None:
    """Two families of one name would be refused by Prometheus."""
    names = [name(metric) for metric in METRICS]
    assert len(set(names)) == len(names)
    assert all(made.startswith("hub_monitor_") for made in names)


@pytest.mark.parametrize("version", ["abc", "1.x", "", "1..2"])
def test_a_version_that_is_none_gets_an_answer_too(serve: Serve, version: str) -> None:
    """Whatever a header says: no crash."""
    made = serve()
    answer = made.client.get("/metrics", headers={"Accept": f"application/openmetrics-text;version={version}"})
    assert answer.status_code == 200
    assert b"hub_monitor_ready" in answer.data
