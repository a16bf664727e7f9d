"""Impact: load, guards, directions and the overall figure."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.stats.loads import BY_LOAD, LoadTrial, told
from benchmarks.stats.service import START_MS, Service, baseline, watch
from monitor.core.baseline import freeze
from monitor.core.comparison import Estimate
from monitor.core.effectiveness import MetricImpact, effectiveness, overall
from monitor.core.errors import InvalidInputError
from monitor.core.impact import Impact
from monitor.core.metric import COLUMN
from monitor.core.verdict import Gain, Settling, Verdict, decide
from monitor.core.window import Rows

WRONG = {Verdict.BETTER, Verdict.WORSE}


def recorded(seed: int, seconds: int = 900, history: int = 2700, **service: float) -> tuple[Rows, Rows]:
    """Return an hour before a change and ten minutes after it, of a service that changes as said."""
    random = np.random.default_rng(seed)
    before = Service().rows(random, history + seconds, START_MS)
    end = int(before.timestamp[-1]) + 1000
    return before, Service(**service).rows(random, 600, end)


def test_a_fifth_less_traffic_is_no_change() -> None:
    """Latency, CPU and memory fall with the load, and no verdict says that something helped: 8 % at the most."""
    runs = LoadTrial(load=0.8).run(6, seed=1)
    assert all(told(runs, metric, WRONG) <= 1 / 6 for metric in BY_LOAD)


def test_at_two_fifths_less_nothing_can_be_compared() -> None:
    """In 95 of 100 runs at the least, and nothing is claimed in the others."""
    runs = LoadTrial(load=0.6).run(4, seed=2)
    assert all(told(runs, metric, [Verdict.NOT_COMPARABLE]) == 1.0 for metric in BY_LOAD)
    assert all(told(runs, metric, WRONG) == 0.0 for metric in BY_LOAD)


def test_half_of_the_traffic_cannot_be_compared() -> None:
    """The baseline never saw such a load, and the reason says by how much."""
    before, after = recorded(0, load=500.0)
    state, verdicts = watch(baseline(before, 900), after)
    for one in state.metrics:
        assert one.verdict is Verdict.NOT_COMPARABLE
        assert not verdicts[one.metric] & WRONG
    assert re.match(r"load 0\.[45]\d times the baseline's; \d+ % of", state.metrics[0].reason)
    assert state.overall.gain is None
    assert state.overall.verdict is Verdict.NOT_COMPARABLE


def test_less_latency_at_more_load_is_better() -> None:
    """-15 % of latency at 15 % more load: the means alone would show nothing."""
    runs = LoadTrial(load=1.15, slower=0.85).run(4, seed=3)
    assert told(runs, "latency_ms", [Verdict.BETTER]) == 1.0
    before, after = recorded(0, load=1150.0, slower=0.85)
    state, _ = watch(baseline(before, 900), after)
    latency = next(one for one in state.metrics if one.metric == "latency_ms")
    assert latency.gain is not None
    assert latency.gain.percent == pytest.approx(15.0, abs=3.0)


def test_traffic_that_was_served_in_full_is_no_throughput_gained() -> None:
    """Nobody asked for more, then or now."""
    before, after = recorded(1)
    state, _ = watch(baseline(before, 900), after)
    throughput = next(one for one in state.metrics if one.metric == "throughput_ops_sec")
    assert throughput.verdict is Verdict.NOT_COMPARABLE
    assert throughput.reason.startswith("demand-bound")


def test_errors_that_begin_are_worse_whatever_got_better() -> None:
    """A veto: nobody wants faster failures."""
    before, after = recorded(2, slower=0.7, errors=0.001)
    state, verdicts = watch(baseline(before, 900), after)
    assert Verdict.BETTER in verdicts["latency_ms"]
    assert state.errors is not None
    assert state.errors.verdict is Verdict.WORSE
    assert state.errors.points < 0
    assert state.overall.verdict is Verdict.WORSE


def test_fewer_than_65_usable_samples_are_refused_in_words() -> None:
    """Named after the field that the caller can change."""
    rows = Service().rows(np.random.default_rng(0), 64, START_MS)
    with pytest.raises(InvalidInputError, match=r"64 usable samples .* 65 are needed") as refused:
        baseline(rows, 64)
    assert refused.value.field == "seconds"


def test_a_metric_that_was_always_nothing_is_left_out_in_words() -> None:
    """No percent of 0."""
    rows = Service().rows(np.random.default_rng(0), 300, START_MS)
    rows.values[:, COLUMN["memory_mb"]] = 0.0
    rows.values[:, COLUMN["cpu_utilization"]] = np.nan
    made = baseline(rows, 300)
    assert set(made.metrics) == {"throughput_ops_sec", "latency_ms"}
    assert made.silent["memory_mb"].startswith("Memory: was 0 throughout")
    assert "0 seconds only" in made.silent["cpu_utilization"]


def test_what_comes_before_the_change_and_in_the_warm_up_does_not_count() -> None:
    """Nor does the same sample twice."""
    before, after = recorded(3)
    made = baseline(before, 300)
    impact = Impact(made, since=made.end + 10_000, text="pool 64 -> 128", warm_up=30, interval_ms=1000)
    for timestamp, row in zip(after.timestamp[:60].tolist(), after.values[:60], strict=True):
        impact.add(timestamp, row, None)
        impact.add(timestamp, row, None)
    state = impact.state(int(after.timestamp[59]))
    assert state.seconds == 20
    assert (state.text, state.warm_up) == ("pool 64 -> 128", 0)
    assert impact.state(made.end + 15_000).warm_up == 25


def test_a_young_process_has_a_provisional_memory() -> None:
    """It has not filled its caches yet."""
    before, after = recorded(4)
    made = replace(baseline(before, 300), process_age=500.0)
    impact = Impact(made, since=made.end, text="", warm_up=0, interval_ms=1000)
    started = after.timestamp[0] / 1000.0
    for timestamp, row in zip(after.timestamp.tolist(), after.values, strict=True):
        impact.add(timestamp, row, started)
        state = impact.state(timestamp)
        memory = next(one for one in state.metrics if one.metric == "memory_mb")
        young = timestamp / 1000.0 - started < 500.0
        assert memory.reason.startswith("provisional") == young


def test_a_verdict_that_settles_waits_for_nothing_else() -> None:
    """Out of "not comparable", and out of "collecting": what it lacks are ticks, no seconds of evidence."""
    before, after = recorded(4, slower=0.5)
    was = replace(baseline(before, 900), process_age=100.0)
    impact = Impact(was, since=was.end, text="", warm_up=0, interval_ms=1000)
    born = was.end / 1000.0
    said: dict[str, list[tuple[Verdict, str]]] = {"memory_mb": [], "latency_ms": []}
    for timestamp, row in zip(after.timestamp.tolist()[:300], after.values, strict=False):
        impact.add(timestamp, row, born)
        for one in impact.state(timestamp).metrics:
            if one.metric in said:
                said[one.metric].append((one.verdict, one.reason))
    memory, latency = said["memory_mb"], said["latency_ms"]
    old_enough = next(second for second, (_, reason) in enumerate(memory) if "younger" not in reason)
    assert memory[old_enough : old_enough + 4] == [(Verdict.NOT_COMPARABLE, "settling")] * 4
    assert memory[old_enough + 4][0] is not Verdict.NOT_COMPARABLE
    better = next(second for second, (verdict, _) in enumerate(latency) if verdict is Verdict.BETTER)
    assert {reason for _, reason in latency[better - 4 : better]} == {"settling"}


def test_many_seconds_that_were_not_measured_forbid_a_verdict() -> None:
    """More than a tenth."""
    before, after = recorded(5, slower=0.5)
    keep = np.arange(len(after)) % 5 != 0
    state, _ = watch(baseline(before, 900), after[keep])
    latency = next(one for one in state.metrics if one.metric == "latency_ms")
    assert latency.verdict is Verdict.NOT_COMPARABLE
    assert latency.reason == "119 of the last 599 samples lack it"


def test_no_figure_is_infinite_whatever_is_measured() -> None:
    """Zeros, huge values and gaps in turn."""
    before, after = recorded(6)
    after.values[:] = np.random.default_rng(1).choice([0.0, 1e15, np.nan, 1e-15], size=after.values.shape)
    state, _ = watch(baseline(before, 300), after)
    for one in state.metrics:
        figures = [] if one.gain is None else [one.gain.percent, one.gain.low, one.gain.high]
        assert all(map(math.isfinite, figures))


def part(metric: str, percent: float, verdict: Verdict = Verdict.BETTER) -> MetricImpact:
    """Return a metric that gained so much, give or take a tenth."""
    gain = Gain(percent, percent - 0.1, percent + 0.1)
    ratio = math.log1p(percent / 100) if metric == "throughput_ops_sec" else math.log1p(-percent / 100)
    estimate = Estimate(ratio, 0.001, 100, 30.0, 100.0, 0.01)
    return MetricImpact(metric, verdict, "", gain, 1.0, 1.0, estimate, calibrated=True)


SEED = [
    part("throughput_ops_sec", 84.2),
    part("memory_mb", 30.1),
    part("cpu_utilization", 31.3),
    part("latency_ms", 47.8),
]


def test_the_overall_figure_is_the_mean_of_the_cards() -> None:
    """84.2, 30.1, 31.3 and 47.8 give 48.4; the ratios' mean stands beside it."""
    total = overall(SEED, [], 4)
    assert total.gain is not None
    assert f"{total.gain.percent:.1f}" == "48.4"
    assert f"{total.ratio_percent:.1f}" == "64.6"
    assert (total.parts, total.possible, total.verdict) == (4, 4, Verdict.BETTER)
    assert (total.gain.low, total.gain.high) == (pytest.approx(48.25), pytest.approx(48.45))


