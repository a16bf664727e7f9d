"""What a person reads of a proof."""

from dataclasses import replace

import pytest

from builders import chance
from monitor.core.baseline import COMPARED
from monitor.core.proof import Half, Phase, Plan, ProofState, prove
from monitor.ui.components.proof_panel import ProofPanel

PLAN = Plan.draw("message_batching", 4, 10, 2, chance())


def state(**changes) -> ProofState:
    return replace(ProofState(PLAN, 1_700_000_000_000), **changes)


def finished(**values: float) -> ProofState:
    """On, throughput is a quarter higher and the rest as before; CPU was not measured."""
    halves = []
    values = {"offered_ops_sec": 500.0} | values
    for number in range(8):
        half = Half()
        for _ in range(8):
            # A little of its own per pair, so that there is an interval.
            level = (1.25 if PLAN.on(number) else 1.0) * (1 + 0.002 * (number % 3))
            half.add({"throughput_ops_sec": 200.0 * level, "latency_ms": 10.0, "memory_mb": 40.0, **values})
        halves.append(half)
    return state(phase=Phase.FINISHED, seconds=88, result=prove(PLAN, halves, 1.0))


def with_errors() -> list[Half]:
    """Three of ten operations fail while it is on."""
    halves = []
    for number in range(8):
        halves.append(Half())
        for _ in range(8):
            halves[-1].add({"throughput_ops_sec": 200.0, "error_rate": 30.0 if PLAN.on(number) else 0.0})
    return halves


@pytest.fixture
def shown(feeder):
    return lambda proof, **changes: ProofPanel().patch(replace(feeder.observe(**changes), proof=proof))


def test_only_what_can_be_switched_is_offered(shown):
    """By name; without anything to switch there is no panel at all, unless there is a proof to be told of."""
    props = shown(None)
    assert props["panel-proof"] == {"hidden": False}
    assert props["panel-proof-option-0"] == {"text": "memory_pools", "hidden": False}
    assert props["panel-proof-option-1"] == {"text": "message_batching", "hidden": False}
    assert props["panel-proof-option-2"] == {"text": "", "hidden": True}
    assert (props["proof-start"]["hidden"], props["proof-cancel"]["hidden"]) == (False, True)
    assert props["panel-proof-turning"]["text"] == " and, for each turn of the switch, 1 s or a little more."
    none = {"switches": {}, "switchable": frozenset()}
    assert shown(None, **none)["panel-proof"] == {"hidden": True}
    assert shown(None, switchable=frozenset())["panel-proof"] == {"hidden": True}
    assert shown(finished(), **none)["panel-proof"] == {"hidden": False}


def test_the_progress_is_said(shown):
    """The pair, whether it is on, and how long that lasts."""
    on = PLAN.on(5)
    props = shown(state(half=5, left=7))
    assert props["panel-proof-progress"]["text"] == (
        f"message_batching: pair 3 of 4, {'on' if on else 'off'}, 7 s left"
    )
    assert (props["proof-start"]["hidden"], props["proof-cancel"]["hidden"]) == (True, False)
    assert "being turned" in shown(state(half=5))["panel-proof-progress"]["text"]
    assert shown(state(half=2))["panel-proof-meter"] == {"hidden": False, "style": {"--share": "25%"}}
    assert shown(state(half=2))["proof-pairs-field"] == {"hidden": True}
    assert shown(finished())["panel-proof-meter"] == {"hidden": True, "style": {"--share": None}}
    assert shown(finished())["proof-pairs-field"] == {"hidden": False}


def test_the_outcome_is_said(shown):
    """The overall figure in words, and each metric with its interval, its verdict and its pairs."""
    props = shown(finished())
    text = props["panel-proof-outcome"]["text"]
    assert text.startswith("message_batching on against off: better, +8.")
    assert "4 pairs of twice 10 s, 1 min 28 s in all. 3 of 4 figures are in it." in text
    assert props["panel-proof-table"] == {"hidden": False}
    row = {
        name: props[f"panel-proof-throughput_ops_sec-{name}"] for name in ("change", "interval", "verdict", "why")
    }
    assert row["change"]["text"].startswith("+2")
    assert "…" in row["interval"]["text"]
    assert row["verdict"] == {"text": "Better", "class": "table__verdict table__verdict--good"}
    assert row["why"] == {"text": "4 pairs"}
    assert props["panel-proof-memory_mb-verdict"]["text"] == "No meaningful difference"
    assert props["panel-proof-cpu_utilization-change"]["text"] == "no data"
    assert props["panel-proof-cpu_utilization-why"]["text"] == "was not measured"


def test_errors_are_shown_and_said(shown):
    """Both shares, their difference in points, and the counts; a veto is no secret."""
    props = shown(finished(error_rate=0.0))
    text = {name: props[f"panel-proof-error_rate-{name}"]["text"] for name in ("off", "on", "change", "why")}
    assert (text["off"], text["on"]) == ("0 %", "0 %")
    assert text["why"].startswith("0 of 64")
    worse = state(phase=Phase.FINISHED, seconds=88, result=prove(PLAN, with_errors(), 1.0))
    props = shown(worse)
    assert "worse" in props["panel-proof-outcome"]["text"]
    assert "There were more errors." in props["panel-proof-outcome"]["text"]
    assert props["panel-proof-error_rate-change"]["text"] == "+30.0 pp"
    assert props["panel-proof-error_rate-interval"]["text"].startswith("+2")
    assert props["panel-proof-error_rate-verdict"]["text"] == "Worse"
    assert shown(finished())["panel-proof-error_rate-why"]["text"] == "not counted in enough pairs"


def test_an_early_end_says_why(shown):
    """Instead of a figure."""
    props = shown(state(phase=Phase.FAILED, reason="The target restarted."))
    assert props["panel-proof-outcome"]["text"] == "No figure for message_batching: The target restarted."
    assert props["panel-proof-table"] == {"hidden": True}


def test_every_render_names_the_same(shown):
    """So that a patch takes back what the one before it set."""
    each = [shown(proof) for proof in (None, state(half=1, left=3), finished(), state(phase=Phase.CANCELLED))]
    assert len({tuple((name, *values) for name, values in props.items()) for props in each}) == 1
    assert all(f"panel-proof-{metric}-verdict" in each[0] for metric in COMPARED)
