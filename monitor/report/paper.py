"""The pages of a report: A4, vector charts, text in one of the fonts that every reader has."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, cast

from fpdf import FPDF, FontFace
from fpdf.enums import Align, MethodReturnValue, VAlign, XPos, YPos

from monitor.core.report import Report
from monitor.core.table import Table, moment
from monitor.report.colours import GRID, HEAD, INK, MUTED, ON_HEAD, ON_HEAD_MUTED, PAPER, Colour, colour_of
from monitor.report.forest import Forest
from monitor.report.plot import Frame, Plot

_PAGE: Final = 210.0
_MARGIN: Final = 16.0
_WIDTH: Final = _PAGE - 2 * _MARGIN
_TARGET_SIZE: Final = 22.0
_LONG_TARGET: Final = 44
"""Letters of a target's name that fit in a line."""
_LEAST_TABLE: Final = 30.0
_CHART_HEIGHT: Final = 70.0
_FONT: Final = "helvetica"
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
_WIDTHS: Final = {2: (42, 136), 6: (36, 24, 27, 24, 35, 32)}
_CHANGE_WIDTHS: Final = (6, 37, 48, 16, 29, 28, 14)
_ALERT_WIDTHS: Final = (37, 34, 17, 36, 28, 26)
_LONGEST: Final = 400


