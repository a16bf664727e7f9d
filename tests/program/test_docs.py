"""Documentation that would otherwise go stale."""

from pathlib import Path

from monitor.core.metric import METRICS

DOCS = Path(__file__).parents[2] / "docs"


def test_every_metric_is_documented() -> None:
    """docs/metrics.md names each id."""
    text = (DOCS / "metrics.md").read_text()
    assert [metric.id for metric in METRICS if f"`{metric.id}`" not in text] == []
