"""A monitor that is fed by hand, and a reading of Dash trees and patches."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import pytest
from dash.development.base_component import Component

from builders import monitor, shelf
from fakes import ManualClock
from monitor.core.histogram import BUCKETS, RELATIVE_WIDTH, Histogram
from monitor.core.metric import COLUMNS
from monitor.core.sample import Sample
from monitor.core.snapshot import Snapshot, Ticks
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.viewers import Viewers
from monitor.ui.page import Page

START_MS = 1_700_000_000_000


def ordinary(second: int) -> dict[str, float]:
    """Every metric, in its range, moving a little."""
    values = {metric: 40.0 + (second * 7 + place) % 11 for place, metric in enumerate(COLUMNS)}
    values["compression_ratio"] = 3.8
    return values


class Feeder:
    """Gives a monitor one sample per second of its own time."""

    def __init__(self, epoch: str = "run-1") -> None:
        clock = ManualClock(wall=START_MS / 1000, monotonic=0.0)
        self.shelf, archive = shelf()
        self.writer = HistoryWriter(self.shelf, archive, clock, 1.0)
        self.monitor = monitor(clock, 7200, Viewers(10), writer=self.writer, target="orders", epoch=epoch)
        self.second = 0

    def observe(self, values: Mapping[str, float] | None = None, **changes: Any) -> Snapshot:
        """Feed one sample and return the snapshot that it made."""
        self.second += 1
        sample: dict[str, Any] = {
            "target": "orders",
            "timestamp": START_MS + 1000 * self.second,
            "at": float(self.second),
            "lateness": 0.0,
            "values": ordinary(self.second) if values is None else values,
            "latency": Histogram(np.ones(BUCKETS), 3.0),
            "latency_width": RELATIVE_WIDTH,
            "answered": True,
            "started_at": START_MS / 1000 - 100,
            "switches": {"message_batching": True, "memory_pools": False},
            "switchable": frozenset({"message_batching", "memory_pools"}),
        }
        self.monitor.observe(Sample(**(sample | changes)), Ticks(self.second, 0, 0))
        snapshot = self.monitor.snapshot
        assert snapshot is not None
        return snapshot

    def nothing(self) -> Snapshot:
        """Feed a sample in which nothing at all could be seen."""
        return self.observe({}, latency=None, answered=None, started_at=None, switches={}, switchable=frozenset())


@pytest.fixture
def feeder() -> Feeder:
    return Feeder()


@pytest.fixture
def new_feeder() -> Callable[..., Feeder]:
    return Feeder


@pytest.fixture
def page() -> Page:
    return Page(target="orders", settings={"port": "8081", "token": "(set)"})


def walk(tree: Any) -> Iterator[Component]:
    """Yield every component of a Dash tree."""
    if isinstance(tree, Component):
        yield tree
        children = getattr(tree, "children", None)
        for child in children if isinstance(children, (list, tuple)) else [children]:
            yield from walk(child)


@pytest.fixture
def components() -> Callable[[Any], list[Component]]:
    return lambda tree: list(walk(tree))


class Screen:
    """What a browser holds after the patches that it applied, by the rules of the patch contract."""

    def __init__(self) -> None:
        self.epoch: str | None = None
        self.seq = 0
        self.props: dict[str, dict[str, Any]] = {}
        self.axes: dict[str, list[float]] = {}
        self.points: dict[int, list[list[float | None]]] = {}

    def apply(self, patch: bytes) -> dict[str, Any]:
        """Apply one patch and return it decoded."""
        decoded: dict[str, Any] = orjson.loads(patch)
        if decoded["from"] is None:
            self.props, self.axes, self.points = {}, {}, {}
        else:
            assert decoded["epoch"] == self.epoch
            assert decoded["from"] <= self.seq <= decoded["seq"]
        self.epoch, self.seq = decoded["epoch"], decoded["seq"]
        for element, properties in decoded["props"].items():
            self.props.setdefault(element, {}).update(properties)
        self.axes.update(decoded["axes"])
        points = decoded["points"]
        for row, moment in enumerate(points["t"]):
            if moment > max(self.points, default=0):
                self.points[moment] = [
                    trace[row] for chart in sorted(points) if chart != "t" for trace in points[chart]
                ]
        return decoded

    def last(self, seconds: int) -> dict[int, list[list[float | None]]]:
        """Return the points of the newest `seconds`."""
        newest = max(self.points, default=0)
        return {moment: row for moment, row in self.points.items() if moment > newest - 1000 * seconds}


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def new_screen() -> Callable[[], Screen]:
    return Screen
