"""One watched target."""

import math
import threading
from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest

from builders import feed_samples, monitor, sample
from fakes import FULL, HistoryShelf, ManualClock
from monitor.core.health import Status, Uptime
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.marker import Origin
from monitor.core.record import Records
from monitor.core.snapshot import Ticks
from monitor.engine import monitor as module
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.viewers import View, Viewers
from records import record


def test_each_sample_gets_the_next_number_and_a_snapshot() -> None:
    """seq counts from 1; the newest snapshot is the newest sample's."""
    clock = ManualClock()
    made = monitor(clock)
    assert made.snapshot is None
    feed_samples(made, clock, 3, lambda number: {"throughput_ops_sec": 10.0 * number})
    snapshot = made.snapshot
    assert snapshot is not None
    assert snapshot.seq == 3
    assert snapshot.recent.seq.tolist() == [1, 2, 3]
    assert snapshot.recent.column("throughput_ops_sec").tolist() == [0.0, 10.0, 20.0]


def test_what_was_not_measured_is_a_gap() -> None:
    """Never 0, never the last value again; infinite is not a measurement."""
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample({"latency_ms": 5.0, "memory_mb": math.inf}, clock=clock), Ticks(1, 0, 0))
    made.observe(sample({"unheard_of": 1.0}, clock=clock), Ticks(2, 0, 0))
    rows = made.window.last(2)
    assert rows.column("latency_ms")[0] == 5.0
    assert np.isnan(rows.column("latency_ms")[1])
    assert np.isnan(rows.column("memory_mb")).all()


@pytest.mark.parametrize(
    ("said", "kept"),
    [(1.7e308, None), (-1e16, None), (1e15, 1e15), (1e-320, 0.0), (-1e-16, 0.0), (1e-15, 1e-15), (-3.0, -3.0)],
)
def test_what_no_service_can_mean_is_no_measurement(said: float, kept: float | None) -> None:
    """Beyond 1e15 a gap, closer to zero than 1e-15 zero; in the sample as in the frame."""
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample({"queue_depth": said}, clock=clock), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.sample.values.get("queue_depth") == kept
    stored = made.window.last(1).column("queue_depth")[0]
    assert np.isnan(stored) if kept is None else stored == kept


