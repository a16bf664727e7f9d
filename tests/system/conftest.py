"""Every test here starts the program itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from program_under_test import Program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("system")


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Start programs that end with the test."""
    programs: list[Program] = []

    def begin(*arguments: str, **options: object) -> Program:
        programs.append(Program(arguments, **options))  # type: ignore[arg-type]
        return programs[-1]

    yield begin
    for program in programs:
        program.close()
