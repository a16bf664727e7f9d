"""The worker's edges; how it serves is tested with the program."""

import errno
import logging

import pytest

from monitor.web import worker
from monitor.web.worker import Worker


class Listener:
    """Fails to accept."""

    def __init__(self, number: int) -> None:
        self.number = number

    def accept(self) -> None:
        raise OSError(self.number, "no")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Worker:
    monkeypatch.setattr(worker.time, "sleep", lambda _: None)
    made = Worker.__new__(Worker)
    made.log = logging.getLogger("test.worker")
    return made


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_without_a_descriptor_the_worker_goes_on(
    bare: Worker, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    """It holds the rolling frame."""
    bare.accept(Listener(number))  # type: ignore[arg-type]
    assert "no room for a connection" in caplog.text


def test_any_other_failure_to_accept_is_not_hidden(bare: Worker) -> None:
    """It is a defect."""
    with pytest.raises(OSError, match="no"):
        bare.accept(Listener(errno.EBADF))  # type: ignore[arg-type]
