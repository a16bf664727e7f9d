"""Did it help? Every comparison with the active baseline since the last change."""

import math
from dataclasses import dataclass, replace
from typing import Final

from monitor.core.baseline import COMPARED, Baseline, errors_of, load_of
from monitor.core.comparison import LEAST_SECONDS, Comparison, Estimate
from monitor.core.conditions import Conditions
from monitor.core.course import Course, CoursePoint
from monitor.core.effectiveness import MetricImpact, Overall, overall
from monitor.core.error_comparison import ErrorChange, ErrorComparison
from monitor.core.histogram import Floats, Histogram
from monitor.core.metric import COLUMN, METRIC, Better
from monitor.core.metric_baseline import ALPHA
from monitor.core.tail import TAIL
from monitor.core.tail_comparison import TailComparison
from monitor.core.verdict import DECIDED, MARGIN_PERCENT, Gain, Settling, Verdict, decide

_LOOK_AHEAD_TICKS: Final = 10
_DOUBLE_PERCENT: Final = 100.0
_LONGEST_BATCHES: Final = 30
"""Ticks of a hole that are told to the comparisons: enough to keep batches on either side apart."""


@dataclass(frozen=True, slots=True)
class ImpactState:
    """What is known after a tick. `since` is epoch ms of the change, `text` what it was, "" for none noted.

    `seconds` are those that counted, `begun` is epoch ms of the first of them. `warm_up` are the seconds left
    before anything counts, `load_share` the share of seconds at a load that the baseline knows, None where
    there is none. `fading_since` is epoch ms of the step back towards the baseline from which on the figures are
    counted anew, None where the effect holds. `course` is how the figures came about. `tail` is the share of slow
    operations in percent, which is a guard as the errors are, None where the baseline has none.
    """

    baseline: Baseline
    since: int
    text: str
    seconds: int
    begun: int | None
    warm_up: int
    load_share: float | None
    mean_load: float | None
    metrics: tuple[MetricImpact, ...]
    errors: ErrorChange | None
    overall: Overall
    fading_since: int | None = None
    course: Course = Course()  # noqa: RUF009 - frozen
    tail: MetricImpact | None = None


