import os
import threading

from monitor.samplehub import lifeline


def test_the_end_of_the_pipe_is_told_once_it_comes():
    """Bytes on the pipe mean nothing; its end is reported."""
    reading, writing = os.pipe()
    ended = threading.Event()
    lifeline.watch(reading, ended.set)
    os.write(writing, b"still here")
    assert not ended.is_set()
    os.close(writing)
    assert ended.wait(5.0)
    os.close(reading)


def test_a_pipe_that_cannot_be_read_counts_as_ended():
    """A descriptor that is closed cannot tell that the parent lives."""
    ended = threading.Event()
    lifeline.watch(1_000_000, ended.set)
    assert ended.wait(5.0)
