"""Notifications beyond the sockets: how one wants them, and the browsers that take them."""

from __future__ import annotations

from flask import request

from lumina.api.route import current_session, route
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas.accounts import ChangePreferences
from lumina.schemas.push import Subscribe, Unsubscribe
from lumina.services import preferences, push_subscriptions, vapid

PREFERENCES = {"preferences": shapes.Preferences}


@route("GET", "/users/me/notifications", answer=PREFERENCES)
def show(actor: User) -> dict[str, object]:
    """How one wants to be notified."""
    return {"preferences": wire.preferences(preferences.of(actor.id))}


@route("PATCH", "/users/me/notifications", body=ChangePreferences, answer=PREFERENCES)
def change(actor: User, body: ChangePreferences) -> dict[str, object]:
    """Change how one wants to be notified; `quietFrom` and `quietUntil` go together, null for no quiet hours."""
    return {"preferences": wire.preferences(preferences.change(actor, **body.given()))}


@route("GET", "/push/key", answer={"key": str})
def key(actor: User) -> dict[str, object]:
    """The `applicationServerKey` to subscribe with, as base64url."""
    return {"key": vapid.public_key()}


@route("POST", "/push/subscriptions", body=Subscribe, status=201)
def subscribe(actor: User, body: Subscribe) -> dict[str, object]:
    """Have a browser take notifications, as long as this session lasts. Payloads are encrypted for its keys."""
    push_subscriptions.add(
        actor,
        current_session().id,
        endpoint=body.endpoint,
        **body.keys.model_dump(),
        user_agent=request.headers.get("User-Agent", ""),
    )
    return {}


@route("DELETE", "/push/subscriptions", body=Unsubscribe)
def unsubscribe(actor: User, body: Unsubscribe) -> dict[str, object]:
    """Send nothing there any more."""
    push_subscriptions.remove(actor, body.endpoint)
    return {}
