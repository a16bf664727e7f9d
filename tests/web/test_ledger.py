"""`/api/v1/ledger.csv`."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from monitor.core.ledger import LedgerRow
from monitor.core.verdict import Verdict
from monitor.web.ledger import text_cell

Serve = Callable[..., Any]
HEAD = "since_utc,change,baseline,verdict,percent [%],low [%],high [%],seconds [s],id"
BETTER = LedgerRow(
    "b1-1-2", 1_700_000_000_123, "pool 64 → 128", "before", Verdict.BETTER, 12.34567, 10.0, 15.0, 120
)
OPEN = LedgerRow("b1-2-3", 1_700_000_060_000, "", "before", Verdict.COLLECTING, None, None, None, 7)


def keep(made: Any, *rows: LedgerRow) -> None:
    for row in rows:
        made.monitor.experiment._ledger.add(row)


def read(made: Any) -> list[list[str]]:
    text = made.client.get("/api/v1/ledger.csv").get_data(as_text=True)
    return list(csv.reader(io.StringIO(text, newline="")))


def test_one_row_per_comparison_oldest_first(serve: Serve) -> None:
    """Times are UTC, units in the header; no figure is an empty cell; lines end as those of the samples do."""
    made = serve()
    keep(made, BETTER, OPEN)
    assert made.client.get("/api/v1/ledger.csv").get_data(as_text=True).split("\r\n") == [
        HEAD,
        "2023-11-14T22:13:20.123Z,pool 64 → 128,before,better,12.3457,10.0,15.0,120,b1-1-2",
        "2023-11-14T22:14:20.000Z,,before,collecting,,,,7,b1-2-3",
        "",
    ]


def test_the_file_is_named_by_its_moment(serve: Serve) -> None:
    """It is a file, of text, even without a row."""
    response = serve().client.get("/api/v1/ledger.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = "hub-monitor-ledger-20231114T221320Z.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.get_data(as_text=True) == HEAD + "\r\n"


def test_the_comparison_under_way_is_its_last_row(serve: Serve) -> None:
    """As it stands, and once: its row of before gives way."""
    made = serve()
    made.tick(100, offered_ops_sec=600.0, throughput_ops_sec=200.0)
    made.client.post("/api/v1/baselines", json={"name": "before", "seconds": 90})
    made.client.post("/api/v1/markers", json={"text": "cache on"})
    made.tick(30, offered_ops_sec=600.0, throughput_ops_sec=400.0)
    under_way = LedgerRow.of(made.monitor.experiment.state().impact)
    keep(made, BETTER, under_way)
    made.tick(5, offered_ops_sec=600.0, throughput_ops_sec=400.0)
    [_, first, last] = read(made)
    assert (first[1], last[1]) == (BETTER.change, "cache on")
    assert int(last[7]) == under_way.seconds + 5


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "\u3000\uff0b1"]
)
def test_no_name_can_be_a_formula(serve: Serve, text: str) -> None:
    """Whoever gave it, and however it is disguised; a reader gets it whole."""
    made = serve()
    keep(made, LedgerRow(text, 0, text, text, Verdict.WORSE, -1.0, -2.0, -0.5, 60))
    [_, row] = read(made)
    assert [row[1], row[2], row[8]] == ["'" + text] * 3
    assert row[4:7] == ["-1.0", "-2.0", "-0.5"], "a negative figure stays a number"


@pytest.mark.parametrize("text", ["", "pool 64 → 128", 'a "b", c;\nd', "x=1", "'quoted'"])
def test_other_names_are_left_as_they_are(serve: Serve, text: str) -> None:
    """Quotes, commas and line breaks come back as they were."""
    made = serve()
    keep(made, LedgerRow("b-1", 0, text, "before", Verdict.WORSE, -1.0, -2.0, -0.5, 60))
    assert text_cell(text) == text
    assert read(made)[1][1] == text
