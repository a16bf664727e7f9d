"""Servers that misbehave, and recorded expositions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from peers import Handler, Server, serving


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], Server]]:
    """Start servers that end with the test."""
    with serving() as start:
        yield start


@pytest.fixture
def exposition() -> Callable[[str], bytes]:
    """Read a recorded exposition."""
    folder = Path(__file__).parent / "expositions"
    return lambda name: (folder / f"{name}.txt").read_bytes()
