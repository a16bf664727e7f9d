"""Drives a proof: turns one optimisation on and off by its plan, and takes what is measured meanwhile."""

import logging
import math
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.core.errors import ConflictError, InvalidInputError, SourceError, StoreError, UnknownError
from monitor.core.ledger import LedgerRow
from monitor.core.proof import Half, Phase, Plan, ProofState, prove
from monitor.core.proof_note import ProofNote
from monitor.core.sample import Sample
from monitor.engine.background import Background
from monitor.engine.ports import ProofNotes, Switchboard

log = logging.getLogger(__name__)

_TURN_SECONDS: Final = 15.0
"""How long the target may take until its samples show what was asked of it; two samples at the least."""
_SILENT_SECONDS: Final = 15.0
_SILENT_SHARE: Final = 0.25
"""How long the target may not answer: so many seconds, or this share of a half where that is longer."""
_FIELD: Final = "optimization"


@dataclass(slots=True)
class _Run:
    """A proof under way. `others` is how the other optimisations stand, as far as was ever said.

    Of the monotonic clock (seconds): `began` is its begin, `begun` that of the present half, None while the switch
    is being turned, `silent` the first sample since which the target has not answered, None where it has.
    """

    note: ProofNote
    began: float
    others: Mapping[str, bool]
    begun: float | None = None
    silent: float | None = None
    halves: list[Half] = field(default_factory=list)


