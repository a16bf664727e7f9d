"""Memory pools: how often a buffer was at hand and what that saved."""

from typing import Final

from dash import html

from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props, meter_props
from monitor.ui.components.optimization_switch import OptimizationSwitch
from monitor.ui.components.panel import panel

_FACTS: Final = ("pool_hit_rate", "pool_saved_mb", "pool_allocated_mb", "pool_in_use")
_BAR: Final = "pool_hit_rate"


class PoolsPanel:
    """Four facts and the switch."""

    def __init__(self) -> None:
        self.id = "panel-pools"
        self.switch = OptimizationSwitch("memory_pools", f"{self.id}-title")

    def layout(self) -> Element:
        """Return the panel without data."""
        lines = [
            fact(
                METRIC[name].title,
                f"{self.id}-{name}",
                METRIC[name].description,
                bar=f"{self.id}-fill" if name == _BAR else "",
            )
            for name in _FACTS
        ]
        return panel(
            self.id,
            "Memory pools",
            "memory",
            [html.Dl(lines, className="facts"), self.switch.complaint()],
            self.switch.layout(),
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        values = snapshot.sample.values
        props = self.switch.patch(snapshot)
        for name in _FACTS:
            metric = METRIC[name]
            props |= fact_props(f"{self.id}-{name}", values.get(name), metric.unit, whole=metric.whole)
        return props | meter_props(f"{self.id}-fill", values.get(_BAR))
