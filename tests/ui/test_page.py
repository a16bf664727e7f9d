"""What a snapshot puts on the page, and the patches between snapshots."""

import json
import re

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fakes import FULL
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMNS, HEADLINE
from monitor.ui.chart import CHARTS
from monitor.ui.page import Page
from monitor.ui.ranges import Ranges

NEVER_PATCHED = {
    "connection-pill",
    "connection-text",
    "pause-button",
    "theme-button",
    "range-picker",
    "live-region",
}
PROPERTIES = {"text", "class", "title", "hidden", "style", "spark", "checked", "sort", "time", "since", "disabled"}


def test_ids_are_unique(page, components):
    """No two elements share an id."""
    ids = [component.id for component in components(page.layout({})) if getattr(component, "id", None)]
    assert len(ids) == len(set(ids))


def test_every_patched_element_exists(page, components, feeder):
    """A patch names only elements of the static tree, only known properties, and nothing that is the browser's."""
    ids = {component.id for component in components(page.layout({})) if getattr(component, "id", None)}
    props = page.render(feeder.observe())
    assert set(props) <= ids
    assert not set(props) & NEVER_PATCHED
    assert {name for properties in props.values() for name in properties} <= PROPERTIES


def test_every_render_names_the_same_properties(page, feeder):
    """With data or without, the same properties are set, or a stale one would stay on the screen."""

    def shape(props):
        return {(element, name) for element, properties in props.items() for name in properties}

    empty = shape(page.render(feeder.nothing()))
    assert shape(page.render(feeder.observe())) == empty


def test_nothing_seen_reads_no_data(page, feeder):
    """A sample without any reading renders, and each figure says that there is none."""
    props = page.render(feeder.nothing())
    for metric in HEADLINE:
        assert props[f"card-{metric}-value"]["text"] == "no data"
        assert props[f"card-{metric}-unit"]["text"] == ""
        assert props[f"card-{metric}-spark"]["spark"] == ""
        assert "metric-card--no-data" in props[f"card-{metric}"]["class"]
    for chart in CHARTS:
        assert props[f"{chart.id}-empty"]["hidden"] is False
    assert props["panel-health-uptime"]["text"] == "no data"
    assert props["panel-batching-batch_efficiency"]["text"] == "no data"
    assert props["panel-balancer-empty"]["hidden"] is False
    assert props["switch-message_batching"]["hidden"] is True


def test_a_target_that_is_down_is_named_with_its_reason(page, feeder):
    """The notice says who does not answer and why, and leaves when it answers again."""
    down = feeder.observe({}, answered=False, errors={"scrape": "connection refused"}, latency=None)
    props = page.render(down)
    assert props["notice"]["hidden"] is False
    assert "orders does not answer (connection refused)" in props["notice-text"]["text"]
    assert props["panel-health-word"]["text"] == "does not answer"
    assert page.render(feeder.observe())["notice"]["hidden"] is True


def test_a_failing_source_beside_the_target_is_a_warning(page, feeder):
    """While the target answers, another source's failure is told without calling the target down."""
    props = page.render(feeder.observe(errors={"host": "no permission"}))
    assert props["notice"]["class"].endswith("warning")
    assert "does not answer" not in props["notice-text"]["text"]


@pytest.mark.parametrize(
    ("metric", "before", "after", "state"),
    [
        ("latency_ms", 50.0, 30.0, "better"),
        ("latency_ms", 30.0, 50.0, "worse"),
        ("throughput_ops_sec", 300.0, 600.0, "better"),
        ("throughput_ops_sec", 600.0, 300.0, "worse"),
        ("active_connections", 10.0, 20.0, "flat"),
        ("memory_mb", 50.0, 50.0, "flat"),
    ],
)
def test_good_news_follows_the_metric(page, feeder, metric, before, after, state):
    """Less latency is better, less throughput is worse, connections are neither; a steady figure is flat."""
    for second in range(120):
        level = before if second < 60 else after
        snapshot = feeder.observe({metric: level + 0.01 * (second % 3)})
    props = page.render(snapshot)
    assert props[f"card-{metric}-trend"]["class"].endswith(f"--{state}")
    words = props[f"card-{metric}-trend-text"]["text"]
    assert (state in words) == (state in {"better", "worse"})


