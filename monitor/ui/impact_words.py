"""Verdicts, figures and what they rest on, as a person says them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.effectiveness import MetricImpact
from monitor.core.error_comparison import ErrorChange
from monitor.core.experiment import Recording
from monitor.core.impact import ImpactState
from monitor.core.metric import METRIC
from monitor.core.tail import TAIL, TITLE, Tail
from monitor.core.verdict import DECIDED, IN_WORDS, Gain, Verdict
from monitor.ui.format import MINUS, change, duration, number, with_unit

ERRORS: Final = "error_rate"
_FINGERPRINT: Final = {"host": "host {}", "cores": "{} cores", "monitor": "version {}"}
_ALIKE: Final = 0.9
_LEAST_POINTS: Final = 0.0005
COMPARED: Final = ("throughput_ops_sec", "latency_ms", "cpu_utilization", "memory_mb", ERRORS)
"""The rows of every list of comparisons, in their order."""


@dataclass(frozen=True, slots=True)
class Word:
    """A verdict's word, its icon, and the state that its colour stands for."""

    text: str
    icon: str
    state: str


_LOOKS: Final = {
    Verdict.BETTER: ("check-circle-fill", "good"),
    Verdict.WORSE: ("x-octagon-fill", "critical"),
    Verdict.NO_DIFFERENCE: ("dash-circle-fill", "none"),
    Verdict.COLLECTING: ("hourglass-split", "none"),
    Verdict.NOT_ENOUGH_DATA: ("hourglass-split", "none"),
    Verdict.NOT_COMPARABLE: ("slash-circle", "warning"),
}
WORDS: Final = {verdict: Word(text, *_LOOKS[verdict]) for verdict, text in IN_WORDS.items()}


def points(value: float) -> str:
    """Return a signed number of percentage points."""
    if abs(value) < _LEAST_POINTS:
        return "0 pp"
    sign = MINUS if value < 0 else "+"
    return f"{sign}{number(abs(value))} pp"


def interval(gain: Gain) -> str:
    """Return both ends of an interval in percent."""
    return ends(change(gain.low), change(gain.high))


def ends(low: str, high: str) -> str:
    """Return both ends of an interval, their unit once."""
    return f"{low.rpartition(' ')[0]} … {high}"


def since(state: ImpactState) -> str:
    """Say what the present is counted from."""
    return f"since “{state.text}”" if state.text else "since the baseline"


def recording(one: Recording, now: int) -> tuple[str, str]:
    """Say that a baseline is being recorded, and how far it is at `now` (epoch ms)."""
    done, whole = (now - one.start) // 1000, (one.end - one.start) // 1000
    if done < 0:
        return "Recording soon", f"“{one.name}” begins in {-done} s"
    return "Recording", f"“{one.name}”: {min(done, whole)} of {whole} s"


def summary(state: ImpactState) -> str:
    """Say in one sentence or three what gained most, what is open, and whether the load is comparable."""
    if state.warm_up:
        return f"Warming up {since(state)}: {state.warm_up} s until anything counts."
    parts = [_most(state), _open(state), _load(state)]
    return " ".join(part for part in parts if part)


def _most(state: ImpactState) -> str:
    if state.errors is not None and state.errors.verdict is Verdict.WORSE:
        return "There are more errors, whatever else got better."
    if state.baseline.tail is not None and state.tail is not None and state.tail.verdict is Verdict.WORSE:
        return f"More operations were {slower(state.baseline.tail)}, whatever else got better."
    changed = {Verdict.BETTER, Verdict.WORSE}
    decided = [(one.gain.percent, one) for one in state.metrics if one.gain is not None and one.verdict in changed]
    if not decided:
        return ""
    _, worst = min(decided, key=lambda entry: entry[0])
    _, best = max(decided, key=lambda entry: entry[0])
    if worst.verdict is Verdict.WORSE:
        return f"{METRIC[worst.metric].title} got worse."
    return f"{METRIC[best.metric].title} gained most."


def _open(state: ImpactState) -> str:
    never = [one.metric for one in state.metrics if one.verdict is Verdict.NOT_COMPARABLE]
    waiting = [one.metric for one in state.metrics if one.verdict not in DECIDED and one.metric not in never]
    said = [f"Not settled yet: {listed(waiting)}."] if waiting else []
    if never:
        said.append(f"Not comparable: {listed(never)}.")
    return " ".join(said)


def listed(metrics: Sequence[str]) -> str:
    """Return the titles of metrics, as in "CPU, Memory and Latency"."""
    titles = [METRIC[metric].title for metric in metrics]
    return " and ".join(filter(None, [", ".join(titles[:-1]), *titles[-1:]]))


def made_of(state: ImpactState) -> str:
    """Say which figures the overall one is made of, "" where of all or of none."""
    total = state.overall
    if total.gain is None or total.parts >= total.possible:
        return ""
    inside = {one.metric for one in state.metrics if one.gain and one.verdict is not Verdict.NOT_COMPARABLE}
    missing = [metric for metric in COMPARED[:-1] if metric not in inside]
    without = f", without {listed(missing)}" if len(missing) == total.possible - total.parts else ""
    return f"{total.parts} of {total.possible} figures are in it{without}."


