"""The URL of a target: which ones are accepted, and which machines are never asked."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.core.errors import SettingsError, SourceError

_PORTS: Final = {"http": 80, "https": 443}
MAX_URL: Final = 2000

# Cloud metadata services outside the link-local range: AWS and its clusters over IPv6, Google over IPv6, Azure's
# wire server, Alibaba, Oracle.
_METADATA: Final = frozenset(
    map(
        ipaddress.ip_address,
        ("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
    )
)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a target answers. `path` starts with a slash and carries the query; `host` is without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Return scheme, host and port as a URL without path."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (
            f"{self.scheme}://{host}"
            if self.port == _PORTS[self.scheme]
            else f"{self.scheme}://{host}:{self.port}"
        )

    @property
    def shown(self) -> str:
        """Return the URL without its query, which may hold a secret: for pages and logs."""
        return self.origin + self.path.partition("?")[0]

    @property
    def url(self) -> str:
        """Return the whole URL."""
        return self.origin + self.path


def parse_address(key: str, url: str, path: str = "/metrics") -> Address:
    """Check a URL from the settings; raises SettingsError that names `key` and the rule.

    Accepted are http and https with a host. A URL that carries a user name or password is refused, because the
    address is shown on the page and in logs; `path` stands for a path of none.
    """

    def refuse(rule: str) -> SettingsError:
        return SettingsError(f"{key}: {rule}")

    if len(url) > MAX_URL or not url.isascii() or any(c <= " " or c == "\x7f" for c in url):
        raise refuse(f"must be a URL of at most {MAX_URL} ASCII characters without spaces")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise refuse(f"is not a URL ({error})") from None
    if parts.scheme not in _PORTS or not url.lower().startswith((f"{parts.scheme}://",)):
        raise refuse("must start with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise refuse("must not contain a user name or password")
    if not host:
        raise refuse("must name a host, as in http://localhost:9100/metrics")
    if port == 0:
        raise refuse("port must be 1 to 65535")
    if parts.fragment:
        raise refuse("must not contain a #fragment")
    path = parts.path if parts.path not in {"", "/"} else path
    return Address(
        parts.scheme, host, port or _PORTS[parts.scheme], f"{path}?{parts.query}" if parts.query else path
    )


SocketAddress = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


def resolve(address: Address) -> list[SocketAddress]:
    """Return the socket addresses of an address' host; raises SourceError as `places` does."""
    return places(address.host, address.port)


def places(host: str, port: int) -> list[SocketAddress]:
    """Return the socket addresses of a host, in the resolver's order.

    Raises SourceError when the name is unknown or any of its addresses is one that only a forged request would
    ask for: link-local (where clouds keep their metadata service) or multicast. The name is judged after
    resolution and the answer is what gets connected to, so that a second look-up cannot differ.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SourceError("host name not found") from None
    for *_, sockaddr in found:
        if forbidden(str(sockaddr[0])):
            raise SourceError("address refused: link-local and metadata addresses are never asked")
    return [(socket.AddressFamily(family), sockaddr) for family, _, _, _, sockaddr in found]


def forbidden(text: str) -> bool:
    """Tell whether an IP address is one that no target has."""
    ip = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if ip in _NAT64 else None
        ip = ip.ipv4_mapped or ip.sixtofour or embedded or ip
    return ip.is_link_local or ip.is_multicast or ip in _METADATA
