"""The budget of threads and connections."""

import resource

import pytest

from monitor.core.errors import SettingsError
from monitor.web.descriptors import Budget


class Limits:
    """Stands for the system's limits of open files."""

    def __init__(self, soft: int, hard: int) -> None:
        self.now = (soft, hard)

    def get(self, which: int) -> tuple[int, int]:
        del which
        return self.now

    def set(self, which: int, limits: tuple[int, int]) -> None:
        del which
        self.now = limits


def made(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int) -> Limits:
    limits = Limits(soft, hard)
    monkeypatch.setattr(resource, "getrlimit", limits.get)
    monkeypatch.setattr(resource, "setrlimit", limits.set)
    return limits


@pytest.mark.parametrize("hard", [4096, resource.RLIM_INFINITY])
def test_the_soft_limit_is_raised_as_far_as_needed(monkeypatch: pytest.MonkeyPatch, hard: int) -> None:
    """macOS starts with 256 of as many as one likes."""
    limits = made(monkeypatch, 256, hard)
    assert Budget.for_viewers(100) == Budget(260, 1040)
    assert limits.now == (1040 + 128 + 200, hard)


def test_a_higher_limit_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the administrator's."""
    limits = made(monkeypatch, 65_536, 65_536)
    assert Budget.for_viewers(100) == Budget(260, 1040)
    assert limits.now == (65_536, 65_536)


def test_a_low_hard_limit_means_fewer_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never fewer than the viewers and 32 threads of HTTP, with as many kept alive."""
    made(monkeypatch, 256, 512)
    assert Budget.for_viewers(100) == Budget(152, 184)


def test_too_low_a_limit_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it needs and what there is."""
    made(monkeypatch, 256, 256)
    with pytest.raises(SettingsError, match=r"^max_connections=100: needs 492 open files, and .* allows 256"):
        Budget.for_viewers(100)
