"""Reports on their way: one at a time, each with its progress, kept until the next one is begun."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.errors import BusyError, ReportError, UnknownError
from monitor.core.report import Report
from monitor.engine.ports import Drawing

log = logging.getLogger(__name__)


class Phase(StrEnum):
    """How far a report is."""

    DRAWING = "drawing"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReportState:
    """Report `id` (r1, r2, ...): `progress` is the share that is done, `reason` why there is none."""

    id: str
    phase: Phase
    progress: float
    reason: str = ""


class Order:
    """One report that was ordered; the lock of `Reports` guards what changes of it."""

    def __init__(self, identity: str) -> None:
        """Be ordered as `identity`."""
        self.state = ReportState(identity, Phase.DRAWING, 0.0)
        self.file = b""
        self.drawing: Drawing | None = None

    @property
    def open(self) -> bool:
        """Tell whether it is neither drawn nor given up."""
        return self.state.phase is Phase.DRAWING


class Reports:
    """Has reports drawn in the background."""

    def __init__(self, draw: Callable[[Report], Drawing]) -> None:
        """Draw each as `draw` says."""
        self._draw = draw
        # Guards the newest order; told whenever it changes. Nothing is made up or drawn while it is held.
        self._changed = threading.Condition()
        self._newest: Order | None = None
        self._begun = 0

    def begin(self, report: Callable[[], Report]) -> Order:
        """Take the place, then have `report` made up and begin to draw it; BusyError while the place is taken.

        What `report` raises is raised, and frees the place.
        """
        with self._changed:
            if self._newest is not None and self._newest.open:
                raise BusyError("a report is being drawn already: wait for it, or cancel it")
            self._begun += 1
            order = self._newest = Order(f"r{self._begun}")
        try:
            drawing = self._draw(report())
            with self._changed:
                order.drawing = drawing
            # Waits for the drawing. A daemon: nobody will want what it makes once the server has ended.
            threading.Thread(target=self._run, args=(order, drawing), name="report", daemon=True).start()
        except BaseException:
            self._put(order, phase=Phase.FAILED, reason="it could not be begun")
            raise
        return order

    def order(self, identity: str) -> Order:
        """Return the order of report `identity`; raises UnknownError for any but the newest."""
        with self._changed:
            if self._newest is None or self._newest.state.id != identity:
                raise UnknownError(f"there is no report {identity[:20]!r}")
            return self._newest

    def state(self, identity: str) -> ReportState:
        """Return how far report `identity` is; raises UnknownError for any but the newest."""
        return self.order(identity).state

    def cancel(self, identity: str) -> ReportState:
        """Stop drawing it; one that is drawn already stays."""
        with self._changed:
            order = self.order(identity)
            if order.open:
                self._put(order, phase=Phase.CANCELLED, reason="it was cancelled")
                self.close()
            return order.state

    def wait(self, order: Order, seconds: float) -> tuple[ReportState, bytes]:
        """Return its state and file when it is no longer being drawn, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not order.open, seconds)
            return order.state, order.file

    def file(self, identity: str) -> bytes:
        """Return the PDF; raises UnknownError where it is not drawn."""
        with self._changed:
            order = self.order(identity)
            if order.state.phase is not Phase.DONE:
                raise UnknownError(f"report {identity} is not drawn: {order.state.phase.value}")
            return order.file

    def close(self) -> None:
        """End the drawing under way; idempotent."""
        with self._changed:
            if self._newest is not None and self._newest.drawing is not None:
                self._newest.drawing.stop()

    def _run(self, order: Order, drawing: Drawing) -> None:
        try:
            made = drawing.run(lambda share: self._put(order, progress=share))
        except ReportError as problem:
            self._put(order, phase=Phase.FAILED, reason=str(problem))
        except Exception:
            log.exception("report failed")
            self._put(order, phase=Phase.FAILED, reason="it could not be drawn")
        else:
            with self._changed:
                order.file = made
                self._put(order, phase=Phase.DONE, progress=1.0)

    def _put(self, order: Order, **changes: object) -> None:
        """Change the state of a report that is still being drawn."""
        with self._changed:
            if order.open:
                order.state = replace(order.state, **changes)  # type: ignore[arg-type]  # fields of its own
                self._changed.notify_all()
