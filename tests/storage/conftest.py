"""A store in a folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.core.rollup import DAY_MS
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention

OpenStore = Callable[..., HistoryFile]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    """Make stores in one folder, closed in the end."""
    made: list[HistoryFile] = []

    def make(target: str = "hub", retention: Retention | None = None, folder: Path = tmp_path) -> HistoryFile:
        made.append(HistoryFile(folder, target, retention or Retention(DAY_MS, 30 * DAY_MS, 730 * DAY_MS)))
        return made[-1]

    yield make
    for one in made:
        one.close()
