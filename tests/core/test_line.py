"""What is a line of text and what only looks like one."""

import pytest

from monitor.core.line import is_line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pool 64 → 128",
        "Größe 5 %",
        "\u0645\u06cc\u200c\u062e\u0648",
        "\U0001f468\u200d\U0001f4bb",
        "a\u00a0b",
        "\ue000",
    ],
)
def test_what_people_write_is_a_line(text: str) -> None:
    """Joiners are letters of some scripts."""
    assert is_line(text)


@pytest.mark.parametrize(
    "character",
    "\x00\n\t\x1b\x7f\x85\xad\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff\ufff9\ud800\U000e0041",
)
def test_what_is_not_seen_or_turns_the_text_around_is_none(character: str) -> None:
    """A name has to be what it looks like."""
    assert not is_line(f"before{character}after")
