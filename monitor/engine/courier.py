"""Tells the people of one channel, however long that takes."""

import logging
import math
import random
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from monitor.core.alert import Happened
from monitor.core.channel import Channel
from monitor.core.channel_settings import ChannelKind
from monitor.core.channel_state import ChannelState
from monitor.core.entry import Entry, Kind
from monitor.core.errors import SendError
from monitor.core.message import Message
from monitor.core.notice import Notice
from monitor.core.rule import Severity
from monitor.engine.notice_queue import NoticeQueue, Waiting
from monitor.engine.ports import Clock, Entries, Sender

log = logging.getLogger(__name__)

SEND_SECONDS: Final = 10.0
GROUP_SECONDS: Final = 30.0
"""There is at most one new message in so long."""
MOST_SPELLED: Final = 100
PIECE: Final = 500
"""Entries that are handed to the store at once."""
_REST: Final = "rest"
"""Stands for a notice's key where alerts are only counted."""
_GIVE_UP_SECONDS: Final = 24 * 3600.0
_LONGEST_PAUSE: Final = 300.0
_LONGEST_WISH: Final = 6 * 3600.0
_SETTLE_SECONDS: Final = 2.0
_IDLE_SECONDS: Final = 30.0
"""After so long it looks again, because quiet hours begin and end by the wall clock."""


@dataclass(slots=True)
class _Sending:
    """The message in hand: from when it is given up (monotonic s), and what the store said to it."""

    message: Message
    until: float
    ticket: int | None

    @property
    def rank(self) -> int:
        """Return the rank of the most severe alert it tells of."""
        return max(one.alert.rule.severity.rank for one in self.message.notices)


