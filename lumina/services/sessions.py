"""Signing in and out. A session is one device or program; all that lets somebody in hangs on its row."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import contains_eager

from lumina import clock, logs
from lumina.config import Config
from lumina.errors import Forbidden, NotFound, Unauthorized
from lumina.extensions import db
from lumina.models import PushSubscription, Session, User, statements
from lumina.models.users import email_key
from lumina.services import events, hashing, limits, text, tokens
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation, record

SESSIONS_KEPT = 4096
SEEN_EVERY = timedelta(minutes=10)
# A refresh token that comes again within this time may be a retry, and is just refused; later it has been copied.
RETRY_GRACE = timedelta(minutes=1)


_lasts = timedelta(days=30)


def configure(config: Config) -> None:
    """Take how long a session lasts without being used."""
    global _lasts
    _lasts = timedelta(days=config.session_days)


def sign_in(*, email: str, password: str, kind: str, address: str, user_agent: str) -> Session:
    """Begin a session by password. An unknown address and a wrong password are one answer, in one time.

    Raises Unauthorized invalid_credentials, Forbidden suspended, TooMany.
    """
    key = email_key(text.clean(email, "email"))
    limits.spend("sign_in_address", limits.network(address))
    limits.spend("sign_in_account", key)
    limits.spend("sign_in", key, limits.network(address))
    user: User | None = db.session.scalar(select(User).where(User.email_key == key))
    db.session.close()
    right = hashing.matches(password, user.password_hash if user else None)
    if user is None or not right:
        raise _unknown()
    limits.forget("sign_in_account", key)
    limits.forget("sign_in", key, limits.network(address))
    return start(user, kind=kind, address=address, user_agent=user_agent)


def _unknown() -> Unauthorized:
    return Unauthorized("Email and password do not match.", code="invalid_credentials")


def _suspended() -> Forbidden:
    return Forbidden(
        "This account is suspended. Its messages and its money are kept. Please ask the people who run this site.",
        code="suspended",
    )


@operation(reads_actor=False)
def start(actor: User, *, kind: str, address: str, user_agent: str) -> Session:
    """Begin a session for somebody who has just shown who they are. Raises Unauthorized, Forbidden suspended."""
    # Locked, so that whoever suspends or closes the account meanwhile ends this session too.
    user: User = db.session.scalars(statements.sending.LOCKED_PEOPLE, {"ids": [actor.id]}).one()
    if user.closed_at:
        raise _unknown()
    if user.suspended_at:
        raise _suspended()
    now = clock.real_now()
    session = Session(
        user_id=user.id,
        user=user,
        kind=kind,
        user_agent=user_agent.replace("\x00", "")[:300],
        address=address[:64],
        created_at=now,
        last_seen_at=now,
        expires_at=now + _lasts,
    )
    db.session.add(session)
    db.session.flush()
    return session


def find(session_id: str) -> Session | None:
    """The living session with this id, its user beside; None where it has ended."""
    return _living(int(session_id)) if session_id.isdecimal() else None


def _living(session_id: int) -> Session | None:
    values = {"id": session_id, "now": clock.real_now()}
    row = statements.run(statements.sending.LIVING_SESSION, values).first()
    return None if row is None else _session(tuple(row))


@lru_cache(maxsize=SESSIONS_KEPT)
def _session(row: tuple[Any, ...]) -> Session:
    """A session and its person, made of what was just read: the same objects for as long as that reads the same. They
    belong to no database session and must not be changed; an operation reads its actor anew."""
    of_session, of_user = statements.tables.sessions.c, statements.tables.users.c
    session = Session(**dict(zip(of_session.keys(), row, strict=False)))
    session.user = User(**dict(zip(of_user.keys(), row[len(of_session) :], strict=True)))
    return session


def _lives() -> list[ColumnElement[bool]]:
    return [Session.ended_at.is_(None), Session.expires_at > clock.real_now()]


def _is_living(session: Session) -> bool:
    return session.ended_at is None and session.expires_at > clock.real_now()


def authenticate(token: str) -> Session:
    """The living session that a JWT belongs to, its user beside. Raises Unauthorized."""
    session_id, user_id, _ = tokens.read(token)
    session = _living(session_id)
    if session is None or session.user_id != user_id:
        raise Unauthorized
    logs.acting(user_id)
    return session


def refresh(refresh_token: str) -> tuple[User, tokens.Tokens]:
    """A new token pair for an old one, which works once. Raises Unauthorized, Forbidden suspended.

    One that comes back long after it was spent has been copied: its session ends.
    """
    session = _rotate(None, *tokens.read_refresh(refresh_token))
    if session is None:
        raise tokens.refused()
    return session.user, tokens.issue(session)


@operation()
def _rotate(actor: None, session_id: int, generation: int) -> Session | None:
    session: Session | None = db.session.scalar(
        select(Session)
        .join(Session.user)
        .options(contains_eager(Session.user))
        .where(Session.id == session_id)
        .with_for_update(of=Session)
    )
    if session is None:
        return None
    if session.user.suspended_at:
        raise _suspended()
    if not _is_living(session):
        return None
    now = clock.real_now()
    if session.refresh_generation != generation:
        if session.rotated_at is None or now - session.rotated_at > RETRY_GRACE:
            _end(Session.id == session.id)
        return None
    session.refresh_generation, session.rotated_at = generation + 1, now
    session.last_seen_at, session.expires_at = now, now + _lasts
    return session


@operation()
def touch(actor: User, session: Session) -> None:
    """Note that the session is in use, and so lasts longer."""
    now = clock.real_now()
    db.session.execute(
        update(Session).where(Session.id == session.id).values(last_seen_at=now, expires_at=now + _lasts)
    )


def stale(session: Session) -> bool:
    """Whether it is time to note that this session is in use: not at every request."""
    return clock.real_now() - session.last_seen_at > SEEN_EVERY


def list_for(actor: User) -> list[Session]:
    """The actor's living sessions, the latest used first."""
    return list(
        db.session.scalars(
            select(Session)
            .where(Session.user_id == actor.id, *_lives())
            .order_by(Session.last_seen_at.desc(), Session.id.desc())
        )
    )


@operation()
def end(actor: User, session_id: int) -> None:
    """Sign out: the session, its tokens and its sockets end."""
    _end(Session.id == session_id, Session.user_id == actor.id)


@operation()
def revoke(actor: User, session_id: str) -> None:
    """End another of one's sessions. Raises NotFound."""
    if not _end(Session.id == row_id(session_id), Session.user_id == actor.id):
        raise NotFound


def end_all_of(user: User, but: int | None = None) -> None:
    """Within an operation: end every session of this person, except one."""
    _end(Session.user_id == user.id, Session.id != (but or 0))


def _end(*which: object) -> bool:
    ended = db.session.scalars(
        update(Session)
        .where(*which, Session.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=clock.real_now())
        .returning(Session.id)
    ).all()
    db.session.execute(delete(PushSubscription).where(PushSubscription.session_id.in_(ended)))
    if ended:
        record(events.SessionsEnded(tuple(ended)))
    return bool(ended)
