"""A baseline as one JSON document: what is kept on disk, exported and imported."""

from collections.abc import Mapping
from typing import Final

import orjson
from pydantic import TypeAdapter, ValidationError

from monitor.core.baseline import COMPARED, Baseline
from monitor.core.errors import InvalidInputError

FORMAT: Final = "hub-monitor-baseline"
VERSION: Final = 1
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
    """Refuse what no recording can have made; JSON has no infinities, so numbers are finite already."""
    for metric, one in baseline.metrics.items():
        at = f"baseline.metrics.{metric}"
        if metric not in COMPARED:
            raise InvalidInputError(at, f"must be one of {', '.join(COMPARED)}")
        reference = one.reference
        if not (one.mean > 0 and one.model.reference > 0):
            raise InvalidInputError(f"{at}.mean", "must be above 0")
        if not (reference.seconds > 0 and reference.mean > 0 and reference.degrees > 0 and reference.batch > 0):
            raise InvalidInputError(f"{at}.reference", "must be above 0 throughout")
        if reference.noise < 0 or reference.variance < 0 or not 1 < reference.critical < 12:
            raise InvalidInputError(f"{at}.reference", "has a variance or a critical value that cannot be")
        if len(reference.floor.windows) != len(reference.floor.squares):
            raise InvalidInputError(f"{at}.reference.floor", "needs as many squares as windows")
        if list(reference.floor.windows) != sorted(set(reference.floor.windows)):
            raise InvalidInputError(f"{at}.reference.floor.windows", "must rise")
    if baseline.start > baseline.end:
        raise InvalidInputError("baseline.start", "must not be after the end")
    if not baseline.error_effect >= 1:
        raise InvalidInputError("baseline.error_effect", "must be 1 or more")
    return baseline
