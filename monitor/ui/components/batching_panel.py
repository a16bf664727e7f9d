"""Message batching: how full the batches are and what compression saves."""

from typing import Final

from dash import html

from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props, meter_props
from monitor.ui.components.optimization_switch import OptimizationSwitch
from monitor.ui.components.panel import panel

_FACTS: Final = ("batch_efficiency", "compression_ratio", "messages_per_batch")
_BAR: Final = "batch_efficiency"


class BatchingPanel:
    """Three facts and the switch."""

    def __init__(self) -> None:
        self.id = "panel-batching"
        self.switch = OptimizationSwitch("message_batching", f"{self.id}-title")

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
            "Message batching",
            "envelope-paper",
            [html.Dl(lines, className="facts"), self.switch.complaint()],
            self.switch.layout(),
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        values = snapshot.sample.values
        props = self.switch.patch(snapshot)
        for name in _FACTS:
            props |= fact_props(f"{self.id}-{name}", values.get(name), METRIC[name].unit)
        return props | meter_props(f"{self.id}-fill", values.get(_BAR))
