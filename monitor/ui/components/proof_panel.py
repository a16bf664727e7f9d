"""Prove it: a randomised on/off test of one optimisation, its progress, and what came of it."""

from typing import Final

from dash import html

from monitor.core.baseline import COMPARED
from monitor.core.effectiveness import MetricImpact
from monitor.core.error_comparison import ErrorChange
from monitor.core.metric import METRIC
from monitor.core.proof import DEFAULT_HALF_SECONDS, DEFAULT_PAIRS, Phase
from monitor.core.snapshot import Snapshot
from monitor.ui import impact_words, proof_words
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.components.table import cell, table
from monitor.ui.format import NO_DATA, change, number, with_unit
from monitor.ui.impact_words import ERRORS, WORDS

OPTIONS: Final = 8
"""Optimisations that can be chosen from; /api/v1/proof takes any."""
PAIRS: Final = (4, 6, 8, 12, 16, 20)
HALVES: Final = (10, 20, 40, 60, 120, 300)
_LEAD: Final = (
    "Turns an optimisation on and off, in random order, and compares the two halves of each pair: what else "
    "changes meanwhile cannot pass for its effect. Change nothing "
    "yourself until it is done; then the switch is put back."
)
_CHOICES: Final = ("proof-optimization", "proof-pairs", "proof-seconds")
_COLUMNS: Final = ("off", "on", "change", "interval")
_HEAD: Final = ("Figure", "Off", "On", "Change", "99 % interval", "Verdict", "What it rests on")


