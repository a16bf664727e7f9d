"""axe finds nothing serious, on any page, in either theme, be the data fresh or old."""

from typing import Any

import pytest
from selenium_axe_python import Axe

HISTORY = "return document.getElementById('history-body').getAttribute('aria-busy') === null"
STATE = {
    "switches": {"message_batching": True, "memory_pools": True, "load_balancer": False},
    "errors": {"host": "not permitted"},
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(serve: Any, view: Any, theme: str) -> None:
    """Contrast, names, roles, structure: WCAG and axe's best practices, serious and critical findings."""
    dashboard = serve(history=120)
    experiment = dashboard.monitor.experiment
    experiment.record_last(100, "before", "")
    experiment.mark("cache on")
    dashboard.tick(60, **STATE)
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    view.open(dashboard).until_drawn()
    found = []
    axe = Axe(view.driver)
    axe.inject()
    with dashboard.living(**STATE):
        for page in ("impact", "history", "alerts", "settings", "live"):
            view.click(f"nav-{page}")
            view.until_pill("Live")
            if page == "history":
                view.until(lambda: view.js(HISTORY), "drawn")
            view.frame()
            if page == "impact":
                view.js("document.getElementById('panel-baselines-0-delete').click()")
            found += [f"{page}: {finding}" for finding in serious(axe)]
    view.until(lambda: "is-stale" in view.body, "greyed")
    assert "old data" in view.js(
        "return getComputedStyle(document.querySelector('.metric-card__trend'), '::after').content"
    )
    found += [f"old: {finding}" for finding in serious(axe)]
    assert found == []


def serious(axe: Axe) -> list[str]:
    """Return one line per element and serious or critical finding."""
    return [
        f"{finding['id']} ({finding['impact']}) {node['target']} {node['failureSummary'][:300]}"
        for finding in axe.run(options={"resultTypes": ["violations"]})["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]