class Courier:
    """Owns what waits for one channel, the one message in hand, and those set aside. `step` does what is due."""

    def __init__(
        self,
        channel: Channel,
        senders: Mapping[ChannelKind, Sender],
        entries: Entries,
        clock: Clock,
        chance: random.Random,
        *,
        target: str,
        link: str,
    ) -> None:
        """Tell `channel` by the sender of its kind, and keep in `entries` what was not told yet."""
        self._channel = channel
        self._senders = senders
        self._entries = entries
        self._clock = clock
        self._chance = chance
        self._target = target
        self._link = link
        self._queue = NoticeQueue()
        self._aside: list[_Sending] = []
        self._sending: _Sending | None = None
        self._state = ChannelState()
        self._failures = 0
        self._next_message = self._next_try = clock.monotonic()
        self._closed = False
        self._news = False
        # Guards all of this, and wakes the thread; nothing is sent while it is held.
        self._changed = threading.Condition()
        # Sends to this one channel, so that it delays no other. A daemon: a send may hang until its deadline.
        self._thread = threading.Thread(target=self._run, name=f"notify-{channel.id}", daemon=True)

    @property
    def channel(self) -> Channel:
        """Return whom it tells."""
        with self._changed:
            return self._channel

    @property
    def state(self) -> ChannelState:
        """Return how the channel stands."""
        with self._changed:
            in_hand = [one for one in (self._sending, *self._aside) if one is not None]
            waiting = sum(len(one.message.notices) + one.message.truncated for one in in_hand)
            failing = self._sending is not None and self._failures
            wait = max(0.0, self._next_try - self._clock.monotonic())
            return replace(
                self._state,
                waiting=waiting + len(self._queue) + sum(self._queue.rest.values()),
                next_try_at=round((self._clock.wall() + wait) * 1000) if failing else None,
                quiet=self._is_quiet(),
            )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def restore(self, notices: Sequence[Notice], messages: Sequence[Message], rest: Mapping[str, int]) -> None:
        """Take back what an earlier run had not told, oldest first."""
        now, wall = self._clock.monotonic(), self._clock.wall()

        def began(at: int) -> float:
            # The wall clock may have been anywhere since.
            return now - min(max(0.0, wall - at / 1000), _GIVE_UP_SECONDS - 1.0)

        with self._changed:
            self._aside = [_Sending(one, began(one.at) + _GIVE_UP_SECONDS, None) for one in messages]
            self._queue.restore(rest)
            for notice in notices:
                self._queue.add(notice, began(notice.at))

    def take(self, notices: Sequence[tuple[Notice, Callable[[], Mapping[str, Any]]]]) -> list[Entry]:
        """Take notices, with what makes their documents; return what is to be kept of them."""
        kept: list[Entry] = []
        with self._changed:
            channel, now = self._channel, self._clock.monotonic()
            if not channel.enabled:
                return kept
            waited, counted = len(self._queue) > 0, self._queue.rest_at is not None
            for notice, document in notices:
                if not self._concerns(notice):
                    continue
                displaced = self._queue.offer(notice, now)
                if displaced is None:
                    continue
                kept += [self._gone(key) for key in displaced]
                content = {"channel": channel.id, "target": self._target, "notice": document()}
                kept.append(Entry(Kind.NOTICE, self._name(notice.key), notice.at, content))
            # Who waits for others to be due needs no word of each that comes.
            if not waited or self._is_quiet() or (self._queue.rest_at is not None and not counted):
                self._wake()
        return kept

    def put(self, channel: Channel) -> list[Entry]:
        """Go on with the channel as it is now, at once; return what is to be kept."""
        with self._changed:
            self._channel = channel
            self._next_try = self._clock.monotonic()
            dropped = [] if channel.enabled else self._drop()
            self._wake()
            return dropped

    def end(self) -> list[Entry]:
        """Tell nobody any more; return what is to be kept, so that nothing is left of what waits."""
        with self._changed:
            self._closed = True
            dropped = self._drop()
            self._wake()
            return dropped

    def close(self, seconds: float) -> None:
        """Stop, and leave what waits to the next run; wait so long for a message that is being sent."""
        with self._changed:
            self._closed = True
            self._wake()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def step(self) -> float:
        """Do what is due; return in how many seconds there may be more to do."""
        with self._changed:
            self._news = False
            now = self._clock.monotonic()
            if self._closed:
                return _IDLE_SECONDS
            self._keep_rest(now)
            self._take_in_hand(now)
            sending, channel = self._sending, self._channel
            if sending is None:
                return self._pause(now)
            if now < self._next_try:
                return min(self._next_try - now, _IDLE_SECONDS)
        if sending.ticket is not None:
            # Where the disk fails people are told all the same.
            self._entries.settled(sending.ticket, _SETTLE_SECONDS)
            sending.ticket = None
        problem = self._sent(channel, sending.message)
        with self._changed:
            self._note(sending, problem)
        return 0.0

    def _run(self) -> None:
        while True:
            pause = self.step()
            with self._changed:
                if self._closed:
                    return
                if pause > 0 and not self._news:
                    at = self._queue.rest_at
                    rest = math.inf if at is None else at - self._clock.monotonic()
                    self._changed.wait(max(0.0, min(pause, rest)))

    def _concerns(self, notice: Notice) -> bool:
        """Tell whether the channel wants it; the end of what is not told yet is told in its stead."""
        alert, over = notice.alert, notice.kind is Happened.RESOLVED
        # Who was told that it is severe is told its end, too.
        severity = alert.severest if over else alert.rule.severity
        if severity.rank < self._channel.severity.rank:
            return False
        return not over or self._channel.resolved or alert.id in self._queue

    def _keep_rest(self, now: float) -> None:
        """Have the counts kept where they changed."""
        rest = self._queue.changed_rest(now)
        if rest is not None:
            content = {"channel": self._channel.id, "target": self._target, "rest": rest}
            self._entries.keep([Entry(Kind.NOTICE, self._name(_REST), round(self._clock.wall() * 1000), content)])

    def _wake(self) -> None:
        self._news = True
        self._changed.notify()

    def _take_in_hand(self, now: float) -> None:
        """Choose the message to send. One that quiet hours hold back is no reason to hold back a critical one."""
        least = self._least()
        if self._sending is not None:
            if self._sending.rank >= least:
                return
            self._aside.insert(0, self._sending)
        self._sending = next((one for one in self._aside if one.rank >= least), None)
        if self._sending is None:
            self._sending = self._formed(now)
        else:
            self._aside.remove(self._sending)

    def _formed(self, now: float) -> _Sending | None:
        """Make a message of what waits, where there may be one."""
        self._give_up_old(now)
        if now < self._next_message:
            return None
        spelled = self._queue.pop_due(now, self._least(), MOST_SPELLED)
        if not spelled:
            return None
        message = Message(
            id=secrets.token_hex(16),
            channel=self._channel.id,
            at=round(self._clock.wall() * 1000),
            target=self._target,
            link=self._link,
            notices=tuple(waiting.notice for waiting in spelled),
            rest=self._queue.rest,
        )
        self._queue.forget_rest()
        gone = self._all_gone(spelled)
        kept = Entry(Kind.MESSAGE, message.id, message.at, message.document())
        gone.append(self._gone(_REST))
        return _Sending(message, now + _GIVE_UP_SECONDS, self._entries.keep([*gone, kept]))

    def _least(self) -> int:
        """Return the rank of the least severity that may be told of now."""
        if not self._is_quiet():
            return Severity.INFO.rank
        return Severity.CRITICAL.rank + (not self._channel.quiet_lets_critical)

    def _is_quiet(self) -> bool:
        if self._channel.quiet_hours is None:
            return False
        local = datetime.fromtimestamp(self._clock.wall()).astimezone()
        return self._channel.quiet_hours.hold(60 * local.hour + local.minute)

    def _pause(self, now: float) -> float:
        first = self._queue.due_at(self._least())
        if first is None:
            return _IDLE_SECONDS
        due = max(self._next_message, first)
        return min(due - now, _IDLE_SECONDS) if due > now else _IDLE_SECONDS

    def _sent(self, channel: Channel, message: Message) -> SendError | None:
        try:
            self._senders[channel.kind].send(channel, message, SEND_SECONDS)
        except SendError as problem:
            return problem
        except Exception as error:  # noqa: BLE001 - its text may hold what is secret
            return SendError(f"failed: {type(error).__name__}")
        return None

    def _note(self, sending: _Sending, problem: SendError | None) -> None:
        now, wall = self._clock.monotonic(), round(self._clock.wall() * 1000)
        if problem is None:
            if self._state.problem:
                log.info("channel works again", extra={"channel": self._channel.id})
            self._state = replace(self._state, sent_at=wall, failing_since=None, problem="")
        else:
            self._failed(problem, wall)
        given_up = problem is not None and (problem.permanent or now >= sending.until)
        if given_up:
            self._state = replace(self._state, given_up=self._state.given_up + 1)
            log.error(
                "message given up",
                extra={
                    "channel": self._channel.id,
                    "reason": str(problem),
                    "alerts": len(sending.message.notices),
                },
            )
        if problem is None or given_up:
            self._failures = 0
            self._next_try = self._next_message = now + GROUP_SECONDS
            if self._sending is sending:
                self._sending = None
            notices = [self._gone(notice.key) for notice in sending.message.notices]
            self._entries.keep([Entry(Kind.MESSAGE, sending.message.id, wall, None), *notices])
            return
        pause = self._chance.uniform(0.0, min(2.0**self._failures, _LONGEST_PAUSE))
        wished = min(problem.retry_after or 0.0, _LONGEST_WISH)
        self._failures = min(self._failures + 1, 16)
        self._next_try = now + max(pause, wished)

    def _failed(self, problem: SendError, wall: int) -> None:
        if not self._state.problem:
            log.warning("channel fails", extra={"channel": self._channel.id, "reason": str(problem)})
            self._state = replace(self._state, failing_since=wall)
        self._state = replace(self._state, problem=str(problem))

    def _give_up_old(self, now: float) -> None:
        """Forget what has waited too long behind messages that were not taken."""
        if not self._state.problem:
            return
        old = self._queue.pop_older(now, _GIVE_UP_SECONDS)
        if old:
            self._state = replace(self._state, given_up=self._state.given_up + 1)
            log.error("alerts not told of for a day", extra={"channel": self._channel.id, "alerts": len(old)})
            self._entries.keep(self._all_gone(old))

    def _drop(self) -> list[Entry]:
        wall = round(self._clock.wall() * 1000)
        gone = self._all_gone(self._queue.clear())
        in_hand = [one for one in (self._sending, *self._aside) if one is not None]
        self._aside, self._sending = [], None
        return [self._gone(_REST), *gone, *(Entry(Kind.MESSAGE, one.message.id, wall, None) for one in in_hand)]

    def _name(self, key: str) -> str:
        return f"{self._channel.id}/{key}"

    def _all_gone(self, waiting: Sequence[Waiting]) -> list[Entry]:
        return [self._gone(key) for one in waiting for key in one.keys]

    def _gone(self, key: str) -> Entry:
        return Entry(Kind.NOTICE, self._name(key), round(self._clock.wall() * 1000), None)