def test_an_absurd_histogram_is_none_and_an_absurd_total_unknown() -> None:
    """Percentiles may be known where the mean is not."""
    clock = ManualClock()
    made = monitor(clock)
    many, one = np.zeros(BUCKETS), np.zeros(BUCKETS)
    many[3], one[3] = 1e300, 1.0
    for histogram in (Histogram(many, 1.0), Histogram(one, 1e300)):
        made.observe(sample(clock=clock, latency=histogram), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.latency.count == 1
    assert made.snapshot.latency.mean is None
    assert made.snapshot.latency.quantile(0.5) is not None


def test_a_sample_that_fails_leaves_no_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    """seq, frame and feed go on with the next sample as if it had not been."""
    clock = ManualClock()
    made = monitor(clock)

    def broken(*_: object) -> NoReturn:
        raise ZeroDivisionError

    feed_samples(made, clock, 2, lambda _: {"latency_ms": 1.0})
    with monkeypatch.context() as patched:
        patched.setattr(module, "summarize", broken)
        with pytest.raises(ZeroDivisionError):
            made.observe(sample({"latency_ms": 666.0}, clock=clock), Ticks(3, 0, 0))
    feed_samples(made, clock, 2, lambda _: {"latency_ms": 1.0})
    assert made.window.last(9).seq.tolist() == [1, 2, 3, 4]
    assert made.window.last(9).column("latency_ms").tolist() == [1.0] * 4
    read = made.feed.read(0)
    assert read is not None
    assert [snapshot.seq for snapshot in read] == [1, 2, 3, 4]
    third = made.feed.get(3)
    assert third is not None
    assert third.seq == 3
    assert third.uptime == Uptime(3, 3)


def test_switches_are_those_of_the_newest_sample() -> None:
    """A target that is down or does not say them any more has none."""
    clock = ManualClock()
    made = monitor(clock)
    for switches in ({"message_batching": True}, {}):
        made.observe(sample(clock=clock, switches=switches), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.sample.switches == {}


def test_health_is_judged_when_it_is_read() -> None:
    """A sampler that stops shows, though nothing is published any more."""
    clock = ManualClock()
    made = monitor(clock)
    assert made.health().status is Status.STARTING
    made.observe(sample(clock=clock), Ticks(1, 0, 0))
    assert made.health().status is Status.LIVE
    clock.advance(3.5)
    assert made.health().status is Status.STALE


def test_a_step_of_the_wall_clock_does_not_make_data_stale() -> None:
    """Age is monotonic."""
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample(clock=clock), Ticks(1, 0, 0))
    clock.epoch += 3600
    assert made.health().status is Status.LIVE


def test_uptime_counts_the_seconds_that_were_asked() -> None:
    """A second in which nobody watched a target counts on neither side."""
    clock = ManualClock()
    made = monitor(clock)
    for answered in (True, False, True, None):
        made.observe(sample(clock=clock, answered=answered), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.uptime == Uptime(2, 3)


def test_latency_of_the_last_minute_is_merged() -> None:
    """60 histograms, not 61."""
    clock = ManualClock()
    made = monitor(clock)
    counts = np.zeros(BUCKETS)
    counts[10] = 1.0
    for number in range(70):
        clock.advance(1.0)
        made.observe(sample(clock=clock, latency=Histogram(counts, 0.1)), Ticks(number, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.latency.count == 60


def test_the_score_is_of_the_last_minute_and_becomes_a_metric() -> None:
    """Half the batches filled, everything from the pool."""
    clock = ManualClock()
    made = monitor(clock)
    feed_samples(made, clock, 5, lambda _: {"batch_efficiency": 50.0, "pool_hit_rate": 100.0})
    assert made.snapshot is not None
    assert made.snapshot.score is not None
    assert made.snapshot.score.value == pytest.approx(75.0)
    assert made.window.last(1).column("optimization_score")[0] == pytest.approx(75.0)


def test_a_target_without_mechanisms_has_no_score() -> None:
    """None, and a gap in the frame."""
    clock = ManualClock()
    made = monitor(clock)
    feed_samples(made, clock, 2, lambda _: {"throughput_ops_sec": 1.0})
    assert made.snapshot is not None
    assert made.snapshot.score is None
    assert np.isnan(made.window.last(1).column("optimization_score")[0])


def test_the_number_of_open_pages_is_part_of_the_snapshot() -> None:
    """Programs on the feed are not viewers."""
    viewers = Viewers(5)
    clock = ManualClock()
    made = monitor(clock, viewers=viewers)
    with viewers.admit(View.PAGE), viewers.admit(View.PAGE), viewers.admit(View.METRICS):
        made.observe(sample(clock=clock), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.viewers == 2


def test_viewers_are_admitted_up_to_the_limit() -> None:
    """The one too many is told, and counts for nothing."""
    viewers = Viewers(1)
    with viewers.admit(View.PAGE) as first, viewers.admit(View.METRICS) as second:
        assert (first, second) == (True, False)
        assert viewers.count(View.METRICS) == 0
    assert viewers.count(View.PAGE) == 0
    with viewers.admit(View.METRICS) as third:
        assert third


class Yes:
    """A switchboard of one switch that does what it is asked."""

    def __init__(self) -> None:
        self.on = True

    def switch(self, name: str, *, enabled: bool) -> None:
        self.on = enabled


def test_the_changes_of_a_proof_are_its_own_to_the_last() -> None:
    """Putting the switch back included; then a comparison begins that is no part of it."""
    clock, board = ManualClock(), Yes()
    made = monitor(clock, switchboard=board)
    made.prover.start()

    def tick() -> None:
        done = threading.Event()
        made.prover._background.do(done.set)
        assert done.wait(10)
        clock.advance(1.0)
        made.observe(sample({}, clock=clock, switches={"cache": board.on}), Ticks(1, 0, 0))

    tick()
    made.prover.begin("cache", 4, 10)
    while board.on:
        tick()
    tick()
    made.prover.cancel()
    while made.prover.proving:
        tick()
    tick()
    snapshot = made.snapshot
    assert snapshot is not None
    assert [(marker.text, marker.origin) for marker in snapshot.experiment.markers] == [
        ("cache off", Origin.PROOF),
        ("cache on", Origin.PROOF),
        ("proof of cache over", Origin.PROVEN),
    ]
    made.prover.close()


def test_errors_and_answers_are_kept_as_figures() -> None:
    """Longer spans count errors and uptime from them; what is unknown stays so."""
    clock = ManualClock()
    made = monitor(clock)
    made.observe(sample({"throughput_ops_sec": 200.0, "error_rate": 1.5}, clock=clock), Ticks(1, 0, 0))
    made.observe(sample({"throughput_ops_sec": 200.0}, clock=clock, answered=False), Ticks(2, 0, 0))
    made.observe(sample({}, clock=clock, answered=None), Ticks(3, 0, 0))
    rows = made.window.last(3)
    assert rows.column("failed_ops_sec")[0] == pytest.approx(3.0)
    assert np.isnan(rows.column("failed_ops_sec")[1:]).all()
    assert rows.column("answered")[:2].tolist() == [100.0, 0.0]
    assert np.isnan(rows.column("answered")[2])


def test_what_was_kept_is_there_before_the_first_sample_and_seq_begins_at_1() -> None:
    """Frame, latencies and health of the writer; `/ws` history reaches back over the restart."""
    clock = ManualClock()
    made = monitor(clock)
    begin = round(clock.wall() * 1000) - 100_000
    past = [record(second, begin=begin) for second in range(90)]
    assert made.restore([Records.of(past[:60]), Records.of(past[60:])]) == 90
    assert made.snapshot is None
    made.observe(sample({"latency_ms": 5.0}, clock=clock), Ticks(1, 0, 0))
    assert made.snapshot is not None
    assert made.snapshot.seq == 1
    rows = made.window.last(91)
    assert rows.timestamp.tolist()[:-1] == [one.timestamp for one in past]
    assert rows.seq.tolist() == [0] * 90 + [1]
    assert made.snapshot.latency.count == sum(
        one.latency.count for one in past if one.latency is not None and one.timestamp > begin + 40_000
    )


def test_a_target_that_was_restarted_meanwhile_is_noted_at_the_first_sample() -> None:
    """What it said before this run is known; so are its switches."""
    clock = ManualClock()
    made = monitor(clock)
    made.restore([Records.of([replace(record(60), started_at=1000.0, switches={"memory_pools": False})])])
    before = sample(clock=clock, switches={"memory_pools": True})
    made.observe(replace(before, started_at=2000.0), Ticks(1, 0, 0))
    assert made.snapshot is not None
    texts = [marker.text for marker in made.snapshot.experiment.markers]
    assert "target restarted" in texts
    assert any("memory" in text.lower() for text in texts)


def test_every_sample_is_handed_to_the_writer_and_its_fault_costs_none() -> None:
    """The snapshot says what is wrong; it stays live."""
    clock = ManualClock()
    shelf = HistoryShelf()
    writer = HistoryWriter(shelf, shelf, clock, 1.0)
    made = monitor(clock, writer=writer)
    shelf.fault = FULL
    for _ in range(3):
        clock.advance(1.0)
        made.observe(sample({"latency_ms": 5.0}, clock=clock), Ticks(1, 0, 0))
        writer.write()
    assert made.health().status is Status.LIVE
    assert "storage: nothing has been written" in made.health().reasons[0]
    shelf.fault = None
    writer.write()
    assert [one.timestamp for one in shelf.records] == made.window.last(3).timestamp.tolist()
    assert made.health().reasons == ()
