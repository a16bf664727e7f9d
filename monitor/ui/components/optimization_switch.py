"""The switch of one of the target's optimisations."""

import logging

from dash import Dash, Input, Output, html

from monitor.core.errors import SourceError
from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Switchboard
from monitor.ui.component import Element, Props

log = logging.getLogger(__name__)


class OptimizationSwitch:
    """Shown while the target says whether the optimisation is on; the target's word sets it, not the click."""

    def __init__(self, name: str, labelled_by: str) -> None:
        """Switch the optimisation `name`; the element `labelled_by` holds its title."""
        self.name = name
        self.id = f"switch-{name}"
        self._labelled_by = labelled_by

    def layout(self) -> Element:
        """Return the hidden switch."""
        return html.Button(
            [
                html.Span(id=f"{self.id}-state", className="switch__state"),
                html.Span(className="switch__track", **{"aria-hidden": "true"}),
            ],
            id=self.id,
            type="button",
            role="switch",
            className="switch",
            hidden=True,
            **{"aria-checked": "false", "aria-labelledby": self._labelled_by},
        )

    def complaint(self) -> Element:
        """Return the place for the sentence when the target did not switch."""
        return html.P(id=f"{self.id}-error", className="switch__error", role="alert")

    def patch(self, snapshot: Snapshot) -> Props:
        """Return whether it is there and how it stands."""
        enabled = snapshot.switches.get(self.name)
        return {
            self.id: {
                "hidden": enabled is None,
                "checked": bool(enabled),
                "title": "Turn off at the target" if enabled else "Turn on at the target",
            },
            f"{self.id}-state": {"text": "On" if enabled else "Off"},
        }

    def register(self, app: Dash, monitor: Monitor, switchboard: Switchboard | None) -> None:
        """Answer clicks, in the request's thread."""

        @app.callback(
            Output(f"{self.id}-error", "children"),
            Input(self.id, "n_clicks"),
            prevent_initial_call=True,
            running=[(Output(self.id, "disabled"), True, False)],
        )
        def switch(clicks: int | None) -> str:
            del clicks
            return self.turn(monitor, switchboard)

    def turn(self, monitor: Monitor, switchboard: Switchboard | None) -> str:
        """Turn the optimisation to its other state; return the complaint, "" when there is none."""
        snapshot = monitor.snapshot
        enabled = snapshot.switches.get(self.name) if snapshot is not None else None
        if enabled is None or switchboard is None:
            return "Not switched: the target offers no switch for this."
        try:
            switchboard.switch(self.name, enabled=not enabled)
        except SourceError as error:
            log.warning("switch failed", extra={"optimization": self.name, "reason": str(error)})
            return f"Not switched: {error}."
        return ""
