"""What the people of one channel are told and when, and that nothing is forgotten."""

import logging
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from fakes import ManualClock
from monitor.core.alert import Happened
from monitor.core.channel_settings import ChannelKind
from monitor.core.entry import Kind
from monitor.core.errors import SendError
from monitor.core.notice import Notice
from monitor.core.rule import Severity
from monitor.engine.courier import MOST_SPELLED
from monitor.engine.notice_queue import MOST_WAITING
from notices import channel, fired, resolved, rule
from post import DOWN, Post


def test_the_first_message_goes_at_once_the_next_ones_are_grouped() -> None:
    """At most one per channel in 30 s; it holds everything that came meanwhile."""
    post = Post(channel())
    post.tell(fired(0))
    post.run(1)
    assert [len(one.notices) for one in post.box.taken] == [1]
    for number in range(1, 21):
        post.tell(fired(number))
        post.run(1)
    assert len(post.box.taken) == 1
    assert post.state().waiting == 20
    post.run(12)
    assert [len(one.notices) for one in post.box.taken] == [1, 20]
    assert post.state().waiting == 0
    assert post.state().sent_at is not None


def test_what_was_told_is_kept_no_longer() -> None:
    """A notice becomes a part of a message in one step, and the message goes when it was taken."""
    post = Post(channel())
    seen = []
    post.box.before = lambda message: seen.append({kind for kind, _ in post.cabinet.kept})
    post.tell(fired())
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL, Kind.NOTICE}
    post.run(1)
    assert seen == [{Kind.CHANNEL, Kind.MESSAGE}]
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_a_message_is_on_the_disk_before_it_is_sent_but_a_broken_disk_keeps_nobody_from_being_told() -> None:
    """It waits for two seconds at the most."""
    post = Post(channel())
    post.cabinet.fault = True
    post.cabinet.waits.clear()
    post.tell(fired())
    post.run(1)
    assert post.cabinet.waits == [2.0]
    assert len(post.box.taken) == 1


def test_an_hour_without_answers_loses_none_of_500_alerts() -> None:
    """They come, newest state of each, within minutes of the channel's return; no new message came meanwhile."""
    post = Post(channel())
    post.box.problem = DOWN
    notices = [fired(number) for number in range(500)]
    for notice in notices:
        post.tell(notice)
        post.run(7.2, 7.2)
    tries = len(post.box.tries)
    assert 10 < tries < 60
    assert {one.id for one in post.box.tries} == {post.box.tries[0].id}
    assert post.state().waiting == 500
    assert post.state().problem == str(DOWN)
    assert post.state().next_try_at is not None
    post.tell(resolved(notices[7]))
    post.box.problem = None
    post.run(600)
    assert sorted(post.box.told) == sorted(notice.alert.id for notice in notices)
    assert [one.truncated for one in post.box.taken] == [0] * 6
    told = {one.alert.id: one.kind.value for message in post.box.taken for one in message.notices}
    assert [identity for identity, kind in told.items() if kind == "resolved"] == [notices[7].alert.id]
    assert post.state().failing_since is None
    assert post.state().problem == ""
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_tries_are_spread_and_become_rarer() -> None:
    """Anything from 0 to a limit that doubles up to five minutes."""
    post = Post(channel())
    post.box.problem = DOWN
    moments = []
    post.box.before = lambda message: moments.append(post.clock.now)
    post.tell(fired())
    post.run(4 * 3600)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert all(pause <= min(2.0**number, 300.0) + 0.5 for number, pause in enumerate(pauses))
    assert max(pauses) > 200
    assert min(pauses[10:]) < 60
    assert len({round(pause) for pause in pauses[10:]}) > 20


def test_the_other_sides_wish_is_obeyed() -> None:
    """Retry-After: not a try before that."""
    post = Post(channel())
    post.box.problem = SendError("answered 429", 120.0)
    post.tell(fired())
    post.run(119)
    assert len(post.box.tries) == 1
    post.box.problem = None
    post.run(5)
    assert len(post.box.taken) == 1


def test_what_will_never_be_taken_is_given_up_and_shown() -> None:
    """The next message is tried again."""
    post = Post(channel())
    post.box.problem = SendError("answered 404", permanent=True)
    post.tell(fired(0))
    post.run(60)
    assert len(post.box.tries) == 1
    state = post.state()
    assert (state.given_up, state.problem, state.waiting) == (1, "answered 404", 0)
    assert state.failing_since is not None
    post.box.problem = None
    post.tell(fired(1))
    post.run(1)
    assert post.box.told == [fired(1).alert.id]
    assert post.state().problem == ""


