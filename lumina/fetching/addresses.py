"""Which addresses may be asked: of the web's own schemes and ports, and of public machines only."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from lumina import blocking
from lumina.fetching.errors import Unreachable, Unsuitable

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

PORTS = {"http": 80, "https": 443}
# Two labels or more, the last of them no number: no search domains, and no 0x7f.1 or 2130706433 for 127.0.0.1.
NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{0,62}")
# All that is handed out to IPv6 hosts; the forms that translate an IPv4 address (mapped, NAT64) lie elsewhere,
# but for Teredo and 6to4.
UNICAST = ip_network("2000::/3")
SPECIAL = [
    ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
]
_system = blocking.original("socket")


@dataclass(frozen=True)
class Target:
    """An address taken apart, once: what is looked up, connected to and asked for all comes from here."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str, ports: Container[int]) -> Target:
    """Raises Unsuitable for anything but plain http and https to a name or an address in its usual form."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise Unsuitable("no address") from None
    if parts.scheme not in PORTS or parts.auth is not None or not parts.host:
        raise Unsuitable("no plain http or https")
    port = parts.port or PORTS[parts.scheme]
    if port not in ports:
        raise Unsuitable(f"port {port}")
    host = parts.host.strip("[]").removesuffix(".")
    if not (NAME.fullmatch(host) or literal(host)):
        raise Unsuitable("no name of a public machine")
    return Target(parts.scheme, host, port, parts.request_uri)


def literal(host: str) -> IPAddress | None:
    """The address that the host is, unless it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system knows them. Raises OSError."""
    found = _system.getaddrinfo(host, port, type=_system.SOCK_STREAM)
    return [address[0] for *_, address in found]


def is_public(address: IPAddress) -> bool:
    """Whether this is some machine of the internet: not ours, not our network's, and no disguise of these."""
    if not address.is_global or address.is_multicast or (address.version == 6 and address not in UNICAST):
        return False
    return not any(address in network for network in SPECIAL)


def checked(host: str, port: int, resolve: Resolve, permits: Callable[[IPAddress], bool]) -> list[IPAddress]:
    """The addresses to connect to. Raises Unsuitable unless every one is permitted, Unreachable where there is none."""
    given = literal(host)
    try:
        texts = [] if given else resolve(host, port)
    except OSError as error:
        raise Unreachable("no such name") from error
    found = [given] if given else [ip_address(text) for text in dict.fromkeys(texts)]
    if not found:
        raise Unreachable("no such name")
    if not all(permits(address) for address in found):
        raise Unsuitable("not a public address")
    return found
