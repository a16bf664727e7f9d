"""Chart figures as plain dicts: building plotly's figure objects costs a hundred times as much.

Colours are the style sheet's, so that switching the theme redraws nothing.
"""

from typing import Any, Final

from monitor.ui.chart import LIVE_SECONDS, Chart
from monitor.ui.format import MINUS

Figure = dict[str, Any]

_TICKS: Final = {"ticklen": 5, "tickcolor": "rgba(0,0,0,0)"}


def live_figure(chart: Chart) -> Figure:
    """Return the empty 60-second chart. x is seconds ago, -60..0; the browser slides the data below fixed axes."""
    ago = list(range(-LIVE_SECONDS, 1, 15))
    x_axis = {
        "range": [-LIVE_SECONDS, 0],
        "tickmode": "array",
        "tickvals": ago,
        "ticktext": [f"{MINUS}{-second} s" if second else "now" for second in ago],
    }
    layout = _layout(x_axis, {"range": [0.0, chart.least]})
    layout["meta"] = {"unit": chart.unit}
    traces = [_trace(chart, index) for index in range(len(chart.metrics))]
    if chart.compared:
        traces.append(_expected(chart))
    return {"data": traces, "layout": layout}


def _layout(x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
    """Return a layout without plotly's template: transparent, tight, nothing to drag or hover."""
    return {
        "template": None,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 40, "r": 16, "t": 10, "b": 24},
        "font": {"family": "system-ui, sans-serif", "size": 11},
        "showlegend": False,
        "dragmode": False,
        "hovermode": False,
        "autosize": True,
        "xaxis": {
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticks": "outside",
            **_TICKS,
            **x_axis,
        },
        "yaxis": {"fixedrange": True, "zeroline": False, "nticks": 5, "ticks": "outside", **_TICKS, **y_axis},
    }


def _trace(chart: Chart, index: int) -> Figure:
    trace = _line(chart.names[index], {"width": 2})
    if len(chart.metrics) == 1 and chart.floor:
        trace["fill"] = "tozeroy"
    return trace


def _expected(chart: Chart) -> Figure:
    """Return the last trace, which is drawn while a baseline is active."""
    return _line(chart.expected, {"width": 1.25, "dash": "4px,3px"})


def _line(name: str, line: Figure) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [],
        "y": [],
        "connectgaps": False,
        "line": {**line, "simplify": False},
    }
