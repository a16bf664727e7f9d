"""Any part of the past: a real store below, as much of it in the rolling frame as a test wants."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builders import monitor
from fakes import FULL, HistoryShelf, ManualClock
from monitor.core.errors import StoreError
from monitor.core.histogram import BOUNDS, BUCKETS, Histogram
from monitor.core.metric import COLUMN
from monitor.core.record import Record, Records
from monitor.core.rollup import DAY_MS, HOUR_MS, MINUTE_MS, Rollups
from monitor.core.window import Rows
from monitor.engine.history_writer import HistoryWriter
from monitor.engine.monitor import Monitor
from monitor.storage.archive import Archive
from monitor.storage.history_file import HistoryFile
from monitor.storage.retention import Retention
from records import BEGIN, record

LATENCY = "latency_ms"
P95 = "latency_p95_ms"


def past(written: list[Record], folder: Path, *, framed: int, raw_ms: int = 400 * DAY_MS) -> Monitor:
    """Keep records in a folder; the newest `framed` are in the rolling frame, older samples may be gone."""
    store = HistoryFile(folder, "hub", Retention(raw_ms, 400 * DAY_MS, 4000 * DAY_MS))
    store.write(written, [])
    while store.tidy(written[-1].timestamp):
        pass
    store.close()
    clock = ManualClock(wall=written[-1].timestamp / 1000)
    made = monitor(clock, writer=HistoryWriter(HistoryShelf(), Archive(folder, "hub"), clock, 1.0))
    if framed:
        made.restore([Records.of(written[-framed:])])
    return made


HALF_HOUR_MS = 30 * MINUTE_MS
WEEKS_MS = 22 * DAY_MS


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a sample each half hour of three weeks; single samples are kept for an hour."""
    folder = tmp_path_factory.mktemp("weeks")
    past(steady(22 * 48, step=HALF_HOUR_MS, spike=500), folder, framed=0, raw_ms=HOUR_MS)
    return folder


def steady(seconds: int, step: int = 1000, spike: int | None = None) -> list[Record]:
    """Make records of one latency, and one of them a thousand times slower."""
    one = record(1, value=10.0)
    made = [replace(one, timestamp=BEGIN + step * second) for second in range(seconds)]
    if spike is not None:
        made[spike] = replace(made[spike], values=record(1, value=10_000.0).values)
    return made


def test_what_the_frame_holds_comes_from_the_frame(tmp_path: Path) -> None:
    """Nothing is read from the disk, and a young frame beside an empty disk is all there is."""
    written = steady(600)
    made = past(written, tmp_path, framed=600)
    (tmp_path / "history.db").unlink()
    found = made.history.excerpt(BEGIN, BEGIN + 600_000, [LATENCY], 2000)
    assert found.timestamp.tolist() == [one.timestamp for one in written]
    assert found.grain == 1000
    early = made.history.excerpt(BEGIN - 30 * DAY_MS, BEGIN + 600_000, [LATENCY], 2000)
    assert len(early.timestamp) == 600


@pytest.mark.parametrize("framed", [0, 100, 3600])
def test_every_sample_once_wherever_it_is(tmp_path: Path, framed: int) -> None:
    """Exports and `raw`: from the disk up to where the frame begins, then from the frame."""
    written = steady(7200)
    made = past(written, tmp_path, framed=framed)
    rows = Rows.joined(list(made.history.samples(BEGIN + 5000, BEGIN + 7_150_000)))
    assert rows.timestamp.tolist() == [one.timestamp for one in written[5:7151]]
    raw = made.history.excerpt(BEGIN, BEGIN + 7_200_000, [LATENCY], None)
    assert raw.timestamp.tolist() == [one.timestamp for one in written]
    assert np.unique(raw.column(LATENCY)).tolist() == [10.0]


@pytest.mark.parametrize("framed", [0, 1000])
@pytest.mark.parametrize(("points", "grain"), [(2000, 1000), (300, 1000), (60, 60_000), (3, HOUR_MS)])
def test_a_spike_of_a_second_is_seen_at_every_grain(tmp_path: Path, framed: int, points: int, grain: int) -> None:
    """Whether it is drawn from samples or from minutes."""
    made = past(steady(7200, spike=3000), tmp_path, framed=framed)
    found = made.history.excerpt(BEGIN, BEGIN + 7_200_000, [LATENCY], points)
    assert found.grain == grain
    assert len(found.timestamp) <= points
    column = found.column(LATENCY)
    assert (np.nanmin(column), np.nanmax(column)) == (10.0, 10_000.0)
    at = found.timestamp[np.nanargmax(column)]
    assert abs(at - (BEGIN + 3_000_000)) <= max(7_200_000 / points * 2, grain)
    assert not np.isnan(column).any()


