"""How many decimals figures have that leave for programs. Unknown stays unknown."""

from typing import Final

import numpy as np

from monitor.core.histogram import Floats

DECIMALS: Final = 4


def rounded(value: float | None) -> float | None:
    """Return one figure."""
    return None if value is None else round(value, DECIMALS)


def rounded_array(values: Floats) -> Floats:
    """Return many, of any shape, in the order of memory that the JSON encoder wants."""
    return np.ascontiguousarray(np.round(values, DECIMALS))
