"""Baselines, markers and the comparison, sample by sample."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fakes import BaselineShelf, Notebook, Slip
from monitor.core.errors import InvalidInputError, StoreError, UnknownError
from monitor.core.experiment import ExperimentState, Opening
from monitor.core.impact import Impact
from monitor.core.marker import Origin
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.sample import Sample
from monitor.core.verdict import Verdict
from monitor.core.window import Window
from monitor.engine.experiment import Experiment

START = 1_700_000_000_000


class Bench:
    """An experiment fed by hand, a second at a time."""

    def __init__(self, **options: Any) -> None:
        self.window = Window(86_400)
        self.store, self.journal, self.notes = BaselineShelf(), Notebook(), Slip()
        kept = {"store": self.store, "journal": self.journal, "notes": self.notes}
        options = {"warm_up": 5, "interval_ms": 1000, "fingerprint": {}} | kept | options
        self.experiment = Experiment("hub", self.window, **options)
        self.experiment.start()
        self.second = 0
        self.random = np.random.default_rng(1)
        self.state = ExperimentState()

    def run(
        self,
        seconds: int,
        level: float = 1.0,
        switches: dict[str, bool] | None = None,
        born: float = 0.0,
        *,
        proving: bool = False,
    ) -> ExperimentState:
        """Let seconds pass, in which throughput is 200 * level, latency 100 / level."""
        for _ in range(seconds):
            self.second += 1
            at = START + 1000 * self.second
            noise = 1.0 + 0.03 * self.random.normal(size=4)
            values = {
                "offered_ops_sec": 600.0 + 10 * self.random.normal(),
                "throughput_ops_sec": 200.0 * level * noise[0],
                "latency_ms": 100.0 / level * noise[1],
                "cpu_utilization": 20.0 * noise[2],
                "memory_mb": 40.0 * noise[3],
                "error_rate": 0.0,
            }
            row = np.full(len(COLUMNS), np.nan)
            for metric, value in values.items():
                row[COLUMN[metric]] = value
            sample = Sample(
                target="hub", timestamp=at, at=float(self.second), lateness=0.0, values=values, latency=None,
                latency_width=None, answered=True, errors={}, started_at=START / 1000 + born,
                switches=switches or {}, switchable=frozenset(),
            )  # fmt: skip
            self.state = self.experiment.observe(sample, row, proving=proving)
            self.window.append(self.second, at, row)
        return self.state

    def until(self, seen: Callable[[], object]) -> None:
        """Give the background the time it needs."""
        end = time.monotonic() + 10
        while not seen():
            assert time.monotonic() < end
            threading.Event().wait(0.005)


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(**options: Any) -> Bench:
        made.append(Bench(**options))
        return made[-1]

    yield make
    for one in made:
        one.experiment.close()


def test_a_recorded_baseline_is_kept_and_compared_with(bench: Callable[..., Bench]) -> None:
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


def test_the_next_seconds_are_recorded_when_they_have_passed(bench: Callable[..., Bench]) -> None:
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


def test_too_little_is_refused_and_what_fails_later_is_said(bench: Callable[..., Bench]) -> None:
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


def test_the_opening_of_a_young_target_is_recorded_by_itself(bench: Callable[..., Bench]) -> None:
    """Seconds 15 to 90 of its life; of an old one nothing."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(95)
    made.until(lambda: made.experiment.state().baselines)
    [baseline] = made.experiment.state().baselines
    assert (baseline.start, baseline.end) == (START + 16_000, START + 90_000)
    old = bench(opening=Opening("opening", "", 15, 90))
    assert old.run(5, born=-100.0).recording is None


def test_a_switch_and_a_restart_mark_themselves(bench: Callable[..., Bench]) -> None:
    """The first sight of a switch is no flip."""
    made = bench()
    made.run(3, switches={"pools": False, "batching": False})
    made.run(3, switches={"pools": True, "batching": True})
    made.run(3, switches={"pools": True, "batching": True}, born=5.0)
    markers = made.state.markers
    assert [(marker.text, marker.origin) for marker in markers] == [
        ("pools on, batching on", Origin.SWITCH),
        ("target restarted", Origin.RESTART),
    ]
    assert markers[0].at == START + 4000


