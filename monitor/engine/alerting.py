"""Watches the rules: steps each of them once per tick, keeps what happens, and lets people answer."""

import dataclasses
import logging
import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from monitor.core.alert import OPEN, Alert, State
from monitor.core.alerts import Alerts, Pending, by_urgency, latest
from monitor.core.entry import Entry, Kind
from monitor.core.errors import ConflictError, InvalidInputError, UnknownError
from monitor.core.health_score import HealthScore, health_score, last_minute
from monitor.core.histogram import Floats, Histogram
from monitor.core.metric import COLUMN, METRICS
from monitor.core.notice import Notice, notices
from monitor.core.rule import RULES, Origin, Rule
from monitor.core.sample import Sample
from monitor.core.series import HOLE_INTERVALS
from monitor.core.signal import SIGNAL
from monitor.core.summary import Summary
from monitor.core.verdict import Verdict
from monitor.core.watch import Moment, Watch, acknowledge, dismiss, end, interrupted, restored, step
from monitor.engine.ports import Clock, Entries

log = logging.getLogger(__name__)

_T = TypeVar("_T")

MOST_RULES: Final = 1000
ENDED_KEPT: Final = 500
"""Alerts that are over and still known."""
DURABLE_SECONDS: Final = 2.0
"""So long an answer waits for its alert to be on the disk."""
_SPEAKING: Final = [
    COLUMN[metric.id]
    for metric in METRICS
    if metric.of_target and metric.id not in {"answered", "optimization_score"}
]
"""Columns by which it can be told that something was measured of the target."""
_VERDICTS: Final[Mapping[Verdict | None, float]] = {Verdict.BETTER: 1.0, Verdict.WORSE: -1.0}

Announce = Callable[[Sequence[Notice]], Sequence[Entry]]
"""Takes what people are to be told, on the tick path, and returns what of it is to be kept with the alerts."""


