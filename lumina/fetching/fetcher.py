"""One page over the network. Every hop is looked up once and connected to at the very address that was checked, so
that a name which means something else a moment later gains nothing. It blocks: it belongs into a thread."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable, Container, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from lumina import blocking
from lumina.fetching import addresses, bodies
from lumina.fetching.addresses import IPAddress, Resolve, Target
from lumina.fetching.errors import Unreachable, Unsuitable

SECONDS, SECONDS_TO_CONNECT = 5.0, 2.0
REDIRECTS, ADDRESSES_TRIED = 3, 3
MOVED = {301, 302, 303, 307, 308}
PASSING = {408, 425, 429, 500, 502, 503, 504}
HEADERS = {
    "User-Agent": "LuminaBot/1.0 (link preview)",
    "Accept": "text/html, application/xhtml+xml",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}
SENDER = {"User-Agent": "Lumina/1.0", "Connection": "close"}
T = TypeVar("T")
# What strange servers do wrong is not worth a warning of ours.
logging.getLogger("urllib3").setLevel(logging.ERROR)


@cache
def _public_tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True)
class Page:
    """Where it was found in the end, and its text as far as its head goes."""

    url: str
    html: str


@dataclass(frozen=True)
class Answer:
    """What came back of something sent: its status, and the Retry-After header."""

    status: int
    retry_after: str | None


@dataclass(frozen=True)
class Fetcher:
    """Says what may be asked; the defaults are for strangers on the internet."""

    resolve: Resolve = addresses.resolve
    permits: Callable[[IPAddress], bool] = addresses.is_public
    ports: Container[int] = frozenset(addresses.PORTS.values())
    tls: Callable[[], ssl.SSLContext] = _public_tls
    seconds: float = SECONDS

    def fetch(self, url: str) -> Page:
        """The page at an address, or where that leads. Raises Unsuitable, Unreachable."""
        deadline = time.monotonic() + self.seconds
        for _ in range(REDIRECTS + 1):
            found = self._ask(url, deadline)
            if isinstance(found, Page):
                return found
            url = found
        raise Unsuitable("too many redirects")

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """What an address answers to what it is sent; no redirect is followed. Raises Unsuitable, Unreachable."""
        return self._exchange(
            url,
            time.monotonic() + self.seconds,
            lambda connection, target: _request(connection, target, "POST", headers | SENDER, body),
            lambda response: Answer(response.status, response.headers.get("Retry-After")),
        )

    def _ask(self, url: str, deadline: float) -> Page | str:
        """The page, or the address that it names instead."""
        return self._exchange(
            url,
            deadline,
            lambda connection, target: _request(connection, target, "GET", HEADERS),
            lambda response: _understood(url, response),
        )

    def _exchange(
        self,
        url: str,
        deadline: float,
        ask: Callable[[socket.socket, Target], BaseHTTPResponse],
        understand: Callable[[BaseHTTPResponse], T],
    ) -> T:
        target = addresses.target(url, self.ports)
        found = addresses.checked(target.host, target.port, self.resolve, self.permits)
        try:
            with (
                _connected(found, target.port, deadline) as plain,
                _cut_off(plain, deadline),
                closing(self._secured(plain, target)) as connection,
            ):
                response = ask(connection, target)
                # What was cut off looks as if it had ended.
                _left(deadline)
                answer = understand(response)
            _left(deadline)
            return answer
        except ssl.SSLCertVerificationError:
            raise Unsuitable("a certificate of somebody else") from None
        except (OSError, HTTPError, HTTPException) as error:
            raise Unreachable(type(error).__name__) from error

    def _secured(self, connection: socket.socket, target: Target) -> socket.socket:
        if target.scheme == "http":
            return connection
        return self.tls().wrap_socket(connection, server_hostname=target.host)


def _request(
    connection: socket.socket, target: Target, method: str, headers: dict[str, str], body: bytes | None = None
) -> BaseHTTPResponse:
    http = HTTPConnection(target.host, target.port, timeout=connection.gettimeout())
    http.sock = connection
    headers = {"Host": target.authority} | headers
    http.request(method, target.path, body, headers, preload_content=False, decode_content=False)
    return http.getresponse()


def _understood(url: str, response: BaseHTTPResponse) -> Page | str:
    location = response.headers.get("Location")
    if response.status in MOVED and location:
        return _joined(url, location)
    if response.status in PASSING:
        raise Unreachable(f"status {response.status}")
    if response.status != 200:
        raise Unsuitable(f"status {response.status}")
    return Page(url, bodies.head_of(response))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError:
        raise Unsuitable("a redirect to no address") from None


@contextmanager
def _connected(found: list[IPAddress], port: int, deadline: float) -> Iterator[socket.socket]:
    """A connection to the first of the addresses that answers."""
    failure: OSError | None = None
    for address in found[:ADDRESSES_TRIED]:
        patience = min(SECONDS_TO_CONNECT, _left(deadline))
        try:
            connection = socket.create_connection((str(address), port), patience)
        except OSError as error:
            failure = error
            continue
        with connection:
            connection.settimeout(_left(deadline))
            yield connection
            return
    raise Unreachable("nobody answers") from failure


@contextmanager
def _cut_off(connection: socket.socket, deadline: float) -> Iterator[None]:
    """End the connection at the deadline: a time limit of the socket's own begins anew with every byte."""
    with connection.dup() as handle:

        def shut() -> None:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

        with blocking.alarm(_left(deadline), shut):
            yield


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise Unreachable("too slow")
    return seconds
