"""Did it help? The overall figure, the verdict, and what it rests on."""

from dash import html

from monitor.core.experiment import ExperimentState
from monitor.core.impact import ImpactState
from monitor.core.snapshot import Snapshot
from monitor.core.verdict import Verdict
from monitor.ui import impact_words, proof_words
from monitor.ui.component import WRITES, Element, Props
from monitor.ui.components.icon import icon
from monitor.ui.components.panel import panel
from monitor.ui.format import change, duration
from monitor.ui.impact_words import WORDS, interval, made_of, since, summary

_EMPTY = (
    "A baseline is what the service does before a change. Record one, change something, and this says by how much "
    "it helped, how sure that is, and which figure gained most."
)
_RECORDING = (
    "Change nothing until it is recorded. Then change something and mark it: this says by how much it helped, and "
    "how sure that is."
)


class VerdictPanel:
    """The row's answer; without a baseline it says what one is and how to get it."""

    def __init__(self) -> None:
        self.id = "panel-verdict"

    def layout(self) -> Element:
        """Return the panel without data."""
        body = [
            html.Div(
                [
                    html.P("No baseline yet", id=f"{self.id}-figure", className="verdict__figure"),
                    html.Div(
                        [
                            html.P(
                                [
                                    icon("hourglass", element_id=f"{self.id}-icon"),
                                    html.Span(id=f"{self.id}-word"),
                                ],
                                id=f"{self.id}-status",
                                className="status status--none",
                                hidden=True,
                            ),
                            html.P(id=f"{self.id}-interval", className="verdict__interval"),
                        ],
                        className="verdict__beside",
                    ),
                ],
                className="verdict__head",
            ),
            html.P(_EMPTY, id=f"{self.id}-text", className="verdict__text"),
            html.P(
                ["The effect is fading: counted anew since ", html.Span(id=f"{self.id}-fading-time"), "."],
                id=f"{self.id}-fading",
                className="verdict__text verdict__text--fading",
                hidden=True,
            ),
            html.P(id=f"{self.id}-more", className="verdict__text verdict__text--small"),
        ]
        button = html.Button(
            [icon("flag"), html.Span("Mark a change")],
            type="button",
            className="btn btn-outline-secondary btn-small",
            disable_n_clicks=True,
            **{"data-opens": "marker-dialog"} | WRITES,
        )
        return panel(self.id, "Did it help?", "clipboard-data", body, button)

    def patch(self, snapshot: Snapshot) -> Props:
        """Return the answer as it stands."""
        experiment = snapshot.experiment
        impact = experiment.impact
        now = snapshot.sample.timestamp
        if impact is None:
            figure, head, text = self._without(experiment, now)
            return self._props(figure, "", None, head, text, "")
        word = WORDS[impact.overall.verdict]
        gain = impact.overall.gain
        figure = word.text if gain is None else change(gain.percent)
        evidence = f"{duration(impact.seconds)} of evidence {since(impact)}"
        head = evidence if gain is None else f"95 % interval {interval(gain)} · {evidence}"
        state = word.state if gain is not None or impact.overall.verdict is Verdict.NOT_COMPARABLE else "none"
        return self._props(figure, state, impact, head, summary(impact), self._more(impact, snapshot))

    def _props(
        self, figure: str, state: str, impact: ImpactState | None, head: str, text: str, more: str
    ) -> Props:
        word = None if impact is None else WORDS[impact.overall.verdict]
        told = word is not None and figure != word.text
        return {
            f"{self.id}-figure": {
                "text": figure,
                "class": f"verdict__figure verdict__figure--{state}" if told else "verdict__figure",
            },
            f"{self.id}-status": {"hidden": not told, "class": f"status status--{state or 'none'}"},
            f"{self.id}-icon": {"class": f"bi bi-{word.icon}" if word is not None else "bi"},
            f"{self.id}-word": {"text": "" if word is None else word.text},
            f"{self.id}-interval": {"text": head},
            f"{self.id}-text": {"text": text},
            f"{self.id}-more": {"text": more},
            f"{self.id}-fading": {"hidden": impact is None or impact.fading_since is None},
            f"{self.id}-fading-time": {"time": None if impact is None else impact.fading_since},
        }

    @staticmethod
    def _without(experiment: ExperimentState, now: int) -> tuple[str, str, str]:
        if (recording := experiment.recording) is not None:
            return *impact_words.recording(recording, now), _RECORDING
        if experiment.problem:
            return "No baseline yet", "", experiment.problem
        return "No baseline yet", "", _EMPTY

    @staticmethod
    def _more(impact: ImpactState, snapshot: Snapshot) -> str:
        """Say what stood before, and what is going on beside it."""
        experiment, now = snapshot.experiment, snapshot.sample.timestamp
        sentences = [proof_words.under_way(snapshot.proof), made_of(impact)]
        if (recording := experiment.recording) is not None:
            sentences.append(f"Recording {impact_words.recording(recording, now)[1]}.")
        settled = experiment.settled
        if settled is not None and impact.overall.verdict in {Verdict.COLLECTING, Verdict.NOT_ENOUGH_DATA}:
            figure = "" if settled.percent is None else f", {change(settled.percent)}"
            named = f"“{settled.change}”" if settled.change else "the baseline"
            sentences.append(f"Before that, {named}: {WORDS[settled.verdict].text.lower()}{figure}.")
        if experiment.problem:
            sentences.append(experiment.problem)
        return " ".join(filter(None, sentences))
