"""Files of the page: their addresses, and which of them one page alone needs."""

from pathlib import Path
from typing import Final

from monitor.ui.address import BASE

FOLDER: Final = "pages"
"""Below it each page has a folder of its name, and two may share one, "alerts+settings". Dash loads none of
what is in there, assets/pages.js does."""


def address(assets: Path, name: str) -> str:
    """Return where an asset is had, which changes with the file."""
    file = assets / name
    version = int(file.stat().st_mtime) if file.is_file() else 0
    return f"{BASE}assets/{name}?m={version}"


def page_files(assets: Path) -> dict[str, list[str]]:
    """Return {page: addresses of its scripts and styles, in the order of their names}."""
    files = sorted(file for file in (assets / FOLDER).glob("*/*") if file.suffix in {".css", ".js"})
    found: dict[str, list[str]] = {}
    for file in files:
        for page in file.parent.name.split("+"):
            found.setdefault(page, []).append(address(assets, file.relative_to(assets).as_posix()))
    return found
