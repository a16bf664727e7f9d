"""Driving a proof: sample by sample, against a target of ours."""

from collections.abc import Callable
from typing import Any

import pytest

from monitor.core.errors import InvalidInputError, UnknownError
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
    with pytest.raises(InvalidInputError, match="under way"):
        made.prover.begin("cache", 4, 10)
    assert made.prover.cancel().phase is Phase.CANCELLED
    made.settle()
    assert made.target.switches["pool"] is False
    with pytest.raises(UnknownError):
        made.prover.cancel()
    [row] = made.rows
    assert row.change == "proof: pool on against off, cancelled after 0 of 4 pairs"
    assert (row.verdict, row.percent) == (Verdict.NOT_ENOUGH_DATA, None)
    made.prover.begin("cache", 4, 10)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"answered": False, "switches": {}}, "The target went down."),
        ({"started_at": 99.0}, "The target restarted."),
        ({"switches": {"cache": None}}, "cache did not stay"),
    ],
)
def test_trouble_ends_it_in_words(
    proving: Callable[..., ProverBench], changes: dict[str, Any], reason: str
) -> None:
    """The target down, another process, somebody else's hand on the switch; it is put back whatever it was."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    made.run(15)
    state = made.run(1, **changes)
    assert state is not None
    assert state.phase is Phase.FAILED
    assert state.reason.startswith(reason)
    made.settle()
    assert made.target.switches["cache"] is True
    [row] = made.rows
    assert row.change == "proof: cache on against off, failed after 0 of 4 pairs"
    assert row.seconds == 16


def test_a_switch_that_fails_ends_it_and_is_put_back_later(proving: Callable[..., ProverBench]) -> None:
    """When the target takes orders again."""
    made = proving()
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


def test_a_target_that_only_says_yes_ends_it(proving: Callable[..., ProverBench]) -> None:
    """What its samples show is what counts."""
    made = proving()
    made.run(1)
    made.target.deaf = True
    made.prover.begin("cache", 4, 10)
    state = made.until(Phase.FAILED)
    assert state.reason == "The target did not turn cache off."


def test_closing_puts_the_switch_back(proving: Callable[..., ProverBench]) -> None:
    """And is idempotent."""
    made = proving()
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
