"""Previews of links that nobody has fetched."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lumina.extensions import db
from lumina.models import Conversation, Message
from lumina.services.changes import touch

URL = "https://www.page.example/harbour"


def give(app: Flask, message: dict[str, Any], **fields: str | None) -> dict[str, str | None]:
    """Puts a preview on a message, as fetching would have."""
    preview = {"url": URL, "title": "Harbour", "description": None, "siteName": None, **fields}
    with app.app_context():
        row = db.session.get_one(Message, int(message["id"]))
        touch(db.session.get_one(Conversation, row.conversation_id), row)
        row.link_preview = preview
        db.session.commit()
    return preview
