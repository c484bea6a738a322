"""The tokens of the API and the sockets: a short-lived JWT and the refresh token that renews it.

A JWT's `jti` starts with the id of the session it belongs to, so that ending the session ends the token. A refresh token
names its session and the session's generation under a seal; rotating moves the generation on, so that any earlier token
is known for what it is.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import jwt
from jwt.types import Options

from lumina import clock
from lumina.config import Config
from lumina.errors import Unauthorized
from lumina.models import Session
from lumina.services.cursors import number

ALGORITHM = "HS256"


@dataclass(frozen=True)
class Tokens:
    token: str
    refresh_token: str
    expires_at: datetime


_secret = ""
_lasts = timedelta(hours=1)


def configure(config: Config) -> None:
    """Take the secret, and how long a token lasts."""
    global _secret, _lasts
    _secret, _lasts = config.jwt_secret, timedelta(seconds=config.access_token_seconds)
    _verified.cache_clear()


def issue(session: Session) -> Tokens:
    """The pair that belongs to the session's present generation."""
    now = clock.real_now()
    expires_at = (now + _lasts).replace(microsecond=0)
    claims = {
        "sub": str(session.user_id),
        "jti": f"{session.id}.{secrets.token_hex(8)}",
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    name = f"{session.id}.{session.refresh_generation}"
    return Tokens(jwt.encode(claims, _secret, ALGORITHM), f"{name}.{_seal(name)}", expires_at)


def read(token: str) -> tuple[int, int, datetime]:
    """The session's id, the user's id and the end of a token. Raises Unauthorized."""
    session_id, user_id, expires_at = _verified(token)
    if expires_at <= clock.real_now():
        raise Unauthorized
    return session_id, user_id, expires_at


@lru_cache(maxsize=4096)
def _verified(token: str) -> tuple[int, int, datetime]:
    """What a token says, kept for the next time, since a program sends the same one with every request."""
    options: Options = {"require": ["sub", "jti", "iat", "exp"], "verify_exp": False}
    try:
        claims = jwt.decode(token, _secret, [ALGORITHM], options=options)
        session_id, _, _ = claims["jti"].partition(".")
        return number(session_id), number(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError):
        raise Unauthorized from None


def read_refresh(refresh_token: str) -> tuple[int, int]:
    """The session's id and the generation of a refresh token of ours. Raises Unauthorized."""
    name, _, seal = refresh_token.rpartition(".")
    if not hmac.compare_digest(seal.encode(errors="replace"), _seal(name).encode()):
        raise refused()
    session_id, _, generation = name.partition(".")
    return int(session_id), int(generation)


def refused() -> Unauthorized:
    """What is said to any refresh token that does not work."""
    return Unauthorized("This refresh token does not work any more.", code="invalid_token")


def _seal(name: str) -> str:
    return hmac.new(_secret.encode(), f"refresh {name}".encode(errors="replace"), "sha256").hexdigest()


def digest(secret: str) -> str:
    """What is stored of a random secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
