"""The machine of alerts against a model that tells everything anew, over ten thousand random runs."""

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from core.alert_model import Answer, Restart, Retold, Tick
from monitor.core.alert import OPEN, Alert, State
from monitor.core.errors import ConflictError
from monitor.core.rule import Condition, Guard, Rule, Severity
from monitor.core.watch import Moment, Watch, acknowledge, dismiss, restored, step

RUNS = 10_000
SEED = 20_240_517
STEPS = (0.25, 0.5, 1.0, 1.0, 1.0, 2.0, 5.0, 16.0)
"""Sums of them are exact, so that both count the same."""
VALUES = {
    "bad": (101.0, 120.0, 300.0),
    "edge": (100.0, 95.0, 97.0, 90.0, 105.0),
    "good": (94.0, 50.0, 0.0),
    "gap": (None, None, math.nan, math.inf),
}
ALL = frozenset({"acknowledge", "dismiss", "edit", "clock", "restart"})
WEIGHTS = {"acknowledge": 8, "dismiss": 4, "edit": 5, "clock": 3, "restart": 4, "tick": 76}
GUARD = Guard("throughput_ops_sec", Condition.ABOVE, 0.0)


class Run:
    """One rule, clocks, the product's watch and the model's record; `things` may happen beside steps."""

    def __init__(self, seed: int, things: frozenset[str] = ALL) -> None:
        self.random = random.Random(seed)  # noqa: S311 - not for secrets
        self.things, self.astray = things, 0
        self.mono, self.wall, self.mood = 0.0, 1_700_000_000_000, "good"
        pick = self.random.choice
        self.rule = Rule(
            "r",
            "R",
            "latency_ms",
            pick([Condition.ABOVE] * 3 + [Condition.BELOW, Condition.EQUAL]),
            100.0,
            pick(list(Severity)),
            for_seconds=pick([0.0, 0.0, 1.0, 2.0, 5.0]),
            keep_firing_seconds=pick([0.0, 1.0, 2.0, 5.0]),
            cooldown_seconds=pick([0.0, 5.0, 10.0, 40.0]),
            guard=pick([None, None, GUARD]),
        )
        self.watch = Watch.begin(Moment(0.0, self.wall))
        self.model = Retold()

    @property
    def moment(self) -> Moment:
        return Moment(self.mono, self.wall + self.astray)

    def act(self) -> None:
        """Do one random thing with both."""
        (thing,) = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if thing not in self.things:
            self.tick()
        elif thing == "acknowledge":
            self.answer(acknowledge, "acknowledged")
        elif thing == "dismiss":
            self.answer(dismiss, "dismissed")
        elif thing == "edit":
            self.edit()
        elif thing == "clock":
            self.astray += self.random.choice([-3_600_000, -7_000, 4_000, 86_400_000])
        else:
            self.restart()

    def tick(self) -> None:
        seconds = self.random.choice(STEPS)
        self.mono += seconds
        self.wall += round(1000 * seconds)
        if self.random.random() < 0.35:
            self.mood = self.random.choice(["bad", "bad", "edge", "good", "gap"])
        value = self.random.choice(VALUES[self.mood])
        guard = None if self.rule.guard is None else self.random.choice([None, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0])
        self.watch = step(self.rule, self.watch, value, guard, self.moment)
        self.model.add(Tick(self.rule, value, guard, self.mono, self.moment.wall))

    def answer(self, do: Callable[[Watch, str, str, Moment], Watch], kind: str) -> None:
        before = self.watch
        try:
            self.watch = do(before, "me", "", self.moment)
        except ConflictError:
            assert before.state not in OPEN
            return
        assert before.state in OPEN
        self.model.add(Answer(kind))

    def edit(self) -> None:
        pick = self.random.choice
        change = pick(
            [
                {"severity": pick(list(Severity))},
                {"severity": pick(list(Severity))},
                {"threshold": pick([50.0, 100.0, 110.0]), "clear": None},
                {"for_seconds": pick([0.0, 2.0, 5.0])},
                {"keep_firing_seconds": pick([0.0, 2.0])},
                {"cooldown_seconds": pick([0.0, 10.0, 40.0])},
                {"metric": pick(["latency_ms", "memory_mb"])},
                {"condition": pick(list(Condition)), "clear": None},
                {"enabled": False},
                {"enabled": True},
                {"enabled": True},
                {"guard": pick([None, GUARD])},
                {"threshold": 100.0, "clear": pick([None, 100.0])},
            ]
        )
        self.rule = dataclasses.replace(self.rule, **change)
        if self.rule.condition is Condition.EQUAL:
            self.rule = dataclasses.replace(self.rule, clear=None)

    def restart(self) -> None:
        """Keep what a disk keeps; the monotonic clock begins elsewhere."""
        alert = self.watch.alert
        self.wall += self.random.choice([0, 2_000, 60_000])
        self.mono = float(self.random.choice([0, 7, 5000]))
        self.model.add(Restart(self.rule, self.mono, self.moment.wall))
        if alert is None:
            self.watch = Watch.begin(self.moment)
        else:
            self.watch = restored(self.rule, Alert.read(alert.document()), self.moment)

    def seen(self) -> tuple[str, list[str], bool, int | None]:
        alert = self.watch.alert
        if alert is None:
            return self.watch.state.value, [], False, None
        kinds = [occurrence.kind.value for occurrence in alert.log]
        return self.watch.state.value, kinds, alert.no_data, alert.fired_at


