"""What waits for a channel: the newest of each alert, so many alerts, the rest by number."""

from monitor.core.rule import Severity
from monitor.engine.notice_queue import GATHER_SECONDS, MOST_WAITING, NoticeQueue
from notices import fired, resolved

ALL = Severity.INFO.rank


def test_an_alert_waits_once_with_its_newest_notice_and_all_keys() -> None:
    """It is due half a second after the newest, and as old as the first."""
    queue = NoticeQueue()
    first = fired()
    last = resolved(first)
    assert (queue.offer(first, 10.0), queue.offer(last, 12.0)) == ([], [])
    assert len(queue) == 1
    assert first.alert.id in queue
    assert queue.due_at(ALL) == 12.0 + GATHER_SECONDS
    assert queue.pop_due(12.0, ALL, 9) == []
    assert queue.pop_older(12.0, 2.5) == []
    [waiting] = queue.pop_older(12.0, 2.0)
    assert (waiting.notice, waiting.keys, len(queue)) == (last, [first.key, last.key], 0)


def test_where_too_many_wait_the_least_severe_are_only_counted() -> None:
    """The oldest of them makes room for one that is more severe, and is counted once."""
    queue = NoticeQueue()
    for number in range(MOST_WAITING):
        queue.offer(fired(number), 0.0)
    late = fired(MOST_WAITING)
    assert (queue.offer(late, 1.0), queue.offer(late, 1.0)) == (None, None)
    assert queue.rest == {"High Latency": 1}
    assert queue.offer(fired(MOST_WAITING + 1, "Down", Severity.CRITICAL), 1.0) == [fired(0).key]
    assert queue.rest == {"High Latency": 2}
    assert len(queue) == MOST_WAITING
    assert queue.changed_rest(1.0) is None
    assert queue.changed_rest(1.0 + GATHER_SECONDS) == {"High Latency": 2}
    assert queue.changed_rest(9.0) is None
    assert [one.notice.alert.rule.name for one in queue.pop_due(9.0, Severity.CRITICAL.rank, 9)] == ["Down"]


def test_what_is_taken_out_is_the_first_of_what_is_due() -> None:
    """In the order in which it came; `clear` takes all, and the counts."""
    queue = NoticeQueue()
    queue.restore({"High Latency": 3})
    notices = [fired(number) for number in range(4)]
    for notice in notices:
        queue.add(notice, float(notice.at % 10))
    assert [one.notice for one in queue.pop_due(2.5, ALL, 2)] == notices[:2]
    assert [one.notice for one in queue.clear()] == notices[2:]
    assert (len(queue), queue.rest, queue.due_at(ALL)) == (0, {}, None)
