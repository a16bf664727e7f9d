"""The target, seen through its Prometheus endpoint."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from monitor.core.counter import FRESH_INTERVALS, CounterReading
from monitor.core.errors import SourceError
from monitor.core.histogram import RELATIVE_WIDTH, Histogram, Quantile, quantile
from monitor.core.metric import METRIC, PERCENTILES
from monitor.core.sample import Reading
from monitor.core.score import jain_index
from monitor.net.address import Address, SocketAddress, resolve
from monitor.net.connection import Connection
from monitor.sources.exposition import Exposition, Series
from monitor.sources.optimization import names
from monitor.sources.preset import CPU, LATENCY, STARTED_AT, SWITCHES, WORKER_CPU, Kind, Preset, Rule
from monitor.sources.scrape import Layout, Scrape, merged

_RESTART_SECONDS: Final = 1.0
_LATEST: Final = 4_102_444_800.0
"""The year 2100, epoch seconds."""
_HEADERS: Final = {"Accept": "text/plain;version=0.0.4;q=1,*/*;q=0.1", "Accept-Encoding": "gzip"}
_WORK: Final = ("throughput_ops_sec", "latency_ms", "error_rate")
_OTHER_CONTENT: Final = frozenset({"text/html", "application/json", "application/xml", "text/xml"})


class PrometheusSource:
    """Scrapes one URL and makes of it what the preset says."""

    name = "target"
    watches_target = True
    metrics: frozenset[str] = frozenset()

    def __init__(
        self,
        address: Address,
        preset: Preset,
        interval: float,
        resolver: Callable[[Address], list[SocketAddress]] = resolve,
    ) -> None:
        """Scrape `address` about every `interval` seconds."""
        self._preset = preset
        self._path = address.path
        self._interval = interval
        self._connection = Connection(address, resolver)
        self._selectors = preset.selectors
        wanted = frozenset(name for selector in self._selectors for name in selector.names)
        self._exposition = Exposition(wanted, self._places)
        self._before: Mapping[Series, CounterReading] = {}
        self._read_at = -math.inf
        self._started_at: float | None = None

    def read(self) -> Reading:
        """Scrape once; raises SourceError when any part of it fails."""
        answer = self._connection.ask("GET", self._path, headers=_HEADERS)
        if answer.status != 200:
            raise SourceError(f"HTTP {answer.status}")
        if answer.content_type in _OTHER_CONTENT:
            raise SourceError(f"answers {answer.content_type}, not Prometheus text")
        return self.take(answer.body, (answer.sent + answer.answered) / 2)

    def take(self, body: bytes, at: float) -> Reading:
        """Make a reading of an exposition read at `at` (monotonic seconds)."""
        values = self._exposition.read(body)
        fresh = at - self._read_at <= FRESH_INTERVALS * self._interval
        scrape = Scrape(self._selectors, values, at, self._before if fresh else {})
        started_at = _plausible(self._first(scrape, STARTED_AT))
        if self._restarted(started_at):
            scrape = Scrape(self._selectors, values, at, {})
        self._before, self._read_at = scrape.counters, at
        self._started_at = started_at if started_at is not None else self._started_at

        reading: dict[str, float] = {}
        for key in self._preset.rules:
            if key in METRIC and (value := self._first(scrape, key)) is not None:
                reading[key] = value / METRIC[key].base_factor
        reading.update(self._workers(scrape))
        latency, width = self._latency(scrape, reading)
        return Reading(
            values={key: value for key, value in reading.items() if math.isfinite(value)},
            latency=latency,
            latency_width=width,
            started_at=started_at,
            switches=self._switches(scrape),
            cpu_of_one_core=self._of_one_core(scrape),
            remark=self._remark(scrape),
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _places(self, name: str, labels: Mapping[str, str]) -> tuple[int, ...]:
        return tuple(place for place, selector in enumerate(self._selectors) if selector.matches(name, labels))

    def _restarted(self, started_at: float | None) -> bool:
        return (
            started_at is not None
            and self._started_at is not None
            and abs(started_at - self._started_at) > _RESTART_SECONDS
        )

    def _remark(self, scrape: Scrape) -> str:
        """Say that the target tells nothing of its work where the preset would read it: is it the right one?"""
        work = [key for key in _WORK if key in self._preset.rules]
        if not work or any(self._rule(scrape, key) for key in work):
            return ""
        missing = "the target answers, but without throughput, latency or errors so far"
        return f"{missing}: is {self._preset.name!r} its preset?"

    def _rule(self, scrape: Scrape, key: str) -> Rule | None:
        """Return the first rule for `key` whose series the target has."""
        return next((rule for rule in self._preset.rules.get(key, ()) if scrape.has(rule.selector)), None)

    def _first(self, scrape: Scrape, key: str) -> float | None:
        """Return a key's value in base units, None where unknown; a histogram's is not a single value."""
        rule = self._rule(scrape, key)
        if rule is None or rule.selector.kind is Kind.HISTOGRAM:
            return None
        value = scrape.value(rule.selector)
        for divisor in rule.per:
            by = scrape.value(divisor.selector) if scrape.has(divisor.selector) else divisor.otherwise
            if value is None or not by:  # nothing happened: there is no ratio
                return None
            value /= by
        return None if value is None else value * rule.scale

    def _of_one_core(self, scrape: Scrape) -> bool:
        """Tell whether CPU is read from a counter of CPU seconds that is divided by no number of cores."""
        rule = self._rule(scrape, CPU)
        return (
            rule is not None
            and rule.selector.kind is Kind.COUNTER
            and not any(scrape.has(divisor.selector) for divisor in rule.per)
        )

    def _workers(self, scrape: Scrape) -> dict[str, float]:
        rule = self._rule(scrape, WORKER_CPU)
        if rule is None or rule.each is None:
            return {}
        rates = scrape.each(rule.selector, rule.each)
        values = {
            f"{WORKER_CPU}_{worker}": 100.0 * rate * rule.scale
            for worker, rate in rates.items()
            if rate is not None and f"{WORKER_CPU}_{worker}" in METRIC
        }
        known = [rate for rate in rates.values() if rate is not None]
        if len(known) == len(rates) > 1 and (fairness := jain_index(known)) is not None:
            values["worker_imbalance"] = 100.0 * (1.0 - fairness)
        return values

    def _switches(self, scrape: Scrape) -> dict[str, bool]:
        rule = self._rule(scrape, SWITCHES)
        if rule is None or rule.each is None:
            return {}
        switches = scrape.each(rule.selector, rule.each)
        accepted = names(switches)
        return {name: value != 0 for name, value in switches.items() if name in accepted}

    def _latency(self, scrape: Scrape, reading: dict[str, float]) -> tuple[Histogram | None, float | None]:
        """Add mean and percentiles to `reading`; return the histogram and the relative width of p95's bucket."""
        rule = self._rule(scrape, LATENCY)
        if rule is None or rule.selector.kind is not Kind.HISTOGRAM:
            return None, None
        layouts, total = scrape.histogram(rule.selector)
        if not layouts:
            return None, None
        seconds = math.nan if total is None else total * rule.scale
        histogram = merged(layouts, rule.scale, seconds)
        width: float | None = None
        for metric, q in PERCENTILES.items():
            found = _percentile(layouts, rule.scale, histogram, q)
            if found is not None:
                reading[metric] = found.value * 1000.0
                width = _stated(found) if q == 0.95 else width
        if histogram.mean is not None:
            reading[LATENCY] = histogram.mean * 1000.0
        return histogram, width


def _plausible(started_at: float | None) -> float | None:
    """Return a moment, epoch seconds; None for what cannot be one."""
    return started_at if started_at is not None and 0 < started_at < _LATEST else None


def _percentile(layouts: list[Layout], unit: float, histogram: Histogram, q: float) -> Quantile | None:
    """Interpolate within the target's own buckets, or the common ones where its series use several layouts."""
    if len(layouts) > 1:
        return histogram.quantile(q)
    [(bounds, counts)] = layouts
    return quantile(bounds * unit, counts, q)


def _stated(found: Quantile) -> float | None:
    """Return the bucket's relative width, that of the common buckets at the least; None where unknown."""
    return None if found.width is None else max(found.width, RELATIVE_WIDTH)
