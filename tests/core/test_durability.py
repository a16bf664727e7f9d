"""What a person is told of what is kept."""

import pytest

from monitor.core.durability import Durability


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Durability(), None),
        (Durability(until=5, waiting=2), None),
        (
            Durability(since=0, problem="the disk is full", waiting=361),
            "6 min because the disk is full; 361 samples are kept in memory and written when it can be",
        ),
        (Durability(since=350_000, problem="it is full", waiting=1), "1 sample is kept in memory"),
        (Durability(until=5, dropped=12), "12 older samples are lost"),
        (
            Durability(aside="history.db.corrupt-20261124T101500Z"),
            "set aside as history.db.corrupt-20261124T101500Z; a new one was begun",
        ),
        (Durability(damaged=1), "1 block is left out of the history: not what was written"),
    ],
)
def test_the_sentence(state: Durability, sentence: str | None) -> None:
    """Nothing while all is well."""
    said = state.sentences(361_000)
    assert len(said) == (sentence is not None)
    assert sentence is None or sentence in said[0]
