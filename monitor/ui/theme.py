"""What all charts share. Text, grid and line colours follow the theme by css, so switching it redraws nothing."""

from typing import Any, Final

SERIES: Final = ("#0072B2", "#D55E00", "#CC79A7")
"""Okabe-Ito, in the order of a chart's traces; the style sheet shifts them with the theme for contrast."""
_TICKS: Final = {"ticklen": 5, "tickcolor": "rgba(0,0,0,0)"}


def chart_layout(x_axis: dict[str, Any], y_axis: dict[str, Any]) -> dict[str, Any]:
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
