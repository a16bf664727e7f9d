"""One chart, drawn as vectors."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fpdf import FPDF

from monitor.core.report import NO_DATA, ReportChart
from monitor.report.colours import GRID, MUTED, Colour

_COLOURS: Final = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167))
"""Okabe and Ito's, told apart by colour-blind readers too."""
_MARK: Final = (0, 126, 110)
_LEFT: Final = 14.0
_BOTTOM: Final = 5.0
_LINES: Final = 4
_MOST_MARKS: Final = 12
_NEAR: Final = 4.0
_STEPS_MS: Final = tuple(
    1000 * step
    for step in (
        10,
        30,
        60,
        120,
        300,
        600,
        1800,
        3600,
        7200,
        10_800,
        21_600,
        43_200,
        86_400,
        172_800,
        604_800,
        2_592_000,
        7_776_000,
        15_552_000,
    )
)
_DAY_MS: Final = 86_400_000
_MONTH_MS: Final = 30 * _DAY_MS
_YEAR_MS: Final = 365.25 * _DAY_MS
_MOMENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a chart stands on its page, mm."""

    left: float
    top: float
    width: float
    height: float


class Plot:
    """Axes over start..end (epoch ms), and what is drawn between them."""

    def __init__(self, pdf: FPDF, frame: Frame, start: int, end: int) -> None:
        """Draw on the current page of `pdf` within `frame`."""
        self._pdf = pdf
        self._area = Frame(frame.left + _LEFT, frame.top, frame.width - _LEFT, frame.height - _BOTTOM)
        self._start, self._end = start, max(end, start + 1)
        self._low, self._high = 0.0, 1.0

    def draw(self, chart: ReportChart, marks: Sequence[tuple[int, str]]) -> None:
        """Draw the chart, and the changes (epoch ms and words), each by its number in their list."""
        values = [
            value for line in (chart.low, chart.high, *(one.values for one in chart.lines)) for value in line
        ]
        known = [value for value in values if value is not None]
        self._low, self._high = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
        self._times()
        if not known:
            self._say(self._area.left + 2, self._area.top + self._area.height / 2, NO_DATA, 9)
            return
        self._grid()
        if chart.low:
            self._band(chart)
        for index, line in enumerate(chart.lines):
            self._pdf.set_draw_color(*_COLOURS[index % len(_COLOURS)])
            self._pdf.set_line_width(0.28)
            for piece in _pieces(chart.moments, line.values):
                self._line(piece)
        if len(chart.lines) > 1:
            self._legend([line.name for line in chart.lines])
        self._marks(marks)

    def _x(self, at: float) -> float:
        return self._area.left + (at - self._start) / (self._end - self._start) * self._area.width

    def _y(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return self._area.top + (1.0 - share) * self._area.height

    def _times(self) -> None:
        right = self._area.left + self._area.width
        for at, label in _moments(self._start, self._end):
            self._pdf.set_font("helvetica", "", 7)
            width = self._pdf.get_string_width(label)
            left = min(self._x(at) - width / 2, right - width)
            self._say(left, self._area.top + self._area.height + 4, label, 7)

    def _grid(self) -> None:
        if self._high == self._low:
            self._high = self._low + 1.0
        step = _step((self._high - self._low) / _LINES)
        lowest, highest = math.floor(self._low / step + 1e-9), math.ceil(self._high / step - 1e-9)
        self._low, self._high = step * lowest, step * highest
        self._pdf.set_draw_color(*GRID)
        self._pdf.set_line_width(0.15)
        right = self._area.left + self._area.width
        for number in range(lowest, highest + 1):
            y = self._y(number * step)
            self._pdf.line(self._area.left, y, right, y)
            label = f"{number * step:,.6g}"
            self._pdf.set_font("helvetica", "", 7)
            self._say(self._area.left - 2 - self._pdf.get_string_width(label), y + 1, label, 7)

    def _band(self, chart: ReportChart) -> None:
        self._pdf.set_fill_color(204, 227, 240)
        for low in _pieces(chart.moments, chart.low):
            highs = dict(zip(chart.moments, chart.high, strict=True))
            high = [(at, top) for at, _ in low if (top := highs[at]) is not None]
            points = [(self._x(at), self._y(value)) for at, value in (*low, *reversed(high))]
            if len(low) > 1:
                self._pdf.polygon(points, style="F")

    def _line(self, piece: Sequence[tuple[int, float]]) -> None:
        points = [(self._x(at), self._y(value)) for at, value in piece]
        if len(points) == 1:
            points.append((points[0][0] + 0.3, points[0][1]))
        self._pdf.polyline(points)

    def _legend(self, names: Sequence[str]) -> None:
        left = self._area.left + self._area.width - 16.0 * len(names)
        for index, name in enumerate(names):
            self._pdf.set_draw_color(*_COLOURS[index % len(_COLOURS)])
            self._pdf.set_line_width(0.6)
            self._pdf.line(left, self._area.top - 2, left + 4, self._area.top - 2)
            self._say(left + 5, self._area.top - 1, name, 7)
            left += 16.0

    def _marks(self, marks: Sequence[tuple[int, str]]) -> None:
        numbered = [(number, at) for number, (at, _) in enumerate(marks, 1) if self._start <= at <= self._end]
        self._pdf.set_draw_color(*_MARK)
        self._pdf.set_line_width(0.25)
        bottom = self._area.top + self._area.height
        groups: list[list[tuple[int, float]]] = []
        for number, at in numbered[-_MOST_MARKS:]:
            x = self._x(at)
            with self._pdf.local_context():
                self._pdf.set_dash_pattern(dash=0.8, gap=0.6)
                self._pdf.line(x, self._area.top, x, bottom)
            if groups and x - groups[-1][-1][1] < _NEAR:
                groups[-1].append((number, x))
            else:
                groups.append([(number, x)])
        for group in groups:
            self._number(group)

    def _number(self, group: Sequence[tuple[int, float]]) -> None:
        """Write the number of a mark, or of several that are too near to each other, beside it."""
        (first, left), (last, right) = group[0], group[-1]
        label = str(first) if first == last else f"{first}-{last}"
        self._pdf.set_font("helvetica", "B", 6)
        width = self._pdf.get_string_width(label)
        fits = right + width + 1 < self._area.left + self._area.width
        x = right + 0.7 if fits else left - width - 0.7
        self._say(x, self._area.top + 2.4, label, 6, _MARK, "B")

    def _say(self, x: float, y: float, text: str, size: float, colour: Colour = MUTED, style: str = "") -> None:
        self._pdf.set_font("helvetica", style, size)
        self._pdf.set_text_color(*colour)
        self._pdf.text(x, y, text)


def _pieces(moments: Sequence[int], values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """Yield the unbroken pieces of a line."""
    piece: list[tuple[int, float]] = []
    for at, value in zip(moments, values, strict=True):
        if value is not None:
            piece.append((at, value))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _moments(start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the moments that an axis names (epoch ms), and their names: a handful, however long it is."""
    step = next((one for one in _STEPS_MS if (end - start) / one <= _MOMENTS), None)
    if step is None:
        years = max(1, round(_step((end - start) / _YEAR_MS / _MOMENTS)))
        first, last = (datetime.fromtimestamp(at / 1000, UTC).year for at in (start, end))
        for year in range(first - first % years + years, last + 1, years):
            yield round(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000), str(year)
        return
    days = "%b %Y" if step > _MONTH_MS else "%d %b"
    form = days if step >= _DAY_MS else "%H:%M" if step >= 60_000 else "%H:%M:%S"
    for at in range(start - start % step + step, end, step):
        yield at, datetime.fromtimestamp(at / 1000, UTC).strftime(form)


def _step(rough: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
