"""`/metrics`: what is watched and the monitor itself, in Prometheus' base units."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from monitor.core.alert import State
from monitor.core.metric import COLUMN, METRICS, Metric
from monitor.core.rule import Severity
from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.viewers import View, Viewers

PREFIX: Final = "hub_monitor_"


def name(metric: Metric) -> str:
    """Return the Prometheus name: the target's under `hub_monitor_target_`, our own under `hub_monitor_`."""
    return PREFIX + ("target_" if metric.of_target else "") + metric.base_name.removeprefix("monitor_")


class MonitorCollector(Collector):
    """Makes the families anew for each scrape."""

    def __init__(self, monitor: Monitor, viewers: Viewers) -> None:
        """Speak of `monitor` and of who is connected."""
        self._monitor = monitor
        self._viewers = viewers

    def collect(self) -> Iterator[Family]:
        """Yield the families. Figures of a stale sample are left out: an old value is no value."""
        monitor, health = self._monitor, self._monitor.health()
        snapshot = monitor.snapshot
        yield _gauge("ready", "1 while there is a sample not older than 3 intervals", float(health.ready))
        if snapshot is not None and health.age is not None:
            yield _gauge("sample_age_seconds", "Age of the newest sample", health.age)
            yield from self._ticks(snapshot)
            if health.ready:
                yield from self._target(snapshot)
                yield from self._alerts(snapshot)
        yield _gauge("samples_kept", "Samples in the rolling frame", float(len(monitor.window)))
        yield from self._storage()
        connections = GaugeMetricFamily(
            f"{PREFIX}websocket_connections", "Open connections on /ws", labels=["view"]
        )
        for view in View:
            connections.add_metric([view.value], self._viewers.count(view))
        yield connections
        yield _gauge("websocket_connections_limit", "Connections that are admitted", float(self._viewers.limit))

    def _ticks(self, snapshot: Snapshot) -> Iterator[Family]:
        ticks = snapshot.ticks
        for word, count, meaning in (
            ("ticks", ticks.done, "Samples taken"),
            ("ticks_late", ticks.late, "Samples begun later than a tenth of the interval"),
            ("ticks_missed", ticks.missed, "Samples that were due and never taken"),
        ):
            yield CounterMetricFamily(PREFIX + word, meaning, value=count)

    def _storage(self) -> Iterator[Family]:
        state = self._monitor.writer.state
        yield _gauge("storage_works", "1 while what is measured is being written to the disk", float(state.works))
        yield _gauge("storage_waiting_samples", "Samples that are in memory alone", float(state.waiting))
        yield CounterMetricFamily(
            f"{PREFIX}storage_dropped_samples", "Samples that could not be written in time", value=state.dropped
        )
        yield _gauge("storage_damaged_blocks", "Blocks that could not be read back", float(state.damaged))
        if state.until is not None:
            yield _gauge(
                "storage_durable_timestamp_seconds", "Newest sample that is on the disk", state.until / 1000.0
            )

    def _alerts(self, snapshot: Snapshot) -> Iterator[Family]:
        """Yield how many are open by severity and whether anybody has seen them, and the health."""
        alerts = snapshot.alerts
        counts = Counter((alert.rule.severity, alert.state) for alert in alerts.active)
        family = GaugeMetricFamily(f"{PREFIX}alerts", "Alerts that are open", labels=["severity", "state"])
        for severity in Severity:
            for state in (State.FIRING, State.ACKNOWLEDGED):
                family.add_metric([severity.value, state.value], counts[severity, state])
        yield family
        if alerts.health is not None:
            labels = {"target": snapshot.target}
            yield _gauge("target_health_ratio", "Health of the target", alerts.health.value / 100.0, labels)

    def _target(self, snapshot: Snapshot) -> Iterator[Family]:
        labels = {"target": snapshot.target}
        if snapshot.uptime.percent is not None:
            share = snapshot.uptime.percent / 100.0
            yield _gauge("target_uptime_ratio", "Seconds answered of the seconds asked", share, labels)
        row = snapshot.recent.values[-1]
        for metric in METRICS:
            value = float(row[COLUMN[metric.id]])
            if value == value:  # noqa: PLR0124 - not NaN: what was not measured is absent
                whose = labels if metric.of_target else {}
                meaning = metric.description
                if metric.id == "cpu_utilization" and snapshot.sample.cpu_of_one_core:
                    meaning = "CPU time per second, of one core: the target does not say how many it may use"
                family = GaugeMetricFamily(name(metric), meaning, labels=list(whose))
                family.add_metric(list(whose.values()), value * metric.base_factor)
                yield family


def install(server: Flask, monitor: Monitor, viewers: Viewers) -> None:
    """Add the route."""
    registry = CollectorRegistry()
    registry.register(MonitorCollector(monitor, viewers))
    ProcessCollector(registry=registry)

    @server.get("/metrics")
    def metrics() -> Response:
        """Prometheus text, or OpenMetrics where Accept asks for it."""
        try:
            encoder, content_type = choose_encoder(request.headers.get("Accept", ""))
        except (TypeError, ValueError):  # a version that is no number
            encoder, content_type = choose_encoder("")
        return Response(encoder(registry), content_type=content_type)


def _gauge(word: str, meaning: str, value: float, labels: dict[str, str] | None = None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + word, meaning, labels=list(labels or ()))
    family.add_metric(list((labels or {}).values()), value)
    return family
