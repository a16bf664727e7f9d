"""Whether what is shown can be trusted now. Judged when it is read, so that a dead sampler cannot look calm."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

STALE_INTERVALS: Final = 3
"""A sample older than this many collection intervals is stale, everywhere."""


class Status(StrEnum):
    """One word for the whole program."""

    STARTING = "starting"
    LIVE = "live"
    DOWN = "down"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Uptime:
    """Ticks in which the target answered, of the ticks in which it was asked, since the monitor started."""

    answered: int
    expected: int

    @property
    def percent(self) -> float | None:
        """Return the share in percent, None before the first question."""
        return 100.0 * self.answered / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Health:
    """`age` is seconds since the last sample; `reasons` are sentences, empty when all is well."""

    status: Status
    age: float | None
    reasons: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Tell whether there is a sample that is not stale."""
        return self.status in {Status.LIVE, Status.DOWN}


def judge(
    age: float | None,
    interval: float,
    *,
    answered: bool | None,
    errors: tuple[str, ...],
    storage: tuple[str, ...] = (),
    remark: str = "",
    final: bool = False,
) -> Health:
    """Judge from the age of the last sample (seconds, None without one) and what that sample said.

    `storage` is what is to be said of what is kept: figures can be trusted without. `remark` is the sample's; one
    that is `final` does not become stale, as there cannot be a newer one.
    """
    errors = (*((remark,) if remark else ()), *errors)
    errors = (*errors, *(f"storage: {sentence}" for sentence in storage))
    if age is None:
        return Health(Status.STARTING, None, ("no sample yet",))
    if age > STALE_INTERVALS * interval and not final:
        return Health(Status.STALE, age, (f"the last sample is {age:.0f} s old", *errors))
    return Health(Status.DOWN if answered is False else Status.LIVE, age, errors)
