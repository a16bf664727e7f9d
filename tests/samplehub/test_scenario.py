import pytest

from monitor.samplehub.optimizations import Optimizations
from monitor.samplehub.scenario import Scenario


@pytest.fixture
def optimizations():
    return Optimizations()


def ramp(optimizations):
    return Scenario("ramp", optimizations, first=90.0, gap=45.0)


def test_the_ramp_turns_them_on_one_after_another(optimizations):
    """Nothing for 90 s, then batching, pools and balancer 45 s apart, then nothing more."""
    scenario = ramp(optimizations)
    times = [0.0, 89.9, 90.0, 134.0, 135.0, 180.0, 10_000.0]
    assert [scenario.step(now) for now in times] == [
        [],
        [],
        ["message_batching"],
        [],
        ["memory_pools"],
        ["load_balancer"],
        [],
    ]


def test_a_choice_by_hand_survives_the_ramp(optimizations):
    """What was turned off by hand stays off; the others keep their times."""
    scenario = ramp(optimizations)
    scenario.step(100.0)
    optimizations.choose("memory_pools", enabled=False)
    assert scenario.upcoming() == [("load_balancer", 80.0)]
    assert scenario.step(200.0) == ["load_balancer"]
    assert not optimizations.enabled("memory_pools")


@pytest.mark.parametrize("name", ["steady", "off"])
def test_the_other_scenarios_switch_nothing(optimizations, name):
    """They only differ in how they begin."""
    scenario = Scenario(name, optimizations, first=0.0, gap=0.0)
    assert scenario.step(1000.0) == []
    assert scenario.upcoming() == []