class ProofPanel:
    """Hidden while the target has nothing to switch. The browser's part sends what is chosen."""

    def __init__(self) -> None:
        self.id = "panel-proof"

    def layout(self) -> Element:
        """Return the panel without data."""
        options = [html.Option(id=f"{self.id}-option-{place}", hidden=True) for place in range(OPTIONS)]
        fields = [
            _field("proof-optimization", "Optimisation", html.Select(options, **_select("proof-optimization"))),
            _field("proof-pairs", "Pairs", _numbers("proof-pairs", PAIRS, DEFAULT_PAIRS, "")),
            _field(
                "proof-seconds", "Each on and off", _numbers("proof-seconds", HALVES, DEFAULT_HALF_SECONDS, " s")
            ),
            _button("proof-start", "Start", "btn-primary"),
            _button("proof-cancel", "Cancel", "btn-outline-secondary", hidden=True),
        ]
        pace = proof_words.pace(DEFAULT_PAIRS, DEFAULT_HALF_SECONDS)
        body = [
            html.P(_LEAD, className="page__lead"),
            html.Div(fields, className="proof__fields"),
            html.P(
                [html.Span(pace, id="proof-pace"), html.Span(id=f"{self.id}-turning")], className="panel__caption"
            ),
            html.P(id="proof-error", className="switch__error", role="alert"),
            html.Div(
                html.Div(className="meter__fill"),
                id=f"{self.id}-meter",
                className="meter proof__meter",
                hidden=True,
                **{"aria-hidden": "true"},
            ),
            html.P(id=f"{self.id}-progress", className="proof__words"),
            html.P(id=f"{self.id}-outcome", className="proof__words"),
            self._table(),
        ]
        section = panel(self.id, "Prove it", "shuffle", body)
        section.hidden = True
        return section

    def _table(self) -> Element:
        rows = [
            html.Tr(
                [
                    html.Th(METRIC[name].title, scope="row"),
                    *(
                        cell(title, f"{self.id}-{name}-{column}", "table__number")
                        for column, title in zip(_COLUMNS, _HEAD[1:5], strict=True)
                    ),
                    cell("Verdict", f"{self.id}-{name}-verdict", "table__verdict"),
                    cell("Why", f"{self.id}-{name}-why", "table__why"),
                ]
            )
            for name in (*COMPARED, ERRORS)
        ]
        heads = [html.Th(title, scope="col") for title in _HEAD]
        return table("comparisons", "Figures of the last proof", heads, rows, id=f"{self.id}-table", hidden=True)

    @staticmethod
    def offered(snapshot: Snapshot) -> bool:
        """Tell whether there is something to prove, or was."""
        return bool(snapshot.sample.provable) or snapshot.proof is not None

    def patch(self, snapshot: Snapshot) -> Props:
        """Return what can be chosen, how far the proof is, and the figures of the last one."""
        state = snapshot.proof
        offered = sorted(snapshot.sample.provable)[:OPTIONS]
        running = state is not None and state.phase is Phase.RUNNING
        result = None if state is None else state.result
        found = {} if result is None else {one.metric: one for one in result.metrics}
        props: Props = {
            self.id: {"hidden": not self.offered(snapshot)},
            "proof-start": {"hidden": running},
            "proof-cancel": {"hidden": not running},
            # What could be chosen is not what is under way.
            **{f"{name}-field": {"hidden": running} for name in _CHOICES},
            "proof-pace": {"hidden": running},
            f"{self.id}-meter": {"hidden": not running, "style": {"--share": proof_words.share(state)}},
            f"{self.id}-progress": {"text": proof_words.progress(state), "hidden": not running},
            f"{self.id}-outcome": {"text": proof_words.outcome(state)},
            f"{self.id}-turning": {"text": proof_words.turning(snapshot.interval)},
            f"{self.id}-table": {"hidden": result is None},
        }
        for place in range(OPTIONS):
            name = offered[place] if place < len(offered) else ""
            props[f"{self.id}-option-{place}"] = {"text": name, "hidden": not name}
        for metric in COMPARED:
            props |= self._row(metric, found.get(metric))
        return props | self._errors(None if result is None else result.errors)

    def _row(self, metric: str, one: MetricImpact | None) -> Props:
        cells, verdict, why, state = dict.fromkeys(_COLUMNS, ""), "", "", "none"
        if one is not None:
            unit, word = METRIC[metric].unit, WORDS[one.verdict]
            verdict, why, state = word.text, one.reason, word.state
            cells["change"] = NO_DATA
            if one.gain is not None:
                cells = {
                    "off": with_unit(one.before, unit),
                    "on": with_unit(one.now, unit),
                    "change": change(one.gain.percent),
                    "interval": impact_words.interval(one.gain),
                }
            if one.estimate is not None:
                why = f"{one.estimate.effective:.0f} pairs{f'; {why}' if why else ''}"
        return self._cells(metric, cells, verdict, why, state)

    def _errors(self, found: ErrorChange | None) -> Props:
        cells, verdict, state = dict.fromkeys(_COLUMNS, ""), "", "none"
        if found is not None:
            verdict, state = WORDS[found.verdict].text, WORDS[found.verdict].state
            cells = {
                "off": f"{number(found.before.percent)} %",
                "on": f"{number(found.now.percent)} %",
                "change": impact_words.points(-found.points),
                "interval": f"{impact_words.points(-found.high)} … {impact_words.points(-found.low)}",
            }
        return self._cells(ERRORS, cells, verdict, proof_words.errors(found), state)

    def _cells(self, metric: str, cells: dict[str, str], verdict: str, why: str, state: str) -> Props:
        props: Props = {f"{self.id}-{metric}-{column}": {"text": text} for column, text in cells.items()}
        colour = state if state in {"good", "critical"} else "plain"
        return props | {
            f"{self.id}-{metric}-change": {
                "text": cells["change"],
                "class": f"table__number table__verdict--{colour}",
            },
            f"{self.id}-{metric}-verdict": {
                "text": verdict,
                "class": f"table__verdict table__verdict--{state}",
            },
            f"{self.id}-{metric}-why": {"text": why},
        }


def _field(element_id: str, title: str, control: Element) -> Element:
    return html.Div(
        [html.Label(title, htmlFor=element_id), control], id=f"{element_id}-field", className="dialog__field"
    )


def _select(element_id: str) -> dict[str, str]:
    return {"id": element_id, "className": "dialog__input"}


def _numbers(element_id: str, numbers: tuple[int, ...], chosen: int, unit: str) -> Element:
    options = [
        html.Option(f"{number}{unit}", value=str(number), selected="selected" if number == chosen else None)
        for number in numbers
    ]
    return html.Select(options, **_select(element_id))


def _button(element_id: str, words: str, kind: str, *, hidden: bool = False) -> Element:
    return html.Button(
        [icon("play-fill" if kind == "btn-primary" else "x-lg"), html.Span(words)],
        id=element_id,
        type="button",
        className=f"btn {kind} record-button",
        hidden=hidden,
        disable_n_clicks=True,
        **WRITES,
    )
