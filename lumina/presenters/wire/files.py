"""Files."""

from __future__ import annotations

from urllib.parse import quote

from lumina.presenters import shapes
from lumina.presenters.wire.values import time
from lumina.services.attachments import Shared
from lumina.services.views import Attached


def attachment(row: Attached) -> shapes.Attachment:
    """A file, under addresses that bear its name for whoever reads them."""
    shape: shapes.Attachment = {
        "id": str(row.id),
        "url": f"/files/{row.id}/{quote(row.file_name)}",
        "fileName": row.file_name,
        "fileSize": row.file_size,
        "mimeType": row.mime_type,
    }
    if row.width and row.height:
        shape["width"], shape["height"] = row.width, row.height
    if row.duration_ms is not None:
        shape["durationMs"] = row.duration_ms
    if row.peaks:
        shape["peaks"] = row.peaks
    if row.has_thumb:
        shape["thumbnailUrl"] = thumb(row.id)
    return shape


def shared(one: Shared) -> shapes.SharedAttachment:
    """A file as the details of its conversation list it."""
    return {
        **attachment(one.attached),
        "messageId": str(one.attached.message_id),
        "createdAt": time(one.sent_at),
        "voice": one.is_voice,
    }


def thumb(attachment_id: int) -> str:
    return f"/files/{attachment_id}/thumb"