@pytest.mark.parametrize("points", [60, 300, 2000])
def test_weeks_are_drawn_from_hours_and_end_with_the_newest_sample(weeks: Path, points: int) -> None:
    """Single samples are gone; the spike is not, and what is no full minute yet is there."""
    end = BEGIN + WEEKS_MS
    clock = ManualClock(wall=end / 1000)
    made = monitor(clock, writer=HistoryWriter(HistoryShelf(), Archive(weeks, "hub"), clock, 1.0))
    newest = replace(record(1, value=20_000.0), timestamp=end)
    made.restore([Records.of([newest])])
    found = made.history.excerpt(BEGIN, end, [LATENCY], points)
    assert found.grain == HOUR_MS
    assert len(found.timestamp) <= points
    column = found.column(LATENCY)
    assert column[-1] == 20_000.0
    assert column[:-1].max() == 10_000.0
    span = max(HOUR_MS, 2 * WEEKS_MS / points)
    assert abs(found.timestamp[column[:-1].argmax()] - (BEGIN + 500 * HALF_HOUR_MS)) <= span
    assert end - found.timestamp[-1] <= span
    assert not np.isnan(column).any()


def test_what_is_not_kept_any_more_is_a_coarser_grain_not_nothing(tmp_path: Path) -> None:
    """Five minutes of three hours ago, when samples are kept for one."""
    made = past(steady(4 * 3600), tmp_path, framed=600, raw_ms=HOUR_MS)
    found = made.history.excerpt(BEGIN + HOUR_MS, BEGIN + HOUR_MS + 5 * MINUTE_MS, [LATENCY], 2000)
    assert found.grain == MINUTE_MS
    assert len(found.timestamp) >= 5
    assert set(found.column(LATENCY).tolist()) == {10.0}


def test_an_outage_is_a_gap_at_every_grain(tmp_path: Path) -> None:
    """Two hours of nothing among eight."""
    written = [one for one in steady(8 * 720, step=5000) if not 3 * HOUR_MS <= one.timestamp - BEGIN < 5 * HOUR_MS]
    made = past(written, tmp_path, framed=0, raw_ms=HOUR_MS)
    found = made.history.excerpt(BEGIN, BEGIN + 8 * HOUR_MS, [LATENCY], 300)
    hours = (found.timestamp - BEGIN) / HOUR_MS
    column = found.column(LATENCY)
    assert np.isnan(column[(hours > 3.1) & (hours < 4.9)]).all()
    assert not np.isnan(column[(hours < 2.9) | (hours > 5.1)]).any()


def slow_and_fast(second: int) -> Histogram:
    """Make 99 operations in a low bucket and one in a high one."""
    counts = np.zeros(BUCKETS)
    counts[20], counts[40] = 94.0, 6.0 if second % 2 else 2.0
    return Histogram(counts, 1.0)


@pytest.mark.parametrize("framed", [0, 300])
@pytest.mark.parametrize("points", [60, 2000])
def test_percentiles_are_of_all_operations_not_of_a_second(tmp_path: Path, framed: int, points: int) -> None:
    """6 % slow in every other second are 4 % of both: p95 is fast."""
    one = record(1)
    written = [
        replace(one, timestamp=BEGIN + 1000 * second, latency=slow_and_fast(second)) for second in range(4200)
    ]
    made = past(written, tmp_path, framed=framed)
    found = made.history.excerpt(BEGIN, BEGIN + 4_200_000, [P95], points)
    assert (found.column(P95) <= 1000 * BOUNDS[20]).all()
    edges = np.linspace(BEGIN, BEGIN + 4_200_000, 8)
    merged = made.history.latencies(edges)
    assert merged.sum() == sum(one.latency.count for one in written if one.latency is not None)
    assert (made.history.percentiles([P95, LATENCY], edges)[P95] <= 1000 * BOUNDS[20]).all()


def test_rollups_are_streamed_by_the_day(tmp_path: Path) -> None:
    """For exports of what is older than samples are kept."""
    made = past(steady(3 * 1440, step=MINUTE_MS), tmp_path, framed=0, raw_ms=HOUR_MS)
    days = list(made.history.rollups(HOUR_MS, BEGIN - DAY_MS, BEGIN + 9 * DAY_MS))
    assert sum(map(len, days)) == 73
    assert all(len(day) <= 24 for day in days)
    mean = np.concatenate([day.mean[:, COLUMN[LATENCY]] for day in days])
    np.testing.assert_allclose(mean, 10.0)


