"""Reports as PDF: by the real child process."""

import re
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.stats.service import Service, baseline, watch
from monitor.core.alert import Alert, Happened, State
from monitor.core.alert_table import MOST_ALERTS
from monitor.core.alerts import Alerts
from monitor.core.errors import ReportError
from monitor.core.event import Event, Kind, events
from monitor.core.experiment import ExperimentState
from monitor.core.latency_log import LatencyLog
from monitor.core.ledger import LedgerRow
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.report import NEEDED, Effect, Line, Report, ReportChart
from monitor.core.rule import RULES
from monitor.core.spans import Spans, cut
from monitor.core.verdict import Verdict
from monitor.core.window import Rows
from monitor.report.drawing import ChildDrawing
from monitor.report.paper import Paper, printable

START = 1_700_000_000_000
SECONDS = 1200


CHANGED = START + 600_000
SOME = {"cpu_utilization": 30.0}


def report(
    values: dict[str, float],
    text: str = "pool 64 → 128",
    state: ExperimentState | None = None,
    happened: list[Event] | None = None,
    alerts: Alerts | None = None,
    gap: tuple[int, int] = (300, 400),
    begins: int | None = START,
) -> Report:
    rows = np.full((SECONDS, len(COLUMNS)), np.nan)
    for metric, value in values.items():
        rows[:, COLUMN[metric]] = value
    rows[slice(*gap)] = np.nan
    parts = [Rows(np.arange(SECONDS), START + 1000 * np.arange(SECONDS, dtype=np.int64), rows)]
    end = START + 1000 * SECONDS
    spans = Spans.of(parts, LatencyLog().past(START, end), cut(START, end, 30_000), NEEDED)
    return Report.of(
        target=text,
        start=START,
        end=end,
        made=end,
        begins=begins,
        interval=1.0,
        spans=spans,
        step=30_000,
        state=state or ExperimentState(),
        alerts=alerts or Alerts(),
        happened=happened or [Event(Kind.CHANGE, CHANGED, CHANGED, text)],
        environment={"Host": text},
    )


