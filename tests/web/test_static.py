"""Files of the page over the wire."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest

from monitor.web.static import FILES, IMMUTABLE

Serve = Callable[..., Any]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
VENDOR = "/dashboard/vendor/"
PLOTLY = "/dashboard/_dash-component-suites/plotly/package_data/plotly.min.js"
OWN = "/dashboard/assets/pages/history/chart.js?m=1"


def test_the_vendor_files_are_served_from_their_package(serve: Serve) -> None:
    """And nothing else below that path."""
    made = serve()
    for name in FILES:
        assert made.client.get(VENDOR + name).data == FILES[name].read_bytes()
    for name in ("", "x.css", "../server.py", "bootstrap/../../server.py", "bootstrap/bootstrap.min.css.map"):
        assert made.client.get(VENDOR + name).status_code == 404


def test_the_fonts_that_the_style_sheet_names_are_there(serve: Serve) -> None:
    """Icons work without a network."""
    made = serve()
    style = made.client.get(f"{VENDOR}icons/bootstrap-icons.min.css").text
    fonts = re.findall(r'url\("([^")]+)"\)', style)
    assert fonts
    for font in fonts:
        response = made.client.get(f"{VENDOR}icons/{font}", headers=GZIP)
        assert response.status_code == 200
        assert "Content-Encoding" not in response.headers
        assert response.headers["Cache-Control"] == IMMUTABLE


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_is_compressed_once_for_those_who_take_it(serve: Serve) -> None:
    """Both see the same bytes in the end; caches keep them apart."""
    made = serve(dash=True)
    plain = made.client.get(PLOTLY)
    first, second = (made.client.get(PLOTLY, headers=GZIP) for _ in range(2))
    assert "Content-Encoding" not in plain.headers
    assert len(plain.data) > 3 * len(first.data)
    assert gzip.decompress(first.data) == plain.data
    assert second.data == first.data
    assert first.headers["Content-Encoding"] == "gzip"
    assert {response.headers["Vary"] for response in (plain, first, second)} == {"Accept-Encoding"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("encoding", [{}, GZIP])
def test_only_an_address_that_changes_with_its_file_is_immutable(serve: Serve, encoding: dict[str, str]) -> None:
    """The others are asked about each time, and answered with 304."""
    made = serve(dash=True)
    fixed = [f"{PLOTLY}?v=4.1.1", "/dashboard/assets/00-tokens.css?m=1", OWN]
    fixed += re.findall(r'src="([^"]*\.v4_4[^"]*)"', made.client.get("/dashboard/").text)
    assert len(fixed) > 5
    for path in fixed:
        assert made.client.get(path, headers=encoding).headers["Cache-Control"] == IMMUTABLE, path
    for path in (PLOTLY, f"{VENDOR}bootstrap/bootstrap.min.css", "/dashboard/assets/00-tokens.css"):
        response = made.client.get(path, headers=encoding)
        assert response.headers["Cache-Control"] == "no-cache", path
        again = made.client.get(path, headers=encoding | {"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_missing_file_is_a_404(serve: Serve) -> None:
    """Dash would crash over some of these."""
    made = serve(dash=True)
    for path in ("os/x.py", "dash/nothing.js", "dash/../../x", "nothing/x.js"):
        response = made.client.get(f"/dashboard/_dash-component-suites/{path}", headers=GZIP)
        assert response.status_code == 404, path
        assert response.json["error"]["code"] == "not_found"
    assert made.client.get("/dashboard/assets/nothing.css").status_code == 404
