"""`/export.csv`, `.json` and `.parquet`."""

import csv
import importlib.util
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from builders import monitor, shelf
from fakes import ManualClock
from monitor.core.errors import StoreError
from monitor.core.histogram import Histogram
from monitor.core.metric import COLUMNS, METRIC
from monitor.engine.history_writer import HistoryWriter
from monitor.storage.archive import Archive
from monitor.storage.database import FILE
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from monitor.web.exports.csv_file import header, lines
from monitor.web.exports.parquet_file import ParquetFile
from monitor.web.exports.table import Column, Resolution, Table
from records import BEGIN, records

Serve = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads pause for other threads; here there are none."""
    monkeypatch.setattr("monitor.web.downloads._PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("monitor.web.downloads._REST_SECONDS", 0.0)


def heading(metric: str) -> str:
    return header(Column(metric, METRIC[metric].unit))


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
    assert list(frame.columns) == ["timestamp_utc", *map(heading, COLUMNS)]
    assert len(frame) == 8000
    assert frame["timestamp_utc"].diff().dropna().dt.total_seconds().eq(1.0).all()
    made_here = [heading(metric) for metric in ("optimization_score", "failed_ops_sec", "answered")]
    numbers = frame.drop(columns=["timestamp_utc", *made_here])
    assert numbers.eq(12.3456).all(axis=None)


def test_no_header_can_be_a_formula() -> None:
    """The first character of each decides that in a spreadsheet."""
    assert not {heading(metric)[0] for metric in METRIC} & set("=+-@\t\r")


def test_all_three_files_say_the_same(serve: Serve) -> None:
    """Over pieces and row groups alike; what was not measured is unknown in each."""
    made = serve()
    made.fill(9000, latency_ms=12.34567, memory_mb=60.0)
    query = "?metrics=latency_ms,memory_mb,queue_depth"
    text = made.client.get(f"/export.csv{query}").get_data(as_text=True)
    from_csv = pd.read_csv(io.StringIO(text), parse_dates=["timestamp_utc"])
    document = json.loads(made.client.get(f"/export.json{query}").get_data())
    assert document["columns"] == ["timestamp", "latency_ms", "memory_mb", "queue_depth"]
    assert document["units"] == ["ms", "ms", "MB", ""]
    assert (document["resolution"], len(document["rows"])) == ("sample", 9001)
    from_json = pd.DataFrame(document["rows"], columns=document["columns"], dtype="float64")
    parquet = made.client.get(f"/export.parquet{query}")
    assert parquet.headers["Content-Disposition"].endswith('.parquet"')
    from_parquet = pd.read_parquet(io.BytesIO(parquet.get_data()))
    assert [*from_parquet.columns] == document["columns"]
    for metric in document["columns"][1:]:
        column = from_csv[heading(metric)].astype("float64")
        pd.testing.assert_series_equal(column, from_json[metric], check_names=False)
        pd.testing.assert_series_equal(column, from_parquet[metric], check_names=False)
    moments = pd.to_datetime(from_json["timestamp"], unit="ms", utc=True)
    assert (moments == from_parquet["timestamp"]).all()
    assert (moments == from_csv["timestamp_utc"]).all()
    assert from_parquet["queue_depth"].isna().all()


def test_a_parquet_file_has_many_row_groups_and_says_its_units(serve: Serve) -> None:
    """So that a reader needs no more memory than the writer."""
    pq = pytest.importorskip("pyarrow.parquet")
    made = serve()
    made.fill(20_000, latency_ms=1.5)
    answer = made.client.get("/export.parquet?metrics=latency_ms&from=now-7d")
    file = pq.ParquetFile(io.BytesIO(answer.get_data()))
    assert file.metadata.num_rows == 20_001
    assert file.metadata.num_row_groups == 3
    assert file.schema_arrow.field("latency_ms").metadata == {b"unit": b"ms"}
    empty = made.client.get("/export.parquet?metrics=latency_ms&from=now-2d&to=now-1d")
    assert len(pd.read_parquet(io.BytesIO(empty.get_data()))) == 0


def test_one_parquet_file_at_a_time(serve: Serve) -> None:
    """Its child ends with it, also when it is given up."""
    made = serve()
    made.fill(9000, latency_ms=1.5)
    under_way = made.server.test_client().get("/export.parquet", headers={"Host": "hub.example:8081"})
    assert under_way.status_code == 200
    assert made.client.get("/export.parquet").status_code == 429
    assert made.client.get("/export.csv").status_code == 200
    under_way.close()
    assert made.client.head("/export.parquet").status_code == 200
    assert made.client.get("/export.parquet").status_code == 200


def test_a_file_that_is_given_up_leaves_no_process_behind(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    """Nor a word of the child's; one whose child dies ends as a failure, not as a short file."""
    made = serve()
    made.fill(9000, latency_ms=1.5)
    ended: list[bool] = []
    history = made.monitor.history
    for given_up in (True, False):
        columns = dict.fromkeys(["latency_ms", "memory_mb"])
        table = Table.of(history, 0, 2**50, [*columns], Resolution.SAMPLE, cpu_of_one_core=False)
        file = ParquetFile(table, lambda: ended.append(True))
        others = set(psutil.Process().children())
        next(file)
        (child,) = set(psutil.Process().children()) - others
        if given_up:
            file.close()
        else:
            child.kill()
            with pytest.raises(StoreError):
                list(file)
            file.close()
        assert not child.is_running()
    assert ended == [True, True]
    assert capfd.readouterr().err == ""


