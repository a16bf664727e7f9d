"""A proof, as a person says it."""

from monitor.core.error_comparison import ErrorChange
from monitor.core.proof import Phase, ProofState
from monitor.core.verdict import Verdict
from monitor.ui.format import change, duration
from monitor.ui.impact_words import WORDS, interval


def progress(state: ProofState | None) -> str:
    """Say where a proof under way is; "" where none is."""
    if state is None or state.phase is not Phase.RUNNING:
        return ""
    plan = state.plan
    word = "on" if plan.on(state.half) else "off"
    place = f"{plan.optimization}: pair {state.half // 2 + 1} of {plan.pairs}, {word}"
    return f"{place}, being turned" if state.left is None else f"{place}, {state.left} s left"


def under_way(state: ProofState | None) -> str:
    """Say beside the other figures that a proof turns a switch, "" where none does."""
    told = progress(state)
    return f"A proof is turning a switch ({told}): its result follows at the end." if told else ""


def share(state: ProofState | None) -> str | None:
    """Return how much of a proof under way is done, as a css length; None where none is."""
    if state is None or state.phase is not Phase.RUNNING:
        return None
    return f"{100 * state.half / (2 * state.plan.pairs):.0f}%"


def outcome(state: ProofState | None) -> str:
    """Say what came of the last proof; "" before its end."""
    if state is None or state.phase is Phase.RUNNING:
        return ""
    if state.result is None:
        return f"No figure for {state.plan.optimization}: {state.reason}"
    total, plan = state.result.overall, state.plan
    figure = "" if total.gain is None else f", {change(total.gain.percent)} within {interval(total.gain)}"
    told = f"{plan.optimization} on against off: {WORDS[total.verdict].text.lower()}{figure}"
    found = state.result.errors
    more = " There were more errors." if found is not None and found.verdict is Verdict.WORSE else ""
    length = f"{pairs(plan.pairs, plan.half_seconds)}, {duration(state.seconds or 0)} in all"
    parts = "" if total.parts == total.possible else f" {total.parts} of {total.possible} figures are in it."
    return f"{told}.{more} {length}.{parts} {state.reason}".strip()


def pairs(count: int, half_seconds: int) -> str:
    """Say what is measured."""
    return f"{count} pairs of twice {half_seconds} s"


def pace(count: int, half_seconds: int) -> str:
    """Say how long so many pairs take, turning the switch aside."""
    return f"{pairs(count, half_seconds)}, about {duration(2 * count * half_seconds)}"


def turning(seconds: float) -> str:
    """Say what turning the switch adds to that, samples being so many `seconds` apart."""
    return f" and, for each turn of the switch, {seconds:g} s or a little more."


def errors(found: ErrorChange | None) -> str:
    """Say what the errors rest on, in counts."""
    if found is None:
        return "not counted in enough pairs"
    off, on = found.before, found.now
    return f"{off.errors:.0f} of {off.operations:.0f} operations off, {on.errors:.0f} of {on.operations:.0f} on"
