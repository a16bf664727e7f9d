"""One figure of a baseline, around what it is at the load of each second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from monitor.core.histogram import Floats
from monitor.core.load_model import LoadModel, LoadRange
from monitor.core.reference import LEAST_SECONDS, Reference

ALPHA: Final = 0.05 / 6
"""Of each of four metrics, the tail and the errors: together they are wrong in 5 of 100 comparisons at most."""
LEAST_MEAN: Final = 1e-9
MOST_MEAN: Final = 1e15
LEAST_MATCH: Final = 0.01
"""A mean over what the load model expects that is smaller, or larger than its inverse, is no match."""


@dataclass(frozen=True, slots=True)
class MetricBaseline:
    """One metric, around what its load model expects: the reference's mean is near 1. `mean` is in its unit.

    `by_load` is False where it is not matched by load: there is none, or the metric is the load itself.
    """

    mean: float
    by_load: bool
    model: LoadModel
    reference: Reference

    @classmethod
    def freeze(
        cls, title: str, values: Sequence[Floats], loads: Sequence[Floats], span: LoadRange | None
    ) -> Self | str:
        """Freeze a metric called `title`; words where that cannot be done.

        values: one a tick, NaN = unknown, of the baseline (the first) and of each stretch of its history; loads:
        at the same ticks; span: the loads at which seconds are compared, None to compare all of them as they are.
        """
        known = values[0][~np.isnan(values[0])]
        if len(known) < LEAST_SECONDS:
            return f"{title}: measured in {len(known)} seconds only, {LEAST_SECONDS} are needed"
        mean = float(known.mean())
        if not LEAST_MEAN <= mean <= MOST_MEAN:
            return f"{title}: was {mean:g} throughout; there is nothing to compare in percent with"
        if span is None:
            # Its own mean is what is expected.
            by_load, model = False, LoadModel(1.0, (mean, 0.0, 0.0))
            matched = [part / mean for part in values]
        else:
            by_load = True
            model = LoadModel.fit(np.concatenate(loads), np.concatenate(values))
            matched = [span.matched(part, load, model) for part, load in zip(values, loads, strict=True)]
        reference = Reference.freeze(matched[0], matched[1:], ALPHA)
        if reference is None:
            return f"{title}: too few of its seconds had a comparable load"
        if not LEAST_MATCH <= reference.mean <= 1.0 / LEAST_MATCH:
            return f"{title}: does not follow the load closely enough to be compared"
        return cls(mean, by_load, model, reference)
