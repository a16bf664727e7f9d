"""axe finds nothing serious, on any page, in either theme."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest


def axe_script() -> str:
    """Return axe-core as the test package ships it; that package itself (another driver's) is not imported."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("axe-playwright-python, which brings axe-core, is not installed")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


RUN = (
    "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(done, (e) => done({error: String(e)}))"
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(serve: Any, view: Any, theme: str) -> None:
    """Contrast, names, roles, structure: WCAG 2.2 AA and axe's best practices, serious and critical findings."""
    dashboard = serve(history=120)
    state = {
        "switches": {"message_batching": True, "memory_pools": True, "load_balancer": False},
        "errors": {"host": "not permitted"},
    }
    dashboard.tick(**state)
    view.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    script = axe_script()
    found = []
    with dashboard.living(**state):
        for path in ("", "impact", "settings"):
            view.open(dashboard, path)
            view.until_pill("Live")
            view.frame()
            view.js(script)
            report = view.driver.execute_async_script(RUN)
            found += [f"{path or 'live'}: {finding}" for finding in serious(report)]
    assert found == []


def serious(report: dict[str, Any]) -> list[str]:
    """Return one line per element and serious or critical finding."""
    return [
        f"{finding['id']} ({finding['impact']}) {node['target']} {node['failureSummary'][:300]}"
        for finding in report["violations"]
        if finding["impact"] in {"serious", "critical"}
        for node in finding["nodes"]
    ]