def test_a_new_change_begins_anew_and_the_old_row_is_kept(bench: Callable[..., Bench]) -> None:
    """The last settled verdict stays beside the new one; the ledger has both in the end."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")
    made.experiment.mark("first")
    made.run(60, level=2.0)
    made.experiment.mark("second")
    state = made.run(8, level=2.0)
    assert state.impact is not None
    assert (state.impact.text, state.impact.overall.verdict) == ("second", Verdict.COLLECTING)
    assert state.settled is not None
    assert (state.settled.change, state.settled.verdict) == ("first", Verdict.BETTER)
    made.experiment.close()
    assert [row.change for row in made.journal.rows] == ["", "first", "second"][-len(made.journal.rows) :]


def test_an_effect_that_wears_off_is_noticed_and_counted_anew(bench: Callable[..., Bench]) -> None:
    """From where it wore off; what it was before stays in the ledger."""
    made = bench()
    made.run(300)
    made.experiment.record_last(200, "before", "")
    made.experiment.mark("cache on")
    for level in (*[2.0] * 5, *[1.0] * 5):
        made.run(30, level=level)
        # As long as the background needs between two looks of a clock that runs.
        idle = threading.Event()
        made.experiment._background.do(idle.set)
        assert idle.wait(10)
    state = made.run(30, level=1.0)
    assert state.impact is not None
    assert state.impact.fading_since == pytest.approx(START + 450_000, abs=10_000)
    assert [(row.change, row.verdict) for row in state.ledger if row.change == "cache on"] == [
        ("cache on", Verdict.BETTER)
    ]
    assert state.impact.text == "cache on"
    figures = {one.metric: one.gain.percent for one in state.impact.metrics if one.gain is not None}
    assert figures["throughput_ops_sec"] == pytest.approx(0, abs=5)


def test_deleting_the_active_baseline_ends_the_comparison(bench: Callable[..., Bench]) -> None:
    """Without a word too many; a pinned one is kept."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    made.experiment.change(baseline.id, name="pinned one", pinned=True)
    with pytest.raises(InvalidInputError, match="pin"):
        made.experiment.delete(baseline.id)
    made.experiment.change(baseline.id, pinned=False)
    made.experiment.delete(baseline.id)
    state = made.run(3)
    assert (state.impact, state.baselines) == (None, ())
    assert not made.store.kept
    with pytest.raises(UnknownError):
        made.experiment.activate(baseline.id)


def test_an_old_baseline_can_be_activated_again(bench: Callable[..., Bench]) -> None:
    """And is compared with what came after the last change, the past included."""
    made = bench()
    made.run(120)
    first = made.experiment.record_last(100, "first", "")
    made.experiment.mark("change")
    made.run(200, level=2.0)
    made.experiment.record_last(100, "second", "")
    made.experiment.activate(first.id)
    state = made.experiment.state()
    assert state.impact is not None
    assert state.impact.baseline.name == "first"
    assert state.impact.seconds == 195


def test_baselines_of_an_earlier_run_are_there_again(bench: Callable[..., Bench]) -> None:
    """And the ledger."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    made.run(60)
    made.experiment.close()
    again = Experiment(
        "hub",
        Window(100),
        1000,
        warm_up=5,
        store=made.store,
        journal=made.journal,
        notes=made.notes,
        fingerprint={"host": "new"},
    )
    again.start()
    assert (again.get(baseline.id), again.state().fingerprint) == (baseline, {"host": "new"})
    assert [row.baseline for row in again.state().ledger] == ["before"]
    again.close()


def test_an_imported_one_gets_an_id_of_its_own(bench: Callable[..., Bench]) -> None:
    """It replaces nothing."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    copy = made.experiment.add(baseline)
    assert copy.id != baseline.id
    assert len(made.experiment.state().baselines) == 2


def test_a_baseline_does_not_reach_over_a_change(bench: Callable[..., Bench]) -> None:
    """It would be half of the one service and half of the other."""
    made = bench()
    made.run(120)
    made.experiment.mark("cache on")
    made.run(69, level=2.0)
    with pytest.raises(InvalidInputError, match="only 64 s have passed since “cache on” settled"):
        made.experiment.record_last(120, "both", "")
    made.run(11, level=2.0)
    baseline = made.experiment.record_last(120, "after", "")
    assert baseline.seconds == 75
    assert baseline.metrics["throughput_ops_sec"].mean == pytest.approx(400.0, rel=0.02)


def test_a_change_while_a_baseline_is_recorded_ends_the_recording(bench: Callable[..., Bench]) -> None:
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


def test_the_opening_is_recorded_of_the_process_that_followed_one_that_died(bench: Callable[..., Bench]) -> None:
    """Not of what was left of the first."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(50, born=0.0)
    made.run(100, born=50.0)
    made.until(lambda: made.experiment.state().impact)
    [baseline] = made.experiment.state().baselines
    assert (baseline.start, baseline.end) == (START + 66_000, START + 140_000)


def test_a_restart_goes_on_with_the_baseline_and_the_changes_that_were_there(bench: Callable[..., Bench]) -> None:
    """Not with the newest."""
    made = bench()
    made.run(120)
    first = made.experiment.record_last(100, "first", "")
    made.run(100)
    made.experiment.record_last(100, "second", "")
    made.experiment.activate(first.id)
    marker = made.experiment.mark("cache on")
    made.experiment.close()
    state = Bench(store=made.store, journal=made.journal, notes=made.notes).run(1)
    assert state.markers == (marker,)
    assert state.impact is not None
    assert (state.impact.baseline, state.impact.since) == (first, marker.at)


def test_one_that_was_sampled_at_another_pace_is_refused(bench: Callable[..., Bench]) -> None:
    """Its seconds are not these seconds; at the start that is said and costs nothing."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    slow = bench(interval_ms=5000, store=made.store)
    with pytest.raises(InvalidInputError, match="sampled every 1 s, here it is every 5 s"):
        slow.experiment.add(baseline)
    assert slow.experiment.state().problem.startswith("No baseline is active: ")
    assert slow.experiment.state().impact is None


