"""Baselines, markers and the comparison, sample by sample."""

import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from experiment_bench import START, ExperimentBench
from monitor.core.entry import Kind
from monitor.core.errors import InvalidInputError, StoreError, UnknownError
from monitor.core.impact import Impact
from monitor.core.marker import Marker, Origin
from monitor.core.record import Record, Records
from monitor.core.suggestion import Suggestion, suggest
from monitor.core.verdict import Verdict
from monitor.core.window import Rows, Window
from monitor.engine import suggestions
from monitor.engine.experiment import Experiment
from monitor.engine.latency_history import LatencyHistory


def test_a_switch_and_a_restart_mark_themselves(bench: Callable[..., ExperimentBench]) -> None:
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


def test_a_new_change_begins_anew_and_the_old_row_is_kept(bench: Callable[..., ExperimentBench]) -> None:
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
    kept = made.entries.read(Kind.LEDGER)
    assert [(entry.document or {})["change"] for entry in kept] == ["first", "second"]


def test_an_effect_that_wears_off_is_noticed_and_counted_anew(bench: Callable[..., ExperimentBench]) -> None:
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


def test_a_clock_set_forward_costs_no_memory(bench: Callable[..., ExperimentBench]) -> None:
    """The search for fading makes a row of each tick; 60 days of ticks that nobody made would be a gigabyte."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")
    made.run(25)
    made.second += 60 * 86_400
    tracemalloc.start()
    try:
        made.run(40)
        idle = threading.Event()
        made.experiment._background.do(idle.set)
        assert idle.wait(20)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_deleting_the_active_baseline_ends_the_comparison(bench: Callable[..., ExperimentBench]) -> None:
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


def test_an_old_baseline_can_be_activated_again(bench: Callable[..., ExperimentBench]) -> None:
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


def test_baselines_of_an_earlier_run_are_there_again(bench: Callable[..., ExperimentBench]) -> None:
    """And the ledger."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    made.run(60)
    made.experiment.close()
    again = Experiment(
        "hub",
        Window(100),
        LatencyHistory(2),
        1000,
        warm_up=5,
        store=made.store,
        entries=made.entries,
        notes=made.notes,
        fingerprint={"host": "new"},
    )
    again.start()
    assert (again.get(baseline.id), again.state().fingerprint) == (baseline, {"host": "new"})
    assert [row.baseline for row in again.state().ledger] == ["before"]
    again.close()


def test_an_imported_one_gets_an_id_of_its_own(bench: Callable[..., ExperimentBench]) -> None:
    """It replaces nothing."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    copy = made.experiment.add(baseline)
    assert copy.id != baseline.id
    assert len(made.experiment.state().baselines) == 2


def test_a_restart_goes_on_with_the_baseline_and_the_changes_that_were_there(
    bench: Callable[..., ExperimentBench],
) -> None:
    """Not with the newest."""
    made = bench()
    made.run(120)
    first = made.experiment.record_last(100, "first", "")
    made.run(100)
    made.experiment.record_last(100, "second", "")
    made.experiment.activate(first.id)
    marker = made.experiment.mark("cache on")
    made.experiment.close()
    state = ExperimentBench(store=made.store, entries=made.entries, notes=made.notes).run(1)
    assert state.markers == (marker,)
    assert state.impact is not None
    assert (state.impact.baseline, state.impact.since) == (first, marker.at)


def test_a_restart_with_a_history_compares_what_was_measured_before_it(
    bench: Callable[..., ExperimentBench],
) -> None:
    """In the background; a marker that comes before it is done does not forget which baseline was active."""
    made = bench()
    made.run(120)
    first = made.experiment.record_last(100, "first", "")
    made.experiment.mark("cache on")
    before = made.run(100, level=2.0).impact
    assert before is not None
    made.experiment.close()
    again = Experiment(
        "hub", made.window, made.latency, 1000,
        warm_up=5, store=made.store, entries=made.entries, notes=made.notes, fingerprint={},
    )  # fmt: skip
    rows = made.window.last(220)
    again.resume(
        Records.of(
            [Record(at, row, started_at=1.0) for at, row in zip(rows.timestamp.tolist(), rows.values, strict=True)]
        )
    )
    again.start()
    made.until(lambda: again.state().impact is not None)
    state = again.state()
    again.close()
    assert state.impact is not None
    assert (state.impact.baseline, state.impact.since) == (first, before.since)
    assert state.impact.seconds == before.seconds
    assert made.notes.read().active == first.id


def test_one_that_was_sampled_at_another_pace_is_refused(bench: Callable[..., ExperimentBench]) -> None:
    """Its seconds are not these seconds; at the start that is said and costs nothing."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    slow = bench(interval_ms=5000, store=made.store)
    with pytest.raises(InvalidInputError, match="sampled every 1 s, here it is every 5 s"):
        slow.experiment.add(baseline)
    assert slow.experiment.state().problem.startswith("No baseline is active: ")
    assert slow.experiment.state().impact is None