def test_a_disk_that_cannot_be_read_leaves_the_frame(tmp_path: Path) -> None:
    """No error, no figure that is not there."""
    shelf = HistoryShelf()
    clock = ManualClock()
    made = monitor(clock, writer=HistoryWriter(shelf, shelf, clock, 1.0))
    made.restore([Records.of(steady(100))])
    shelf.fault = FULL
    assert len(made.history.excerpt(0, BEGIN + 100_000, [LATENCY], 300).timestamp) == 100
    assert sum(map(len, made.history.samples(BEGIN, BEGIN + 100_000))) == 100
    assert made.history.latencies(np.array([0.0, BEGIN + 100_000.0])).sum() > 0


def test_every_sample_is_every_sample_or_an_error(tmp_path: Path) -> None:
    """A part of it is not passed for the whole; where nothing was kept yet, the frame is all."""
    shelf = HistoryShelf()
    clock = ManualClock()
    made = monitor(clock, writer=HistoryWriter(shelf, shelf, clock, 1.0))
    made.restore([Records.of(steady(100))])
    shelf.fault = FULL
    for read in (
        lambda: list(made.history.samples(0, BEGIN + 100_000)),
        lambda: list(made.history.rollups(MINUTE_MS, 0, BEGIN)),
        lambda: made.history.excerpt(0, BEGIN + 100_000, [LATENCY], None),
    ):
        with pytest.raises(StoreError, match="the disk is full"):
            read()
    made = monitor(clock, writer=HistoryWriter(shelf, Archive(tmp_path, "hub"), clock, 1.0))
    made.restore([Records.of(steady(100))])
    assert sum(map(len, made.history.samples(0, BEGIN + 100_000))) == 100
    assert list(made.history.rollups(MINUTE_MS, 0, BEGIN)) == []


def test_what_is_counted_needs_all_of_it(tmp_path: Path) -> None:
    """A fault of reading is told, and no figure of a part is; where nothing was kept yet, the frame is all."""
    shelf = HistoryShelf()
    clock = ManualClock()
    made = monitor(clock, writer=HistoryWriter(shelf, shelf, clock, 1.0))
    made.restore([Records.of(steady(100))])
    shelf.fault = FULL
    with pytest.raises(StoreError, match="the disk is full"):
        made.history.spans(0, BEGIN + 100_000, [LATENCY], 400)
    with pytest.raises(StoreError, match="the disk is full"):
        assert made.history.begins
    found, _ = made.history.spans(BEGIN, BEGIN + 100_000, [LATENCY], 400)
    assert found.figures[LATENCY].count.sum() == 100
    made = monitor(clock, writer=HistoryWriter(shelf, Archive(tmp_path, "hub"), clock, 1.0))
    made.restore([Records.of(steady(100))])
    found, _ = made.history.spans(0, BEGIN + 100_000, [LATENCY], 400)
    assert (found.figures[LATENCY].count.sum(), made.history.begins) == (100, BEGIN)


@pytest.mark.parametrize("framed", [0, 1000])
@pytest.mark.parametrize(("most", "width"), [(1000, 10_000), (100, 2 * MINUTE_MS), (4, HOUR_MS)])
def test_spans_have_the_extremes_and_all_operations_of_their_samples(
    tmp_path: Path, framed: int, most: int, width: int
) -> None:
    """From samples, minutes or hours, and the newest samples that are in neither yet: each counted once."""
    written = steady(7300, spike=3000)
    made = past(written, tmp_path, framed=framed)
    end = BEGIN + 7_300_000
    found, step = made.history.spans(BEGIN, end, [LATENCY], most)
    assert step == width
    one = found.figures[LATENCY]
    assert np.nansum(one.count) == len(written)
    assert np.nansum(one.total) == pytest.approx(10.0 * 7299 + 10_000.0)
    assert (np.nanmin(one.low), np.nanmax(one.high)) == (10.0, 10_000.0)
    each = float(written[0].latency.count)
    assert found.histograms.sum() == pytest.approx(each * len(written))
    assert made.history.begins == BEGIN


def test_weeks_are_spans_of_whole_hours(weeks: Path) -> None:
    """As many as a chart has room for; a spike of one sample is in its span."""
    clock = ManualClock(wall=(BEGIN + WEEKS_MS) / 1000)
    made = monitor(clock, writer=HistoryWriter(HistoryShelf(), Archive(weeks, "hub"), clock, 1.0))
    found, step = made.history.spans(BEGIN, BEGIN + WEEKS_MS, [LATENCY], 400)
    assert step == 2 * HOUR_MS
    assert np.nanmax(found.figures[LATENCY].high) == 10_000.0
    assert found.figures[LATENCY].count.sum() == 22 * 48


