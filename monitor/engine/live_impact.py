"""The comparison under way: with the active baseline, since the last change, sample by sample."""

import logging
from dataclasses import dataclass, replace
from typing import Final

from monitor.core.baseline import Baseline
from monitor.core.fading import fading
from monitor.core.histogram import Floats
from monitor.core.impact import Impact, ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.rollup import HOUR_MS
from monitor.core.sample import Sample
from monitor.core.target_changes import TargetChanges
from monitor.core.verdict import SETTLING_TICKS
from monitor.core.window import Rows
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.ledger import Ledger

log = logging.getLogger(__name__)

_LOOK_BACK_TICKS: Final = 30
_LOOK_BACK_MS: Final = 6 * HOUR_MS
"""An older step was found when it was young; and a clock that was set forward by a year makes no year of ticks."""


@dataclass(frozen=True, slots=True)
class Faded:
    """A comparison whose effect has begun to fade: what it said `before`, and the one that counts `anew`."""

    impact: Impact
    before: ImpactState
    anew: Impact


class LiveImpact:
    """Has one comparison at the most under way. Under its owner's lock, but for `prepare` and `faded`.

    Those are slow, and change nothing here.
    """

    def __init__(self, setup: ExperimentSetup, changes: TargetChanges, ledger: Ledger) -> None:
        """Compare nothing yet; `changes` know when the target started, `ledger` keeps what was compared."""
        self._setup = setup
        self._changes = changes
        self._ledger = ledger
        self._impact: Impact | None = None
        self._proven = False
        self._ticks = 0
        self.state: ImpactState | None = None
        """What is known of it."""

    @property
    def baseline(self) -> Baseline | None:
        """Return what is compared with, None where nothing is."""
        return None if self._impact is None else self._impact.baseline

    def prepare(
        self, baseline: Baseline, since: int, text: str, now: int, *, fading_since: int | None = None
    ) -> Impact:
        """Return a comparison with what the window has, up to `now`, of the time since a change (epoch ms)."""
        impact = Impact(
            baseline,
            since=since,
            text=text,
            warm_up=self._setup.warm_up,
            interval_ms=self._setup.interval_ms,
            fading_since=fading_since,
        )
        self._feed(impact, now)
        return impact

    def begin(self, impact: Impact, now: int, *, proven: bool) -> None:
        """Go on with `impact` at `now` (epoch ms) in the place of what was under way, which is kept.

        `proven` tells that the change is one of a proof.
        """
        self._feed(impact, now)
        state = impact.state(now)
        self.keep()
        self._impact, self.state, self._proven = impact, state, proven

    def take(self, sample: Sample, row: Floats) -> bool:
        """Compare one sample. Figures that cannot be computed end the comparison, and are told by False."""
        impact = self._impact
        if impact is None:
            return True
        try:
            impact.add(sample.timestamp, row, sample.started_at, sample.latency)
            self.state = impact.state(sample.timestamp)
        except (ArithmeticError, ValueError):
            log.exception("comparison given up", extra={"baseline": impact.baseline.id})
            self._impact = self.state = None
            return False
        if (under_way := self._row()) is not None:
            self._ledger.follow(under_way, sample.timestamp)
        self._ticks += 1
        return True

    def keep(self) -> None:
        """Write it into the ledger as it stands."""
        if (row := self._row()) is not None:
            self._ledger.add(row)

    def end(self) -> None:
        """Keep it, and compare nothing from now on."""
        self.keep()
        self._impact = self.state = None

    def change(self, baseline: Baseline) -> None:
        """Take a new name or note of a baseline where it is the one that is compared with."""
        if self._impact is not None and self.state is not None and self._impact.baseline.id == baseline.id:
            self._impact.baseline = baseline
            self.state = replace(self.state, baseline=baseline)

    @property
    def due(self) -> Impact | None:
        """Return the comparison where, after this sample, it is time to look whether its effect fades."""
        return None if self._ticks % _LOOK_BACK_TICKS else self._impact

    def faded(self, impact: Impact, now: int) -> Faded | None:
        """Look whether the effect has begun to fade, up to `now` (epoch ms); None where it holds."""
        start = max(impact.begin + 1, impact.last - _LOOK_BACK_MS)
        rows = Rows.joined(self._setup.window.parts(start, impact.last))
        found = fading(impact.baseline, rows, self._setup.interval_ms) if len(rows) else None
        if found is None:
            return None
        log.info("effect fading", extra={"metric": found.metric, "change": impact.text})
        baseline, since, text = impact.baseline, impact.since, impact.text
        anew = self.prepare(baseline, since, text, now, fading_since=found.at)
        past = self.prepare(baseline, since, text, found.at, fading_since=impact.fading_since)
        # Twice: the overall verdict settles after those that it is made of.
        before = [past.state(found.at) for _ in range(2 * SETTLING_TICKS)][-1]
        return Faded(impact, before, anew)

    def begin_anew(self, faded: Faded, now: int) -> None:
        """Count anew at `now` (epoch ms) from where the effect began to fade, where it is still under way."""
        if self._impact is faded.impact:
            self.state = faded.before
            self.begin(faded.anew, now, proven=self._proven)

    def _feed(self, impact: Impact, end: int) -> None:
        """Give it the samples of the window that it has not had, up to `end` (epoch ms)."""
        start = impact.last + 1
        latency = self._setup.latency.seconds(start, end + 1).histograms()
        for part in self._setup.window.parts(start, end):
            for timestamp, row in zip(part.timestamp.tolist(), part.values, strict=True):
                impact.add(timestamp, row, self._changes.started_at, latency.get(timestamp))

    def _row(self) -> LedgerRow | None:
        """Return it as a row, None where a proof began it: its own row says it all."""
        if self._proven or self.state is None or not self.state.seconds:
            return None
        return LedgerRow.of(self.state)
