"""Alerts told anew from all that ever happened, each time; slow, and plain enough to be believed.

It shares nothing with the product but the dataclass of a rule. There is no state: it looks back at the record,
finds where episodes began and ended, and tells the last of them.
"""

import math
from dataclasses import dataclass

from monitor.core.rule import Rule

RANK = {"info": 0, "warning": 1, "critical": 2}


@dataclass
class Tick:
    """A step. `says` is what it makes of the value; where it is `anew`, what was before counts no more."""

    rule: Rule
    value: float | None
    guard: float | None
    mono: float
    wall: int
    says: str = ""
    anew: bool = False
    edited: bool = False


@dataclass
class Answer:
    """Somebody acknowledged or dismissed."""

    kind: str


@dataclass
class Restart:
    """All is gone but the last alert."""

    rule: Rule
    mono: float
    wall: int


Record = Tick | Answer | Restart


@dataclass
class Episode:
    """Where in the record it began and ended, if it did, and its moment."""

    start: int
    end: int | None
    fired_at: int


def nothing(value: float | None) -> bool:
    return value is None or math.isnan(value) or math.isinf(value)


def beyond(value: float, word: str, limit: float) -> bool:
    return {"above": value > limit, "below": value < limit, "equal": value == limit}[word]


def says(rule: Rule, value: float | None, guard: float | None) -> str:
    """Say what a step says: off, unknown, bad, between or good."""
    if not rule.enabled:
        return "off"
    watched = rule.guard is None or nothing(guard) or beyond(guard, str(rule.guard.condition), rule.guard.value)
    if not watched:
        return "good"
    if nothing(value) or (rule.guard is not None and nothing(guard)):
        return "unknown"
    word = str(rule.condition)
    if beyond(value, word, rule.threshold):
        return "bad"
    if word == "equal":
        return "good"
    depth = abs(rule.threshold) / 20 if rule.clear is None else abs(rule.threshold - rule.clear)
    return "good" if abs(value - rule.threshold) >= depth else "between"


class Retold:
    """The record, and what can be told of it."""

    def __init__(self) -> None:
        self.record: list[Record] = []

    def add(self, new: Record) -> None:
        if isinstance(new, Tick):
            new.says = says(new.rule, new.value, new.guard)
            last = next((one for one in reversed(self.record) if isinstance(one, Tick)), None)
            if last is not None:
                same = (last.rule.metric, last.rule.condition) == (new.rule.metric, new.rule.condition)
                new.edited = not same or not new.rule.enabled
                told = self.episodes()
                if new.edited and told and told[-1].end is None:
                    new.says = "off"
            new.anew = new.edited or bool(self.record and isinstance(self.record[-1], Restart))
        self.record.append(new)

    def seconds(self, place: int, what: str) -> float:
        """Count for how long, up to this tick, every known one said `what`; only between known neighbours."""
        later, total = self.record[place], 0.0
        for one in reversed(self.record[:place]):
            if isinstance(one, Answer):
                continue
            if later.anew or isinstance(one, Restart) or one.says not in {what, "unknown"}:
                break
            if one.says == later.says == what:
                total += later.mono - one.mono
            later = one
        return total

    def quiet_until(self, place: int, last: Episode | None) -> float:
        if last is None:
            return -math.inf
        cooldown = self.record[place].rule.cooldown_seconds
        began = self.record[last.start].mono
        for one in self.record[last.start : place]:
            if isinstance(one, Restart):
                away = (one.wall - last.fired_at) / 1000
                began = one.mono - sorted([0.0, away, one.rule.cooldown_seconds])[1]
        return began + cooldown

    def next_start(self, place: int, last: Episode | None) -> int | None:
        for here in range(place, len(self.record)):
            one = self.record[here]
            if (
                isinstance(one, Tick)
                and one.says == "bad"
                and self.seconds(here, "bad") >= one.rule.for_seconds
                and one.mono >= self.quiet_until(here, last)
            ):
                return here
        return None

    def end_of(self, start: int) -> int | None:
        for here in range(start + 1, len(self.record)):
            one = self.record[here]
            if isinstance(one, Tick) and (
                one.edited or (one.says == "good" and self.seconds(here, "good") >= one.rule.keep_firing_seconds)
            ):
                return here
        return None

    def episodes(self) -> list[Episode]:
        found: list[Episode] = []
        place: int | None = 0
        while place is not None:
            last = found[-1] if found else None
            start = self.next_start(place, last)
            if start is None:
                break
            wall = self.record[start].wall
            fired_at = wall if last is None else max(wall, last.fired_at + 1)
            found.append(Episode(start, self.end_of(start), fired_at))
            place = found[-1].end
        return found

    def silence(self, place: int) -> float:
        known = (one for one in reversed(self.record[:place]) if not isinstance(one, Answer))
        since = next(one for one in known if isinstance(one, Restart) or one.says != "unknown")
        return self.record[place].mono - since.mono

    def log(self, episode: Episode) -> tuple[list[str], bool]:
        """Tell what happened, and whether data are missing now."""
        kinds, missing, rule = ["fired"], False, self.record[episode.start].rule
        stop = len(self.record) if episode.end is None else episode.end + 1
        for place in range(episode.start + 1, stop):
            one = self.record[place]
            if isinstance(one, Answer):
                allowed = {"acknowledged": {"firing"}, "dismissed": {"firing", "acknowledged"}}[one.kind]
                kinds += [one.kind] if standing(kinds) in allowed else []
            if not isinstance(one, Tick):
                continue
            if not one.edited:
                if RANK[one.rule.severity] > RANK[rule.severity] and "dismissed" not in kinds:
                    kinds.append("raised")
                rule = one.rule
                if one.says != "unknown" and missing:
                    kinds.append("data_again")
                    missing = False
                elif one.says == "unknown" and not missing and "dismissed" not in kinds:
                    missing = self.silence(place) >= 30
                    kinds += ["no_data"] if missing else []
            if place == episode.end:
                kinds.append("resolved")
                missing = False
        return kinds, missing

    def waits(self) -> bool:
        """Tell whether the last known word is bad, and still counts."""
        for one in reversed(self.record):
            if isinstance(one, Answer):
                continue
            if isinstance(one, Restart) or one.says == "off":
                return False
            if one.says != "unknown":
                return one.says == "bad"
            if one.anew:
                return False
        return False

    def tell(self) -> tuple[str, list[str], bool, int | None]:
        """Return state, what happened to the last alert, whether its data are missing, and when it fired."""
        episodes = self.episodes()
        if not episodes:
            return ("pending" if self.waits() else "inactive"), [], False, None
        last = episodes[-1]
        kinds, missing = self.log(last)
        state = standing(kinds)
        if state == "resolved" and self.waits():
            state = "pending"
        return state, kinds, missing, last.fired_at


def standing(kinds: list[str]) -> str:
    """Return the state of an alert to which this happened."""
    if "resolved" in kinds or "dismissed" in kinds:
        return "resolved" if "resolved" in kinds else "dismissed"
    asked = [kind for kind in kinds if kind in {"fired", "raised", "acknowledged"}]
    return "acknowledged" if asked[-1] == "acknowledged" else "firing"
