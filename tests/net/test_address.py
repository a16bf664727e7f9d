"""Which URLs are accepted, and which machines are never asked."""

import re
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.errors import SettingsError, SourceError
from monitor.net.address import Address, forbidden, parse_address, resolve
from monitor.sources.preset import load_preset
from monitor.sources.prometheus import PrometheusSource


@pytest.mark.parametrize(
    ("url", "address", "canonical"),
    [
        ("http://localhost:9100/metrics", Address("http", "localhost", 9100, "/metrics"), None),
        ("http://hub", Address("http", "hub", 80, "/metrics"), "http://hub/metrics"),
        ("https://hub/", Address("https", "hub", 443, "/metrics"), "https://hub/metrics"),
        ("HTTP://Hub:80/x?a=b", Address("http", "hub", 80, "/x?a=b"), "http://hub/x?a=b"),
        ("http://[::1]:9/m", Address("http", "::1", 9, "/m"), None),
        ("http://xn--bcher-kva.example/m", Address("http", "xn--bcher-kva.example", 80, "/m"), None),
    ],
)
def test_an_accepted_url(url, address, canonical):
    """Scheme, host, port and path; /metrics where there is no path."""
    assert parse_address("target", url) == address
    assert address.url == (canonical or url)


def test_the_query_is_not_shown():
    """It may hold a secret."""
    assert parse_address("target", "http://hub/m?token=secret").shown == "http://hub/m"


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("", "must start with http:// or https://"),
        ("hub:9100", "must start with http:// or https://"),
        ("localhost/metrics", "must start with http:// or https://"),
        ("file:///etc/passwd", "must start with http:// or https://"),
        ("gopher://hub/", "must start with http:// or https://"),
        ("http:/hub/", "must start with http:// or https://"),
        ("http:///metrics", "must name a host, as in http://localhost:9100/metrics"),
        ("http://:80/", "must name a host, as in http://localhost:9100/metrics"),
        ("http://user@hub/", "must not contain a user name or password"),
        ("http://user:secret@hub/", "must not contain a user name or password"),
        ("http://hub:0/", "port must be 1 to 65535"),
        ("http://hub:65536/", "is not a URL (Port out of range 0-65535)"),
        ("http://hub:x/", "is not a URL (Port could not be cast to integer value as 'x')"),
        ("http://[::1/", "is not a URL (Invalid IPv6 URL)"),
        ("http://hub/#x", "must not contain a #fragment"),
        ("http://hub/a b", "must be a URL of at most 2000 ASCII characters without spaces"),
        ("http://hub/\r\nX: y", "must be a URL of at most 2000 ASCII characters without spaces"),
        ("http://bücher/", "must be a URL of at most 2000 ASCII characters without spaces"),
        ("http://hub/" + "a" * 2000, "must be a URL of at most 2000 ASCII characters without spaces"),
    ],
)
def test_a_refused_url(url, rule):
    """The sentence names the key and the rule."""
    with pytest.raises(SettingsError, match=f"^{re.escape(f'target: {rule}')}$"):
        parse_address("target", url)


def test_a_password_is_not_repeated():
    """Not even in the sentence that refuses it."""
    with pytest.raises(SettingsError) as failure:
        parse_address("target", "http://user:s3cret@hub/")
    assert "s3cret" not in str(failure.value)


@given(st.text(max_size=30) | st.text("htps:/@[]#?.%0 1x", max_size=30).map("http://".__add__))
def test_any_text_is_an_address_or_a_settings_error(url):
    """And an address that is accepted is read again from its own URL."""
    try:
        address = parse_address("target", url)
    except SettingsError:
        return
    assert parse_address("target", address.url) == address


@pytest.mark.parametrize(
    "ip",
    [
        *("169.254.169.254", "169.254.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"),
        *("fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "224.0.0.1", "ff02::1"),
        *("fd00:ec2::23", "fd20:ce::254", "168.63.129.16", "::ffff:168.63.129.16"),
    ],
)
def test_addresses_that_are_never_asked(ip):
    """Link-local, metadata and multicast, also wrapped in IPv6."""
    assert forbidden(ip)


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "8.8.8.8", "2001:db8::1", "0.0.0.0"]
)
def test_addresses_that_may_be_watched(ip):
    """This machine, the own network, the internet."""
    assert not forbidden(ip)


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "169.254.43518", "[::ffff:a9fe:a9fe]"])
def test_an_address_is_judged_after_resolution(host):
    """Other spellings of 169.254.169.254 are seen through."""
    with pytest.raises(SourceError, match="address refused: link-local and metadata addresses are never asked"):
        resolve(parse_address("target", f"http://{host}/"))


def test_one_forbidden_address_of_a_name_is_enough(monkeypatch):
    """A name that points to a good and a bad machine is not asked at all."""
    answers = [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("10.0.0.1", "169.254.169.254")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    source = PrometheusSource(parse_address("target", "http://rebinding.example/"), load_preset("hub"), 1.0)
    with pytest.raises(SourceError, match="address refused"):
        source.read()


def test_an_unknown_name(monkeypatch):
    """The resolver's words stay here."""

    def fail(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(SourceError, match=r"^host name not found$"):
        resolve(parse_address("target", "http://nowhere.invalid/"))
