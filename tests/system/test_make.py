"""What `make run` says where it cannot make an environment."""

import os
import subprocess
from pathlib import Path

import pytest

from program_under_test import ROOT


def make_venv(python: str, folder: Path, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script as the Makefile does."""
    return subprocess.run(
        ["sh", str(ROOT / "requirements" / "venv.sh"), python, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **({} if path is None else {"PATH": path})},
    )


@pytest.fixture
def broken_python(tmp_path: Path) -> Path:
    """A Python like Debian's without python3-venv: it runs, but cannot make an environment."""
    script = tmp_path / "python3"
    script.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        '*"-m venv"*) echo "not created successfully because ensurepip is not available" >&2; exit 1 ;;\n'
        '*"%d.%d"*) echo 3.13 ;;\n'
        "*) exit 0 ;;\n"
        "esac\n"
    )
    script.chmod(0o755)
    return script


def test_without_venv_it_says_in_one_line_what_to_install(broken_python: Path, tmp_path: Path) -> None:
    """The package is named, with this Python's version, and nothing half-made stays."""
    result = make_venv(str(broken_python), tmp_path / "environment")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1, result.stderr
    assert "apt-get install python3.13-venv" in result.stderr
    assert not (tmp_path / "environment").exists()


def test_without_python_it_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    """Also where there is no interpreter at all."""
    result = make_venv("no-such-python", tmp_path / "environment")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1, result.stderr
    assert "Python 3.11 or newer is needed" in result.stderr
