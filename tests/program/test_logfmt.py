"""Log lines."""

import logging

from monitor.logfmt import LogfmtFormatter


def line(message: str, **extra: object) -> str:
    record = logging.LogRecord("monitor.x", logging.INFO, "f.py", 1, message, None, None)
    record.created = 1_700_000_000.5
    vars(record).update(extra)
    return LogfmtFormatter().format(record)


def test_a_line_is_pairs_in_utc() -> None:
    """Time, level, logger, message, then what the caller added."""
    assert (
        line("source up", source="target")
        == 'time=2023-11-14T22:13:20.500Z level=info logger=monitor.x msg="source up" source=target'
    )


def test_hostile_text_stays_on_one_line() -> None:
    """A newline or a quote in a value cannot forge a second line or pair."""
    written = line("x", reason='a"b\nlevel=error msg=forged')
    assert "\n" not in written
    assert written.endswith('reason="a\\"b\\nlevel=error msg=forged"')
