"""Moments as callers write them."""

from datetime import UTC, datetime

import pytest

from monitor.core.errors import InvalidInputError
from monitor.web.time_range import moment

NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("now-90s", NOW - 90_000),
        ("now-15m", NOW - 900_000),
        ("now-2h", NOW - 7_200_000),
        ("now-1d", NOW - 86_400_000),
        ("1700000000123", 1_700_000_000_123),
        ("2023-11-14T22:13:20Z", NOW),
        ("2023-11-14T22:13:20", NOW),
        ("2023-11-14T23:13:20+01:00", NOW),
        ("2023-11-14T23:13:20 01:00", NOW),
        ("2023-11-14T22:13:20.250Z", NOW + 250),
        ("20231114T221320Z", NOW),
        ("20231114", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
        ("2023-11-14", round(datetime(2023, 11, 14, tzinfo=UTC).timestamp() * 1000)),
    ],
)
def test_a_moment_in_each_spelling(text: str, expected: int) -> None:
    """A plus sign that a query turned into a space is understood."""
    assert moment("from", text, NOW) == expected


@pytest.mark.parametrize("text", ["now-999999999d", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00"])
@pytest.mark.parametrize("name", ["from", "to"])
def test_a_moment_out_of_the_calendar_is_refused(name: str, text: str) -> None:
    """By its name, before anything is read or drawn."""
    with pytest.raises(InvalidInputError, match=f"{name}: must be of the years 1970 to 9999"):
        moment(name, text, NOW)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "0", "9999-12-31T23:59:59Z", "99999999999999"])
def test_the_ends_of_the_calendar_are_in_it(text: str) -> None:
    """And can be written as a date again."""
    assert datetime.fromtimestamp(moment("from", text, NOW) / 1000, UTC).year >= 1970
