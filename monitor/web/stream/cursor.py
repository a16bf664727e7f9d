"""Where one reader stands in the feed, and the frames that are due to it."""

from collections.abc import Iterator
from typing import Protocol

from monitor.engine.feed import Feed
from monitor.web.stream.frames import Frames
from monitor.web.stream.subscription import Subscription


class Cursor(Protocol):
    """One reader's place in one stream."""

    def due(self) -> Iterator[bytes]:
        """Yield the frames that it has not had yet, oldest first, moving on with each."""
        ...


class MetricsCursor:
    """Each frame once and in order; where the log has lost some, the newest with the gap."""

    def __init__(self, feed: Feed, frames: Frames, epoch: str, subscription: Subscription) -> None:
        """Start after what the subscription says that the reader has, else at the newest frame."""
        self._feed = feed
        self._frames = frames
        self._history = subscription.history
        self._seq = subscription.after if subscription.epoch == epoch else None
        self._lost = subscription.epoch not in {None, epoch}

    def due(self) -> Iterator[bytes]:
        """Yield frames as `Cursor` says."""
        latest = self._feed.latest
        if latest is None:
            return
        if self._lost:
            # The reader's frames are another server run's: all that this run had before now is new to it.
            self._lost, self._seq = False, latest.seq
            yield self._frames.gap(latest, self._history, 1)
        if self._seq is None:
            self._seq = latest.seq
            yield self._frames.first(latest, self._history)
        self._seq = min(self._seq, latest.seq)
        missed = self._feed.read(self._seq)
        if missed is None:
            first, self._seq = self._seq + 1, latest.seq
            yield self._frames.gap(latest, self._history, first)
            return
        for snapshot in missed:
            yield self._frames.metrics(snapshot, self._history)
            self._seq = snapshot.seq


class PageCursor:
    """One patch from what the page shows to the newest state, however much lies between."""

    def __init__(self, feed: Feed, frames: Frames, epoch: str, subscription: Subscription, every: int = 1) -> None:
        """Start at what the page shows, as it says, else from nothing; move on with each `every`th tick."""
        self._every = every
        self._feed = feed
        self._frames = frames
        self._seq = subscription.after if subscription.epoch == epoch else None
        self._first = True

    def due(self) -> Iterator[bytes]:
        """Yield frames as `Cursor` says."""
        latest = self._feed.latest
        if latest is None:
            return
        if self._seq is not None and self._seq >= latest.seq:
            self._seq = latest.seq
            return
        # At the same ticks for every page, so that one patch is good for all.
        if self._seq is not None and latest.seq % self._every and latest.seq - self._seq < self._every:
            return
        before = None if self._seq is None else self._feed.get(self._seq)
        self._seq = latest.seq
        make, self._first = self._frames.first_page if self._first else self._frames.page, False
        yield make(before, latest)
