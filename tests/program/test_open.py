"""An opened CSV: what it does not say stays unknown."""

from pathlib import Path

from builders import monitor
from monitor.commands.open import _import
from monitor.core.session import header_line, sample_line
from monitor.engine.sampler import Sampler
from monitor.sources.session import ReplaySource, Session, SessionClock
from monitor.ui.components.health_panel import HealthPanel
from monitor.ui.format import NO_DATA


def test_whether_the_target_answered_is_unknown_where_the_file_does_not_say(tmp_path: Path) -> None:
    """Neither "answers" nor an uptime: the columns of both were not exported."""
    file = tmp_path / "export.csv"
    rows = "".join(f"2026-11-24T09:00:{second:02}.000Z,{second}\r\n" for second in range(40))
    file.write_text(f"timestamp_utc,throughput_ops_sec [ops/s]\r\n{rows}", newline="")
    found = _import(file, tmp_path)
    end = tmp_path / "end.jsonl"
    end.write_bytes(header_line(found.header) + sample_line(found.last))
    session = Session.check(end)
    clock = SessionClock(session.start)
    made = monitor(clock)  # type: ignore[arg-type]
    sampler = Sampler("export.csv", [ReplaySource(session, clock)], made, clock, 1.0)
    sampler.start()
    sampler._thread.join(10)
    sampler.close()
    snapshot = made.snapshot
    assert snapshot is not None
    assert (snapshot.sample.values["throughput_ops_sec"], snapshot.sample.answered) == (39.0, None)
    assert snapshot.uptime.percent is None
    panel = HealthPanel()
    props = panel.patch(snapshot)
    assert props[f"{panel.id}-word"]["text"] == "not asked"
    assert props[f"{panel.id}-uptime"]["text"] == NO_DATA