def test_what_cannot_be_compared_drops_out_and_is_counted() -> None:
    """Three of four; of one alone there is no overall figure."""
    unknown = replace(SEED[0], verdict=Verdict.NOT_COMPARABLE)
    total = overall([unknown, *SEED[1:]], [], 4)
    assert (total.parts, total.possible) == (3, 4)
    assert total.gain is not None
    assert total.gain.percent == pytest.approx((30.1 + 31.3 + 47.8) / 3)
    assert overall([SEED[0]], [], 4).gain is None


def test_one_figure_cannot_carry_the_others() -> None:
    """+900 % counts as +100."""
    gain = effectiveness([Gain(900.0, 800.0, 1000.0), Gain(0.0, -1.0, 1.0)])
    assert gain == Gain(50.0, 49.5, 50.5)


@pytest.mark.parametrize(
    ("verdicts", "guards", "expected"),
    [
        ([Verdict.BETTER, Verdict.WORSE], [], Verdict.WORSE),
        ([Verdict.BETTER, Verdict.BETTER], [Verdict.WORSE], Verdict.WORSE),
        ([Verdict.BETTER, Verdict.NO_DIFFERENCE], [Verdict.BETTER], Verdict.BETTER),
        ([Verdict.NO_DIFFERENCE, Verdict.NO_DIFFERENCE], [], Verdict.NO_DIFFERENCE),
        ([Verdict.NO_DIFFERENCE, Verdict.NOT_ENOUGH_DATA], [], Verdict.NOT_ENOUGH_DATA),
    ],
)
def test_the_overall_verdict_is_not_read_off_the_mean(
    verdicts: list[Verdict], guards: list[Verdict], expected: Verdict
) -> None:
    """One that got worse outweighs."""
    parts = [part("latency_ms", 20.0, verdict) for verdict in verdicts]
    assert overall(parts, guards, 4).verdict is expected


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-2.9, 2.9, Verdict.NO_DIFFERENCE),
        (0.1, 2.9, Verdict.NO_DIFFERENCE),
        (0.1, 5.0, Verdict.BETTER),
        (-5.0, -0.1, Verdict.WORSE),
        (-0.1, 5.0, Verdict.NOT_ENOUGH_DATA),
    ],
)
def test_verdicts_come_in_their_order(low: float, high: float, verdict: Verdict) -> None:
    """No difference that matters comes before better and worse."""
    assert decide(Gain((low + high) / 2, low, high)) is verdict
    assert decide(None) is Verdict.COLLECTING


