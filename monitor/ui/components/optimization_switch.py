"""The switch of one of the target's optimisations."""

import logging

from dash import Dash, Input, Output, html

from monitor.core.errors import SourceError
from monitor.core.snapshot import Snapshot
from monitor.engine.monitor import Monitor
from monitor.engine.ports import Switchboard
from monitor.ui.component import WRITES, Element, Props

log = logging.getLogger(__name__)


class OptimizationSwitch:
    """Stands as the target says, not as it was clicked: a click asks, the next sample answers."""

    def __init__(self, name: str, labelled_by: str) -> None:
        """Switch the optimisation `name`; the element `labelled_by` holds its title."""
        self.name = name
        self.id = f"switch-{name}"
        self._labelled_by = labelled_by

    def layout(self) -> Element:
        """Return the state's word and the hidden switch."""
        return html.Div(
            [
                html.Span(id=f"{self.id}-state", className="switch__state"),
                html.Button(
                    html.Span(className="switch__track", **{"aria-hidden": "true"}),
                    id=self.id,
                    type="button",
                    role="switch",
                    className="switch",
                    hidden=True,
                    **{"aria-checked": "false", "aria-labelledby": self._labelled_by} | WRITES,
                ),
            ],
            className="switch__place",
        )

    def complaint(self) -> Element:
        """Return the place for the sentence when the target did not switch."""
        return html.P(id=f"{self.id}-error", className="switch__error", role="alert")

    def patch(self, snapshot: Snapshot) -> Props:
        """Return how it stands, where the target says so, and the switch, where it can be turned."""
        enabled = self._state(snapshot)
        word = "" if enabled is None else "On" if enabled else "Off"
        return {
            self.id: {
                "hidden": enabled is None or self.name not in snapshot.sample.switchable,
                "checked": bool(enabled),
                "title": "Turn it off at the target" if enabled else "Turn it on at the target",
            },
            f"{self.id}-state": {
                "text": word,
                "class": "switch__state switch__state--on" if enabled else "switch__state",
            },
        }

    def register(self, app: Dash, monitor: Monitor, switchboard: Switchboard | None) -> None:
        """Answer clicks, in the request's thread."""

        def switch(clicks: int | None) -> str:
            del clicks
            return self.turn(monitor, switchboard)

        app.callback(
            Output(f"{self.id}-error", "children"),
            Input(self.id, "n_clicks"),
            prevent_initial_call=True,
        )(switch)

    def turn(self, monitor: Monitor, switchboard: Switchboard | None) -> str:
        """Turn the optimisation to its other state; return the complaint, "" when there is none."""
        snapshot = monitor.snapshot
        enabled = self._state(snapshot) if snapshot is not None else None
        if (
            snapshot is None
            or enabled is None
            or self.name not in snapshot.sample.switchable
            or switchboard is None
        ):
            return "Not switched: the target offers no switch for this now."
        try:
            switchboard.switch(self.name, enabled=not enabled)
        except SourceError as error:
            log.warning("switch failed", extra={"optimization": self.name, "reason": str(error)})
            return f"Not switched: {error}."
        return ""

    def _state(self, snapshot: Snapshot) -> bool | None:
        """Return whether it is on, None while that is unknown: a target that is down may come back changed."""
        return None if snapshot.sample.answered is False else snapshot.sample.switches.get(self.name)
