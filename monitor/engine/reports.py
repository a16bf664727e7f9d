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


class Reports:
    """Has reports drawn in the background."""

    def __init__(self, draw: Callable[[Report], Drawing]) -> None:
        """Draw each as `draw` says."""
        self._draw = draw
        # Guards the newest report's state and file; told whenever they change.
        self._changed = threading.Condition()
        self._state: ReportState | None = None
        self._file = b""
        self._drawing: Drawing | None = None
        self._begun = 0

    def begin(self, report: Report) -> ReportState:
        """Begin to draw; raises BusyError while another one is being drawn."""
        with self._changed:
            if self._state is not None and self._state.phase is Phase.DRAWING:
                raise BusyError("a report is being drawn already: wait for it, or cancel it")
            self._begun += 1
            identity = f"r{self._begun}"
            self._state, self._file = ReportState(identity, Phase.DRAWING, 0.0), b""
            self._drawing = self._draw(report)
            # Waits for the drawing. A daemon: nobody will want what it makes once the server has ended.
            threading.Thread(target=self._run, args=(identity, self._drawing), name="report", daemon=True).start()
            return self._state

    def state(self, identity: str) -> ReportState:
        """Return how far report `identity` is; raises UnknownError for any but the newest."""
        with self._changed:
            if self._state is None or self._state.id != identity:
                raise UnknownError(f"there is no report {identity[:20]!r}")
            return self._state

    def cancel(self, identity: str) -> ReportState:
        """Stop drawing it; one that is drawn already stays."""
        with self._changed:
            if self.state(identity).phase is Phase.DRAWING:
                self._put(identity, phase=Phase.CANCELLED, reason="it was cancelled")
                self.close()
            return self.state(identity)

    def wait(self, identity: str, seconds: float) -> ReportState:
        """Return its state when it is no longer being drawn, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.state(identity).phase is not Phase.DRAWING, seconds)
            return self.state(identity)

    def file(self, identity: str) -> bytes:
        """Return the PDF; raises UnknownError where it is not drawn."""
        with self._changed:
            if self.state(identity).phase is not Phase.DONE:
                raise UnknownError(f"report {identity} is not drawn: {self.state(identity).phase.value}")
            return self._file

    def close(self) -> None:
        """End the drawing under way; idempotent."""
        with self._changed:
            if self._drawing is not None:
                self._drawing.stop()

    def _run(self, identity: str, drawing: Drawing) -> None:
        try:
            made = drawing.run(lambda share: self._put(identity, progress=share))
        except ReportError as problem:
            self._put(identity, phase=Phase.FAILED, reason=str(problem))
        except Exception:
            log.exception("report failed")
            self._put(identity, phase=Phase.FAILED, reason="it could not be drawn")
        else:
            with self._changed:
                self._file = made
                self._put(identity, phase=Phase.DONE, progress=1.0)

    def _put(self, identity: str, **changes: object) -> None:
        """Change the state of a report that is still being drawn."""
        with self._changed:
            if self._state is not None and self._state.id == identity and self._state.phase is Phase.DRAWING:
                self._state = replace(self._state, **changes)  # type: ignore[arg-type]  # fields of its own
                self._changed.notify_all()