class Prover:
    """Sees each sample, and has one proof at the most under way.

    The samples pace it; what talks to the target, or to the disk, is done in the background, outside of the lock.
    Whatever ends a proof, the switch is put back as it was before, if need be by the monitor that starts next.
    """

    def __init__(
        self,
        switchboard: Switchboard | None,
        *,
        interval: float,
        warm_up: int,
        keep: Callable[[LedgerRow], None],
        notes: ProofNotes,
        chance: random.Random,
    ) -> None:
        """Switch by `switchboard`; `keep` takes the row of a proof that is over, `chance` draws the order.

        `notes` keeps what is owed to the target for the next start.
        """
        self._switchboard = switchboard
        self._interval = interval
        self._warm_up = warm_up
        self._keep = keep
        self._notes = notes
        self._chance = chance
        self._turn_seconds = max(_TURN_SECONDS, 2.0 * interval)
        self._background = Background("proof")
        # What `notes` holds; of the background's thread alone.
        self._noted: ProofNote | None = None
        # Guards all that follows. Taken within the Monitor's lock by the sampler, and alone by everybody else.
        self._lock = threading.Lock()
        self._sample: Sample | None = None
        self._state: ProofState | None = None
        self._run: _Run | None = None
        self._owed: ProofNote | None = None
        # The target has said that it put the switch back; no sample has shown it yet.
        self._promised = False
        self._asked = -math.inf
        self._asking = 0
        self._closed = False

    def start(self) -> None:
        """Take over what an earlier run owes, and start the thread that switches."""
        self._noted = note = self._notes.read()
        if note is not None:
            owing = _owing(note.optimization, note.was)
            reason = f"The monitor stopped during a proof.{owing}."
            state = ProofState(note.plan, note.started, Phase.FAILED, reason=reason)
            with self._lock:
                self._owed, self._state = note, state
            self._background.do(lambda: self._keep(LedgerRow.proven(state)))
        self._background.start()

    def close(self) -> None:
        """Cancel what is under way, put the switch back, and end; idempotent. The next start does what fails."""
        with self._lock:
            self._closed = True
            self._end(Phase.CANCELLED, "The monitor was stopped.")
            if self._owed is not None and not self._promised and not self._asking:
                self._ask(self._owed.optimization, self._owed.was)
        self._background.close()

    def begin(self, optimization: str, pairs: int, half_seconds: int) -> ProofState:
        """Begin a proof; raises InvalidInputError or ConflictError in words."""
        with self._lock:
            self._refuse()
            sample = self._sample
            offered = sorted(sample.provable) if sample is not None and self._switchboard is not None else []
            if sample is None or not offered:
                raise InvalidInputError(_FIELD, "the target offers no switches now")
            if optimization not in offered:
                raise InvalidInputError(_FIELD, f"the target does not offer it; it offers {', '.join(offered)}")
            plan = Plan.draw(optimization, pairs, half_seconds, self._warm_up, self._chance)
            note = ProofNote(plan, sample.timestamp, sample.switches[optimization], sample.started_at)
            self._run = _Run(note, sample.at, _others(sample, optimization))
            self._state = ProofState(plan, sample.timestamp)
            self._ask(plan.optimization, plan.on(0))
            return self._state

    def _refuse(self) -> None:
        """Raise ConflictError where none can begin now."""
        if self._closed:
            raise ConflictError("the monitor is being stopped")
        if self._run is not None:
            raise ConflictError("a proof is under way already")
        if self._owed is not None:
            name, was = self._owed.optimization, _word(self._owed.was)
            raise ConflictError(f"{name} is not seen back {was} yet after the proof before; try again when it is")
        if self._asking:
            raise ConflictError("a switch is still being turned; try again in a moment")

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
    def proving(self) -> str:
        """Return the optimisation that is being turned, or is not seen back yet; "" where there is none."""
        with self._lock:
            note = self._owed if self._run is None else self._run.note
            return "" if note is None or self._switchboard is None else note.optimization

    def observe(self, sample: Sample) -> ProofState | None:
        """Take a sample and return what is known after it."""
        with self._lock:
            self._sample = sample
            if self._run is not None and self._state is not None:
                if sample.answered is False:
                    self._miss(self._run, self._state, sample)
                else:
                    self._run.silent = None
                    self._advance(self._run, self._state, sample)
            elif self._owed is not None:
                self._repay(self._owed, sample)
            return self._state

    def _miss(self, run: _Run, state: ProofState, sample: Sample) -> None:
        """Go without a sample. No half ends with one: the switch would not be heard."""
        if run.silent is None:
            run.silent = sample.at
        if sample.at - run.silent > max(_SILENT_SECONDS, _SILENT_SHARE * state.plan.half_seconds):
            self._end(Phase.FAILED, "The target went down.")
        elif run.begun is not None:
            self._state = replace(state, left=max(1, round(state.plan.half_seconds - (sample.at - run.begun))))

    def _advance(self, run: _Run, state: ProofState, sample: Sample) -> None:
        plan, wanted = state.plan, state.plan.on(state.half)
        if run.note.outlived(sample.started_at):
            self._end(Phase.FAILED, f"The target restarted.{_left(run.note, sample)}", owing=False)
            return
        trouble = self._trouble(run, plan, sample, wanted=wanted)
        if trouble:
            self._end(Phase.FAILED, trouble)
            return
        self._watch_others(run, state, sample)
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
        stands = sample.switches.get(plan.optimization)
        if run.begun is None:
            late = stands is not wanted and not self._asking and sample.at - self._asked > self._turn_seconds
            return f"The target did not turn {plan.optimization} {_word(wanted)}." if late else ""
        # Where the target does not say how it stands, nothing says that it changed.
        if stands is not None and stands is not wanted:
            return f"{plan.optimization} did not stay {_word(wanted)}."
        return ""

    def _watch_others(self, run: _Run, state: ProofState, sample: Sample) -> None:
        """Leave a pair out in which another optimisation is turned; one that is not named stands as before."""
        others = {**run.others, **_others(sample, state.plan.optimization)}
        changed = any(others[name] is not stood for name, stood in run.others.items())
        run.others = others
        # Between two pairs it does no harm.
        if changed and run.halves and (run.begun is not None or state.half % 2):
            run.halves[-1].spoilt = True

    def _finish(self, run: _Run, state: ProofState) -> None:
        result = prove(state.plan, run.halves, self._interval)
        self._over(run, replace(state, phase=Phase.FINISHED, result=result))

    def _end(self, phase: Phase, reason: str, *, owing: bool = True) -> None:
        """End the proof under way before its end, if there is one; the switch is put back where that is owed."""
        if self._run is not None and self._state is not None:
            self._over(self._run, replace(self._state, phase=phase, reason=reason), owing=owing)

    def _over(self, run: _Run, state: ProofState, *, owing: bool = True) -> None:
        self._state = made = replace(state, left=None, seconds=round(self._at() - run.began))
        self._run = None
        if owing:
            self._owed, self._promised = run.note, False
            self._ask(run.note.optimization, run.note.was)
        self._background.do(self._note)
        self._background.do(lambda: self._keep(LedgerRow.proven(made)))

    def _repay(self, owed: ProofNote, sample: Sample) -> None:
        """See whether the switch is back; ask again, now and then, a target that did not put it back."""
        name = owed.optimization
        if owed.outlived(sample.started_at):
            self._paid(owed, _left(owed, sample))
        elif self._asking or sample.answered is False:
            return
        elif sample.switches.get(name) is owed.was:
            self._paid(owed)
        elif name in sample.provable and sample.at - self._asked > self._turn_seconds:
            self._ask(name, owed.was)

    def _paid(self, owed: ProofNote, words: str = "") -> None:
        """Take note that nothing is owed any more; `words` say why where the switch is not back."""
        self._owed = None
        self._say(owed, words)
        self._background.do(self._note)

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
            problem = self._note()
            if not problem:
                board.switch(name, enabled=enabled)
        except SourceError as error:
            problem = str(error)
            log.warning("switch failed", extra={"optimization": name, "reason": problem})
        finally:
            with self._lock:
                self._asking -= 1
                self._switched(name, enabled, problem)
            self._note()

    def _note(self) -> str:
        """Have kept what the next start would owe, on the background's thread; say what hinders a proof."""
        with self._lock:
            proving = self._run is not None
            note = self._run.note if self._run is not None else None if self._promised else self._owed
        if note == self._noted:
            return ""
        try:
            self._notes.write(note)
        except StoreError as error:
            log.warning("proof not noted", extra={"reason": str(error)})
            # Nothing is turned of which nobody would know; what was turned is put back all the same.
            return str(error) if proving else ""
        self._noted = note
        return ""

    def _switched(self, name: str, enabled: bool, problem: str) -> None:
        """Take in what came of a switch; `problem` is "" where it was turned."""
        owed = self._owed
        if self._run is not None:
            if problem:
                self._end(Phase.FAILED, f"{name} could not be turned {_word(enabled)}: {problem}.")
        elif owed is not None and (owed.optimization, owed.was) == (name, enabled):
            self._promised = not problem
            self._say(owed, f"{_owing(name, enabled)}: {problem}." if problem else "")

    def _say(self, owed: ProofNote, words: str) -> None:
        """Say how it stands with the switch, in place of what was said of that before."""
        if self._state is not None:
            reason, _, _ = self._state.reason.partition(_owing(owed.optimization, owed.was))
            self._state = replace(self._state, reason=f"{reason}{words}")


def _others(sample: Sample, name: str) -> Mapping[str, bool]:
    return {other: on for other, on in sample.switches.items() if other != name}


def _owing(name: str, was: bool) -> str:
    return f" {name} is not back {_word(was)} yet"


def _left(note: ProofNote, sample: Sample) -> str:
    """Say that a new process is left as it started, "" where its switch stands as before anyway."""
    if sample.switches.get(note.optimization) is note.was:
        return ""
    return f" {note.optimization} was not put back {_word(note.was)}: it is as the new process has it."


def _word(enabled: bool) -> str:
    return "on" if enabled else "off"