def test_a_verdict_is_told_when_it_has_stood_for_five_ticks() -> None:
    """And the one before stands until then."""
    settling = Settling()
    told = [settling.tick(Verdict.BETTER) for _ in range(5)]
    assert told == [Verdict.COLLECTING] * 4 + [Verdict.BETTER]
    assert settling.tick(Verdict.NOT_ENOUGH_DATA) is Verdict.BETTER
    assert [settling.tick(Verdict.BETTER) for _ in range(2)] == [Verdict.BETTER] * 2


def test_a_hole_in_the_recording_is_no_usable_time() -> None:
    """300 s with every other one missing are 150."""
    rows = Service().rows(np.random.default_rng(0), 300, START_MS)
    made = freeze(
        identity="b", name="b", note="", target="hub", rows=rows[::2], history=[], interval_ms=1000,
        started_at=START_MS / 1000, fingerprint={},
    )  # fmt: skip
    assert made.seconds == 150
    assert made.process_age == pytest.approx(149.0)


@pytest.mark.parametrize("factor", [1.05, 1.30])
def test_a_service_that_is_asked_for_more_than_it_does_shows_its_gain(factor: float) -> None:
    """Closed loop, saturated, no offered load told: the throughput is the load, and compared all the same."""

    def saturated(seed: int, level: float, start: int) -> Rows:
        random = np.random.default_rng(seed)
        rows = Service().rows(random, 900, start, offered=False)
        rows.values[:, COLUMN["throughput_ops_sec"]] = 1000.0 * level * (1.0 + 0.02 * random.normal(size=900))
        rows.values[:, COLUMN["cpu_utilization"]] = 95.0 + 0.5 * random.normal(size=900)
        return rows

    before = saturated(1, 1.0, START_MS)
    after = saturated(2, factor, int(before.timestamp[-1]) + 1000)
    state, _ = watch(baseline(before, 300), after)
    throughput = next(one for one in state.metrics if one.metric == "throughput_ops_sec")
    assert throughput.verdict is Verdict.BETTER
    assert throughput.gain is not None
    assert throughput.gain.percent == pytest.approx(100 * (factor - 1), abs=1.0)


