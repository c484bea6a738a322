"""Who is behind the browser: the cookie names a row of sessions, and with it a person."""

from __future__ import annotations

import flask
from flask import g
from flask_login import current_user, login_user, logout_user

from lumina import logs, models
from lumina.errors import Unauthorized
from lumina.services import sessions


def load(session_id: str) -> models.Session | None:
    """The living session that a cookie names, for Flask-Login."""
    found = sessions.find(session_id)
    if found is None:
        return None
    # Kept apart from the row: an operation ends the transaction in which it was loaded.
    g.actor, g.session_id = found.user, found.id
    logs.acting(found.user.id)
    if sessions.stale(found):
        sessions.touch(found.user, found)
        flask.session.modified = True
    return found


def visitor() -> models.User | None:
    """The person of this request, if anybody is signed in."""
    return g.actor if current_user.is_authenticated else None


def actor() -> models.User:
    """The person of this request. Raises Unauthorized."""
    person = visitor()
    if person is None:
        raise Unauthorized
    return person


def session_id() -> int:
    """The row behind this request's cookie; only where there is an actor."""
    found: int = g.session_id
    return found


def begin(session: models.Session) -> None:
    """Sign this browser in. What an earlier visitor left in the cookie goes."""
    flask.session.clear()
    flask.session.permanent = True
    login_user(session)


def forget() -> None:
    """Sign this browser out; the row's end is the service's."""
    logout_user()
    flask.session.clear()
