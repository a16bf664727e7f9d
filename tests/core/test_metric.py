"""The one table of metrics."""

from monitor.core.metric import COLUMN, COLUMNS, HEADLINE, METRIC, METRICS


def test_ids_and_base_names_are_unique() -> None:
    """Two rows with one name would overwrite each other everywhere."""
    assert len(METRIC) == len(METRICS)
    assert len({metric.base_name for metric in METRICS}) == len(METRICS)


def test_columns_follow_the_table() -> None:
    """Position and name agree."""
    assert [COLUMNS[COLUMN[metric.id]] for metric in METRICS] == [metric.id for metric in METRICS]
    assert set(HEADLINE) <= set(COLUMNS)


def test_every_row_describes_itself() -> None:
    """The documentation is made from it."""
    assert all(metric.title and metric.description and metric.base_factor > 0 for metric in METRICS)
