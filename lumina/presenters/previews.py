"""The second line of a list row."""

from __future__ import annotations

from lumina.presenters import attachments, shapes
from lumina.presenters.markup import one_line, plain
from lumina.presenters.texts import t

CONSIDERED = 400
SIGNS = {"image": "image", "video": "image", "voice": "mic"}


def said(message: shapes.Message) -> str:
    """A message's text in one line, or what it is where it has none."""
    return plain(message["content"][:CONSIDERED]) or attachments.words(message)


def sign(message: shapes.Message | None) -> str | None:
    """The icon before the preview of a message with files."""
    if message is None or not message["attachments"]:
        return None
    return SIGNS.get(message["messageType"], "paperclip")


def preview(conversation: shapes.Conversation, viewer_id: str) -> str:
    """The last message in one line, with who wrote it where that is not plain."""
    message = conversation["lastMessage"]
    if message is None:
        return t("row.nothing")
    if message["messageType"] == "system":
        return one_line(message["content"])
    text = t("message.deleted") if message["isDeleted"] else said(message)
    if message["senderId"] == viewer_id:
        return t("row.you", text=text)
    if conversation["type"] == "group":
        return t("row.person", name=message["sender"]["firstName"], text=text)
    return text
