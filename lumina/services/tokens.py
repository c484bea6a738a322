"""The tokens of the API and the sockets: a short-lived JWT and the refresh token that renews it.

A JWT's `jti` starts with the id of the session it belongs to, so that ending the session ends the token.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from lumina import clock
from lumina.config import Config
from lumina.errors import Unauthorized
from lumina.models import Session

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


def issue(session: Session) -> Tokens:
    """A new pair for the session, whose row takes the hash of the refresh token."""
    now = clock.real_now()
    expires_at = now + _lasts
    secret = secrets.token_urlsafe(32)
    session.refresh_hash = digest(secret)
    claims = {
        "sub": str(session.user_id),
        "jti": f"{session.id}.{secrets.token_hex(8)}",
        "iat": int(now.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    token = jwt.encode(claims, _secret, ALGORITHM)
    return Tokens(token, f"{session.id}.{secret}", expires_at.replace(microsecond=0))


def read(token: str) -> tuple[int, int, datetime]:
    """The session's id, the user's id and the end of a token. Raises Unauthorized."""
    try:
        claims = jwt.decode(token, _secret, [ALGORITHM], options={"require": ["sub", "jti", "iat", "exp"]})
        session_id, _, _ = claims["jti"].partition(".")
        expires_at = datetime.fromtimestamp(claims["exp"], tz=clock.real_now().tzinfo)
        return int(session_id), int(claims["sub"]), expires_at
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError):
        raise Unauthorized from None


def split(refresh_token: str) -> tuple[int, str]:
    """The session's id and the hash of a refresh token. Raises Unauthorized."""
    session_id, _, secret = refresh_token.partition(".")
    if not (session_id.isascii() and session_id.isdecimal() and len(session_id) < 19 and secret):
        raise Unauthorized
    return int(session_id), digest(secret)


def digest(secret: str) -> str:
    """What is stored of a random secret: enough to know it again, not enough to use it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
