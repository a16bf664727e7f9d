"""A randomised on/off test: its plan, and what its pairs say."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from benchmarks.stats.proofs import ProofTrial
from benchmarks.stats.worlds import autoregression
from builders import chance
from monitor.core.baseline import COMPARED
from monitor.core.ledger import LedgerRow
from monitor.core.proof import Half, Phase, Plan, ProofState, Result, prove
from monitor.core.verdict import Verdict

Level = Callable[[str, bool, int], float]


def plan(pairs: int = 8, seed: int = 1) -> Plan:
    return Plan.draw("cache", pairs, 40, 5, chance(seed))


def measure(made: Plan, seed: int, level: Level, phi: float = 0.7, lost: Callable[[int], bool] = bool) -> Result:
    """Let it run at a service with noise of 5 % whose seconds resemble their neighbours by `phi`.

    `level` is the mean by metric, on, and second; a second that is `lost` is not measured.
    """
    noise = np.random.default_rng(seed)
    state = noise.normal(size=len(COMPARED))
    halves = []
    for number in range(made.halves):
        halves.append(Half())
        for second in range(made.half_seconds):
            state = phi * state + np.sqrt(1 - phi**2) * noise.normal(size=len(COMPARED))
            at = number * made.half_seconds + second
            if second >= made.settle_seconds and not (lost is not bool and lost(at)):
                values = {
                    metric: level(metric, made.on(number), at) * (1 + 0.05 * float(one))
                    for metric, one in zip(COMPARED, state, strict=True)
                }
                halves[-1].add(values)
    return prove(made, halves, 1.0)


def flat(metric: str, on: bool, at: int) -> float:
    return 100.0


def helps(metric: str, on: bool, at: int) -> float:
    """Ten percent better while it is on."""
    return 100.0 if not on else 110.0 if metric == "throughput_ops_sec" else 90.0


def drifts(metric: str, on: bool, at: int) -> float:
    """Half as much again by the end, whatever is on."""
    return 100.0 + 50.0 * at / 640


def verdicts(runs: int, level: Level) -> Iterator[Verdict]:
    for seed in range(runs):
        for one in measure(plan(seed=seed), seed, level).metrics:
            yield one.verdict


@pytest.mark.parametrize("level", [flat, drifts])
def test_what_does_nothing_is_not_called_better(level: Level) -> None:
    """In 2 of 100 figures at the most, of 200 runs of four metrics, also while everything drifts by half."""
    found = list(verdicts(200, level))
    assert len(found) == 800
    assert found.count(Verdict.BETTER) <= 16
    assert found.count(Verdict.WORSE) <= 16


def test_what_helps_is_found_with_its_sign() -> None:
    """Ten percent, up or down as is good for the metric; each interval holds it nearly always."""
    found = list(verdicts(50, helps))
    assert found.count(Verdict.BETTER) >= 195
    assert Verdict.WORSE not in found
    result = measure(plan(), 1, helps)
    assert result.overall.verdict is Verdict.BETTER
    for one in result.metrics:
        assert one.gain is not None
        assert one.gain.low < 10.0 < one.gain.high
        assert one.before == pytest.approx(100.0, rel=0.03)
    inside = [
        one.gain is not None and one.gain.low < 10.0 < one.gain.high
        for seed in range(50)
        for one in measure(plan(seed=seed), seed, helps).metrics
    ]
    assert sum(inside) >= 0.95 * len(inside)


def test_a_proof_is_right_as_often_as_it_says() -> None:
    """Any of four figures wrong in 5 % of runs; 5 % better found three times of four, 10 % nearly always."""
    null, five, ten = (ProofTrial(change).run(autoregression(0.7), 60, seed=4) for change in (0.0, 0.05, 0.1))
    assert sum(bool({Verdict.BETTER, Verdict.WORSE} & set(run)) for run in null) <= 0.05 * 60 + 2
    assert sum(run.count(Verdict.BETTER) for run in five) >= 0.7 * 240
    assert sum(run.count(Verdict.BETTER) for run in ten) >= 0.95 * 240


def test_a_drift_takes_no_side() -> None:
    """Half of the pairs begin with on, whatever chance does with the rest."""
    for seed in range(50):
        for pairs in (4, 8, 20):
            assert sum(plan(pairs, seed).on_first) == pairs // 2
        assert sum(plan(5, seed).on_first) in {2, 3}
    assert len({plan(8, seed).on_first for seed in range(50)}) > 20
    made = plan()
    assert [made.on(half) for half in range(made.halves)].count(True) == made.pairs
    assert all(made.on(half) is not made.on(half + 1) for half in range(0, made.halves, 2))


@pytest.mark.parametrize(
    ("half", "warm_up", "settle"), [(40, 5, 10), (40, 15, 15), (40, 30, 20), (10, 5, 5), (10, 0, 3)]
)
def test_the_first_part_of_a_half_does_not_count(half: int, warm_up: int, settle: int) -> None:
    """A quarter, the warm-up where that is longer, and half of it at the most."""
    assert Plan.draw("cache", 4, half, warm_up, chance(1)).settle_seconds == settle


def test_pairs_that_were_hardly_measured_are_left_out() -> None:
    """They are counted; with fewer than four there is no figure, and words say so."""
    made = plan()
    result = measure(made, 1, helps, lost=lambda at: at < 3 * 80)
    assert all(one.estimate is not None and one.estimate.effective == 5 for one in result.metrics)
    short = measure(made, 1, helps, lost=lambda at: at < 5 * 80)
    for one in short.metrics:
        assert (one.gain, one.verdict) == (None, Verdict.NOT_ENOUGH_DATA)
        assert one.reason == "only 3 of 8 pairs were measured well and undisturbed; 4 are needed"
    assert (short.overall.verdict, short.overall.gain) == (Verdict.NOT_ENOUGH_DATA, None)


def test_nothing_measured_and_nothing_moving_are_no_trouble() -> None:
    """No figure without a mean above 0; one that never moves is no difference."""
    made = plan(4)
    assert prove(made, [Half() for _ in range(8)], 1.0).overall.gain is None
    halves = [Half() for _ in range(8)]
    for half in halves:
        for _ in range(30):
            half.add({"memory_mb": 40.0, "cpu_utilization": 0.0})
    found = {one.metric: one for one in prove(made, halves, 1.0).metrics}
    assert found["memory_mb"].verdict is Verdict.NO_DIFFERENCE
    assert found["cpu_utilization"].gain is None


def test_a_finished_proof_is_a_row_of_the_ledger() -> None:
    """That can be kept and read back."""
    made = plan()
    result = measure(made, 1, helps)
    row = LedgerRow.proven(ProofState(made, 1_700_000_000_000, Phase.FINISHED, result=result), result)
    assert row.change == "proof: cache on against off, 8 pairs"
    assert (row.baseline, row.verdict, row.seconds) == ("off", Verdict.BETTER, 640)
    assert LedgerRow.read(row.document()) == row
