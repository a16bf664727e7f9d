"""What keeps figures away, or from being kept, in a sentence each, while it does."""

from dash import html

from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon


class Notice:
    """Hidden while every source answers and everything is written."""

    def layout(self) -> Element:
        """Return the hidden notice. The browser announces its text; it is no live region itself."""
        return html.Div(
            [icon("exclamation-triangle-fill", element_id="notice-icon"), html.P(id="notice-text")],
            id="notice",
            className="notice notice--warning",
            hidden=True,
        )

    def patch(self, snapshot: Snapshot) -> Props:
        """Name who does not answer and why."""
        sample = snapshot.sample
        down = sample.answered is False
        return {
            "notice": {
                "hidden": not (down or sample.errors or sample.remark or self._storage(snapshot)),
                "class": f"notice notice--{'critical' if down else 'warning'}",
            },
            "notice-icon": {"class": "bi bi-x-octagon-fill" if down else "bi bi-exclamation-triangle-fill"},
            "notice-text": {"text": " ".join(filter(None, (self._sentence(snapshot), self._storage(snapshot))))},
        }

    def _storage(self, snapshot: Snapshot) -> str:
        sentences = snapshot.durability.sentences(snapshot.sample.timestamp)
        return " ".join(f"Storage: {sentence}." for sentence in sentences)

    def _sentence(self, snapshot: Snapshot) -> str:
        remark = snapshot.sample.remark
        remark = f"{remark[:1].upper()}{remark[1:]}{'' if remark.endswith('?') else '.'}" if remark else ""
        return remark if snapshot.sample.final else " ".join(filter(None, (self._missing(snapshot), remark)))

    def _missing(self, snapshot: Snapshot) -> str:
        reasons = snapshot.sample.errors
        failures = "; ".join(snapshot.sample.failures)
        if snapshot.sample.answered is False:
            why = f" ({failures if len(reasons) > 1 else next(iter(reasons.values()))})" if reasons else ""
            return f"{snapshot.target} does not answer{why}. It is asked again every {snapshot.interval:g} s."
        return f"Some figures are missing: {failures}." if failures else ""
