"""Accounts and tokens: registering, signing in and out, refreshing, resetting a password."""

from __future__ import annotations

from typing import get_type_hints

from flask import request

from lumina.api.route import current_session, route, site
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import accounts as schemas
from lumina.services import accounts, passwords, sessions, tokens

SIGNED_IN = get_type_hints(shapes.SignedIn)


def _agent() -> dict[str, str]:
    return {"address": request.remote_addr or "", "user_agent": request.headers.get("User-Agent", "")}


@route("POST", "/auth/register", body=schemas.Register, answer=SIGNED_IN, status=201, public=True)
def register(body: schemas.Register) -> shapes.SignedIn:
    """Make an account and sign in."""
    user = accounts.register(**body.model_dump(), address=request.remote_addr or "")
    session = sessions.start(user, kind="api", **_agent())
    return wire.signed_in(user, tokens.issue(session))


@route("POST", "/auth/login", body=schemas.Login, answer=SIGNED_IN, public=True)
def login(body: schemas.Login) -> shapes.SignedIn:
    """Sign in with e-mail address and password."""
    session = sessions.sign_in(email=body.email, password=body.password, kind="api", **_agent())
    return wire.signed_in(session.user, tokens.issue(session))


@route("POST", "/auth/refresh", body=schemas.Refresh, answer=SIGNED_IN, public=True)
def refresh(body: schemas.Refresh) -> shapes.SignedIn:
    """Exchange a refresh token, which works once, for a new pair."""
    return wire.signed_in(*sessions.refresh(body.refresh_token))


@route("POST", "/auth/logout")
def logout(actor: User) -> dict[str, object]:
    """Sign out: the token and its refresh token stop working, its sockets close."""
    sessions.end(actor, current_session().id)
    return {}


@route("POST", "/auth/forgot", body=schemas.Forgot, public=True)
def forgot(body: schemas.Forgot) -> dict[str, object]:
    """Send a link to set a new password. Whether the address is known is not told."""
    base = site()
    passwords.ask_reset(body.email, lambda token: f"{base}/reset/{token}", address=request.remote_addr or "")
    return {}


@route("POST", "/auth/reset", body=schemas.Reset, public=True)
def reset(body: schemas.Reset) -> dict[str, object]:
    """Set a new password by the token of the mail; every session ends."""
    passwords.reset(body.token, body.password, address=request.remote_addr or "")
    return {}


@route("GET", "/auth/me", answer={"user": shapes.User})
def me(actor: User) -> dict[str, object]:
    """Whose token it is."""
    return {"user": wire.user(actor, actor)}


@route("GET", "/auth/sessions", answer={"sessions": list[shapes.Session]})
def list_sessions(actor: User) -> dict[str, object]:
    """The devices and programs one is signed in with."""
    own = current_session().id
    return {"sessions": [wire.session(session, own) for session in sessions.list_for(actor)]}


@route("DELETE", "/auth/sessions/<session_id>")
def revoke_session(actor: User, session_id: str) -> dict[str, object]:
    """Sign out one of them."""
    sessions.revoke(actor, session_id)
    return {}


@route("PUT", "/auth/password", body=schemas.ChangePassword)
def change_password(actor: User, body: schemas.ChangePassword) -> dict[str, object]:
    """Change one's password; every other session ends."""
    passwords.change(actor, **body.model_dump(), keep_session_id=current_session().id)
    return {}
