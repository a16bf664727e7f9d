"""A period as a paper tells it: what the verdicts are, how it went, what happened, and what each figure means.

Everything is text and plain numbers, so that it can be drawn by another process. Moments are epoch ms.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from monitor.core.alert_table import alert_table
from monitor.core.alerts import Alerts
from monitor.core.effectiveness import MetricImpact
from monitor.core.event import Event, Kind
from monitor.core.experiment import ExperimentState
from monitor.core.gaps import measured
from monitor.core.histogram import Floats, quantiles
from monitor.core.impact import ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.metric import METRIC, PERCENTILES
from monitor.core.period import METRICS, Period
from monitor.core.spans import Spans
from monitor.core.table import Table, lasted, moment
from monitor.core.tail import TITLE
from monitor.core.verdict import IN_WORDS, Gain, Verdict

CHARTS: Final = (
    "throughput_ops_sec",
    "latency_ms",
    "memory_mb",
    "cpu_utilization",
    "active_connections",
    "error_rate",
)
NEEDED: Final = tuple(dict.fromkeys((*CHARTS, *METRICS)))
"""The metrics that its spans need to have."""
NO_DATA: Final = "no data"
_LEAST: Final = 0.001
_MOST_PERCENT: Final = 999.5
"""Beyond it a figure says no more than that it is large."""
_CHANGE: Final = (
    "100 (R - 1) % where more is better, 100 (1 - R) % where less is; R = mean since the change / mean of the "
    "baseline, each second divided by what the baseline expects at its load"
)
_OVERALL: Final = (
    "mean of the changes of throughput, latency, memory and CPU, each within -100 to 100 %; a metric, or the "
    "errors, that got worse outweighs it"
)
FORMULAS: Final = (
    ("Change", _CHANGE),
    ("Interval", "of 95 %: all of them hold together and at every look, each with 99.2 %: docs/statistics.md"),
    ("Overall", _OVERALL),
    (TITLE, "share of the operations that are slower than 95 of 100 of the baseline were"),
    ("Uptime", "seconds in which the target answered / seconds in which it was asked"),
    ("Percentiles", "of all operations of a span, from merged histograms, never means of percentiles"),
)
"""What each figure is, in words; after the metrics."""
IN_ALL: Final = "In all: against the baseline, everything since then included; of a proof: on against off"
"""What the figure beside a change is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: (k,) values, None where nothing was measured."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ReportChart:
    """A metric over k spans: `moments` (k,) their middles, a band `low` to `high` if there is one, lines."""

    title: str
    unit: str
    moments: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A change in percent within `low`..`high`, above 0 is better; `verdict` in a word."""

    title: str
    percent: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is drawn, in its order. `verdict`, `figure` and `effects` are of the comparison when this was `made`.

    A period that ends before that comparison begins has no verdict of it.
    `marks` are changes: when, and the words; `span_ms` is how much time a point of the charts stands for. `reach`
    says where what is kept begins, "" where that is no part of it; of a period in which nothing was measured there
    is nothing to be drawn.
    """

    target: str
    start: int
    end: int
    made: int
    span_ms: int
    reach: str
    measured: bool
    verdict: str
    figure: str
    summary: str
    effects: tuple[Effect, ...]
    comparisons: Table
    period: Table
    charts: tuple[ReportChart, ...]
    marks: tuple[tuple[int, str], ...]
    changes: Table
    alerts: Table
    environment: Table
    definitions: Table

    @classmethod
    def of(
        cls,
        *,
        target: str,
        start: int,
        end: int,
        made: int,
        begins: int | None,
        interval: float,
        spans: Spans,
        step: int,
        state: ExperimentState,
        alerts: Alerts,
        happened: Sequence[Event],
        environment: Mapping[str, str],
    ) -> Self:
        """Tell of start..end. `spans` have NEEDED and last `step` ms each; `interval` is seconds.

        What is kept begins at `begins`, None while there is nothing.
        """
        verdict, figure, summary = _headline(state.impact, end, made)
        impact = state.impact if _told(state.impact, end) else None
        changes = [event for event in happened if event.kind is Kind.CHANGE and not event.minor]
        return cls(
            target=target,
            start=start,
            end=end,
            made=made,
            span_ms=step,
            reach=_reach(start, end, begins),
            measured=any(figures.count.any() for figures in spans.figures.values()),
            verdict=verdict,
            figure=figure,
            summary=summary,
            effects=_effects(impact),
            comparisons=_comparisons(impact),
            period=_period(Period.of(spans, interval)),
            charts=tuple(_charts(spans, interval)),
            marks=tuple((event.at, event.text) for event in changes),
            changes=_changes(changes, state.compared),
            alerts=alert_table(alerts, spans, 1000.0 * interval),
            environment=Table("Environment", ("", ""), tuple(environment.items()), NO_DATA),
            definitions=Table("What the figures mean", ("Figure", "Definition"), _definitions(), ""),
        )


