"""Whom one may name in a conversation, as one types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from lumina.pages.session import actor
from lumina.presenters import naming, wire
from lumina.services import mentions

blueprint = Blueprint("mentions", __name__, url_prefix="/conversations/<conversation_id>")


@blueprint.get("/mentionable")
def index(conversation_id: str) -> dict[str, Any]:
    """Up to eight members whose name has a word that begins like the query."""
    found = mentions.mentionable(actor(), conversation_id, request.args.get("query"))
    people = [wire.person(person) for person in found]
    return {
        "people": [
            {
                "id": person["id"],
                "name": naming.name(person),
                "initials": naming.initials(person),
                "avatar": person["avatar"],
                "hue": naming.hue(person["id"]),
            }
            for person in people
        ]
    }