class Impact:
    """Takes a sample a tick, in O(1). A value of its own: nothing here knows a clock or a thread."""

    def __init__(
        self,
        baseline: Baseline,
        *,
        since: int,
        text: str,
        warm_up: int,
        interval_ms: int,
        margin: float = MARGIN_PERCENT,
        fading_since: int | None = None,
    ) -> None:
        """Compare what comes after `since` (epoch ms) and `warm_up` more seconds with `baseline`.

        Or, where the effect has been fading since some moment, what comes after that.
        """
        self.baseline = baseline
        self.fading_since = fading_since
        self.since = since
        self.text = text
        self.begin = since + 1000 * warm_up if fading_since is None else fading_since
        self._interval_ms = interval_ms
        self._margin = margin
        self._conditions = Conditions(baseline)
        self._compared = baseline.compared
        self._comparisons = {metric: Comparison(one.reference) for metric, one in baseline.metrics.items()}
        self._tail = baseline.tail and TailComparison(baseline.tail)
        if self._tail:
            self._comparisons[TAIL] = self._tail
        self._settling = {metric: Settling() for metric in self._compared}
        self._overall = Settling()
        self._estimates: dict[str, Estimate | None] = {}
        self._course = Course()
        self._needed: dict[str, int | None] = {}
        self._hopeless: dict[str, bool] = {}
        self._errors = baseline.errors and ErrorComparison(baseline.errors, baseline.error_effect, ALPHA)
        self._warm_up = warm_up
        self._begun: int | None = None
        self._ticks = 0
        self.last = self.begin
        """Epoch ms up to which samples have been taken, or do not count."""

    def add(self, timestamp: int, row: Floats, started_at: float | None, latency: Histogram | None = None) -> None:
        """Take one sample: epoch ms, (metrics,), the start of the target's process (epoch s), its histogram."""
        if timestamp <= self.last:
            return
        if self._ticks:
            self._miss(round((timestamp - self.last) / self._interval_ms) - 1)
        self.last = timestamp
        self._begun = timestamp if self._begun is None else self._begun
        self._ticks += 1
        age = None if started_at is None else max(0.0, timestamp / 1000.0 - started_at)
        tail = self.baseline.tail
        slow = math.nan if tail is None or latency is None else tail.percent(latency)
        counts = self._conditions.add(row, age, slow)
        load = float(load_of(row))
        for metric, one in self.baseline.metrics.items():
            expected = one.model.at(load)
            value = float(row[COLUMN[metric]])
            usable = expected > 0 and (counts or not one.by_load)
            self._comparisons[metric].add(value / expected if usable else math.nan)
        if self._tail and tail is not None:
            expected = tail.share.model.at(load)
            usable = expected > 0 and (counts or not tail.share.by_load)
            self._tail.take(slow / expected if usable else math.nan, 0.0 if latency is None else latency.count)
        if self._errors:
            operations, errors = errors_of(row, self._interval_ms)
            self._errors.add(float(operations), float(errors))
        self._estimates.clear()
        if self._ticks % self._course.step == 0:
            self._course = self._course.plus(CoursePoint(timestamp, self._gains()))

    def state(self, now: int) -> ImpactState:
        """Return what is known at `now` (epoch ms); to be called once a tick, as verdicts settle by ticks."""
        metrics = tuple(self._metric(metric) for metric in self.baseline.metrics)
        errors = self._errors.change if self._errors else None
        tail = self._metric(TAIL) if self._tail else None
        possible = len(self.baseline.metrics) + len(self.baseline.silent.keys() & set(COMPARED))
        guards = [guard.verdict for guard in (errors, tail) if guard is not None]
        total = overall(metrics, guards, possible)
        return ImpactState(
            baseline=self.baseline,
            since=self.since,
            text=self.text,
            seconds=self._seconds(max((one.seconds for one in self._comparisons.values()), default=0)),
            begun=self._begun,
            warm_up=min(max(0, math.ceil((self.begin - now) / 1000)), self._warm_up),
            load_share=self._conditions.load_share,
            mean_load=self._conditions.mean_load,
            metrics=metrics,
            errors=errors,
            overall=replace(total, verdict=self._overall.tick(total.verdict)),
            fading_since=self.fading_since,
            course=self._course,
            tail=tail,
        )

    def _miss(self, ticks: int) -> None:
        """Take ticks of which there is no sample."""
        if ticks <= 0:
            return
        self._conditions.miss(ticks)
        for comparison in self._comparisons.values():
            for _ in range(min(ticks, _LONGEST_BATCHES)):
                comparison.add(math.nan)

    def _metric(self, metric: str) -> MetricImpact:
        one, comparison = self._compared[metric], self._comparisons[metric]
        estimate, gain = self._estimate(metric), self._gain(metric)
        reason = self._conditions.objection(metric) or self._never(metric, estimate)
        found = Verdict.NOT_COMPARABLE if reason else decide(gain, self._margin)
        verdict = self._settling[metric].tick(found)
        if not reason and verdict not in DECIDED:
            settles = found in DECIDED or verdict is Verdict.NOT_COMPARABLE
            reason = "settling" if settles else self._waiting(metric, estimate)
        return MetricImpact(
            metric=metric,
            verdict=verdict,
            reason=reason,
            gain=gain,
            before=one.mean,
            now=None if estimate is None else one.mean * math.exp(estimate.log_ratio),
            estimate=estimate,
            calibrated=one.reference.calibrated(comparison.seconds),
        )

    def _estimate(self, metric: str) -> Estimate | None:
        """Return what is known of a metric, computed once a tick."""
        if metric not in self._estimates:
            self._estimates[metric] = self._comparisons[metric].estimate()
        return self._estimates[metric]

    def _gain(self, metric: str) -> Gain | None:
        estimate = self._estimate(metric)
        better = Better.LOWER if metric == TAIL else METRIC[metric].better
        return None if estimate is None else Gain.of(estimate, better)

    def _gains(self) -> dict[str, Gain]:
        """Return the gains that are known and comparable now."""
        comparable = [metric for metric in self.baseline.metrics if not self._conditions.objection(metric)]
        return {metric: gain for metric in comparable if (gain := self._gain(metric)) is not None}

    def _never(self, metric: str, estimate: Estimate | None) -> str:
        """Say so where the baseline holds too few independent seconds for any interval, however long one waits."""
        comparison = self._comparisons[metric]
        if estimate is not None or comparison.seconds < LEAST_SECONDS:
            return ""
        if metric not in self._hopeless or self._ticks % _LOOK_AHEAD_TICKS == 0:
            self._hopeless[metric] = comparison.seconds_until(math.inf) is None
        if not self._hopeless[metric]:
            return ""
        return f"baseline too short ({self.baseline.seconds} s) for how slowly this moves; a longer one can tell"

    def _seconds(self, samples: int) -> int:
        """Return how long so many samples took."""
        return round(samples * self._interval_ms / 1000)

    def _waiting(self, metric: str, estimate: Estimate | None) -> str:
        """Say what an open verdict waits for; looks ahead every few ticks only."""
        if estimate is None:
            return "collecting"
        distance, margin = abs(estimate.log_ratio), math.log1p(self._margin / 100.0)
        known = self._needed.get(metric)
        if (
            metric not in self._needed
            or self._ticks % _LOOK_AHEAD_TICKS == 0
            or (known or math.inf) <= estimate.seconds
        ):
            self._needed[metric] = self._comparisons[metric].seconds_until(max(distance, margin - distance))
        needed = self._needed[metric]
        if needed is None:
            least = f"±{estimate.resolution_percent:.1f} %"
            if estimate.resolution_percent >= _DOUBLE_PERCENT:
                least = f"a factor of {math.exp(estimate.resolution):.1f}"
            return f"this baseline cannot show less than {least}; a longer one can"
        return f"about {self._seconds(max(1, needed - estimate.seconds))} s more"