def test_a_trend_waits_for_its_two_minutes(page, feeder):
    """Before there is a minute to compare with, no direction is shown."""
    snapshot = [feeder.observe() for _ in range(30)][-1]
    trend = page.render(snapshot)["card-latency_ms-trend"]
    assert trend["class"].endswith("--none")


def test_the_bucket_is_stated_where_percentiles_are(page, feeder):
    """The latency chart says how wide a bucket is: ours, or the target's own where that is wider."""
    assert page.render(feeder.observe())["chart-latency-note"]["text"] == "± bucket 25 %"
    wide = page.render(feeder.observe(latency_width=0.9))
    assert wide["chart-latency-note"]["text"] == "± bucket 90 %"
    assert "90 %" in wide["card-latency_ms-note"]["title"]
    assert page.render(feeder.observe(latency=None))["chart-latency-note"]["text"] == ""


def test_a_width_that_is_not_known_is_not_made_up(page, feeder):
    """No 25 % where buckets do not agree; beyond the last bucket there is no p95 to state a width of."""
    note = page.render(feeder.observe(latency_width=None))["chart-latency-note"]
    assert note["text"] == "bucket unknown"
    first = Histogram.rebin(np.array([0.005, 0.01]), np.array([9.0, 0.0]), 0.002)
    seen = feeder.observe({"latency_p95_ms": 4.75}, latency=first, latency_width=1.0)
    note = page.render(seen)["chart-latency-note"]
    assert note["text"] == "± bucket 100 %"
    assert "from 0 to 5.00 ms" in note["title"]
    beyond = Histogram(np.zeros(BUCKETS), 60.0, overflow=1.0, edges=(1.0, 10.0))
    props = page.render(feeder.observe({"latency_ms": 60_000.0}, latency=beyond, latency_width=None))
    assert props["chart-latency-note"]["text"] == "p95 above 10.0 s"
    assert props["chart-latency-now-2"]["text"] == "no data"
    assert props["card-latency_ms-note"]["text"] == ""


def test_rendering_changes_nothing(page, feeder):
    """Rendering is pure: the same snapshot gives the same page, from another page object too."""
    snapshot = [feeder.observe() for _ in range(70)][-1]
    again = type(page)(target="orders", settings={})
    assert page.render(snapshot) == page.render(snapshot) == again.render(snapshot)


def test_a_patch_is_made_once(page, feeder):
    """However many ask, one pair of snapshots is rendered once."""
    before, now = feeder.observe(), feeder.observe()
    assert page.patch(before, now) is page.patch(before, now)
    assert page.patch(None, now) is page.patch(None, now)


def test_a_full_patch_carries_the_last_minute(page, feeder, screen):
    """A page that has nothing gets all properties, all axes and 60 s of points."""
    snapshot = [feeder.observe() for _ in range(100)][-1]
    patch = screen.apply(page.patch(None, snapshot))
    assert patch["from"] is None
    assert patch["props"] == orjson.loads(orjson.dumps(page.render(snapshot)))
    assert len(screen.points) == 60
    assert set(patch["axes"]) == {chart.id for chart in CHARTS}
    assert patch["stale"] == 3 * patch["interval"] == 3000


def test_an_incremental_patch_is_small(page, feeder):
    """One tick sends one point per chart and only what changed."""
    snapshots = [feeder.observe() for _ in range(100)]
    patch = orjson.loads(page.patch(snapshots[-2], snapshots[-1]))
    assert (patch["from"], patch["seq"]) == (99, 100)
    assert len(patch["points"]["t"]) == 1
    assert "target-name" not in patch["props"]
    assert patch["axes"] == {}


