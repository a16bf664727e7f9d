"""Driving a proof: sample by sample, against a target of ours."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from builders import chance, sample
from fakes import ManualClock
from monitor.core.errors import InvalidInputError, SourceError, UnknownError
from monitor.core.ledger import LedgerRow
from monitor.core.proof import Phase, ProofState
from monitor.core.verdict import Verdict
from monitor.engine.proof import Prover


class Target:
    """Two switches; `cache` makes everything a fifth better. `refusal` is what it answers instead."""

    def __init__(self) -> None:
        self.switches = {"cache": True, "pool": False}
        self.asked: list[tuple[str, bool]] = []
        self.refusal = ""
        self.deaf = False

    def switch(self, name: str, *, enabled: bool) -> None:
        self.asked.append((name, enabled))
        if self.refusal:
            raise SourceError(self.refusal)
        if not self.deaf:
            self.switches = self.switches | {name: enabled}


class Bench:
    """A prover that is given a sample a second."""

    def __init__(self, **options: Any) -> None:
        self.target = Target()
        self.clock = ManualClock()
        self.rows: list[LedgerRow] = []
        self.noise = chance(2)
        options = {"switchboard": self.target, "interval": 1.0, "warm_up": 2, "keep": self.rows.append} | options
        self.prover = Prover(**options, chance=chance(1))
        self.prover.start()

    def run(self, seconds: int, **changes: Any) -> ProofState | None:
        state = None
        for _ in range(seconds):
            self.settle()
            self.clock.advance(1.0)
            level = (1.2 if self.target.switches["cache"] else 1.0) * self.noise.gauss(1.0, 0.01)
            values = {"throughput_ops_sec": 200 * level, "latency_ms": 10 / level, "memory_mb": 50 / level}
            seen = sample(values, clock=self.clock, switches=self.target.switches)
            state = self.prover.observe(replace(seen, **({"started_at": 5.0} | changes)))
        return state

    def until(self, phase: Phase) -> ProofState:
        for _ in range(2000):
            state = self.run(1)
            if state is not None and state.phase is phase:
                self.settle()
                return state
        pytest.fail("it never came to that")

    def settle(self) -> None:
        """Give the background the time that it needs."""
        end = time.monotonic() + 10
        done = threading.Event()
        self.prover._background.do(done.set)
        assert done.wait(end - time.monotonic())


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(**options: Any) -> Bench:
        made.append(Bench(**options))
        return made[-1]

    yield make
    for one in made:
        one.prover.close()


def test_a_proof_finds_what_the_optimisation_is_worth(bench: Callable[..., Bench]) -> None:
    """It switches by its plan, puts back what was, and leaves a row in the ledger."""
    made = bench()
    made.run(3)
    begun = made.prover.begin("cache", 6, 10)
    assert begun.phase is Phase.RUNNING
    state = made.until(Phase.FINISHED)
    plan = state.plan
    assert [on for _, on in made.target.asked] == [*(plan.on(half) for half in range(12)), True]
    assert made.target.switches == {"cache": True, "pool": False}
    assert state.result is not None
    assert state.result.overall.verdict is Verdict.BETTER
    found = {one.metric: one for one in state.result.metrics}
    assert found["throughput_ops_sec"].gain is not None
    assert found["throughput_ops_sec"].gain.percent == pytest.approx(20.0, abs=1.5)
    assert found["cpu_utilization"].gain is None
    [row] = made.rows
    assert (row.change, row.verdict) == ("proof: cache on against off, 6 pairs", Verdict.BETTER)
    assert made.run(3) == state


def test_its_progress_is_in_every_state(bench: Callable[..., Bench]) -> None:
    """Which half, and how many seconds of it are left; none while the switch is being turned."""
    made = bench()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    seen = [made.run(1) for _ in range(25)]
    assert [(state.half, state.left) for state in seen if state is not None][:13] == [
        (0, 10), (0, 9), (0, 8), (0, 7), (0, 6), (0, 5), (0, 4), (0, 3), (0, 2), (0, 1), (1, None), (1, 10), (1, 9)
    ]  # fmt: skip


def test_a_cancelled_proof_puts_the_switch_back(bench: Callable[..., Bench]) -> None:
    """At once, without a row; there is nothing more to cancel, and another may begin."""
    made = bench()
    made.run(1)
    with pytest.raises(UnknownError):
        made.prover.cancel()
    made.prover.begin("pool", 4, 10)
    while not made.target.switches["pool"]:
        made.run(1)
    with pytest.raises(InvalidInputError, match="under way"):
        made.prover.begin("cache", 4, 10)
    assert made.prover.cancel().phase is Phase.CANCELLED
    made.settle()
    assert made.target.switches["pool"] is False
    with pytest.raises(UnknownError):
        made.prover.cancel()
    assert made.rows == []
    made.prover.begin("cache", 4, 10)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answered": False, "switches": {}}, "The target went down."),
        ({"started_at": 99.0}, "The target restarted."),
        ({"switches": {"cache": None}}, "cache did not stay"),
    ],
)
def test_trouble_ends_it_in_words(bench: Callable[..., Bench], changes: dict[str, Any], reason: str) -> None:
    """The target down, another process, somebody else's hand on the switch; it is put back whatever it was."""
    made = bench()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    made.run(15)
    state = made.run(1, **changes)
    assert state is not None
    assert state.phase is Phase.FAILED
    assert state.reason.startswith(reason)
    made.settle()
    assert made.target.switches["cache"] is True
    assert made.rows == []


