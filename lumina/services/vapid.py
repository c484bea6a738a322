"""By what push services know us (RFC 8292): a key pair, with whose public half browsers subscribe.

It comes out of SECRET_KEY, so that nothing has to be set up and every process has the same.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lumina import clock
from lumina.config import Config

SIGNED_HOURS = 12
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_key: ec.EllipticCurvePrivateKey = ec.generate_private_key(ec.SECP256R1())
_subject = ""


def configure(config: Config) -> None:
    """Take the key pair, and whom a push service may write to about what we send."""
    global _key, _subject
    _key = _derived(config.secret_key)
    _subject = config.public_url or f"mailto:{_address(config.mail_from)}"
    _signature.cache_clear()


def _derived(secret: str) -> ec.EllipticCurvePrivateKey:
    # Half as many bits again as the curve has: taking the rest then prefers no number noticeably.
    material = HKDF(SHA256(), 48, None, b"lumina web push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(material) % (CURVE_ORDER - 1) + 1, ec.SECP256R1())


def _address(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip(">").strip()


def public_key() -> str:
    """The uncompressed point as base64url."""
    point = _key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()


def authorization(endpoint: str) -> str:
    """The header by which the push service of an endpoint knows us."""
    parts = urlsplit(endpoint)
    hour = int(clock.real_now().timestamp()) // 3600
    return f"vapid t={_signature(f'{parts.scheme}://{parts.netloc}', hour)}, k={public_key()}"


@lru_cache(maxsize=64)
def _signature(origin: str, hour: int) -> str:
    """The same for all that goes to one push service within an hour: signing is costlier than sending."""
    claims = {"aud": origin, "exp": (hour + SIGNED_HOURS) * 3600, "sub": _subject}
    return jwt.encode(claims, _key, "ES256")
