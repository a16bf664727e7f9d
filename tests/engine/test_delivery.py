"""Delivery: channels come, go and change, each tells by itself, and a start goes on where a kill left off."""

import json
import logging
import threading
from collections.abc import Callable

import pytest

from monitor.core.channel_settings import ChannelKind
from monitor.core.entry import Kind
from monitor.core.errors import BusyError, ConflictError, SendError, UnknownError
from monitor.engine.clock import SystemClock
from monitor.engine.delivery import MOST_CHANNELS
from notices import channel, fired, resolved
from post import DOWN, Post


def test_a_start_goes_on_with_what_was_not_told() -> None:
    """A message keeps its key and its content; notices are told in a message."""
    post = Post(channel())
    post.box.problem = DOWN
    post.tell(fired(0))
    post.run(1)
    post.tell(fired(1), resolved(fired(0)))
    again = post.again()
    assert again.state().waiting == 3
    again.run(60)
    assert again.box.taken[0] == post.box.tries[0]
    assert again.box.told == [fired(0).alert.id, fired(1).alert.id, fired(0).alert.id]
    assert {kind for kind, _ in again.cabinet.kept} == {Kind.CHANNEL}


def test_what_cannot_be_read_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    """The rest works; nothing of it is in the log."""
    post = Post(channel(settings={"url": "http://127.0.0.1:9/canary"}))
    post.tell(fired())
    for (kind, _), entry in list(post.cabinet.kept.items()):
        broken = {**(entry.document or {}), "settings": {"url": "canary"}, "notice": {"canary": 1}, "notices": 5}
        post.cabinet.kept[kind, "broken"] = type(entry)(kind, "broken", 1, broken)
    post.cabinet.kept[Kind.MESSAGE, "broken"] = type(entry)(Kind.MESSAGE, "broken", 1, {"channel": "ops"})
    with caplog.at_level(logging.DEBUG):
        again = post.again()
    assert [one.id for one, _ in again.delivery.channels()] == ["ops"]
    assert len(caplog.records) == 3
    assert "canary" not in repr([record.__dict__ for record in caplog.records])
    again.run(1)
    assert again.box.told == [fired().alert.id]


def test_what_waits_for_a_channel_that_is_gone_is_forgotten() -> None:
    """A kill may have come between; but not where no channel could be read at all."""
    post = Post(channel(), channel("slack", "other"))
    post.box.problem = DOWN
    post.tell(fired(0))
    post.run(1)
    post.tell(fired(1))
    del post.cabinet.kept[Kind.CHANNEL, "ops"]
    other = post.cabinet.kept.pop((Kind.CHANNEL, "other"))
    post.again()
    assert len(post.cabinet.kept) == 3
    post.cabinet.kept[Kind.CHANNEL, "other"] = other
    post.again().run(60)
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_one_channel_that_fails_delays_no_other() -> None:
    """Each has its own thread and its own pauses."""
    post = Post(channel(identity="dead"), channel("slack", "quick"))
    post.box.problem = DOWN
    post.tell(fired())
    post.run(1)
    assert len(post.boxes[ChannelKind.SLACK].taken) == 1
    assert post.state("dead").failing_since is not None
    assert post.state("quick").failing_since is None


def test_a_channel_that_is_changed_or_turned_off_or_removed() -> None:
    """A change is tried at once; what waits for a channel that is off or gone is forgotten."""
    post = Post(channel())
    post.box.problem = SendError("answered 503", 3600.0)
    post.tell(fired(0))
    post.run(2)
    post.box.problem = None
    post.delivery.put(channel(name="renamed"))
    post.run(1)
    assert len(post.box.taken) == 1
    post.tell(fired(1))
    post.delivery.put(channel(enabled=False))
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}
    post.delivery.put(channel())
    post.tell(fired(2))
    post.delivery.remove("ops")
    assert post.cabinet.kept == {}
    post.run(60)
    assert len(post.box.taken) == 1
    with pytest.raises(UnknownError):
        post.delivery.remove("ops")
    with pytest.raises(UnknownError):
        post.delivery.get("ops")


def test_there_are_only_so_many_channels() -> None:
    """Each has a thread."""
    post = Post(*(channel(identity=f"c{number}") for number in range(MOST_CHANNELS)))
    with pytest.raises(ConflictError):
        post.delivery.put(channel(identity="another"))
    post.delivery.put(channel(identity="c0", name="renamed"))


def test_a_test_message_is_sent_at_once_and_one_at_a_time() -> None:
    """It says that it is one; what came of it comes back."""
    post = Post(channel())
    assert post.delivery.test("ops").problem == ""
    assert post.box.taken[0].trial
    post.box.problem = SendError("answered 404", permanent=True)
    assert post.delivery.test("ops").problem == "answered 404"
    go = threading.Event()
    post.box.before = lambda message: go.wait(5)
    first = threading.Thread(target=post.delivery.test, args=("ops",))
    first.start()
    while len(post.box.tries) < 3:
        pass
    with pytest.raises(BusyError):
        post.delivery.test("ops")
    go.set()
    first.join()
    with pytest.raises(UnknownError):
        post.delivery.test("nobody")


def wait(true: Callable[[], object]) -> None:
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not happen")


def test_threads_of_their_own_tell_and_end() -> None:
    """From take to sent; channels that are added later, too. A hung one does not keep the end."""
    post = Post(channel(), clock=SystemClock())  # type: ignore[arg-type]
    go = threading.Event()
    slack = post.boxes[ChannelKind.SLACK]
    slack.before = lambda message: go.wait(20)
    post.delivery.start()
    post.delivery.put(channel("slack", "hung"))
    post.tell(fired())
    wait(lambda: post.box.taken and slack.tries)
    assert post.box.told == [fired().alert.id]
    post.delivery.close()
    go.set()
    assert json.loads(json.dumps(post.state().document()))["waiting"] == 0


def test_a_channel_that_was_disabled_tells_nobody_after_a_kill_in_between() -> None:
    """What waited for it was not forgotten yet."""
    post = Post(channel())
    post.box.problem = DOWN
    post.tell(fired(0))
    post.run(5)
    post.tell(fired(1))
    before = dict(post.cabinet.kept)
    post.delivery.put(channel(enabled=False))
    post.cabinet.kept |= {named: one for named, one in before.items() if one.kind is not Kind.CHANNEL}
    again = post.again()
    again.run(60)
    assert again.box.tries == []
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_a_channel_that_is_deleted_while_it_is_changed_does_not_come_back() -> None:
    """Who changes it learns that it is gone."""
    post = Post(channel())
    post.delivery.remove("ops")
    with pytest.raises(UnknownError):
        post.delivery.put(channel(), changed=True)
    assert post.delivery.channels() == []
