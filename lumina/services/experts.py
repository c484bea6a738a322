"""Experts: the price list that each sets, the record that is computed from what they were paid for, and finding one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, tuple_

from lumina import clock
from lumina.config import Config
from lumina.errors import Invalid, NotFound
from lumina.extensions import db
from lumina.models import Escrow, Expert, User
from lumina.models.types import folded
from lumina.services import cursors, text
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation
from lumina.services.views import Page

BIO, HEADLINE, QUERY = 2000, 120, 200
# The bounds of what an offer may say, each from and to.
BOUNDS = {
    "conversation_price_minor": (1, 1_000_000_00),
    "duration_days": (1, 365),
    "answer_hours": (1, 720),
    "high_price_minor": (1, 1_000_000_00),
    "urgent_price_minor": (1, 1_000_000_00),
    "high_answer_hours": (1, 720),
    "urgent_answer_hours": (1, 720),
    "max_unanswered": (1, 1_000),
}
_defaults: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Record:
    """What became of the conversations that were bought; `refunded` leaves out what the client took back unopened."""

    answered: int = 0
    refunded: int = 0
    median_answer_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ExpertView:
    """An expert, their offer, and how it stands at the moment: `unanswered` purchases wait for them."""

    user: User
    expert: Expert
    unanswered: int
    record: Record

    @property
    def is_full(self) -> bool:
        return self.unanswered >= self.expert.max_unanswered


def configure(config: Config) -> None:
    """Take what a new price list says where its expert says nothing."""
    message = max(config.message_price_minor, 1)
    _defaults.update(
        conversation_price_minor=max(config.conversation_price_minor, 1),
        duration_days=7,
        answer_hours=48,
        high_price_minor=message,
        urgent_price_minor=2 * message,
        high_answer_hours=24,
        urgent_answer_hours=4,
        max_unanswered=10,
    )


def defaults() -> dict[str, int]:
    """What a new price list says, by the names of its columns."""
    return dict(_defaults)


@operation()
def change(actor: User, *, headline: str | None = None, bio: str | None = None, **offer: Any) -> ExpertView:
    """Set what is given of one's own price list: the names of Expert's columns, among them `is_open`; the first time
    makes one an expert, with the deployment's defaults for the rest. Raises Invalid."""
    now = clock.now()
    expert: Expert | None = db.session.get(Expert, actor.id, with_for_update=True)
    if expert is None:
        expert = Expert(user_id=actor.id, is_open=True, created_at=now, **_defaults)
        db.session.add(expert)
    for name, value in offer.items():
        if name in BOUNDS:
            _require_within(name, value)
        setattr(expert, name, value)
    if headline is not None:
        actor.headline = text.optional(headline, "headline", HEADLINE)
    if bio is not None:
        expert.bio = text.optional(bio, "bio", BIO)
    expert.updated_at = now
    db.session.flush()
    return view_of(actor, expert)


def _require_within(name: str, value: int) -> None:
    least, most = BOUNDS[name]
    if not least <= value <= most:
        raise Invalid.field(f"offer.{name}", f"This is a number from {least:,} to {most:,}.")


def find(actor: User, user_id: str) -> ExpertView:
    """An expert as everybody signed in may see them. Raises NotFound."""
    rows = db.session.execute(_experts().where(User.id == row_id(user_id))).all()
    if not rows:
        raise NotFound
    return _views(rows)[0]


def offer_of(actor: User) -> Expert | None:
    """The actor's own price list, without how it stands; None for who is no expert."""
    found: Expert | None = db.session.get(Expert, actor.id)
    return found


def list_for(
    actor: User, query: str | None = None, cursor: str | None = None, limit: int = 24
) -> Page[ExpertView]:
    """Experts by name, or by words of their name, headline and bio; who takes questions first. Raises Invalid."""
    statement = _experts()
    for word in (text.optional(query, "query", QUERY) or "").split():
        statement = statement.where(
            or_(
                User.name_key.contains(folded(word), autoescape=True),
                User.headline.icontains(word, autoescape=True),
                Expert.bio.icontains(word, autoescape=True),
            )
        )
    closed = case((Expert.is_open, 0), else_=1)
    order = closed, User.name_key, User.id
    if cursor:
        after = cursors.decode(cursor, cursors.number, str, cursors.number)
        statement = statement.where(tuple_(*order) > tuple_(*after))
    rows = db.session.execute(statement.order_by(*order).limit(limit + 1)).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        user, expert = page[-1]
        following = cursors.encode(int(not expert.is_open), user.name_key, user.id)
    return Page(_views(page), following)


