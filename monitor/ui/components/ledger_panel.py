"""The ledger: every comparison that was made, the one under way first."""

from functools import lru_cache
from typing import Final

from dash import html

from monitor.core.ledger import LedgerRow
from monitor.core.snapshot import Snapshot
from monitor.ui.component import Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.components.table import cell, table
from monitor.ui.format import change, duration
from monitor.ui.impact_words import WORDS, ends

ROWS: Final = 20
"""The newest comparisons; the files have all of them."""
_HEADINGS: Final = ("When", "Change", "Against", "Overall", "95 % interval", "Verdict", "Watched")
_TEXTS: Final = ("change", "against", "overall", "interval", "verdict", "watched")
"""The columns after the first."""
_NUMBERS: Final = {"overall", "interval", "watched"}


class LedgerPanel:
    """Rows by place, the newest first. In which order they stand is the viewer's choice and the browser's part."""

    def __init__(self) -> None:
        self.id = "panel-ledger"
        # All but the first stay as they are from tick to tick.
        self._shown = lru_cache(maxsize=4 * ROWS)(_shown)

    def layout(self) -> Element:
        """Return the panel without data."""
        body = [
            html.P(id=f"{self.id}-count", className="panel__caption", hidden=True),
            table(
                "ledger",
                "Comparisons that were made",
                [_heading(place, title) for place, title in enumerate(_HEADINGS)],
                [self._row(place) for place in range(ROWS)],
            ),
            html.P("Nothing was compared yet.", id=f"{self.id}-none", className="panel__empty"),
        ]
        files = [
            _file("CSV", "/api/v1/ledger.csv", download=""),
            _file("JSON", "/api/v1/ledger", target="_blank"),
        ]
        return panel(
            self.id, "Ledger of changes", "journal-text", body, html.Div(files, className="panel__buttons")
        )

    def _row(self, place: int) -> Element:
        row = f"{self.id}-{place}"
        cells = [
            cell(title, f"{row}-{column}", f"ledger__{column}{' table__number' if column in _NUMBERS else ''}")
            for column, title in zip(_TEXTS, _HEADINGS[1:], strict=True)
        ]
        when = cell("When", f"{row}-time", "ledger__when", [html.Span(id=f"{row}-when")])
        return html.Tr([when, *cells], id=row, hidden=True)

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the newest rows, and how many there are."""
        rows = snapshot.experiment.compared[::-1]
        more = f"The newest {ROWS} of {len(rows)} comparisons; the CSV file has all of them."
        props: Props = {
            f"{self.id}-none": {"hidden": bool(rows)},
            f"{self.id}-count": {"text": more if len(rows) > ROWS else "", "hidden": len(rows) <= ROWS},
        }
        for place in range(ROWS):
            props |= self._shown(f"{self.id}-{place}", rows[place] if place < len(rows) else None)
        return props


def _shown(row: str, one: LedgerRow | None) -> Props:
    cells = dict.fromkeys(_TEXTS, "") if one is None else _cells(one)
    state = "none" if one is None else WORDS[one.verdict].state
    props: Props = {f"{row}-{column}": {"text": text} for column, text in cells.items()}
    return props | {
        row: {"hidden": one is None, "sort": None if one is None else _sort(one)},
        f"{row}-when": {"time": None if one is None else one.since},
        f"{row}-verdict": {
            "text": cells["verdict"],
            "class": f"ledger__verdict table__verdict table__verdict--{state}",
        },
    }


def _cells(one: LedgerRow) -> dict[str, str]:
    known = one.percent is not None and one.low is not None and one.high is not None
    return {
        "change": one.change or "nothing noted",
        "against": one.baseline,
        "overall": change(one.percent) if one.percent is not None else "n/a",
        "interval": ends(change(one.low or 0.0), change(one.high or 0.0)) if known else "",
        "verdict": WORDS[one.verdict].text,
        "watched": duration(one.seconds),
    }


def _sort(one: LedgerRow) -> list[float | str | None]:
    """Return what each column is sorted by: the figure behind its text, of an interval the lower end."""
    cells = _cells(one)
    percent, low = (None if figure is None else round(figure, 2) for figure in (one.percent, one.low))
    return [one.since, cells["change"], cells["against"], percent, low, cells["verdict"], one.seconds]


def _heading(place: int, title: str) -> Element:
    button = html.Button(
        title, type="button", className="table__sort", disable_n_clicks=True, **{"data-column": str(place)}
    )
    return html.Th(button, scope="col", **({"aria-sort": "descending"} if place == 0 else {}))


def _file(kind: str, address: str, **link: str) -> Element:
    return html.A(
        [icon("download"), html.Span(kind)],
        href=address,
        title=f"Every comparison, as {kind}",
        className="btn btn-outline-secondary btn-small",
        **link,
    )
