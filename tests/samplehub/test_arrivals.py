import random

import pytest

from monitor.samplehub.arrivals import TENANTS, Arrivals


def stream(seed=1, rate=600.0):
    return Arrivals(rate, random.Random(seed), start=0.0)  # noqa: S311


def test_the_same_seed_gives_the_same_requests():
    """Two streams with one seed are equal, another seed differs."""
    assert stream(1).due(0.9) == stream(1).due(0.9)
    assert stream(1).due(0.9) != stream(2).due(0.9)


def test_how_often_it_is_asked_does_not_change_what_arrives():
    """Asking in small steps gives the same intended starts as asking once."""
    fine = stream()
    stepped = [request for step in range(1, 91) for request in fine.due(step / 100)]
    assert stepped == stream().due(0.9)


def test_the_rate_is_kept_and_steady():
    """Each second brings the set rate within a tenth, ten seconds within two percent."""
    arrivals = stream()
    seconds = [len(arrivals.due(float(second))) for second in range(1, 11)]
    assert sum(seconds) == pytest.approx(6000, rel=0.02)
    assert all(540 <= count <= 660 for count in seconds)


def test_intended_starts_are_ordered_and_not_in_the_future():
    """Requests come oldest first and only when they are due."""
    starts = [intended for intended, _ in stream().due(0.5)]
    assert starts == sorted(starts)
    assert starts[-1] <= 0.5


def test_what_was_due_while_the_hub_stood_still_has_been_offered():
    """Four seconds without a call are 2400 requests, each with its own intended start: nothing is omitted."""
    starts = [intended for intended, _ in stream().due(4.0)]
    assert len(starts) == pytest.approx(2400, rel=0.05)
    assert starts[0] < 0.1
    assert starts[-1] > 3.9


def test_a_pause_of_the_machine_is_not_made_up():
    """After an hour without a call, no flood of an hour's requests follows."""
    assert len(stream().due(3600.0)) <= 1


def test_tenants_make_uneven_load():
    """The even tenants, which static assignment sends to one worker, make about three fifths of the load."""
    arrivals = stream()
    tenants = [tenant for second in range(1, 11) for _, tenant in arrivals.due(float(second))]
    assert set(tenants) == set(range(TENANTS))
    assert sum(tenant % 2 == 0 for tenant in tenants) / len(tenants) == pytest.approx(0.605, abs=0.02)
