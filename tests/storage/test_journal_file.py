"""The ledger on a real file system."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.errors import StoreError
from monitor.core.ledger import LedgerRow
from monitor.core.verdict import Verdict
from monitor.storage.journal_file import JournalFile

ROW = LedgerRow("b1-1000", 1000, "pool 64 → 128", "before", Verdict.BETTER, 12.5, 10.0, 15.0, 120)


def test_the_newest_row_of_an_id_counts(tmp_path: Path) -> None:
    """In the order in which the comparisons began."""
    file = tmp_path / "deep" / "ledger.jsonl"
    other = replace(ROW, id="b1-500", since=500, percent=None, low=None, high=None, verdict=Verdict.COLLECTING)
    for row in (ROW, other, replace(ROW, seconds=240)):
        JournalFile(file).append(row)
    assert JournalFile(file).read() == [other, replace(ROW, seconds=240)]


def test_no_file_is_an_empty_ledger(tmp_path: Path) -> None:
    """The first start."""
    assert JournalFile(tmp_path / "none.jsonl").read() == []


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_line_that_a_crash_cut_off_costs_no_other(tmp_path: Path, cut: int) -> None:
    """Neither the one before nor the one after."""
    file = tmp_path / "ledger.jsonl"
    JournalFile(file).append(ROW)
    JournalFile(file).append(replace(ROW, id="b1-2000", since=2000))
    file.write_bytes(file.read_bytes()[:-cut])
    later = replace(ROW, id="b1-3000", since=3000)
    JournalFile(file).append(later)
    # Without the line's end alone, the row is whole.
    whole = ["b1-1000", "b1-2000", "b1-3000"] if cut == 1 else ["b1-1000", "b1-3000"]
    assert [row.id for row in JournalFile(file).read()] == whole


def test_rubbish_is_passed_over(tmp_path: Path) -> None:
    """Whatever somebody has put there."""
    file = tmp_path / "ledger.jsonl"
    file.write_bytes(b'\xff\n[]\n{"id":1}\n\n')
    JournalFile(file).append(ROW)
    assert JournalFile(file).read() == [ROW]


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    """The ledger goes on in memory."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match="the ledger could not be written"):
        JournalFile(tmp_path / "taken" / "ledger.jsonl").append(ROW)


def test_a_comparison_that_is_written_each_minute_does_not_fill_the_disk(tmp_path: Path) -> None:
    """Older rows of one id go; other comparisons, and what cannot be read, stay."""
    file = tmp_path / "ledger.jsonl"
    journal = JournalFile(file, spare=4000)
    first, last = replace(ROW, id="b1-500", since=500), replace(ROW, seconds=60_000)
    journal.append(first)
    with file.open("ab") as lines:
        lines.write(b"of a later version\n")
    for minute in range(1, 1001):
        journal.append(replace(ROW, seconds=60 * minute))
        assert file.stat().st_size < 5000
    assert journal.read() == [first, last]
    assert b"of a later version\n" in file.read_bytes()
