"""Numbers as a person reads them: three significant digits, U+2212 as the minus, "no data" where there is none."""

import math
from typing import Final

NO_DATA: Final = "no data"
MINUS: Final = "\N{MINUS SIGN}"
_SMALLEST: Final = 0.001
_LEAST_CHANGE: Final = 0.05
_NEXT: Final = 999.5
"""From here three digits round to 1000."""
_LARGER_UNIT: Final = {"MB": "GB", "MB/s": "GB/s", "ms": "s"}
_PREFIXES: Final = ("", "k", "M", "G", "T", "P")


def known(value: float | None) -> bool:
    """Tell whether there is a number: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def number(value: float | None, *, whole: bool = False) -> str:
    """Return three significant digits, from 1000 with k, M, G, T or P. `whole` drops the decimals below 1000."""
    if value is None or not math.isfinite(value):
        return NO_DATA
    sign = MINUS if value < 0 else ""
    size = abs(value)
    if whole and size < _NEXT:
        return f"{sign}{size:.0f}" if size >= 0.5 else "0"
    if size == 0:
        return "0"
    if size < _SMALLEST / 2:
        return f"<{_SMALLEST}" if value > 0 else f">{MINUS}{_SMALLEST}"
    thousands = 0
    while size >= _NEXT and thousands < len(_PREFIXES) - 1:
        size /= 1000
        thousands += 1
    if size >= _NEXT:
        return f"{sign}>999 {_PREFIXES[-1]}"
    # "#" keeps the zeros of 5.00 and leaves the point of "612." behind.
    text = f"{sign}{size:#.3g}".rstrip(".")
    return f"{text} {_PREFIXES[thousands]}" if thousands else text


def quantity(value: float | None, unit: str, *, whole: bool = False) -> tuple[str, str]:
    """Return number and unit, from 1000 in the next larger one (MB to GB, ms to s); no unit without data."""
    if value is None or not math.isfinite(value):
        return NO_DATA, ""
    if unit in _LARGER_UNIT and abs(value) >= _NEXT:
        return number(value / 1000), _LARGER_UNIT[unit]
    return number(value, whole=whole), unit


def with_unit(value: float | None, unit: str, *, whole: bool = False) -> str:
    """Return number and unit in one string."""
    text, shown = quantity(value, unit, whole=whole)
    return f"{text} {shown}" if shown else text


def beside(value: float | None, unit: str, shown: str, *, whole: bool = False) -> str:
    """Return the number alone where the unit `shown` stands beside it anyway, else with its unit."""
    text, own = quantity(value, unit, whole=whole)
    return text if own in {"", shown} else f"{text} {own}"


def change(percent: float) -> str:
    """Return a signed change in percent, one decimal below 100, for example +3.2 %; no sign where it is 0."""
    size = abs(percent)
    if size < _LEAST_CHANGE:
        return "0.0 %"
    sign = MINUS if percent < 0 else "+"
    if size >= _NEXT:
        return f"{'<' if percent < 0 else '>'}{sign}999 %"
    return f"{sign}{size:.0f} %" if size >= 99.95 else f"{sign}{size:.1f} %"


def share(part: int, whole: int) -> str:
    """Return part of whole in percent, cut instead of rounded, so that 100 % means all of it."""
    if whole <= 0:
        return NO_DATA
    if part == whole:
        return "100 %"
    hundredths = part * 10_000 // whole
    return f"{hundredths / 100:.2f} %"


def duration(seconds: float) -> str:
    """Return a span in its two largest units: 42 s, 3 min 5 s, 2 h 10 min, 4 d 3 h."""
    total = max(0, math.floor(seconds))
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60} s"
    if total < 86_400:
        return f"{total // 3600} h {total % 3600 // 60} min"
    return f"{total // 86_400} d {total % 86_400 // 3600} h"
