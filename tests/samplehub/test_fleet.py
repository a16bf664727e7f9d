import pytest

from monitor.samplehub.fleet import Member


def test_mean_outstanding_is_weighted_by_time():
    """Four messages for a quarter of a second are one message on average, busy a quarter of the time."""
    member = Member(1)
    member.load(4, now=10.0)
    member.load(-4, now=10.25)
    assert member.roll(11.0, seconds=1.0) == pytest.approx(0.25)
    assert member.mean_outstanding == pytest.approx(1.0)


def test_each_period_starts_anew_with_what_is_still_out():
    """Work that spans two periods counts in both."""
    member = Member(1)
    member.load(2, now=0.5)
    member.roll(1.0, seconds=1.0)
    assert member.roll(2.0, seconds=1.0) == pytest.approx(1.0)
    assert member.mean_outstanding == pytest.approx(2.0)


def test_a_place_that_never_had_a_worker_has_no_cpu_time():
    """Unknown is absent, not zero."""
    assert Member(1).cpu_seconds is None
