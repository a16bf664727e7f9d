"""Driving a proof: sample by sample, against a target of ours."""

from collections.abc import Callable
from typing import Any

import pytest

from monitor.core.errors import ConflictError, InvalidInputError, UnknownError
from monitor.core.proof import Phase
from monitor.core.verdict import Verdict
from prover_bench import ProverBench


def test_a_proof_finds_what_the_optimisation_is_worth(proving: Callable[..., ProverBench]) -> None:
    """It switches by its plan, puts back what was, and leaves a row in the ledger."""
    made = proving()
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


def test_its_progress_is_in_every_state(proving: Callable[..., ProverBench]) -> None:
    """Which half, and how many seconds of it are left; none while the switch is being turned."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    seen = [made.run(1) for _ in range(25)]
    assert [(state.half, state.left) for state in seen if state is not None][:13] == [
        (0, 10), (0, 9), (0, 8), (0, 7), (0, 6), (0, 5), (0, 4), (0, 3), (0, 2), (0, 1), (1, None), (1, 10), (1, 9)
    ]  # fmt: skip


def test_a_cancelled_proof_puts_the_switch_back(proving: Callable[..., ProverBench]) -> None:
    """At once; there is nothing more to cancel, the ledger says how far it came, and another may begin."""
    made = proving()
    made.run(1)
    with pytest.raises(UnknownError):
        made.prover.cancel()
    made.prover.begin("pool", 4, 10)
    while not made.target.switches["pool"]:
        made.run(1)
    with pytest.raises(ConflictError, match="under way"):
        made.prover.begin("cache", 4, 10)
    assert made.prover.cancel().phase is Phase.CANCELLED
    with pytest.raises(ConflictError, match="pool is not seen back off yet"):
        made.prover.begin("cache", 4, 10)
    made.settle()
    assert made.target.switches["pool"] is False
    with pytest.raises(UnknownError):
        made.prover.cancel()
    [row] = made.rows
    assert row.change == "proof: pool on against off, cancelled after 0 of 4 pairs"
    assert (row.verdict, row.percent) == (Verdict.NOT_ENOUGH_DATA, None)
    made.run(1)
    made.prover.begin("cache", 4, 10)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answered": False, "switches": {}}, "The target went down."),
        ({"switches": {"cache": False}}, "cache did not stay on."),
        ({"switches": {"cache": True}}, "cache did not stay off."),
    ],
)
def test_trouble_ends_it_in_words(
    proving: Callable[..., ProverBench], changes: dict[str, Any], reason: str
) -> None:
    """The target down for good, somebody else's hand on the switch; it is put back whatever it was."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    state = made.run(1)
    while state is not None and state.phase is Phase.RUNNING:
        on = made.target.switches["cache"]
        state = made.run(1, **({} if changes["switches"] == {"cache": on} else changes))
    assert state is not None
    assert state.phase is Phase.FAILED
    assert state.reason.startswith(reason)
    made.settle()
    assert made.target.switches["cache"] is True
    [row] = made.rows
    assert row.change.startswith("proof: cache on against off, failed after ")
    assert row.seconds == state.seconds


def test_a_target_that_only_says_yes_ends_it(proving: Callable[..., ProverBench]) -> None:
    """What its samples show is what counts."""
    made = proving()
    made.run(1)
    made.target.deaf = True
    made.prover.begin("cache", 4, 10)
    state = made.until(Phase.FAILED)
    assert state.reason == "The target did not turn cache off."


def test_what_the_target_does_not_offer_is_refused(proving: Callable[..., ProverBench]) -> None:
    """By name, or altogether: before the first sample, without a switchboard, while it is down."""
    made = proving()
    with pytest.raises(InvalidInputError, match="no switches"):
        made.prover.begin("cache", 4, 10)
    made.run(1)
    with pytest.raises(InvalidInputError, match="it offers cache, pool"):
        made.prover.begin("turbo", 4, 10)
    made.run(1, answered=False)
    with pytest.raises(InvalidInputError, match="no switches"):
        made.prover.begin("cache", 4, 10)
    alone = proving(switchboard=None)
    alone.run(1)
    with pytest.raises(InvalidInputError, match="no switches"):
        alone.prover.begin("cache", 4, 10)


def test_a_pair_in_which_something_else_was_switched_is_left_out(proving: Callable[..., ProverBench]) -> None:
    """Another optimisation that is turned in the middle of a half, or between the halves of a pair."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 6, 10)
    made.run(5)
    made.target.switches = made.target.switches | {"pool": True}
    state = made.until(Phase.FINISHED)
    assert state.result is not None
    [pairs] = {one.estimate.effective for one in state.result.metrics if one.estimate is not None}
    assert pairs == 5


def test_a_sample_that_is_late_is_a_missing_one(proving: Callable[..., ProverBench]) -> None:
    """Single ones, and fifteen seconds of them; the half that is under way waits for the target."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 6, 20)
    silent = {"answered": False, "switches": {}, "values": {"latency_ms": 900.0}, "started_at": None}
    for pause in (1, 1, 15):
        made.run(7)
        state = made.run(pause, **silent)
        assert state is not None
        assert state.phase is Phase.RUNNING
    state = made.until(Phase.FINISHED)
    assert state.result is not None
    found = {one.metric: one for one in state.result.metrics}
    assert found["latency_ms"].now == pytest.approx(10 / 1.2, rel=0.01)
    assert found["latency_ms"].estimate is not None
    assert found["latency_ms"].estimate.effective >= 5


