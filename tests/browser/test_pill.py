"""The connection pill's words for every state of the connection."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "Live · 1 s · 12 viewers"),
        ({"viewers": 1}, "Live · 1 s · 1 viewer"),
        ({"viewers": None}, "Live · 1 s"),
        ({"refresh": 5000, "stale": 15000, "age": 4000}, "Live · 5 s · 12 viewers"),
        ({"age": 2200}, "Live · 2 s · 12 viewers"),
        ({"open": False, "polled": True}, "Polling"),
        ({"open": False, "retryIn": 3900}, "Reconnecting in 4 s"),
        ({"open": False, "retryIn": None}, "Reconnecting…"),
        ({"open": False, "retryIn": 3900, "age": 5000}, "Reconnecting in 4 s"),
        ({"open": False, "retryIn": 3900, "age": 38_000}, "Offline · data 38 s old"),
        ({"open": False, "retryIn": 3900, "age": 7_200_000}, "Offline · data 2 h old"),
        ({"age": 38_000}, "Stalled · data 38 s old"),
        ({"behind": 12_000}, "Paused · 12 s behind"),
        ({"behind": 12_000, "age": 38_000, "open": False}, "Offline · data 38 s old"),
        ({"final": True, "age": 38_000}, "Session · its end"),
        ({"final": True, "age": 38_000, "open": False, "retryIn": 3900}, "Offline · data 38 s old"),
        ({"age": None, "retryIn": None, "open": False}, "Connecting…"),
    ],
)
def test_pill_says_what_is_true(loaded: Any, facts: dict[str, Any], text: str) -> None:
    """Each state of the connection has its words; nothing older than three intervals is called live."""
    usual = {
        "age": 100, "refresh": 1000, "stale": 3000, "open": True, "polled": False,
        "retryIn": None, "viewers": 12, "behind": None, "final": False,
    }  # fmt: skip
    verdict = loaded.js("return window.hubMonitor.Pill.judge(arguments[0])", usual | facts)
    assert verdict["text"] == text
    age = (usual | facts)["age"]
    old = age is not None and age > (usual | facts)["stale"]
    assert verdict["stale"] == (old and verdict["text"] != "Session · its end")
