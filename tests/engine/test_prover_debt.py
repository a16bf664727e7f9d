"""What a proof owes to its target: the switch as it was before, whatever ends it."""

import threading
from collections.abc import Callable

import pytest

from builders import sample
from monitor.core.errors import ConflictError, StoreError
from monitor.core.proof import Phase
from prover_bench import ProverBench


def test_a_switch_that_fails_ends_it_and_is_put_back_later(proving: Callable[..., ProverBench]) -> None:
    """When the target takes orders again."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while made.target.switches["cache"]:
        made.run(1)
    made.target.refusal = "the target answered HTTP 503"
    state = made.until(Phase.FAILED)
    assert state.reason == (
        "cache could not be turned on: the target answered HTTP 503. "
        "cache is not back on yet: the target answered HTTP 503."
    )
    made.target.refusal = ""
    paid = made.run(20)
    assert made.target.switches["cache"] is True
    assert paid is not None
    assert paid.reason == "cache could not be turned on: the target answered HTTP 503."
    asked = len(made.target.asked)
    made.target.switches = {"cache": False, "pool": False}
    made.run(40)
    assert len(made.target.asked) == asked


def test_closing_puts_the_switch_back(proving: Callable[..., ProverBench]) -> None:
    """And is idempotent."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while made.target.switches["cache"]:
        made.run(1)
    made.prover.close()
    made.prover.close()
    assert made.target.switches["cache"] is True
    state = made.prover.state()
    assert state is not None
    assert state.phase is Phase.CANCELLED


def test_a_restarted_target_is_left_as_it_is(proving: Callable[..., ProverBench]) -> None:
    """Nothing is owed to a process that was not there; it is said where its switch stands otherwise."""
    made = proving()
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while made.target.switches["cache"]:
        made.run(1)
    made.settle()
    asked = len(made.target.asked)
    state = made.run(1, started_at=99.0)
    assert state is not None
    assert (state.phase, state.reason) == (
        Phase.FAILED,
        "The target restarted. cache was not put back on: it is as the new process has it.",
    )
    made.run(20, started_at=99.0)
    assert len(made.target.asked) == asked
    assert made.notes.note is None
    made.target.switches = {"cache": True, "pool": False}
    made.prover.begin("cache", 4, 10)
    made.run(1, started_at=99.0)
    state = made.run(1, started_at=5.0)
    assert state is not None
    assert state.reason.startswith("The target restarted.")


def test_a_debt_does_not_outlive_the_process_that_it_is_owed_to(proving: Callable[..., ProverBench]) -> None:
    """A new deployment's switches are its own; until then no other proof begins."""
    made = proving()
    made.target.switches = {"cache": False, "pool": False}
    made.run(1)
    made.prover.begin("cache", 4, 10)
    while not made.target.switches["cache"]:
        made.run(1)
    made.target.refusal = "connection refused"
    made.prover.cancel()
    made.settle()
    made.target.refusal = ""
    for name in ("cache", "pool"):
        with pytest.raises(ConflictError, match="cache is not seen back off yet"):
            made.prover.begin(name, 4, 10)
    made.run(5, answered=False, switches={}, started_at=None)
    assert made.prover.proving == "cache"
    state = made.run(40, started_at=99999.0)
    assert made.target.switches["cache"] is True
    assert state is not None
    assert state.reason == "It was cancelled. cache was not put back off: it is as the new process has it."
    assert made.prover.proving == ""
    assert made.notes.note is None


def test_a_monitor_that_is_killed_owes_the_next_one_a_switch(proving: Callable[..., ProverBench]) -> None:
    """Noted before the first switch; the next start says so, puts it back, and is done with it."""
    killed = proving()
    killed.run(1)
    noted: list[object] = []
    turn = killed.target.switch

    def switch(name: str, *, enabled: bool) -> None:
        noted.append(killed.notes.note)
        turn(name, enabled=enabled)

    killed.target.switch = switch  # type: ignore[method-assign]
    killed.prover.begin("cache", 4, 10)
    while killed.target.switches["cache"]:
        killed.run(1)
    assert None not in noted
    note = killed.notes.note
    assert note is not None
    made = proving(notes=killed.notes)
    made.target.switches = {"cache": False, "pool": True}
    state = made.prover.state()
    assert state is not None
    assert (state.phase, state.seconds) == (Phase.FAILED, None)
    assert state.reason == "The monitor stopped during a proof. cache is not back on yet."
    assert made.prover.proving == "cache"
    made.run(1)
    made.settle()
    assert made.target.switches == {"cache": True, "pool": True}
    state = made.run(1)
    assert state is not None
    assert state.reason == "The monitor stopped during a proof."
    assert (made.prover.proving, made.notes.note) == ("", None)
    assert [row.change for row in made.rows] == ["proof: cache on against off, the monitor stopped meanwhile"]
    made.prover.begin("cache", 4, 10)
    killed.notes.note = None


def test_what_cannot_be_put_back_at_the_end_is_left_to_the_next_start(proving: Callable[..., ProverBench]) -> None:
    """What can be is forgotten at once."""
    for refusal, left in (("the target answered HTTP 503", True), ("", False)):
        made = proving()
        made.run(1)
        made.prover.begin("cache", 4, 10)
        while made.target.switches["cache"]:
            made.run(1)
        made.target.refusal = refusal
        made.prover.close()
        assert (made.notes.note is not None) is left


def test_what_cannot_be_noted_is_not_turned(
    proving: Callable[..., ProverBench], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would know how it stood."""
    made = proving()
    made.run(1)

    def full(_: object) -> None:
        raise StoreError("the proof could not be noted: the disk is full")

    monkeypatch.setattr(made.notes, "write", full)
    made.prover.begin("cache", 4, 10)
    state = made.until(Phase.FAILED)
    assert "the proof could not be noted: the disk is full." in state.reason
    assert ("cache", False) not in made.target.asked


def test_nothing_begins_after_the_end(proving: Callable[..., ProverBench]) -> None:
    """Nobody would drive it."""
    made = proving()
    made.run(1)
    made.prover.close()
    with pytest.raises(ConflictError, match="being stopped"):
        made.prover.begin("cache", 4, 10)
    assert made.prover.state() is None


def test_a_sample_from_before_the_switch_settles_nothing(proving: Callable[..., ProverBench]) -> None:
    """Cancelled while the first switch is on its way: it stands as before, and will not for long."""
    made = proving()
    made.run(1)
    turn, gate = made.target.switch, threading.Event()

    def switch(name: str, *, enabled: bool) -> None:
        gate.wait(10)
        turn(name, enabled=enabled)

    made.target.switch = switch  # type: ignore[method-assign]
    made.prover.begin("cache", 4, 10)
    made.prover.cancel()
    made.prover.observe(sample({}, clock=made.clock, switches=made.target.switches))
    assert made.prover.proving == "cache"
    gate.set()
    made.run(2)
    assert made.prover.proving == ""
    assert made.target.switches["cache"] is True
