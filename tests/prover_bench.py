"""A prover with a target of ours to try things on."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from builders import chance, sample
from fakes import ManualClock, ProofSlip
from monitor.core.errors import SourceError
from monitor.core.ledger import LedgerRow
from monitor.core.proof import Phase, ProofState
from monitor.engine.prover import Prover


class Target:
    """Two switches; `cache` makes everything a fifth better. `refusal` is what it answers instead."""

    def __init__(self) -> None:
        self.switches = {"cache": True, "pool": False}
        self.asked: list[tuple[str, bool]] = []
        self.refusal = ""
        self.deaf = False

    def switch(self, name: str, *, enabled: bool) -> None:
        self.asked.append((name, enabled))
        if self.refusal:
            raise SourceError(self.refusal)
        if not self.deaf:
            self.switches = self.switches | {name: enabled}


class ProverBench:
    """A prover that is given a sample each interval."""

    def __init__(self, **options: Any) -> None:
        self.target = Target()
        self.clock = ManualClock()
        self.rows: list[LedgerRow] = []
        self.noise = chance(2)
        self.notes = ProofSlip()
        kept = {"keep": self.rows.append, "notes": self.notes}
        options = {"switchboard": self.target, "interval": 1.0, "warm_up": 2} | kept | options
        self.interval = options["interval"]
        self.prover = Prover(**options, chance=chance(1))
        self.prover.start()

    def run(self, samples: int, **changes: Any) -> ProofState | None:
        state = None
        for _ in range(samples):
            self.settle()
            self.clock.advance(self.interval)
            level = (1.2 if self.target.switches["cache"] else 1.0) * self.noise.gauss(1.0, 0.01)
            values = {"throughput_ops_sec": 200 * level, "latency_ms": 10 / level, "memory_mb": 50 / level}
            values["offered_ops_sec"] = 500.0
            seen = sample(values, clock=self.clock, switches=self.target.switches)
            state = self.prover.observe(replace(seen, **({"started_at": 5.0} | changes)))
        return state

    def until(self, phase: Phase) -> ProofState:
        for _ in range(2000):
            state = self.run(1)
            if state is not None and state.phase is phase:
                # What the end has done in the background belongs to it.
                self.settle()
                settled = self.prover.state()
                assert settled is not None
                return settled
        pytest.fail("it never came to that")

    def settle(self) -> None:
        """Give the background the time that it needs."""
        end = time.monotonic() + 10
        done = threading.Event()
        self.prover._background.do(done.set)
        assert done.wait(end - time.monotonic())

    def close(self) -> None:
        """End it."""
        self.prover.close()
