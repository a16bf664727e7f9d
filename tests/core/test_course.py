"""How figures came about: a series that is thinned out as it grows."""

import numpy as np
import pytest

from benchmarks.stats.service import START_MS, Service, baseline
from monitor.core.course import MOST, Course, CoursePoint
from monitor.core.impact import Impact
from monitor.core.impact_document import course_after, course_document
from monitor.core.verdict import Gain


def grown(ticks: int) -> Course:
    course = Course()
    for tick in range(1, ticks + 1):
        if tick % course.step == 0:
            course = course.plus(CoursePoint(1000 * tick, {}))
    return course


@pytest.mark.parametrize("ticks", [1, 299, 300, 301, 1000, 86_400])
def test_it_never_has_too_many_points(ticks: int) -> None:
    """Neither too many nor too few, equally far apart, the newest not older than a step."""
    course = grown(ticks)
    moments = [point.at for point in course.points]
    assert len(moments) < MOST
    assert len(moments) >= min(ticks, MOST // 2)
    assert set(np.diff(moments)) <= {1000 * course.step}
    assert moments[0] == 1000 * course.step
    assert moments[-1] > 1000 * (ticks - course.step)


def test_what_came_later_can_be_asked_for() -> None:
    """A reader that has some of it gets the rest."""
    course = grown(10)
    assert [point.at for point in course.after(8000)] == [9000, 10_000]
    assert course.after(10_000) == ()
    assert course.after(0) == course.points


def test_the_intervals_of_a_comparison_over_time() -> None:
    """It begins without a figure, narrows, and its newest point is what the impact says."""
    random = np.random.default_rng(3)
    before = Service().rows(random, 3600, START_MS)
    end = int(before.timestamp[-1])
    after = Service(slower=0.8).rows(random, 250, end + 1000)
    impact = Impact(baseline(before, 900), since=end, text="cache on", warm_up=5, interval_ms=1000)
    for timestamp, row in zip(after.timestamp.tolist(), after.values, strict=True):
        impact.add(timestamp, row, None)
    state = impact.state(int(after.timestamp[-1]))
    points = state.course.points
    assert (points[0].gains, points[-1].at) == ({}, state.course.points[0].at + 1000 * (len(points) - 1))
    latency = [point.gains["latency_ms"] for point in points if "latency_ms" in point.gains]
    assert latency[-1] == next(one.gain for one in state.metrics if one.metric == "latency_ms")
    widths = [gain.high - gain.low for gain in latency]
    assert widths[-1] < widths[len(widths) // 2] < widths[0]


def test_a_document_has_gaps_where_nothing_was_known() -> None:
    """Null, and one entry per moment for each metric."""
    random = np.random.default_rng(3)
    before = Service().rows(random, 3600, START_MS)
    end = int(before.timestamp[-1])
    after = Service().rows(random, 40, end + 1000)
    impact = Impact(baseline(before, 900), since=end, text="", warm_up=0, interval_ms=1000)
    for timestamp, row in zip(after.timestamp.tolist(), after.values, strict=True):
        impact.add(timestamp, row, None)
    document = course_document(impact.state(int(after.timestamp[-1])))
    assert (document["since"], document["margin_percent"], document["most"]) == (end, 3.0, MOST)
    assert {len(course) for course in document["metrics"].values()} == {len(document["timestamp"])} == {40}
    assert document["metrics"]["latency_ms"][0] is None
    low, figure, high = document["metrics"]["latency_ms"][-1]
    assert low < figure < high
    assert course_after(None, 0) == {"comparison": None, "timestamp": [], "metrics": {}}
    assert isinstance(next(iter(impact.state(end).course.points[-1].gains.values())), Gain)
