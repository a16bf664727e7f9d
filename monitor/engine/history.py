"""Any part of the past: from the rolling frame where it holds it, else from what is kept."""

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core import series, spans
from monitor.core.errors import AbsentError, StoreError
from monitor.core.excerpt import Excerpt
from monitor.core.histogram import BUCKETS, Floats, quantiles
from monitor.core.latency_log import Past
from monitor.core.metric import PERCENTILES
from monitor.core.record import Records
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.core.spans import Spans
from monitor.core.window import Integers, Rows, Window
from monitor.engine.ports import HistoryArchive

log = logging.getLogger(__name__)

SAMPLES: Final = 0
"""The width of a single sample."""
_WIDTHS: Final = (SAMPLES, MINUTE_MS, HOUR_MS)
_CHOICES: Final = ((SAMPLES, MINUTE_MS, 2), (MINUTE_MS, HOUR_MS, 4))
"""A width, the next coarser one, and how many of the latter to a point are as good as the former."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What an excerpt is made of: rows, `width` ms of each (0: samples), `grain` ms between two of them at most.

    `past` copies the latencies from one moment to another (epoch ms).
    """

    parts: list[Rows]
    width: int
    past: Callable[[int, int], Past]


class History:
    """Reads rolling frame, samples and roll-ups as one. Used on any thread.

    Samples are taken from the rolling frame as far as it reaches, then from the archive. Where these are more than
    can be drawn, or not kept any more, it is minutes or hours, whose extremes are those of their samples. Where
    the archive cannot be read, pictures go on with the rolling frame, and the log says so; what counts, and what
    has every sample, raises StoreError.
    """

    def __init__(
        self,
        window: Window,
        past: Callable[[int, int], Past],
        archive: HistoryArchive,
        interval_ms: int,
    ) -> None:
        """Read `window` and `archive`; `past` copies the latencies of the rolling frame between two moments."""
        self._window = window
        self._past = past
        self._archive = archive
        self._interval_ms = interval_ms

    def excerpt(self, start: int, end: int, metrics: Sequence[str], points: int | None) -> Excerpt:
        """Return metrics of start..end (epoch ms, both included) in `points` (>= 3) rows or fewer.

        Each span of time gives its smallest and its largest value, and a latency percentile that of all its
        operations. None: every sample that is kept, and a row of NaN in each hole; raises StoreError.
        """
        if points is None:
            return self._raw(list(self.samples(start, end)))
        try:
            return self._drawn(self._source(start, end, points), start, end, metrics, points)
        except StoreError as problem:
            _warn(problem)
        framed = _Source(self._window.parts(start, end), SAMPLES, self._past)
        return self._drawn(framed, start, end, metrics, points)

    def _drawn(self, source: _Source, start: int, end: int, metrics: Sequence[str], points: int) -> Excerpt:
        if source.width == SAMPLES and series.fits(source.parts, points, self._interval_ms):
            return self._raw(source.parts)
        if not source.parts:
            return self._raw([])
        return self._reduced(source, start, end, list(metrics), points)

    def samples(self, start: int, end: int) -> Iterator[Rows]:
        """Yield every sample that is kept of start..end (epoch ms, both included), in pieces, oldest first.

        Raises StoreError, also after some pieces.
        """
        first = self._window.begins
        if first is None or start < first:
            before = end if first is None else min(end, first - 1)
            for records in self._stored(start, before):
                yield _rows(records)
        yield from self._window.parts(start if first is None else max(start, first), end)

    def rollups(self, width: int, start: int, end: int) -> Iterator[Rollups]:
        """Yield the roll-ups of `width` ms (a minute or an hour) that begin in start <= .. < end, day by day.

        Raises StoreError, also after some days.
        """
        with suppress(AbsentError):
            first = self._archive.first(width)
            day = end if first is None else max(start, first)
            while day < end:
                until = min(end, day - day % DAY_MS + DAY_MS)
                found = self._archive.rollups(width, day, until)
                if len(found):
                    yield found
                day = until

    def latencies(self, edges: Floats) -> Floats:
        """Return (k, 65): the merged latency histograms of the k spans between `edges` (k + 1,), epoch ms."""
        try:
            return self._latencies(edges)
        except StoreError as problem:
            _warn(problem)
        return self._past(math.floor(edges[0]), math.ceil(edges[-1])).merged(edges)

    def _latencies(self, edges: Floats) -> Floats:
        start, end = math.floor(edges[0]), math.ceil(edges[-1])
        if self._in_window(start, min(float(edges[1] - edges[0]), MINUTE_MS)):
            return self._past(start, end).merged(edges)
        hourly = (np.diff(edges) >= 4 * HOUR_MS).all() or not (edges % HOUR_MS).any()
        known = self._firsts().get(MINUTE_MS, end) <= start
        width = MINUTE_MS if known and not hourly else HOUR_MS
        return self._rolled_up(start, end, width).past(start, end).merged(edges)

    def percentiles(self, metrics: Sequence[str], edges: Floats) -> dict[str, Floats]:
        """Return those of the metrics that are latency percentiles, ms, of all operations between two edges each.

        edges: (k + 1,) ascending epoch ms. Each result is (k,); NaN where there were no operations, or the
        percentile is beyond the last bucket.
        """
        wanted = [metric for metric in metrics if metric in PERCENTILES]
        return _percentiles(wanted, self.latencies(edges)) if wanted else {}

    @property
    def begins(self) -> int | None:
        """Return when what is kept begins (epoch ms), None without anything: to the sample where one is kept.

        Raises StoreError.
        """
        found = self._window.begins
        for width, first in self._firsts().items():
            # A roll-up begins before its first sample does.
            if found is None or first + width <= found:
                found = first
        return found

    def spans(self, start: int, end: int, metrics: Sequence[str], most: int) -> tuple[Spans, int]:
        """Return start <= time < end (epoch ms) in `most` (>= 2) spans or fewer, and the ms of each.

        Where only minutes or hours are known, whole ones are told: the edges then begin earlier, or end later.
        Raises StoreError.
        """
        grain = self._grain(start, end, most)
        if grain == SAMPLES:
            step = spans.width(end - start, most, least=Spans.shortest(self._interval_ms))
            return self._measured(start, end, spans.cut(start, end, step), metrics), step
        found, until = self._rolled(grain, start - start % grain, end)
        if start < until:
            start -= start % grain
        if end <= until:
            end = min(end + -end % grain, until)
        least = max(grain, Spans.shortest(self._interval_ms))
        step = spans.width(end - start, most, least=least, multiple=grain)
        edges = spans.cut(start, end, step)
        rolled = Spans.rolled(found.between(start, end), grain, until, edges, metrics)
        return rolled.plus(self._measured(max(start, until), end, edges, metrics)), step

    def _measured(self, start: int, end: int, edges: Integers, metrics: Sequence[str]) -> Spans:
        """Return the spans between `edges` of the samples in start <= time < end."""
        source = self._sampled(start, end - 1)
        past = source.past(start, end)
        minutes = past.at[past.width > 0]
        if len(minutes) and (np.diff(edges) < MINUTE_MS).any():
            first, last = int(minutes.min()), int(minutes.max()) + MINUTE_MS
            past = past.refined(_latencies(list(self._stored(first, last - 1))))
        return Spans.of(source.parts, past, edges, metrics)

    def _raw(self, parts: list[Rows]) -> Excerpt:
        def column(metric: str) -> Floats:
            return series.raw(parts, [metric], self._interval_ms).values[metric]

        timestamp = series.raw(parts, [], self._interval_ms).timestamp
        return Excerpt(timestamp, self._interval_ms, sum(map(len, parts)), column)

    def _reduced(self, source: _Source, start: int, end: int, metrics: list[str], points: int) -> Excerpt:
        grain = self._interval_ms
        if source.width:
            grain = source.width // 2
            begin = max(start, min(int(part.timestamp.min()) for part in source.parts))
            last = min(end, max(int(part.timestamp.max()) for part in source.parts))
            # No span is narrower than what it is made of.
            points = max(3, min(points, 2 * max(1, (last - begin) // source.width)))
        drawn = series.Reduction(source.parts, metrics, start, end, points, grain)
        wanted = [metric for metric in metrics if metric in PERCENTILES]
        merged: dict[str, Floats] = {}
        if wanted:
            past = source.past(math.floor(drawn.edges[0]), math.ceil(drawn.edges[-1]))
            merged = _percentiles(wanted, past.merged(drawn.edges))

        def column(metric: str) -> Floats:
            return drawn.spread(metric, merged[metric]) if metric in merged else drawn.column(metric)

        return Excerpt(drawn.timestamp, source.width or self._interval_ms, sum(map(len, source.parts)), column)

    def _source(self, start: int, end: int, points: int) -> _Source:
        """Choose what is fine enough to be drawn in so many points, and reaches as far back as it must."""
        # In a picture nobody sees a piece of a point that is missing.
        grain = self._grain(start, end, points, min((end - start) / points, MINUTE_MS))
        return self._sampled(start, end) if grain == SAMPLES else self._rolled_up(start, end, grain)

    def _grain(self, start: int, end: int, points: int, slack: float = 0.0) -> int:
        """Return the width (ms) of what is fine enough for so many points, and reaches as far back as it must.

        The first `slack` ms may be missing.
        """
        if self._in_window(start, slack):
            return SAMPLES
        firsts = self._firsts()
        start = max(start, min(firsts.values(), default=start))
        for width, coarser, few in _CHOICES:
            reaches = width in firsts and firsts[width] <= start + coarser
            if reaches and few * (end - start) < points * coarser:
                return width
        return HOUR_MS

    def _sampled(self, start: int, end: int) -> _Source:
        """Take samples: those that have left the rolling frame from the archive."""
        first = self._window.begins
        begins = end + 1 if first is None else max(start, first)
        stored = list(self._stored(start, min(end, begins - 1))) if start < begins else []
        parts = [_rows(records) for records in stored]
        parts += self._window.parts(begins, end)

        def past(begin: int, until: int) -> Past:
            framed = self._past(max(begin, begins), until)
            split = (framed.width > 0) & (framed.at < begins)
            if begin >= begins or not split.any():
                return Past.joined([_latencies(stored), framed])
            # The minute in which the frame begins: of its samples some are in `stored`.
            rest = list(self._stored(begins, begins - begins % MINUTE_MS + MINUTE_MS - 1))
            return Past.joined([_latencies([*stored, *rest]), framed.where(~split)])

        return _Source(parts, SAMPLES, past)

    def _rolled_up(self, start: int, end: int, width: int) -> _Source:
        """Take roll-ups, and the samples that came after the last of them."""
        found, until = self._rolled(width, start - width + 1, end + 1)
        newest = self._sampled(max(start, until), end)
        rows = found.extremes(width)
        inside = (rows.timestamp >= start) & (rows.timestamp <= end)
        parts = [rows[inside]] if inside.any() else []

        def past(begin: int, until: int) -> Past:
            return Past.joined([Past.of(found.start, found.latency, width), newest.past(begin, until)])

        return _Source(parts + newest.parts, width, past)

    def _in_window(self, start: int, slack: float) -> bool:
        """Tell whether the rolling frame reaches back to `start` but for `slack` ms, or nothing else does."""
        first = self._window.begins
        if first is None:
            return False
        return start >= first - slack or not any(begin + width < first for width, begin in self._firsts().items())

    def _firsts(self) -> dict[int, int]:
        """Return where (epoch ms) what is kept begins, by its width."""
        try:
            known = {width: self._archive.first(width) for width in _WIDTHS}
        except AbsentError:
            return {}
        return {width: first for width, first in known.items() if first is not None}

    def _rolled(self, width: int, start: int, end: int) -> tuple[Rollups, int]:
        """Return the roll-ups that begin in start <= .. < end, and up to when (epoch ms) samples are in them."""
        try:
            found, until = self._archive.rolled(width, start, end)
        except AbsentError:
            return Rollups.none(), 0
        newest = self._window.last(1).timestamp
        if len(newest) and newest[0] < until:  # the wall clock was set back
            until = int(newest[0] - newest[0] % MINUTE_MS)
        return found.between(start, until), until

    def _stored(self, start: int, end: int) -> Iterator[Records]:
        with suppress(AbsentError):
            yield from self._archive.samples(start, end)


def _warn(problem: StoreError) -> None:
    log.warning("history not read: what is shown is the rolling frame alone", extra={"reason": str(problem)})


def _rows(records: Records) -> Rows:
    """Return records as rows of the frame, seq 0: they are of an earlier run, or have left it."""
    return Rows(np.zeros(len(records), np.int64), records.timestamp, records.values)


def _latencies(stored: Sequence[Records]) -> Past:
    """Return the latencies of those records in which they were measured."""
    nothing = Past.of(np.empty(0, np.int64), np.empty((0, BUCKETS + 1)), SAMPLES)
    known = [Past.of(one.timestamp[one.measured], one.latency[one.measured], SAMPLES) for one in stored]
    return Past.joined([nothing, *known])


def _percentiles(metrics: list[str], merged: Floats) -> dict[str, Floats]:
    return {metric: 1000.0 * quantiles(merged, PERCENTILES[metric]) for metric in metrics}
