"""The comparison: false verdicts and power in known worlds; its running sums are the whole computation."""

import math
from typing import Final

import numpy as np
import pytest

from benchmarks.stats.families import FamilyTrial
from benchmarks.stats.trials import Trial, share
from benchmarks.stats.worlds import WORLDS, autoregression
from monitor.core.batch_means import BatchMeans, batch_seconds
from monitor.core.comparison import Comparison
from monitor.core.metric import Better
from monitor.core.metric_baseline import ALPHA
from monitor.core.reference import Reference
from monitor.core.verdict import Gain, Verdict, decide

RUNS: Final = 60
WRONG: Final = (Verdict.BETTER, Verdict.WORSE)
NAN: Final = float("nan")


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_changed_is_rarely_called_a_change(world: str) -> None:
    """600 looks, one a second. The full setting, `make stats`, has at most 3.5 %; chance may add two runs here."""
    assert share(Trial().run(WORLDS[world], RUNS, seed=11), *WRONG) <= 0.035 + 2 / RUNS


def test_noise_that_doubles_is_no_change() -> None:
    """At most 5 %, by the full setting."""
    assert share(Trial(louder=2.0).run(WORLDS["phi 0.7"], RUNS, seed=12), *WRONG) <= 0.05 + 2 / RUNS


def test_an_hour_of_looks_is_no_worse_than_ten_minutes() -> None:
    """The boundary does not wear out."""
    assert share(Trial(looks=3600).run(WORLDS["phi 0.7"], 30, seed=13), *WRONG) <= 0.04 + 1 / 30


@pytest.mark.parametrize(("change", "within", "least"), [(0.10, 60, 0.95), (0.05, 300, 0.93)])
def test_a_real_change_is_found_soon(change: float, within: int, least: float) -> None:
    """+10 % within a minute, +5 % within five, of a series that varies by 5 % and resembles itself by 0.7."""
    runs = Trial(change=change, looks=within).run(WORLDS["phi 0.7"], RUNS, seed=14)
    assert share(runs, Verdict.BETTER) >= least - 2 / RUNS
    assert share(runs, Verdict.WORSE) == 0


def test_without_correlation_five_percent_take_seconds() -> None:
    """Half of the runs within 25 s."""
    runs = Trial(change=0.05, looks=60).run(WORLDS["no correlation"], RUNS, seed=15)
    assert share(runs, Verdict.BETTER, within=25) >= 0.5


def test_a_fall_is_worse() -> None:
    """Direction is not lost."""
    assert share(Trial(change=-0.10, looks=120).run(WORLDS["phi 0.7"], 20, seed=16), Verdict.WORSE) == 1.0


def test_no_difference_is_found_where_there_is_none_and_not_where_there_is() -> None:
    """2 % of variation, 3 % of margin: within 300 s; a true +5 % is never called none."""
    quiet = Trial(variation=0.02, margin=3.0, looks=300).run(WORLDS["phi 0.7"], RUNS, seed=17)
    assert share(quiet, Verdict.NO_DIFFERENCE) >= 0.95 - 2 / RUNS
    real = Trial(change=0.05, margin=3.0).run(WORLDS["phi 0.7"], RUNS, seed=18)
    assert share(real, Verdict.NO_DIFFERENCE) <= 0.01


def test_ten_minutes_of_history_count_though_a_start_took_some_seconds() -> None:
    """The first sample of a target has no rates, and the one at which the recording began belongs to neither."""
    values = 1.0 + 0.05 * autoregression(0.7)(np.random.default_rng(20), 1, 900)[0]
    values[0] = NAN
    reference = Reference.freeze(values[600:], [values[:599]], 0.01)
    assert reference is not None
    assert reference.history_seconds == 598


def test_a_short_baseline_without_history_keeps_silent() -> None:
    """75 s of strongly correlated noise are a few independent pieces of evidence."""
    runs = Trial(history=0, baseline=75, looks=600).run(WORLDS["phi 0.9"], RUNS, seed=19)
    assert share(runs, *WRONG) <= 0.2


def test_a_short_baseline_worth_one_independent_second_is_rarely_wrong() -> None:
    """75 s whose seconds are nearly alike: its interval is wide, and right in 95 of 100; chance may add two."""
    runs = Trial(history=0, baseline=75, alpha=ALPHA).run(autoregression(0.98), RUNS, seed=27)
    assert share(runs, *WRONG) <= 0.05 + 2 / RUNS


def test_five_figures_together_are_rarely_wrong() -> None:
    """Correlated by 0.5, each its share of alpha: any of them in 3 %, their mean in 5 %; chance may add one."""
    runs = FamilyTrial().run(WORLDS["phi 0.7"], 12, seed=22)
    assert sum(one for one, _ in runs) <= 1
    assert sum(mean for _, mean in runs) <= 1


