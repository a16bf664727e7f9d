"""Values for tests, made the way the program makes them."""

import random
from collections.abc import Callable, Mapping
from functools import cache

from fakes import BaselineShelf, Cabinet, HistoryShelf, ManualClock, Notebook, ProofSlip, Slip
from monitor.core.channel_settings import ChannelKind
from monitor.core.histogram import Histogram
from monitor.core.sample import Sample
from monitor.core.snapshot import Snapshot, Ticks
from monitor.core.window import Window
from monitor.engine.alerting import Alerting
from monitor.engine.delivery import Delivery
from monitor.engine.experiment import Experiment
from monitor.engine.experiment_setup import ExperimentSetup
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.latency_history import LatencyHistory
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock, Sender, Switchboard
from monitor.engine.prover import Prover
from monitor.engine.viewers import Viewers


def monitor(
    clock: Clock | None = None,
    capacity: int = 86_400,
    viewers: Viewers | None = None,
    switchboard: Switchboard | None = None,
    writer: HistoryWriter | None = None,
    alerting: Alerting | None = None,
    *,
    target: str = "hub",
    epoch: str = "e1",
) -> Monitor:
    """Build a Monitor of one second's interval."""
    clock = clock or ManualClock()
    window = Window(capacity)
    latency = LatencyHistory(24 * 60)
    made = experiment(window, latency)
    return Monitor(
        target=target,
        epoch=epoch,
        interval=1.0,
        window=window,
        latency=latency,
        experiment=made,
        prover=prover(made, switchboard),
        alerting=alerting or Alerting(target, Notebook(), clock, 1.0),
        writer=writer or HistoryWriter(*shelf(), clock, 1.0),
        clock=clock,
        viewers=viewers or Viewers(100),
    )


def delivery(senders: Mapping[ChannelKind, Sender], clock: Clock) -> Delivery:
    """Build a Delivery that is not started: it sends test messages alone."""
    return Delivery(senders, Cabinet(), clock, chance(), target="hub", link="http://localhost:8081/")


def shelf() -> tuple[HistoryShelf, HistoryShelf]:
    """Make a store in memory, and what reads it."""
    made = HistoryShelf()
    return made, made


def experiment(window: Window, latency: LatencyHistory) -> Experiment:
    """Build an Experiment that keeps nothing beyond its life."""
    return Experiment(
        ExperimentSetup("hub", window, latency, 1000, warm_up=5),
        store=BaselineShelf(),
        entries=Notebook(),
        notes=Slip(),
    )


def chance(seed: int = 1) -> random.Random:
    """Make chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - nothing secret hangs on it


def prover(experiment: Experiment, switchboard: Switchboard | None = None) -> Prover:
    """Build a Prover that is not started: it switches nothing by itself."""
    return Prover(switchboard, interval=1.0, warm_up=2, keep=experiment.keep, notes=ProofSlip(), chance=chance())


def sample(
    values: Mapping[str, float] | None = None,
    *,
    clock: ManualClock,
    latency: Histogram | None = None,
    answered: bool | None = True,
    errors: Mapping[str, str] | None = None,
    switches: Mapping[str, bool] | None = None,
) -> Sample:
    """Build a sample of the clock's moment."""
    return Sample(
        target="hub",
        timestamp=round(clock.wall() * 1000),
        at=clock.monotonic(),
        lateness=0.0,
        values=values or {},
        answered=answered,
        errors=errors or {},
        latency=latency,
        switches=switches or {},
        switchable=frozenset(switches or {}),
    )


def feed_samples(
    made: Monitor, clock: ManualClock, count: int, values: Callable[[int], Mapping[str, float]]
) -> None:
    """Let `count` seconds pass, each with the values of its number (0, 1, ...)."""
    for number in range(count):
        clock.advance(1.0)
        made.observe(sample(values(number), clock=clock), Ticks(number + 1, 0, 0))


@cache
def _all_snapshots() -> tuple[Snapshot, ...]:
    clock = ManualClock()
    made = monitor(clock)
    collected: list[Snapshot] = []
    for number in range(400):
        clock.advance(1.0)
        made.observe(sample({"throughput_ops_sec": float(number)}, clock=clock), Ticks(number + 1, 0, 0))
        latest = made.snapshot
        assert latest is not None
        collected.append(latest)
    return tuple(collected)


def snapshots(count: int) -> list[Snapshot]:
    """Return the first `count` snapshots of one run."""
    return list(_all_snapshots()[:count])
