"""Health and uptime as a person says them."""

from typing import Final

from monitor.core.health import Uptime
from monitor.core.health_score import CAP, HealthScore, Term
from monitor.core.metric import METRIC
from monitor.ui.format import MINUS, NO_DATA, duration, share, with_unit
from monitor.ui.impact_words import Word

HEALTHY: Final = 80.0
DEGRADED: Final = 50.0
UNKNOWN: Final = Word("unknown", "question-circle", "none")


def health_word(score: HealthScore | None) -> Word:
    """Return what a score is called, judged by the figure that is shown."""
    if score is None:
        return UNKNOWN
    value = round(score.value, 1)
    if value >= HEALTHY:
        return Word("healthy", "check-circle-fill", "good")
    if value >= DEGRADED:
        return Word("degraded", "exclamation-triangle-fill", "warning")
    return Word("unhealthy", "exclamation-octagon-fill", "critical")


def deductions(score: HealthScore, most: int) -> list[str]:
    """Return a sentence part per deduction, a critical alert's first, then the largest; at most `most` of them."""
    parts = [f"Critical alert {_taken(score.cap)}: capped at {CAP:g}"] if score.capped else []
    parts += [_deduction(term) for term in sorted(score.terms, key=lambda term: -term.points)]
    if len(parts) > most:
        rest = parts[most - 1 :]
        kept = sorted((term.points for term in score.terms), reverse=True)[-len(rest) :]
        parts[most - 1 :] = [f"{len(rest)} more {_taken(sum(kept))}"]
    return parts


def uptime_text(uptime: Uptime, interval: float) -> str:
    """Return the share of the time in which the target answered, and what was lost: "99.97 % · 26 s lost of 24 h".

    interval: seconds between two questions.
    """
    if not uptime.expected:
        return NO_DATA
    lost = (uptime.expected - uptime.answered) * interval
    part = share(uptime.answered, uptime.expected)
    whole = _span(uptime.expected * interval)
    return f"{part} · {_span(lost)} lost of {whole}" if lost else f"{part} of {whole}"


def _deduction(term: Term) -> str:
    metric = METRIC[term.metric]
    good, bad = ("≤", "≥") if term.good <= term.bad else ("≥", "≤")
    mean = with_unit(term.mean, metric.unit, whole=metric.whole)
    ends = f"good {good}\N{NO-BREAK SPACE}{term.good:.6g}, bad {bad}\N{NO-BREAK SPACE}{term.bad:.6g}"
    return f"{term.name} {_taken(term.points)}: {mean}, {ends}".replace("-", MINUS)


def _taken(points: float) -> str:
    return f"{MINUS}{points:.1f}" if points >= 0.05 else "0"


def _span(seconds: float) -> str:
    """Return a length of time without a second unit that is 0; below 10 s with a decimal where there is one."""
    if 0 < seconds < 10 and seconds != int(seconds):
        return f"{seconds:.1f} s"
    first, _, rest = duration(seconds).partition(" ")
    unit, _, rest = rest.partition(" ")
    return f"{first} {unit}" if not rest or rest.startswith("0 ") else f"{first} {unit} {rest}"
