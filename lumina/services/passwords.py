"""Changing one's password, and resetting a forgotten one by mail."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from lumina import clock
from lumina.errors import Forbidden, Invalid, TooMany
from lumina.extensions import db
from lumina.models import PasswordReset, User
from lumina.models.users import email_key
from lumina.services import events, hashing, limits, sessions, text
from lumina.services.tokens import digest
from lumina.services.unit_of_work import operation, record

RESET_LASTS = timedelta(hours=1)


def change(actor: User, *, current_password: str, password: str, keep_session_id: int | None = None) -> None:
    """Replace one's password and end all other sessions. Raises Forbidden wrong_password, Invalid, TooMany."""
    limits.spend("password", str(actor.id))
    db.session.close()
    if not hashing.matches(current_password, actor.password_hash):
        raise Forbidden("The current password is not right.", code="wrong_password")
    limits.forget("password", str(actor.id))
    _store(actor, hashing.hashed(password), keep_session_id)


@operation()
def _store(actor: User, password_hash: str, keep_session_id: int | None) -> None:
    _replace(actor, password_hash, keep_session_id)


def _replace(user: User, password_hash: str, keep_session_id: int | None = None) -> None:
    """Set the hash; what the old password let in, and links on their way to replace it, end."""
    user.password_hash, user.updated_at = password_hash, clock.now()
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=clock.real_now())
    )
    sessions.end_all_of(user, but=keep_session_id)


def ask_reset(email: str, link: Callable[[str], str], *, address: str) -> None:
    """Send a link to a known address; an unknown one is answered alike, and one that has got five within the hour. `link`
    makes a URL of a token. Raises TooMany, where one network asks for many."""
    email = text.clean(email, "email")
    limits.spend("reset_address", limits.network(address))
    with suppress(TooMany):
        limits.spend("reset_email", email_key(email))
        _ask_reset(None, email, link)


@operation()
def _ask_reset(actor: None, email: str, link: Callable[[str], str]) -> None:
    user = db.session.scalar(select(User).where(User.email_key == email_key(email)))
    if user is None:
        return
    token, now = secrets.token_urlsafe(32), clock.real_now()
    db.session.add(
        PasswordReset(user_id=user.id, token_hash=digest(token), created_at=now, expires_at=now + RESET_LASTS)
    )
    record(events.PasswordResetAsked(user.email, user.first_name, link(token)))


def reset(token: str, password: str, *, address: str) -> None:
    """Set a new password by the token of a mail and end all sessions. Raises Invalid invalid_token, TooMany."""
    limits.spend("reset_address", limits.network(address))
    token = digest(text.clean(token, "token"))
    if db.session.scalar(select(PasswordReset.id).where(*_usable(token))) is None:
        raise _unusable()
    db.session.close()
    _reset(None, token, hashing.hashed(password))


@operation()
def _reset(actor: None, token_hash: str, password_hash: str) -> None:
    user_id = db.session.scalar(
        update(PasswordReset)
        .where(*_usable(token_hash))
        .values(used_at=clock.real_now())
        .returning(PasswordReset.user_id)
    )
    if user_id is None:
        raise _unusable()
    _replace(db.session.get_one(User, user_id), password_hash)


def _usable(token_hash: str) -> list[ColumnElement[bool]]:
    return [
        PasswordReset.token_hash == token_hash,
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > clock.real_now(),
    ]


def _unusable() -> Invalid:
    return Invalid("This link does not work any more. Please ask for a new one.", code="invalid_token")
