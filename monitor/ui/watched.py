"""What rules can watch, as the page's scripts take it."""

from typing import Any

from monitor.core.metric import METRICS
from monitor.core.signal import SIGNALS


def watched_document() -> dict[str, dict[str, Any]]:
    """Return {id: title, unit, description, words where figures stand for some}, in the order of the tables."""
    metrics = {
        metric.id: {"title": metric.title, "unit": metric.unit, "description": metric.description}
        for metric in METRICS
    }
    signals = {
        signal.id: {
            "title": signal.title,
            "unit": signal.unit,
            "description": signal.description,
            "words": {f"{value:g}": word for value, word in signal.words.items()},
        }
        for signal in SIGNALS
    }
    return metrics | signals
