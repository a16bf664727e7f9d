"""Turning an optimisation of the target's on and off."""

import pytest

from monitor.core.errors import SourceError
from monitor.ui.components.optimization_switch import OptimizationSwitch


class RecordingSwitchboard:
    """Notes what it was asked, or refuses it."""

    def __init__(self, refusal: str = "") -> None:
        self.asked: list[tuple[str, bool]] = []
        self._refusal = refusal

    def switch(self, name: str, *, enabled: bool) -> None:
        self.asked.append((name, enabled))
        if self._refusal:
            raise SourceError(self._refusal)


@pytest.mark.parametrize(("name", "asked"), [("message_batching", False), ("memory_pools", True)])
def test_a_click_asks_for_the_other_state(feeder, name, asked):
    """What is on is asked to go off and the other way round, and nothing is complained about."""
    feeder.observe()
    board = RecordingSwitchboard()
    assert OptimizationSwitch(name, "title").turn(feeder.monitor, board) == ""
    assert board.asked == [(name, asked)]


def test_a_refusal_is_told_in_words(feeder):
    """The target's refusal stands below the switch; the switch stays as the target says."""
    snapshot = feeder.observe()
    switch = OptimizationSwitch("memory_pools", "title")
    assert switch.turn(feeder.monitor, RecordingSwitchboard("the target answered HTTP 503")) == (
        "Not switched: the target answered HTTP 503."
    )
    assert switch.patch(snapshot)[switch.id]["checked"] is False


def test_what_the_target_does_not_offer_is_not_asked(feeder):
    """Without a sample, a state or an offer nothing is sent to the target."""
    board = RecordingSwitchboard()
    switch = OptimizationSwitch("load_balancer", "title")
    assert "offers no switch" in switch.turn(feeder.monitor, board)
    feeder.observe()
    assert "offers no switch" in switch.turn(feeder.monitor, board)
    feeder.observe(switches={"load_balancer": True}, switchable=frozenset())
    assert "offers no switch" in switch.turn(feeder.monitor, board)
    assert "offers no switch" in OptimizationSwitch("memory_pools", "title").turn(feeder.monitor, None)
    assert board.asked == []


def test_a_state_without_a_switch_is_still_shown(feeder):
    """A target that tells its state but takes no orders shows On or Off without a button."""
    snapshot = feeder.observe(switches={"memory_pools": True}, switchable=frozenset())
    props = OptimizationSwitch("memory_pools", "title").patch(snapshot)
    assert props["switch-memory_pools"]["hidden"] is True
    assert props["switch-memory_pools-state"]["text"] == "On"


def test_the_state_of_a_target_that_is_down_is_unknown(feeder):
    """While the target does not answer, neither On nor Off is claimed and nothing can be switched."""
    feeder.observe()
    down = feeder.observe({}, answered=False, switches={})
    switch = OptimizationSwitch("message_batching", "title")
    props = switch.patch(down)
    assert props["switch-message_batching"]["hidden"] is True
    assert props["switch-message_batching-state"]["text"] == ""
    assert "offers no switch" in switch.turn(feeder.monitor, RecordingSwitchboard())
