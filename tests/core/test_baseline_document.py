"""A baseline as a document: what was recorded is read back, what nobody can have recorded is refused."""

from typing import Any

import numpy as np
import orjson
import pytest

from benchmarks.stats.service import START_MS, Service, baseline
from monitor.core.baseline import freeze
from monitor.core.baseline_document import from_json, to_json
from monitor.core.errors import InvalidInputError
from monitor.core.histogram import BUCKETS, Floats, Histogram
from monitor.core.impact import Impact
from monitor.core.latency_log import LatencyLog
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.window import Rows

MEASURED = ("offered_ops_sec", "throughput_ops_sec", "latency_ms", "cpu_utilization", "memory_mb", "error_rate")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return what an ordinary recording leaves."""
    made: dict[str, Any] = orjson.loads(
        to_json(baseline(Service(errors=0.001).rows(np.random.default_rng(0), 2000, START_MS), 300))
    )
    return made


def anything(random: np.random.Generator, seconds: int) -> Floats:
    """Return a metric of some kind: constant, heavy-tailed, rare, alternating, wandering, growing, with holes."""
    time = np.arange(seconds)
    kinds = (
        np.ones(seconds),
        np.exp(random.normal(size=seconds)),
        random.pareto(1.1, size=seconds),
        (random.random(seconds) < 0.02) * 1.0,
        time % 2 * 1.0,
        np.exp(0.3 * np.cumsum(random.normal(size=seconds))),
        (time / seconds) ** 4,
        np.where(random.random(seconds) < 0.5, np.nan, 1.0 + 0.1 * random.normal(size=seconds)),
    )
    made: Floats = kinds[random.integers(len(kinds))] * 10.0 ** random.uniform(-6, 6)
    return made


@pytest.mark.parametrize("seed", range(60))
def test_whatever_was_recorded_is_read_back_and_compared_with(seed: int) -> None:
    """However odd the service: the next start must not set it aside."""
    random = np.random.default_rng(seed)
    history, seconds = int(random.integers(0, 2000)), int(random.integers(250, 700))
    values = np.full((history + seconds, len(COLUMNS)), np.nan)
    for metric in MEASURED:
        if metric == "latency_ms" or random.random() < 0.75:
            values[:, COLUMN[metric]] = anything(random, history + seconds)
    rows = Rows(np.arange(len(values)), START_MS + 1000 * np.arange(len(values)), values)
    made = freeze(
        identity="b1", name="👩‍💻 before\u00a0it", note="", target="hub", rows=rows.tail(seconds),
        history=[rows[:history]] if history else [], interval_ms=1000, started_at=None, fingerprint={},
    )  # fmt: skip
    assert from_json(to_json(made)) == made
    impact = Impact(made, since=made.end, text="", warm_up=0, interval_ms=1000)
    for number, row in enumerate(values[:40]):
        impact.add(made.end + 1000 * (number + 1), row, None)
        impact.state(made.end + 1000 * (number + 1))


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("baseline.id", "b" * 33, "at most 32"),
        ("baseline.name", "two\nlines", "one line"),
        ("baseline.interval_ms", 0, "1 to 60000"),
        ("baseline.end", 0, "after the end"),
        ("baseline.metrics.latency_ms.mean", 1e-300, "above 0"),
        ("baseline.metrics.latency_ms.reference.mean", 1e9, "near 1"),
        ("baseline.metrics.latency_ms.reference.degrees", 0, "above 0"),
        ("baseline.metrics.latency_ms.reference.variance", -1.0, "variance"),
        ("baseline.metrics.latency_ms.reference.correlation", 1.0, "0 to 1"),
        ("baseline.metrics.latency_ms.model.coefficients", [1e300, 0, 0], "cannot be"),
        ("baseline.errors.errors", 1e12, "more than the operations"),
        ("baseline.load", {"low": 5.0, "high": 1.0}, "low before high"),
        ("baseline.mean_load", "many", "valid number"),
    ],
)
def test_what_no_recording_can_have_made_is_refused_by_name(
    document: dict[str, Any], field: str, value: object, rule: str
) -> None:
    """Whatever is let in is computed with at each tick."""
    hostile = orjson.loads(orjson.dumps(document))
    *path, last = field.split(".")
    place = hostile
    for name in path:
        place = place[name]
    assert last in place
    place[last] = value
    with pytest.raises(InvalidInputError, match=rule) as refused:
        from_json(orjson.dumps(hostile))
    assert refused.value.field.startswith("baseline.")


@pytest.fixture
def with_tail() -> dict[str, Any]:
    """Return what a recording leaves of a target that tells a histogram."""
    rows = Service().rows(np.random.default_rng(0), 400, START_MS)
    log = LatencyLog()
    for at in rows.timestamp.tolist():
        counts = np.zeros(BUCKETS)
        counts[[30, 40]] = 95 + at % 7, 5
        log.append(at, Histogram(counts, 1.0))
    made = freeze(
        identity="b1", name="b", note="", target="hub", rows=rows, history=[], interval_ms=1000, started_at=None,
        fingerprint={}, latency=log.seconds(START_MS, START_MS + 400_000),
    )  # fmt: skip
    assert made.tail is not None
    assert from_json(to_json(made)) == made
    document: dict[str, Any] = orjson.loads(to_json(made))
    return document


def test_a_document_from_before_there_were_tails_is_read(with_tail: dict[str, Any]) -> None:
    """Its baseline has none."""
    del with_tail["baseline"]["tail"]
    assert from_json(orjson.dumps(with_tail)).tail is None


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("tail.bound", 0.0, "above 0 seconds"),
        ("tail.bound", 1e9, "above 0 seconds"),
        ("tail.share.mean", 101.0, "above 100 percent"),
        ("tail.share.reference.mean", 1e9, "near 1"),
    ],
)
def test_a_tail_that_nobody_can_have_recorded_is_refused(
    with_tail: dict[str, Any], field: str, value: float, rule: str
) -> None:
    """By name."""
    *path, last = field.split(".")
    place = with_tail["baseline"]
    for name in path:
        place = place[name]
    place[last] = value
    with pytest.raises(InvalidInputError, match=rule) as refused:
        from_json(orjson.dumps(with_tail))
    assert refused.value.field == f"baseline.{field}"


def test_a_metric_that_is_not_compared_is_refused(document: dict[str, Any]) -> None:
    """Its column would be read all the same."""
    hostile = orjson.loads(orjson.dumps(document))
    hostile["baseline"]["metrics"]["p99_ms"] = hostile["baseline"]["metrics"].pop("latency_ms")
    with pytest.raises(InvalidInputError, match="must be one of"):
        from_json(orjson.dumps(hostile))
