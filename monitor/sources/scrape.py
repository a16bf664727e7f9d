"""One scrape beside the one before: what selectors read, and by how much counters grew."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from monitor.core.counter import CounterReading, increase
from monitor.core.histogram import Floats, Histogram
from monitor.sources.exposition import Series
from monitor.sources.preset import Combine, Kind, Selector

_COMBINE: Final[Mapping[Combine, Callable[[list[float]], float]]] = MappingProxyType(
    {
        Combine.SUM: sum,
        Combine.MAX: max,
        Combine.MEAN: lambda values: sum(values) / len(values),
    }
)

Layout = tuple[Floats, Floats]
"""Ascending upper bounds (n,), the last may be inf, and how much was counted per bucket (n,), not cumulative."""


class Scrape:
    """The series of one scrape by selector.

    A counter's growth is the sum over the series that both scrapes have: one that has just appeared has no past,
    so it adds nothing yet, and one that has gone adds nothing any more. When one of them was reset, the sum is
    unknown.
    """

    def __init__(
        self,
        selectors: Sequence[Selector],
        values: Mapping[Series, float],
        at: float,
        before: Mapping[Series, CounterReading],
    ) -> None:
        """Take finite `values` read at `at` (monotonic seconds); `before` is `counters` of the scrape before."""
        self._before = before
        self._elapsed = at - next(iter(before.values())).at if before else 0.0
        self._members: dict[Selector, list[tuple[Series, float]]] = {selector: [] for selector in selectors}
        self._families: dict[str, list[Series]] = defaultdict(list)
        self.counters: dict[Series, CounterReading] = {}
        cumulative = {name for selector in selectors if selector.kind is not Kind.GAUGE for name in selector.names}
        for series, value in values.items():
            if series.name in cumulative:
                self.counters[series] = CounterReading(value, at)
                self._families[series.name].append(series)
            for place in series.places:
                self._members[selectors[place]].append((series, value))

    def has(self, selector: Selector) -> bool:
        """Tell whether the target has what the selector reads.

        Of a counter it is enough that its series carry the labels that the selector asks for, whatever their
        values: that there are no series with code 500 says something only where series have a code at all.
        """
        if selector.kind is Kind.COUNTER:
            names = [label for label, _ in selector.labels]
            return any(all(name in series.labels for name in names) for series in self._families[selector.family])
        if selector.kind is Kind.HISTOGRAM:
            return any(series.le is not None for series, _ in self._members[selector])
        return bool(self._members[selector])

    def value(self, selector: Selector) -> float | None:
        """Return a gauge's value or a counter's growth per second, None where unknown."""
        members = self._members[selector]
        if selector.kind is Kind.GAUGE:
            return _COMBINE[selector.combine]([value for _, value in members]) if members else None
        if members:
            return self._rate(series for series, _ in members)
        # No series with these values while others of the family count: nothing of that sort has happened yet.
        return None if self._rate(self._families[selector.family]) is None else 0.0

    def each(self, selector: Selector, label: str) -> dict[str, float | None]:
        """Return `value` per value of `label`."""
        groups: dict[str, list[tuple[Series, float]]] = defaultdict(list)
        for series, value in self._members[selector]:
            if label in series.labels:
                groups[series.labels[label]].append((series, value))
        if selector.kind is Kind.GAUGE:
            combine = _COMBINE[selector.combine]
            return {key: combine([value for _, value in group]) for key, group in groups.items()}
        return {key: self._rate(series for series, _ in group) for key, group in groups.items()}

    def histogram(self, selector: Selector) -> tuple[list[Layout], float | None]:
        """Return what was observed between the scrapes and the sum of the observations, in the target's unit.

        One layout per set of bounds that the series use, normally one; none where that is unknown. The sum is None
        where it is unknown.
        """
        sums = [series for series, _ in self._members[selector] if series.le is None]
        groups: dict[tuple[tuple[str, str], ...], list[Series]] = defaultdict(list)
        for series, _ in self._members[selector]:
            if series.le is not None:
                groups[series.others].append(series)
        layouts: dict[tuple[float, ...], Floats] = {}
        for group in groups.values():
            group.sort(key=_bound)
            grown = [self._increase(series) for series in group]
            if any(g is None and series in self._before for g, series in zip(grown, group, strict=True)):
                return [], None  # a reset
            known = [(_bound(series), g) for series, g in zip(group, grown, strict=True) if g is not None]
            if known:
                bounds = tuple(bound for bound, _ in known)
                cumulative = np.array([g for _, g in known])
                layouts[bounds] = layouts[bounds] + cumulative if bounds in layouts else cumulative
        rate = self._rate(sums)
        return (
            [(np.array(bounds), per_bucket(cumulative)) for bounds, cumulative in layouts.items()],
            None if rate is None else rate * self._elapsed,
        )

    def _increase(self, series: Series) -> float | None:
        return increase(self._before.get(series), self.counters[series])

    def _rate(self, members: Iterable[Series]) -> float | None:
        """Return the growth per second of all, None after a reset of one or without any in both scrapes."""
        grown: float | None = None
        for series in members:
            more = self._increase(series)
            if more is not None:
                grown = (grown or 0.0) + more
            elif series in self._before:
                return None
        return None if grown is None else grown / self._elapsed


def per_bucket(cumulative: Floats) -> Floats:
    """Return counts per bucket from cumulative ones, (n,) each.

    A target that is read while it counts may show a bucket below the one before it; that is levelled out.
    """
    counts: Floats = np.diff(np.maximum.accumulate(cumulative), prepend=0.0)
    return counts


def merged(layouts: Sequence[Layout], unit: float, total: float) -> Histogram:
    """Return layouts in `unit` seconds as one histogram over the common buckets; `total` is in seconds.

    Beyond the last finite bound of a layout that counted slower ones nothing is known of the whole.
    """
    rebinned = [Histogram.rebin(bounds * unit, counts, 0.0) for bounds, counts in layouts]
    reach = min((max(one.edges, default=0.0) for one in rebinned if one.overflow > 0), default=math.inf)
    return replace(Histogram.merge(rebinned).cut(reach), total=total)


def _bound(series: Series) -> float:
    return float("inf") if series.le is None else series.le
