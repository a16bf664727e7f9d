"""What a person reads of a comparison."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline, watch
from monitor.core.experiment import ExperimentState, Recording
from monitor.core.impact import Impact, ImpactState
from monitor.core.impact_document import document
from monitor.core.ledger import LedgerRow
from monitor.core.metric import COLUMN
from monitor.core.verdict import Verdict
from monitor.ui import impact_words
from monitor.ui.components.changes_panel import ChangesPanel
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
    assert props["panel-verdict-text"]["text"].startswith("Latency gained most. Not settled: Throughput.")
    assert "Load is comparable" in props["panel-verdict-text"]["text"]
    assert "3 of 4 figures are in it." in props["panel-verdict-more"]["text"]


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
    assert why.startswith("Baseline “before”: ")
    assert " s. 200 s here are worth " in why
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
