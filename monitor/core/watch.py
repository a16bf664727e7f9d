"""Where a rule stands: a table of transitions, and what is counted to choose among them.

Nothing here reads a clock. What is counted is counted in monotonic seconds; the wall clock only stamps.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self, TypeGuard

from monitor.core.alert import OPEN, Alert, Happened, State
from monitor.core.errors import ConflictError
from monitor.core.rule import Rule

NO_DATA_SECONDS: Final = 30.0
"""An alert without a value for so long says so."""


class Cause(StrEnum):
    """What moves a rule from one state to another."""

    BREACHED = "a bad value"
    HELD = "bad values for long enough, and no cooldown"
    EASED = "a value that is not bad, before any alert"
    PASSED = "a value that is not bad, after an alert"
    CLEARED = "values beyond the clearing level for long enough"
    ACKNOWLEDGED = "somebody has seen it"
    DISMISSED = "somebody wants no more of it"
    RAISED = "the rule became more severe"
    ENDED = "the rule is gone, or watches something else"


TRANSITIONS: Final[Mapping[tuple[State, Cause], State]] = MappingProxyType(
    {
        (State.INACTIVE, Cause.BREACHED): State.PENDING,
        (State.INACTIVE, Cause.HELD): State.FIRING,
        (State.PENDING, Cause.HELD): State.FIRING,
        (State.PENDING, Cause.EASED): State.INACTIVE,
        (State.PENDING, Cause.PASSED): State.RESOLVED,
        (State.FIRING, Cause.CLEARED): State.RESOLVED,
        (State.FIRING, Cause.ACKNOWLEDGED): State.ACKNOWLEDGED,
        (State.FIRING, Cause.DISMISSED): State.DISMISSED,
        (State.FIRING, Cause.RAISED): State.FIRING,
        (State.FIRING, Cause.ENDED): State.RESOLVED,
        (State.ACKNOWLEDGED, Cause.CLEARED): State.RESOLVED,
        (State.ACKNOWLEDGED, Cause.ACKNOWLEDGED): State.ACKNOWLEDGED,
        (State.ACKNOWLEDGED, Cause.DISMISSED): State.DISMISSED,
        (State.ACKNOWLEDGED, Cause.RAISED): State.FIRING,
        (State.ACKNOWLEDGED, Cause.ENDED): State.RESOLVED,
        (State.DISMISSED, Cause.CLEARED): State.RESOLVED,
        (State.DISMISSED, Cause.ACKNOWLEDGED): State.DISMISSED,
        (State.DISMISSED, Cause.DISMISSED): State.DISMISSED,
        (State.DISMISSED, Cause.ENDED): State.RESOLVED,
        (State.RESOLVED, Cause.BREACHED): State.PENDING,
        (State.RESOLVED, Cause.HELD): State.FIRING,
    }
)
"""The state after each cause; what is not in the table leaves the state as it is."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`monotonic` in seconds, for what is counted; `wall` in epoch ms, for what is shown."""

    monotonic: float
    wall: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Where one rule stands, after its last step at `at` (monotonic s) by `rule`, None before the first.

    `alert` is the one under way or the last one, None before the first. `held` is for how many seconds values
    have been bad (pending) or cleared (open), gaps not counted; `counting` tells that the last known value was.
    `missing` is for how many seconds there was no value, `known` tells that the last step had one. `fired` is when
    (monotonic s) the last alert began, as far as the cooldown goes.
    """

    state: State
    alert: Alert | None
    held: float
    counting: bool
    missing: float
    at: float
    known: bool
    fired: float
    rule: Rule | None

    @classmethod
    def begin(cls, moment: Moment) -> Self:
        """Return the watch of a rule that never fired."""
        return cls(
            State.INACTIVE, None, 0.0, False, 0.0, moment.monotonic, known=False, fired=-math.inf, rule=None
        )

    @property
    def quiet_until(self) -> float:
        """Return before when (monotonic s) the rule does not fire again."""
        return self.fired + (0.0 if self.rule is None else self.rule.cooldown_seconds)


def restored(rule: Rule, alert: Alert, moment: Moment) -> Watch:
    """Return the watch of a rule whose last alert is known from before a restart.

    What was counted begins anew; the cooldown goes on by the wall clock, within what it can be.
    """
    past = min(max((moment.wall - alert.fired_at) / 1000.0, 0.0), rule.cooldown_seconds)
    return Watch(
        state=alert.state,
        alert=alert,
        held=0.0,
        counting=False,
        missing=0.0,
        at=moment.monotonic,
        known=False,
        fired=moment.monotonic - past,
        rule=alert.rule,
    )


def interrupted(watch: Watch) -> Watch:
    """Return the watch after a time in which nobody looked: it counts for nothing."""
    return replace(watch, known=False)


def step(rule: Rule, watch: Watch, value: float | None, guard: float | None, moment: Moment) -> Watch:
    """Return where the rule stands after one tick.

    value: of the rule's metric, guard: of its guard's metric, in their units; None or not finite = unknown. A rule
    that was edited since the last step counts as it is now; one that is disabled or watches something else ends
    what it began.
    """
    if rule is not watch.rule:
        began = watch.state in OPEN
        watch = _edited(rule, watch, moment)
        if began and watch.state not in OPEN:
            # The next step begins anew: one step never touches two alerts.
            return watch
    if not rule.enabled:
        return watch
    if rule.guard is None:
        idle, known = False, _known(value)
    else:
        # Where the guard is known not to be met the value does not matter: an idle service may have none.
        idle = _known(guard) and not rule.guard.met(guard)
        known = idle or (_known(guard) and _known(value))
    if not known:
        return _missed(watch, moment)
    if watch.alert is not None and watch.state in OPEN:
        return _open(rule, watch, watch.alert, value, idle=idle, moment=moment)
    return _quiet(rule, watch, value, idle=idle, moment=moment)


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def _quiet(rule: Rule, watch: Watch, value: float | None, *, idle: bool, moment: Moment) -> Watch:
    """Return what a known value makes of a rule without an alert under way."""
    state, alert, fired, now = watch.state, watch.alert, watch.fired, moment.monotonic
    bad = value is not None and not idle and rule.breached(value)
    held = _counted(watch, bad, now)
    if not bad:
        cause = Cause.EASED if alert is None else Cause.PASSED
    elif held >= rule.for_seconds and now >= fired + rule.cooldown_seconds:
        cause = Cause.HELD
    else:
        cause = Cause.BREACHED
    state = TRANSITIONS.get((state, cause), state)
    if value is not None and cause is Cause.HELD:
        alert, fired, held, bad = Alert.fired(rule, value, moment.wall, alert), now, 0.0, False
    return Watch(state, alert, held, bad, 0.0, now, True, fired, rule)


def _open(rule: Rule, watch: Watch, alert: Alert, value: float | None, *, idle: bool, moment: Moment) -> Watch:
    """Return what a known value makes of a rule with an alert under way."""
    state, now = watch.state, moment.monotonic
    if _known(value):
        alert = alert.seen(value, counts=not idle)
    if alert.no_data:
        alert = alert.after(Happened.DATA_AGAIN, state, moment.wall)
    good = idle or (_known(value) and rule.cleared(value))
    held = _counted(watch, good, now)
    if good and held >= rule.keep_firing_seconds:
        state, held, good = TRANSITIONS[state, Cause.CLEARED], 0.0, False
        alert = alert.after(Happened.RESOLVED, state, moment.wall)
    return Watch(state, alert, held, good, 0.0, now, True, watch.fired, rule)


def _counted(watch: Watch, goes_on: bool, now: float) -> float:
    """Return for how long what is counted goes on; a gap neither counts nor interrupts."""
    if not (goes_on and watch.counting):
        return 0.0
    return watch.held + (now - watch.at) if watch.known else watch.held


def _missed(watch: Watch, moment: Moment) -> Watch:
    """Return the watch after a step without a value: nothing moves, but an alert says so in time."""
    alert, missing = watch.alert, watch.missing + (moment.monotonic - watch.at)
    if alert is not None and alert.active and not alert.no_data and missing >= NO_DATA_SECONDS:
        alert = alert.after(Happened.NO_DATA, watch.state, moment.wall)
    return Watch(
        watch.state,
        alert,
        watch.held,
        watch.counting,
        missing,
        moment.monotonic,
        False,
        watch.fired,
        watch.rule,
    )


def _edited(rule: Rule, watch: Watch, moment: Moment) -> Watch:
    """Return the watch after its rule became this one."""
    before = watch.rule
    if not rule.enabled:
        watch = end(watch, moment, "the rule was disabled")
    elif before is not None and (before.metric, before.condition) != (rule.metric, rule.condition):
        watch = end(watch, moment, "the rule watches something else")
    state, alert = watch.state, watch.alert
    if alert is not None and state in OPEN:
        raised = rule.severity.rank > alert.rule.severity.rank
        alert = alert.under(rule)
        if raised and alert.active:
            state = TRANSITIONS[state, Cause.RAISED]
            alert = alert.after(Happened.RAISED, state, moment.wall)
    return replace(watch, state=state, alert=alert, rule=rule)


def acknowledge(watch: Watch, by: str, note: str, moment: Moment) -> Watch:
    """Return the watch after somebody has seen its alert, the same where they had; raises ConflictError."""
    return _answered(watch, Cause.ACKNOWLEDGED, Happened.ACKNOWLEDGED, by, note, moment)


def dismiss(watch: Watch, by: str, note: str, moment: Moment) -> Watch:
    """Return the watch after somebody wants no more of its alert, the same where so; raises ConflictError."""
    return _answered(watch, Cause.DISMISSED, Happened.DISMISSED, by, note, moment)


def _answered(watch: Watch, cause: Cause, kind: Happened, by: str, note: str, moment: Moment) -> Watch:
    state = TRANSITIONS.get((watch.state, cause))
    if state is None or watch.alert is None:
        raise ConflictError("the alert is over")
    if state is watch.state:
        return watch
    return replace(watch, state=state, alert=watch.alert.after(kind, state, moment.wall, by, note))


def end(watch: Watch, moment: Moment, why: str) -> Watch:
    """Return the watch after its rule is gone or watches something else; `why` is noted at an alert under way.

    What is counted begins anew, but the cooldown.
    """
    state, alert = watch.state, watch.alert
    if alert is not None and state in OPEN:
        state = TRANSITIONS[state, Cause.ENDED]
        alert = alert.after(Happened.RESOLVED, state, moment.wall, note=why)
    elif state is State.PENDING:
        state = TRANSITIONS[state, Cause.EASED if alert is None else Cause.PASSED]
    return replace(watch, state=state, alert=alert, held=0.0, counting=False)