def printable(text: str) -> str:
    """Return the text in the letters of the font: others are spelled, or lose their accents, or become "?"."""
    whole = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
    spelled = whole.translate(_SPELLED)
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
        self._pdf.c_margin = 0.0
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
        if not self._report.measured:
            parts = [self._silence]
        for number, part in enumerate(parts):
            progress(number, len(parts))
            part()
        made = bytes(self._pdf.output())
        progress(len(parts), len(parts))
        return made

    def _cover(self) -> None:
        pdf, report = self._pdf, self._report
        pdf.add_page()
        self._head()
        self._verdict()
        if report.effects:
            self._title("Change for the better")
            top = pdf.get_y() + 1
            Forest(pdf, _MARGIN, _WIDTH).draw(report.effects, top)
            pdf.set_xy(_MARGIN, top + Forest.height(report.effects))
        if report.comparisons.rows:
            self._table(report.comparisons)
        self._table(report.period)
        self._table(report.changes, _CHANGE_WIDTHS)
        self._table(report.alerts, _ALERT_WIDTHS)

    def _silence(self) -> None:
        """Draw the one page of a period of which there is nothing but perhaps what was noted in it."""
        report = self._report
        self._pdf.add_page()
        self._head()
        self._text("Nothing was measured in this period", 16, bold=True)
        if report.changes.rows:
            self._table(report.changes, _CHANGE_WIDTHS)
        if report.alerts.rows:
            self._table(report.alerts, _ALERT_WIDTHS)
        self._pdf.ln(3)
        self._text(f"Made {moment(report.made)}.", 8, MUTED)

    def _head(self) -> None:
        """Draw whose report it is, and of when, on a dark ground as wide as the page."""
        pdf, report = self._pdf, self._report
        size = _TARGET_SIZE if len(report.target) <= _LONG_TARGET else _TARGET_SIZE / 2
        pdf.set_font(_FONT, "B", size)
        name = printable(report.target)
        high = pdf.multi_cell(_WIDTH, size * 0.5, name, dry_run=True, output=MethodReturnValue.HEIGHT)
        bottom = _MARGIN + 14.0 + cast("float", high)
        pdf.set_fill_color(*HEAD)
        pdf.rect(0, 0, _PAGE, bottom, style="F")
        pdf.set_y(_MARGIN - 4)
        self._text("HUB MONITOR", 9, ON_HEAD_MUTED, bold=True)
        pdf.ln(2)
        self._text(report.target, size, ON_HEAD, bold=True)
        pdf.ln(1)
        self._text(f"{moment(report.start)} to {moment(report.end)}", 10, ON_HEAD_MUTED)
        pdf.set_y(bottom + 7)
        if report.reach:
            self._text(report.reach, 9.5, MUTED)
            pdf.ln(3)

    def _verdict(self) -> None:
        """Draw the word, the figure and what they rest on beside a bar of the verdict's colour."""
        pdf, report = self._pdf, self._report
        top, left = pdf.get_y(), _MARGIN + 5.0
        colour = colour_of(report.verdict, INK)
        for text, size, ink, bold in (
            (report.verdict, 22.0, colour, True),
            (report.figure, 14.0, INK, False),
            (report.summary, 9.5, MUTED, False),
        ):
            if text:
                pdf.set_x(left)
                self._text(text, size, ink, bold=bold, width=_WIDTH - 5.0)
        pdf.set_fill_color(*colour_of(report.verdict))
        pdf.rect(_MARGIN, top, 1.4, pdf.get_y() - top, style="F")

    def _chart(self, index: int) -> None:
        pdf, report = self._pdf, self._report
        chart = report.charts[index]
        if index == 0 or pdf.will_page_break(_CHART_HEIGHT + 14):
            pdf.add_page()
        names = [line.name for line in chart.lines]
        told = ", ".join((*(["minimum to maximum"] if chart.low else []), *names))
        self._text(f"{chart.title} {f'({chart.unit})' if chart.unit else ''}".strip(), 11, bold=True)
        self._text(f"{told} per {_length(report.span_ms)}", 8, MUTED)
        top = pdf.get_y() + 2
        Plot(pdf, Frame(_MARGIN, top, _WIDTH, _CHART_HEIGHT - 6), report.start, report.end).draw(
            chart, report.marks
        )
        pdf.set_y(top + _CHART_HEIGHT)

    def _appendix(self) -> None:
        self._pdf.add_page()
        self._table(self._report.environment)
        self._table(self._report.definitions)
        self._pdf.ln(3)
        self._text(
            f"Made {moment(self._report.made)}. Every figure is measured, or derived by these formulas.", 8, MUTED
        )

    def _title(self, text: str) -> None:
        if self._pdf.get_y() > _MARGIN:
            self._pdf.ln(5)
        self._text(text, 12, bold=True)
        self._pdf.ln(1)

    def _text(
        self, text: str, size: float, colour: Colour = INK, *, bold: bool = False, width: float = _WIDTH
    ) -> None:
        self._pdf.set_font(_FONT, "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        self._pdf.multi_cell(
            width, size * 0.5, printable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _table(self, table: Table, widths: tuple[int, ...] | None = None) -> None:
        pdf = self._pdf
        # A title does not stand alone at the foot of a page.
        if pdf.will_page_break(_LEAST_TABLE):
            pdf.add_page()
        self._title(table.title)
        if not table.rows:
            self._text(table.empty, 9, MUTED)
            return
        if table.note:
            self._text(table.note, 8, MUTED)
        pdf.set_font(_FONT, "", 8)
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*GRID)
        pdf.set_line_width(0.2)
        pdf.set_fill_color(*PAPER)
        headed = any(table.head)
        with pdf.table(
            width=_WIDTH,
            col_widths=widths or _WIDTHS[len(table.head)],
            line_height=4.4,
            padding=(0.7, 1.5, 0.7, 0),
            v_align=VAlign.T,
            text_align="LEFT",
            borders_layout="HORIZONTAL_LINES",
            first_row_as_headings=headed,
            headings_style=FontFace(emphasis="BOLD", color=MUTED),
        ) as drawn:
            if headed:
                drawn.row([printable(title) for title in table.head])
            for cells in table.rows:
                row = drawn.row()
                for place, text in enumerate(cells):
                    named = place == 0 and not headed
                    ink = MUTED if named else colour_of(text, INK)
                    bold = ink not in {INK, MUTED}
                    row.cell(printable(text), style=FontFace(emphasis="BOLD" if bold else None, color=ink))


class _Pages(FPDF):
    """Pages with their number."""

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-12)
        self.set_font(_FONT, "", 8)
        self.set_text_color(*MUTED)
        self.cell(0, 6, f"Hub Monitor · {self.page_no()} of {{nb}}", align="C")


def _length(milliseconds: int) -> str:
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)):
        if milliseconds >= size and milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds / 1000:g} s"
