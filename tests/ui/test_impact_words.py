"""What a person reads of a comparison."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline, watch
from builders import chance
from monitor.core.experiment import ExperimentState, Recording
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.impact import Impact, ImpactState
from monitor.core.impact_document import document
from monitor.core.ledger import LedgerRow
from monitor.core.metric import COLUMN
from monitor.core.metric_baseline import ALPHA
from monitor.core.proof import Plan, ProofState
from monitor.core.report import FORMULAS
from monitor.core.verdict import Gain, Verdict
from monitor.ui import impact_words
from monitor.ui.components.changes_panel import ChangesPanel
from monitor.ui.components.course_panel import CoursePanel
from monitor.ui.components.impact_page import ImpactPage
from monitor.ui.components.verdict_panel import VerdictPanel
from monitor.ui.format import MINUS


@pytest.fixture(scope="module")
def faster() -> ImpactState:
    """A service whose latency fell by 30 %, an hour of history before."""
    random = np.random.default_rng(1)
    before = Service().rows(random, 3600, START_MS)
    after = Service(slower=0.7).rows(random, 200, int(before.timestamp[-1]) + 1000)
    return watch(baseline(before, 300), after)[0]


@pytest.fixture
def shown(new_feeder, faster):
    """Return a snapshot with this experiment in it."""

    def make(**experiment):
        snapshot = new_feeder().observe()
        return replace(snapshot, experiment=ExperimentState(**({"impact": faster} | experiment)))

    return make


def test_the_verdict_has_its_figure_its_interval_and_its_reasons(shown, faster):
    """Better, by how much, of how many seconds, and what is left open."""
    props = VerdictPanel().patch(shown())
    assert faster.overall.verdict is Verdict.BETTER
    assert props["panel-verdict-figure"]["text"].startswith("+")
    assert props["panel-verdict-word"] == {"text": "Better"}
    assert "3 min 20 s of evidence since the baseline" in props["panel-verdict-interval"]["text"]
    assert props["panel-verdict-text"]["text"].startswith("Latency gained most. Not comparable: Throughput.")
    assert "Load is comparable" in props["panel-verdict-text"]["text"]
    assert "3 of 4 figures are in it, without Throughput." in props["panel-verdict-more"]["text"]


def test_better_is_to_the_right_and_green_for_a_metric_that_fell(shown):
    """A lower latency is good news, with its place on the axis."""
    props = ChangesPanel().patch(shown())
    row = props["panel-changes-latency_ms"]
    assert "changes__row--good" in row["class"]
    low, at, high = (float(row["style"][name].rstrip("%")) for name in ("--low", "--at", "--high"))
    zero = float(props["panel-changes-rows"]["style"]["--zero"].rstrip("%"))
    assert zero < low < at < high <= 100
    assert float(props["panel-changes-latency_ms-state"]["text"].strip("+ %")) == pytest.approx(30.0, abs=2.0)
    throughput = props["panel-changes-throughput_ops_sec"]
    assert "changes__row--warning" in throughput["class"]
    assert throughput["style"]["--at"] is None
    assert props["panel-changes-throughput_ops_sec-state"]["text"].startswith("demand-bound")


def test_an_open_interval_does_not_stretch_the_axis(shown, faster):
    """The settled ones would be lost on it; its end beyond the axis has no cap."""
    wide = {
        "cpu_utilization": (Verdict.NOT_ENOUGH_DATA, Gain(60.0, -1500.0, 97.0)),
        "latency_ms": (Verdict.BETTER, Gain(30.0, 20.0, 40.0)),
    }

    def made(one):
        verdict, gain = wide.get(one.metric, (one.verdict, one.gain))
        return replace(one, verdict=verdict, gain=gain)

    impact = replace(faster, metrics=tuple(made(one) for one in faster.metrics))
    props = ChangesPanel().patch(shown(impact=impact))
    assert (props["panel-changes-from"]["text"], props["panel-changes-to"]["text"]) == ("\u221250 %", "+100 %")
    cpu, latency = (props[f"panel-changes-{name}"]["style"] for name in wide)
    assert (cpu["--low"], cpu["--low-cap"], cpu["--high-cap"]) == ("0.0%", "0px", "2px")
    assert (latency["--low-cap"], latency["--high-cap"]) == ("2px", "2px")


def test_what_is_not_settled_says_what_it_waits_for(shown, faster):
    """In words beside its figure; its verdict stays a word."""

    def made(one, verdict, reason):
        return replace(one, verdict=verdict, reason=reason)

    waiting = tuple(made(one, Verdict.NOT_ENOUGH_DATA, "about 30 s more") for one in faster.metrics)
    props = ImpactPage().patch(shown(impact=replace(faster, metrics=waiting)))
    assert props["page-impact-latency_ms-word"]["text"] == "Not enough data yet"
    assert props["page-impact-latency_ms-why"]["text"].startswith("Still open: about 30 s more. 200 s here ")
    never = tuple(made(one, Verdict.NOT_COMPARABLE, "demand-bound") for one in faster.metrics)
    props = ImpactPage().patch(shown(impact=replace(faster, metrics=never)))
    assert props["page-impact-latency_ms-word"]["text"] == "Not comparable"
    assert props["page-impact-latency_ms-why"]["text"].startswith("Demand-bound. ")
    listed = "Not comparable: Throughput, Latency, Memory and CPU."
    assert listed in props["page-impact-summary"]["text"]


def test_a_proof_under_way_is_said_beside_the_verdict(shown, faster):
    """It turns a switch, so the comparison begins anew again and again."""
    running = ProofState(Plan.draw("cache", 4, 10, 2, chance()), 1_700_000_000_000)
    snapshot = replace(shown(), proof=running)
    for props, place in ((VerdictPanel(), "panel-verdict-more"), (ImpactPage(), "page-impact-summary")):
        assert props.patch(snapshot)[place]["text"].startswith("A proof is turning a switch (cache: pair 1 of 4, ")
        assert "proof" not in props.patch(shown())[place]["text"]


@pytest.mark.parametrize(("log", "text"), [(0.0001, " 0.0 %."), (0.05, " 5.1 %."), (5.0, " >999 %.")])
def test_the_smallest_change_has_no_sign(faster, log, text):
    """Be it next to nothing or beyond measure."""
    one = next(one for one in faster.metrics if one.estimate is not None)
    rough = replace(one, estimate=replace(one.estimate, resolution=log))
    assert f"The smallest change it can show is{text}" in impact_words.provenance(faster, rough)


def test_what_all_figures_lack_is_said_once(shown, faster):
    """Above the table, and not in each row."""
    raw = tuple(replace(one, calibrated=False) for one in faster.metrics)
    props = ImpactPage().patch(shown(impact=replace(faster, metrics=raw)))
    assert "Uncalibrated" in props["page-impact-basis"]["text"]
    assert "Uncalibrated" not in props["page-impact-latency_ms-why"]["text"]
    one = (replace(raw[0], calibrated=True), *raw[1:])
    props = ImpactPage().patch(shown(impact=replace(faster, metrics=one)))
    assert "Uncalibrated" not in props["page-impact-basis"]["text"]
    assert "Uncalibrated" in props[f"page-impact-{one[1].metric}-why"]["text"]


def test_a_metric_that_the_baseline_lacks_says_why(shown, faster):
    """Without its title, which stands beside it."""
    silent = {"memory_mb": "Memory: measured in 3 seconds only, 65 are needed"}
    rest = tuple(one for one in faster.metrics if one.metric != "memory_mb")
    impact = replace(faster, metrics=rest, baseline=replace(faster.baseline, silent=silent))
    props = ChangesPanel().patch(shown(impact=impact))
    said = "not in the baseline: measured in 3 seconds only, 65 are needed"
    assert props["panel-changes-memory_mb-state"]["text"] == said


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 pp"), (0.0004, "0 pp"), (0.25, "+0.250 pp"), (-1.5, f"{MINUS}1.50 pp")]
)
def test_percentage_points_have_a_sign_unless_they_are_none(value, text):
    """Zero has none."""
    assert impact_words.points(value) == text


def test_an_interval_has_its_unit_once():
    """At its end."""
    assert impact_words.interval(Gain(2.0, -1.0, 150.0)) == f"{MINUS}1.0 … +150 %"


def test_each_interval_over_time_has_its_newest_figure_in_the_colour_of_its_verdict(shown):
    """What is not comparable has none."""
    props = CoursePanel().patch(shown())
    assert props["panel-course-latency_ms"] == {"class": "course course--good"}
    assert props["panel-course-latency_ms-now"]["text"].startswith("+")
    assert props["panel-course-throughput_ops_sec-now"] == {"text": ""}
    empty = CoursePanel().patch(shown(impact=None))
    assert {props["class"] for name, props in empty.items() if "class" in props} == {"course course--none"}


@pytest.mark.parametrize(
    ("metric", "verdict", "state", "icon", "sign"),
    [
        ("throughput_ops_sec", Verdict.WORSE, "critical", "x-octagon-fill", MINUS),
        ("latency_ms", Verdict.BETTER, "good", "check-circle-fill", "+"),
    ],
)
def test_a_tenth_less_is_worse_or_better_everywhere(shown, metric, verdict, state, icon, sign):
    """-10 % of throughput, -10 % of latency: verdict, figure, colour, icon and the outside's document agree."""
    random = np.random.default_rng(2)
    rows = Service().rows(random, 3600 + 300 + 300, START_MS)
    rows.values[:, COLUMN["offered_ops_sec"]] *= 1.5
    rows.values[3900:, COLUMN[metric]] *= 0.9
    state_now, _ = watch(baseline(rows[:3900], 300), rows[3900:])
    [one] = [one for one in state_now.metrics if one.metric == metric]
    assert one.verdict is verdict
    [told] = [found for found in document(state_now)["comparisons"] if found["metric"] == metric]
    assert told["verdict"] == verdict.value
    assert told["figure_percent"] == pytest.approx(10.0 if sign == "+" else -10.0, abs=2.0)
    snapshot = shown(impact=state_now)
    page, panel = ImpactPage().patch(snapshot), ChangesPanel().patch(snapshot)
    assert page[f"page-impact-{metric}-verdict"]["class"].endswith(f"--{state}")
    assert page[f"page-impact-{metric}-icon"] == {"class": f"bi bi-{icon}"}
    assert page[f"page-impact-{metric}-change"]["text"].startswith(sign)
    assert f"changes__row--{state}" in panel[f"panel-changes-{metric}"]["class"]
    if verdict is Verdict.WORSE:
        assert LedgerRow.of(state_now).verdict is Verdict.WORSE


