from monitor.samplehub.optimizations import Modes, Optimizations


def test_they_begin_as_asked():
    """All off, or all on."""
    assert Optimizations().modes == Modes()
    assert Optimizations(enabled=True).modes == Modes(True, True, True)


def test_a_switch_changes_one_mechanism():
    """Only the named one is switched, and readers see a new object."""
    optimizations = Optimizations()
    before = optimizations.modes
    optimizations.choose("memory_pools", enabled=True)
    assert before == Modes()
    assert optimizations.modes == Modes(memory_pools=True)
    assert optimizations.enabled("memory_pools")


def test_a_choice_by_hand_stands():
    """The scenario cannot undo what somebody chose, but may switch the others."""
    optimizations = Optimizations()
    optimizations.choose("memory_pools", enabled=False)
    assert not optimizations.schedule("memory_pools", enabled=True)
    assert optimizations.schedule("load_balancer", enabled=True)
    assert optimizations.modes == Modes(load_balancer=True)
