"""The changes of all metrics as dots with their intervals, better always to the right."""

from collections.abc import Sequence
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align

from monitor.core.report import Effect, percent
from monitor.report.colours import GRID, INK, MUTED, colour_of

_ROW: Final = 7.0
_TITLES: Final = 44.0
_FIGURES: Final = 24.0
_ENDS: Final = 4.0
_LEAST: Final = 10.0
_MOST: Final = 200.0
_STEPS: Final = (2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)
_TICKS: Final = 4


class Forest:
    """Rows of a title, an interval on one axis for all, and the figure."""

    def __init__(self, pdf: FPDF, left: float, width: float) -> None:
        """Draw on the current page of `pdf`, mm."""
        self._pdf = pdf
        self._left, self._width = left, width
        self._axis = left + _TITLES
        self._span = width - _TITLES - _FIGURES
        self._limit = _LEAST

    @staticmethod
    def height(effects: Sequence[Effect]) -> float:
        """Return how high it will be, mm."""
        return _ROW * len(effects) + 8.0

    def draw(self, effects: Sequence[Effect], top: float) -> None:
        """Draw them from `top` on; what goes beyond the axis ends in an arrow."""
        known = [abs(value) for one in effects for value in (one.percent, *self._near(one))]
        step = next((one for one in _STEPS if _TICKS * one >= max(known)), _STEPS[-1])
        self._limit = max(_LEAST, min(_MOST, step * -(-max(known) // step)))
        bottom = top + _ROW * len(effects)
        self._scale(step, top, bottom)
        for place, one in enumerate(effects):
            self._row(one, top + _ROW * (place + 0.5))

    @staticmethod
    def _near(one: Effect) -> tuple[float, ...]:
        """Return the ends of an interval that are of use for an axis: an open one would flatten all others."""
        return tuple(end for end in (one.low, one.high) if abs(end) <= max(100.0, 2.0 * abs(one.percent)))

    def _x(self, percent: float) -> float:
        share = (max(-self._limit, min(self._limit, percent)) + self._limit) / (2.0 * self._limit)
        return self._axis + share * self._span

    def _scale(self, step: float, top: float, bottom: float) -> None:
        pdf = self._pdf
        pdf.set_line_width(0.15)
        for number in range(-int(self._limit // step), int(self._limit // step) + 1):
            x = self._x(number * step)
            pdf.set_draw_color(*(GRID if number else MUTED))
            pdf.line(x, top, x, bottom)
            label = f"{number * step:+g} %" if number else "0"
            self._say(x - 10, bottom + 0.5, 20, label, Align.C, MUTED, 7)
        self._say(self._axis, bottom + 3.5, self._span / 2, "worse", Align.L, MUTED, 7)
        self._say(self._axis + self._span / 2, bottom + 3.5, self._span / 2, "better", Align.R, MUTED, 7)

    def _row(self, one: Effect, y: float) -> None:
        pdf = self._pdf
        colour = colour_of(one.verdict)
        self._say(self._left, y - 2, _TITLES, one.title, Align.L, INK, 8.5)
        self._say(self._left + self._width - _FIGURES, y - 2, _FIGURES, percent(one.percent), Align.R, colour, 8.5)
        pdf.set_draw_color(*colour)
        pdf.set_fill_color(*colour)
        pdf.set_line_width(0.7)
        pdf.line(self._x(one.low), y, self._x(one.high), y)
        for end, way in ((one.low, -1), (one.high, 1)):
            x = self._x(end)
            if abs(end) > self._limit:
                pdf.polygon([(x + 1.6 * way, y), (x, y - 1.1), (x, y + 1.1)], style="F")
            else:
                pdf.line(x, y - 1.1, x, y + 1.1)
        pdf.circle(self._x(one.percent), y, 1.2, style="F")

    def _say(
        self, x: float, y: float, width: float, text: str, align: Align, colour: tuple[int, int, int], size: float
    ) -> None:
        self._pdf.set_font("helvetica", "", size)
        self._pdf.set_text_color(*colour)
        self._pdf.set_xy(x, y)
        self._pdf.cell(width, _ENDS, text, align=align)