def _load(state: ImpactState) -> str:
    before, now, share = state.baseline.mean_load, state.mean_load, state.load_share
    if before is None or now is None or share is None:
        return ""
    if share < 0.5:
        return f"The load is not comparable: {number(now)} against {number(before)} ops/s."
    how = "Load is comparable" if share >= _ALIKE else f"Load was comparable in {100 * share:.0f} % of seconds"
    return f"{how} ({number(now)} against {number(before)} ops/s)."


def elsewhere(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say in what the monitor that recorded a baseline differs from this one, "" for nothing.

    By their fingerprints; what either of them does not say is no difference.
    """
    differ = [name for name in _FINGERPRINT if then.get(name) and now.get(name) and then[name] != now[name]]
    if not differ:
        return ""
    was, here = (", ".join(_fact(name, of[name]) for name in differ) for of in (then, now))
    return f"The baseline was recorded on {was}; this monitor runs on {here}: compare with care."


def _fact(name: str, value: str) -> str:
    words = _FINGERPRINT[name].format(value)
    return "1 core" if words == "1 cores" else words


def reason(one: MetricImpact) -> str:
    """Say why a row has no verdict, else the verdict's word."""
    word = WORDS[one.verdict].text
    return word if one.verdict in DECIDED or one.reason.lower() in {"", word.lower()} else one.reason


def missing(state: ImpactState, metric: str) -> str:
    """Say why a metric is not compared at all."""
    title = TITLE if metric == TAIL else METRIC[metric].title
    why = state.baseline.silent.get(metric, "").removeprefix(f"{title}: ")
    return f"not in the baseline: {why}" if why else "not in the baseline"


def basis(state: ImpactState) -> str:
    """Say what all figures rest on: the baseline, and whether it knows how often it is wrong by chance."""
    told = f"Against “{state.baseline.name}”, {duration(state.baseline.seconds)}."
    if _calibrated(state):
        return told
    return (
        f"{told} Uncalibrated: there was too little quiet history before it to know how often such a comparison "
        "is wrong by chance. A baseline recorded later will know."
    )


def _calibrated(state: ImpactState) -> bool:
    return not state.metrics or any(one.calibrated for one in state.metrics)


def provenance(state: ImpactState, one: MetricImpact) -> str:
    """Say in plain words what a figure rests on besides `basis`, why there is no verdict first."""
    reference = state.baseline.compared[one.metric].reference
    interval = state.baseline.interval_ms / 1000
    sentences = []
    if (why := reason(one)) != WORDS[one.verdict].text:
        never = one.verdict is Verdict.NOT_COMPARABLE
        sentences.append(f"{why[0].upper()}{why[1:]}." if never else f"Still open: {why}.")
    if interval * reference.seconds < _ALIKE * state.baseline.seconds:
        sentences.append(f"Rests on {interval * reference.seconds:.0f} s of the baseline.")
    if one.estimate is not None:
        seconds, effective = round(interval * one.estimate.seconds), round(interval * one.estimate.effective)
        worth = f"{effective} independent ones" if effective > 1 else "about one independent one"
        sentences.append(f"{seconds} s here are worth {worth}.")
        sentences.append(
            f"The smallest change it can show is {change(one.estimate.resolution_percent).replace('+', '')}."
        )
    alarms = reference.false_alarms
    if alarms is not None:
        history = duration(interval * reference.history_seconds)
        sentences.append(
            f"On the {history} before it a look at {interval * alarms.seconds:.0f} s cried wolf "
            f"{alarms.alarms} of {alarms.pairs} times."
        )
    if not one.calibrated and _calibrated(state):
        sentences.append("Uncalibrated: too little quiet history of it before the baseline.")
    return " ".join(sentences)


def slower(tail: Tail) -> str:
    """Say which operations are in the tail."""
    return f"slower than {with_unit(1000.0 * tail.bound, 'ms')}"


def tail(state: ImpactState, one: MetricImpact) -> str:
    """Say which share of the operations was and is slow, and what that rests on."""
    if state.baseline.tail is None:
        return ""
    now = "" if one.now is None else f" → {number(one.now)} %"
    shares = f"S{slower(state.baseline.tail)[1:]}: {number(one.before)} %{now} of operations."
    return f"{shares} {provenance(state, one)}"


def errors(state: ImpactState, found: ErrorChange) -> str:
    """Say what the errors' change rests on: counts, as of the last look."""
    before, now = found.before, found.now
    seconds = round(now.seconds * state.baseline.interval_ms / 1000)
    return (
        f"{before.errors:.0f} of {before.operations:.0f} before, "
        f"{now.errors:.0f} of {now.operations:.0f} in the first {seconds} s since"
    )