def test_an_imported_one_is_one_of_this_target(bench: Callable[..., Bench]) -> None:
    """So that the next start finds it."""
    made = bench()
    made.run(120)
    other = replace(made.experiment.record_last(100, "before", ""), target="elsewhere", pinned=True)
    assert (made.experiment.add(other).target, made.experiment.add(other).pinned) == ("hub", False)


def test_figures_that_cannot_be_computed_cost_the_comparison_alone(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sampling goes on, and the page says what happened."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")

    def fail(*_: object) -> None:
        raise OverflowError

    monkeypatch.setattr(Impact, "add", fail)
    state = made.run(3)
    assert state.impact is None
    assert state.problem == "The comparison with “before” was given up: it cannot be computed."


def test_a_clock_that_was_set_back_begins_the_comparison_anew(bench: Callable[..., Bench]) -> None:
    """Its seconds would not count for as long as it was set back."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")
    made.run(30)
    made.second -= 100
    state = made.run(40)
    assert [(marker.text, marker.origin) for marker in state.markers] == [("the clock was set back", Origin.CLOCK)]
    assert state.impact is not None
    assert state.impact.seconds == 34


def test_what_cannot_be_written_is_said(bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk loses the file, not the figures."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")

    def full(_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(made.store, "save", full)
    monkeypatch.setattr(made.journal, "append", full)
    made.run(10)
    made.experiment.mark("change")
    made.until(lambda: made.experiment.state().problem == "Not kept: the disk is full.")
    made.run(1)
    made.experiment.record_next(70, "next", "")
    made.run(71)
    made.until(lambda: "“next” was not recorded: the disk is full" in made.experiment.state().problem)
    assert made.run(1).impact is not None


def test_the_active_one_is_renamed_at_once(bench: Callable[..., Bench]) -> None:
    """In the comparison under way, too."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    made.experiment.change(baseline.id, name="batch 1")
    for state in (made.experiment.state(), made.run(1)):
        assert state.impact is not None
        assert state.impact.baseline.name == "batch 1"


def test_a_change_in_the_second_that_ends_a_recording_does_not_spoil_it(bench: Callable[..., Bench]) -> None:
    """The ramp turns batching on just then."""
    made = bench(opening=Opening("opening", "", 15, 90))
    made.run(89, switches={"message_batching": False})
    made.run(10, level=2.0, switches={"message_batching": True})
    made.until(lambda: made.experiment.state().impact)
    state = made.run(30, level=2.0, switches={"message_batching": True})
    assert not state.problem
    assert state.impact is not None
    assert (state.impact.baseline.end, state.impact.text) == (START + 89_000, "message_batching on")


def test_what_a_proof_turns_is_marked_as_its_own_and_fills_no_ledger(bench: Callable[..., Bench]) -> None:
    """What was compared before it is written down, and what comes after it; its own row is kept as it is."""
    made = bench()
    made.run(120, switches={"cache": False})
    made.experiment.record_last(100, "before", "")
    made.run(30, switches={"cache": False})
    for on in (True, False, True):
        made.run(20, switches={"cache": on}, proving=True)
    made.run(20, switches={"cache": False})
    assert [marker.origin for marker in made.state.markers] == [*[Origin.PROOF] * 3, Origin.SWITCH]
    assert [row.change for row in made.state.ledger] == [""]
    row = replace(made.state.ledger[0], id="proof-1", change="proof: cache on against off, 8 pairs")
    made.experiment.keep(row)
    made.experiment.mark("next")
    state = made.run(1, switches={"cache": False})
    assert [row.change for row in state.ledger] == ["", row.change, "cache off"]
    made.until(lambda: len(made.journal.rows) == 3)


def test_a_change_is_noted_afterwards(bench: Callable[..., Bench]) -> None:
    """In its place among the others; the last one is what is compared from."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")
    made.run(50)
    made.experiment.mark("late")
    made.run(20)
    early = made.experiment.mark("early", START + 140_000)
    state = made.run(1)
    assert [marker.text for marker in state.markers] == ["early", "late"]
    assert early.at == START + 140_000
    assert state.impact is not None
    assert state.impact.text == "late"
    made.experiment.mark("latest", START + 180_000)
    state = made.run(1)
    assert state.impact is not None
    assert (state.impact.text, state.impact.since, state.impact.seconds) == ("latest", START + 180_000, 7)
