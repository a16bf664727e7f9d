"""Reading a session: what was recorded is what the Monitor sees again."""

import gzip
import threading
from pathlib import Path

import numpy as np
import orjson
import pytest

from builders import feed_samples, monitor
from fakes import ManualClock
from monitor.core.errors import SettingsError
from monitor.core.metric import COLUMN
from monitor.core.sample import Sample
from monitor.core.session import Header
from monitor.core.snapshot import Ticks
from monitor.engine.monitor import Monitor
from monitor.engine.sampler import Sampler
from monitor.sources.session import LAST_WORDS, ReplaySource, Session, SessionClock
from monitor.storage.session_file import SessionFile

HEADER = Header(target="hub", interval_ms=1000)
TWO = b'{"format":"hub-monitor-recording","version":1,"target":"x","interval_ms":1000,"metrics":["a"]}\n'


class Both:
    """Hands each sample to a Monitor and to a file."""

    def __init__(self, made: Monitor, file: SessionFile) -> None:
        self.made = made
        self.file = file
        self.snapshot = None

    def observe(self, sample: Sample, ticks: Ticks) -> None:
        self.made.observe(sample, ticks)
        self.file.observe(sample, ticks)


def record(file: Path, seconds: int) -> Monitor:
    """Watch for so many seconds, a hole in the middle; return who saw it."""
    clock = ManualClock()
    made = monitor(clock)
    writing = SessionFile(file, HEADER)
    both = Both(made, writing)
    for part in (seconds // 2, seconds - seconds // 2):
        feed_samples(
            both,  # type: ignore[arg-type]
            clock,
            part,
            lambda number: {"latency_ms": 10.0 + number / 7, "throughput_ops_sec": 500.0, "error_rate": 1.5},
        )
        clock.advance(33.0)
    writing.close()
    return made


@pytest.mark.parametrize("name", ["session.jsonl", "session.jsonl.gz"])
def test_recorded_figures_are_replayed_figures(tmp_path: Path, name: str) -> None:
    """Bit by bit with their moments, through the same sampler, a hundred times as fast; then it stops."""
    file = tmp_path / name
    recorded = record(file, 40).window.last(100)
    session = Session.check(file)
    assert (session.samples, session.asked, session.header) == (40, True, HEADER)
    assert (session.start, session.end) == (recorded.timestamp[0], recorded.timestamp[-1])
    clock = SessionClock(session.start)
    again = monitor(clock)  # type: ignore[arg-type]
    sampler = Sampler("hub", [ReplaySource(session, clock)], again, clock, 0.01)
    sampler.start()
    sampler._thread.join(20)
    sampler.close()
    replayed = again.window.last(100)
    np.testing.assert_array_equal(replayed.timestamp, recorded.timestamp)
    same = [place for metric, place in COLUMN.items() if metric != "tick_lateness_ms"]
    np.testing.assert_array_equal(replayed.values[:, same], recorded.values[:, same])
    assert again.snapshot is not None
    assert (again.snapshot.sample.remark, again.snapshot.sample.final) == (LAST_WORDS, True)
    assert (again.health().status, again.health().reasons) == ("live", (LAST_WORDS,))
    assert again.snapshot.uptime.percent == 100.0
    assert clock.wall() == session.end / 1000
    assert not [thread for thread in threading.enumerate() if thread.name == "source-session"]


def test_a_sudden_end_costs_the_last_line_at_the_most(tmp_path: Path) -> None:
    """Wherever it tears the file, compressed or not."""
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    record(plain, 12)
    record(packed, 12)
    whole = plain.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for size in (last, last + 1, len(whole) - 1):
        plain.write_bytes(whole[:size])
        assert Session.check(plain).samples == 11
    packed.write_bytes(packed.read_bytes()[:-12])
    assert Session.check(packed).samples >= 11


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["line 1", "empty"]),
        (b"dear diary", ["line 1", "has no end", "not a session"]),
        (b"dear diary\n", ["line 1", "format"]),
        (TWO, ["line 2"]),
        (
            TWO + b'{"t":1,"values":[1]}\n{"t":2,"values":[1,2]}\n{"t":3,"values":[1]}\n',
            ["line 3", "values", "1 entries"],
        ),
        (b"x" * 70_000, ["line 1", "65536"]),
    ],
)
def test_a_bad_file_is_named_with_line_and_rule(tmp_path: Path, content: bytes, words: list[str]) -> None:
    """Before anything of it is shown."""
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as error:
        Session.check(file)
    assert all(word in str(error.value) for word in (str(file), *words)), error.value


def test_what_is_no_gzip_is_said(tmp_path: Path) -> None:
    """As is a file that is not there."""
    file = tmp_path / "bad.gz"
    file.write_bytes(b"dear diary")
    with pytest.raises(SettingsError, match="gzip"):
        Session.check(file)
    packed = gzip.compress(b"x" * 1000)
    file.write_bytes(packed[:12] + b"\xff\xff\xff\xff" + packed[16:])
    with pytest.raises(SettingsError, match="line 1"):
        Session.check(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        Session.check(tmp_path / "nowhere")


def test_a_file_that_changes_while_it_plays_ends_in_words(tmp_path: Path) -> None:
    """The figures until then are shown."""
    file = tmp_path / "session.jsonl"
    record(file, 3)
    session = Session.check(file)
    content = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*content[:3], b'{"t":1}\n']))
    source = ReplaySource(session, SessionClock(0))
    assert source.read().remark == ""
    last = source.read()
    assert ("line 4" in last.remark, last.final) == (True, True)


def test_a_replay_says_that_it_is_one_and_offers_no_switch(tmp_path: Path) -> None:
    """Beside what was remarked then; whoever is played cannot be switched any more."""
    file = tmp_path / "session.jsonl"
    lines = [
        {"t": number * 1000, "values": [1], "answered": True, "switches": {"x": True}, "switchable": ["x"]}
        for number in range(3)
    ]
    lines[1]["remark"] = "no work so far"
    file.write_bytes(TWO + b"".join(orjson.dumps(line) + b"\n" for line in lines))
    source = ReplaySource(Session.check(file), SessionClock(0), remark="this is a replay")
    readings = [source.read() for _ in lines]
    assert [one.remark for one in readings] == ["this is a replay", "this is a replay; no work so far", LAST_WORDS]
    assert [(dict(one.switches), one.switchable) for one in readings] == [({"x": True}, frozenset())] * 3


def test_a_packed_file_without_a_whole_line_is_not_called_empty(tmp_path: Path) -> None:
    """One of 0 bytes is."""
    file = tmp_path / "session.jsonl.gz"
    for content, words in ((gzip.compress(TWO)[:30], "has no end"), (b"", "is empty")):
        file.write_bytes(content)
        with pytest.raises(SettingsError, match=words):
            Session.check(file)
