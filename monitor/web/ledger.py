"""`/api/v1/ledger`: what was compared before; `/api/v1/ledger.csv`: the same as a file for spreadsheets.

The file has the conventions of `/export.csv`: times in UTC (ISO 8601, milliseconds), units in brackets, an empty
cell where there is no figure. It has texts besides, of people and of targets: one that a spreadsheet would take
for a formula gets an apostrophe before it.
"""

import csv
import io
import unicodedata
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response

from monitor.core.ledger import LedgerRow
from monitor.core.rounding import rounded
from monitor.engine.experiment import Experiment
from monitor.engine.ports import Clock
from monitor.web.errors import answer

PATH: Final = "/api/v1/ledger"
CSV: Final = f"{PATH}.csv"

_HEAD: Final = (
    "since_utc",
    "change",
    "baseline",
    "verdict",
    "percent [%]",
    "low [%]",
    "high [%]",
    "seconds [s]",
    "id",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def install(server: Flask, experiment: Experiment, clock: Clock) -> None:
    """Add the routes."""

    @server.get(PATH)
    def ledger() -> Response:
        """Every comparison that was made, oldest first."""
        return answer({"ledger": [row.document() for row in experiment.state().ledger]})

    @server.get(CSV)
    def ledger_csv() -> Response:
        """The same, and the comparison under way as it stands."""
        response = Response(_file(experiment.state().compared), mimetype="text/csv")
        name = f"hub-monitor-ledger-{datetime.fromtimestamp(clock.wall(), UTC):%Y%m%dT%H%M%SZ}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def text_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    # Spreadsheets skip blanks, and some take the full-width forms of these characters for the characters.
    start = unicodedata.normalize("NFKC", text).lstrip(" ")
    return f"'{text}" if start.startswith(_FORMULA) else text


def _file(rows: tuple[LedgerRow, ...]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_HEAD)
    for row in rows:
        writer.writerow(
            (
                _moment(row.since),
                text_cell(row.change),
                text_cell(row.baseline),
                row.verdict.value,
                rounded(row.percent),
                rounded(row.low),
                rounded(row.high),
                row.seconds,
                text_cell(row.id),
            )
        )
    return file.getvalue()


def _moment(since: int) -> str:
    return datetime.fromtimestamp(since / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
