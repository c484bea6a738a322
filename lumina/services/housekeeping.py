"""What nobody needs any more goes: sessions long over, spent links, answers that were kept for a retry, questions that
were not asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, inspect, select, tuple_

from lumina import clock
from lumina.extensions import db
from lumina.models import IdempotencyKey, PasswordReset, QuestionDraft, Session
from lumina.services import asking, idempotency
from lumina.services.sweep import Job
from lumina.services.unit_of_work import operation

SESSIONS_KEPT = timedelta(days=30)
EVERY = 600
MOST = 500


@dataclass(frozen=True)
class Leftovers:
    """Rows that go some time after the moment in `column`, the oldest first and many at a time."""

    name: str
    column: Any
    kept: timedelta

    @property
    def job(self) -> Job:
        """They are due as one thing, as old as the oldest of them."""
        return Job(self.name, self.due, partial(_clear, None), every=EVERY, now=clock.real_now)

    def due(self, now: datetime, most: int) -> list[tuple[Leftovers, datetime]]:
        oldest = db.session.scalar(
            select(self.column).where(self.column < now - self.kept).order_by(self.column).limit(1)
        )
        return [(self, oldest + self.kept)] if oldest else []


@operation()
def _clear(actor: None, leftovers: Leftovers) -> bool:
    model, limit = leftovers.column.class_, clock.real_now() - leftovers.kept
    key = inspect(model).primary_key
    oldest = (
        select(*key)
        .where(leftovers.column < limit)
        .order_by(leftovers.column)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    found = db.session.execute(oldest).all()
    if found:
        db.session.execute(delete(model).where(tuple_(*key).in_(found)))
    return bool(found)


JOBS = [
    leftovers.job
    for leftovers in (
        Leftovers("ended_sessions", Session.ended_at, SESSIONS_KEPT),
        Leftovers("expired_sessions", Session.expires_at, SESSIONS_KEPT),
        Leftovers("spent_links", PasswordReset.expires_at, timedelta()),
        Leftovers("idempotency_keys", IdempotencyKey.created_at, idempotency.LASTS),
        Leftovers("question_drafts", QuestionDraft.updated_at, asking.DRAFTS_KEPT),
    )
]