def open_among(user_ids: Iterable[int]) -> set[int]:
    """Those of them who take paid questions now."""
    asked = select(Expert.user_id).where(Expert.user_id.in_(sorted(user_ids)), Expert.is_open)
    return set(db.session.scalars(asked))


def others(actor: User, view: ExpertView, most: int) -> list[ExpertView]:
    """Experts to turn to instead: first those whose headline shares words with this one's, and who take questions."""
    words = sorted(set(re.findall(r"\w{4,}", (view.user.headline or "").lower())))
    shared = [case((User.headline.icontains(word, autoescape=True), 1), else_=0) for word in words]
    likest = [sum(shared[1:], shared[0]).desc()] if shared else []
    rows = db.session.execute(
        _experts()
        .where(User.id.not_in((actor.id, view.user.id)))
        .order_by(*likest, Expert.is_open.desc(), User.name_key, User.id)
        .limit(most)
    ).all()
    return _views(rows)


def _experts() -> Select[Any, Any]:
    return (
        select(User, Expert)
        .join(Expert, Expert.user_id == User.id)
        .where(User.closed_at.is_(None), User.suspended_at.is_(None))
    )


def _views(rows: Sequence[Any]) -> list[ExpertView]:
    if not rows:
        return []
    ids = [user.id for user, _ in rows]
    waiting, records = _unanswered(ids), _records(ids)
    return [
        ExpertView(user, expert, waiting.get(user.id, 0), records.get(user.id, Record()))
        for user, expert in rows
    ]


def message_prices(user_id: int) -> dict[str, tuple[int, int]]:
    """What an expert's answer to a message costs by level, in minor units, and the hours within which it comes."""
    row = db.session.get_one(Expert, user_id)
    return {
        "high": (row.high_price_minor, row.high_answer_hours),
        "urgent": (row.urgent_price_minor, row.urgent_answer_hours),
    }


def view_of(user: User, expert: Expert) -> ExpertView:
    """An expert whose rows are at hand."""
    return _views([(user, expert)])[0]


def count_unanswered(expert_id: int) -> int:
    """How many purchases wait for this expert's answer."""
    return _unanswered([expert_id]).get(expert_id, 0)


def _unanswered(ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Escrow.expert_id, func.count().label("waiting"))
        .where(Escrow.expert_id.in_(ids), Escrow.state == "held")
        .group_by(Escrow.expert_id)
    )
    return {row.expert_id: row.waiting for row in rows}


def _records(ids: list[int]) -> dict[int, Record]:
    """From the conversations bought of these experts: counts, and the median of the seconds until an answer."""
    of_them = and_(Escrow.expert_id.in_(ids), Escrow.kind == "conversation")
    ranked = (
        select(
            Escrow.expert_id,
            Escrow.answer_seconds,
            func.row_number()
            .over(partition_by=Escrow.expert_id, order_by=Escrow.answer_seconds)
            .label("place"),
            func.count().over(partition_by=Escrow.expert_id).label("many"),
        )
        .where(of_them, Escrow.answer_seconds.is_not(None))
        .subquery()
    )
    middle = or_(2 * ranked.c.place == ranked.c.many, 2 * ranked.c.place == ranked.c.many + 1)
    middle = or_(middle, 2 * ranked.c.place == ranked.c.many + 2)
    medians = {
        expert_id: round(seconds)
        for expert_id, seconds in db.session.execute(
            select(ranked.c.expert_id, func.avg(ranked.c.answer_seconds))
            .where(middle)
            .group_by(ranked.c.expert_id)
        )
    }
    was_refunded = and_(Escrow.state == "refunded", Escrow.refund_reason != "cancelled")
    counts = db.session.execute(
        select(
            Escrow.expert_id,
            func.count(Escrow.answered_at),
            func.count(case((was_refunded, 1))),
        )
        .where(of_them)
        .group_by(Escrow.expert_id)
    )
    return {
        expert_id: Record(answered, refunded, medians.get(expert_id))
        for expert_id, answered, refunded in counts
    }