def test_most_looks_at_a_minute_of_baseline_say_nothing() -> None:
    """The shortest there is, phi 0.9, no history: in 80 of 100 looks no verdict, in none an infinity or NaN."""
    silent = looks = 0
    for row in 1.0 + 0.05 * autoregression(0.9)(np.random.default_rng(23), 20, 65 + 600):
        reference = Reference.freeze(row[:65], [], 0.05)
        assert reference is not None
        assert not reference.calibrated(300)
        comparison = Comparison(reference)
        for value in row[65:].tolist():
            comparison.add(value)
            estimate = comparison.estimate()
            gain = None if estimate is None else Gain.of(estimate, Better.HIGHER)
            assert gain is None or math.isfinite(gain.low + gain.percent + gain.high)
            looks += 1
            silent += decide(gain, 0.0) not in WRONG
    assert silent >= 0.8 * looks


@pytest.mark.parametrize(("history", "calibrated"), [(0, False), (1200, False), (3600, True)])
def test_what_the_history_is_too_short_to_know_is_told_to_be_uncalibrated(history: int, calibrated: bool) -> None:
    """Three times baseline and present together are needed."""
    row = 1.0 + 0.05 * autoregression(0.5)(np.random.default_rng(24), 1, history + 300)[0]
    reference = Reference.freeze(row[history:], [row[:history]] if history else [], 0.05)
    assert reference is not None
    assert reference.calibrated(600) is calibrated


def test_less_than_65_seconds_and_means_of_nothing_have_no_reference() -> None:
    """The caller says so in words."""
    steady = np.full(300, 5.0)
    assert Reference.freeze(steady[:64], [], 0.05) is None
    assert Reference.freeze(np.where(np.arange(300) < 64, 5.0, NAN), [], 0.05) is None
    assert Reference.freeze(np.zeros(300), [], 0.05) is None
    assert Reference.freeze(-steady, [], 0.05) is None
    assert Reference.freeze(np.full(300, NAN), [], 0.05) is None


def test_a_constant_is_compared_without_dividing_by_its_noise() -> None:
    """No infinity, no NaN, no exception; and it is known to 1 % of a second, not without end."""
    reference = Reference.freeze(np.full(300, 5.0), [np.full(3600, 5.0)], 0.05)
    assert reference is not None
    comparison = Comparison(reference)
    for _ in range(30):
        comparison.add(5.0)
    same = comparison.estimate()
    assert same is not None
    assert same.log_ratio == 0.0
    assert 0.001 < same.half_width < 0.01
    comparison.add(50.0)
    moved = comparison.estimate()
    assert moved is not None
    assert 0 < moved.half_width < math.inf


def test_values_that_fall_to_nothing_have_no_estimate() -> None:
    """A logarithm of 0 is no figure."""
    reference = Reference.freeze(np.full(300, 5.0), [], 0.05)
    assert reference is not None
    comparison = Comparison(reference)
    for _ in range(60):
        comparison.add(0.0)
    assert comparison.estimate() is None
    assert comparison.seconds_until(0.01) is None


@pytest.mark.parametrize("seconds", [10, 61, 600, 3600])
def test_running_sums_are_the_whole_computation(seconds: int) -> None:
    """With gaps: the streamed state equals one pass of numpy over all values, to nine digits."""
    random = np.random.default_rng(20)
    values = 100.0 + 5.0 * autoregression(0.7)(random, 1, seconds)[0]
    values[random.random(seconds) < 0.05] = NAN
    streamed = BatchMeans(5, 90.0)
    for value in values.tolist():
        streamed.add(value)
    whole = BatchMeans.of([values], 5, 0.0)
    assert streamed.values == int((~np.isnan(values)).sum())
    assert streamed.mean == pytest.approx(np.nanmean(values), rel=1e-12)
    assert streamed.variance == pytest.approx(np.nanvar(values), rel=1e-9)
    mine, theirs = streamed.long_run_variance(), whole.long_run_variance()
    assert (mine is None) == (theirs is None) == (seconds < 60)
    if mine is not None and theirs is not None:
        expected = _by_definition(values, 5)
        assert mine.value == pytest.approx(expected, rel=1e-9)
        assert theirs.value == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("seconds", [10, 61, 600, 3600])
