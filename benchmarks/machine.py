"""Where and with what was measured."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.server import PYTHON, ROOT

_VERSIONS = """
import platform
from importlib.metadata import version
names = ("hub-monitor", "dash", "plotly", "Flask", "flask-sock", "gunicorn", "numpy", "pandas", "orjson")
print(", ".join(["Python " + platform.python_version(), *(f"{name} {version(name)}" for name in names)]))
"""


def describe(command: str) -> list[str]:
    """Return Markdown bullets: date, machine, how busy it was before, versions, command."""
    return [
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_said('git', 'rev-parse', '--short', 'HEAD')}",
        f"- machine: {_processor()}, {os.cpu_count()} cores, {_memory():.0f} GB, {platform.system()}",
        f"- load average of the minute before: {os.getloadavg()[0]:.1f}",
        f"- versions: {_said(str(PYTHON), '-c', _VERSIONS)}; {_said('chromium', '--version')}",
        f"- command: `{command}`",
    ]


def _said(*command: str) -> str:
    """Return the first line that a command prints; "unknown" where there is no such command."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip().partition("\n")[0] or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
