"""The address without a path."""

from __future__ import annotations

from flask import Blueprint, Response, redirect

from lumina.pages import session

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """To the inbox, or to the sign-in."""
    return redirect("/conversations" if session.visitor() else "/login", 303)  # type: ignore[return-value]