def test_without_a_baseline_nothing_is_claimed(shown):
    """And the way to one is shown."""
    snapshot = shown(impact=None)
    assert VerdictPanel().patch(snapshot)["panel-verdict-figure"]["text"] == "No baseline yet"
    props = ChangesPanel().patch(snapshot)
    assert {props[f"panel-changes-{name}-state"]["text"] for name in impact_words.COMPARED} == {"no baseline"}


def test_a_recording_shows_its_progress_and_a_failure_its_reason(shown):
    """In the place of the verdict, or beside it."""
    snapshot = shown(impact=None)
    now = snapshot.sample.timestamp
    recording = Recording("before", "", now - 30_000, now + 45_000)
    snapshot = replace(snapshot, experiment=ExperimentState(recording=recording))
    assert VerdictPanel().patch(snapshot)["panel-verdict-interval"]["text"] == "“before”: 30 of 75 s"
    assert (
        ImpactPage().patch(snapshot)["page-impact-summary"]["text"].startswith("Recording “before”: 30 of 75 s.")
    )
    failed = replace(snapshot, experiment=ExperimentState(problem="The baseline “b” was not recorded: why."))
    assert "was not recorded" in VerdictPanel().patch(failed)["panel-verdict-text"]["text"]


def test_the_last_settled_verdict_stays_beside_a_new_change(shown, faster):
    """While the new one is collecting."""
    begun = Impact(faster.baseline, since=faster.since, text="second", warm_up=5, interval_ms=1000)
    settled = LedgerRow("b-1", 1, "first", "before", Verdict.BETTER, 12.3, 10.0, 15.0, 120)
    props = VerdictPanel().patch(shown(impact=begun.state(faster.since), settled=settled))
    assert props["panel-verdict-figure"]["text"] == "Collecting"
    assert props["panel-verdict-text"]["text"] == "Warming up since “second”: 5 s until anything counts."
    assert props["panel-verdict-more"]["text"] == "Before that, “first”: better, +12.3 %."


