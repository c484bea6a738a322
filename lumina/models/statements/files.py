"""Files of messages."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, union_all

from lumina.models.statements.messages import SHOWN
from lumina.models.statements.tables import MOST, attachments, files, memberships, messages
from lumina.models.types import BigId

_attached = [
    attachments.c[name]
    for name in (
        "message_id",
        "id",
        "file_id",
        "kind",
        "file_name",
        "file_size",
        "mime_type",
        "width",
        "height",
        "duration_ms",
        "peaks",
        "has_thumb",
    )
]
ATTACHMENTS = (
    select(*_attached)
    .where(attachments.c.message_id.in_(bindparam("ids", expanding=True)))
    .order_by(attachments.c.message_id, attachments.c.place)
)
# A file, if the viewer may see the message that it was sent with, or has not sent it yet.
VISIBLE_ATTACHMENT = (
    select(*_attached, files.c.key, files.c.sha256)
    .join(files, files.c.id == attachments.c.file_id)
    .outerjoin(messages, messages.c.id == attachments.c.message_id)
    .where(
        attachments.c.id == bindparam("id"),
        or_(
            and_(attachments.c.message_id.is_(None), attachments.c.uploader_id == bindparam("viewer")),
            and_(
                messages.c.deleted_at.is_(None),
                messages.c.expired_at.is_(None),
                SHOWN,
                exists().where(
                    memberships.c.conversation_id == messages.c.conversation_id,
                    memberships.c.user_id == bindparam("viewer"),
                ),
            ),
        ),
    )
)
EVIDENCE_ATTACHMENT = (
    select(*_attached, files.c.key, files.c.sha256)
    .join(files, files.c.id == attachments.c.file_id)
    .where(attachments.c.id == bindparam("id"), attachments.c.conversation_id == bindparam("of"))
)


@cache
def shared_files(kinds: int) -> Any:
    """The files of a conversation of `kind0`, `kind1`…, the newest first: a stretch of each, and of these the newest."""
    found = union_all(*(_files_of(f"kind{number}") for number in range(kinds))).subquery()
    return select(found).order_by(found.c.id.desc()).limit(MOST)


def _files_of(kind: str) -> Any:
    newest = (
        select(*_attached, messages.c.created_at, messages.c.type.label("message_type"))
        .join(messages, messages.c.id == attachments.c.message_id)
        .where(
            attachments.c.conversation_id == bindparam("of"),
            attachments.c.kind == bindparam(kind),
            attachments.c.id < bindparam("before", type_=BigId),
            messages.c.deleted_at.is_(None),
            messages.c.expired_at.is_(None),
            SHOWN,
        )
        .order_by(attachments.c.id.desc())
        .limit(MOST)
        .subquery()
    )
    return select(newest)
