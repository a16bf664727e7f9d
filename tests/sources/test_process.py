"""Processes that come, go and refuse to be looked at."""

import os
import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest

from monitor.config import load
from monitor.core.errors import SettingsError, SourceError
from monitor.sources import process as module
from monitor.sources.process import LOOK_SECONDS, HostSource, ProcessSource, SelfSource
from monitor.sources.watch import Watch

METRICS = {"memory_mb", "cpu_utilization", "active_connections", "threads", "open_files"}


class FakeProcess:
    """A process of psutil's as far as the source uses it; `refuse` makes one of its calls raise."""

    def __init__(self, pid, *, started=1.0, cpu=0.0, rss=10_000_000):
        self.pid, self.started, self.cpu, self.rss = pid, started, cpu, rss
        self.running, self.descendants, self.affinity = True, [], [0, 1]
        self.refusals = {}

    def refuse(self, call, error):
        self.refusals[call] = error

    def _answer(self, call, value):
        if call in self.refusals:
            raise self.refusals[call]
        return value

    def is_running(self):
        return self._answer("is_running", self.running)

    def status(self):
        return self._answer("status", psutil.STATUS_SLEEPING)

    def create_time(self):
        return self._answer("create_time", self.started)

    def children(self, *, recursive):
        assert recursive
        return self._answer("children", list(self.descendants))

    def memory_info(self):
        return self._answer("memory_info", SimpleNamespace(rss=self.rss))

    def cpu_times(self):
        return self._answer("cpu_times", SimpleNamespace(user=self.cpu, system=0.0))

    def net_connections(self, *, kind):
        assert kind == "tcp"
        listening, open_ = (
            SimpleNamespace(status=psutil.CONN_LISTEN),
            SimpleNamespace(status=psutil.CONN_ESTABLISHED),
        )
        return self._answer("net_connections", [listening, open_, open_])

    def num_threads(self):
        return self._answer("num_threads", 3)

    def num_fds(self):
        return self._answer("num_fds", 7)

    def cpu_affinity(self):
        return self._answer("cpu_affinity", self.affinity)


class Scene:
    """A root process, a child, a clock, and the source that watches them."""

    def __init__(self, monkeypatch, interval=1.0):
        self.now = 0.0
        self.root, self.child = FakeProcess(100), FakeProcess(101)
        self.root.descendants = [self.child]
        monkeypatch.setattr(module.psutil, "Process", lambda _: self.root)
        self.source = ProcessSource(100, interval, monotonic=lambda: self.now)

    def tick(self, seconds=1.0):
        self.now += seconds
        return dict(self.source.read().values)


@pytest.fixture
def scene(monkeypatch):
    return Scene(monkeypatch)


def test_a_tree_is_added_up(scene):
    """Root and child together; CPU is divided by the cores that the root may use, and absent at first."""
    expected = {"memory_mb": 20.0, "active_connections": 4, "threads": 6, "open_files": 14}
    assert scene.tick() == expected
    scene.root.cpu, scene.child.cpu = 0.5, 0.7
    assert scene.tick() == pytest.approx({**expected, "cpu_utilization": 60.0})
    assert scene.source.read().started_at == 1.0
    assert scene.source.watches_target