@pytest.mark.parametrize(("half", "most"), [(10, 15), (120, 30)])
def test_a_target_that_stays_silent_went_down(proving: Callable[..., ProverBench], half: int, most: int) -> None:
    """After 15 s, or a quarter of a half where that is longer."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, half)
    made.run(5)
    state = made.run(1 + most, answered=False, switches={})
    assert state is not None
    assert state.phase is Phase.RUNNING
    state = made.run(1, answered=False, switches={})
    assert state is not None
    assert (state.phase, state.reason.split(" cache")[0]) == (Phase.FAILED, "The target went down.")


@pytest.mark.parametrize(("interval", "half"), [(10.0, 40), (20.0, 60), (60.0, 300)])
def test_any_interval_will_do(proving: Callable[..., ProverBench], interval: float, half: int) -> None:
    """The switch may take two samples; how long all of it took is what the outcome and the ledger say."""
    made = proving(interval=interval)
    made.run(1)
    begin = made.clock.monotonic()
    made.prover.begin("cache", 4, half)
    state = made.until(Phase.FINISHED)
    assert state.result is not None
    assert state.result.metrics[0].verdict is Verdict.BETTER
    assert state.seconds == made.clock.monotonic() - begin > 8 * half
    made.settle()
    assert [row.seconds for row in made.rows] == [state.seconds]


def test_a_pause_of_the_samples_is_no_fault_of_the_target(proving: Callable[..., ProverBench]) -> None:
    """It did turn its switch."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    made.settle()
    made.clock.advance(20)
    state = made.run(1)
    assert state is not None
    assert (state.phase, state.left) == (Phase.RUNNING, 10)


def test_a_gauge_that_is_missing_once_is_not_a_switch(proving: Callable[..., ProverBench]) -> None:
    """Another optimisation's: what it was before and after counts."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    made.run(6)
    made.run(1, switches={"cache": made.target.switches["cache"]})
    state = made.until(Phase.FINISHED)
    assert state.result is not None
    assert state.result.metrics[0].verdict is Verdict.BETTER


def test_a_switch_between_the_halves_of_a_pair_leaves_it_out(proving: Callable[..., ProverBench]) -> None:
    """Between two pairs it does no harm."""
    for half, pairs in ((3, 5), (4, 6)):
        made = proving()
        made.run(1)
        made.prover.begin("cache", 6, 10)
        state = made.run(1)
        while state is not None and (state.half, state.left) != (half, None):
            state = made.run(1)
        made.target.switches = made.target.switches | {"pool": True}
        # The sample that sees it comes before the switch of the proof is seen to be turned.
        made.settle()
        made.target.switches = made.target.switches | {"cache": not made.target.switches["cache"]}
        made.run(1)
        made.target.switches = made.target.switches | {"cache": not made.target.switches["cache"]}
        state = made.until(Phase.FINISHED)
        assert state.result is not None
        assert {one.estimate.effective for one in state.result.metrics if one.estimate is not None} == {pairs}


def test_what_comes_first_in_a_half_does_not_count(proving: Callable[..., ProverBench]) -> None:
    """A service that stumbles over each switch is compared by what it does after that."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 6, 20)
    state = made.run(1)
    assert state is not None
    while state is not None and state.phase is Phase.RUNNING:
        stumbles = state.left is None or state.left > 20 - state.plan.settle_seconds
        state = made.run(1, **({"values": {"latency_ms": 900.0}} if stumbles else {}))
    assert state is not None
    assert state.result is not None
    [latency] = [one for one in state.result.metrics if one.metric == "latency_ms"]
    assert latency.before == pytest.approx(10.0, rel=0.02)


def test_a_half_ends_with_the_sample_that_is_nearest_to_its_end(proving: Callable[..., ProverBench]) -> None:
    """Samples come when they come; one that is half an interval early ends it."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    made.interval = 0.96
    states = [made.run(1) for _ in range(14)]
    assert [state is not None and (state.half, state.left) == (1, None) for state in states].index(True) == 10


def test_a_target_may_take_two_samples_to_turn(proving: Callable[..., ProverBench]) -> None:
    """And no more."""
    made = proving(interval=10.0)
    made.run(1)
    made.target.deaf = True
    made.prover.begin("cache", 4, 40)
    state = made.run(2)
    assert state is not None
    assert state.phase is Phase.RUNNING
    state = made.run(1)
    assert state is not None
    assert state.reason.startswith("The target did not turn cache")
