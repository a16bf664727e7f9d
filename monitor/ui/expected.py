"""The line beside a compared metric: what the baseline's service would show at the load of each second.

The browser draws it, from the load of each second and a parabola that is sent once per baseline.
"""

from typing import Any, Final

import numpy as np

from monitor.core.expectation import Expectation
from monitor.core.histogram import Floats
from monitor.core.snapshot import Snapshot
from monitor.ui.chart import CHARTS

LOAD: Final = "load"
"""Where the loads are among the charts' points."""
_FARTHEST: Final = 4.0
"""How many times the largest value what is expected may be to widen an axis: beyond, the values would lie flat."""


def expectations(snapshot: Snapshot) -> dict[str, Expectation]:
    """Return what the active baseline expects, by chart; empty without one."""
    impact = snapshot.experiment.impact
    if impact is None:
        return {}
    found = {chart.id: Expectation.of(impact.baseline, chart.compared) for chart in CHARTS if chart.compared}
    return {chart: one for chart, one in found.items() if one is not None}


def document(one: Expectation) -> dict[str, Any]:
    """Return it as assets/expected.js computes with it."""
    return {
        "reference": one.model.reference,
        "coefficients": one.model.coefficients,
        "range": None if one.load is None else [one.load.low, one.load.high],
    }


def with_expected(columns: list[Floats], one: Expectation | None, load: Floats) -> list[Floats]:
    """Return the columns (each (n,)) that a chart's axis has to hold. load: (n,)."""
    if one is None:
        return columns
    values = np.concatenate(columns)
    known = values[np.isfinite(values)]
    expected = one.at(load)
    near = expected <= _FARTHEST * known.max(initial=0.0)
    return [*columns, expected[near]]
