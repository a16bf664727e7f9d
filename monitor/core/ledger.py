"""The ledger: every comparison that was made, kept when another one begins."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from monitor.core.impact import ImpactState
from monitor.core.proof import ProofState
from monitor.core.rounding import rounded
from monitor.core.verdict import Verdict

_LATEST: Final = 4_102_444_800_000
"""Epoch ms of the year 2100."""
_PROOF: Final = "proof-"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One comparison or proof: what changed at `since` (epoch ms), against which baseline, and what came of it.

    `percent` within `low`..`high` is the overall figure, None where there was none; `seconds` is how long it was
    watched.
    """

    id: str
    since: int
    change: str
    baseline: str
    verdict: Verdict
    percent: float | None
    low: float | None
    high: float | None
    seconds: int

    @classmethod
    def of(cls, state: ImpactState) -> Self:
        """Return the row of a comparison as it stands."""
        gain, faded = state.overall.gain, state.fading_since
        return cls(
            # With when the evidence begins: after a restart of the monitor it is another comparison.
            id=f"{state.baseline.id}-{state.since}-{state.begun or 0}",
            since=state.since,
            change=state.text if faded is None else f"{state.text or 'nothing noted'}, after its effect faded",
            baseline=state.baseline.name,
            verdict=state.overall.verdict,
            percent=None if gain is None else gain.percent,
            low=None if gain is None else gain.low,
            high=None if gain is None else gain.high,
            seconds=state.seconds,
        )

    @classmethod
    def proven(cls, state: ProofState) -> Self:
        """Return the row of a proof that is over: on against off, or how far it came."""
        plan = state.plan
        total = None if state.result is None else state.result.overall
        gain = None if total is None else total.gain
        came = f"{plan.pairs} pairs"
        if state.seconds is None:
            came = "the monitor stopped meanwhile"
        elif total is None:
            came = f"{state.phase.value} after {state.half // 2} of {plan.pairs} pairs"
        return cls(
            id=f"{_PROOF}{state.started}",
            since=state.started,
            change=f"proof: {plan.optimization} on against off, {came}",
            baseline="off",
            verdict=Verdict.NOT_ENOUGH_DATA if total is None else total.verdict,
            percent=None if gain is None else gain.percent,
            low=None if gain is None else gain.low,
            high=None if gain is None else gain.high,
            seconds=state.seconds or 0,
        )

    @property
    def proof(self) -> bool:
        """Tell whether it is a proof's row: it was watched from `since` on for `seconds`."""
        return self.id.startswith(_PROOF)

    def document(self) -> dict[str, Any]:
        """Return it as JSON, figures with 4 decimals."""
        return {
            "id": self.id,
            "since": self.since,
            "change": self.change,
            "baseline": self.baseline,
            "verdict": self.verdict.value,
            "percent": rounded(self.percent),
            "low": rounded(self.low),
            "high": rounded(self.high),
            "seconds": self.seconds,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote; raises KeyError, TypeError or ValueError for anything else."""

        def figure(name: str) -> float | None:
            value = None if document[name] is None else float(document[name])
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{name} is no figure")
            return value

        since, seconds = int(document["since"]), int(document["seconds"])
        if not (0 <= since < _LATEST and 0 <= seconds < _LATEST):
            raise ValueError("since or seconds are no time")
        return cls(
            id=str(document["id"]),
            since=since,
            change=str(document["change"]),
            baseline=str(document["baseline"]),
            verdict=Verdict(document["verdict"]),
            percent=figure("percent"),
            low=figure("low"),
            high=figure("high"),
            seconds=seconds,
        )
