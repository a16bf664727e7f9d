"""What counts as a measured number. A target may say anything; what no service can mean ends here."""

import math
from typing import Final

LARGEST: Final = 1e15
"""In display units: a million terabytes, thirty thousand years of milliseconds."""
SMALLEST: Final = 1e-15


def measured(value: float) -> float:
    """Return the value, NaN where it is no measurement (not finite, beyond ±LARGEST), 0.0 within ±SMALLEST."""
    if not abs(value) <= LARGEST:
        return math.nan
    return 0.0 if abs(value) < SMALLEST else value
