"""The files of messages: sent with one, found by its readers, gone with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from lumina import clock
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Attachment, Message, User, statements
from lumina.services import files, lookup
from lumina.services.views import Attached, Page

MOST = 5
NO_SUCH = "There is no such attachment."
# What the details of a conversation list together.
KINDS = {"media": ("image", "video"), "audio": ("audio",), "files": ("file",)}


@dataclass(frozen=True)
class Found:
    """A file that somebody may have: its key in the storage, and the checksum of its bytes."""

    attached: Attached
    key: str
    sha256: str


def claimed(sender_id: int, attachment_ids: Sequence[str]) -> list[Attachment]:
    """Within an operation: uploads of the sender that have not been sent yet, in this order. Raises Invalid."""
    if not attachment_ids:
        return []
    if len(set(attachment_ids)) < len(attachment_ids) or len(attachment_ids) > MOST:
        raise Invalid.field("attachmentIds", f"A message has up to {MOST} different attachments.")
    try:
        ids = [lookup.row_id(attachment_id) for attachment_id in attachment_ids]
    except NotFound:
        raise Invalid.field("attachmentIds", NO_SUCH) from None
    found = {
        row.id: row
        for row in db.session.scalars(
            select(Attachment)
            .where(
                Attachment.id.in_(ids), Attachment.uploader_id == sender_id, Attachment.message_id.is_(None)
            )
            .order_by(Attachment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if len(found) < len(ids):
        raise Invalid.field("attachmentIds", NO_SUCH)
    return [found[row_id] for row_id in ids]


def message_type(wanted: str, attached: Sequence[Attachment | Attached]) -> str:
    """The type of a message with these files: the wanted one, if it fits; what they are, where "text" is wanted."""
    if not attached:
        return wanted
    kinds = {one.kind for one in attached}
    alike = kinds.pop() if len(kinds) == 1 else "file"
    natural = alike if alike in ("image", "video") else "file"
    fits = {"voice": alike == "audio" and len(attached) == 1, "file": True, "text": True, natural: True}
    if not fits.get(wanted, False):
        raise Invalid.field("messageType", "The attachments are not of this type.")
    return natural if wanted == "text" else wanted


def attach(message: Message, uploads: Sequence[Attachment], copied: Sequence[Attached]) -> list[Attached]:
    """Within the operation that sends a message: its files are these uploads, and copies of what another has."""
    now = clock.now()
    copies = [
        Attachment(
            **{name: getattr(one, name) for name in Attached._fields if name not in ("id", "message_id")},
            uploader_id=message.sender_id,
            created_at=now,
        )
        for one in copied
    ]
    rows = [*uploads, *copies]
    for place, row in enumerate(rows):
        row.message_id, row.conversation_id = message.id, message.conversation_id
        row.place, row.due_at = place, None
    db.session.add_all(copies)
    if rows:
        db.session.flush()
    return [Attached._make(getattr(row, name) for name in Attached._fields) for row in rows]


def names(message: Message) -> list[str]:
    """What the files of a message are called."""
    if not message.attachment_count:
        return []
    return list(db.session.scalars(select(Attachment.file_name).where(Attachment.message_id == message.id)))


def forget(messages: Sequence[Message]) -> None:
    """Within an operation that empties messages: their files go, for good."""
    ids = [message.id for message in messages if message.attachment_count]
    if not ids:
        return
    files.release(db.session.scalars(select(Attachment.file_id).where(Attachment.message_id.in_(ids))))
    db.session.execute(delete(Attachment).where(Attachment.message_id.in_(ids)))
    for message in messages:
        message.attachment_count = 0


def find(actor: User, attachment_id: str) -> Found:
    """A file of a message that the actor may read, or one that the actor has not sent yet. Raises NotFound."""
    values = {"id": lookup.row_id(attachment_id), "viewer": actor.id}
    row = db.session.execute(statements.files.VISIBLE_ATTACHMENT, values).first()
    if row is None:
        raise NotFound
    return Found(Attached._make(row[: len(Attached._fields)]), row.key, row.sha256)


@dataclass(frozen=True)
class Shared:
    """A file of a conversation, when it was sent, and whether it is a voice message."""

    attached: Attached
    sent_at: datetime
    is_voice: bool


def shared(
    actor: User, conversation_id: str, kind: str, *, cursor: str | None = None, limit: int = 30
) -> Page[Shared]:
    """What has been sent in a conversation, of a kind of KINDS, the newest first. Raises NotFound, Invalid."""
    of = lookup.membership_of(actor, conversation_id)
    if kind not in KINDS:
        raise Invalid.field("kind", f"This is one of {', '.join(KINDS)}.")
    values: dict[str, Any] = {
        "of": of,
        "viewer": actor.id,
        **{f"kind{number}": one for number, one in enumerate(KINDS[kind])},
        "before": lookup.row_id(cursor) if cursor else lookup.LARGEST_ID,
        "most": limit + 1,
    }
    rows = db.session.execute(statements.files.shared_files(len(KINDS[kind])), values).all()
    found = [
        Shared(Attached._make(row[: len(Attached._fields)]), row.created_at, row.message_type == "voice")
        for row in rows[:limit]
    ]
    return Page(found, str(found[-1].attached.id) if len(rows) > limit else None)
