"""Settings."""

from pathlib import Path

import pytest

from monitor.config import NAMES, load
from monitor.core.errors import SettingsError


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No monitor.toml of the developer's gets in the way."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_the_documented_ones() -> None:
    """Loopback, port 8081, a sample a second, a day of history, 100 connections."""
    settings = load({}, {})
    assert (settings.host, settings.port) == ("127.0.0.1", 8081)
    assert (settings.collection_interval_ms, settings.refresh_rate_ms) == (1000, 1000)
    assert settings.capacity == 86_400
    assert settings.target is None


def test_the_command_line_beats_the_environment_beats_the_file_beats_the_default(empty_folder: Path) -> None:
    """Each setting on its own."""
    (empty_folder / "monitor.toml").write_text("port = 1\nhost = '127.0.0.2'\nmax_data_points = 100\n")
    settings = load({"port": "3"}, {"MONITOR_PORT": "2", "MONITOR_HOST": "127.0.0.3"})
    assert (settings.port, settings.host, settings.max_data_points) == (3, "127.0.0.3", 100)


def test_lists_are_comma_separated_outside_of_the_file() -> None:
    """As a shell user writes them."""
    settings = load({}, {"MONITOR_ALLOWED_ORIGINS": "https://a.example, https://b.example:8443"})
    assert settings.allowed_origins == ("https://a.example", "https://b.example:8443")


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        ({"port": "70000"}, {}, ["port", "70000", "65535"]),
        ({"port": "x"}, {}, ["port", "'x'", "integer"]),
        ({"collection_interval_ms": "500"}, {}, ["collection_interval_ms", "500", "1000"]),
        ({"refresh_rate_ms": "1500"}, {}, ["refresh_rate_ms", "multiple", "collection_interval_ms"]),
        ({"max_connections": "501"}, {}, ["max_connections", "501", "500"]),
        ({"scenario": "wild"}, {}, ["scenario", "wild", "ramp"]),
        ({"allowed_origins": "*"}, {}, ["allowed_origins", "never *"]),
        ({"allowed_hosts": "*"}, {}, ["allowed_hosts", "never *"]),
        ({"token": "short"}, {}, ["token", "16 characters"]),
        ({"host": "0.0.0.0"}, {}, ["host", "0.0.0.0", "token"]),
        ({"data_dir": __file__}, {}, ["data_dir", __file__, "must be a directory"]),
        ({}, {"MONITOR_DATA_DIR": f"{__file__}/kept"}, ["data_dir", "must be a directory"]),
        ({}, {"PORT": "5000"}, ["token"]),
        ({}, {"MONITOR_TARGT": "x"}, ["MONITOR_targt", "did you mean target"]),
        ({}, {"MONITOR_CONFIG": "nowhere.toml"}, ["nowhere.toml", "No such file"]),
    ],
)
def test_a_bad_setting_is_one_line_that_names_it(
    arguments: dict[str, str], environment: dict[str, str], words: list[str]
) -> None:
    """Key, value and rule."""
    with pytest.raises(SettingsError) as error:
        load(arguments, environment)
    line = str(error.value)
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_a_secret_is_never_in_an_error() -> None:
    """Nor in the settings' own text."""
    with pytest.raises(SettingsError) as error:
        load({"token": "canary-123"}, {})
    assert "canary" not in str(error.value)
    assert "canary" not in repr(load({"token": "canary-123-canary"}, {}))


@pytest.mark.parametrize(
    ("text", "words"),
    [("port =", ["not TOML"]), ("prot = 1", ["prot", "did you mean port"]), ("port = 'a'", ["port", "'a'"])],
)
def test_a_bad_file_is_one_line(empty_folder: Path, text: str, words: list[str]) -> None:
    """Also where the file itself cannot be read."""
    (empty_folder / "monitor.toml").write_text(text)
    with pytest.raises(SettingsError) as error:
        load({}, {})
    assert all(word in str(error.value) for word in words), error.value


def test_a_platform_that_gives_a_port_is_listened_to_on_every_address() -> None:
    """With the token that this asks for."""
    settings = load({}, {"PORT": "5000", "MONITOR_TOKEN": "a" * 16})
    assert (settings.host, settings.port, settings.loopback) == ("0.0.0.0", 5000, False)


def test_a_platforms_port_beats_the_file_and_does_not_move_a_host_that_is_named(empty_folder: Path) -> None:
    """The file's owner has said where to listen."""
    (empty_folder / "monitor.toml").write_text("port = 1\nhost = '127.0.0.2'\n")
    settings = load({}, {"PORT": "5000"})
    assert (settings.host, settings.port) == ("127.0.0.2", 5000)
    assert load({}, {"PORT": "5000", "MONITOR_PORT": "6000"}).port == 6000


def test_an_ipv6_host_stands_in_brackets() -> None:
    """In its own name and wherever it is part of a URL."""
    settings = load({"host": "fd00::1", "token": "a" * 16}, {})
    assert settings.address == "[fd00::1]:8081"
    assert "[fd00::1]:8081" in settings.hosts


def test_the_targets_query_is_not_shown() -> None:
    """It may hold a secret."""
    assert load({"target": "http://h:9/metrics?token=canary"}, {}).shown()["target"] == "http://h:9/metrics"


@pytest.mark.parametrize(
    ("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True)]
)
def test_loopback_needs_no_token(host: str, loopback: bool) -> None:
    """In each of its spellings."""
    assert load({"host": host}, {}).loopback is loopback


def test_own_hosts_are_exact_names_with_the_port() -> None:
    """A name that only begins like ours is not ours."""
    hosts = load({"allowed_hosts": "monitor.example"}, {}).hosts
    assert {"127.0.0.1:8081", "localhost:8081", "[::1]:8081", "monitor.example"} == hosts
    assert "127.0.0.2:8081" in load({"host": "127.0.0.2"}, {}).hosts


def test_every_setting_is_documented() -> None:
    """docs/configuration.md has a row for each."""
    text = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in text] == []
