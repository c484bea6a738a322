"""Asking an expert: what stands in the way, what was begun, and the purchase with its question as one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from lumina import clock
from lumina.errors import Conflict, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Escrow, Expert, Message, QuestionDraft, User
from lumina.models.conversations import priority_key
from lumina.services import blocks, experts, lookup, messages, purchases, text
from lumina.services.experts import ExpertView
from lumina.services.purchases import Agreed
from lumina.services.unit_of_work import operation

DRAFTS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Prospect:
    """An expert as somebody who may ask them sees it. `obstacle` is what buying would be refused with, or None:
    own_offer, already_open, blocked, offer_closed, offer_full. `conversation_id` is that of an earlier purchase."""

    expert: ExpertView
    conversation_id: int | None
    obstacle: str | None


def prospect(actor: User, expert_id: str) -> Prospect:
    """How the actor stands to this expert. Raises NotFound."""
    view = experts.find(actor, expert_id)
    earlier = db.session.execute(
        select(Conversation.id, Escrow)
        .join(Escrow, Escrow.id == Conversation.escrow_id)
        .where(Conversation.direct_key == priority_key(actor.id, view.user.id))
    ).first()
    conversation_id, escrow = earlier or (None, None)
    return Prospect(view, conversation_id, _obstacle(actor, view, escrow))


def _obstacle(actor: User, view: ExpertView, escrow: Escrow | None) -> str | None:
    if view.user.id == actor.id:
        return "own_offer"
    if escrow and purchases.is_open(escrow, clock.now()):
        return "already_open"
    if blocks.stands_between(actor.id, view.user.id):
        return "blocked"
    if not view.expert.is_open:
        return "offer_closed"
    return "offer_full" if view.is_full else None


def ask(actor: User, expert_id: str, agreed: Agreed, question: str, client_message_id: str) -> int:
    """Buy the expert's attention, for the first time or again, and put the question: the conversation's id. The same
    client_message_id a second time buys nothing and leads there too. Raises as messages.send and purchases.buy do."""
    question = text.message(question)
    client_message_id = text.required(client_message_id, "clientMessageId", messages.CLIENT_ID)
    of = lookup.row_id(expert_id)
    if of == actor.id:
        raise Invalid("Nobody can buy their own attention.", code="own_offer")
    return _ask(actor, of, agreed, question, client_message_id)


@operation(queue_by="expert_id")
def _ask(actor: User, expert_id: int, agreed: Agreed, question: str, client_message_id: str) -> int:
    # The same row first as in any purchase, so that the second of two submissions sees what the first has done.
    db.session.execute(select(Expert.user_id).where(Expert.user_id == expert_id).with_for_update())
    key = priority_key(actor.id, expert_id)
    before = select(Conversation.id).where(Conversation.direct_key == key)
    conversation_id = db.session.scalar(before)
    asked_in = db.session.scalar(
        select(Message.conversation_id).where(
            Message.sender_id == actor.id, Message.client_message_id == client_message_id
        )
    )
    if asked_in:
        if asked_in != conversation_id:
            raise Conflict("This has been sent somewhere else already.", code="duplicate")
        return asked_in
    if conversation_id:
        purchases.renew(actor, str(conversation_id), agreed)
    else:
        conversation_id = purchases.buy(actor, [str(expert_id)], agreed).conversation.id
    messages.send(actor, str(conversation_id), content=question, client_message_id=client_message_id)
    _forget_draft(actor, expert_id)
    return int(conversation_id)


def draft(actor: User, expert_id: int) -> str:
    """What the actor had begun to ask this expert."""
    mine = QuestionDraft.user_id == actor.id, QuestionDraft.expert_id == expert_id
    return db.session.scalar(select(QuestionDraft.content).where(*mine)) or ""


@operation()
def keep_draft(actor: User, expert_id: str, question: str) -> None:
    """Keep what the actor has begun to ask; nothing takes it away. Raises NotFound, Invalid."""
    of = experts.find(actor, expert_id).user.id
    if content := text.message(question, required=False):
        insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        kept = {"content": content, "updated_at": clock.real_now()}
        db.session.execute(
            insert(QuestionDraft)
            .values(user_id=actor.id, expert_id=of, **kept)
            .on_conflict_do_update(index_elements=["user_id", "expert_id"], set_=kept)
        )
    else:
        _forget_draft(actor, of)


def _forget_draft(actor: User, expert_id: int) -> None:
    mine = QuestionDraft.user_id == actor.id, QuestionDraft.expert_id == expert_id
    db.session.execute(delete(QuestionDraft).where(*mine).execution_options(synchronize_session=False))
