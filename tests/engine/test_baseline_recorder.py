"""Recording baselines, sample by sample, as an experiment has it done."""

from collections.abc import Callable

import pytest

from experiment_bench import START, ExperimentBench
from monitor.core.errors import InvalidInputError
from monitor.core.experiment import Opening
from monitor.core.verdict import Verdict


def test_a_recorded_baseline_is_kept_and_compared_with(bench: Callable[..., ExperimentBench]) -> None:
    """Twice as fast afterwards: better, and by how much."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "a note")
    assert (baseline.name, baseline.note, baseline.seconds) == ("before", "a note", 100)
    assert made.store.kept == {baseline.id: baseline}
    made.experiment.mark("cache on")
    state = made.run(60, level=2.0)
    assert state.impact is not None
    assert state.impact.text == "cache on"
    assert state.impact.overall.verdict is Verdict.BETTER
    figures = {one.metric: one.gain.percent for one in state.impact.metrics if one.gain is not None}
    assert figures["throughput_ops_sec"] == pytest.approx(100, abs=5)
    assert figures["latency_ms"] == pytest.approx(50, abs=3)


def test_the_next_seconds_are_recorded_when_they_have_passed(bench: Callable[..., ExperimentBench]) -> None:
    """With its progress to be seen, and one at a time."""
    made = bench()
    made.run(10)
    made.experiment.record_next(70, "next", "")
    with pytest.raises(InvalidInputError, match="recorded already"):
        made.experiment.record_next(70, "other", "")
    state = made.run(30)
    assert state.recording is not None
    assert state.recording.end - START == 80_000
    assert not state.baselines
    made.run(45)
    made.until(lambda: made.experiment.state().impact)
    [baseline] = made.experiment.state().baselines
    assert (baseline.name, baseline.seconds, baseline.end) == ("next", 70, START + 80_000)
    assert made.experiment.state().recording is None


def test_too_little_is_refused_and_what_fails_later_is_said(bench: Callable[..., ExperimentBench]) -> None:
    """In words, on the page; nothing is kept."""
    made = bench()
    with pytest.raises(InvalidInputError, match="nothing was measured"):
        made.experiment.record_last(100, "none", "")
    made.run(40)
    with pytest.raises(InvalidInputError, match="40 usable samples"):
        made.experiment.record_last(100, "short", "")
    made.experiment.record_next(30, "short", "")
    made.run(31)
    made.until(lambda: made.experiment.state().problem)
    assert made.experiment.state().problem.startswith("The baseline “short” was not recorded: only 30 usable")
    assert not made.store.kept


def test_the_opening_of_a_young_target_is_recorded_by_itself(bench: Callable[..., ExperimentBench]) -> None:
    """Seconds 15 to 90 of its life; of an old one nothing."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(95)
    made.until(lambda: made.experiment.state().baselines)
    [baseline] = made.experiment.state().baselines
    assert (baseline.start, baseline.end) == (START + 16_000, START + 90_000)
    old = bench(opening=Opening("opening", "", 15, 90))
    assert old.run(5, born=-100.0).recording is None


def test_a_baseline_does_not_reach_over_a_change(bench: Callable[..., ExperimentBench]) -> None:
    """It would be half of the one service and half of the other."""
    made = bench()
    made.run(120)
    made.experiment.mark("cache on")
    made.run(2, level=2.0)
    fresh = "“cache on” is too fresh: wait {} s, or record the next 120 s"
    with pytest.raises(InvalidInputError) as refused:
        made.experiment.record_last(120, "both", "")
    assert (refused.value.field, refused.value.message) == ("seconds", fresh.format(68))
    made.run(67, level=2.0)
    with pytest.raises(InvalidInputError) as refused:
        made.experiment.record_last(120, "both", "")
    assert refused.value.message == fresh.format(1)
    made.run(1, level=2.0)
    assert made.experiment.record_last(120, "shortest", "").seconds == 65
    made.run(10, level=2.0)
    baseline = made.experiment.record_last(120, "after", "")
    assert baseline.seconds == 75
    assert baseline.metrics["throughput_ops_sec"].mean == pytest.approx(400.0, rel=0.02)


def test_a_change_while_a_baseline_is_recorded_ends_the_recording(bench: Callable[..., ExperimentBench]) -> None:
    """And is named."""
    made = bench()
    made.run(10)
    made.experiment.record_next(70, "next", "")
    made.run(20)
    made.experiment.mark("pool 64 → 128")
    state = made.run(1)
    assert state.recording is None
    assert state.problem == "The baseline “next” was not recorded: meanwhile, pool 64 → 128."
    made.run(80)
    assert not made.experiment.state().baselines


def test_the_opening_is_recorded_of_the_process_that_followed_one_that_died(
    bench: Callable[..., ExperimentBench],
) -> None:
    """Not of what was left of the first."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(50, born=0.0)
    made.run(100, born=50.0)
    made.until(lambda: made.experiment.state().impact)
    [baseline] = made.experiment.state().baselines
    assert (baseline.start, baseline.end) == (START + 66_000, START + 140_000)


def test_a_change_in_the_second_that_ends_a_recording_does_not_spoil_it(
    bench: Callable[..., ExperimentBench],
) -> None:
    """The ramp turns batching on just then."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(89, switches={"message_batching": False})
    made.run(10, level=2.0, switches={"message_batching": True})
    made.until(lambda: made.experiment.state().impact)
    state = made.run(30, level=2.0, switches={"message_batching": True})
    assert not state.problem
    assert state.impact is not None
    assert (state.impact.baseline.end, state.impact.text) == (START + 89_000, "message_batching on")
