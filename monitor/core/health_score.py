"""How far a target is from what its rules call bad, as one figure whose every deduction is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from monitor.core.histogram import Histogram
from monitor.core.metric import METRIC, PERCENTILES
from monitor.core.rounding import rounded
from monitor.core.rule import Condition, Rule, Severity
from monitor.core.summary import Summary

CAP: Final = 50.0
"""The most that there is while a critical alert is active."""
_EVEN: Final = 70.0
"""Points that all terms share evenly."""
_WORST: Final = 100.0 - _EVEN
"""Points that the worst term has alone."""


@dataclass(frozen=True, slots=True)
class Term:
    """One rule's part: its metric's mean over the last 60 s, between `good` and the threshold `bad`, in its unit.

    `share` is 1 at `good` or better and 0 at `bad` or worse; `points` is what the term takes from 100.
    """

    rule_id: str
    name: str
    metric: str
    mean: float
    good: float
    bad: float
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class HealthScore:
    """`value` is 0..100: what the terms' points and `cap` leave of 100, `cap` being what a critical alert takes.

    `of` is of how many rules there would be terms, were all of their metrics known and all of their guards met.
    """

    value: float
    terms: tuple[Term, ...]
    cap: float
    of: int

    @property
    def capped(self) -> bool:
        """Tell whether it would be more without a critical alert."""
        return self.cap > 0.0

    def document(self) -> dict[str, Any]:
        """Return it as JSON, figures with 4 decimals."""
        return {
            "value": rounded(self.value),
            "capped": self.capped,
            "cap_points": rounded(self.cap),
            "terms": [
                {
                    "rule_id": term.rule_id,
                    "name": term.name,
                    "metric": term.metric,
                    "mean": rounded(term.mean),
                    "good": rounded(term.good),
                    "bad": rounded(term.bad),
                    "share": rounded(term.share),
                    "points": rounded(term.points),
                }
                for term in self.terms
            ],
            "of": self.of,
        }


def last_minute(summaries: Mapping[str, Summary], latency: Histogram) -> dict[str, float]:
    """Return each metric's mean over the last 60 s, in its unit; unknown ones are absent.

    Latencies are those of all operations of the minute, by the merged histogram, where the target has one.
    """
    means = {metric: one.mean for metric, one in summaries.items() if one.mean is not None}
    if latency.mean is not None:
        means["latency_ms"] = 1000.0 * latency.mean
    if latency.count > 0:
        for metric, part in PERCENTILES.items():
            quantile = latency.quantile(part)
            means.pop(metric, None)
            if quantile is not None:
                means[metric] = 1000.0 * quantile.value
    return means


def health_score(rules: Iterable[Rule], means: Mapping[str, float], *, critical: bool) -> HealthScore | None:
    """Return the score, None where no rule can be judged.

    means: of metrics and signals over the last 60 s, unknown ones absent; critical: a critical alert is active.
    Of the rules count those that are enabled, warning or critical, on a metric, above or below. Of their shares u
    the score is 70 mean(u) + 30 min(u), at most 50 while a critical alert is active.
    """
    counted = [rule for rule in rules if _counts(rule)]
    judged = [(rule, means[rule.metric]) for rule in counted if rule.metric in means and _looks(rule, means)]
    if not judged:
        return None
    shares = [_share(rule, mean) for rule, mean in judged]
    worst = shares.index(min(shares))
    terms = tuple(
        Term(
            rule.id,
            rule.name,
            rule.metric,
            mean,
            _good(rule),
            rule.threshold,
            share,
            (1.0 - share) * (_EVEN / len(judged) + (_WORST if place == worst else 0.0)),
        )
        for place, ((rule, mean), share) in enumerate(zip(judged, shares, strict=True))
    )
    value = _EVEN * sum(shares) / len(shares) + _WORST * shares[worst]
    cap = max(value - CAP, 0.0) if critical else 0.0
    return HealthScore(value - cap, terms, cap, len(counted))


def _counts(rule: Rule) -> bool:
    return (
        rule.enabled
        and rule.severity is not Severity.INFO
        and rule.metric in METRIC
        and rule.condition is not Condition.EQUAL
    )


def _looks(rule: Rule, means: Mapping[str, float]) -> bool:
    guard = rule.guard
    return guard is None or (guard.metric in means and guard.met(means[guard.metric]))


def _good(rule: Rule) -> float:
    """Return where the metric is as good as it needs to be: half of the threshold, or twice it if below is bad."""
    size = abs(rule.threshold)
    return rule.threshold - size / 2.0 if rule.condition is Condition.ABOVE else rule.threshold + size


def _share(rule: Rule, mean: float) -> float:
    good = _good(rule)
    if good == rule.threshold:
        return 0.0 if rule.breached(mean) else 1.0
    return min(max((rule.threshold - mean) / (rule.threshold - good), 0.0), 1.0)
