"""Numbers as a person reads them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ui.format import MINUS, NO_DATA, beside, change, duration, number, quantity, share, with_unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, NO_DATA),
        (math.nan, NO_DATA),
        (math.inf, NO_DATA),
        (0.0, "0"),
        (-0.0, "0"),
        (0.31, "0.310"),
        (0.001234, "0.00123"),
        (0.0004, "<0.001"),
        (-0.0004, f">{MINUS}0.001"),
        (5.0, "5.00"),
        (48.25, "48.2"),
        (99.95, "100"),
        (612.4, "612"),
        (999.4, "999"),
        (999.6, "1.00 k"),
        (1234.0, "1.23 k"),
        (12_345.0, "12.3 k"),
        (999_600.0, "1.00 M"),
        (2.5e9, "2.50 G"),
        (1e15, "1.00 P"),
        (1e300, ">999 P"),
        (-48.25, f"{MINUS}48.2"),
    ],
)
def test_three_significant_digits(value, text):
    """Three significant digits in every size, a true minus, and words where there is no number."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(42.0, "42"), (0.4, "0"), (999.0, "999"), (1500.0, "1.50 k"), (None, NO_DATA)]
)
def test_counts_have_no_decimals(value, text):
    """A count below a thousand is a whole number."""
    assert number(value, whole=True) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_has_a_short_text(value):
    """No float is written with more than three digits, an exponent or a hyphen."""
    text = number(value)
    assert sum(character.isdigit() for character in text.lstrip("<>" + MINUS + "0.")) <= 3
    assert "e" not in text
    assert "-" not in text


@given(st.floats(min_value=0.01, max_value=1e14))
def test_the_text_is_near_the_number(value):
    """Reading the text back is within half a unit of its third digit."""
    digits, _, prefix = number(value).partition(" ")
    read = float(digits) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[prefix]
    assert read == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (83.1, "MB", ("83.1", "MB")),
        (999.7, "MB", ("1.00", "GB")),
        (1234.0, "MB", ("1.23", "GB")),
        (2500.0, "ms", ("2.50", "s")),
        (1234.0, "ops/s", ("1.23 k", "ops/s")),
        (None, "MB", (NO_DATA, "")),
        (42.0, "", ("42.0", "")),
    ],
)
def test_large_quantities_change_their_unit(value, unit, shown):
    """From a thousand on MB become GB and ms become s; without a number there is no unit."""
    assert quantity(value, unit) == shown


def test_a_unit_is_written_once():
    """A number beside its unit stands alone, and carries its unit when it is another one."""
    assert beside(48.2, "ms", "ms") == "48.2"
    assert beside(1500.0, "ms", "ms") == "1.50 s"
    assert with_unit(48.2, "ms") == "48.2 ms"
    assert with_unit(None, "ms") == NO_DATA


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (3.24, "+3.2 %"),
        (-6.06, f"{MINUS}6.1 %"),
        (0.0, "0.0 %"),
        (-0.04, "0.0 %"),
        (84.25, "+84.2 %"),
        (99.96, "+100 %"),
        (5000.0, ">+999 %"),
    ],
)
def test_changes_carry_their_sign(percent, text):
    """A change says its direction with + or the true minus."""
    assert change(percent) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, NO_DATA), (5, 5, "100 %"), (99_999, 100_000, "99.99 %"), (1, 3, "33.33 %"), (0, 9, "0.00 %")],
)
def test_a_share_is_never_rounded_up_to_all(part, whole, text):
    """One missed second of a day is not 100 %."""
    assert share(part, whole) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 s"), (42.9, "42 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (4 * 86_400 + 3 * 3600, "4 d 3 h")],
)
def test_spans_in_two_units(seconds, text):
    """A span is told in its two largest units."""
    assert duration(seconds) == text
