"""The comparison under way, sample by sample, as an experiment has it made."""

import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from experiment_bench import START, ExperimentBench
from monitor.core.entry import Kind
from monitor.core.impact import Impact
from monitor.core.marker import Origin
from monitor.core.verdict import Verdict


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
