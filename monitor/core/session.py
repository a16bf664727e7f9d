"""A session as lines of JSON: a header, then one line per sample, of what the sources said.

The header is `{"format", "version", "target", "interval_ms", "metrics"}`. A sample has its moment `t`
(epoch ms), a value or null per metric of the header, and what else was said; what is not there was not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import numpy as np
import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitor.core.errors import InvalidInputError
from monitor.core.histogram import BUCKETS, EDGES, Histogram
from monitor.core.metric import COLUMN, COLUMNS
from monitor.core.sample import Reading, Sample

FORMAT: Final = "hub-monitor-recording"
VERSION: Final = 1
MOST_SAMPLES: Final = 604_800
"""A week at one a second."""
LINE_BYTES: Final = 65_536
"""No line is longer."""
_LATEST: Final = 4_102_444_800_000

_Count = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]
_Text = Annotated[str, Field(max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(_Strict):
    """Who was recorded, how often, and which metrics the values of each line are, in their order."""

    target: Annotated[str, Field(min_length=1, max_length=200)]
    interval_ms: Annotated[int, Field(ge=1000, le=60_000)]
    metrics: Annotated[tuple[str, ...], Field(max_length=1000)] = COLUMNS


class _Latency(_Strict):
    counts: dict[Annotated[int, Field(ge=0, lt=BUCKETS)], _Count]
    overflow: _Count = 0.0
    total: _Finite | None = None
    edges: Annotated[tuple[_Finite, ...], Field(max_length=1000)] | None = None


class _Line(_Strict):
    t: Annotated[int, Field(ge=0, le=_LATEST)]
    values: tuple[_Finite | None, ...]
    answered: bool | None = None
    errors: dict[_Text, _Text] = {}
    latency: _Latency | None = None
    latency_width: _Finite | None = None
    started_at: _Finite | None = None
    switches: dict[_Text, bool] = {}
    switchable: tuple[_Text, ...] = ()
    cpu_of_one_core: bool = False
    remark: _Text = ""


@dataclass(frozen=True, slots=True)
class SessionSample:
    """A sample as the reading of a source: `timestamp` epoch ms; `asked` tells whether the target was asked."""

    timestamp: int
    asked: bool
    reading: Reading


def header_line(header: Header) -> bytes:
    """Return the first line."""
    return orjson.dumps({"format": FORMAT, "version": VERSION, **header.model_dump()}) + b"\n"


def read_header(line: bytes) -> Header:
    """Read the first line; raises InvalidInputError that names the field and its rule."""
    try:
        content = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise InvalidInputError("format", f"must be {FORMAT!r}; the line is not JSON") from None
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise InvalidInputError("format", f"must be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise InvalidInputError("version", f"must be {VERSION}; the file is of another version of the program")
    try:
        return Header.model_validate_json(
            orjson.dumps({name: value for name, value in content.items() if name not in {"format", "version"}})
        )
    except ValidationError as error:
        raise _invalid(error) from None


def sample_line(sample: Sample, metrics: Sequence[str] = COLUMNS) -> bytes:
    """Return a sample's line. What is no number becomes null."""
    line: dict[str, Any] = {"t": sample.timestamp, "values": [sample.values.get(metric) for metric in metrics]}
    said = {
        "answered": sample.answered,
        "errors": dict(sample.errors),
        "latency": None if sample.latency is None else _latency(sample.latency),
        "latency_width": sample.latency_width,
        "started_at": sample.started_at,
        "switches": dict(sample.switches),
        "switchable": sorted(sample.switchable),
        "cpu_of_one_core": sample.cpu_of_one_core,
        "remark": sample.remark,
    }
    line.update((name, value) for name, value in said.items() if value or (value is False and name == "answered"))
    return orjson.dumps(line, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS) + b"\n"


def read_sample(line: bytes, header: Header) -> SessionSample:
    """Read a sample's line; raises InvalidInputError that names the field and its rule."""
    try:
        content = _Line.model_validate_json(line)
    except ValidationError as error:
        raise _invalid(error) from None
    if len(content.values) != len(header.metrics):
        raise InvalidInputError("values", f"must have {len(header.metrics)} entries, as the header has metrics")
    named = zip(header.metrics, content.values, strict=True)
    failures = [f"{source}: {reason}" for source, reason in content.errors.items()]
    down = content.answered is False
    reading = Reading(
        values={metric: value for metric, value in named if value is not None and metric in COLUMN},
        latency=None if content.latency is None else _histogram(content.latency),
        latency_width=content.latency_width,
        error=("; ".join(failures) or "no answer") if down else None,
        started_at=content.started_at,
        switches=content.switches,
        switchable=frozenset(content.switchable),
        cpu_of_one_core=content.cpu_of_one_core,
        remark=content.remark or ("" if down else "; ".join(failures)),
    )
    return SessionSample(content.t, content.answered is not None, reading)


def _latency(histogram: Histogram) -> dict[str, Any]:
    filled = np.flatnonzero(histogram.counts)
    latency: dict[str, Any] = {
        "counts": dict(zip(filled.tolist(), histogram.counts[filled].tolist(), strict=True)),
        "overflow": histogram.overflow,
        "total": histogram.total,
    }
    return latency if histogram.edges == EDGES else latency | {"edges": list(histogram.edges)}


def _histogram(latency: _Latency) -> Histogram:
    counts = np.zeros(BUCKETS)
    counts[list(latency.counts)] = list(latency.counts.values())
    total = np.nan if latency.total is None else latency.total
    return Histogram(counts, total, latency.overflow, EDGES if latency.edges is None else latency.edges)


def _invalid(error: ValidationError) -> InvalidInputError:
    first = error.errors(include_url=False, include_input=False)[0]
    rule = first["msg"]
    return InvalidInputError(".".join(map(str, first["loc"])) or "line", rule[0].lower() + rule[1:])
