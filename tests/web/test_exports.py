"""`/export.csv`."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from monitor.core.metric import COLUMNS, METRIC
from monitor.web.exports import header

Serve = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads pause for other threads; here there are none."""
    monkeypatch.setattr("monitor.web.downloads._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("monitor.web.downloads._REST_SECONDS", 0.0)


def rows(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.get_data(as_text=True), newline="")))


def test_one_row_per_sample_with_utc_times_and_units_in_the_header(serve: Serve) -> None:
    """What was not measured is an empty cell, and a hole stays a hole."""
    made = serve()
    made.tick(2, latency_ms=1.5)
    made.clock.advance(60.0)
    made.tick(1, latency_ms=-0.25, cpu_utilization=3.0)
    lines = rows(made.client.get("/export.csv?metrics=latency_ms,cpu_utilization,active_connections"))
    assert lines[0] == ["timestamp_utc", "latency_ms [ms]", "cpu_utilization [%]", "active_connections"]
    assert [line[1:] for line in lines[1:]] == [["1.5", "", ""], ["1.5", "", ""], ["-0.25", "3.0", ""]]
    moments = [datetime.fromisoformat(line[0]) for line in lines[1:]]
    assert [moment.utcoffset() is not None for moment in moments] == [True] * 3
    assert (moments[2] - moments[1]).total_seconds() == 61.0
    assert moments[2].timestamp() == made.clock.wall()


def test_a_file_name_says_when(serve: Serve) -> None:
    """Two exports do not overwrite each other."""
    made = serve()
    response = made.client.get("/export.csv")
    assert response.headers["Content-Disposition"] == 'attachment; filename="hub-monitor-20231114T221320Z.csv"'
    assert response.mimetype == "text/csv"


def test_an_export_can_be_read_again(serve: Serve) -> None:
    """Every column comes back as numbers, over pieces and hours alike."""
    made = serve()
    made.fill(7999, **dict.fromkeys(COLUMNS, 12.3456))
    text = made.client.get("/export.csv").get_data(as_text=True)
    frame = pd.read_csv(io.StringIO(text), parse_dates=["timestamp_utc"])
    assert list(frame.columns) == ["timestamp_utc", *map(header, COLUMNS)]
    assert len(frame) == 8000
    assert frame["timestamp_utc"].diff().dropna().dt.total_seconds().eq(1.0).all()
    made_here = [header(metric) for metric in ("optimization_score", "failed_ops_sec", "answered")]
    numbers = frame.drop(columns=["timestamp_utc", *made_here])
    assert numbers.eq(12.3456).all(axis=None)


def test_no_header_can_be_a_formula() -> None:
    """The first character of each decides that in a spreadsheet."""
    assert not {header(metric)[0] for metric in METRIC} & set("=+-@\t\r")


def test_the_span_is_inclusive_and_named_in_the_query(serve: Serve) -> None:
    """From and to are moments, not rows."""
    made = serve()
    made.tick(10, latency_ms=1.0)
    now = round(made.clock.wall() * 1000)
    assert len(rows(made.client.get(f"/export.csv?from={now - 3000}&to={now - 1000}"))) == 1 + 3
    assert made.client.get("/export.csv?from=never").json["error"]["field"] == "from"


def test_a_fifth_download_at_once_is_told_to_wait(serve: Serve) -> None:
    """A place is free again as soon as a download ends, also one that was given up."""
    made = serve()
    made.fill(1000, latency_ms=1.0)

    def begin() -> Any:
        return made.server.test_client().get("/export.csv", headers={"Host": "hub.example:8081"})

    under_way = [begin() for _ in range(4)]
    refused = begin()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    under_way.pop().close()
    under_way.append(begin())
    assert under_way[-1].status_code == 200
    for response in [*under_way, refused]:
        response.close()
    assert made.client.head("/export.csv").status_code == 200
    assert [made.client.get("/export.csv").status_code for _ in range(5)] == [200] * 5
