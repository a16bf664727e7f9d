"""The thread of one source."""

import logging
import threading
from dataclasses import dataclass
from queue import SimpleQueue

from monitor.core.errors import SourceError
from monitor.core.sample import Reading
from monitor.engine.ports import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source saw when it was asked in tick number `tick`."""

    source: str
    tick: int
    reading: Reading


class Poller:
    """Asks one source each time it is told to, so that a source that hangs holds up nobody but itself."""

    def __init__(self, source: Source, answers: "SimpleQueue[Answer]") -> None:
        """Deliver what `source` saw into `answers`."""
        self.source = source
        self._answers = answers
        self._asks: SimpleQueue[int | None] = SimpleQueue()
        self._failing = False
        # Reads its source when asked. A daemon: a source that hangs for ever must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name=f"source-{source.name}", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def ask(self, tick: int) -> None:
        """Have the source read for this tick."""
        self._asks.put(tick)

    def close(self, timeout: float) -> None:
        """End the thread after the reading under way; give up waiting after `timeout` seconds."""
        self._asks.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while (tick := self._asks.get()) is not None:
            self._answers.put(Answer(self.source.name, tick, self._read()))
        self.source.close()

    def _read(self) -> Reading:
        try:
            reading = self.source.read()
        except SourceError as error:
            reading = Reading(error=str(error))
        except Exception as error:
            if not self._failing:
                log.exception("source failed", extra={"source": self.source.name})
            reading = Reading(error=f"failed: {type(error).__name__}")
        if (reading.error is not None) != self._failing:
            self._failing = reading.error is not None
            if self._failing:
                log.warning("source down", extra={"source": self.source.name, "reason": reading.error})
            else:
                log.info("source up", extra={"source": self.source.name})
        return reading
