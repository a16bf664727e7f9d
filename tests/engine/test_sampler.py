"""The schedule and the joining of readings."""

import threading
from collections.abc import Callable, Iterator

import pytest

from fakes import ManualClock, ScriptedSource
from monitor.core.errors import SourceError
from monitor.core.sample import Reading, Sample
from monitor.core.snapshot import Ticks
from monitor.engine.clock import SystemClock
from monitor.engine.sampler import Sampler


class Collected:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.ticks = Ticks(0, 0, 0)
        self.enough = threading.Event()

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        self.samples.append(sample)
        self.ticks = ticks
        if len(self.samples) >= 3:
            self.enough.set()


class Broken(Collected):
    """An observer that fails the first `times`."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        if self._times:
            self._times -= 1
            raise RuntimeError
        super().observe(sample, ticks)


@pytest.fixture
def started() -> Iterator[Callable[..., tuple[Sampler, Collected]]]:
    """Samplers whose sources' threads run while the schedule is driven by hand."""
    made: list[Sampler] = []

    def make(*sources: ScriptedSource, clock: ManualClock | None = None) -> tuple[Sampler, Collected]:
        observer = Collected()
        sampler = Sampler("hub", sources, observer, clock or ManualClock(), 1.0)
        for poller in sampler._pollers:
            poller.start()
        made.append(sampler)
        return sampler, observer

    yield make
    for sampler in made:
        sampler.close()


def reading(**values: float) -> Reading:
    return Reading(values)


def test_what_several_sources_saw_becomes_one_sample(started: Callable) -> None:
    """Values are joined; the target's answer counts as the target's."""
    sampler, observer = started(
        ScriptedSource([reading(latency_ms=5.0)]),
        ScriptedSource([reading(host_cpu=7.0)], "host", watches_target=False),
    )
    sampler.sample(1000.0)
    sample = observer.samples[0]
    assert (sample.values["latency_ms"], sample.values["host_cpu"]) == (5.0, 7.0)
    assert sample.answered is True
    assert sample.errors == {}
    assert sample.timestamp == 1_700_000_000_000


def test_a_failing_target_is_down_and_the_others_go_on(started: Callable) -> None:
    """One reason per source, no value made up."""
    sampler, observer = started(
        ScriptedSource([SourceError("connection refused")]),
        ScriptedSource([reading(host_cpu=7.0)], "host", watches_target=False),
    )
    sampler.sample(1000.0)
    sample = observer.samples[0]
    assert sample.answered is False
    assert sample.errors == {"target": "connection refused"}
    assert "latency_ms" not in sample.values
    assert sample.values["host_cpu"] == 7.0


def test_a_source_with_a_bug_costs_its_own_metrics_only(started: Callable) -> None:
    """The thread survives whatever it raises."""
    sampler, observer = started(ScriptedSource([ZeroDivisionError(), reading(latency_ms=1.0)]))
    sampler.sample(1000.0)
    sampler.sample(1001.0)
    assert observer.samples[0].errors == {"target": "failed: ZeroDivisionError"}
    assert observer.samples[1].values["latency_ms"] == 1.0


def test_a_hanging_source_is_waited_for_once_and_its_late_answer_is_not_used(started: Callable) -> None:
    """Its metrics are missing until it answers a tick in time."""
    release = threading.Event()

    def hang() -> Reading:
        release.wait(10)
        return reading(latency_ms=666.0)

    clock = ManualClock()
    sampler, observer = started(
        ScriptedSource([hang, reading(latency_ms=2.0)]),
        ScriptedSource([reading(host_cpu=float(n)) for n in range(9)], "host", watches_target=False),
        clock=clock,
    )
    sampler.sample(1000.0)  # waits its 0.9 s of real time, for the clock stands still
    clock.advance(1.0)
    sampler.sample(1001.0)
    assert [sample.errors for sample in observer.samples] == [
        {"target": "no answer for 0 s"},
        {"target": "no answer for 1 s"},
    ]
    assert [sample.values["host_cpu"] for sample in observer.samples] == [0.0, 1.0]
    release.set()
    while sampler._answers.empty():  # the test's timeout bounds it
        threading.Event().wait(0.001)
    sampler.sample(1001.0)
    assert all(sample.values.get("latency_ms") != 666.0 for sample in observer.samples)
    assert observer.samples[-1].values["latency_ms"] == 2.0


