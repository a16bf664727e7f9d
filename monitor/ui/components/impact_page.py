"""The Impact page: every comparison with what it rests on, and the ledger of those that were made before."""

from typing import Final

from dash import html

from monitor.core.effectiveness import MetricImpact
from monitor.core.impact import ImpactState
from monitor.core.ledger import LedgerRow
from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.ui import impact_words
from monitor.ui.component import Element, Props
from monitor.ui.components.baselines_panel import BaselinesPanel
from monitor.ui.components.course_panel import CoursePanel
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import NO_DATA, change, duration, number, with_unit
from monitor.ui.impact_words import COMPARED, ERRORS, WORDS

LEDGER_ROWS: Final = 20
"""The newest comparisons; /api/v1/ledger has all of them."""
_COLUMNS: Final = ("before", "now", "change", "interval")
_LEDGER: Final = ("change", "against", "overall", "interval", "verdict", "watched")


class ImpactPage:
    """Two tables, the intervals over time, the baselines; a row that has nothing to show is hidden."""

    def __init__(self) -> None:
        self.id = "page-impact"
        self._baselines = BaselinesPanel()
        self._course = CoursePanel()

    def layout(self) -> Element:
        """Return the page without data."""
        return html.Div(
            [
                html.H1("Impact", className="page__title"),
                html.P(id=f"{self.id}-summary", className="page__lead"),
                panel(
                    "panel-comparisons",
                    "Every figure against the baseline",
                    "table",
                    [_table("comparisons", self._comparisons())],
                ),
                self._course.layout(),
                self._baselines.layout(),
                panel(
                    "panel-ledger",
                    "Ledger of changes",
                    "journal-text",
                    [
                        _table("ledger", self._ledger()),
                        html.P("Nothing was compared yet.", id=f"{self.id}-none", className="panel__empty"),
                    ],
                    html.A(
                        [icon("download"), html.Span("JSON")],
                        href="/api/v1/ledger",
                        target="_blank",
                        className="btn btn-outline-secondary btn-small",
                    ),
                ),
            ],
            id=self.id,
            className="page",
            hidden=True,
        )

    def _comparisons(self) -> list[Element]:
        head = ["Figure", "Baseline", "Now", "Change", "95 % interval", "Verdict", "What it rests on"]
        rows = [
            html.Tr(
                [
                    html.Th(METRIC[name].title, scope="row"),
                    *(html.Td(id=f"{self.id}-{name}-{column}", className="table__number") for column in _COLUMNS),
                    html.Td(
                        [
                            icon("hourglass", element_id=f"{self.id}-{name}-icon"),
                            html.Span(id=f"{self.id}-{name}-word"),
                        ],
                        id=f"{self.id}-{name}-verdict",
                        className="table__verdict",
                    ),
                    html.Td(id=f"{self.id}-{name}-why", className="table__why"),
                ]
            )
            for name in COMPARED
        ]
        return [_head(head), html.Tbody(rows)]

    def _ledger(self) -> list[Element]:
        head = ["When", "Change", "Against", "Overall", "95 % interval", "Verdict", "Watched"]
        rows = [
            html.Tr(
                [
                    html.Td(html.Span(id=f"{self.id}-{row}-when")),
                    *(html.Td(id=f"{self.id}-{row}-{column}", className=_kind(column)) for column in _LEDGER),
                ],
                id=f"{self.id}-row-{row}",
                hidden=True,
            )
            for row in range(LEDGER_ROWS)
        ]
        return [_head(head), html.Tbody(rows)]

    def patch(self, snapshot: Snapshot) -> Props:
        """Return both tables."""
        experiment = snapshot.experiment
        impact = experiment.impact
        props: Props = {f"{self.id}-summary": {"text": self._summary(impact)}} | self._baselines.patch(snapshot)
        found = {} if impact is None else {one.metric: one for one in impact.metrics}
        for name in COMPARED:
            if impact is None:
                props |= self._row(name, {}, "no baseline", "none", "hourglass", "")
            elif name == ERRORS:
                props |= self._errors(impact)
            else:
                props |= self._comparison(impact, name, found.get(name))
        rows = experiment.ledger[::-1]
        if impact is not None and impact.seconds:
            rows = (LedgerRow.of(impact), *(row for row in rows if row.id != LedgerRow.of(impact).id))
        props[f"{self.id}-none"] = {"hidden": bool(rows)}
        for place in range(LEDGER_ROWS):
            props |= self._ledger_row(place, rows[place] if place < len(rows) else None)
        return props

    @staticmethod
    def _summary(impact: ImpactState | None) -> str:
        if impact is None:
            return "No baseline yet: record one, change something, and come back."
        gain = impact.overall.gain
        word = WORDS[impact.overall.verdict].text
        figure = "" if gain is None else f" {change(gain.percent)}, 95 % interval {impact_words.interval(gain)};"
        told = f"{word}:{figure} {duration(impact.seconds)} of evidence {impact_words.since(impact)}."
        ratio = impact.overall.ratio_percent
        mean = "" if ratio is None else f" Mean of the ratios beside it: {change(ratio)}."
        return f"{told} {impact_words.summary(impact)}{mean}"

    def _comparison(self, impact: ImpactState, name: str, one: MetricImpact | None) -> Props:
        if one is None:
            return self._row(
                name, {}, "not in the baseline", "none", "slash-circle", impact.baseline.silent.get(name, "")
            )
        unit, word, gain = METRIC[name].unit, WORDS[one.verdict], one.gain
        cells = {
            "before": with_unit(one.before, unit),
            "now": with_unit(one.now, unit),
            "change": NO_DATA if gain is None else change(gain.percent),
            "interval": "" if gain is None else impact_words.interval(gain),
        }
        words = impact_words.reason(one)
        return self._row(name, cells, words, word.state, word.icon, impact_words.provenance(impact, one))

    def _errors(self, impact: ImpactState) -> Props:
        found = impact.errors
        if impact.baseline.errors is None or found is None:
            words = "not in the baseline" if impact.baseline.errors is None else "collecting"
            return self._row(ERRORS, {}, words, "none", "hourglass", "")
        word = WORDS[found.verdict]
        cells = {
            "before": f"{number(found.before.percent)} %",
            "now": f"{number(found.now.percent)} %",
            "change": impact_words.points(-found.points),
            "interval": f"{impact_words.points(-found.high)} … {impact_words.points(-found.low)}",
        }
        return self._row(ERRORS, cells, word.text, word.state, word.icon, impact_words.errors(impact, found))

    def _row(self, name: str, cells: dict[str, str], words: str, state: str, icon_name: str, why: str) -> Props:
        props: Props = {f"{self.id}-{name}-{column}": {"text": cells.get(column, "")} for column in _COLUMNS}
        return props | {
            f"{self.id}-{name}-verdict": {"class": f"table__verdict table__verdict--{state}"},
            f"{self.id}-{name}-icon": {"class": f"bi bi-{icon_name}"},
            f"{self.id}-{name}-word": {"text": words},
            f"{self.id}-{name}-why": {"text": why},
        }

    def _ledger_row(self, place: int, row: LedgerRow | None) -> Props:
        cells = dict.fromkeys(_LEDGER, "")
        if row is not None:
            known = row.percent is not None and row.low is not None and row.high is not None
            cells = {
                "change": row.change or "nothing noted",
                "against": row.baseline,
                "overall": change(row.percent) if row.percent is not None else "n/a",
                "interval": f"{change(row.low or 0.0)} … {change(row.high or 0.0)}" if known else "",
                "verdict": WORDS[row.verdict].text,
                "watched": duration(row.seconds),
            }
        props: Props = {f"{self.id}-{place}-{column}": {"text": text} for column, text in cells.items()}
        state = "none" if row is None else WORDS[row.verdict].state
        props[f"{self.id}-{place}-verdict"] = {
            "text": cells["verdict"], "class": f"table__verdict table__verdict--{state}"
        }  # fmt: skip
        return props | {
            f"{self.id}-row-{place}": {"hidden": row is None},
            f"{self.id}-{place}-when": {"time": None if row is None else row.since},
        }


def _kind(column: str) -> str:
    return "table__number" if column in {"overall", "interval", "watched"} else ""


def _head(titles: list[str]) -> Element:
    return html.Thead(html.Tr([html.Th(title, scope="col") for title in titles]))


def _table(name: str, parts: list[Element]) -> Element:
    """Return a table that scrolls within its panel where it is too wide for a phone."""
    return html.Div(
        html.Table(parts, className="table"), className=f"table__frame table__frame--{name}", tabIndex=0
    )
