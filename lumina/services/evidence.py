"""What a purchase rests on, as an admin sees it: the whole conversation with every original, for as long as there are any
(services/expiry.py keeps them until the purchase is settled). Each look is in the audit log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Conversation, Escrow, MessageEdit, User, statements
from lumina.services import audit, escrows, lookup, policy, views
from lumina.services.attachments import Found
from lumina.services.edits import Edit
from lumina.services.views import Attached, ConversationView, MessageView


@dataclass(frozen=True, slots=True)
class Original:
    """A message with what it said before, oldest first."""

    view: MessageView
    edits: list[Edit]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A purchase, its parties, and a stretch of its conversation, oldest first; whether there is more on either side."""

    escrow: Escrow
    client: User
    expert: User
    conversation: ConversationView
    messages: list[Original]
    has_older: bool
    has_newer: bool


def look(
    actor: User,
    escrow_id: str,
    *,
    before: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Evidence:
    """The latest messages, or those before or after one of them: what was deleted or has expired as it was, what somebody
    has hidden too. Raises NotFound, and Forbidden to a party that is no admin."""
    escrow = _purchase(actor, escrow_id)
    of = escrow.conversation_id
    values: dict[str, int] = {"of": of, "most": limit + 1}
    statement = statements.messages.EVIDENCE_LATEST
    if after:
        statement = statements.messages.EVIDENCE_AFTER
        values["position"] = lookup.position(of, after)
    elif before:
        statement = statements.messages.EVIDENCE_BEFORE
        values["position"] = lookup.position(of, before)
    where = {name: at for name, at in (("before", before), ("after", after)) if at}
    audit.note_look(actor, "history_seen", f"escrow:{escrow.id}", where)
    found = views.messages(statement, **values)
    page, is_more = found[:limit], len(found) > limit
    return Evidence(
        escrow=escrow,
        client=db.session.get_one(User, escrow.client_id),
        expert=db.session.get_one(User, escrow.expert_id),
        conversation=views.broadcast(db.session.get_one(Conversation, of)),
        messages=_originals(page if after else page[::-1]),
        has_older=bool(after) or is_more,
        has_newer=is_more if after else bool(before),
    )


def _purchase(actor: User, escrow_id: str) -> Escrow:
    escrow = escrows.find(actor, escrow_id)
    policy.require_admin(actor)
    return escrow


def _originals(found: Sequence[MessageView]) -> list[Original]:
    edited = [view.message.id for view in found if view.message.edited_at]
    earlier: dict[int, list[Edit]] = defaultdict(list)
    if edited:
        rows = db.session.execute(
            select(MessageEdit.message_id, MessageEdit.content, MessageEdit.written_at)
            .where(MessageEdit.message_id.in_(edited))
            .order_by(MessageEdit.message_id, MessageEdit.version)
        )
        for message_id, content, written_at in rows:
            earlier[message_id].append(Edit(content, written_at))
    return [Original(view, earlier[view.message.id]) for view in found]


def file(actor: User, escrow_id: str, attachment_id: str) -> Found:
    """A file of the purchase's conversation, whatever has become of its message. Raises as look does."""
    escrow, found = _found(actor, escrow_id, attachment_id)
    details = {"attachmentId": str(found.attached.id), "fileName": found.attached.file_name}
    audit.note_look(actor, "file_fetched", f"escrow:{escrow.id}", details)
    return found


def small_picture(actor: User, escrow_id: str, attachment_id: str) -> Found:
    """The same for the small picture of a file, which goes with the look at the history."""
    return _found(actor, escrow_id, attachment_id)[1]


def _found(actor: User, escrow_id: str, attachment_id: str) -> tuple[Escrow, Found]:
    escrow = _purchase(actor, escrow_id)
    values = {"id": lookup.row_id(attachment_id), "of": escrow.conversation_id}
    row = db.session.execute(statements.files.EVIDENCE_ATTACHMENT, values).first()
    if row is None:
        raise NotFound
    return escrow, Found(Attached._make(row[: len(Attached._fields)]), row.key, row.sha256)
