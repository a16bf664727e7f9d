import json
import random

import pytest

from monitor.samplehub.faults import Faults
from monitor.samplehub.model import CALL_SECONDS, MESSAGE_SECONDS, Model


@pytest.fixture
def faults():
    return Faults(lambda: 0.0)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def model(faults, waits):
    return Model(faults, random.Random(1), waits.append)  # noqa: S311


def messages(count):
    return [{"id": number, "prompt": "one two three"} for number in range(count)]


def test_each_message_is_answered(model):
    """There is one answer per message, with its id, made from its prompt."""
    answers = [json.loads(answer) for answer in model.answer(messages(3))]
    assert [answer["id"] for answer in answers] == [0, 1, 2]
    assert answers[0] == {"id": 0, "ok": True, "words": 3, "answer": "one two three"}


def test_a_batch_pays_the_call_once(model, waits):
    """Eight messages in one call wait for one call and eight messages."""
    model.answer(messages(8))
    assert waits == [pytest.approx(CALL_SECONDS + 8 * MESSAGE_SECONDS)]


def test_the_latency_fault_is_a_longer_wait(model, waits, faults):
    """50 ms more are 50 ms more, per call."""
    faults.put("latency", 50.0, 10.0)
    model.answer(messages(2))
    assert waits == [pytest.approx(CALL_SECONDS + 2 * MESSAGE_SECONDS + 0.05)]


def test_the_errors_fault_fails_its_share(model, faults):
    """At 25 % about a quarter of the tasks fails; at 100 % all do."""
    faults.put("errors", 25.0, 10.0)
    failed = [not json.loads(answer)["ok"] for answer in model.answer(messages(2000))]
    assert sum(failed) / 2000 == pytest.approx(0.25, abs=0.04)
    faults.put("errors", 100.0, 10.0)
    assert not any(json.loads(answer)["ok"] for answer in model.answer(messages(100)))
