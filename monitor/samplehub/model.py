"""Model: what a worker does with the messages of one envelope."""

import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from monitor.samplehub.faults import Faults

CALL_SECONDS = 0.0042
MESSAGE_SECONDS = 0.0022


class Model:
    """Stands for a remote model: a real wait per call plus a real wait per message, then one answer per
    message.

    The wait is the whole point of batching: one call for eight messages pays the fixed part once.
    """

    def __init__(self, faults: Faults, rng: random.Random, sleep: Callable[[float], None] = time.sleep) -> None:
        self._faults = faults
        self._rng = rng
        self._sleep = sleep

    def answer(self, messages: Sequence[dict[str, Any]]) -> list[bytes]:
        """One encoded JSON answer per message: {"id", "ok", "words", "answer"}."""
        self._sleep(CALL_SECONDS + MESSAGE_SECONDS * len(messages) + self._faults.amount("latency") / 1000.0)
        failing = self._faults.amount("errors") / 100.0
        return [self._one(message, failing) for message in messages]

    def _one(self, message: dict[str, Any], failing: float) -> bytes:
        if failing and self._rng.random() < failing:
            return json.dumps({"id": message["id"], "ok": False, "error": "injected failure"}).encode()
        prompt = message["prompt"]
        answer = {"id": message["id"], "ok": True, "words": prompt.count(" ") + 1, "answer": prompt[:80]}
        return json.dumps(answer).encode()
