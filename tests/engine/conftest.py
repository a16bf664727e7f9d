"""What is tried things on, made as often as a test likes and ended with it."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

import pytest

from experiment_bench import ExperimentBench
from prover_bench import ProverBench


class Bench(Protocol):
    """What a test makes and somebody must end."""

    def close(self) -> None: ...


B = TypeVar("B", bound=Bench)


def _each(kind: Callable[..., B]) -> Iterator[Callable[..., B]]:
    made: list[B] = []

    def make(**options: Any) -> B:
        made.append(kind(**options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def bench() -> Iterator[Callable[..., ExperimentBench]]:
    yield from _each(ExperimentBench)


@pytest.fixture
def proving() -> Iterator[Callable[..., ProverBench]]:
    yield from _each(ProverBench)
