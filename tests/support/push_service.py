"""A push service of the tests' own: it takes what we send over TLS, and decrypts it with the keys of a subscription."""

from __future__ import annotations

import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http.server import BaseHTTPRequestHandler
from typing import Any

import http_ece
import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lumina.fetching import Fetcher
from lumina.outlets import webpush
from tests.support.site import TLS, Site

_private = ec.generate_private_key(ec.SECP256R1())
_secret = b"sixteen bytes ok"


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


# What a browser tells the server of its subscription.
KEYS = {
    "p256dh": _written(_private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
    "auth": _written(_secret),
}


class PushService:
    """Notes what arrives: the decrypted payloads, and the headers of each."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.payloads: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[tuple[int, dict[str, str]]] = []

    def endpoint(self, name: str = "device") -> str:
        """The address of a browser; from now on it answers."""
        return self.site.does(f"/{name}", self._answer)

    def subscription(self, name: str = "device") -> dict[str, Any]:
        """What the browser tells the server."""
        return {"endpoint": self.endpoint(name), "keys": KEYS}

    def answers(self, *statuses: int, **headers: str) -> None:
        """The next ones are answered like this; any further one is accepted."""
        self.statuses += [(status, headers) for status in statuses]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.headers.append(dict(handler.headers))
        self._check_signature(handler.headers["Authorization"])
        decrypted = http_ece.decrypt(body, private_key=_private, auth_secret=_secret, version="aes128gcm")
        self.payloads.append(orjson.loads(decrypted))
        status, headers = self.statuses.pop(0) if self.statuses else (201, {})
        handler.send_response(status)
        for name, text in {"Content-Length": "0", **headers}.items():
            handler.send_header(name.replace("_", "-"), text)
        handler.end_headers()

    def _check_signature(self, header: str) -> None:
        scheme, _, rest = header.partition(" ")
        assert scheme == "vapid"
        fields = dict(part.strip().split("=", 1) for part in rest.split(","))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _read(fields["k"]))
        claims = jwt.decode(fields["t"], key, ["ES256"], audience=self.site.url)
        assert claims["sub"].startswith(("mailto:", "https://"))


@pytest.fixture
def push_service(secure_site: Site, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """Found by the outlet, which otherwise asks public machines only."""
    context = ssl.create_default_context(cafile=TLS / "authority.pem")
    monkeypatch.setattr(
        webpush,
        "fetcher",
        Fetcher(
            resolve=lambda *_: ["127.0.0.1"],
            permits=lambda _: True,
            ports=range(1, 65536),
            tls=lambda: context,
        ),
    )
    return PushService(secure_site)
