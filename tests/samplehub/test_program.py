"""The sample hub as its parent starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]


def test_it_tells_its_address_and_answers_there(start_hub):
    """Its first line is JSON with the address of its metrics, and they can be read at once."""
    hub = start_hub("--scenario", "off")
    assert set(json.loads(hub.first_line)) == {"url"}
    assert hub.url.startswith("http://127.0.0.1:")
    assert hub.url.endswith("/metrics")
    assert hub.scrape()[("hub_workers",)] <= 2
    command = Path(f"/proc/{hub.process.pid}/cmdline")
    if command.exists():
        assert "samplehub" in command.read_text()
        assert hub.scrape()[("hub_cpu_cores",)] == 1


def test_it_ends_with_its_lifeline(start_hub):
    """When the parent's end of the pipe closes, it exits with 0 and says nothing."""
    hub = start_hub("--scenario", "steady")
    hub.wait_for(lambda scrape: scrape[("hub_operations_total",)] > 0)
    os.close(hub.lifeline)
    assert hub.process.wait(timeout=2) == 0
    assert hub.close() == (0, "")


def test_it_ends_when_its_parent_is_killed():
    """A parent that is killed cannot say goodbye; the pipe does."""
    parent = (
        "import os, subprocess, sys, time; r, w = os.pipe();"
        "hub = subprocess.Popen([sys.executable, '-m', 'monitor.samplehub', '--lifeline-fd', str(r)],"
        "pass_fds=[r], stdout=subprocess.PIPE); hub.stdout.readline(); print(hub.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + 5.0
    while runs(pid):
        assert time.monotonic() < end
        time.sleep(0.05)


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal(start_hub, name):
    """Asked to end it exits with 0, without a traceback, even during a model call of seconds."""
    hub = start_hub("--scenario", "steady")
    hub.request("PUT", "/faults/latency", {"amount": 5000, "seconds": 30})
    hub.wait_for(lambda scrape: scrape[("hub_messages_total",)] > 0)
    hub.process.send_signal(name)
    assert hub.process.wait(timeout=2) == 0
    assert "Traceback" not in hub.close()[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], ["--host", "loopback"]),
        (["--port", "70000"], ["--port", "70000", "65535"]),
        (["--rate", "0"], ["--rate", "1 to 2000"]),
        (["--rate", "nan"], ["--rate", "nan"]),
        (["--scenario", "chaos"], ["--scenario", "chaos", "ramp"]),
        (["--lifeline-fd", "999"], ["--lifeline-fd", "999"]),
        (["--ramp-gap", "-1"], ["--ramp-gap"]),
    ],
)
def test_a_bad_option_ends_the_start(arguments, words):
    """Exit code 2 and a line that names the option and the rule."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor.samplehub", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 2
    assert all(word in done.stderr.splitlines()[-1] for word in words)


def test_a_port_in_use_ends_the_start(start_hub):
    """Exit code 2 and a line that names the port."""
    port = start_hub("--scenario", "off").connection.port
    done = subprocess.run(
        [sys.executable, "-m", "monitor.samplehub", "--port", str(port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 2
    assert f"port {port}" in done.stderr


def test_a_long_temporary_directory_is_no_obstacle(start_hub, tmp_path, monkeypatch):
    """Local sockets have short names only; the hub finds a place for them."""
    directory = tmp_path / ("x" * 120)
    directory.mkdir()
    monkeypatch.setenv("TMPDIR", str(directory))
    hub = start_hub("--scenario", "steady")
    hub.wait_for(lambda scrape: scrape[("hub_operations_total",)] > 0)


def test_it_is_light():
    """It loads neither the dashboard's libraries nor another room."""
    code = "import sys, monitor.samplehub.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20)
    modules = done.stdout.split()
    heavy = {"pandas", "numpy", "dash", "flask", "plotly", "psutil", "asyncio", "multiprocessing"}
    assert not heavy & {module.partition(".")[0] for module in modules}
    rooms = {module.split(".")[1] for module in modules if module.startswith("monitor.")}
    assert rooms == {"samplehub"}


def test_the_ramp_runs_and_yields_to_a_choice_by_hand(start_hub):
    """The steps come at their times, and what was turned off by hand stays off."""
    hub = start_hub("--ramp-first", "0.5", "--ramp-gap", "0.5")
    hub.switch("memory_pools", enabled=False)
    assert [each["name"] for each in hub.request("GET", "/scenario")[1]["upcoming"]][-1] == "load_balancer"
    on = ("hub_optimization_enabled", "load_balancer")
    scrape = hub.wait_for(lambda scrape: scrape[on] == 1)
    assert scrape["hub_optimization_enabled", "message_batching"] == 1
    assert scrape["hub_optimization_enabled", "memory_pools"] == 0
    assert "scenario turned message_batching on" in hub.close()[1]


def test_faults_are_real(start_hub):
    """Each kind of trouble shows in the figure it is for, and is over when it ends."""
    hub = start_hub("--scenario", "steady")
    calm = hub.wait_for(lambda scrape: scrape[("hub_operations_total",)] > 300)

    for name, amount in (("latency", 200), ("errors", 50), ("memory_leak", 50), ("cpu", 60)):
        assert hub.request("PUT", f"/faults/{name}", {"amount": amount, "seconds": 5})[0] == 200
    # Each figure by itself, as a busy machine may show one of them late.
    hub.wait_for(lambda scrape: mean_latency(calm, scrape) > 0.15)
    hub.wait_for(
        lambda scrape: 0.2 < change("hub_operation_errors_total", calm, scrape) / operations(calm, scrape) < 0.8
    )
    hub.wait_for(lambda scrape: change("process_resident_memory_bytes", calm, scrape) > 40e6)
    hub.wait_for(lambda scrape: cpu_share(calm, scrape) > 0.3)

    hub.wait_for(
        lambda _: all(each["amount"] is None for each in hub.request("GET", "/faults")[1]["faults"]), 10.0
    )
    hub.wait_for(lambda scrape: change("process_resident_memory_bytes", calm, scrape) < 10e6)
    settled = hub.wait_for(lambda _: True)
    later = hub.wait_for(lambda scrape: operations(settled, scrape) > 300)
    assert change("hub_operation_errors_total", settled, later) <= 32, "only what was on its way"


def change(name, before, after):
    return after[(name,)] - before[(name,)]


def operations(before, after):
    return change("hub_operations_total", before, after) or 1.0


def mean_latency(before, after):
    return change("hub_operation_duration_seconds_sum", before, after) / operations(before, after)


def cpu_share(before, after):
    return change("process_cpu_seconds_total", before, after) / (after["time"] - before["time"])
