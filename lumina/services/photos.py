"""Photos of people and groups: uploaded like any picture, and shown small."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, or_, select

from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, StoredFile, User
from lumina.services import attachments, files


class Photo(NamedTuple):
    """Where a photo's bytes are, and what they add up to."""

    key: str
    sha256: str


def changed(actor: User, attachment_id: str, before: str | None) -> str | None:
    """Within an operation: the key of the photo that an upload of the actor becomes, or None for "". Raises Invalid."""
    files.release_key(before)
    if not attachment_id:
        return None
    (upload,) = attachments.claimed(actor.id, [attachment_id])
    if upload.kind != "image":
        raise Invalid.field("avatar", "A photo is a picture.")
    stored = db.session.get_one(StoredFile, upload.file_id)
    db.session.delete(upload)
    return stored.key


def find(actor: User, key: str) -> Photo:
    """A person's photo, or that of a group which the actor belongs to. Raises NotFound."""
    own_groups = exists().where(
        Conversation.photo_key == key,
        Membership.conversation_id == Conversation.id,
        Membership.user_id == actor.id,
    )
    shown = or_(exists().where(User.photo_key == key), own_groups)
    row = db.session.execute(
        select(StoredFile.key, StoredFile.sha256).where(StoredFile.key == key, shown)
    ).first()
    if row is None:
        raise NotFound
    return Photo(*row)
