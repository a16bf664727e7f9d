"""Chart figures as plain dicts: building plotly's figure objects costs a hundred times as much."""

from typing import Any

from monitor.ui.chart import LIVE_SECONDS, Chart
from monitor.ui.format import MINUS
from monitor.ui.theme import SERIES, chart_layout

Figure = dict[str, Any]


def live_figure(chart: Chart) -> Figure:
    """Return the empty 60-second chart. x is seconds ago, -60..0; the browser slides the data below fixed axes."""
    ago = list(range(-LIVE_SECONDS, 1, 15))
    x_axis = {
        "range": [-LIVE_SECONDS, 0],
        "tickmode": "array",
        "tickvals": ago,
        "ticktext": [f"{MINUS}{-second} s" if second else "now" for second in ago],
    }
    layout = chart_layout(x_axis, {"range": [0.0, chart.least]})
    layout["meta"] = {"unit": chart.unit}
    return {"data": [_trace(chart, index) for index in range(len(chart.metrics))], "layout": layout}


def _trace(chart: Chart, index: int) -> Figure:
    trace: Figure = {
        "type": "scatter",
        "mode": "lines",
        "name": chart.names[index],
        "x": [],
        "y": [],
        "connectgaps": False,
        "line": {"width": 2, "color": SERIES[index], "simplify": False},
    }
    if len(chart.metrics) == 1 and chart.floor:
        trace |= {"fill": "tozeroy", "fillcolor": "rgba(86, 180, 233, 0.12)"}
    return trace
