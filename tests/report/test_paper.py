"""Reports as PDF: by the real child process."""

import re
import zlib
from typing import Any

import numpy as np
import pytest

from monitor.core.errors import ReportError
from monitor.core.event import Event, Kind
from monitor.core.experiment import ExperimentState
from monitor.core.latency_log import LatencyLog
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.report import NEEDED, Report
from monitor.core.spans import Spans, cut
from monitor.core.window import Rows
from monitor.report.drawing import ChildDrawing
from monitor.report.paper import Paper, printable

START = 1_700_000_000_000
SECONDS = 1200


def report(values: dict[str, float], text: str = "pool 64 → 128") -> Report:
    rows = np.full((SECONDS, len(COLUMNS)), np.nan)
    for metric, value in values.items():
        rows[:, COLUMN[metric]] = value
    rows[300:400] = np.nan
    parts = [Rows(np.arange(SECONDS), START + 1000 * np.arange(SECONDS, dtype=np.int64), rows)]
    end = START + 1000 * SECONDS
    spans = Spans.of(parts, LatencyLog().past(START, end), cut(START, end, 30_000), NEEDED)
    return Report.of(
        target=text,
        start=START,
        end=end,
        made=end,
        interval=1.0,
        spans=spans,
        step=30_000,
        state=ExperimentState(),
        happened=[Event(Kind.CHANGE, START + 600_000, START + 600_000, text)],
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
    assert len(printable(text)) <= 3 * 200


@pytest.mark.parametrize("values", [{}, {"memory_mb": 0.0}, {"memory_mb": 1e15}, {"error_rate": 1e-9}])
def test_nothing_zero_and_huge_values_are_drawn(values: dict[str, float]) -> None:
    """An axis is found for all of them."""
    assert Paper(report(values)).draw(lambda *_: None).startswith(b"%PDF-")


def test_it_is_stopped_before_and_while_it_runs() -> None:
    """And has a deadline."""
    drawing = ChildDrawing(report({}))
    drawing.stop()
    with pytest.raises(ReportError, match="cancelled"):
        drawing.run(lambda _: None)
    drawing = ChildDrawing(report({}))

    def stop(share: float) -> Any:
        drawing.stop()

    with pytest.raises(ReportError, match="cancelled"):
        drawing.run(stop)
    with pytest.raises(ReportError, match="more than"):
        ChildDrawing(report({}), deadline=0.001).run(lambda _: None)
