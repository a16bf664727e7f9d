"""Render once, send to everyone."""

import threading

from monitor.engine.rendering import Rendering


def test_a_hundred_readers_cost_one_rendering() -> None:
    """Whoever asks, on whatever thread."""
    calls: list[int] = []
    barrier = threading.Barrier(20)

    def render(number: int) -> str:
        calls.append(number)
        return str(number)

    rendering = Rendering(render, key=lambda number: number, size=4)
    results: list[str] = []

    def read() -> None:
        barrier.wait()
        results.append(rendering(7))

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert calls == [7]
    assert results == ["7"] * 20


def test_it_forgets_the_oldest() -> None:
    """Memory is bounded."""
    calls: list[int] = []
    rendering = Rendering(calls.append, key=lambda number: number, size=2)
    for number in (1, 2, 3, 1):
        rendering(number)
    assert calls == [1, 2, 3, 1]
