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
    made = Plan("cache", 40, 10, (True, False) * 4)
    result = measure(made, 1, helps, lost=lambda at: at < 3 * 80)
    assert all(one.estimate is not None and one.estimate.effective == 5 for one in result.metrics)
    # Two fifths of the seconds that count are too few, three fifths are enough.
    sparse = measure(made, 1, helps, lost=lambda at: at < 80 and at % 5 in {0, 2, 4})
    assert all(one.estimate is not None and one.estimate.effective == 7 for one in sparse.metrics)
    enough = measure(made, 1, helps, lost=lambda at: at < 80 and at % 5 in {0, 2})
    assert all(one.estimate is not None and one.estimate.effective == 8 for one in enough.metrics)
    short = measure(made, 1, helps, lost=lambda at: at < 5 * 80)
    for one in short.metrics:
        assert (one.gain, one.verdict) == (None, Verdict.NOT_ENOUGH_DATA)
        assert one.reason == "only 3 of 8 pairs were measured well and undisturbed; 4 are needed"
    assert (short.overall.verdict, short.overall.gain) == (Verdict.NOT_ENOUGH_DATA, None)


def test_nothing_measured_and_nothing_moving_are_no_trouble() -> None:
    """No figure without a mean above 0; one that never moves is no difference."""
    made = plan(4)
    empty = prove(made, [Half() for _ in range(8)], 1.0)
    assert empty.overall.gain is None
    assert {(one.verdict, one.reason) for one in empty.metrics} == {(Verdict.NOT_COMPARABLE, "was not measured")}
    halves = [Half() for _ in range(8)]
    for half in halves:
        for _ in range(30):
            half.add({"memory_mb": 40.0, "cpu_utilization": 0.0})
    found = {one.metric: one for one in prove(made, halves, 1.0).metrics}
    assert found["memory_mb"].verdict is Verdict.NO_DIFFERENCE
    assert found["cpu_utilization"].gain is None
    assert found["cpu_utilization"].reason == "was 0 throughout; there is nothing to compare in percent with"


def test_what_never_moves_is_not_known_without_end() -> None:
    """Two constants a fifth apart are a fifth apart, give or take what a second is known by."""
    halves = [Half() for _ in range(8)]
    made = plan(4)
    for number, half in enumerate(halves):
        for _ in range(30):
            half.add({"memory_mb": 40.0 if made.on(number) else 50.0})
    [memory] = [one for one in prove(made, halves, 1.0).metrics if one.metric == "memory_mb"]
    assert memory.estimate is not None
    # t(0.995, 3) x 1 % x sqrt(1/120 + 1/120)
    assert memory.estimate.half_width == pytest.approx(5.8409 * 0.01 * (2 / 120) ** 0.5, rel=1e-4)
    assert memory.verdict is Verdict.BETTER


def test_figures_that_were_zero_now_and_then_say_so() -> None:
    """Not that they were measured badly."""
    made, halves = plan(8), []
    for number in range(16):
        halves.append(Half())
        for _ in range(30):
            halves[-1].add({"cpu_utilization": 0.0 if number < 10 else 20.0})
    [cpu] = [one for one in prove(made, halves, 1.0).metrics if one.metric == "cpu_utilization"]
    assert cpu.reason == "was 0 in 5 of 8 pairs; there is nothing to compare in percent with"


def test_of_either_order_two_are_needed() -> None:
    """One pair alone cannot tell a drift from the effect."""
    made = Plan("cache", 40, 10, (True, True, True, True, False, False, False, False))
    result = measure(made, 1, helps, lost=lambda at: at >= 5 * 80)
    for one in result.metrics:
        assert (one.gain, one.verdict) == (None, Verdict.NOT_ENOUGH_DATA)
        assert one.reason == (
            "only 5 of 8 pairs were measured well and undisturbed, 4 of them on first; "
            "2 of either order are needed"
        )


def drifting(on_first: tuple[bool, ...], kept: frozenset[int], seed: int) -> Verdict:
    """Let memory grow by 6 % of its first value a half, whatever is on, and lose the pairs that are not kept."""
    noise = np.random.default_rng(seed)
    made, halves = Plan("cache", 40, 10, on_first), []
    for number in range(made.halves):
        halves.append(Half())
        halves[-1].spoilt = number // 2 not in kept
        for second in range(10, 40):
            level = 1 + 0.0015 * (40 * number + second)
            halves[-1].add({"memory_mb": 100.0 * level * (1 + 0.002 * float(noise.normal()))})
    [memory] = [one for one in prove(made, halves, 1.0).metrics if one.metric == "memory_mb"]
    return memory.verdict


@pytest.mark.parametrize(("pairs", "kept"), [(8, 4), (8, 5), (8, 7), (5, 5), (7, 7)])
def test_a_drift_takes_no_side_whichever_pairs_are_lost(pairs: int, kept: int) -> None:
    """Half of the pairs, or one: a false verdict once in a hundred at the most, as without a loss."""
    false = 0
    for seed in range(300):
        order = chance(seed)
        rest = frozenset(order.sample(range(pairs), kept))
        found = drifting(Plan.draw("cache", pairs, 40, 5, order).on_first, rest, seed)
        false += found in {Verdict.BETTER, Verdict.WORSE}
    assert false <= 6


def served(on: bool, noise: np.random.Generator, **values: float) -> dict[str, float]:
    """Everything a fifth better while it is on."""
    level = (1.2 if on else 1.0) * (1 + 0.01 * float(noise.normal()))
    return {"throughput_ops_sec": 200 * level, "latency_ms": 10 / level, "memory_mb": 50 / level, **values}


