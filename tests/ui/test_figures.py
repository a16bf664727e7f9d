"""The charts' figures."""

import orjson
import pytest

from monitor.core.metric import METRIC
from monitor.ui.chart import CHARTS
from monitor.ui.figures import live_figure


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_a_figure_is_plain_data(chart):
    """A figure encodes as JSON as it stands, a trace per metric and the expected one last, without a template."""
    figure = orjson.loads(orjson.dumps(live_figure(chart)))
    expected = [chart.expected] if chart.compared else []
    assert [trace["name"] for trace in figure["data"]] == [*chart.names, *expected]
    assert len(chart.names) == len(chart.metrics)
    assert figure["layout"]["template"] is None
    assert figure["layout"]["meta"]["unit"] == chart.unit
    assert len(orjson.dumps(figure)) < 2000


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.id)
def test_a_gap_stays_a_gap(chart):
    """No trace bridges an unknown value, and nothing can be dragged or zoomed."""
    figure = live_figure(chart)
    assert all(trace["connectgaps"] is False for trace in figure["data"])
    assert figure["layout"]["xaxis"]["fixedrange"]
    assert figure["layout"]["yaxis"]["fixedrange"]


def test_the_live_axis_counts_back_from_now():
    """x is seconds ago with a true minus, ending at "now"."""
    axis = live_figure(CHARTS[0])["layout"]["xaxis"]
    assert axis["range"] == [-60, 0]
    assert axis["ticktext"] == ["−60 s", "−45 s", "−30 s", "−15 s", "now"]  # noqa: RUF001


def test_traces_of_one_chart_share_a_unit():
    """A chart has one y axis, so its metrics have one unit."""
    for chart in CHARTS:
        assert {METRIC[metric].unit for metric in chart.metrics} == {chart.unit}
