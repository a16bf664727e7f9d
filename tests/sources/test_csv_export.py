"""An exported CSV, read back."""

from pathlib import Path

import numpy as np
import pytest

from monitor.core.errors import SettingsError
from monitor.core.metric import COLUMN, COLUMNS, METRIC
from monitor.core.rounding import DECIMALS
from monitor.sources.csv_export import CsvExport
from monitor.web.exports.csv_file import lines
from monitor.web.exports.table import Column, Resolution, Table
from records import records

HEAD = "timestamp_utc,latency_ms [ms],queue_depth\r\n"
ROW = "2023-11-14T22:14:00.000Z,1.5,\r\n"


def test_an_export_comes_back_as_it_was(tmp_path: Path) -> None:
    """Moments, values and what was not measured."""
    written = records(300)
    timestamp = np.array([one.timestamp for one in written])
    values = np.array([one.values for one in written])
    values[:, COLUMN["answered"]] = np.where(np.arange(300) % 3 == 0, np.nan, 100.0 * (np.arange(300) % 3 == 1))
    columns = tuple(Column(metric, METRIC[metric].unit) for metric in COLUMNS)
    file = tmp_path / "export.csv"
    with file.open("wb") as stream:
        stream.writelines(lines(Table(0, 0, Resolution.SAMPLE, columns, iter([(timestamp, values)]))))
    read = list(CsvExport(file).records())
    assert [one.timestamp for one in read] == timestamp.tolist()
    np.testing.assert_array_equal(np.array([one.values for one in read]), np.round(values, DECIMALS))
    assert [one.answered for one in read[:3]] == [None, True, False]


def test_what_a_spreadsheet_adds_does_no_harm(tmp_path: Path) -> None:
    """A mark at the beginning, other line ends, an empty last line; the target's one core is known by its unit."""
    file = tmp_path / "export.csv"
    file.write_bytes(
        b"\xef\xbb\xbftimestamp_utc,cpu_utilization [% of one core]\n2023-11-14T23:14:00+01:00,250\n\n"
    )
    export = CsvExport(file)
    (record,) = export.records()
    assert export.cpu_of_one_core
    assert record.timestamp == 1_700_000_040_000
    assert record.values[COLUMN["cpu_utilization"]] == 250.0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["line 1", "timestamp_utc"]),
        ("time,latency_ms [ms]\n", ["line 1", "timestamp_utc"]),
        ("timestamp_utc\n", ["line 1", "metric"]),
        ("timestamp_utc,speed [kn]\n", ["line 1", "speed"]),
        ("timestamp_utc,latency_ms [s]\n", ["line 1", "latency_ms", "must be ms"]),
        ("timestamp_utc,memory_mb_min [MB]\n", ["line 1", "minutes or hours"]),
        ("timestamp_utc,latency_ms [ms],latency_ms [ms]\n", ["line 1", "once"]),
        (HEAD + ROW + "2023-11-14T22:14:01.000Z,1.5\r\n", ["line 3", "3 cells"]),
        (HEAD + ROW + "yesterday,1.5,\r\n", ["line 3", "ISO 8601", "yesterday"]),
        (HEAD + "2023-11-14T22:14:01,1.5,\r\n", ["line 2", "offset"]),
        (HEAD + ROW + ROW.replace("14:00", "13:59"), ["line 3", "timestamp_utc", "later", "oldest first"]),
        (HEAD + ROW + ROW, ["line 3", "timestamp_utc", "later"]),
        (HEAD + ROW.replace("1.5", "fast"), ["line 2", "latency_ms", "fast"]),
        (HEAD + ROW.replace("1.5", "nan"), ["line 2", "latency_ms", "nan"]),
        (HEAD + ROW.replace("1.5", "1e999"), ["line 2", "latency_ms", "1e999"]),
        (HEAD + ROW.replace("1.5", "1_5"), ["line 2", "latency_ms", "1_5"]),
        (HEAD + ROW.replace("1.5", "=1+1"), ["line 2", "latency_ms"]),
        (HEAD + ROW.replace("1.5", "ü"), ["line 2", "text"]),
        (HEAD + "x" * 70_000, ["line 2", "65536"]),
    ],
)
def test_a_bad_file_is_named_with_line_and_rule(tmp_path: Path, content: str, words: list[str]) -> None:
    """And with the column where there is one."""
    file = tmp_path / "bad.csv"
    file.write_text(content, newline="")
    with pytest.raises(SettingsError) as error:
        list(CsvExport(file).records())
    assert all(word in str(error.value) for word in (str(file), *words)), error.value
