"""`.venv/bin/python -m benchmarks.alerting`: what rules cost, and what a storm of alerts does to a tick.

The real store on the real disk. Fifty rules are watched with calm, with bad and with alternating values; then
2,000 rules alternate for ten seconds, which makes 10,000 alerts and their ends.
"""

import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks.monitor import build_monitor
from monitor.core.rule import Condition, Origin, Rule, Severity
from monitor.core.sample import Sample
from monitor.core.snapshot import Ticks
from monitor.engine.alerting import Alerting
from monitor.engine.clock import SystemClock
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Clock

RULES: Final = 50
STORM_RULES: Final = 2000
STORM_TICKS: Final = 10
TICKS: Final = 300
_AT_ONCE: Final = {"for_seconds": 0.0, "keep_firing_seconds": 0.0, "cooldown_seconds": 0.0}
_CALM, _BAD = 20.0, 400.0


class _Seconds:
    """A clock of which each tick is a second, on top of the machine's."""

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._ahead = 0.0

    def wall(self) -> float:
        return self._base.wall() + self._ahead

    def monotonic(self) -> float:
        return self._base.monotonic() + self._ahead

    def tick(self) -> None:
        self._ahead += 1.0


def _rules(count: int, settings: Mapping[str, float] = MappingProxyType({})) -> list[Rule]:
    return [
        Rule(
            f"rule-{number}",
            f"Rule {number}",
            "latency_ms",
            Condition.ABOVE,
            100.0 + number / 100.0,
            Severity.WARNING,
            origin=Origin.FILE,
            **settings,
        )
        for number in range(count)
    ]


def _observed(monitor: Monitor, clock: _Seconds, count: int, value: Callable[[int], float]) -> list[float]:
    """Return the CPU ms of each of `count` ticks in the thread that does them."""
    times = []
    for number in range(count):
        clock.tick()
        sample = Sample(
            monitor.target,
            round(clock.wall() * 1000),
            clock.monotonic(),
            0.0,
            {"latency_ms": value(number), "throughput_ops_sec": 1000.0},
            answered=True,
        )
        began = time.thread_time()
        monitor.observe(sample, Ticks(number, 0, 0))
        times.append((time.thread_time() - began) * 1000.0)
    return times


def _made(folder: Path, clock: _Seconds, rules: Sequence[Rule]) -> Monitor:
    monitor = build_monitor("hub", folder, clock, 3600)
    monitor.alerting = Alerting("hub", monitor.writer, clock, 1.0, rules=rules)
    monitor.writer.open()
    monitor.alerting.start()
    monitor.writer.start()
    return monitor


def measure() -> dict[str, Any]:
    """Return CPU ms per tick by what is watched, and what the storm came to."""
    report: dict[str, Any] = {"ticks": {}}
    cases: dict[str, tuple[list[Rule], Callable[[int], float]]] = {
        "no rule but the program's": ([], lambda _: _CALM),
        f"{RULES} rules, calm": (_rules(RULES - 8), lambda _: _CALM),
        f"{RULES} rules, all of them bad": (_rules(RULES - 8), lambda _: _BAD),
        f"{RULES} rules, an alert of each in every other tick": (
            _rules(RULES - 8, _AT_ONCE),
            lambda number: (_CALM, _BAD)[number % 2],
        ),
    }
    for name, (rules, value) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            clock = _Seconds(SystemClock())
            monitor = _made(Path(folder), clock, rules)
            report["ticks"][name] = _observed(monitor, clock, TICKS, value)
            monitor.writer.close()
    with tempfile.TemporaryDirectory() as folder:
        clock = _Seconds(SystemClock())
        monitor = _made(Path(folder), clock, _rules(STORM_RULES, _AT_ONCE))
        storm: list[float] = []
        for number in range(STORM_TICKS):
            due = time.monotonic() + 1.0
            storm += _observed(monitor, clock, 1, lambda _, bad=number % 2 == 0: _BAD if bad else _CALM)
            time.sleep(max(0.0, due - time.monotonic()))
        report["storm"] = storm
        report["storm_alerts"] = STORM_RULES * STORM_TICKS // 2
        report["waiting"] = monitor.writer.state.waiting
        monitor.writer.close()
    return report


if __name__ == "__main__":
    print(json.dumps(measure()))
