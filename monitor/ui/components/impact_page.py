"""The Impact page: every comparison with what it rests on, and the ledger of those that were made before."""

from typing import Final

from dash import html

from monitor.core.effectiveness import MetricImpact
from monitor.core.impact import ImpactState
from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.core.tail import TAIL, TITLE
from monitor.ui import impact_words, proof_words
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.baselines_panel import BaselinesPanel
from monitor.ui.components.course_panel import CoursePanel
from monitor.ui.components.icon import icon
from monitor.ui.components.ledger_panel import LedgerPanel
from monitor.ui.components.panel import panel
from monitor.ui.components.proof_panel import ProofPanel
from monitor.ui.components.suggestions_panel import SuggestionsPanel
from monitor.ui.components.table import cell, table
from monitor.ui.format import NO_DATA, change, duration, number, with_unit
from monitor.ui.impact_words import COMPARED, ERRORS, WORDS

_ROWS: Final = (*COMPARED[:2], TAIL, *COMPARED[2:])
_COLUMNS: Final = ("before", "now", "change", "interval")
_HEAD: Final = ("Figure", "Baseline", "Now", "Change", "95 % interval", "Verdict", "What it rests on")
_TOGETHER: Final = "The intervals hold all together and at every look with 95 %, each of them with 99.2 %."
_TOLD: Final = {"good", "critical"}
"""States whose figures have their colour."""


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
                self._head(),
                panel(
                    "panel-comparisons",
                    "Every figure against the baseline",
                    "table",
                    [
                        html.P(id=f"{self.id}-basis", className="panel__caption"),
                        self._comparisons(),
                        html.P(_TOGETHER, className="panel__caption"),
                    ],
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

    def _head(self) -> Element:
        mark = html.Button(
            [icon("flag"), html.Span("Mark a change")],
            type="button",
            className="btn btn-outline-secondary record-button",
            disable_n_clicks=True,
            **{"data-opens": "marker-dialog"} | WRITES,
        )
        prove = html.A(
            [icon("shuffle"), html.Span("Prove it")],
            id=f"{self.id}-prove",
            href="#panel-proof",
            className="btn btn-outline-secondary record-button",
            hidden=True,
        )
        verdict = [
            html.Span(
                [icon("hourglass", element_id=f"{self.id}-icon"), html.Span(id=f"{self.id}-word")],
                id=f"{self.id}-status",
                className="status",
            ),
            html.Span(id=f"{self.id}-interval", className="page__lead"),
        ]
        return html.Div(
            [
                html.Div(
                    [
                        html.H1("Impact", className="page__title"),
                        html.Div([mark, prove], className="panel__buttons"),
                    ],
                    className="page__head",
                ),
                html.P(verdict, id=f"{self.id}-verdict", className="page__verdict", hidden=True),
                html.P(id=f"{self.id}-summary", className="page__lead"),
                html.P(id=f"{self.id}-elsewhere", className="page__lead", hidden=True),
            ]
        )

    def _comparisons(self) -> Element:
        rows = [
            html.Tr(
                [
                    html.Th(TITLE if name == TAIL else METRIC[name].title, scope="row"),
                    *(
                        cell(title, f"{self.id}-{name}-{column}", "table__number")
                        for column, title in zip(_COLUMNS, _HEAD[1:5], strict=True)
                    ),
                    cell(
                        "Verdict",
                        f"{self.id}-{name}-verdict",
                        "table__verdict",
                        [
                            icon("hourglass", element_id=f"{self.id}-{name}-icon"),
                            html.Span(id=f"{self.id}-{name}-word"),
                        ],
                    ),
                    cell("Why", f"{self.id}-{name}-why", "table__why"),
                ]
            )
            for name in _ROWS
        ]
        return table("comparisons", "Comparisons", [html.Th(title, scope="col") for title in _HEAD], rows)

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the comparisons, the baselines and the ledger."""
        experiment = snapshot.experiment
        impact = experiment.impact
        then = {} if impact is None else impact.baseline.fingerprint
        elsewhere = impact_words.elsewhere(then, experiment.fingerprint)
        props: Props = {
            f"{self.id}-elsewhere": {"text": elsewhere, "hidden": not elsewhere},
            f"{self.id}-basis": {
                "text": "" if impact is None else impact_words.basis(impact),
                "hidden": impact is None,
            },
            f"{self.id}-prove": {"hidden": not self._proof.offered(snapshot)},
        }
        props |= self._overall(impact) | self._summary(snapshot)
        for part in (self._course, self._proof, self._baselines, self._suggestions, self._ledger):
            props |= part.patch(snapshot)
        found = (
            {}
            if impact is None
            else {one.metric: one for one in (*impact.metrics, impact.tail) if one is not None}
        )
        for name in _ROWS:
            if impact is None:
                props |= self._row(name, {}, "No baseline", "none", "hourglass", "")
            elif name == ERRORS:
                props |= self._errors(impact)
            else:
                props |= self._comparison(impact, name, found.get(name))
        return props

    def _overall(self, impact: ImpactState | None) -> Props:
        """Return the line of the overall verdict."""
        if impact is None:
            return {f"{self.id}-verdict": {"hidden": True}}
        word, gain = WORDS[impact.overall.verdict], impact.overall.gain
        told = f"{duration(impact.seconds)} of evidence {impact_words.since(impact)}"
        return {
            f"{self.id}-verdict": {"hidden": False},
            f"{self.id}-status": {"class": f"status status--{word.state}"},
            f"{self.id}-icon": {"class": f"bi bi-{word.icon}"},
            f"{self.id}-word": {"text": word.text if gain is None else f"{word.text} {change(gain.percent)}"},
            f"{self.id}-interval": {
                "text": told if gain is None else f"95 % interval {impact_words.interval(gain)} · {told}"
            },
        }

    def _summary(self, snapshot: Snapshot) -> Props:
        """Return the sentences below it."""
        experiment = snapshot.experiment
        impact = experiment.impact
        if impact is not None:
            ratio = impact.overall.ratio_percent
            mean = "" if ratio is None else f"As a mean of ratios it is {change(ratio)}."
            proving = proof_words.under_way(snapshot.proof)
            words = [proving, impact_words.summary(impact), impact_words.made_of(impact), mean]
        elif experiment.recording is not None:
            _, told = impact_words.recording(experiment.recording, snapshot.sample.timestamp)
            words = [f"Recording {told}. Change nothing until it is recorded."]
        else:
            words = ["No baseline yet: record one, change something, and come back."]
        return {f"{self.id}-summary": {"text": " ".join(filter(None, words))}}

    def _comparison(self, impact: ImpactState, name: str, one: MetricImpact | None) -> Props:
        if one is None:
            why = impact_words.missing(impact, name)
            return self._row(name, {}, "Not in the baseline", "none", "slash-circle", why)
        unit = "%" if name == TAIL else METRIC[name].unit
        word, gain = WORDS[one.verdict], one.gain
        why = impact_words.tail(impact, one) if name == TAIL else impact_words.provenance(impact, one)
        cells = {
            "before": with_unit(one.before, unit),
            "now": with_unit(one.now, unit),
            "change": NO_DATA if gain is None else change(gain.percent),
            "interval": "" if gain is None else impact_words.interval(gain),
        }
        return self._row(name, cells, word.text, word.state, word.icon, why)

    def _errors(self, impact: ImpactState) -> Props:
        found = impact.errors
        if impact.baseline.errors is None or found is None:
            words = "Not in the baseline" if impact.baseline.errors is None else "Collecting"
            return self._row(ERRORS, {}, words, "none", "hourglass", "")
        word = WORDS[found.verdict]
        cells = {
            "before": f"{number(found.before.percent)} %",
            "now": f"{number(found.now.percent)} %",
            "change": impact_words.points(-found.points),
            "interval": impact_words.ends(impact_words.points(-found.high), impact_words.points(-found.low)),
        }
        return self._row(ERRORS, cells, word.text, word.state, word.icon, impact_words.errors(impact, found))

    def _row(self, name: str, cells: dict[str, str], words: str, state: str, icon_name: str, why: str) -> Props:
        props: Props = {f"{self.id}-{name}-{column}": {"text": cells.get(column, "")} for column in _COLUMNS}
        return props | {
            f"{self.id}-{name}-change": {
                "text": cells.get("change", ""),
                "class": f"table__number table__verdict--{state if state in _TOLD else 'plain'}",
            },
            f"{self.id}-{name}-verdict": {"class": f"table__verdict table__verdict--{state}"},
            f"{self.id}-{name}-icon": {"class": f"bi bi-{icon_name}"},
            f"{self.id}-{name}-word": {"text": words},
            f"{self.id}-{name}-why": {"text": why},
        }