def test_the_impact_page_says_what_each_figure_rests_on(shown, faster):
    """Baseline, independent seconds, the smallest change, and how often it cried wolf."""
    props = ImpactPage().patch(shown())
    why = props["page-impact-latency_ms-why"]["text"]
    assert props["page-impact-basis"] == {"text": "Against “before”, 5 min 0 s.", "hidden": False}
    assert why.startswith("200 s here are worth ")
    assert "The smallest change it can show is " in why
    assert "a look at 60 s cried wolf 0 of" in why
    assert props["page-impact-latency_ms-word"]["text"] == "Better"
    assert props["page-impact-error_rate-word"]["text"] == "Not enough data yet"
    assert [props[f"panel-ledger-{place}"]["hidden"] for place in range(2)] == [False, True]


HERE = {"host": "b", "cores": "16", "monitor": "0.2.0"}


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (HERE, ""),
        ({}, ""),
        ({"host": "b", "cores": ""}, ""),
        ({"host": "b", "disk": "ssd"}, ""),
        (HERE | {"host": "a"}, "recorded on host a; this monitor runs on host b:"),
        (HERE | {"cores": "1"}, "recorded on 1 core; this monitor runs on 16 cores:"),
        (HERE | {"monitor": "0.1.0"}, "recorded on version 0.1.0; this monitor runs on version 0.2.0:"),
        (HERE | {"host": "a", "cores": "8"}, "on host a, 8 cores; this monitor runs on host b, 16 cores:"),
    ],
)
def test_a_baseline_from_elsewhere_says_so(then, words):
    """In what differs, and only in that; what is not known is no difference."""
    said = impact_words.elsewhere(then, HERE)
    assert words in said
    assert bool(said) == bool(words)
    assert said.endswith("compare with care.") == bool(words)


