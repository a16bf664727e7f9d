"""Worker: a thread behind a local socket that answers envelopes."""

import contextlib
import socket
import threading
import time

from monitor.samplehub.envelope import EnvelopeError, FrameReader, pack, unpack
from monitor.samplehub.model import Model

BACKLOG = 64
# More than an envelope has. A larger block for each receive would fragment the heap, by megabytes per thread.
RECEIVE_BYTES = 4096


class Worker:
    """Serves one connection at a time at `path`, as many envelopes as the connection brings.

    Connections that wait stand in the socket's backlog, so messages that come one connection each are
    answered one by one.
    """

    def __init__(self, slot: int, path: str, model: Model) -> None:
        self.path = path
        self._model = model
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen(BACKLOG)
        self._retired = threading.Event()
        self._cpu_seconds = 0.0
        # Accepts connections and answers their envelopes; ends after `retire`, or with the process.
        self._thread = threading.Thread(target=self._run, name=f"worker-{slot}", daemon=True)

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def retire(self) -> None:
        """Ask the thread to end; a connection without content wakes it."""
        self._retired.set()
        # Refused: it has ended already.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wake, contextlib.suppress(OSError):
            wake.connect(self.path)

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end; whether it did within `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def cpu_seconds(self) -> float:
        """CPU time of the thread by its own clock, as of its last envelope."""
        return self._cpu_seconds

    def _run(self) -> None:
        with self._listener:
            while not self._retired.is_set():
                connection, _ = self._listener.accept()
                # After an error the hub sees the end of the connection and counts what was on it as failed.
                with connection, contextlib.suppress(OSError, EnvelopeError):
                    self._serve(connection)
                self._cpu_seconds = time.thread_time()

    def _serve(self, connection: socket.socket) -> None:
        reader = FrameReader()
        while data := connection.recv(RECEIVE_BYTES):
            for frame in reader.feed(data):
                answers, _ = pack(self._model.answer(unpack(frame)))
                connection.sendall(answers)
                self._cpu_seconds = time.thread_time()
