"""Change against baseline: each figure as a dot with its interval; better is to the right, for every metric."""

import math
from typing import Final

from dash import html

from monitor.core.effectiveness import MetricImpact
from monitor.core.impact import ImpactState
from monitor.core.metric import METRIC
from monitor.core.snapshot import Snapshot
from monitor.core.verdict import DECIDED, Gain, Verdict
from monitor.ui import impact_words
from monitor.ui.component import Element, Props
from monitor.ui.components.panel import panel
from monitor.ui.format import change
from monitor.ui.impact_words import COMPARED, ERRORS, WORDS

_APART: Final = 0.25
_APART_ON_A_PHONE: Final = 0.48
_STEPS: Final = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_TICKS: Final = 6
_LOWEST, _HIGHEST = -200.0, 1000.0
"""What an axis shows at most; an interval beyond ends at its edge."""
_PLACES: Final = ("--low", "--high", "--at", "--low-cap", "--high-cap")
_CALM: Final = (-5.0, 20.0)
_OPEN: Final = (-50.0, 100.0)
"""How far the interval of an open verdict stretches the axis: the settled ones would be lost on it."""


class ChangesPanel:
    """One row per compared figure on a shared axis in percent. Errors are counts, and say so in words."""

    def __init__(self) -> None:
        self.id = "panel-changes"

    def layout(self) -> Element:
        """Return the rows without data."""
        rows = [
            html.Li(
                [
                    html.Span(METRIC[name].title, className="changes__name"),
                    html.Span(
                        html.Span(className="changes__mark"), className="changes__track", **{"aria-hidden": "true"}
                    ),
                    html.Span("no baseline", id=f"{self.id}-{name}-state", className="changes__state"),
                ],
                id=f"{self.id}-{name}",
                className="changes__row changes__row--none",
            )
            for name in COMPARED
        ]
        body = [
            html.Ul(rows, id=f"{self.id}-rows", className="changes"),
            html.P(
                [
                    html.Span(id=f"{self.id}-from", className="changes__end"),
                    html.Span(id=f"{self.id}-zero"),
                    html.Span(id=f"{self.id}-to", className="changes__end"),
                ],
                id=f"{self.id}-axis",
                className="changes__axis",
                **{"aria-hidden": "true"},
            ),
        ]
        better = html.Span("better →", className="panel__aside changes__better")
        return panel(self.id, "Change against baseline, 95 % interval", "arrow-left-right", body, better)

    def patch(self, snapshot: Snapshot) -> Props:
        """Return each row's place on the axis."""
        impact = snapshot.experiment.impact
        if impact is None:
            return self._empty()
        gains = {one.metric: one for one in impact.metrics}
        low, high = _span([one for one in impact.metrics if one.verdict is not Verdict.NOT_COMPARABLE])
        props: Props = {
            f"{self.id}-rows": {"style": {"--zero": _place(0.0, low, high)}},
            f"{self.id}-axis": {"style": {"--zero": _place(0.0, low, high)}},
            f"{self.id}-from": _label(low, -low / (high - low)),
            f"{self.id}-zero": {"text": "0 %"},
            f"{self.id}-to": _label(high, high / (high - low)),
        }
        for name in COMPARED[:-1]:
            props |= self._row(impact, name, gains.get(name), low, high)
        return props | self._errors(impact)

    def _empty(self) -> Props:
        props: Props = {
            f"{self.id}-rows": {"style": {"--zero": "25%"}},
            f"{self.id}-axis": {"style": {"--zero": "25%"}},
            f"{self.id}-from": {"text": "", "class": "changes__end"},
            f"{self.id}-zero": {"text": ""},
            f"{self.id}-to": {"text": "", "class": "changes__end"},
        }
        for name in COMPARED:
            props |= self._props(name, "none", "no baseline", "", {})
        return props

    def _row(self, impact: ImpactState, name: str, one: MetricImpact | None, low: float, high: float) -> Props:
        if one is None:
            return self._props(name, "none", impact_words.missing(impact, name), "", {})
        words = impact_words.reason(one)
        if one.gain is None or one.verdict is Verdict.NOT_COMPARABLE:
            return self._props(name, WORDS[one.verdict].state, words, "", {})
        # An end without its cap lies beyond the axis.
        style = {
            "--low-cap": "0px" if one.gain.low < low else "2px",
            "--high-cap": "0px" if one.gain.high > high else "2px",
            "--low": _place(one.gain.low, low, high),
            "--high": _place(one.gain.high, low, high),
            "--at": _place(one.gain.percent, low, high),
        }
        title = f"{impact_words.interval(one.gain)}: {words}"
        return self._props(name, WORDS[one.verdict].state, change(one.gain.percent), title, style)

    def _errors(self, impact: ImpactState) -> Props:
        if impact.baseline.errors is None:
            return self._props(ERRORS, "none", "not in the baseline", "", {})
        found = impact.errors
        if found is None:
            return self._props(ERRORS, "none", "collecting", "", {})
        word = WORDS[found.verdict]
        text = impact_words.points(-found.points)
        return self._props(ERRORS, word.state, text, f"{word.text}: {impact_words.errors(impact, found)}", {})

    def _props(self, name: str, state: str, text: str, title: str, style: dict[str, str]) -> Props:
        places = dict.fromkeys(_PLACES) | style
        kind = f"changes__row--{state}" + ("" if style else " changes__row--empty")
        return {
            f"{self.id}-{name}": {"class": f"changes__row {kind}", "title": title, "style": places},
            f"{self.id}-{name}-state": {"text": text},
        }


def _span(shown: list[MetricImpact]) -> tuple[float, float]:
    """Return a round axis around 0, all figures, and all intervals of settled verdicts."""
    ends = [_ends(one.gain, settled=one.verdict in DECIDED) for one in shown if one.gain is not None]
    low = max(min([_CALM[0], *(low for low, _ in ends)]), _LOWEST)
    high = min(max([_CALM[1], *(high for _, high in ends)]), _HIGHEST)
    step = next(step for step in _STEPS if (high - low) / step <= _TICKS)
    return math.floor(low / step) * step, math.ceil(high / step) * step


def _ends(gain: Gain, *, settled: bool) -> tuple[float, float]:
    if settled:
        return gain.low, gain.high
    return min(max(gain.low, _OPEN[0]), gain.percent), max(min(gain.high, _OPEN[1]), gain.percent)


def _label(percent: float, share: float) -> dict[str, str]:
    """Return the words of an end that is so much of the axis away from zero, whose own they must not lie on."""
    near = " changes__end--near" if share < _APART_ON_A_PHONE else ""
    return {
        "text": change(percent).replace(".0", "") if share > _APART else "",
        "class": f"changes__end{near}",
    }


def _place(value: float, low: float, high: float) -> str:
    """Return where a value is on the axis, cut at its ends."""
    return f"{100 * (min(max(value, low), high) - low) / (high - low):.1f}%"
