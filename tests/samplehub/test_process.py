import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.samplehub import process


def test_cpu_time_grows_with_work():
    """It is the time of this process, in seconds, finer than a clock tick."""
    before = process.cpu_seconds()
    sum(range(200_000))
    assert 0.0 < process.cpu_seconds() - before < 1.0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_resident_memory_is_that_of_the_status_file():
    """Within a megabyte of what the kernel's status file says."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    assert process.resident_bytes() == pytest.approx(kilobytes * 1024, abs=1e6)


def test_a_system_without_an_answer_gives_none():
    """The call for another system fails quietly on this one."""
    if sys.platform != "darwin":
        assert process.resident_bytes(platform="darwin") is None


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinity")
def test_confined_it_has_one_usable_core():
    """After confining itself the process reports one core."""
    code = "from monitor.samplehub import process as p; p.confine_to_one_core(); print(p.usable_cores())"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20)
    assert output.stdout.strip() == "1"
