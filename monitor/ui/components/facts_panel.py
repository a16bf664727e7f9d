"""What one optimisation does right now: its figures, the first with a bar, and its switch."""

from dash import html

from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props, meter_props
from monitor.ui.components.optimization_switch import OptimizationSwitch
from monitor.ui.components.panel import panel


class FactsPanel:
    """A panel for one of the target's optimisations."""

    def __init__(
        self, panel_id: str, *, title: str, icon: str, optimization: str, metrics: tuple[str, ...]
    ) -> None:
        """Show `metrics`, the first of which is a share in percent, and the switch of `optimization`."""
        self.id = panel_id
        self._title = title
        self._icon = icon
        self._metrics = [METRIC[metric] for metric in metrics]
        self.switch = OptimizationSwitch(optimization, f"{self.id}-title")

    def layout(self) -> Element:
        """Return the panel without data."""
        share = self._metrics[0]
        lines = [
            fact(
                metric.title,
                f"{self.id}-{metric.id}",
                metric.description,
                bar=f"{self.id}-fill" if metric is share else "",
            )
            for metric in self._metrics
        ]
        body = [html.Dl(lines, className="facts"), self.switch.complaint()]
        return panel(self.id, self._title, self._icon, body, self.switch.layout())

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        values = snapshot.sample.values
        props = self.switch.patch(snapshot)
        for metric in self._metrics:
            props |= fact_props(f"{self.id}-{metric.id}", values.get(metric.id), metric.unit, whole=metric.whole)
        return props | meter_props(f"{self.id}-fill", values.get(self._metrics[0].id))
