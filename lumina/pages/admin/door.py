"""What the pages of admins have in common: who gets in, and what surrounds them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from lumina import models
from lumina.errors import NotFound
from lumina.pages import session, shell
from lumina.presenters.texts import t

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def admin() -> models.User:
    """The admin of this request. Raises Unauthorized; NotFound for who is none, as if there were no such page."""
    person = session.actor()
    if not person.is_admin:
        raise NotFound
    return person


def render(template: str, actor: models.User, *, tab: str, heading: str | None = None, **context: Any) -> str:
    """One of the pages; `tab` is the one that is marked."""
    heading = heading or t(f"admin.{tab}")
    return shell.render(
        f"admin/{template}",
        actor,
        section="admin",
        page_title=heading,
        heading=heading,
        tab=tab,
        **context,
    )
