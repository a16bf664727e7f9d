"""The sample hub as a child."""

import os
import signal
import time
import urllib.request

from monitor.sources.sample_hub import SampleHub


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_one_that_dies_is_started_again_where_it_was(caplog):
    """The sources find it under the same address; closing ends it for good."""
    hub = SampleHub("off")
    url = hub.start()
    assert answers(url)
    first = hub._run.process.pid
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 15
    while hub._run.process.pid == first or not answers(url):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "sample hub ended" in caplog.text
    hub.close()
    hub.close()
    assert not answers(url)
    assert not hub._watch.is_alive()


def test_one_that_was_never_started_is_closed_without_a_word():
    """Nothing to end."""
    SampleHub("off").close()