def test_what_is_expected_is_sent_once(page, feeder):
    """With the baseline comes what it expects of each compared chart, and the axes make room for it."""
    steady = {"offered_ops_sec": 600.0, "throughput_ops_sec": 300.0, "latency_ms": 90.0, "memory_mb": 40.0}
    for second in range(200):
        last = feeder.observe(steady | {"cpu_utilization": 60.0 + second % 3})
    assert orjson.loads(page.patch(None, last))["expected"] == {}
    feeder.monitor.experiment.record_last(100, "before", "")
    fast = [feeder.observe(steady | {"latency_p99_ms": 40.0, "cpu_utilization": 20.0}) for _ in range(95)]
    first, whole = orjson.loads(page.patch(last, fast[0])), orjson.loads(page.patch(None, fast[-1]))
    assert first["expected"] == whole["expected"]
    assert set(whole["expected"]) == {"chart-throughput", "chart-latency", "chart-memory", "chart-cpu"}
    assert whole["expected"]["chart-latency"]["coefficients"] == [90.0, 0.0, 0.0]
    assert whole["axes"]["chart-cpu"][1] > 60.0
    assert whole["axes"]["chart-latency"][1] > 90.0
    assert whole["points"]["load"] == [[600.0] * 60]
    assert "expected" not in orjson.loads(page.patch(fast[0], fast[1]))


def test_new_points_of_the_course_come_with_a_patch(page, feeder):
    """What came since the page's last patch, or another comparison's name; a full patch has none."""
    seen = [feeder.observe() for _ in range(200)]
    assert "course" not in orjson.loads(page.patch(seen[-2], seen[-1]))
    feeder.monitor.experiment.record_last(100, "before", "")
    seen += [feeder.observe() for _ in range(30)]
    began = orjson.loads(page.patch(seen[199], seen[200]))["course"]
    later = orjson.loads(page.patch(seen[-4], seen[-1]))["course"]
    assert began["comparison"] == later["comparison"] is not None
    assert later["timestamp"] == [snapshot.sample.timestamp for snapshot in seen[-3:]]
    assert set(map(len, later["metrics"].values())) == {3}
    feeder.monitor.experiment.mark("cache on")
    marked = orjson.loads(page.patch(seen[-1], feeder.observe()))["course"]
    assert marked["comparison"] != later["comparison"]
    assert "course" not in orjson.loads(page.patch(None, seen[-1]))


def test_what_cannot_be_continued_is_sent_whole(page, feeder, new_feeder):
    """Another run, a snapshot older than the rows at hand, or one from the future give a full patch."""
    first = feeder.observe()
    for _ in range(130):
        last = feeder.observe()
    other = new_feeder("run-2").observe()
    assert orjson.loads(page.patch(first, last))["from"] is None
    assert orjson.loads(page.patch(other, last))["from"] is None
    assert orjson.loads(page.patch(last, first))["from"] is None


def test_missing_values_are_null(page, feeder):
    """An unknown value is null in the points, and the word NaN is nowhere in a patch."""
    feeder.observe()
    patch = page.patch(None, feeder.nothing())
    assert orjson.loads(patch)["points"]["chart-memory"][0][-1] is None
    assert not re.search(rb"\bnan\b|infinity", patch, re.IGNORECASE)


SECOND = st.fixed_dictionaries(
    {
        "values": st.dictionaries(
            st.sampled_from(COLUMNS),
            st.one_of(
                st.floats(min_value=0, max_value=1e6),
                st.sampled_from([float("nan"), float("inf"), float("-inf"), 1e100]),
            ),
            max_size=12,
        ),
        "answered": st.sampled_from([True, False, None]),
        "errors": st.sampled_from([{}, {"scrape": "timed out"}]),
        "switches": st.sampled_from([{}, {"message_batching": True}, {"message_batching": False}]),
        "seen": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.lists(SECOND, min_size=2, max_size=25))
def test_patches_in_sequence_equal_the_whole(page, new_feeder, new_screen, seconds):
    """Whatever was seen and however many ticks a page skipped, its patches add up to what a reload shows."""
    feeder, page = new_feeder(), type(page)(target="orders", settings={})
    watched, before = new_screen(), None
    for second in seconds:
        seen = second.pop("seen")
        now = feeder.observe(second.pop("values"), **second)
        second["seen"] = seen
        if seen:
            watched.apply(page.patch(before, now))
            before = now
    watched.apply(page.patch(before, now))
    reloaded = new_screen()
    reloaded.apply(page.patch(None, now))
    assert watched.props == reloaded.props
    assert watched.axes == reloaded.axes
    assert watched.last(60) == reloaded.last(60)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.dictionaries(st.sampled_from(COLUMNS), st.floats(allow_nan=False, allow_infinity=False), max_size=12),
        min_size=1,
        max_size=4,
    ),
    started_at=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