def test_a_switch_that_fails_ends_it_and_is_put_back_later(bench: Callable[..., Bench]) -> None:
    """When the target takes orders again."""
    made = bench()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while made.target.switches["cache"]:
        made.run(1)
    made.target.refusal = "the target answered HTTP 503"
    state = made.until(Phase.FAILED)
    assert state.reason == (
        "cache could not be turned on: the target answered HTTP 503. "
        "cache is not back on yet: the target answered HTTP 503."
    )
    made.target.refusal = ""
    paid = made.run(20)
    assert made.target.switches["cache"] is True
    assert paid is not None
    assert paid.reason == "cache could not be turned on: the target answered HTTP 503."
    asked = len(made.target.asked)
    made.target.switches = {"cache": False, "pool": False}
    made.run(40)
    assert len(made.target.asked) == asked


def test_a_target_that_only_says_yes_ends_it(bench: Callable[..., Bench]) -> None:
    """What its samples show is what counts."""
    made = bench()
    made.run(1)
    made.target.deaf = True
    made.prover.begin("cache", 4, 10)
    state = made.until(Phase.FAILED)
    assert state.reason == "The target did not turn cache off."


def test_closing_puts_the_switch_back(bench: Callable[..., Bench]) -> None:
    """And is idempotent."""
    made = bench()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while made.target.switches["cache"]:
        made.run(1)
    made.prover.close()
    made.prover.close()
    assert made.target.switches["cache"] is True
    state = made.prover.state()
    assert state is not None
    assert state.phase is Phase.CANCELLED


def test_what_the_target_does_not_offer_is_refused(bench: Callable[..., Bench]) -> None:
    """By name, or altogether: before the first sample, without a switchboard, while it is down."""
    made = bench()
    with pytest.raises(InvalidInputError, match="no switches"):
        made.prover.begin("cache", 4, 10)
    made.run(1)
    with pytest.raises(InvalidInputError, match="it offers cache, pool"):
        made.prover.begin("turbo", 4, 10)
    made.run(1, answered=False)
    with pytest.raises(InvalidInputError, match="no switches"):
        made.prover.begin("cache", 4, 10)
    alone = bench(switchboard=None)
    alone.run(1)
    with pytest.raises(InvalidInputError, match="no switches"):
        alone.prover.begin("cache", 4, 10)


def test_a_pair_in_which_something_else_was_switched_is_left_out(bench: Callable[..., Bench]) -> None:
    """Another optimisation that is turned in the middle of a half, or between the halves of a pair."""
    made = bench()
    made.run(1)
    made.prover.begin("cache", 6, 10)
    made.run(5)
    made.target.switches = made.target.switches | {"pool": True}
    state = made.until(Phase.FINISHED)
    assert state.result is not None
    [pairs] = {one.estimate.effective for one in state.result.metrics if one.estimate is not None}
    assert pairs == 5
