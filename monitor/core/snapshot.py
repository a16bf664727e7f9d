"""Everything that a reader may want to know after one tick: immutable, swapped by one reference."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.alerts import Alerts
from monitor.core.durability import Durability
from monitor.core.experiment import ExperimentState
from monitor.core.health import Uptime
from monitor.core.histogram import Histogram
from monitor.core.proof import ProofState
from monitor.core.sample import Sample
from monitor.core.score import Score
from monitor.core.summary import Summary
from monitor.core.window import Rows


@dataclass(frozen=True, slots=True)
class Ticks:
    """How the sampler kept its schedule: ticks done, begun late, and never done."""

    done: int
    late: int
    missed: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after sample number `seq` (1, 2, ...) of the server run `epoch`.

    `recent` are the last 120 rows or fewer, oldest first. `latency` is the merged histogram of the last 60 s.
    `interval` is the collection interval in seconds, `viewers` the pages that are open on the live stream.
    `experiment` is what is known of baselines and changes. `proof` is the one under way or the last one, None
    before the first. `durability` tells how much of this is on the disk, `alerts` what is wrong.
    """

    epoch: str
    seq: int
    target: str
    interval: float
    sample: Sample
    recent: Rows
    summaries: Mapping[str, Summary]
    latency: Histogram
    uptime: Uptime
    ticks: Ticks
    score: Score | None
    viewers: int
    experiment: ExperimentState
    proof: ProofState | None
    durability: Durability
    alerts: Alerts

    @property
    def interval_ms(self) -> int:
        """Return the collection interval in whole milliseconds."""
        return round(self.interval * 1000)
