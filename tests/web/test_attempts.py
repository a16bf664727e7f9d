"""How often an address may guess."""

from fakes import ManualClock
from monitor.web.attempts import Attempts


def test_five_failures_within_a_minute_shut_one_address_out() -> None:
    """Until the oldest of them is a minute old; others are not touched."""
    clock = ManualClock()
    attempts = Attempts(clock)
    for _ in range(5):
        assert attempts.wait_seconds("a") == 0
        attempts.failed("a")
        clock.advance(10)
    assert attempts.wait_seconds("a") == 10
    assert attempts.wait_seconds("b") == 0
    clock.advance(10)
    assert attempts.wait_seconds("a") == 0


def test_no_number_of_addresses_fills_the_memory() -> None:
    """The longest silent one is forgotten."""
    attempts = Attempts(ManualClock())
    for number in range(3000):
        attempts.failed(str(number))
    assert len(attempts._failures) == 1024
