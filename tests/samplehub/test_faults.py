from fakes import ManualClock
from monitor.samplehub.faults import Faults


def test_a_fault_ends_by_itself():
    """It is on with its amount, and off when its seconds are over."""
    clock = ManualClock()
    faults = Faults(clock.monotonic)
    faults.put("latency", 50.0, 30.0)
    clock.advance(29.0)
    assert (faults.amount("latency"), faults.remaining("latency")) == (50.0, 1.0)
    clock.advance(1.0)
    assert (faults.amount("latency"), faults.remaining("latency")) == (0.0, None)


def test_putting_again_replaces():
    """The second amount and duration hold."""
    faults = Faults(ManualClock().monotonic)
    faults.put("cpu", 10.0, 30.0)
    faults.put("cpu", 20.0, 5.0)
    assert (faults.amount("cpu"), faults.remaining("cpu")) == (20.0, 5.0)


def test_clearing_ends_one_and_leaves_the_others():
    """Clearing is per fault and harmless when it is off."""
    faults = Faults(ManualClock().monotonic)
    faults.put("cpu", 10.0, 30.0)
    faults.put("errors", 10.0, 30.0)
    faults.clear("cpu")
    faults.clear("latency")
    assert (faults.amount("cpu"), faults.amount("errors")) == (0.0, 10.0)


def test_waiting_returns_at_once_while_the_fault_is_on():
    """The thread behind a fault does not wait for a second one."""
    faults = Faults(ManualClock().monotonic)
    faults.put("cpu", 10.0, 30.0)
    faults.wait("cpu")
