"""A minute of one metric as an SVG path, small enough to be sent whole each second."""

from typing import Final

import numpy as np

from monitor.core.histogram import Floats

WIDTH: Final = 100.0
HEIGHT: Final = 24.0
_PADDING: Final = 2.0
_FLAT_SHARE: Final = 0.02


def path(age: Floats, values: Floats, seconds: float, gap: float) -> str:
    """Return the `d` of a path over a 100 x 24 box, newest at the right; "" without two values in a row.

    age: (n,) seconds before now, descending; values: (n,), NaN = unknown. A hole of more than `gap` seconds
    lifts the pen. The scale is the values' own span, at least 2 % of their size, so noise stays small.
    """
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return ""
    low, high = float(finite.min()), float(finite.max())
    least = max(abs(low), abs(high)) * _FLAT_SHARE or 1.0
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    xs = np.round(WIDTH * (1.0 - age / seconds), 1).tolist()
    scaled = HEIGHT - _PADDING - (values - low) * ((HEIGHT - 2 * _PADDING) / (high - low))
    ys = np.round(scaled, 1).tolist()
    holes = np.concatenate(([True], -np.diff(age) > gap)).tolist()
    drawn: list[str] = []
    pen_up = True
    for x, y, hole in zip(xs, ys, holes, strict=True):
        if y != y:  # noqa: PLR0124 - NaN is the one number that differs from itself
            pen_up = True
            continue
        drawn.append(f"{'M' if pen_up or hole else 'L'}{x:g} {y:g}")
        pen_up = False
    return "".join(drawn)
