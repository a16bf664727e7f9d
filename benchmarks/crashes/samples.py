"""Samples and rows of the ledger that anyone can make again from their number, in faster time than real."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from monitor.core.entry import Entry, Kind
from monitor.core.histogram import BUCKETS, Histogram
from monitor.core.metric import COLUMNS
from monitor.core.record import Record
from monitor.core.rollup import HOUR_MS, MINUTE_MS
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention

TARGET: Final = "hub"
BEGIN: Final = 1_700_006_400_000
"""The beginning of a day, epoch ms."""
STEP: Final = 10_000
"""Milliseconds between two samples: each sixth ends a minute, which becomes a block and part of roll-ups."""
RETENTION: Final = Retention(20 * MINUTE_MS, 2 * HOUR_MS, 48 * HOUR_MS)
"""Short, so that what is old goes all the time."""
_ENTRIES: Final = 40


def moment(number: int) -> int:
    """Return when (epoch ms) a sample was made."""
    return BEGIN + STEP * number


def sample(number: int) -> Record:
    """Make a sample, with some metrics that were not measured."""
    random = np.random.default_rng(number)
    values = random.lognormal(3.0, 1.0, len(COLUMNS))
    values[random.random(len(COLUMNS)) < 0.1] = np.nan
    counts = np.zeros(BUCKETS)
    counts[random.integers(10, 40, 6)] = random.integers(1, 90, 6)
    return Record(
        moment(number),
        values,
        (True, False, None)[number % 3],
        Histogram(counts, float(counts.sum()) * 0.01, 2.0) if number % 7 else None,
        None if number % 5 == 0 else 1_699_999_000.25,
        {"message_batching": number % 90 > 45},
    )


def entry(number: int) -> Entry:
    """Make an entry; of each forty numbers the newest replaces the others."""
    return Entry(Kind.LEDGER, f"b1-{number % _ENTRIES}", moment(number), {"number": number})


def commits(folder: Path, first: int, random: Random, longest: int) -> Iterator[tuple[int, Entry | None]]:
    """Write one sample after the other, now and then many at once; yield number and entry once acknowledged.

    Every few minutes (of the samples) a piece of what is old is deleted; after 1 to `longest` commits the file is
    closed and opened again. Raises RuntimeError where a file was set aside.
    """
    number = first
    while True:
        store = HistoryFile(folder, TARGET, RETENTION)
        try:
            for _ in range(random.randint(1, longest)):
                count = 1 if random.random() < 0.9 else random.randint(2, 30)
                added = entry(number) if random.random() < 0.1 else None
                store.write([sample(one) for one in range(number, number + count)], [added] if added else [])
                if store.aside:
                    raise RuntimeError(f"set aside as {store.aside}")
                number += count
                yield number - 1, added
                if random.random() < 0.15:
                    store.tidy(moment(number - 1))
        finally:
            store.close()
