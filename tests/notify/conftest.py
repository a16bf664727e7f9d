"""Receivers of messages, on 127.0.0.1."""

from collections.abc import Callable, Iterator

import pytest

from peers import Handler, Server, serving


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], Server]]:
    """Start servers that end with the test."""
    with serving() as start:
        yield start