def serve(values: Callable[[bool, np.random.Generator], dict[str, float]], pairs: int = 8) -> Result:
    noise, made, halves = np.random.default_rng(3), plan(pairs), []
    for number in range(made.halves):
        halves.append(Half())
        for _ in range(30):
            halves[-1].add(values(made.on(number), noise))
    return prove(made, halves, 1.0)


@pytest.mark.parametrize("pairs", [4, 8])
def test_more_errors_are_a_veto(pairs: int) -> None:
    """Whatever else got better; as many as before are none."""
    result = serve(lambda on, noise: served(on, noise, error_rate=60.0 if on else 0.0), pairs)
    assert result.errors is not None
    assert result.errors.verdict is Verdict.WORSE
    assert result.errors.low < -60.0 < result.errors.high < 0.0
    assert (result.errors.before.percent, result.errors.now.percent) == (0.0, pytest.approx(60.0))
    assert result.errors.now.operations == pytest.approx(pairs * 30 * 240, rel=0.01)
    assert result.overall.verdict is Verdict.WORSE
    same = serve(lambda on, noise: served(on, noise, error_rate=2.0), pairs)
    assert same.errors is not None
    assert same.errors.verdict is Verdict.NOT_ENOUGH_DATA
    assert same.overall.verdict is Verdict.BETTER
    fewer = serve(lambda on, noise: served(on, noise, error_rate=0.0 if on else 5.0), pairs)
    assert fewer.errors is not None
    assert fewer.errors.verdict is Verdict.BETTER
    assert serve(served).errors is None


def test_a_few_errors_are_chance() -> None:
    """One in each half with it on, none with it off: ever so regular, and still four counts."""

    def rare(on: bool, noise: np.random.Generator) -> dict[str, float]:
        return {"throughput_ops_sec": 100.0, "error_rate": 1.0 / 30 if on else 0.0}

    result = serve(rare, 4)
    assert result.errors is not None
    assert result.errors.now.errors == pytest.approx(4.0)
    assert result.errors.verdict is Verdict.NOT_ENOUGH_DATA


@pytest.mark.parametrize("bursts", [False, True])
def test_errors_that_are_alike_are_not_called_more_or_fewer(bursts: bool) -> None:
    """Scattered over all seconds, or 20 at once now and then."""
    noise, false = np.random.default_rng(7), 0
    for seed in range(300):
        made, halves = plan(seed=seed), []
        for _ in range(16):
            halves.append(Half())
            for _ in range(30):
                errors = 20 * (noise.random() < 0.05) if bursts else noise.binomial(100, 0.01)
                halves[-1].add({"throughput_ops_sec": 100.0, "error_rate": float(errors)})
        found = prove(made, halves, 1.0).errors
        assert found is not None
        false += found.verdict is not Verdict.NOT_ENOUGH_DATA
    assert false <= 8


def test_a_service_that_did_all_that_was_asked_for_has_no_throughput_to_compare() -> None:
    """Half of the samples at its limit, on or off, make it one that can do more or less."""
    cases = [
        ({"offered_ops_sec": 100.0}, 0.0, True),
        ({"offered_ops_sec": 1000.0}, 20.0, False),
        ({}, 20.0, True),
        ({}, 90.0, False),
    ]
    for more, cpu, bound in cases:

        def values(
            on: bool, noise: np.random.Generator, more: dict[str, float] = more, cpu: float = cpu
        ) -> dict[str, float]:
            return served(on, noise, cpu_utilization=cpu + 0.1, **more)

        [throughput] = [one for one in serve(values).metrics if one.metric == "throughput_ops_sec"]
        assert throughput.gain is not None
        assert (throughput.verdict is Verdict.NOT_COMPARABLE) is bound
        assert throughput.reason.startswith("demand-bound") is bound
    # With it off all of it cannot be done, with it on it can.
    helped = serve(lambda on, noise: served(on, noise, offered_ops_sec=240.0))
    assert helped.metrics[0].verdict is Verdict.BETTER
    idle = serve(
        lambda on, noise: {
            "throughput_ops_sec": 100.0,
            "latency_ms": 8.0 if on else 10.0,
            "memory_mb": 50.0,
            "offered_ops_sec": 100.0,
        }
    )
    assert (idle.overall.parts, idle.overall.verdict) == (2, Verdict.BETTER)


def test_a_proof_that_is_over_is_a_row_of_the_ledger() -> None:
    """That can be kept and read back; also one that came to no figure."""
    made = plan()
    result = measure(made, 1, helps)
    over = ProofState(made, 1_700_000_000_000, Phase.FINISHED, half=15, seconds=655, result=result)
    row = LedgerRow.proven(over)
    assert row.change == "proof: cache on against off, 8 pairs"
    assert (row.baseline, row.verdict, row.seconds) == ("off", Verdict.BETTER, 655)
    assert LedgerRow.read(row.document()).document() == row.document()
    early = LedgerRow.proven(ProofState(made, 1_700_000_000_000, Phase.CANCELLED, half=5, seconds=220))
    assert early.change == "proof: cache on against off, cancelled after 2 of 8 pairs"
    assert (early.verdict, early.percent, early.seconds) == (Verdict.NOT_ENOUGH_DATA, None, 220)
    lost = LedgerRow.proven(ProofState(made, 1_700_000_000_000, Phase.FAILED))
    assert (lost.change, lost.seconds) == ("proof: cache on against off, the monitor stopped meanwhile", 0)
