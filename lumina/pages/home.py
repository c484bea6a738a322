"""The address without a path, and what the rail of every page counts."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from lumina.pages import session
from lumina.services import around

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """To the inbox, or to the sign-in."""
    return redirect("/conversations" if session.visitor() else "/login", 303)  # type: ignore[return-value]


@blueprint.get("/waiting")
def waiting() -> dict[str, int]:
    """How many conversations wait to be read, and how many answers the viewer owes."""
    found = around.find(session.actor())
    return {"unread": found.unread, "owed": found.owed or 0}
