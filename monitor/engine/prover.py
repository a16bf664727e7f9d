"""Drives a proof: turns one optimisation on and off by its plan, and takes what is measured meanwhile."""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.core.errors import InvalidInputError, SourceError, UnknownError
from monitor.core.ledger import LedgerRow
from monitor.core.proof import Half, Phase, Plan, ProofState, prove
from monitor.core.sample import Sample
from monitor.engine.background import Background
from monitor.engine.ports import Switchboard

log = logging.getLogger(__name__)

_TURN_SECONDS: Final = 15.0
"""How long the target may take until its samples show what was asked of it."""
_RESTART_SECONDS: Final = 1.0
_FIELD: Final = "optimization"


@dataclass(slots=True)
class _Run:
    """A proof under way: `was` is how its optimisation stood before, `others` how the others stand.

    `began` are the monotonic seconds of its begin, `begun` those of the present half's, None while the switch is
    being turned.
    """

    was: bool
    began: float
    started_at: float | None
    others: Mapping[str, bool]
    begun: float | None = None
    halves: list[Half] = field(default_factory=list)


class Prover:
    """Sees each sample, and has one proof at the most under way.

    The samples pace it; what talks to the target is done in the background, outside of the lock. Whatever ends a
    proof, the switch is put back as it was before.
    """

    def __init__(
        self,
        switchboard: Switchboard | None,
        *,
        interval: float,
        warm_up: int,
        keep: Callable[[LedgerRow], None],
        chance: random.Random,
    ) -> None:
        """Switch by `switchboard`; `keep` takes the row of a finished proof, `chance` draws the order."""
        self._switchboard = switchboard
        self._interval = interval
        self._warm_up = warm_up
        self._keep = keep
        self._chance = chance
        self._background = Background("proof")
        # Guards all that follows. Taken within the Monitor's lock by the sampler, and alone by everybody else.
        self._lock = threading.Lock()
        self._sample: Sample | None = None
        self._state: ProofState | None = None
        self._run: _Run | None = None
        self._owed: tuple[str, bool] | None = None
        self._asked = 0.0
        self._asking = 0

    def start(self) -> None:
        """Start the thread that switches."""
        self._background.start()

    def close(self) -> None:
        """Cancel what is under way, put the switch back, and end; idempotent."""
        with self._lock:
            self._end(Phase.CANCELLED, "The monitor was stopped.")
            if self._owed is not None and not self._asking:
                self._ask(*self._owed)
        self._background.close()

    def begin(self, optimization: str, pairs: int, half_seconds: int) -> ProofState:
        """Begin a proof; raises InvalidInputError in words."""
        with self._lock:
            if self._run is not None or self._asking:
                raise InvalidInputError(_FIELD, "a proof is under way already, or its switch is being put back")
            sample = self._sample
            offered = sorted(sample.provable) if sample is not None and self._switchboard is not None else []
            if sample is None or not offered:
                raise InvalidInputError(_FIELD, "the target offers no switches now")
            if optimization not in offered:
                raise InvalidInputError(_FIELD, f"the target does not offer it; it offers {', '.join(offered)}")
            plan = Plan.draw(optimization, pairs, half_seconds, self._warm_up, self._chance)
            self._run = _Run(
                sample.switches[optimization], sample.at, sample.started_at, _others(sample, optimization)
            )
            self._owed = None
            self._state = ProofState(plan, sample.timestamp)
            self._ask(plan.optimization, plan.on(0))
            return self._state

    def cancel(self) -> ProofState:
        """End the proof under way; raises UnknownError where there is none."""
        with self._lock:
            if self._run is None or self._state is None:
                raise UnknownError("no proof is under way")
            self._end(Phase.CANCELLED, "It was cancelled.")
            return self._state

    def state(self) -> ProofState | None:
        """Return the proof under way or the last one, None where there was none."""
        with self._lock:
            return self._state

    @property
    def running(self) -> bool:
        """Tell whether a proof is under way."""
        with self._lock:
            return self._run is not None

    def observe(self, sample: Sample) -> ProofState | None:
        """Take a sample and return what is known after it."""
        with self._lock:
            self._sample = sample
            if self._run is not None and self._state is not None:
                self._advance(self._run, self._state, sample)
            elif self._owed is not None:
                self._repay(*self._owed, sample)
            return self._state

    def _advance(self, run: _Run, state: ProofState, sample: Sample) -> None:
        plan, wanted = state.plan, state.plan.on(state.half)
        trouble = self._trouble(run, plan, sample, wanted=wanted)
        if trouble:
            self._end(Phase.FAILED, trouble)
            return
        others = _others(sample, plan.optimization) if sample.switches else run.others
        if others != run.others:
            run.others = others
            # Between two pairs it does no harm.
            if run.halves and (run.begun is not None or state.half % 2):
                run.halves[-1].spoilt = True
        if run.begun is None:
            if self._asking or sample.switches.get(plan.optimization) is not wanted:
                return
            run.begun = sample.at
            run.halves.append(Half())
        elif sample.at - run.begun > plan.settle_seconds:
            run.halves[-1].add(sample.values)
        left = plan.half_seconds - (sample.at - run.begun)
        if left > self._interval / 2:  # half an interval early rather than half of one late
            self._state = replace(state, left=max(1, round(left)))
        elif state.half + 1 < plan.halves:
            run.begun = None
            self._state = replace(state, half=state.half + 1, left=None)
            self._ask(plan.optimization, plan.on(state.half + 1))
        else:
            self._finish(run, state)

    def _trouble(self, run: _Run, plan: Plan, sample: Sample, *, wanted: bool) -> str:
        """Say in a sentence what ends the proof, "" where nothing does."""
        if sample.answered is False:
            return "The target went down."
        started = sample.started_at
        if started is not None and run.started_at is not None and abs(started - run.started_at) > _RESTART_SECONDS:
            return "The target restarted."
        if run.begun is None:
            late = not self._asking and sample.at - self._asked > _TURN_SECONDS
            return f"The target did not turn {plan.optimization} {_word(wanted)}." if late else ""
        # Where the target does not say how it stands, nothing says that it changed.
        if sample.switches.get(plan.optimization, wanted) is not wanted:
            return f"{plan.optimization} did not stay {_word(wanted)}."
        return ""

    def _finish(self, run: _Run, state: ProofState) -> None:
        result = prove(state.plan, run.halves, self._interval)
        seconds = round(self._at() - run.began)
        self._state = made = replace(state, phase=Phase.FINISHED, left=None, seconds=seconds, result=result)
        row = LedgerRow.proven(made)
        self._put_back(run, state.plan)
        self._background.do(lambda: self._keep(row))

    def _end(self, phase: Phase, reason: str) -> None:
        """End the proof under way before its end, if there is one."""
        if self._run is not None and self._state is not None:
            seconds = round(self._at() - self._run.began)
            self._state = made = replace(self._state, phase=phase, left=None, seconds=seconds, reason=reason)
            row = LedgerRow.proven(made)
            self._put_back(self._run, made.plan)
            self._background.do(lambda: self._keep(row))

    def _put_back(self, run: _Run, plan: Plan) -> None:
        self._run = None
        self._owed = plan.optimization, run.was
        self._ask(*self._owed)

    def _repay(self, name: str, was: bool, sample: Sample) -> None:
        """Ask again, now and then, a target that did not put the switch back."""
        if sample.switches.get(name) is was:
            self._paid(name, was)
        elif not self._asking and name in sample.provable and sample.at - self._asked > _TURN_SECONDS:
            self._ask(name, was)

    def _at(self) -> float:
        """Return the monotonic seconds of the newest sample."""
        return 0.0 if self._sample is None else self._sample.at

    def _ask(self, name: str, enabled: bool) -> None:
        """Have it switched in the background."""
        board = self._switchboard
        if board is not None:
            self._asking += 1
            self._asked = self._at()
            self._background.do(lambda: self._switch(board, name, enabled))

    def _switch(self, board: Switchboard, name: str, enabled: bool) -> None:
        problem = "the switch failed"
        try:
            board.switch(name, enabled=enabled)
            problem = ""
        except SourceError as error:
            problem = str(error)
            log.warning("switch failed", extra={"optimization": name, "reason": problem})
        finally:
            with self._lock:
                self._asking -= 1
                self._switched(name, enabled, problem)

    def _switched(self, name: str, enabled: bool, problem: str) -> None:
        """Take in what came of a switch; `problem` is "" where it was turned."""
        if self._run is not None:
            if problem:
                self._end(Phase.FAILED, f"{name} could not be turned {_word(enabled)}: {problem}.")
        elif self._owed == (name, enabled):
            if not problem:
                self._paid(name, enabled)
            elif self._state is not None and _owing(name, enabled) not in self._state.reason:
                reason = f"{self._state.reason}{_owing(name, enabled)}: {problem}."
                self._state = replace(self._state, reason=reason)

    def _paid(self, name: str, was: bool) -> None:
        """Take note that the switch stands as before."""
        self._owed = None
        if self._state is not None:
            reason, _, _ = self._state.reason.partition(_owing(name, was))
            self._state = replace(self._state, reason=reason)


def _others(sample: Sample, name: str) -> Mapping[str, bool]:
    return {other: on for other, on in sample.switches.items() if other != name}


def _owing(name: str, was: bool) -> str:
    return f" {name} is not back {_word(was)} yet"


def _word(enabled: bool) -> str:
    return "on" if enabled else "off"
