"""Hints."""

import pytest

from monitor.core.nearest import nearest


@pytest.mark.parametrize(
    ("key", "names", "hint"),
    [
        ("frm", ("from", "to"), "; did you mean from?"),
        ("DATA-DIR", ("port", "data_dir"), "; did you mean data_dir?"),
        ("x", ("from", "to"), "; the parameters are from, to"),
        ("x" * 5000, ("from",), "; the parameters are from"),
        ("x", (), "; there are no parameters here"),
    ],
)
def test_the_nearest_name_or_all_of_them(key: str, names: tuple[str, ...], hint: str) -> None:
    """As what was meant is known or not."""
    assert nearest(key, names, "parameters") == hint