def test_lateness_is_measured_from_the_schedule(started: Callable) -> None:
    """A start 0.25 s after the schedule is late and says so."""
    sampler, observer = started(ScriptedSource([reading()] * 2))
    sampler.sample(999.75)
    sampler.sample(1000.0)
    assert observer.samples[0].values["tick_lateness_ms"] == pytest.approx(250.0)
    assert observer.ticks == Ticks(done=2, late=1, missed=0)


def test_the_schedule_runs_on_its_own_thread_and_stops() -> None:
    """Three ticks of the real clock; closing twice is once."""
    observer = Collected()
    source = ScriptedSource([reading(latency_ms=1.0)] * 100)
    sampler = Sampler("hub", [source], observer, SystemClock(), 0.02)
    sampler.start()
    assert observer.enough.wait(10)
    sampler.close()
    sampler.close()
    count = len(observer.samples)
    assert source.closed
    assert observer.ticks.done == count


def test_ticks_that_could_not_be_made_are_counted_and_not_made_up() -> None:
    """An observer that takes three intervals costs ticks, and the schedule keeps its phase."""

    class Slow(Collected):
        def observe(self, sample: Sample, ticks: Ticks) -> None:
            if not self.samples:
                threading.Event().wait(0.35)
            super().observe(sample, ticks)

    observer = Slow()
    sampler = Sampler("hub", [], observer, SystemClock(), 0.1)
    sampler.start()
    assert observer.enough.wait(10)
    sampler.close()
    assert observer.ticks.missed >= 2
    assert observer.ticks.done == len(observer.samples)


def test_an_observer_that_raises_costs_one_tick() -> None:
    """The schedule goes on and the tick counts as missed."""
    observer = Broken(1)
    sampler = Sampler("hub", [], observer, SystemClock(), 0.02)
    sampler.start()
    assert observer.enough.wait(10)
    sampler.close()
    assert observer.ticks.missed >= 1
    assert observer.ticks.done == len(observer.samples)


def test_a_lasting_failure_is_logged_when_it_begins_and_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Not each second."""
    observer = Broken(4)
    sampler = Sampler("hub", [], observer, SystemClock(), 0.02)
    with caplog.at_level("INFO", logger="monitor.engine.sampler"):
        sampler.start()
        assert observer.enough.wait(10)
        sampler.close()
    assert [record.message for record in caplog.records] == ["tick failed", "ticks succeed again"]


def test_a_metric_has_one_owner(started: Callable) -> None:
    """What the process is watched for comes from the process, and is missing while the process cannot be seen."""
    target = [reading(memory_mb=500.0, cpu_utilization=90.0, queue_depth=3.0)] * 4
    sampler, observer = started(
        ScriptedSource(target),
        ScriptedSource(
            [
                reading(memory_mb=20.0, cpu_utilization=1.0),
                reading(memory_mb=21.0),
                SourceError("process 7 has ended"),
            ],
            "process",
            metrics={"memory_mb", "cpu_utilization"},
        ),
    )
    for second in range(3):
        sampler.sample(1000.0 + second)
    assert [sample.values.get("memory_mb") for sample in observer.samples] == [20.0, 21.0, None]
    assert [sample.values.get("cpu_utilization") for sample in observer.samples] == [1.0, None, None]
    assert [sample.values["queue_depth"] for sample in observer.samples] == [3.0] * 3


def test_owning_does_not_depend_on_the_order_of_sources(started: Callable) -> None:
    """A source that owns nothing adds to what nobody owns."""
    sampler, observer = started(
        ScriptedSource([reading(memory_mb=20.0)], "process", metrics={"memory_mb"}),
        ScriptedSource([reading(memory_mb=500.0, queue_depth=3.0)]),
    )
    sampler.sample(1000.0)
    values = observer.samples[0].values
    assert (values["memory_mb"], values["queue_depth"]) == (20.0, 3.0)


@pytest.mark.parametrize("watches", [True, False])
def test_the_final_reading_makes_the_last_sample(watches: bool) -> None:
    """The source is not asked again; its last words are told, whether or not it knows if the target answers."""
    collected = Collected()
    last = Reading({"latency_ms": 2.0}, remark="the end", final=True)
    source = ScriptedSource([Reading({"latency_ms": 1.0}), last], watches_target=watches, metrics=["latency_ms"])
    sampler = Sampler("hub", [source], collected, SystemClock(), 0.01)
    sampler.start()
    sampler._thread.join(20)
    sampler.close()
    assert [one.values["latency_ms"] for one in collected.samples] == [1.0, 2.0]
    assert (collected.samples[-1].final, collected.samples[-1].remark) == (True, "the end")
    assert source.closed