class Alerting:
    """The rules, where each of them stands, and the alerts that are over."""

    def __init__(
        self,
        target: str,
        entries: Entries,
        clock: Clock,
        interval: float,
        *,
        speed: float = 1.0,
        rules: Sequence[Rule] = (),
        announce: Announce = lambda _: (),
        enabled: bool = True,
    ) -> None:
        """Watch `target`, sampled each `interval` seconds, by the package's rules and those of the settings' file.

        In a replay `speed` seconds of the target pass in one of the clock. Unless `enabled` nothing is watched.
        """
        self._target = target
        self._entries = entries
        self._clock = clock
        self._announce = announce
        self._enabled = enabled
        self._file = {rule.id: rule for rule in rules}
        self._given = {rule.id: rule for rule in RULES} | self._file
        # Guards all that follows. Taken within the Monitor's lock by the sampler, and alone by everybody else;
        # what is to be kept or told is only handed over meanwhile.
        self._lock = threading.Lock()
        self._rules = dict(self._given)
        self._watches: dict[str, Watch] = {}
        self._ended: dict[str, Alert] = {}
        self._heard = math.nan
        self._interval = interval
        self._speed = speed
        self._looked = math.inf
        self._state = Alerts(tuple(self._rules.values()), enabled=enabled)

    def start(self) -> None:
        """Take in the rules and alerts of earlier runs; before the first sample."""
        rules = [_read(entry, Rule.read) for entry in self._entries.read(Kind.RULE)]
        alerts = [
            _read(entry, Alert.read)
            for entry in self._entries.read(Kind.ALERT)
            if (entry.document or {}).get("target") == self._target
        ]
        moment = self._moment()
        with self._lock:
            changed = {rule.id: rule for rule in rules if rule is not None and rule.id not in self._file}
            self._rules |= changed
            # Where nothing is watched, what was open is left as it is to a run that watches.
            known = [alert for alert in alerts if alert is not None and (self._enabled or alert.state not in OPEN)]
            self._ended = {alert.id: alert for alert in known if not alert.active}
            kept: list[Entry] = []
            for identity, alert in latest(known).items():
                rule = self._rules.get(identity)
                watch = restored(alert.rule if rule is None else rule, alert, moment)
                if rule is None and alert.state in OPEN:
                    kept += self._changed(watch, end(watch, moment, "the rule is gone"))
                elif rule is not None:
                    self._watches[identity] = watch
            self._keep(kept)
            self._state = self._summed_up(moment.monotonic, None)

    def observe(
        self,
        sample: Sample,
        row: Floats,
        summaries: Mapping[str, Summary],
        latency: Histogram,
        verdict: Verdict | None,
    ) -> Alerts:
        """Take one sample, as it is in the rolling frame, with what is known of its last 60 s."""
        if not self._enabled:
            return self._state
        moment = Moment(sample.at * self._speed, sample.timestamp)
        with self._lock:
            values = self._values(moment.monotonic, row, verdict)
            kept: list[Entry] = []
            gap = moment.monotonic - self._looked > HOLE_INTERVALS * self._interval
            self._looked = moment.monotonic
            for identity, rule in self._rules.items():
                watch = self._watches.get(identity) or self._begun(identity, moment)
                if gap:
                    watch = interrupted(watch)
                guard = None if rule.guard is None else values(rule.guard.metric)
                after = step(rule, watch, values(rule.metric), guard, moment)
                self._watches[identity] = after
                if after.alert is not None and after.alert is not watch.alert:
                    kept += self._changed(watch, after)
                    if after.state is State.DISMISSED:
                        self._ended[after.alert.id] = after.alert
            self._keep(kept)
            state = self._summed_up(moment.monotonic, None)
            health = health_score(state.rules, last_minute(summaries, latency), critical=state.critical)
            self._state = dataclasses.replace(state, health=health)
            return self._state

    @property
    def state(self) -> Alerts:
        """Return all alerts as they are now."""
        with self._lock:
            return self._state

    @property
    def forgets(self) -> bool:
        """Tell whether there were more alerts than are kept."""
        with self._lock:
            return len(self._ended) >= ENDED_KEPT

    def acknowledge(self, identity: str, by: str, note: str) -> Alert:
        """Note that somebody has seen an alert; the same alert where that is known. See `dismiss` for errors."""
        return self._answer(acknowledge, identity, by, note)

    def dismiss(self, identity: str, by: str, note: str) -> Alert:
        """Be silent about an alert until its rule fires anew.

        Returns when it is on the disk, or the disk does not take it. Raises UnknownError, and ConflictError where
        the alert is over.
        """
        return self._answer(dismiss, identity, by, note)

    def add(self, document: object) -> Rule:
        """Take a new rule; raises InvalidInputError, and ConflictError where there is one of its id."""
        rule = Rule.read(document, Origin.USER)
        with self._lock:
            if rule.id in self._rules:
                raise ConflictError(f"there is a rule of the id {rule.id}")
            if len(self._rules) >= MOST_RULES:
                raise ConflictError(f"there are {MOST_RULES} rules, as many as may be")
            ticket = self._put(rule)
        self._entries.settled(ticket, DURABLE_SECONDS)
        return rule

    def replace(self, identity: str, document: object) -> Rule:
        """Change a rule; its alert goes on. Raises InvalidInputError, UnknownError and ConflictError."""
        if isinstance(document, dict):
            document = {"id": identity} | document
        rule = Rule.read(document, Origin.USER)
        if rule.id != identity:
            raise InvalidInputError("id", f"must be {identity}: an id does not change")
        with self._lock:
            if self._own(identity).origin is Origin.PACKAGE:
                rule = dataclasses.replace(rule, origin=Origin.PACKAGE)
            ticket = self._put(rule)
        self._entries.settled(ticket, DURABLE_SECONDS)
        return rule

    def remove(self, identity: str) -> Rule | None:
        """Forget a rule, and end its alert; one of the package becomes again what it was, and is returned.

        Raises UnknownError, and ConflictError for one that is as the package or the file has it.
        """
        moment = self._moment()
        with self._lock:
            rule = self._own(identity)
            packaged = self._given.get(identity)
            if rule is packaged:
                raise ConflictError("the rule comes with the program: disable it instead")
            kept = [Entry(Kind.RULE, identity, moment.wall, None)]
            if packaged is None:
                del self._rules[identity]
                watch = self._watches.pop(identity, None)
                if watch is not None:
                    kept += self._changed(watch, end(watch, moment, "the rule was deleted"))
            else:
                self._rules[identity] = packaged
            ticket = self._keep(kept)
            self._state = self._summed_up(moment.monotonic, self._state.health)
        self._entries.settled(ticket, DURABLE_SECONDS)
        return packaged

    def _answer(
        self, cause: Callable[[Watch, str, str, Moment], Watch], identity: str, by: str, note: str
    ) -> Alert:
        moment = self._moment()
        with self._lock:
            rule = next(
                (
                    rule
                    for rule, watch in self._watches.items()
                    if watch.alert is not None and watch.alert.id == identity
                ),
                None,
            )
            if rule is None:
                if identity in self._ended:
                    raise ConflictError("the alert is over")
                raise UnknownError("no alert has this id")
            watch = self._watches[rule]
            after = cause(watch, by, note, moment)
            alert = after.alert
            assert alert is not None  # noqa: S101 - it was found by its id
            if after is watch:
                return alert
            self._watches[rule] = after
            ticket = self._keep(self._changed(watch, after))
            self._state = self._summed_up(moment.monotonic, self._state.health)
        self._entries.settled(ticket, DURABLE_SECONDS)
        return alert

    def _own(self, identity: str) -> Rule:
        rule = self._rules.get(identity)
        if rule is None:
            raise UnknownError("no rule has this id")
        if identity in self._file:
            raise ConflictError("the rule is set in monitor.toml: change it there, and start again")
        return rule

    def _put(self, rule: Rule) -> int:
        moment = self._moment()
        self._rules[rule.id] = rule
        self._state = self._summed_up(moment.monotonic, self._state.health)
        return self._keep([Entry(Kind.RULE, rule.id, moment.wall, rule.document())])

    def _keep(self, entries: list[Entry]) -> int:
        """Hand entries over, in the order in which things happened: under the lock."""
        entries += self._trimmed()
        return self._entries.keep(entries) if entries else 0

    def _values(self, now: float, row: Floats, verdict: Verdict | None) -> Callable[[str], float | None]:
        """Return what tells the value of a metric or signal at this sample."""
        if math.isnan(self._heard) or not all(math.isnan(row[column]) for column in _SPEAKING):
            self._heard = now
        signals: dict[str, float | None] = {
            "silent_seconds": now - self._heard,
            "verdict": _VERDICTS.get(verdict, 0.0),
        }
        assert signals.keys() == SIGNAL.keys()  # noqa: S101 - a signal is measured here
        known = row.tolist()
        return lambda metric: signals[metric] if metric in signals else known[COLUMN[metric]]

    def _begun(self, identity: str, moment: Moment) -> Watch:
        """Return the watch of a new rule; what one of its id raised before keeps its own place in time."""
        watch = Watch.begin(moment)
        last = latest(alert for alert in self._ended.values() if alert.rule.id == identity).get(identity)
        return watch if last is None else dataclasses.replace(watch, state=last.state, alert=last)

    def _changed(self, before: Watch, after: Watch) -> list[Entry]:
        """Note what happened to a rule's alert; return what is to be kept of it."""
        alert = after.alert
        if alert is None or not _happened(before.alert, alert):
            return []
        self._ended.pop(alert.id, None)
        if not alert.active:
            self._ended[alert.id] = alert
        told = notices(before.alert, alert)
        document: dict[str, Any] = {**alert.record(), "target": self._target}
        kept = [Entry(Kind.ALERT, alert.id, alert.fired_at, document)]
        return [*kept, *self._announce(told)] if told else kept

    def _trimmed(self) -> list[Entry]:
        """Forget the oldest alerts that are over where there are too many."""
        many = list(self._ended.values())[: max(0, len(self._ended) - ENDED_KEPT)]
        gone = [alert for alert in many if alert.state is State.RESOLVED]
        for alert in gone:
            del self._ended[alert.id]
        return [Entry(Kind.ALERT, alert.id, alert.fired_at, None) for alert in gone]

    def _active(self) -> Iterator[Alert]:
        for watch in self._watches.values():
            if watch.alert is not None and watch.alert.active:
                yield watch.alert

    def _summed_up(self, now: float, health: HealthScore | None) -> Alerts:
        return Alerts(
            rules=tuple(self._rules.values()),
            active=by_urgency(self._active()),
            pending=tuple(
                Pending(self._rules[identity], watch.held, max(0.0, watch.quiet_until - now))
                for identity, watch in self._watches.items()
                if watch.state is State.PENDING
            ),
            ended=tuple(reversed(self._ended.values())),
            health=health,
            enabled=self._enabled,
        )

    def _moment(self) -> Moment:
        return Moment(self._clock.monotonic() * self._speed, round(self._clock.wall() * 1000))


def _happened(before: Alert | None, after: Alert) -> bool:
    """Tell whether more than the value changed; the log alone does not tell, it may be full."""
    if before is None or before.id != after.id or len(before.log) != len(after.log):
        return True
    return (before.state, before.no_data, before.rule) != (after.state, after.no_data, after.rule)


def _read(entry: Entry, read: Callable[[Mapping[str, Any]], _T]) -> _T | None:
    """Return what an entry holds, None where another version of the program wrote it otherwise."""
    try:
        return read(entry.document or {})
    except (InvalidInputError, KeyError, TypeError, ValueError) as problem:
        log.warning("entry left out", extra={"kind": entry.kind.value, "id": entry.id, "reason": repr(problem)})
        return None