def test_the_interval_second_by_second_is_that_of_the_whole(seconds: int) -> None:
    """To nine digits."""
    row = 100.0 + 5.0 * autoregression(0.7)(np.random.default_rng(25), 1, 3900 + seconds)[0]
    reference = Reference.freeze(row[3600:3900], [row[:3600]], 0.05)
    assert reference is not None
    streamed, whole = Comparison(reference), Comparison(reference)
    for value in row[3900:].tolist():
        streamed.add(value)
    whole._now = BatchMeans.of([row[3900:]], reference.batch, reference.mean)
    one, other = streamed.estimate(), whole.estimate()
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == (pytest.approx(other.low, rel=1e-9), pytest.approx(other.high, rel=1e-9))


@pytest.mark.parametrize(("history", "baseline"), [(0, 75), (0, 300), (3600, 300)])
def test_an_interval_does_not_depend_on_how_often_it_was_asked_for(history: int, baseline: int) -> None:
    """Each second, now and then, or once: the same to nine digits, where degrees of freedom are few as well."""
    random = np.random.default_rng(26)
    for _ in range(8):
        noise = autoregression(0.7)(random, 1, history + baseline + 900)[0]
        row = 100.0 + 5.0 * noise + 0.1 * random.normal(size=len(noise)).cumsum()
        reference = Reference.freeze(row[history : history + baseline], [row[:history]] if history else [], 0.01)
        assert reference is not None
        always, seldom = Comparison(reference), Comparison(reference)
        for second, value in enumerate(row[history + baseline :].tolist(), 1):
            always.add(value)
            seldom.add(value)
            one = always.estimate()
            if second % 97 and second != 900:
                continue
            other = seldom.estimate()
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert (one.low, one.high) == (
                    pytest.approx(other.low, rel=1e-9),
                    pytest.approx(other.high, rel=1e-9),
                )


def _by_definition(values: np.ndarray, seconds: int) -> float:
    """The variance of batch means, lag by lag."""
    batches = values[: len(values) // seconds * seconds].reshape(-1, seconds)
    enough = (~np.isnan(batches)).sum(axis=1) * 2 >= seconds
    means = np.array([np.nanmean(batch) if ok else NAN for batch, ok in zip(batches, enough, strict=True)])
    off = means - np.nanmean(means)
    count = int(enough.sum())
    own = np.nansum(off * off) / count
    phi = float(np.nansum(off[:-1] * off[1:]) / count / own)
    phi = min(max(phi + (1 + 4 * phi) / count, 0.0), 0.98)
    kappa = (1 + phi) / (1 - phi)
    return seconds * own / max(1 - kappa / count, 0.25) * kappa


def test_the_state_does_not_grow() -> None:
    """After an hour it is what it was after a minute: numbers."""
    comparison = BatchMeans(5, 1.0)
    for _ in range(3600):
        comparison.add(1.0)
    assert all(isinstance(value, int | float | None) for value in vars(comparison).values())


def test_time_to_a_width_is_about_when_it_is_reached() -> None:
    """Within a quarter, for noise that stays as it is."""
    random = np.random.default_rng(21)
    row = 1.0 + 0.05 * autoregression(0.5)(random, 1, 7200 + 300 + 900)[0]
    reference = Reference.freeze(row[7200:7500], [row[:7200]], 0.05)
    assert reference is not None
    comparison = Comparison(reference)
    for value in row[7500:7560].tolist():
        comparison.add(value)
    target = 0.025
    told = comparison.seconds_until(target)
    assert told is not None
    reached = None
    for second, value in enumerate(row[7560:].tolist(), 61):
        comparison.add(value)
        estimate = comparison.estimate()
        if estimate is not None and estimate.half_width < target:
            reached = second
            break
    assert reached is not None
    assert told == pytest.approx(reached, rel=0.25)
    assert comparison.seconds_until(1e-6) is None


@pytest.mark.parametrize(("seconds", "batch"), [(75, 5), (599, 5), (600, 10), (1799, 10), (1800, 15)])
def test_longer_windows_have_longer_batches(seconds: int, batch: int) -> None:
    """As the method says."""
    assert batch_seconds(seconds) == batch


def test_more_evidence_seldom_undoes_an_interval() -> None:
    """A short baseline is known with few degrees of freedom; the present's own seconds do not make that worse."""
    random = np.random.default_rng(3)
    known = kept = 0
    for _ in range(40):
        reference = Reference.freeze(5.0 + autoregression(0.7)(random, 1, 75)[0] * 0.2, [], 0.01)
        assert reference is not None
        comparison = Comparison(reference)
        widths = []
        for value in 8.0 + autoregression(0.5)(random, 1, 900)[0] * 0.2:
            comparison.add(value)
            if (estimate := comparison.estimate()) is not None:
                widths.append(estimate.half_width)
        known += bool(widths)
        kept += comparison.estimate() is not None
    assert known > 10
    assert kept >= 0.95 * known
