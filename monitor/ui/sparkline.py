"""A minute of one metric as an SVG path, small enough to be sent whole each second."""

from typing import Final

import numpy as np

from monitor.core.histogram import Floats

WIDTH: Final = 100.0
HEIGHT: Final = 24.0
_PADDING: Final = 2.0
_FLAT_SHARE: Final = 0.02
_TENTHS: Final = tuple(f"{tenth / 10:g}" for tenth in range(int(WIDTH) * 10 + 1))
"""Every coordinate there is, to a tenth; looking them up costs a third of formatting them."""


def path(age: Floats, values: Floats, seconds: float, gap: float) -> str:
    """Return the `d` of a path over a 100 x 24 box, newest at the right; "" without two values in a row.

    age: (n,) seconds before now, descending; values: (n,), NaN = unknown. More than `gap` seconds between two
    known values lift the pen. The scale is the values' own span, at least 2 % of their size, so noise stays small.
    """
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return ""
    low, high = float(finite.min()), float(finite.max())
    least = max(abs(low), abs(high)) * _FLAT_SHARE or 1.0
    if high - low < least:
        middle = (high + low) / 2
        low, high = middle - least / 2, middle + least / 2
    known = np.isfinite(values)
    age, values = age[known], values[known]
    xs = np.clip(np.rint(10 * WIDTH * (1.0 - age / seconds)), 0, 10 * WIDTH).astype(np.int64).tolist()
    scaled = HEIGHT - _PADDING - (values - low) * ((HEIGHT - 2 * _PADDING) / (high - low))
    ys = np.rint(10 * scaled).astype(np.int64).tolist()
    holes = np.flatnonzero(-np.diff(age) > gap).tolist()
    points = [f"{_TENTHS[x]} {_TENTHS[y]}" for x, y in zip(xs, ys, strict=True)]
    starts = [0, *(hole + 1 for hole in holes)]
    ends = [*starts[1:], len(points)]
    return "".join("M" + "L".join(points[start:end]) for start, end in zip(starts, ends, strict=True))