def test_the_impact_page_warns_of_a_baseline_from_elsewhere(shown, faster):
    """Beside the verdict, which it does not change."""
    foreign = replace(faster, baseline=replace(faster.baseline, fingerprint=HERE | {"host": "a"}))
    here, there = ImpactPage().patch(shown()), ImpactPage().patch(shown(impact=foreign, fingerprint=HERE))
    assert here["page-impact-elsewhere"] == {"text": "", "hidden": True}
    assert there["page-impact-elsewhere"]["hidden"] is False
    assert there["page-impact-elsewhere"]["text"].startswith("The baseline was recorded on host a; ")
    assert there["page-impact-summary"] == here["page-impact-summary"]
    assert ImpactPage().patch(shown(impact=None))["page-impact-elsewhere"] == {"text": "", "hidden": True}


def test_the_tail_has_a_row_that_says_its_bound(new_feeder):
    """Both shares, and that fewer is better; without a histogram the row says why it is empty."""
    made = new_feeder()

    def pass_by(seconds, slow):
        for second in range(seconds):
            counts = np.zeros(BUCKETS)
            counts[[40, 50]] = 190 + second % 5, slow + second % 3
            last = made.observe(latency=Histogram(counts, 4.0))
        return last

    pass_by(120, 10)
    made.monitor.experiment.record_last(100, "before", "")
    better = ImpactPage().patch(pass_by(60, 2))
    cells = [better[f"page-impact-tail_latency-{column}"]["text"] for column in ("before", "now")]
    assert [cell.endswith(" %") for cell in cells] == [True, True]
    assert float(cells[0][:-2]) > 3 * float(cells[1][:-2])
    assert better["page-impact-tail_latency-word"] == {"text": "Better"}
    words = better["page-impact-tail_latency-why"]["text"]
    assert words.startswith(f"Slower than 4.64 s: {cells[0]} → {cells[1]} of operations. 55 s here are worth")
    made.monitor.experiment.mark("change")
    worse = pass_by(60, 40)
    assert worse.experiment.impact.overall.verdict is Verdict.WORSE
    told = VerdictPanel().patch(worse)["panel-verdict-text"]["text"]
    assert told.startswith("More operations were slower than 4.64 s, whatever else got better.")
    silent = new_feeder()
    for _ in range(120):
        silent.observe(latency=None)
    silent.monitor.experiment.record_last(100, "before", "")
    why = ImpactPage().patch(silent.observe(latency=None))["page-impact-tail_latency-why"]["text"]
    assert why == "not in the baseline: the target tells no latency histogram"


def test_what_95_percent_means_is_said_with_what_is_computed():
    """On the page, on paper and in the docs: all together, and how sure each one is."""
    each = f"{100.0 * (1.0 - ALPHA):.1f} %"
    assert f"all together and at every look with 95 %, each of them with {each}." in str(ImpactPage().layout())
    assert f"each with {each}" in dict(FORMULAS)["Interval"]
    docs = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
    assert f"wrong once in {1.0 / ALPHA:.0f} comparisons at the most ({each})" in docs