def test_a_day_later_a_message_is_given_up() -> None:
    """And what waited behind it for as long."""
    post = Post(channel())
    post.box.problem = DOWN
    post.tell(fired(0))
    post.run(10)
    post.tell(fired(1))
    post.run(24 * 3600 + 900, 30)
    state = post.state()
    assert (state.given_up, state.waiting) == (2, 0)
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_a_channel_is_told_what_it_asked_for() -> None:
    """From its severity on; ends only where it wants them, or where they are news of what it was not told yet."""
    post = Post(
        channel(identity="all", severity="info"),
        channel("slack", "critical", severity="critical", resolved=False),
        channel("apprise", "off", enabled=False),
    )
    info = fired(0, "Info", Severity.INFO)
    critical = fired(1, "Critical", Severity.CRITICAL)
    post.tell(info, critical)
    post.run(31)
    post.tell(resolved(info), resolved(critical))
    post.run(31)
    slack = post.boxes[ChannelKind.SLACK]
    assert post.box.told == [info.alert.id, critical.alert.id] * 2
    assert slack.told == [critical.alert.id]
    assert post.boxes[ChannelKind.APPRISE].tries == []
    post.tell(fired(2, "Critical", Severity.CRITICAL), resolved(fired(2, "Critical", Severity.CRITICAL)))
    post.run(31)
    assert [one.kind.value for one in slack.taken[-1].notices] == ["resolved"]


def at(hour: int) -> ManualClock:
    """Return a clock at this hour of the server's own day."""
    return ManualClock(wall=datetime(2026, 6, 1, hour, 0).timestamp())  # noqa: DTZ001 - the server's zone is meant


@pytest.mark.parametrize("lets", [True, False])
def test_quiet_hours_hold_messages_until_they_end(lets: bool) -> None:
    """But critical ones, where that is wanted."""
    quiet = {"from": "22:00", "to": "07:00"}
    post = Post(channel(quiet_hours=quiet, quiet_lets_critical=lets), clock=at(23))
    warning, critical = fired(0), fired(1, "Critical", Severity.CRITICAL)
    post.tell(warning, critical)
    post.run(3600, 10)
    assert post.box.told == [critical.alert.id] * lets
    assert post.state().quiet
    post.run(7 * 3600 + 60, 10)
    assert sorted(post.box.told) == sorted([warning.alert.id, critical.alert.id])
    assert not post.state().quiet


def test_a_message_that_was_not_taken_waits_for_the_end_of_quiet_hours_too() -> None:
    """It is not tried in them, however it came about."""
    post = Post(channel(quiet_hours={"from": "22:00", "to": "07:00"}), clock=at(21))
    post.box.problem = DOWN
    post.tell(fired())
    post.run(3700, 10)
    tries = len(post.box.tries)
    assert tries
    post.run(8 * 3600, 10)
    assert len(post.box.tries) == tries
    post.box.problem = None
    post.run(3600, 10)
    assert post.box.told == [fired().alert.id]


def test_a_storm_becomes_a_few_messages() -> None:
    """10,000 alerts: a hundred are spelled out in each, a thousand in all, the least severe only counted."""
    post = Post(channel())
    for second in range(10):
        post.tell(*(fired(1000 * second + number) for number in range(1000)))
        post.run(1)
    critical = fired(20_000, "Critical", Severity.CRITICAL)
    post.tell(critical)
    post.run(400)
    assert all(len(one.notices) <= MOST_SPELLED for one in post.box.taken)
    assert len(post.box.taken) <= 12
    assert critical.alert.id in post.box.told
    counted = sum(one.truncated for one in post.box.taken)
    assert len(post.box.told) + counted == 10_001
    assert len(post.box.told) <= MOST_WAITING + 2 * MOST_SPELLED
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_what_is_only_counted_outlives_a_kill_too() -> None:
    """Each alert once, whatever happens to it; the newest count is kept half a second later."""
    post = Post(channel())
    post.box.problem = DOWN
    notices = [fired(number) for number in range(MOST_WAITING + 50)]
    post.tell(*notices)
    post.tell(*(resolved(notice) for notice in notices[-50:]))
    assert post.state().waiting == MOST_WAITING + 50
    post.run(1)
    kept = post.cabinet.kept
    assert sum(kind is Kind.NOTICE for kind, _ in kept) == MOST_WAITING - MOST_SPELLED
    more = [fired(number) for number in range(2000, 2000 + MOST_SPELLED + 7)]
    post.tell(*more)
    post.run(1)
    again = post.again()
    assert again.state().waiting == MOST_WAITING + 50 + MOST_SPELLED + 7
    again.run(600)
    assert len(again.box.told) + sum(one.truncated for one in again.box.taken) == MOST_WAITING + 157
    assert {kind for kind, _ in again.cabinet.kept} == {Kind.CHANNEL}


