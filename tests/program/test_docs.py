"""Documentation that would otherwise go stale."""

import re
from pathlib import Path

from monitor.core.alert import State
from monitor.core.metric import METRICS
from monitor.core.rule import RULES
from monitor.core.signal import SIGNALS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FOLDERS = ("assets", "benchmarks", "docs", "monitor", "tests")
TEXTS = {".css", ".js", ".md", ".py", ".toml"}
NAME = re.compile(rf"(?<![\w/.-])(?:{'|'.join(FOLDERS)})/[\w./-]*\.(?:py|js|css|md)\b")
IN_THE_WHEEL = "monitor/gunicorn.conf.py"


def test_every_metric_is_documented() -> None:
    """docs/metrics.md names each id."""
    text = (DOCS / "metrics.md").read_text()
    assert [metric.id for metric in METRICS if f"`{metric.id}`" not in text] == []


def test_every_field_state_and_rule_of_alerts_is_documented() -> None:
    """docs/alerts.md names them, and what the package's rules call bad."""
    text = (DOCS / "alerts.md").read_text()
    assert [name for name in RULES[0].document() if f"`{name}`" not in text] == []
    assert [state for state in State if state.value not in text] == []
    assert [signal.id for signal in SIGNALS if f"`{signal.id}`" not in text] == []
    table = [line for line in text.splitlines() if line.startswith("|")]
    for rule in RULES:
        (row,) = (line for line in table if rule.name in line)
        sign = {"above": ">", "below": "<", "equal": "="}[rule.condition]
        limit = f"{sign} {rule.threshold:g}".replace("-", "\N{MINUS SIGN}")
        for word in (f"`{rule.metric}`", limit, rule.severity.value, f"{rule.cooldown_seconds:g} s"):
            assert word in row


def test_every_link_leads_somewhere() -> None:
    """Files and pictures that README and documents name are there."""
    links = [
        (document, address)
        for document in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
        for address in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
        if "://" not in address
    ]
    assert len(links) > 10
    assert [(file.name, address) for file, address in links if not (file.parent / address).exists()] == []


def test_every_decision_is_listed() -> None:
    """A page that the list does not name is not found."""
    listed = (DOCS / "decisions" / "README.md").read_text()
    assert [file.name for file in (DOCS / "decisions").glob("2*.md") if file.name not in listed] == []


def test_every_file_that_is_named_exists() -> None:
    """In code, settings and documents; decisions are dated and keep the names of their day."""
    tops = [file for file in ROOT.iterdir() if file.suffix in TEXTS or file.name == "Makefile"]
    below = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.suffix in TEXTS]
    named = [
        (str(file.relative_to(ROOT)), name)
        for file in [*tops, *below]
        if not (file.parent.name == "decisions" and file.name.startswith("2"))
        for name in NAME.findall(file.read_text())
        if name != IN_THE_WHEEL
    ]
    assert len(named) > 10
    assert [(file, name) for file, name in named if not (ROOT / name).exists()] == []


def rows(document: Path) -> list[list[str]]:
    """Return the first three cells of each line of a document's tables."""
    return [line.split("|")[1:4] for line in document.read_text().splitlines() if line.startswith("|")]


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    """What is measured, its limit and the figure; the whole table is in docs/benchmarks.md."""
    shown, measured = rows(ROOT / "README.md"), rows(DOCS / "benchmarks.md")
    assert len(shown) > 10
    assert [row for row in shown if row not in measured] == []


def test_every_line_of_the_log_that_is_explained_is_written() -> None:
    """Whoever looks for a line that stands in docs/operations.md finds it in the program."""
    rows = [line.split("|")[1] for line in (DOCS / "operations.md").read_text().splitlines() if "`msg=" in line]
    told = [words for row in rows for words in re.findall(r'"([^"]+)"', row)]
    written = "\n".join(file.read_text() for file in (ROOT / "monitor").rglob("*.py"))
    assert len(told) > 10
    assert [words for words in told if f'"{words}' not in written] == []