CALLS = ("memory_info", "cpu_times", "create_time", "net_connections", "num_threads", "num_fds")
METRIC_OF = dict(
    zip(CALLS, ("memory_mb", *["cpu_utilization"] * 2, "active_connections", "threads", "open_files"), strict=True)
)
ERRORS = [
    psutil.AccessDenied(100),
    PermissionError(13, "Permission denied"),
    FileNotFoundError(2, "No such file"),
    ValueError("not enough values to unpack"),
    RuntimeError("x"),
    NotImplementedError(),
    MemoryError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("who", ["root", "child"])
@pytest.mark.parametrize("call", CALLS)
def test_a_refused_call_costs_only_its_metric(scene, call, who, error):
    """Wherever in the tree: a sum without that process would be too small."""
    scene.tick()
    getattr(scene, who).refuse(call, error)
    assert set(scene.tick()) == METRICS - {METRIC_OF[call]}
    getattr(scene, who).refusals.clear()
    scene.tick()
    assert set(scene.tick()) == METRICS


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", ["is_running", "status", "children", "cpu_affinity"])
def test_a_refused_call_about_the_process_itself_costs_nothing_else(scene, call, error):
    """Without children the root is counted alone, without affinity all cores of the machine."""
    scene.root.refuse(call, error)
    scene.tick()
    assert set(scene.tick()) == METRICS


GONE = [psutil.NoSuchProcess(100), psutil.ZombieProcess(100)]


@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", [*CALLS, "is_running", "status", "children", "cpu_affinity"])
def test_a_root_that_has_gone_fails_the_reading(scene, call, error):
    """Whichever call finds out."""
    for _ in range(int(LOOK_SECONDS)):  # the next tick looks for children, too
        scene.tick()
    scene.root.refuse(call, error)
    with pytest.raises(SourceError, match=r"^process 100 has ended$"):
        scene.tick()


@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("call", [*CALLS, "is_running"])
def test_a_child_that_goes_in_between_adds_nothing(scene, call, error):
    """All metrics stay; the sums are those of who is left."""
    scene.tick()
    scene.child.refuse(call, error)
    assert set(scene.tick()) == METRICS


def test_a_reused_number_is_not_the_same_process(scene):
    """psutil compares the start; a process that only has the number has ended."""
    scene.tick()
    scene.root.running = False
    with pytest.raises(SourceError, match=r"^process 100 has ended$"):
        scene.tick()


def test_a_zombie_has_ended(scene, monkeypatch):
    """It waits for its parent and does nothing any more."""
    monkeypatch.setattr(scene.root, "status", lambda: psutil.STATUS_ZOMBIE)
    with pytest.raises(SourceError, match=r"^process 100 has ended$"):
        scene.tick()


def test_children_that_come_and_go_make_no_spike(scene):
    """A child with a long past brings none of it; one that ends takes nothing out."""
    old = FakeProcess(102, cpu=5000.0)
    scene.tick()
    scene.root.descendants.append(old)
    scene.root.cpu += 1.0
    assert scene.tick(LOOK_SECONDS / 2)["cpu_utilization"] == pytest.approx(20.0)
    scene.root.cpu += 1.0
    assert scene.tick(LOOK_SECONDS / 2)["cpu_utilization"] == pytest.approx(20.0)
    old.cpu += 0.5
    assert scene.tick()["cpu_utilization"] == pytest.approx(25.0)
    old.running = False
    scene.root.cpu += 0.5
    assert scene.tick()["cpu_utilization"] == pytest.approx(25.0)


def test_a_child_under_a_reused_number_is_another_process(scene):
    """Its CPU is not the difference to that of its predecessor."""
    scene.child.cpu = 10.0
    scene.tick()
    scene.child.running = False
    scene.root.descendants = [FakeProcess(101, started=9.0, cpu=500.0)]
    assert scene.tick(LOOK_SECONDS / 2)["cpu_utilization"] == 0.0
    assert scene.tick(LOOK_SECONDS / 2)["cpu_utilization"] == 0.0


def test_cpu_times_that_step_back_are_not_negative(scene):
    """Some kernels round user and system time so that their sum shrinks a little."""
    scene.root.cpu = 1.0
    scene.tick()
    scene.root.cpu = 0.99
    assert scene.tick()["cpu_utilization"] == 0.0


def test_a_share_over_a_long_hole_is_a_gap(scene):
    """As with rates: a mean over more than three intervals is not the last second."""
    scene.tick()
    scene.root.cpu = 4.0
    assert "cpu_utilization" not in scene.tick(3.5)
    scene.root.cpu = 5.0
    assert scene.tick()["cpu_utilization"] == pytest.approx(50.0)


def test_counting_connections_takes_a_small_share_of_the_time(scene, monkeypatch):
    """A tree of which each count takes 30 ms is counted every two seconds, the other metrics every second."""
    count = scene.child.net_connections

    def slow(*, kind):
        scene.now += 0.03
        return count(kind=kind)

    monkeypatch.setattr(scene.child, "net_connections", slow)
    seen = [scene.tick() for _ in range(5)]
    assert ["active_connections" in values for values in seen] == [True, False, True, False, True]
    assert all("memory_mb" in values for values in seen)


@pytest.mark.parametrize("pid", [2**22 + 7, 2**31 - 1, 2**70])
def test_a_number_without_process_is_a_settings_error(pid):
    """One line that names the setting."""
    with pytest.raises(SettingsError, match=f"^pid: there is no process {pid}$"):
        ProcessSource(pid, 1.0)


def test_a_real_process_and_its_end():
    """A child of the test, seen by the real psutil, then ended."""
    command = [sys.executable, "-c", "import sys; print(1, flush=True); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        source = ProcessSource(child.pid, 1.0)
        first, second = source.read(), source.read()
        assert first.values["memory_mb"] > 1
        assert first.values["threads"] == 1
        assert "cpu_utilization" not in first.values
        assert 0 <= second.values["cpu_utilization"] < 200
        child.stdin.close()
        child.wait(5)
        with pytest.raises(SourceError, match=f"^process {child.pid} has ended$"):
            source.read()
        source.close()


def test_a_process_that_has_ended_and_was_not_waited_for_has_ended():
    """A real zombie."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        source = ProcessSource(child.pid, 1.0)
        source.read()
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(SourceError, match=f"^process {child.pid} has ended$"):
            source.read()


def test_the_host_has_no_cpu_in_the_first_reading():
    """It would be a made-up 0."""
    source = HostSource()
    assert set(source.read().values) == {"host_memory"}
    assert set(source.read().values) == {"host_memory", "host_cpu"}
    assert not source.watches_target


@pytest.mark.parametrize("error", [*ERRORS, *GONE], ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("call", "metric"), [("cpu_percent", "host_cpu"), ("virtual_memory", "host_memory")])
def test_a_refused_call_costs_only_its_metric_of_the_host(monkeypatch, call, metric, error):
    """The other one stays."""
    source = HostSource()
    source.read()

    def refuse(*_, **__):
        raise error

    monkeypatch.setattr(module.psutil, call, refuse)
    assert set(source.read().values) == {"host_cpu", "host_memory"} - {metric}


def test_the_monitors_own_cost():
    """CPU is percent of one core over the time between, absent at first; memory is there at once."""
    clock, cpu = iter([10.0, 11.0, 13.0]), iter([1.0, 1.02, 1.05])
    source = SelfSource(1.0, monotonic=lambda: next(clock), cpu_seconds=lambda: next(cpu))
    readings = [source.read() for _ in range(3)]
    assert "monitor_cpu" not in readings[0].values
    assert readings[0].values["monitor_memory_mb"] > 1
    assert readings[1].values["monitor_cpu"] == pytest.approx(2.0)
    assert readings[2].values["monitor_cpu"] == pytest.approx(1.5)
    assert not source.watches_target
    source.close()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_monitor_that_cannot_see_its_memory_still_knows_its_cpu(monkeypatch, error):
    """psutil's refusal costs that metric alone."""

    def refuse(*_):
        raise error

    monkeypatch.setattr(module.psutil, "Process", refuse)
    source = SelfSource(1.0)
    source.read()
    assert set(source.read().values) == {"monitor_cpu"}


def test_a_process_that_ended_before_a_new_worker_came_is_a_target_that_is_down():
    """The monitor keeps its page; a wrong number at the start is still refused."""
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    settings = load({"pid": str(gone.pid)}, {})
    with pytest.raises(SettingsError):
        Watch.of(settings)
    first = Watch.again(settings).sources(None, 1.0)[0]
    assert (first.name, first.watches_target) == ("process", True)
    with pytest.raises(SourceError, match="has ended"):
        first.read()
    first.close()