def _reach(start: int, end: int, begins: int | None) -> str:
    if begins is None:
        return "Nothing is kept yet."
    if begins <= start:
        return ""
    part = f": {lasted(end - begins)} of this period" if begins < end else ", after this period"
    return f"What is kept begins {moment(begins)}{part}."


def _told(impact: ImpactState | None, end: int) -> bool:
    """Tell whether the comparison has to do with a period that ends at `end`."""
    return impact is not None and impact.since < end


def _headline(impact: ImpactState | None, end: int, made: int) -> tuple[str, str, str]:
    if impact is None:
        return "No baseline", "", "Nothing is compared: no baseline is active."
    if not _told(impact, end):
        begun = f"What is compared today, {moment(made)}, began {moment(impact.since)}"
        return "No verdict on this period", "", f"{begun}, after it. What was decided in it: Changes, below."
    total = impact.overall
    since = f"since “{impact.text}”" if impact.text else "since the baseline"
    against = f"Overall effect {since} against “{impact.baseline.name}”"
    counted = f"{total.parts} of {total.possible} metrics" if total.gain is not None else "no overall figure"
    return (
        IN_WORDS[total.verdict],
        "" if total.gain is None else f"{percent(total.gain.percent)} ({_interval(total.gain)})",
        f"{against}: {counted}, {impact.seconds} s of evidence, as of {moment(made)}",
    )


def _compared(impact: ImpactState | None) -> Iterator[tuple[str, str, MetricImpact]]:
    """Yield what has an interval in percent: title, unit, comparison."""
    if impact is None:
        return
    for one in impact.metrics:
        yield METRIC[one.metric].title, METRIC[one.metric].unit, one
    if impact.tail is not None:
        yield TITLE, "%", impact.tail


def _effects(impact: ImpactState | None) -> tuple[Effect, ...]:
    return tuple(
        Effect(title, one.gain.percent, one.gain.low, one.gain.high, IN_WORDS[one.verdict])
        for title, _, one in _compared(impact)
        if one.gain is not None and one.verdict is not Verdict.NOT_COMPARABLE
    )


def _comparisons(impact: ImpactState | None) -> Table:
    rows: list[tuple[str, ...]] = []
    for title, unit, one in _compared(impact):
        rows.append(
            (
                title,
                _value(one.before, unit),
                _value(one.now, unit),
                NO_DATA if one.gain is None else percent(one.gain.percent),
                NO_DATA if one.gain is None else _interval(one.gain),
                one.reason if one.verdict is Verdict.NOT_COMPARABLE else IN_WORDS[one.verdict],
            )
        )
    errors = None if impact is None else impact.errors
    if errors is not None:
        rows.append(
            (
                METRIC["error_rate"].title,
                _value(errors.before.percent, "%"),
                _value(errors.now.percent, "%"),
                f"{_signed(-errors.points)} pp",
                f"{_signed(-errors.high)} to {_signed(-errors.low)} pp",
                IN_WORDS[errors.verdict],
            )
        )
    head = ("Metric", "Baseline", "Since the change", "Change for the better", "Interval", "Verdict")
    return Table("Did it help?", head, tuple(rows), "No baseline is active.")


