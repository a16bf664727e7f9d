"""One chart with its head: title, unit, the current values, and what limits their precision."""

import orjson
from dash import html

from monitor.core.snapshot import Snapshot
from monitor.ui.alert_marks import limit_note, limiting
from monitor.ui.chart import Chart
from monitor.ui.component import Element, Props
from monitor.ui.figures import live_figure
from monitor.ui.format import NO_DATA, beside, known, number, with_unit
from monitor.ui.precision import precision

_CONFIG = {"staticPlot": True, "displayModeBar": False, "showSendToCloud": False}
"""Without plotly's layer for dragging, which takes the scroll from a finger; the browser's part marks instants."""


def _figure(chart: Chart) -> str:
    """Return what the browser's part gives to Plotly, as JSON."""
    return orjson.dumps({**live_figure(chart), "config": _CONFIG}).decode()


class LiveChart:
    """The browser draws the lines; the head's figures come with the patch."""

    def __init__(self, chart: Chart) -> None:
        """Make the ids for this chart."""
        self._chart = chart
        self.id = chart.id

    def layout(self) -> Element:
        """Return the card; the figure in it is for the browser's part."""
        heading = f"{self.id}-title"
        kind = f"live-chart live-chart--{len(self._chart.metrics)}"
        return html.Section(
            [
                html.Div(
                    [
                        html.H3(
                            [self._chart.title, html.Span(self._chart.unit, className="live-chart__unit")],
                            id=heading,
                            className="panel__title",
                        ),
                        html.P(self._legend(), className="live-chart__legend"),
                    ],
                    className="live-chart__head",
                ),
                html.Div(
                    [
                        # No dcc.Graph: it would draw the chart empty before the browser's part draws it with data.
                        html.Div(id=self.id, className=kind, **{"data-figure": _figure(self._chart)}),
                        html.P(
                            "no data in this range",
                            id=f"{self.id}-empty",
                            className="live-chart__empty",
                            hidden=True,
                        ),
                    ],
                    className="live-chart__frame",
                ),
            ],
            id=f"{self.id}-card",
            className="card chart-card",
            **{"aria-labelledby": heading},
        )

    def _legend(self) -> list[Element]:
        """Return one entry per trace, or the plain value where there is one trace."""
        entries: list[Element] = [
            html.Span(id=f"{self.id}-{name}", className="live-chart__note") for name in ("note", "limit")
        ]
        if len(self._chart.metrics) == 1:
            return [*entries, html.Span(NO_DATA, id=f"{self.id}-now", className="live-chart__now")]
        for index, name in enumerate(self._chart.names):
            swatch = html.Span(className=f"live-chart__swatch live-chart__swatch--{index + 1}")
            value = html.Span(NO_DATA, id=f"{self.id}-now-{index + 1}", className="live-chart__now")
            entries.append(html.Span([swatch, f"{name} ", value], className="live-chart__entry"))
        return entries

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the head's properties."""
        rows = snapshot.recent
        newest = [float(rows.column(metric)[-1]) for metric in self._chart.metrics]
        note, title = self._note(snapshot)
        limit, rules = limit_note(limiting(snapshot.alerts, self._chart))
        props: Props = {
            f"{self.id}-note": {"text": note, "title": title},
            f"{self.id}-limit": {"text": limit, "title": rules},
        }
        if len(newest) == 1:
            props[f"{self.id}-now"] = {"text": with_unit(newest[0], self._chart.unit, whole=self._chart.whole)}
        else:
            for index, value in enumerate(newest):
                text = beside(value, self._chart.unit, self._chart.unit)
                props[f"{self.id}-now-{index + 1}"] = {"text": text}
        seen = any(snapshot.summaries[metric].mean is not None for metric in self._chart.metrics)
        props[f"{self.id}-empty"] = {"hidden": seen}
        return props

    def _note(self, snapshot: Snapshot) -> tuple[str, str]:
        """Return the small words of the head and their explanation."""
        values = snapshot.sample.values
        if self.id == "chart-latency":
            return precision(snapshot.sample)
        if self.id == "chart-throughput" and "offered_ops_sec" in values:
            shed = values.get("shed_ops_sec")
            words = f"offered {number(values['offered_ops_sec'])}"
            explanation = "What clients asked for, and what was turned away unserved, per second"
            return (f"{words} · shed {number(shed)}" if known(shed) else words), explanation
        if self.id == "chart-cpu" and snapshot.sample.cpu_of_one_core:
            return "of one core", "The target does not say how many cores it may use: 100 % is one core"
        return "", ""