def runs(count: int, things: frozenset[str] = ALL) -> Iterator[tuple[Run, int]]:
    for number in range(count):
        yield Run(SEED + number, things), 10 + number % 40


@pytest.mark.timeout(120)
def test_it_is_what_the_model_says_after_every_step() -> None:
    """State, what happened to the alert, whether data are missing, when it fired."""
    met: Counter[str] = Counter()
    for run, length in runs(RUNS):
        for number in range(length):
            run.act()
            seen = run.seen()
            assert seen == run.model.tell(), f"step {number}: {run.model.record}"
            met.update((seen[0], *seen[1]))
    # The runs go everywhere.
    assert min(met[word] for word in [*State, "raised", "no_data", "data_again"]) > 500, met


def test_it_fires_at_most_once_in_a_cooldown() -> None:
    """However values flap, and whoever acknowledges or dismisses what."""
    count = 0
    for run, length in runs(1000, frozenset({"acknowledge", "dismiss"})):
        fired, last = -math.inf, None
        for _ in range(length):
            run.act()
            alert = run.watch.alert
            if alert is not None and alert.id != last:
                assert run.mono - fired >= run.rule.cooldown_seconds
                fired, last, count = run.mono, alert.id, count + 1
    assert count > 1000


def test_missing_data_move_nothing() -> None:
    """No value ends an alert, begins one or starts the count anew."""
    count = 0
    for run, length in runs(1000, frozenset({"acknowledge", "dismiss", "clock"})):
        for _ in range(length):
            before = run.watch
            run.act()
            last = run.model.record[-1] if run.model.record else None
            if run.watch is not before and isinstance(last, Tick) and last.says == "unknown":
                after = run.watch
                assert (after.state, after.held) == (before.state, before.held)
                count += before.state in OPEN
    assert count > 500


def test_the_wall_clock_only_stamps() -> None:
    """Without a restart a clock that jumps about changes no state, and nothing that happens."""
    for number in range(1000):
        calm, wild = (Run(SEED + number, ALL - {"restart", "clock"}) for _ in range(2))
        for _ in range(30):
            calm.act()
            wild.astray = int(1e11 * math.sin(wild.mono))
            wild.act()
            assert calm.seen()[:3] == wild.seen()[:3]


def test_no_two_alerts_have_one_id() -> None:
    """Whatever the clock, and across restarts; and none ends before it began."""
    for run, length in runs(1000):
        known: dict[str, Alert] = {}
        last = None
        for _ in range(length):
            run.act()
            alert = run.watch.alert
            if alert is None:
                continue
            if last is None or alert.log[0] != last.log[0]:
                assert alert.id not in known
            known[alert.id] = last = alert
            assert alert.resolved_at is None or alert.resolved_at >= alert.fired_at
