"""The baselines of this target: which is compared with, and what can be done with the others."""

from typing import Final

from dash import html

from monitor.core.baseline import Baseline
from monitor.core.snapshot import Snapshot
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import duration

ROWS: Final = 10
"""The newest ones, the active one among them; /api/v1/baselines has all."""


class BaselinesPanel:
    """One row per baseline; a row that has nothing to show is hidden. The browser's part sends what is clicked."""

    def __init__(self) -> None:
        self.id = "panel-baselines"

    def layout(self) -> Element:
        """Return the panel without data."""
        rows = [self._row(place) for place in range(ROWS)]
        body = [
            html.Ul(rows, className="baselines"),
            html.P(
                "None recorded yet: “Record baseline” keeps what the service does now.",
                id=f"{self.id}-none",
                className="panel__empty",
            ),
            html.P(id="baselines-error", className="switch__error", role="alert"),
        ]
        return panel(self.id, "Baselines", "bookmark", body)

    def _row(self, place: int) -> Element:
        row = f"{self.id}-{place}"
        name = [icon("bookmark", element_id=f"{row}-icon"), html.Span(id=f"{row}-name")]
        when = ["recorded ", html.Span(id=f"{row}-end"), html.Span(id=f"{row}-length")]
        buttons = [
            _button(row, "activate", "Compare with it", "arrow-left-right", html.Span("Compare")),
            _button(row, "pin", "Pin: keep it from being deleted", "pin-angle"),
            _button(row, "export", "Export as a file", "download"),
            _button(row, "delete", "Delete", "trash"),
        ]
        return html.Li(
            [
                html.Span(id=f"{row}-id", hidden=True),
                html.Span(name, className="baselines__name"),
                html.Span(when, className="baselines__when"),
                html.Span(buttons, className="baselines__buttons"),
            ],
            id=row,
            className="baselines__row",
            hidden=True,
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the rows: the active baseline first, then the newest."""
        experiment = snapshot.experiment
        active = None if experiment.impact is None else experiment.impact.baseline.id
        kept = sorted(
            experiment.baselines, key=lambda baseline: (baseline.id == active, baseline.end), reverse=True
        )
        props: Props = {f"{self.id}-none": {"hidden": bool(kept)}}
        for place in range(ROWS):
            props |= self._shown(place, kept[place] if place < len(kept) else None, active)
        return props

    def _shown(self, place: int, baseline: Baseline | None, active: str | None) -> Props:
        row = f"{self.id}-{place}"
        if baseline is None:
            return {row: {"hidden": True}}
        mine = baseline.id == active
        return {
            row: {"hidden": False, "title": baseline.note},
            f"{row}-id": {"text": baseline.id},
            f"{row}-icon": {"class": "bi bi-bookmark-check-fill" if mine else "bi bi-bookmark"},
            f"{row}-name": {"text": f"{baseline.name} (compared with now)" if mine else baseline.name},
            f"{row}-end": {"time": baseline.end},
            f"{row}-length": {"text": f", {duration(baseline.seconds)}"},
            f"{row}-activate": {"hidden": mine},
            f"{row}-pin": {"checked": baseline.pinned, "title": "Unpin" if baseline.pinned else "Pin: keep it"},
            f"{row}-delete": {"hidden": baseline.pinned},
        }


def _button(row: str, action: str, words: str, icon_name: str, *shown: Element) -> Element:
    pressed = {"role": "switch", "aria-checked": "false"} if action == "pin" else {}
    return html.Button(
        [icon(icon_name), *shown],
        id=f"{row}-{action}",
        type="button",
        title=words,
        className="btn btn-outline-secondary btn-small",
        disable_n_clicks=True,
        **{"aria-label": words, "data-baseline": action} | pressed | ({} if action == "export" else WRITES),
    )