@pytest.mark.parametrize("kept", [True, False])
def test_latencies_of_spans_add_up_to_the_operations(tmp_path: Path, kept: bool) -> None:
    """In spans of seconds long ago too, when the frame knows minutes only; the disk may know better."""
    written = steady(3 * 3600)
    made = past(written, tmp_path, framed=3 * 3600, raw_ms=(400 * DAY_MS if kept else HOUR_MS))
    found, step = made.history.spans(BEGIN, BEGIN + 600_000, [LATENCY], 400)
    assert step == 2000
    each = float(written[0].latency.count)
    assert found.histograms.sum() == pytest.approx(600 * each)
    assert found.latency_grain == (0 if kept else MINUTE_MS)
    if kept:
        np.testing.assert_allclose(found.histograms.sum(axis=1), 2 * each)


def test_the_minute_in_which_the_frame_begins_counts_once(tmp_path: Path) -> None:
    """Half of it is on the disk alone, and the frame knows the other half as a minute."""
    written = steady(3 * 3600)
    made = past(written, tmp_path, framed=2 * 3600 + 30)
    found, _ = made.history.spans(BEGIN + HOUR_MS - 5 * MINUTE_MS, BEGIN + HOUR_MS, [LATENCY], 400)
    assert found.histograms.sum() == pytest.approx(300 * float(written[0].latency.count))


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (0, 61, (0, 120)),
        (61, 122, (60, 180)),
        (5, 65, (0, 120)),
        (60, 660, (60, 660)),
        (3600, 7201, (3600, 7260)),
        (7205, 16_205, (7200, 16_205)),  # the newest seconds are in no minute yet
    ],
)
def test_a_range_of_minutes_tells_whole_ones_and_counts_no_other(
    tmp_path: Path, begin: int, end: int, told: tuple[int, int]
) -> None:
    """What was counted is what lies between the edges, so neighbours that meet at an edge share nothing."""
    made = past(steady(16_230), tmp_path, framed=600, raw_ms=HOUR_MS)
    found, _ = made.history.spans(BEGIN + begin * 1000, BEGIN + end * 1000, [LATENCY], 400)
    assert ((found.edges[[0, -1]] - BEGIN) // 1000).tolist() == list(told)
    assert found.figures[LATENCY].count.sum() == told[1] - told[0]


@pytest.mark.parametrize("most", [2, 60, 400, 1000])
def test_the_totals_do_not_hang_on_the_number_of_spans(tmp_path: Path, most: int) -> None:
    """The frame reaches nearly as far back as was asked for, which is not far enough."""
    made = past(steady(7200), tmp_path, framed=7000, raw_ms=HOUR_MS)
    found, _ = made.history.spans(BEGIN, BEGIN + 7_200_000, [LATENCY], most)
    assert found.figures[LATENCY].count.sum() == 7200


def test_a_minute_that_ends_while_it_is_read_is_counted(tmp_path: Path) -> None:
    """Roll-ups and their end are of one moment."""
    written = steady(7201)
    store = HistoryFile(tmp_path, "hub", Retention(400 * DAY_MS, 400 * DAY_MS, 4000 * DAY_MS))
    store.write(written[:-1], [])

    class Racing(Archive):
        def rolled(self, width: int, start: int, end: int) -> tuple[Rollups, int]:
            found = super().rolled(width, start, end)
            store.write(written[-1:], [])
            return found

    clock = ManualClock(wall=written[-1].timestamp / 1000)
    made = monitor(clock, writer=HistoryWriter(HistoryShelf(), Racing(tmp_path, "hub"), clock, 1.0))
    made.restore([Records.of(written[-61:])])
    found, _ = made.history.spans(BEGIN, BEGIN + 7_200_000, [LATENCY], 4)
    assert found.figures[LATENCY].count.sum() == 7200
    store.close()


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("most", [10, 400])
def test_a_wall_clock_that_was_ahead_hides_nothing(tmp_path: Path, kept: bool, most: int) -> None:
    """Two hours ahead, then set back: the frame begins with its earliest moment, no minute is of the future."""
    one = record(1, value=10.0)
    seconds = [*range(7200, 10_800), *range(3650)]
    written = [replace(one, timestamp=BEGIN + 1000 * second) for second in seconds]
    made = past(written if kept else written[:1], tmp_path, framed=0)
    made.restore([Records.of(written)])
    found, _ = made.history.spans(BEGIN, BEGIN + 3_650_000, [LATENCY], most)
    assert found.figures[LATENCY].count.sum() == 3650
    assert sum(map(len, made.history.samples(BEGIN, BEGIN + 3_650_000 - 1))) == 3650
