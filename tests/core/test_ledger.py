"""Rows of the ledger as they were written."""

from typing import Any

import pytest

from monitor.core.ledger import LedgerRow

ROW: dict[str, Any] = {
    "id": "b1-2-3",
    "since": 1_700_000_000_000,
    "change": "cache on",
    "baseline": "before",
    "verdict": "better",
    "percent": 12.5,
    "low": 10.0,
    "high": 15.0,
    "seconds": 60,
}


def test_it_reads_what_it_wrote() -> None:
    """Unknown figures too."""
    for row in (ROW, ROW | {"percent": None, "low": None, "high": None}):
        assert LedgerRow.read(row).document() == row


def test_figures_leave_with_four_decimals() -> None:
    """As all figures for programs do."""
    row = LedgerRow.read(ROW | {"percent": 64.7114543292888, "low": -0.00001, "high": 1 / 3})
    assert [row.document()[name] for name in ("percent", "low", "high")] == [64.7115, 0.0, 0.3333]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", 10**18),
        ("since", -1),
        ("percent", "inf"),
        ("low", float("nan")),
        ("seconds", -5),
        ("verdict", "?"),
    ],
)
def test_what_is_no_row_is_refused(name: str, value: object) -> None:
    """A moment that no calendar has would break every list that shows it."""
    with pytest.raises(ValueError, match=r"."):
        LedgerRow.read(ROW | {name: value})
