"""How the figures of a comparison came about: each metric's interval over time since the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from monitor.core.verdict import Gain

MOST: Final = 300
"""Points that are kept; when they are so many, every other one goes and half as many come."""


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """What was known at `at` (epoch ms): the gains by metric, without those that were not known or comparable."""

    at: int
    gains: Mapping[str, Gain]


@dataclass(frozen=True, slots=True)
class Course:
    """Points, oldest first, one each `step` ticks."""

    step: int = 1
    points: tuple[CoursePoint, ...] = ()

    def plus(self, point: CoursePoint) -> Self:
        """Return the course with one point more, thinned out where they are too many."""
        points = (*self.points, point)
        if len(points) < MOST:
            return type(self)(self.step, points)
        # The newest stays, so that points go on being `step` ticks apart.
        return type(self)(2 * self.step, points[1::2])

    def after(self, moment: int) -> tuple[CoursePoint, ...]:
        """Return the points later than `moment`, epoch ms."""
        newer = len(self.points)
        while newer and self.points[newer - 1].at > moment:
            newer -= 1
        return self.points[newer:]