def test_an_imported_one_is_one_of_this_target(bench: Callable[..., ExperimentBench]) -> None:
    """So that the next start finds it."""
    made = bench()
    made.run(120)
    other = replace(made.experiment.record_last(100, "before", ""), target="elsewhere", pinned=True)
    assert (made.experiment.add(other).target, made.experiment.add(other).pinned) == ("hub", False)


def test_figures_that_cannot_be_computed_cost_the_comparison_alone(
    bench: Callable[..., ExperimentBench], monkeypatch: pytest.MonkeyPatch
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


def test_a_clock_that_was_set_back_begins_the_comparison_anew(bench: Callable[..., ExperimentBench]) -> None:
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


def test_what_cannot_be_written_is_said(
    bench: Callable[..., ExperimentBench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk loses the file, not the figures."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")

    def full(_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(made.store, "save", full)
    monkeypatch.setattr(made.notes, "write", full)
    made.run(10)
    made.experiment.mark("change")
    made.until(lambda: made.experiment.state().problem == "The disk is full.")
    made.run(1)
    made.experiment.record_next(70, "next", "")
    made.run(71)
    made.until(lambda: "“next” was not recorded: the disk is full" in made.experiment.state().problem)
    assert made.run(1).impact is not None


def test_the_active_one_is_renamed_at_once(bench: Callable[..., ExperimentBench]) -> None:
    """In the comparison under way, too."""
    made = bench()
    made.run(120)
    baseline = made.experiment.record_last(100, "before", "")
    made.experiment.change(baseline.id, name="batch 1")
    for state in (made.experiment.state(), made.run(1)):
        assert state.impact is not None
        assert state.impact.baseline.name == "batch 1"


@pytest.mark.parametrize("turned", [(True, False, True, False), (False, True, False), (True, False)])
def test_what_a_proof_turns_is_marked_as_its_own_and_fills_no_ledger(
    bench: Callable[..., ExperimentBench], turned: tuple[bool, ...]
) -> None:
    """What was compared before it is written down, and what comes after it; its own row is kept as it is."""
    made = bench()
    made.run(120, switches={"cache": False})
    made.experiment.record_last(100, "before", "")
    made.run(30, switches={"cache": False})
    for on in turned:
        made.run(20, switches={"cache": on}, proving="cache")
    made.run(20, switches={"cache": False})
    marked = [(marker.text, marker.origin) for marker in made.state.markers]
    assert [origin for _, origin in marked] == [*[Origin.PROOF] * (len(marked) - 1), Origin.PROVEN]
    assert marked[-1][0] == "proof of cache over"
    assert [row.change for row in made.state.ledger] == [""]
    assert made.state.impact is not None
    assert (made.state.impact.text, made.state.impact.seconds) == ("proof of cache over", 14)
    row = replace(made.state.ledger[0], id="proof-1", change="proof: cache on against off, 8 pairs")
    made.experiment.keep(row)
    made.experiment.mark("next")
    state = made.run(1, switches={"cache": False})
    assert [row.change for row in state.ledger] == ["", row.change, "proof of cache over"]
    made.until(lambda: len(made.entries.rows) == 3)


def test_a_change_is_noted_afterwards(bench: Callable[..., ExperimentBench]) -> None:
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


def test_the_tail_is_compared_live_as_it_is_afterwards(bench: Callable[..., ExperimentBench]) -> None:
    """Frozen with its history out of the histograms; a baseline that is activated again sees the same seconds."""
    made = bench()
    made.run(1200, slow=0.05)
    baseline = made.experiment.record_last(300, "before", "")
    assert baseline.tail is not None
    assert baseline.tail.share.mean == pytest.approx(5.0, abs=0.5)
    assert baseline.tail.share.reference.history_seconds > 800
    made.experiment.mark("cache on")
    live = made.run(100, slow=0.02).impact
    made.experiment.activate(baseline.id)
    again = made.experiment.state().impact
    assert live is not None
    assert again is not None
    assert live.tail is not None
    assert again.tail is not None
    assert live.tail.gain is not None
    assert live.tail.verdict is Verdict.BETTER
    assert live.tail.gain.percent == pytest.approx(60.0, abs=10.0)
    assert again.tail.estimate == live.tail.estimate
    assert live.overall.verdict is not Verdict.BETTER
    made.experiment.mark("cache off")
    worse = made.run(60, slow=0.2).impact
    assert worse is not None
    assert worse.overall.verdict is Verdict.WORSE


def test_a_comparison_under_way_survives_a_kill(bench: Callable[..., ExperimentBench]) -> None:
    """Its row is written when it is first decided and then each minute; this run has it when it ends."""
    made = bench()
    made.run(120)
    made.experiment.record_last(100, "before", "")
    made.run(4)
    made.experiment.mark("cache on")
    made.run(6)
    made.until(lambda: not made.entries.rows)
    while made.run(1, level=2.0).impact.overall.verdict is not Verdict.BETTER:
        pass
    made.until(lambda: made.entries.rows)
    [row] = made.entries.rows
    assert (row.change, row.verdict) == ("cache on", Verdict.BETTER)
    made.run(59, level=2.0)
    assert [row] == made.entries.rows
    made.run(1, level=2.0)
    made.until(lambda: len(made.entries.rows) == 2)
    assert made.entries.rows[1].seconds == row.seconds + 60
    assert made.state.ledger == ()
    assert made.state.settled is None
    # Not closed: as after kill -9.
    after = bench(entries=made.entries)
    assert [(one.id, one.seconds) for one in after.experiment.state().ledger] == [(row.id, row.seconds + 60)]


def test_a_comparison_that_is_not_decided_is_written_each_minute_too(
    bench: Callable[..., ExperimentBench],
) -> None:
    """It was watched all the same; of one that a proof began nothing is written."""
    made = bench()
    made.run(100)
    made.experiment.record_last(70, "before", "")
    made.experiment.mark("load test")
    for _ in range(13):
        made.run(10, level=1.0 + made.random.normal() / 4)
    made.until(lambda: made.entries.rows)
    assert {row.change for row in made.entries.rows} == {"load test"}
    rows = len(made.entries.rows)
    made.run(10, switches={"cache": False})
    made.run(150, switches={"cache": True}, proving=True)
    made.until(lambda: len(made.entries.rows) > rows)
    assert {row.change for row in made.entries.rows} == {"load test"}


def test_changes_that_nobody_noted_are_searched_for_by_themselves(
    bench: Callable[..., ExperimentBench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each five minutes and after a marker, in the background; who asks within the minute costs nothing."""
    searches = []

    def counted(rows: Rows, markers: tuple[Marker, ...], interval_ms: int) -> list[Suggestion]:
        searches.append(len(rows))
        return suggest(rows, markers, interval_ms)

    monkeypatch.setattr(suggestions, "suggest", counted)
    made = bench()
    made.run(3300)
    made.run(600, level=1.5)
    made.until(lambda: made.experiment.state().suggestions)
    [found] = made.run(1).suggestions
    assert abs(found.at - START - 3_300_000) <= 60_000
    asked = made.experiment.suggestions()
    done = len(searches)
    assert done <= 2 + 3900 // 300
    assert made.experiment.suggestions() is asked
    assert len(searches) == done
    made.experiment.mark(found.text, found.at)
    made.until(lambda: not made.experiment.state().suggestions)
    assert len(searches) == done + 1
