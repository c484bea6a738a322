"""The second line of a list row."""

from __future__ import annotations

from lumina.presenters import shapes
from lumina.presenters.markup import one_line
from lumina.presenters.texts import t


def preview(conversation: shapes.Conversation, viewer_id: str) -> str:
    """The last message in one line, with who wrote it where that is not plain."""
    message = conversation["lastMessage"]
    if message is None:
        return t("row.nothing")
    text = t("message.deleted") if message["isDeleted"] else one_line(message["content"][:400])
    if message["messageType"] == "system":
        return text
    if message["senderId"] == viewer_id:
        return t("row.you", text=text)
    if conversation["type"] == "group":
        return t("row.person", name=message["sender"]["firstName"], text=text)
    return text
