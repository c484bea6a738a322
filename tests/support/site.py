"""A web site of the tests' own: real HTTP servers on this machine, well-behaved and hostile ones."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

TLS = Path(__file__).parent / "tls"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Answers by path and notes what it was asked: (path, headers) each."""

    def __init__(self, *, secure: bool = False) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(TLS / "page.example.pem")
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.url = f"{'https' if secure else 'http'}://page.example:{self.port}"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def page(self, path: str, html: str | bytes, status: int = 200, **headers: str) -> str:
        """Serves a page; returns its address."""
        body = html.encode() if isinstance(html, str) else html
        fields = {"Content_Type": "text/html; charset=utf-8", "Content_Length": str(len(body))} | headers

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, text in fields.items():
                handler.send_header(name.replace("_", "-"), text)
            handler.end_headers()
            handler.wfile.write(body)

        return self.does(path, answer)

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        """Leads elsewhere."""
        return self.page(path, "", status, Location=location)

    def drip(self, path: str, start: bytes, piece: bytes, pause: Callable[[], Any]) -> str:
        """Sends `start`, and then `piece` after every pause for as long as somebody listens."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(start)
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                pause()

        return self.does(path, answer)

    def does(self, path: str, answer: Answer) -> str:
        """Serves whatever `answer` writes; returns the address."""
        self.answers[path] = answer
        return f"{self.url}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                try:
                    site.answers[self.path](self)
                except OSError:
                    self.close_connection = True

            do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """Found by a fetcher whose `resolve` says that page.example is this machine."""
    made = Site()
    yield made
    made.close()


@pytest.fixture
def secure_site() -> Iterator[Site]:
    """The same with TLS, by an authority that nobody knows but the tests."""
    made = Site(secure=True)
    yield made
    made.close()