def test_errors_that_begin_late_are_seen() -> None:
    """Looks go on for as long as the comparison does."""
    random = np.random.default_rng(6)
    before = Service(errors=0.0005).rows(random, 1200, START_MS)
    good = Service(errors=0.0005).rows(random, 700, int(before.timestamp[-1]) + 1000)
    bad = Service(errors=0.02).rows(random, 1500, int(good.timestamp[-1]) + 1000)
    state, _ = watch(baseline(before, 900), Rows.joined([good, bad]))
    assert state.errors is not None
    assert state.errors.verdict is Verdict.WORSE


def test_seconds_are_seconds_whatever_the_interval() -> None:
    """100 samples of 5 s are 500 s, with five times the operations."""
    before, after = recorded(7)
    spread = replace(before, timestamp=START_MS + 5000 * np.arange(len(before), dtype=np.int64))
    made = freeze(
        identity="b1", name="before", note="", target="hub", rows=spread.tail(100), history=[], interval_ms=5000,
        started_at=None, fingerprint={},
    )  # fmt: skip
    assert (made.seconds, made.interval_ms) == (500, 5000)
    impact = Impact(made, since=made.end, text="", warm_up=0, interval_ms=5000)
    for number, row in enumerate(after.values[:20]):
        impact.add(made.end + 5000 * (number + 1), row, None)
    state = impact.state(made.end + 100_000)
    assert state.seconds == 100
    assert state.errors is not None
    assert state.errors.now.operations == pytest.approx(
        5 * after.values[: round(state.errors.now.seconds), COLUMN["throughput_ops_sec"]].sum()
    )


def test_a_metric_that_only_crept_while_the_baseline_was_recorded_is_said_to_be_too_slow() -> None:
    """It is one long movement, no 75 seconds of evidence; nobody waits for a verdict that cannot come."""
    rows = Service().rows(np.random.default_rng(8), 400, START_MS)
    rows.values[:, COLUMN["memory_mb"]] = 40.0 + np.sin(np.arange(400) / 40.0)
    state, verdicts = watch(baseline(rows[:75], 75), rows[75:])
    memory = next(one for one in state.metrics if one.metric == "memory_mb")
    assert memory.reason.startswith(("baseline too short (75 s)", "this baseline cannot show less than"))
    assert not verdicts["memory_mb"] & WRONG
