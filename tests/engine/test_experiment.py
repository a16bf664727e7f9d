"""Baselines and markers: kept, changed, activated, and there again after a restart."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from experiment_bench import START, ExperimentBench
from monitor.core.errors import InvalidInputError, StoreError, UnknownError
from monitor.core.marker import Origin
from monitor.core.record import Record, Records
from monitor.core.window import Window
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
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
        ExperimentSetup("hub", Window(100), LatencyHistory(2), 1000, warm_up=5, fingerprint={"host": "new"}),
        store=made.store,
        entries=made.entries,
        notes=made.notes,
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
        ExperimentSetup("hub", made.window, made.latency, 1000, warm_up=5),
        store=made.store,
        entries=made.entries,
        notes=made.notes,
    )
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