def texts(pdf: bytes) -> str:
    """Return what the pages say."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    pages = b""
    for stream in streams:
        try:
            pages += zlib.decompress(stream)
        except zlib.error:
            continue
    return b" ".join(re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", pages)).decode("latin-1")


def test_the_child_draws_what_was_measured() -> None:
    """Charts, numbers and definitions; what was not measured says so."""
    shares: list[float] = []
    made = ChildDrawing(report({"throughput_ops_sec": 200.0, "answered": 100.0})).run(shares.append)
    assert made.startswith(b"%PDF-")
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    said = texts(made)
    assert "Throughput \\(ops/s\\)" in said
    assert "220,000 in 1,100 s" in said
    assert "no data" in said
    assert "pool 64 -> 128" in said
    assert "No baseline" in said


@pytest.mark.parametrize(
    "text",
    ["<b>bold</b> (=1+1) \\ ) Tj", "数据 größer “x” \u22121\n\x07", "x" * 5000, "\ud800"],
)
def test_no_text_breaks_the_page(text: str) -> None:
    """Names come from targets and people."""
    assert Paper(report({"latency_ms": 3.0}, text)).draw(lambda *_: None).startswith(b"%PDF-")
    assert len(printable(text)) <= 3 * 404


@pytest.mark.parametrize(
    "values",
    [{}, {"memory_mb": 0.0}, {"memory_mb": 1e15}, {"error_rate": 1e-9}, {"memory_mb": -1.0}, {"memory_mb": -1e-9}],
)
def test_nothing_zero_and_huge_values_are_drawn(values: dict[str, float]) -> None:
    """An axis is found for all of them."""
    assert Paper(report(values)).draw(lambda *_: None).startswith(b"%PDF-")


def test_values_below_0_have_their_axis() -> None:
    """From the lowest to the highest, 0 among its lines."""
    made = report(SOME)
    values = (-50.0, 2.0, None)
    chart = ReportChart("Drift", "", (START, START + 1000, START + 2000), values, values, (Line("mean", values),))
    said = texts(Paper(replace(made, charts=(chart,))).draw(lambda *_: None)).split()
    assert {"-60", "-40", "-20", "0", "20"} <= set(said)
    assert "-80" not in said


@pytest.mark.parametrize(
    ("end", "some"), [(253_402_300_799_999, "8000"), (60 * 31_557_600_000, "2020"), (40_000_000_000, "Mar 1971")]
)
def test_an_axis_of_years_names_a_handful(end: int, some: str) -> None:
    """The longest range that can be asked for, too."""
    made = report(SOME)
    made = replace(made, start=0, end=end, charts=made.charts[:1], marks=())
    short = texts(Paper(replace(made, start=end - 1000)).draw(lambda *_: None))
    said = texts(Paper(made).draw(lambda *_: None))
    assert some in said
    assert len(said) < len(short) + 100


def test_a_span_with_too_few_samples_is_a_gap_in_all_that_is_drawn() -> None:
    """Not a line through the little that was measured before and after a standstill."""
    made = report({"cpu_utilization": 30.0, "throughput_ops_sec": 200.0}, gap=(295, 335))
    cpu = next(chart for chart in made.charts if chart.title == "CPU")
    for values in (cpu.low, cpu.high, cpu.lines[0].values):
        assert [place for place, value in enumerate(values) if value is None] == [10, 11]


def test_where_the_history_begins_is_said_where_that_is_within() -> None:
    """As on the page; of a period that it covers nothing is said."""
    made = report({"cpu_utilization": 30.0}, begins=START + 480_000)
    assert made.reach == "What is kept begins 2023-11-14 22:21:20 UTC: 12 min of this period."
    assert made.reach in texts(Paper(made).draw(lambda *_: None))
    assert report(SOME).reach == ""


def test_a_period_without_anything_is_one_page_that_says_so() -> None:
    """Instead of empty charts."""
    said = texts(Paper(report({}, begins=START + 10_000_000)).draw(lambda *_: None))
    assert "Nothing was measured in this period" in said
    assert "begins 2023-11-15 01:00:00 UTC, after this period." in said
    assert said.endswith("1 of  1")
    assert "Throughput" not in said


def test_a_metric_without_values_has_no_axis() -> None:
    """The time, and that there is nothing."""
    made = report({"cpu_utilization": 30.0})
    chart = next(chart for chart in made.charts if chart.title == "Memory")
    said = texts(Paper(replace(made, charts=(chart,))).draw(lambda *_: None))
    known = next(chart for chart in made.charts if chart.title == "CPU")
    more = texts(Paper(replace(made, charts=(known,))).draw(lambda *_: None))
    assert "no data 22:" not in more
    assert "0.5" not in said.split()
    assert "22:15" in said
    assert "10" in more.split()


def test_alerts_say_how_long_nobody_watched_and_a_word_is_said_once() -> None:
    """What was open while nothing was measured may have been over."""
    open_alert = Alert.fired(RULES[0], 400.0, START + 290_000, None)
    ended = open_alert.after(Happened.RESOLVED, State.RESOLVED, START + 500_000)
    rule = next(rule for rule in RULES if rule.id == "better-verdict")
    better = Alert.fired(rule, 1.0, START + 500_000, ended)
    made = report({"cpu_utilization": 30.0}, alerts=Alerts(active=(better,), ended=(ended,)))
    assert [cells[1:5] for cells in made.alerts.rows] == [
        ("High Latency", "warning", "400 ms (> 150 ms)", "3 min, not watched for 96 s"),
        ("Better Verdict", "info", "better", "still open"),
    ]


def test_changes_and_proofs_have_what_came_of_them() -> None:
    """Also of one that began before the period and is going on in it."""
    before, within = START - 5000, START + 60_000
    rows = (
        LedgerRow("b-1", within, "batching on", "calm", Verdict.BETTER, 41.9, 25.3, 53.7, 26),
        LedgerRow("proof-1", before, "proof: pool on", "off", Verdict.NO_DIFFERENCE, 0.1, -1.0, 1.2, 90),
    )
    state = ExperimentState(ledger=rows)
    made = report(
        {"throughput_ops_sec": 200.0}, state=state, happened=events(state, Alerts(), START, START + 1_200_000)
    )
    assert [cells[2:] for cells in made.changes.rows] == [
        ("proof: pool on", "+0.1 %", "-1.0 to +1.2 %", "No meaningful difference", "90 s"),
        ("batching on", "+41.9 %", "+25.3 to +53.7 %", "Better", "26 s"),
    ]
    said = texts(Paper(made).draw(lambda *_: None))
    assert "proof: pool on" in said
    assert "+25.3 to +53.7 %" in said


def test_the_verdict_is_dated_and_none_of_a_period_before_it() -> None:
    """A report of last month does not say what is true today."""
    random = np.random.default_rng(1)
    before = Service().rows(random, 600, START)
    since = int(before.timestamp[-1]) + 1000
    impact, _ = watch(baseline(before, 300), Service(slower=0.7).rows(random, 200, since))
    made = report(SOME, state=ExperimentState(impact=impact))
    assert impact.since < made.end
    assert made.effects
    assert made.comparisons.rows
    said = texts(Paper(made).draw(lambda *_: None))
    assert "as of 2023-11-14 22:33:20 UTC" in " ".join(said.split())
    state = ExperimentState(impact=replace(impact, since=made.end))
    old = report(SOME, state=state)
    assert (old.verdict, old.figure, old.effects, old.comparisons.rows) == (
        "No verdict on this period",
        "",
        (),
        (),
    )
    assert "began 2023-11-14 22:33:20 UTC, after it" in old.summary


@pytest.mark.parametrize("ends", [(-1.0, 2.0), (20.0, 90.0), (-2477.9, 99.9), (-1e12, 1e12), (0.0, 0.0)])
def test_any_interval_is_drawn(ends: tuple[float, float]) -> None:
    """One that is open ends at the axis, and leaves room for the others."""
    effects = (
        Effect("Throughput", 45.0, 40.0, 50.0, "Better"),
        Effect("CPU", -90_000.0, -1e6, 20.0, "Not enough data yet"),
        Effect("Latency", sum(ends) / 2, *ends, "Not enough data yet"),
    )
    said = texts(Paper(replace(report(SOME), effects=effects)).draw(lambda *_: None))
    assert "Change for the better" in said
    assert "+45.0 %" in said
    assert "->999 %" in said


def test_it_is_stopped_before_and_while_it_runs() -> None:
    """And has a deadline."""
    drawing = ChildDrawing(report(SOME))
    drawing.stop()
    with pytest.raises(ReportError, match="cancelled"):
        drawing.run(lambda _: None)
    drawing = ChildDrawing(report(SOME))

    def stop(share: float) -> Any:
        drawing.stop()

    with pytest.raises(ReportError, match="cancelled"):
        drawing.run(stop)
    with pytest.raises(ReportError, match="more than"):
        ChildDrawing(report(SOME), deadline=0.001).run(lambda _: None)


def test_the_alerts_of_the_period_are_told_with_who_has_seen_them() -> None:
    """The newest forty of them; of other times none."""
    rule = RULES[0]
    known: list[Alert] = []
    for number in range(MOST_ALERTS + 10):
        fired = Alert.fired(rule, 400.0, START + 1000 * number, known[-1] if known else None)
        seen = fired.after(Happened.ACKNOWLEDGED, State.ACKNOWLEDGED, fired.fired_at, "ada", "on it")
        known.append(seen.after(Happened.RESOLVED, State.RESOLVED, fired.fired_at + 300_000))
    later = Alert.fired(rule, 400.0, START + 1_300_000, known[-1])
    made = report({"throughput_ops_sec": 200.0}, alerts=Alerts(active=(later,), ended=tuple(known[::-1])))
    assert made.alerts.title == f"Alerts: the newest {MOST_ALERTS} of {MOST_ALERTS + 10}"
    assert len(made.alerts.rows) == MOST_ALERTS
    assert made.alerts.rows[0][1:] == (
        "High Latency", "warning", "400 ms (> 150 ms)", "5 min, not watched for 10 s", "ada: on it"
    )  # fmt: skip
    assert "ada: on it" in texts(ChildDrawing(made).run(lambda _: None))
