"""A baseline as one JSON document: what is kept on disk, exported and imported."""

from collections.abc import Mapping
from typing import Final

import orjson
from pydantic import TypeAdapter, ValidationError

from monitor.core.baseline import COMPARED, Baseline
from monitor.core.errors import InvalidInputError
from monitor.core.line import is_line
from monitor.core.metric_baseline import LEAST_MATCH, LEAST_MEAN, MOST_MEAN, MetricBaseline
from monitor.core.rollup import MINUTE_MS
from monitor.core.tail import LARGEST_BOUND

FORMAT: Final = "hub-monitor-baseline"
VERSION: Final = 1
NAME_LENGTH: Final = 80
NOTE_LENGTH: Final = 500
_ID_LENGTH: Final = 32
_MOST_TEXTS: Final = 20
_LARGEST: Final = 1e30
_ROUNDING: Final = 1.0 + 1e-9
_LATEST: Final = 4_102_444_800_000
_CRITICAL: Final = 12.0
_MOST_PERCENT: Final = 100.0
_BASELINE: Final = TypeAdapter(Baseline)


def to_json(baseline: Baseline) -> bytes:
    """Return the document, readable by people."""
    document = {"format": FORMAT, "version": VERSION, "baseline": baseline}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def from_json(document: bytes) -> Baseline:
    """Read a document; raises InvalidInputError that names the field and its rule."""
    try:
        content = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise InvalidInputError("body", "is not JSON") from None
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise InvalidInputError("format", f"must be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise InvalidInputError("version", f"must be {VERSION}; the file is of another version of the program")
    try:
        baseline = _BASELINE.validate_python(content.get("baseline"))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(("baseline", *map(str, first["loc"])))
        raise InvalidInputError(field, first["msg"][0].lower() + first["msg"][1:]) from None
    return _checked(baseline)


def _checked(baseline: Baseline) -> Baseline:
    """Refuse what no recording can have made: whatever is let in here is computed with at each tick."""
    for name, text, most in (
        ("id", baseline.id, _ID_LENGTH),
        ("name", baseline.name, NAME_LENGTH),
        ("note", baseline.note, NOTE_LENGTH),
        ("target", baseline.target, NOTE_LENGTH),
    ):
        _require(_is_line(text, most), name, f"must be one line of at most {most} characters")
    for field, texts in (("silent", baseline.silent), ("fingerprint", baseline.fingerprint)):
        lines = [*texts, *texts.values()]
        _require(len(texts) <= _MOST_TEXTS, field, "has too many entries")
        _require(all(_is_line(line, NOTE_LENGTH) for line in lines), field, "must be short lines")
    _require(0 <= baseline.start <= baseline.end < _LATEST, "start", "must not be after the end")
    _require(0 < baseline.seconds <= _LARGEST, "seconds", "must be above 0")
    _require(0 < baseline.interval_ms <= MINUTE_MS, "interval_ms", "must be 1 to 60000")
    _require(1 <= baseline.error_effect <= _LARGEST, "error_effect", "must be 1 or more")
    _require(
        baseline.process_age is None or 0 <= baseline.process_age <= _LARGEST, "process_age", "must be 0 or more"
    )
    if baseline.load is not None:
        _require(
            0 < baseline.load.low <= baseline.load.high <= _LARGEST, "load", "must be above 0, low before high"
        )
        mean = baseline.mean_load
        _require(mean is not None and 0 <= mean <= _LARGEST, "mean_load", "must be 0 or more")
    if baseline.errors is not None:
        counts = baseline.errors
        ordered = 0 <= counts.errors <= _ROUNDING * counts.operations <= _LARGEST and counts.seconds > 0
        _require(ordered, "errors", "must not be more than the operations")
    for metric, one in baseline.metrics.items():
        _require(metric in COMPARED, f"metrics.{metric}", f"must be one of {', '.join(COMPARED)}")
        _check_metric(f"metrics.{metric}", one)
    if baseline.tail is not None:
        _require(0 < baseline.tail.bound <= LARGEST_BOUND, "tail.bound", "must be above 0 seconds")
        _require(baseline.tail.share.mean <= _MOST_PERCENT, "tail.share.mean", "must not be above 100 percent")
        _check_metric("tail.share", baseline.tail.share)
    return baseline


def _check_metric(at: str, one: MetricBaseline) -> None:
    reference = one.reference
    _require(LEAST_MEAN <= one.mean <= MOST_MEAN, f"{at}.mean", "must be above 0")
    _require(0 < one.model.reference <= _LARGEST, f"{at}.model.reference", "must be above 0")
    sane = all(abs(part) <= _LARGEST for part in one.model.coefficients)
    _require(sane, f"{at}.model.coefficients", "cannot be")
    _require(LEAST_MATCH <= reference.mean <= 1.0 / LEAST_MATCH, f"{at}.reference.mean", "must be near 1")
    counts = (reference.seconds, reference.degrees, reference.batch)
    _require(all(0 < count <= _LARGEST for count in counts), f"{at}.reference", "must be above 0 throughout")
    spreads = (reference.noise, reference.variance, *reference.floor.squares)
    _require(
        all(0 <= spread <= _LARGEST for spread in spreads), f"{at}.reference", "has a variance that cannot be"
    )
    _require(0 <= reference.correlation < 1, f"{at}.reference.correlation", "must be 0 to 1")
    _require(1 < reference.critical < _CRITICAL, f"{at}.reference.critical", "cannot be")
    windows = reference.floor.windows
    _require(len(windows) == len(reference.floor.squares), f"{at}.reference.floor", "needs a square per window")
    rising = list(windows) == sorted(set(windows)) and all(0 < window <= _LARGEST for window in windows)
    _require(rising, f"{at}.reference.floor.windows", "must rise from above 0")


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and is_line(text)


def _require(holds: bool, field: str, rule: str) -> None:
    if not holds:
        raise InvalidInputError(f"baseline.{field}", rule)
