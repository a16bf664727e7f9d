"""The pages of a report: A4, vector charts, text in one of the fonts that every reader has."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from fpdf import FPDF, FontFace
from fpdf.enums import XPos, YPos

from monitor.core.report import Report, Table, moment
from monitor.report.plot import Frame, Plot

_MARGIN: Final = 16.0
_WIDTH: Final = 210.0 - 2 * _MARGIN
_CHART_HEIGHT: Final = 70.0
_FONT: Final = "helvetica"
_INK: Final = (33, 37, 41)
_MUTED: Final = (95, 103, 112)
_COLOURS: Final = {"Better": (0, 126, 110), "Worse": (180, 0, 60), "Not comparable": (154, 103, 0)}
_ENCODING: Final = "latin-1"
_SPELLED: Final = {
    ord(letter): spelled
    for letters, spelled in (
        ("\u201c\u201d\u201e", '"'),
        ("\u2018\u2019", "'"),
        ("\u2212\u2013\u2014\u2022", "-"),
        ("\u2192", "->"),
        ("\u2190", "<-"),
        ("\u2026", "..."),
        ("\u2264", "<="),
        ("\u2265", ">="),
        ("\u2248", "~"),
        ("\u00a0\u202f", " "),
    )
    for letter in letters
}
_WIDTHS: Final = {2: (42, 136), 6: (34, 26, 30, 28, 34, 26)}
_CHANGE_WIDTHS: Final = (6, 36, 52, 18, 28, 24, 14)
_LONGEST: Final = 200


def printable(text: str) -> str:
    """Return the text in the letters of the font: others are spelled, or lose their accents, or become "?"."""
    spelled = text[:_LONGEST].translate(_SPELLED)
    letters = [
        letter if letter.encode(_ENCODING, "ignore") else unicodedata.normalize("NFKD", letter)
        for letter in spelled
    ]
    plain = "".join(letters).encode(_ENCODING, "replace").decode(_ENCODING)
    return "".join(letter if letter.isprintable() else " " for letter in plain)


class Paper:
    """Draws one report."""

    def __init__(self, report: Report) -> None:
        """Draw `report`."""
        self._report = report
        self._pdf = _Pages(orientation="portrait", unit="mm", format="A4")
        self._pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self._pdf.set_auto_page_break(auto=True, margin=_MARGIN)
        self._pdf.set_title(printable(f"Hub Monitor: {report.target}"))
        self._pdf.set_creator("Hub Monitor")
        self._pdf.set_creation_date(datetime.fromtimestamp(report.made / 1000, UTC))

    def draw(self, progress: Callable[[int, int], None]) -> bytes:
        """Return the file; tells how many parts of how many are done."""
        parts = [
            self._cover,
            *[lambda index=index: self._chart(index) for index in range(len(self._report.charts))],
            self._appendix,
        ]
        for number, part in enumerate(parts):
            progress(number, len(parts))
            part()
        made = bytes(self._pdf.output())
        progress(len(parts), len(parts))
        return made

    def _cover(self) -> None:
        pdf, report = self._pdf, self._report
        pdf.add_page()
        self._text("HUB MONITOR", 10, _MUTED, bold=True)
        self._text(report.target, 20, bold=True)
        self._text(f"{moment(report.start)} to {moment(report.end)}", 10, _MUTED)
        pdf.ln(5)
        self._text(report.verdict, 24, _COLOURS.get(report.verdict, _INK), bold=True)
        if report.figure:
            self._text(report.figure, 15)
        self._text(report.summary, 10, _MUTED)
        pdf.ln(3)
        self._table(report.comparisons)
        self._table(report.period)
        self._table(report.changes, _CHANGE_WIDTHS)

    def _chart(self, index: int) -> None:
        pdf, report = self._pdf, self._report
        chart = report.charts[index]
        if index == 0 or pdf.will_page_break(_CHART_HEIGHT + 14):
            pdf.add_page()
        names = [line.name for line in chart.lines]
        told = ", ".join((*(["minimum to maximum"] if chart.low else []), *names))
        self._text(f"{chart.title} {f'({chart.unit})' if chart.unit else ''}".strip(), 11, bold=True)
        self._text(f"{told} per {_length(report.span_ms)}", 8, _MUTED)
        top = pdf.get_y() + 2
        Plot(pdf, Frame(_MARGIN, top, _WIDTH, _CHART_HEIGHT - 6), report.start, report.end).draw(
            chart, report.marks
        )
        pdf.set_y(top + _CHART_HEIGHT)

    def _appendix(self) -> None:
        self._pdf.add_page()
        self._table(self._report.environment)
        self._table(self._report.definitions)
        self._text(
            f"Made {moment(self._report.made)}. Every figure is measured, or derived by these formulas.", 8, _MUTED
        )

    def _text(self, text: str, size: float, colour: tuple[int, int, int] = _INK, *, bold: bool = False) -> None:
        self._pdf.set_font(_FONT, "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        self._pdf.multi_cell(_WIDTH, size * 0.5, printable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _table(self, table: Table, widths: tuple[int, ...] | None = None) -> None:
        pdf = self._pdf
        pdf.ln(4)
        self._text(table.title, 12, bold=True)
        pdf.ln(1)
        if not table.rows:
            self._text(table.empty, 9, _MUTED)
            return
        pdf.set_font(_FONT, "", 8)
        pdf.set_text_color(*_INK)
        pdf.set_draw_color(210, 214, 218)
        pdf.set_line_width(0.2)
        pdf.set_fill_color(255, 255, 255)
        headed = any(table.head)
        with pdf.table(
            width=_WIDTH,
            col_widths=widths or _WIDTHS[len(table.head)],
            line_height=4.6,
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            first_row_as_headings=headed,
            headings_style=FontFace(emphasis="BOLD", color=_MUTED),
        ) as drawn:
            for cells in ((table.head,) if headed else ()) + table.rows:
                row = drawn.row()
                for cell in cells:
                    row.cell(printable(cell))


class _Pages(FPDF):
    """Pages with their number."""

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-12)
        self.set_font(_FONT, "", 8)
        self.set_text_color(*_MUTED)
        self.cell(0, 6, f"Hub Monitor · {self.page_no()} of {{nb}}", align="C")


def _length(milliseconds: int) -> str:
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)):
        if milliseconds >= size and milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds / 1000:g} s"
