"""Which of a target's series make which metric."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from typing import Final

from monitor.core.errors import SettingsError
from monitor.core.metric import METRIC, METRICS

PRESETS: Final = ("hub", "http", "vllm")
"""The presets that come along."""
OWN: Final = "map"
"""The preset that has nothing but what `[map]` says."""

LATENCY: Final = "latency_ms"
CPU: Final = "cpu_utilization"
WORKER_CPU: Final = "worker_cpu"
SWITCHES: Final = "switches"
STARTED_AT: Final = "started_at"
_EACH: Final = frozenset({WORKER_CPU, SWITCHES})
_DERIVED: Final = frozenset(
    {
        "latency_p50_ms",
        "latency_p95_ms",
        "latency_p99_ms",
        "failed_ops_sec",
        "answered",
        "optimization_score",
        "worker_imbalance",
    }
    | {metric for metric in METRIC if metric.startswith("worker_cpu_")}
)
KEYS: Final = frozenset(
    {metric.id for metric in METRICS if metric.of_target} - _DERIVED | {WORKER_CPU, SWITCHES, STARTED_AT}
)
"""What a map may have as keys: the metrics that are not derived from others, and three that fill more than one."""

_FAMILY: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,127}", re.ASCII)
_LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,127}", re.ASCII)
_OPTIONS: Final = frozenset({"labels", "scale", "combine", "each", "per"})


class Kind(StrEnum):
    """How a series is read."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


class Combine(StrEnum):
    """What is made of several series of one gauge."""

    SUM = "sum"
    MEAN = "mean"
    MAX = "max"


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """The series of one family whose labels match; a pattern matches a whole value, a missing label is empty.

    Selectors are keys in each scrape, so they compare by identity, which is quick.
    """

    kind: Kind
    family: str
    labels: tuple[tuple[str, re.Pattern[str]], ...]
    combine: Combine

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the series that it reads."""
        if self.kind is Kind.HISTOGRAM:
            return self.family + "_bucket", self.family + "_sum"
        return (self.family,)

    def matches(self, name: str, labels: Mapping[str, str]) -> bool:
        """Tell whether a series belongs to it."""
        return name in self.names and all(
            pattern.fullmatch(labels.get(label, "")) is not None for label, pattern in self.labels
        )


@dataclass(frozen=True, slots=True)
class Divisor:
    """What a rule divides by; `otherwise` stands for it where the target has no such series."""

    selector: Selector
    otherwise: float | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One metric (or what fills several) from a selector, divided by others, times `scale`.

    `scale` leads from the target's unit to the Prometheus base unit. `each` is the label whose values are kept
    apart.
    """

    selector: Selector
    per: tuple[Divisor, ...]
    scale: float
    each: str | None


@dataclass(frozen=True, slots=True)
class Preset:
    """Rules by key of KEYS; of several for one key the first counts whose series the target has."""

    name: str
    rules: Mapping[str, tuple[Rule, ...]]

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """Return every selector once, in a fixed order."""
        found: dict[Selector, None] = {}
        for alternatives in self.rules.values():
            for rule in alternatives:
                found[rule.selector] = None
                found.update(dict.fromkeys(divisor.selector for divisor in rule.per))
        return tuple(found)


