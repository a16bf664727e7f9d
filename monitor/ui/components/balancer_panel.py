"""Load balancer: each worker's share of a core, how many there are, how uneven they are."""

from dash import html

from monitor.core.metric import MAX_WORKERS, METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.fact import fact, fact_props, meter, meter_props
from monitor.ui.components.optimization_switch import OptimizationSwitch
from monitor.ui.components.panel import panel
from monitor.ui.format import known, with_unit


class BalancerPanel:
    """One bar per worker that runs, the line about all of them, and the switch."""

    def __init__(self) -> None:
        self.id = "panel-balancer"
        self.switch = OptimizationSwitch("load_balancer", f"{self.id}-title")

    def layout(self) -> Element:
        """Return the panel without data; the workers' bars are hidden."""
        workers = [
            html.Div(
                [
                    html.Dt(f"w{number}", title=f"Worker {number}"),
                    meter(f"{self.id}-fill-{number}"),
                    html.Dd(id=f"{self.id}-cpu-{number}"),
                ],
                id=f"{self.id}-worker-{number}",
                className="worker",
                title=METRIC[f"worker_cpu_{number}"].description,
                hidden=True,
            )
            for number in range(1, MAX_WORKERS + 1)
        ]
        facts = html.Dl(
            [
                fact("Workers", f"{self.id}-workers", METRIC["worker_count"].description),
                fact("Imbalance", f"{self.id}-imbalance", METRIC["worker_imbalance"].description),
            ],
            className="facts",
        )
        return panel(
            self.id,
            "Load balancer",
            "diagram-3",
            [
                html.P("CPU of each worker, of one core", className="panel__caption"),
                html.Dl(workers, className="workers"),
                html.P("CPU by worker: no data", id=f"{self.id}-empty", className="panel__empty"),
                facts,
                self.switch.complaint(),
            ],
            self.switch.layout(),
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the panel's properties."""
        values = snapshot.sample.values
        props = self.switch.patch(snapshot)
        seen = False
        for number in range(1, MAX_WORKERS + 1):
            value = values.get(f"worker_cpu_{number}")
            props[f"{self.id}-worker-{number}"] = {"hidden": not known(value)}
            props[f"{self.id}-cpu-{number}"] = {"text": with_unit(value, "%")}
            props |= meter_props(f"{self.id}-fill-{number}", value)
            seen = seen or known(value)
        props[f"{self.id}-empty"] = {"hidden": seen}
        for name, metric in (("workers", METRIC["worker_count"]), ("imbalance", METRIC["worker_imbalance"])):
            props |= fact_props(f"{self.id}-{name}", values.get(metric.id), metric.unit, whole=metric.whole)
        return props
