"""A running sample hub as a child process, and what a client does with it."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
START_SECONDS = 10.0


class RunningHub:
    """The program, started as its parent starts it; its address comes from its first line."""

    def __init__(self, *arguments, with_lifeline=True):
        reading, self.lifeline = os.pipe()
        lifeline = ["--lifeline-fd", str(reading)] if with_lifeline else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor.samplehub", *lifeline, *arguments],
            cwd=ROOT,
            pass_fds=[reading],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(reading)
        self.first_line = self.process.stdout.readline()
        self.url = json.loads(self.first_line)["url"]
        self.connection = http.client.HTTPConnection("127.0.0.1", urlsplit(self.url).port, timeout=5)

    def request(self, method, path, value=None):
        """Status and decoded JSON (or text) of one exchange on a kept connection."""
        headers = {} if value is None else {"Content-Type": "application/json"}
        body = None if value is None else json.dumps(value)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        return response.status, text if path == "/metrics" else json.loads(text)

    def switch(self, name, *, enabled):
        status, answer = self.request("PUT", f"/optimizations/{name}", {"enabled": enabled})
        assert (status, answer["enabled"]) == (200, enabled)

    def scrape(self):
        """All samples of one scrape: (name, label values) -> value, and the monotonic time under "time"."""
        status, text = self.request("GET", "/metrics")
        assert status == 200
        samples = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        return {**samples, "time": time.monotonic()}

    def wait_for(self, condition, seconds=5.0):
        """The first scrape that satisfies the condition; fails after the given time."""
        end = time.monotonic() + seconds
        while True:
            scrape = self.scrape()
            if condition(scrape):
                return scrape
            assert time.monotonic() < end, f"not within {seconds} s"
            time.sleep(0.1)

    def close(self):
        """End the program if it still runs; its exit code and what it wrote to standard error."""
        self.connection.close()
        with contextlib.suppress(OSError):
            os.close(self.lifeline)
        try:
            _, errors = self.process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, errors = self.process.communicate()
        return self.process.returncode, errors


@pytest.fixture
def start_hub():
    """Starts hubs and ends them after the test."""
    hubs = []

    def start(*arguments, **options):
        hubs.append(RunningHub(*arguments, **options))
        return hubs[-1]

    yield start
    for hub in hubs:
        if hub.process.poll() is None and hub.process.stdin is None:
            hub.process.terminate()
        hub.close()


@pytest.fixture
def socket_directory():
    """A directory with a path short enough for local sockets on every system."""
    with tempfile.TemporaryDirectory(prefix="hub-", dir="/tmp") as directory:
        yield Path(directory)
