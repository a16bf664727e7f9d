"""What is shipped, tried somewhere else."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from program_under_test import ROOT, Program

Start = Callable[..., Program]
RUNTIME = ROOT / ".venv" / "bin" / "python"


def _page_loads(program: Program) -> None:
    """The page, each asset that it or one of its parts names, and figures."""
    status, page = program.get("/dashboard/")
    assert status == 200
    addresses = re.findall(r'(?:src|href)="(/dashboard/[^"]+)"', page.decode())
    assert any("/assets/" in address for address in addresses)
    assert any("/vendor/bootstrap" in address for address in addresses)
    layout = str(json.loads(program.get("/dashboard/_dash-layout")[1]))
    own = re.findall(r"/dashboard/assets/pages/[^\"]+", layout)
    assert own
    addresses += own
    assert [(address, code) for address in addresses if (code := program.get(address)[0]) != 200] == []
    program.snapshot_where(lambda frame: frame["current"]["throughput_ops_sec"])


def test_the_wheel_carries_the_page(start: Start, tmp_path: Path) -> None:
    """Built, installed into a folder of its own, run from another one."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w"]
    subprocess.run([*build, str(tmp_path), str(ROOT)], check=True, timeout=100)
    (wheel,) = tmp_path.glob("hub_monitor-*.whl")
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True, timeout=100)
    there = {"PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import monitor; print(monitor.__file__)"],
        cwd=elsewhere,
        env={**os.environ, **there},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert where.stdout.startswith(str(site))
    _page_loads(start("--port", "0", cwd=elsewhere, environment=there))


def test_it_runs_in_an_environment_without_the_test_packages(start: Start) -> None:
    """What a user installs is enough: `make install` has made that environment."""
    if not RUNTIME.exists():
        pytest.fail("no .venv: run `make install` first (`make test` does)")
    assert subprocess.run([RUNTIME, "-c", "import selenium"], capture_output=True).returncode != 0
    _page_loads(start("--port", "0", python=str(RUNTIME)))
