"""The same POST twice does its work once: the first answer is committed with what it did, and replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite

from lumina import clock
from lumina.errors import Conflict, Invalid
from lumina.extensions import db
from lumina.models import IdempotencyKey, User
from lumina.services.unit_of_work import operation

LASTS = timedelta(days=1)
LONGEST = 255

Answer = tuple[int, bytes]


@operation(queue_by="queue")
def once(
    actor: User, route: str, key: str, fingerprint: str, queue: str | None, answer: Callable[[User], Answer]
) -> Answer:
    """The first answer to this key, or `answer` now: (status, body). A concurrent second one waits for the first.

    `queue` is the conversation that `answer` will write to, if it is one.

    Raises Conflict idempotency_mismatch where the body differs, Invalid for an unfit key; and what `answer` raises,
    with nothing kept.
    """
    if not 0 < len(key) <= LONGEST or "\x00" in key:
        raise Invalid.field("Idempotency-Key", f"An Idempotency-Key has 1 to {LONGEST} characters.")
    if not _claim(actor, route, key, fingerprint):
        first = db.session.get_one(IdempotencyKey, (actor.id, route, key))
        if first.fingerprint != fingerprint:
            raise Conflict("This Idempotency-Key came with another body before.", code="idempotency_mismatch")
        return first.status, first.answer
    status, body = answer(actor)
    kept = db.session.get_one(IdempotencyKey, (actor.id, route, key))
    kept.status, kept.answer = status, body
    return status, body


def _claim(actor: User, route: str, key: str, fingerprint: str) -> bool:
    """Whether this call is the first with the key within a day. The insert waits for another one under way."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    now = clock.real_now()
    fresh = {"fingerprint": fingerprint, "status": 0, "answer": b"", "created_at": now}
    claimed = db.session.execute(
        insert(IdempotencyKey)
        .values(user_id=actor.id, route=route, key=key, **fresh)
        .on_conflict_do_update(
            index_elements=["user_id", "route", "key"],
            set_=fresh,
            where=IdempotencyKey.created_at < now - LASTS,
        )
        .returning(IdempotencyKey.user_id)
    ).first()
    return claimed is not None
