"""The lines of a session."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest

from builders import sample
from fakes import ManualClock
from monitor.core.errors import InvalidInputError
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMNS
from monitor.core.session import Header, header_line, read_header, read_sample, sample_line

HEADER = Header(target="hub", interval_ms=1000)


def test_a_line_says_all_that_the_sources_said() -> None:
    """To the last digit; what was not said is not in it."""
    counts = np.zeros(BUCKETS)
    counts[[3, 40]] = 7.5, 1 / 3
    said = replace(
        sample(
            {"latency_ms": 0.1 + 0.2, "memory_mb": 60.0, "throughput_ops_sec": math.nan},
            clock=ManualClock(),
            latency=Histogram(counts, math.nan, 2.0, (0.001, 0.25)),
            switches={"message_batching": False},
        ),
        latency_width=0.245,
        started_at=1_699_999_999.5,
        cpu_of_one_core=True,
        errors={"host": "cannot be read"},
    )
    read = read_sample(sample_line(said), HEADER)
    assert (read.timestamp, read.asked) == (said.timestamp, True)
    assert read.reading.values == {"latency_ms": 0.1 + 0.2, "memory_mb": 60.0}
    assert read.reading.latency is not None
    np.testing.assert_array_equal(read.reading.latency.counts, counts)
    assert (read.reading.latency.overflow, read.reading.latency.edges) == (2.0, (0.001, 0.25))
    assert math.isnan(read.reading.latency.total)
    for name in ("latency_width", "started_at", "switches", "switchable", "cpu_of_one_core"):
        assert getattr(read.reading, name) == getattr(said, name), name
    assert (read.reading.error, read.reading.remark) == (None, "host: cannot be read")
    silent = orjson.loads(sample_line(sample({}, clock=ManualClock(), answered=None)))
    assert set(silent) == {"t", "values"}


def test_a_target_that_did_not_answer_does_not_answer_again() -> None:
    """For the same reason; one that nobody asked is not asked."""
    down = sample({"host_cpu": 3.0}, clock=ManualClock(), answered=False, errors={"target": "refused"})
    read = read_sample(sample_line(down), HEADER)
    assert (read.reading.error, dict(read.reading.values)) == ("target: refused", {"host_cpu": 3.0})
    assert not read_sample(sample_line(sample({}, clock=ManualClock(), answered=None)), HEADER).asked


def test_a_header_comes_back() -> None:
    """With metrics that a later version may have; those unknown here are passed over."""
    header = Header(target="hub", interval_ms=2000, metrics=("latency_ms", "of_tomorrow"))
    assert read_header(header_line(header)) == header
    line = orjson.dumps({"t": 5, "values": [1.5, 2.5]})
    assert read_sample(line, header).reading.values == {"latency_ms": 1.5}


GOOD: dict[str, Any] = {"t": 5, "values": [None] * len(COLUMNS)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"t": "yesterday"}, "t"),
        ({"t": -1}, "t"),
        ({"values": [1.0]}, "values"),
        ({"values": ["x"] * len(COLUMNS)}, "values.0"),
        ({"latency": {"counts": {"64": 1.0}}}, "latency.counts"),
        ({"latency": {"counts": {"1": -1.0}}}, "latency.counts"),
        ({"switches": {"x": 5}}, "switches"),
        ({"more": 1}, "more"),
    ],
)
def test_a_bad_line_names_its_field(change: dict[str, Any], field: str) -> None:
    """And the rule."""
    with pytest.raises(InvalidInputError) as error:
        read_sample(orjson.dumps(GOOD | change), HEADER)
    assert error.value.field.startswith(field)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"timestamp_utc,latency_ms [ms]\n", "format"),
        (b"[]\n", "format"),
        (b'{"format": "hub-monitor-recording", "version": 2}\n', "version"),
        (b'{"format": "hub-monitor-recording", "version": 1, "target": "x", "interval_ms": 5}\n', "interval_ms"),
        (b'{"format": "hub-monitor-recording", "version": 1, "interval_ms": 1000}\n', "target"),
    ],
)
def test_a_bad_header_names_its_field(line: bytes, field: str) -> None:
    """Another file than a session is told by its format."""
    with pytest.raises(InvalidInputError) as error:
        read_header(line)
    assert error.value.field == field


def test_not_json_is_said() -> None:
    """Not a traceback, and no number that JSON does not have."""
    for line in (b"{", b"null", b"\xff", orjson.dumps(GOOD).replace(b"null", b"NaN", 1)):
        with pytest.raises(InvalidInputError):
            read_sample(line, HEADER)