@example(said=[dict.fromkeys(COLUMNS, 1.7e308)], started_at=1.7e308)
@example(said=[dict.fromkeys(COLUMNS, 1e308), dict.fromkeys(COLUMNS, -1e308)], started_at=-1e308)
@example(said=[dict.fromkeys(COLUMNS, 1.6e308)] * 3, started_at=None)
@example(said=[dict.fromkeys(COLUMNS, 1e-320)] * 2, started_at=1e-320)
@example(said=[dict.fromkeys(COLUMNS, 1e15), dict.fromkeys(COLUMNS, -1e15)], started_at=0.0)
@example(said=[dict.fromkeys(COLUMNS, 1e-15)] * 2, started_at=0.0)
def test_no_value_takes_the_page_down(new_feeder, page, said, started_at):
    """Whatever finite number a hostile target says: the page renders, as JSON, without warnings."""
    feeder, page = new_feeder(), type(page)(target="orders", settings={})
    before = None
    for values in said:
        now = feeder.observe(values, started_at=started_at)
        for patch in (page.patch(None, now), page.patch(before, now)):
            assert json.loads(patch, parse_constant=pytest.fail)["seq"] == now.seq
        before = now
    assert Ranges(feeder.monitor, 2).data(300) is not None


def test_nothing_is_offered_that_does_not_work(page, components):
    """The empty states hold no button: what is not in this version cannot be clicked."""
    for component in components(page.layout({})):
        if getattr(component, "id", None) == "panel-changes":
            kinds = {type(inner).__name__ for inner in components(component)}
            assert not kinds & {"Button", "A", "Link", "Input"}


def test_every_button_has_a_name(page, components):
    """Each button reads as something: by its words, its label or the heading that it belongs to."""
    for component in components(page.layout({})):
        if type(component).__name__ == "Button":
            properties = component.to_plotly_json()["props"]
            words = [inner for inner in components(component) if isinstance(getattr(inner, "children", None), str)]
            named = properties.get("aria-label") or properties.get("aria-labelledby") or words
            assert named, component.id


def test_the_tree_has_no_inline_style(page, components):
    """The look is in the style sheets alone."""
    assert not [component for component in components(page.layout({})) if getattr(component, "style", None)]


def test_one_polite_region(page, components):
    """Values that change each second are not read out: one region is live, and it is not patched."""
    live = [c.id for c in components(page.layout({})) if "aria-live" in c.to_plotly_json()["props"]]
    assert live == ["live-region"]


def test_a_fault_of_the_disk_is_said_on_the_page(page, feeder):
    """With how long and how much waits; gone when it works again."""
    feeder.shelf.fault = FULL
    feeder.observe()
    feeder.writer.write()
    props = page.render(feeder.observe())
    assert props["notice"]["hidden"] is False
    assert "Storage: nothing has been written" in props["notice-text"]["text"]
    assert "the disk is full; 2 samples are kept in memory" in props["notice-text"]["text"]
    feeder.shelf.fault = None
    feeder.writer.write()
    assert page.render(feeder.observe())["notice"]["hidden"] is True


def test_what_writes_is_marked_for_a_page_that_may_not(components):
    """The style sheet takes those away where the page says that nothing can be changed."""
    page = Page(target="day.csv", settings={}, read_only="day.csv is open for reading only")
    tree = components(page.layout({}))
    (app,) = [one for one in tree if getattr(one, "id", "") == "app"]
    assert getattr(app, "data-read-only") == "day.csv is open for reading only"
    assert not hasattr(Page(target="hub", settings={}).layout({}), "data-read-only")
    writes = {one.id for one in tree if getattr(one, "data-writes", None) and getattr(one, "id", None)}
    assert {"record-button", "proof-start", "proof-cancel", "baseline-dialog", "marker-dialog"} <= writes
    assert {"switch-message_batching", "panel-baselines-0-pin", "panel-baselines-0-delete"} <= writes
    assert "panel-baselines-0-export" not in writes
    acting = [one for one in tree if getattr(one, "data-alert", None)]
    assert acting
    assert all(getattr(one, "data-writes", None) for one in acting)
    opening = [one for one in tree if getattr(one, "data-opens", "") in {"baseline-dialog", "marker-dialog"}]
    assert len(opening) >= 3
    assert all(getattr(one, "data-writes", None) for one in opening)
