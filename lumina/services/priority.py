"""The priority inbox: what an expert owes an answer, the soonest due first, then by level, then who waits longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, select, tuple_

from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Escrow, Expert, Message, User, statements
from lumina.models.types import UtcDateTime
from lumina.services import cursors, views
from lumina.services.lookup import row_id
from lumina.services.views import MessageView, Page

RANK = case((Escrow.level == "urgent", 0), (Escrow.level == "high", 1), else_=2)
# Ids grow with time: the smaller one has waited longer.
ORDER = Escrow.answer_by, RANK, Escrow.id


@dataclass(frozen=True, slots=True)
class Owed:
    """A purchase that waits for its expert, with its client and what they ask, if they have written yet."""

    escrow: Escrow
    client: User
    question: MessageView | None

    @property
    def rank(self) -> int:
        """Its place among those that are due at the same time."""
        return {"urgent": 0, "high": 1}.get(self.escrow.level or "", 2)


@dataclass(frozen=True, slots=True)
class Standing:
    """An expert's offer, how many purchases wait for them, and what is held for these in minor units."""

    offer: Expert
    count: int
    held_minor: int


def owed(actor: User, *, cursor: str | None = None, limit: int = 50) -> Page[Owed]:
    """What the actor owes an answer, from the cursor on. Raises Invalid."""
    statement = _owed_by(actor)
    if cursor:
        after = cursors.decode(cursor, cursors.moment, cursors.number, cursors.number)
        statement = statement.where(tuple_(*ORDER) > _place(*after))
    rows = db.session.execute(statement.order_by(*ORDER).limit(limit + 1)).all()
    page = _with_questions(rows[:limit])
    if len(rows) <= limit:
        return Page(page, None)
    last = page[-1]
    return Page(page, cursors.encode(last.escrow.answer_by.isoformat(), last.rank, last.escrow.id))


def find(actor: User, escrow_id: str) -> Owed:
    """One of them. Raises NotFound for what is settled, or was never owed by the actor."""
    rows = db.session.execute(_owed_by(actor).where(Escrow.id == row_id(escrow_id))).all()
    if not rows:
        raise NotFound
    return _with_questions(rows)[0]


def standing(actor: User) -> Standing:
    """Of all that the actor owes, however much is shown. Raises NotFound for who is no expert."""
    found = db.session.execute(
        select(Expert, func.count(Escrow.id), func.coalesce(func.sum(Escrow.amount_minor), 0))
        .outerjoin(Escrow, (Escrow.expert_id == Expert.user_id) & (Escrow.state == "held"))
        .where(Expert.user_id == actor.id)
        .group_by(Expert)
    ).first()
    if found is None:
        raise NotFound
    offer, count, held = found
    return Standing(offer, count, int(held))


def _owed_by(actor: User) -> Select[Any]:
    """Rows of the escrow, its client, and the id of the question: the paid message, or the first that the client has
    written since the purchase."""
    first = (
        select(Message.id)
        .where(
            Message.conversation_id == Escrow.conversation_id,
            Message.sender_id == Escrow.client_id,
            Message.position > Escrow.bought_position,
            Message.type != "system",
        )
        .order_by(Message.position)
        .limit(1)
        .correlate(Escrow)
        .scalar_subquery()
    )
    question = case((Escrow.message_id.is_not(None), Escrow.message_id), else_=first)
    return (
        select(Escrow, User, question.label("question_id"))
        .join(User, User.id == Escrow.client_id)
        .where(Escrow.expert_id == actor.id, Escrow.state == "held")
    )


def _place(answer_by: datetime, rank: int, escrow_id: int) -> Any:
    return tuple_(literal(answer_by, UtcDateTime()), rank, escrow_id)


def _with_questions(rows: Sequence[Row[Any]]) -> list[Owed]:
    ids = [row.question_id for row in rows if row.question_id is not None]
    asked = (
        {view.message.id: view for view in views.messages(statements.messages.MESSAGES, ids=ids)}
        if ids
        else {}
    )
    return [Owed(row.Escrow, row.User, asked.get(row.question_id)) for row in rows]