def test_an_alert_that_goes_on_and_off_is_told_of_once_per_message() -> None:
    """With its newest state; nothing of it stays with the store."""
    post = Post(channel())
    post.tell(fired(0), resolved(fired(0)))
    post.run(1)
    [sent] = post.box.taken
    assert [one.kind.value for one in sent.notices] == ["resolved"]
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_a_sender_that_fails_by_a_defect_says_nothing_secret(caplog: pytest.LogCaptureFixture) -> None:
    """An exception's text may be a URL; it is tried again as after any failure."""
    post = Post(channel())
    post.box.problem = ValueError("http://127.0.0.1/canary")
    post.tell(fired())
    with caplog.at_level(logging.DEBUG):
        post.run(1)
    assert post.state().problem == "failed: ValueError"
    assert post.delivery.test("ops").problem == "failed: ValueError"
    assert "canary" not in caplog.text + repr([record.__dict__ for record in caplog.records])
    post.box.problem = None
    post.run(60)
    assert post.box.told == [fired().alert.id]


def test_a_failing_channel_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """And once more when it works again."""
    post = Post(channel())
    post.box.problem = DOWN
    with caplog.at_level(logging.INFO):
        post.tell(fired())
        post.run(1800)
        post.box.problem = None
        post.run(600)
    assert [record.getMessage() for record in caplog.records] == ["channel fails", "channel works again"]


def test_a_warning_that_cannot_be_sent_holds_back_no_critical_alert_in_quiet_hours() -> None:
    """It was in hand when they began, and is told at their end."""
    post = Post(channel(quiet_hours=_quiet_in(60)))
    post.box.problem = DOWN
    post.tell(fired(0))
    post.run(90)
    critical = fired(1, "High Error Rate", Severity.CRITICAL)
    post.tell(critical)
    post.box.problem = None
    post.run(700)
    assert post.box.told == [critical.alert.id]
    assert post.state().waiting == 1
    post.run(8 * 3600, 10)
    assert post.box.told == [critical.alert.id, fired(0).alert.id]
    assert {kind for kind, _ in post.cabinet.kept} == {Kind.CHANNEL}


def test_a_critical_alert_in_quiet_hours_does_not_wait_for_the_next_look_at_the_clock() -> None:
    """Though a warning has been waiting for long."""
    post = Post(channel(quiet_hours=_quiet_in(0)))
    post.tell(fired(0))
    post.run(60)
    post.tell(fired(1, "High Error Rate", Severity.CRITICAL))
    (courier,) = post.delivery._couriers.values()
    assert courier.step() <= 0.5


def test_the_end_of_an_alert_is_told_though_its_severity_was_lowered_meanwhile() -> None:
    """To whom it was told, and not to who hears of severer ones alone."""
    post = Post(channel(), channel(identity="critical", severity="critical"))
    notice = fired(0)
    post.tell(notice)
    post.run(1)
    lowered = notice.alert.under(rule(severity=Severity.INFO))
    post.tell(resolved(Notice(notice.key, lowered, notice.kind, notice.at)))
    post.run(40)
    assert [[one.kind for one in message.notices] for message in post.box.taken] == [
        [Happened.FIRED],
        [Happened.RESOLVED],
    ]


def _quiet_in(seconds: float) -> dict[str, str]:
    """Return eight quiet hours that begin within the minute that is so many seconds from the clock's begin."""
    begin = datetime.fromtimestamp(ManualClock().wall() + seconds).astimezone()
    return {"from": f"{begin:%H:%M}", "to": f"{begin + timedelta(hours=8):%H:%M}"}
