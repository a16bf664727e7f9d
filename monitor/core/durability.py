"""How far what was measured is on the disk, and what keeps the rest from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Durability:
    """`until` is the timestamp (epoch ms) up to which every sample is on the disk, None before the first.

    `since` is when (epoch ms) writing began to fail or to hang, for the reason `problem`, None while it works.
    `waiting` samples are in memory alone, `dropped` so many never made it. `aside` is the name under which a file
    was set aside that could not be used, empty where there was none; `damaged` blocks could not be read back.
    """

    until: int | None = None
    since: int | None = None
    problem: str = ""
    waiting: int = 0
    dropped: int = 0
    aside: str = ""
    damaged: int = 0

    @property
    def works(self) -> bool:
        """Tell whether what is measured is being kept."""
        return self.since is None

    def sentences(self, now: int) -> tuple[str, ...]:
        """Return what a person should know at `now` (epoch ms), nothing where all is well."""
        said = []
        if self.since is not None:
            said.append(
                f"nothing has been written for {_span(now - self.since)} because {self.problem}; "
                f"{_count(self.waiting, 'sample')} kept in memory and written when it can be"
            )
        if self.dropped:
            said.append(f"{_count(self.dropped, 'older sample')} lost: memory held no more of them")
        if self.aside:
            said.append(f"history.db could not be used and was set aside as {self.aside}; a new one was begun")
        if self.damaged:
            said.append(f"{_count(self.damaged, 'block')} left out of the history: not what was written")
        return tuple(said)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun} is" if number == 1 else f"{number} {noun}s are"


def _span(milliseconds: int) -> str:
    seconds = max(0, milliseconds // 1000)
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