def load_preset(name: str, mapping: Mapping[str, object] | None = None) -> Preset:
    """Return a preset with the rules of `mapping` (the table `[map]`) in place of its own for the same keys.

    Raises SettingsError that names the key and the rule it breaks.
    """
    if name not in (*PRESETS, OWN):
        near = get_close_matches(name, (*PRESETS, OWN), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SettingsError(f"preset: {name!r} is not one of {', '.join((*PRESETS, OWN))}{hint}")
    if name == OWN and not mapping:
        raise SettingsError(f"preset: {OWN!r} needs a table [map] with at least one metric")
    rules: dict[str, tuple[Rule, ...]] = {}
    if name != OWN:
        text = files("monitor.sources").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
        rules.update(_rules(tomllib.loads(text)))
    rules.update(_rules(mapping or {}))
    return Preset(name, rules)


def _rules(mapping: Mapping[str, object]) -> dict[str, tuple[Rule, ...]]:
    return {key: _alternatives(key, value) for key, value in mapping.items()}


def _alternatives(key: str, value: object) -> tuple[Rule, ...]:
    at = f"map.{key}"
    if key not in KEYS:
        if key in _DERIVED:
            raise SettingsError(f"{at}: is derived from other metrics and cannot be mapped")
        near = get_close_matches(key, KEYS, 1)
        raise SettingsError(f"{at}: is not a metric" + (f"; did you mean {near[0]!r}?" if near else ""))
    tables = value if isinstance(value, list) else [value]
    if not tables:
        raise SettingsError(f"{at}: must have at least one table")
    return tuple(
        _rule(f"{at}[{index}]" if isinstance(value, list) else at, key, _table(at, table))
        for index, table in enumerate(tables)
    )


def _rule(at: str, key: str, table: Mapping[str, object]) -> Rule:
    selector = _selector(at, table, _OPTIONS)
    if selector.kind is Kind.HISTOGRAM and key != LATENCY:
        raise SettingsError(f"{at}.histogram: only {LATENCY} can be read from a histogram")
    each = table.get("each")
    if (each is not None) != (key in _EACH):
        word = "needs" if key in _EACH else "cannot have"
        raise SettingsError(f"{at}.each: {key} {word} a label to tell its series apart")
    if each is not None and not (isinstance(each, str) and _LABEL.fullmatch(each)):
        raise SettingsError(f"{at}.each: must be the name of a label")
    expected = {WORKER_CPU: Kind.COUNTER, SWITCHES: Kind.GAUGE, STARTED_AT: Kind.GAUGE}.get(key, selector.kind)
    if selector.kind is not expected:
        raise SettingsError(f"{at}: {key} must be read from a {expected}")
    per = table.get("per", [])
    divisors = tuple(
        _divisor(f"{at}.per", _table(f"{at}.per", one)) for one in (per if isinstance(per, list) else [per])
    )
    if divisors and (selector.kind is Kind.HISTOGRAM or key in {*_EACH, STARTED_AT}):
        raise SettingsError(f"{at}.per: {key} cannot be divided")
    return Rule(selector, divisors, _number(f"{at}.scale", table.get("scale", 1)), each)


def _divisor(at: str, table: Mapping[str, object]) -> Divisor:
    selector = _selector(at, table, frozenset({"labels", "combine", "otherwise"}))
    if selector.kind is Kind.HISTOGRAM:
        raise SettingsError(f"{at}.histogram: divide by a counter or a gauge")
    otherwise = table.get("otherwise")
    return Divisor(selector, None if otherwise is None else _number(f"{at}.otherwise", otherwise))


def _selector(at: str, table: Mapping[str, object], options: frozenset[str]) -> Selector:
    kinds = [kind for kind in Kind if kind in table]
    if len(kinds) != 1:
        raise SettingsError(f"{at}: needs exactly one of {', '.join(Kind)}")
    for option in table:
        if option not in options and option not in kinds:
            near = get_close_matches(option, options, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"{at}.{option}: is not an option of a metric{hint}")
    kind = kinds[0]
    family = table[kind]
    if not isinstance(family, str) or not _FAMILY.fullmatch(family):
        raise SettingsError(f"{at}.{kind}: must be the name of a Prometheus metric")
    combine = table.get("combine", Combine.SUM)
    if combine not in tuple(Combine):
        raise SettingsError(f"{at}.combine: must be one of {', '.join(Combine)}")
    if combine != Combine.SUM and kind is not Kind.GAUGE:
        raise SettingsError(f"{at}.combine: series of a {kind} can only be summed")
    labels = tuple(
        _label(f"{at}.labels.{label}", label, value)
        for label, value in _table(f"{at}.labels", table.get("labels", {})).items()
    )
    return Selector(kind, family, labels, Combine(str(combine)))


def _label(at: str, label: str, value: object) -> tuple[str, re.Pattern[str]]:
    """Read a label's condition: its value, or `~` and a regular expression for the whole value."""
    if not _LABEL.fullmatch(label):
        raise SettingsError(f"{at}: is not the name of a label")
    if not isinstance(value, str):
        raise SettingsError(f"{at}: must be a string")
    if not value.startswith("~"):
        return label, re.compile(re.escape(value))
    try:
        return label, re.compile(value[1:])
    except re.error as error:
        raise SettingsError(f"{at}: is not a regular expression ({error.msg})") from None


def _table(at: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{at}: must be a table")
    return value


def _number(at: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e18:
        raise SettingsError(f"{at}: must be a number above 0")
    return float(value)
