"""Tells people of alerts: every channel in its own time, and nothing is forgotten until it was taken."""

import logging
import random
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import Final

from monitor.core.channel import Channel
from monitor.core.channel_settings import ChannelKind
from monitor.core.channel_state import ChannelState
from monitor.core.entry import Entry, Kind
from monitor.core.errors import BusyError, ConflictError, InvalidInputError, SendError, UnknownError
from monitor.core.message import Message
from monitor.core.notice import Notice
from monitor.core.trial import trial
from monitor.engine.courier import PIECE, SEND_SECONDS, Courier
from monitor.engine.ports import Clock, Entries, Sender

log = logging.getLogger(__name__)

MOST_CHANNELS: Final = 20
_SETTLE_SECONDS: Final = 2.0
_END_SECONDS: Final = 2.0
_MOST_ORPHANS: Final = 5000
_UNREADABLE: Final = (InvalidInputError, LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test message: "" where it was taken, else why it was not."""

    problem: str
    seconds: float


class Delivery:
    """Owns the channels. A kill at any moment loses nothing; what was sent twice has the same id."""

    def __init__(
        self,
        senders: Mapping[ChannelKind, Sender],
        entries: Entries,
        clock: Clock,
        chance: random.Random,
        *,
        target: str,
        link: str,
    ) -> None:
        """Tell of alerts on `target`, whose page is at `link`; `chance` spreads tries over time."""
        self._senders = senders
        self._entries = entries
        self._clock = clock
        self._chance = chance
        self._target = target
        self._link = link
        self._couriers: dict[str, Courier] = {}
        self._testing: set[str] = set()
        self._running = False
        # Guards who there is; taken before a courier's own lock.
        self._lock = threading.Lock()

    def restore(self) -> None:
        """Read what an earlier run on this target kept, before `start`.

        What cannot be read is reported, and left where it is.
        """
        notices, messages, rests = self._waiting()
        channels = self._entries.read(Kind.CHANNEL)
        known = {entry.id for entry in channels}
        with self._lock:
            for entry in channels:
                try:
                    read = Channel.read(entry.document)
                except _UNREADABLE:
                    _unread(entry)
                    continue
                courier = self._couriers[read.id] = self._courier(read)
                if read.enabled:
                    courier.restore(notices[read.id], messages[read.id], rests.get(read.id, {}))
                else:
                    known.remove(read.id)
        if channels:
            self._forget(
                [(one, each) for one, each in notices.items() if one not in known],
                [(one, each) for one, each in messages.items() if one not in known],
            )

    def _waiting(self) -> tuple[dict[str, list[Notice]], dict[str, list[Message]], dict[str, dict[str, int]]]:
        """Read what was not told, by channel: notices, messages, how many alerts of each rule are only counted."""
        notices: dict[str, list[Notice]] = defaultdict(list)
        messages: dict[str, list[Message]] = defaultdict(list)
        rests: dict[str, dict[str, int]] = {}
        for entry in [*self._entries.read(Kind.NOTICE), *self._entries.read(Kind.MESSAGE)]:
            document = entry.document or {}
            try:
                channel = str(document["channel"])
                if document["target"] != self._target:
                    continue
                if entry.kind is Kind.MESSAGE:
                    messages[channel].append(Message.read(entry.id, entry.at, document))
                elif "rest" in document:
                    rests[channel] = {str(name): int(count) for name, count in document["rest"].items()}
                else:
                    notices[channel].append(Notice.read(document["notice"]))
            except _UNREADABLE:
                _unread(entry)
        return notices, messages, rests

    def _forget(
        self, notices: Sequence[tuple[str, list[Notice]]], messages: Sequence[tuple[str, list[Message]]]
    ) -> None:
        """Forget what waits for channels that are no more, or disabled: a kill came between."""
        at = round(self._clock.wall() * 1000)
        gone = [Entry(Kind.NOTICE, f"{channel}/{one.key}", at, None) for channel, each in notices for one in each]
        gone += [Entry(Kind.MESSAGE, one.id, at, None) for _, each in messages for one in each]
        if gone:
            self._entries.keep(gone[:_MOST_ORPHANS])

    def start(self) -> None:
        """Start to tell."""
        with self._lock:
            self._running = True
            for courier in self._couriers.values():
                courier.start()

    def close(self) -> None:
        """Stop; what was not told is told by the next run. Before the store is closed."""
        with self._lock:
            self._running = False
            couriers = list(self._couriers.values())
        end = time.monotonic() + _END_SECONDS
        for courier in couriers:
            courier.close(0.0)
        for courier in couriers:
            courier.close(max(0.0, end - time.monotonic()))

    def take(self, notices: Sequence[Notice]) -> list[Entry]:
        """Take what people are to be told; return what is to be kept in one with the change of the alerts.

        It has to be kept within half a second. Waits for nothing.
        """
        if not notices or not self._couriers:
            return []
        documented = [(notice, cache(notice.document)) for notice in notices]
        with self._lock:
            return [entry for courier in self._couriers.values() for entry in courier.take(documented)]

    def channels(self) -> list[tuple[Channel, ChannelState]]:
        """Return all channels and how they stand, in the order in which they came."""
        with self._lock:
            couriers = list(self._couriers.values())
        return [(courier.channel, courier.state) for courier in couriers]

    def get(self, identity: str) -> tuple[Channel, ChannelState]:
        """Return one; raises UnknownError."""
        with self._lock:
            courier = self._find(identity)
        return courier.channel, courier.state

    def put(self, channel: Channel, *, changed: bool = False) -> bool:
        """Add a channel, or change the one of its id; tell whether it is on the disk already.

        Raises ConflictError where there are too many, UnknownError where one that is `changed` is there no more.
        """
        with self._lock:
            courier = self._find(channel.id) if changed else self._couriers.get(channel.id)
            gone: list[Entry] = []
            if courier is not None:
                gone = courier.put(channel)
            elif len(self._couriers) >= MOST_CHANNELS:
                raise ConflictError(f"there are {MOST_CHANNELS} channels already, which is the most there may be")
            else:
                courier = self._couriers[channel.id] = self._courier(channel)
                if self._running:
                    courier.start()
            kept = Entry(Kind.CHANNEL, channel.id, round(self._clock.wall() * 1000), channel.document())
            ticket = self._entries.keep([kept])
        return self._settled(ticket, gone)

    def remove(self, identity: str) -> bool:
        """Forget a channel and what waits for it; tell whether that is on the disk. Raises UnknownError."""
        with self._lock:
            gone = self._find(identity).end()
            del self._couriers[identity]
            at = round(self._clock.wall() * 1000)
            ticket = self._entries.keep([Entry(Kind.CHANNEL, identity, at, None)])
        return self._settled(ticket, gone)

    def test(self, identity: str) -> Outcome:
        """Send a test message now, and say within 10 s what came of it.

        Raises UnknownError, and BusyError while another one is under way.
        """
        with self._lock:
            channel = self._find(identity).channel
            if identity in self._testing:
                raise BusyError("a test of this channel is under way")
            self._testing.add(identity)
        message = trial(
            secrets.token_hex(16),
            channel.id,
            round(self._clock.wall() * 1000),
            target=self._target,
            link=self._link,
        )
        outcome: SimpleQueue[str] = SimpleQueue()
        began = time.monotonic()
        # Sends the one test message. A daemon: a name server may not answer for longer than people wait.
        threading.Thread(
            target=self._try, args=(channel, message, outcome), name=f"notify-test-{identity}", daemon=True
        ).start()
        try:
            problem = outcome.get(timeout=SEND_SECONDS)
        except Empty:
            problem = f"no answer within {SEND_SECONDS:g} s"
        return Outcome(problem, time.monotonic() - began)

    def _try(self, channel: Channel, message: Message, outcome: "SimpleQueue[str]") -> None:
        try:
            self._senders[channel.kind].send(channel, message, SEND_SECONDS - 0.5)
            outcome.put("")
        except SendError as problem:
            outcome.put(str(problem))
        except Exception as error:  # noqa: BLE001 - its text may hold what is secret
            outcome.put(f"failed: {type(error).__name__}")
        finally:
            with self._lock:
                self._testing.discard(channel.id)

    def _settled(self, ticket: int, gone: Sequence[Entry]) -> bool:
        """Wait for a change of a channel to be on the disk, and have forgotten what that makes superfluous."""
        kept = self._entries.settled(ticket, _SETTLE_SECONDS)
        for begin in range(0, len(gone), PIECE):
            ticket = self._entries.keep(gone[begin : begin + PIECE])
            self._entries.settled(ticket, _SETTLE_SECONDS)
        return kept

    def _find(self, identity: str) -> Courier:
        courier = self._couriers.get(identity)
        if courier is None:
            raise UnknownError("there is no such channel")
        return courier

    def _courier(self, channel: Channel) -> Courier:
        return Courier(
            channel,
            self._senders,
            self._entries,
            self._clock,
            self._chance,
            target=self._target,
            link=self._link,
        )


def _unread(entry: Entry) -> None:
    # What it holds may be secret.
    log.warning("entry left out", extra={"kind": entry.kind.value, "id": entry.id})
