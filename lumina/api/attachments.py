"""Files: uploaded first and sent after, and what a conversation has of them."""

from __future__ import annotations

from lumina.api.route import Files, route
from lumina.errors import Invalid
from lumina.models import User
from lumina.presenters import shapes, wire
from lumina.schemas import attachments as schemas
from lumina.services import attachments, lookup, uploads
from lumina.services.views import Attached


@route(
    "POST",
    "/messages/attachments",
    answer={"attachment": shapes.Attachment},
    status=201,
    files=Files("file", 1),
)
def upload(actor: User, uploads: list[Attached]) -> dict[str, object]:
    """Upload a file, by multipart, to be sent within a day by its id."""
    if not uploads:
        raise Invalid.field("file", "A file is missing here.")
    return {"attachment": wire.attachment(uploads[0])}


@route("DELETE", "/messages/attachments/<attachment_id>")
def discard(actor: User, attachment_id: str) -> dict[str, object]:
    """Let an upload go that has not been sent; nothing happens to any other."""
    uploads.discard(actor, [lookup.row_id(attachment_id)])
    return {}


@route(
    "GET",
    "/messages/conversations/<conversation_id>/attachments",
    query=schemas.ListShared,
    answer={"attachments": list[shapes.SharedAttachment], "nextCursor": str | None},
)
def shared(actor: User, conversation_id: str, query: schemas.ListShared) -> dict[str, object]:
    """The files of a conversation, of one kind, the newest first."""
    page = attachments.shared(
        actor, conversation_id, query.kind, cursor=query.cursor or None, limit=query.limit
    )
    return {"attachments": [wire.shared(one) for one in page.items], "nextCursor": page.next_cursor}
