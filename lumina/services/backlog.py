"""For how long what is to leave has been waiting, whatever holds it up; told to the metrics."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from sqlalchemy import func, select

from lumina import clock, metrics
from lumina.extensions import db
from lumina.models import Conversation, Digest, LinkFetch, Push, RelayedEvent

QUEUES = {
    "push_deliveries": Push.due_at,
    "notices": Conversation.notices_due_at,
    "mails": Digest.due_at,
    "link_previews": LinkFetch.due_at,
}
OLDEST = select(
    *(
        select(func.min(at)).where(at.is_not(None)).scalar_subquery().label(name)
        for name, at in QUEUES.items()
    ),
    select(func.min(RelayedEvent.id)).scalar_subquery().label("relayed_events"),
)
# Events of commands bear no time: the oldest one's id, and when it was first seen here.
_oldest_relayed: tuple[int | None, float] = None, 0.0


def tell() -> Iterator[None]:
    """Measure how old the oldest row of each queue is."""
    global _oldest_relayed
    try:
        found = db.session.execute(OLDEST).one()._mapping
    finally:
        db.session.close()
    now = clock.now()
    for name in QUEUES:
        age = (now - found[name]).total_seconds() if found[name] else 0
        metrics.queue_age.labels(name).set(max(age, 0))
    if found["relayed_events"] != _oldest_relayed[0]:
        _oldest_relayed = found["relayed_events"], monotonic()
    is_waiting = _oldest_relayed[0] is not None
    metrics.queue_age.labels("relayed_events").set(monotonic() - _oldest_relayed[1] if is_waiting else 0)
    yield