def _period(period: Period) -> Table:
    lost = "" if period.lost is None else f", {period.lost:.0f} of {period.asked:.0f} s lost"
    errors = "" if period.errors is None else f", {period.errors:,.0f} failed operations"
    uptime, failed = period.uptime_percent, period.error_percent
    operations = period.operations
    rows = [
        ("Operations", NO_DATA if operations is None else f"{operations:,.0f} in {period.measured:,.0f} s"),
        ("Uptime", NO_DATA if uptime is None else f"{uptime:.4g} %{lost}"),
        ("Errors", NO_DATA if failed is None else f"{failed:.3g} %{errors}"),
    ]
    rows += [(METRIC[metric].title, _value(value, "ms")) for metric, value in period.percentiles.items()]
    return Table("The period in numbers", ("", ""), tuple(rows), NO_DATA)


def _charts(spans: Spans, interval: float) -> list[ReportChart]:
    moments = tuple(((spans.edges[:-1] + spans.edges[1:]) // 2).tolist())
    charts = []
    for name in CHARTS:
        metric, figures = METRIC[name], spans.figures[name]
        count = figures.count
        if name == "latency_ms":
            # A second without an operation has no latency, and is no gap.
            answered = spans.figures["answered"]
            count = np.maximum(count, answered.total / 100.0)
        enough = measured(count, spans.edges, 1000.0 * interval)
        lines = [Line("mean", _plain(figures.mean, enough))]
        if name == "latency_ms":
            lines += [
                Line(
                    METRIC[one].title.removeprefix("Latency "),
                    _plain(1000.0 * quantiles(spans.histograms, q), enough),
                )
                for one, q in PERCENTILES.items()
            ]
        # Of latency the extremes are those of means per second: the percentiles tell more.
        banded = name != "latency_ms"
        low, high = (_plain(figures.low, enough), _plain(figures.high, enough)) if banded else ((), ())
        charts.append(ReportChart(metric.title, metric.unit, moments, low, high, tuple(lines)))
    return charts


def _changes(changes: Sequence[Event], rows: Sequence[LedgerRow]) -> Table:
    told = {(row.since, row.change): row for row in rows}
    cells = []
    for number, event in enumerate(changes, 1):
        row = told.get((event.at, event.text))
        figure = NO_DATA if row is None or row.percent is None else percent(row.percent)
        ends = "" if row is None or row.low is None or row.high is None else _ends(row.low, row.high)
        verdict = "not compared" if event.verdict is None else IN_WORDS[event.verdict]
        watched = "" if row is None else f"{row.seconds} s"
        cells.append((str(number), moment(event.at), event.text, figure, ends, verdict, watched))
    head = ("", "When", "Change", "In all", "Interval", "Verdict", "Watched")
    return Table("Changes", head, tuple(cells), "No change was noted in this period.", IN_ALL)


def _definitions() -> tuple[tuple[str, str], ...]:
    shown = dict.fromkeys((*CHARTS, *PERCENTILES))
    metrics = [(_named(metric), METRIC[metric].description) for metric in shown]
    return (*metrics, *FORMULAS)


def _named(metric: str) -> str:
    unit = METRIC[metric].unit
    return f"{METRIC[metric].title} ({unit})" if unit else METRIC[metric].title


def _plain(values: Floats, enough: npt.NDArray[np.bool_]) -> tuple[float | None, ...]:
    """Return the values, None where they are unknown or too little of their span was measured."""
    known = zip(values.tolist(), (enough & ~np.isnan(values)).tolist(), strict=True)
    return tuple(value if certain else None for value, certain in known)


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return NO_DATA
    figure = f"<{_LEAST:g}" if 0 < value < _LEAST else f"{value:.4g}"
    return f"{figure} {unit}".rstrip()


def _signed(value: float) -> str:
    return f"{value:+.3g}" if value else "0"


def percent(value: float) -> str:
    """Return a signed change in percent."""
    if abs(value) >= _MOST_PERCENT:
        return f"{'-' if value < 0 else '+'}>999 %"
    return f"{value:+.1f} %"


def _interval(gain: Gain) -> str:
    return _ends(gain.low, gain.high)


def _ends(low: float, high: float) -> str:
    """Return an interval, its unit once."""
    return f"{percent(low).removesuffix(' %')} to {percent(high)}"
