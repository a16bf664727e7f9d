import pytest

from monitor.samplehub.scaling import DOWN_AFTER_SECONDS, Scaler


@pytest.mark.parametrize(("busy", "expected"), [(0.0, 2), (0.9, 2), (1.4, 3), (1.8, 4), (3.9, 8), (8.0, 8)])
def test_it_scales_up_at_once_within_its_bounds(busy, expected):
    """From two workers, the next second has as many as make each busy half of the time, at most eight."""
    assert Scaler().decide(2, busy) == expected


def test_it_scales_down_slowly():
    """Ten calmer seconds take one worker away, and the count begins again."""
    scaler = Scaler()
    decisions = [scaler.decide(5, 1.0) for _ in range(DOWN_AFTER_SECONDS)]
    assert decisions == [5] * 9 + [4]
    assert scaler.decide(4, 1.0) == 4


def test_one_busy_second_restarts_the_patience():
    """Calm has to last."""
    scaler = Scaler()
    for _ in range(9):
        scaler.decide(4, 1.0)
    scaler.decide(4, 2.0)
    assert scaler.decide(4, 1.0) == 4