def test_without_pyarrow_it_says_what_to_install(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, and the other files are there all the same."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else found(name))
    made = serve()
    made.tick(1)
    answer = made.client.get("/export.parquet")
    assert answer.status_code == 400
    assert "pip install 'hub-monitor[parquet]'" in answer.json["error"]["message"]
    assert made.client.get("/export.json").status_code == 200


def test_rows_of_minutes_have_extremes_and_means_of_the_samples() -> None:
    """Those of percentiles are of all operations of the minute, and no row is a sample."""
    store, archive = shelf()
    store.records = records(180)
    clock = ManualClock(wall=BEGIN / 1000 + 200)
    history = monitor(clock, writer=HistoryWriter(store, archive, clock, 1.0)).history

    def text(resolution: Resolution) -> pd.DataFrame:
        metrics = ["memory_mb", "latency_p95_ms"]
        table = Table.of(history, BEGIN, BEGIN + 179_000, metrics, resolution, cpu_of_one_core=False)
        return pd.read_csv(io.BytesIO(b"".join(lines(table))), parse_dates=["timestamp_utc"])

    minutes, samples = text(Resolution.MINUTE), text(Resolution.SAMPLE)
    assert [*minutes.columns[1:]] == [
        *(f"memory_mb_{figure} [MB]" for figure in ("min", "mean", "max")),
        *(f"latency_p95_ms{figure} [ms]" for figure in ("_min", "", "_max")),
    ]
    assert (len(minutes), len(samples)) == (3, 180)
    grouped = samples.groupby(samples["timestamp_utc"].dt.floor("min"))["memory_mb [MB]"]
    for figure in ("min", "mean", "max"):
        expected = getattr(grouped, figure)().to_numpy()
        assert minutes[f"memory_mb_{figure} [MB]"].to_numpy() == pytest.approx(expected, abs=1e-4, nan_ok=True)
    merged = Histogram.merge(one.latency for one in store.records[:60]).quantile(0.95)
    assert minutes["latency_p95_ms [ms]"][0] == pytest.approx(1000.0 * merged.value, abs=1e-3)
    assert len(text(Resolution.HOUR)) == 0, "the hour began before the range"


def test_the_file_name_says_what_a_row_is(serve: Serve) -> None:
    """And a resolution that there is not is refused."""
    made = serve()
    answer = made.client.get("/export.csv?resolution=hour&metrics=latency_ms")
    assert answer.headers["Content-Disposition"].endswith('-hours.csv"')
    assert rows(answer) == [["timestamp_utc", *(f"latency_ms_{figure} [ms]" for figure in ("min", "mean", "max"))]]
    refused = made.client.get("/export.json?resolution=day")
    assert (refused.status_code, refused.json["error"]["field"]) == (400, "resolution")


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


@pytest.fixture
def kept(serve: Serve, tmp_path: Path) -> Any:
    """Serve two hours that are in a file of the disk alone."""
    clock = ManualClock(wall=BEGIN / 1000 + 7300)
    store = HistoryFile(tmp_path, "hub", Retention(1 << 40, 1 << 40, 1 << 40))
    store.write(records(7200), [])
    store.close()
    return serve(clock=clock, writer=HistoryWriter(store, Archive(tmp_path, "hub"), clock, 1.0))


ALL = [f"/export.{kind}" for kind in ("csv", "json", "parquet")]
LONG = "/api/v1/history?from=now-24h&points=raw"


@pytest.mark.parametrize("path", [*ALL, LONG, f"{LONG}&metrics=latency_ms", "/export.csv?resolution=minute"])
@pytest.mark.parametrize(
    ("ruin", "reason"),
    [("garbage", "history.db is damaged"), ("lock", "another program has locked history.db")],
)
def test_what_cannot_be_read_is_no_file(kept: Any, tmp_path: Path, path: str, ruin: str, reason: str) -> None:
    """Not the part of it that is in memory; the place is free again at once."""
    made = kept
    made.tick(5, latency_ms=1.0)
    assert made.client.get(path).status_code == 200
    if ruin == "garbage":
        (tmp_path / FILE).write_bytes(b"anything" * 1000)
    else:
        other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
    for _ in range(5):
        answer = made.client.get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (503, "store")
        assert answer.json["error"]["message"].startswith(reason)
        assert "Content-Disposition" not in answer.headers
        if ruin == "lock":
            break
    if path in ALL:
        assert made.client.get(f"{path}?from=now-4s").status_code == 200, "the rolling frame has that"


@pytest.mark.parametrize("path", ALL)
def test_a_file_that_breaks_off_has_no_end(kept: Any, tmp_path: Path, path: str) -> None:
    """The reader fails after the first pieces have left: the answer must not look like a whole one."""
    kept.tick(5, latency_ms=1.0)
    answer = kept.server.test_client().get(path, headers={"Host": "hub.example:8081"})
    assert answer.status_code == 200
    pieces = answer.iter_encoded()
    assert next(pieces)
    (tmp_path / FILE).write_bytes(b"anything" * 1000)
    with pytest.raises(StoreError, match="is damaged"):
        list(pieces)
    answer.close()
    assert kept.client.get(f"{path}?from=now-4s").status_code == 200
