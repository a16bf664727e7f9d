"""The Impact page: every comparison with what it rests on, and the ledger of those that were made before."""

from typing import Final

from dash import html

from monitor.core.effectiveness import MetricImpact
from monitor.core.impact import ImpactState
from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.core.tail import TAIL, TITLE
from monitor.ui import impact_words
from monitor.ui.component import Element, Props
from monitor.ui.components.baselines_panel import BaselinesPanel
from monitor.ui.components.course_panel import CoursePanel
from monitor.ui.components.icon import icon
from monitor.ui.components.ledger_panel import LedgerPanel
from monitor.ui.components.panel import panel
from monitor.ui.components.proof_panel import ProofPanel
from monitor.ui.components.suggestions_panel import SuggestionsPanel
from monitor.ui.components.table import table
from monitor.ui.format import NO_DATA, change, duration, number, with_unit
from monitor.ui.impact_words import COMPARED, ERRORS, WORDS

_ROWS: Final = (*COMPARED[:2], TAIL, *COMPARED[2:])
_COLUMNS: Final = ("before", "now", "change", "interval")


class ImpactPage:
    """The comparisons under way and how they came about, and below them the baselines and the ledger."""

    def __init__(self) -> None:
        self.id = "page-impact"
        self._baselines = BaselinesPanel()
        self._course = CoursePanel()
        self._ledger = LedgerPanel()
        self._proof = ProofPanel()
        self._suggestions = SuggestionsPanel()

    def layout(self) -> Element:
        """Return the page without data."""
        return html.Div(
            [
                html.H1("Impact", className="page__title"),
                html.P(id=f"{self.id}-summary", className="page__lead"),
                html.P(id=f"{self.id}-elsewhere", className="page__lead", hidden=True),
                panel(
                    "panel-comparisons",
                    "Every figure against the baseline",
                    "table",
                    [self._comparisons()],
                ),
                self._course.layout(),
                self._proof.layout(),
                self._baselines.layout(),
                self._suggestions.layout(),
                self._ledger.layout(),
            ],
            id=self.id,
            className="page",
            hidden=True,
        )

    def _comparisons(self) -> Element:
        head = ["Figure", "Baseline", "Now", "Change", "95 % interval", "Verdict", "What it rests on"]
        rows = [
            html.Tr(
                [
                    html.Th(TITLE if name == TAIL else METRIC[name].title, scope="row"),
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
            for name in _ROWS
        ]
        return table("comparisons", [html.Th(title, scope="col") for title in head], rows)

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the comparisons, the baselines and the ledger."""
        experiment = snapshot.experiment
        impact = experiment.impact
        then = {} if impact is None else impact.baseline.fingerprint
        elsewhere = impact_words.elsewhere(then, experiment.fingerprint)
        props: Props = {
            f"{self.id}-summary": {"text": self._summary(impact)},
            f"{self.id}-elsewhere": {"text": elsewhere, "hidden": not elsewhere},
        }
        for part in (self._proof, self._baselines, self._suggestions, self._ledger):
            props |= part.patch(snapshot)
        found = (
            {}
            if impact is None
            else {one.metric: one for one in (*impact.metrics, impact.tail) if one is not None}
        )
        for name in _ROWS:
            if impact is None:
                props |= self._row(name, {}, "no baseline", "none", "hourglass", "")
            elif name == ERRORS:
                props |= self._errors(impact)
            else:
                props |= self._comparison(impact, name, found.get(name))
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
        unit = "%" if name == TAIL else METRIC[name].unit
        word, gain = WORDS[one.verdict], one.gain
        why = impact_words.tail(impact, one) if name == TAIL else impact_words.provenance(impact, one)
        cells = {
            "before": with_unit(one.before, unit),
            "now": with_unit(one.now, unit),
            "change": NO_DATA if gain is None else change(gain.percent),
            "interval": "" if gain is None else impact_words.interval(gain),
        }
        words = impact_words.reason(one)
        return self._row(name, cells, words, word.state, word.icon, why)

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
