"""Telling senders that what they have just sent has reached those who are here, at most once a second."""

from __future__ import annotations

from collections.abc import Iterator

from lumina import clock
from lumina.extensions import db
from lumina.models import statements
from lumina.services import events, presence

# Conversation -> its newest message that nobody has been told of, and who wrote since the last round.
_waiting: dict[int, tuple[int, set[int]]] = {}


def note(conversation_id: int, message_id: int, sender_id: int) -> None:
    """This message has been sent to everybody who is here."""
    _, authors = _waiting.get(conversation_id, (0, set()))
    _waiting[conversation_id] = message_id, authors | {sender_id}


def tell() -> Iterator[None]:
    """One round: tell the authors, in a single statement for all that has been sent since the last one."""
    waiting = dict(_waiting)
    _waiting.clear()
    if waiting:
        rows = statements.run(statements.receipts.SMALL_CIRCLES, {"ids": list(waiting)}).all()
        db.session.close()
        now = clock.now()
        for row in rows:
            message_id, authors = waiting[row.conversation_id]
            others = tuple(sorted(authors - {row.id}))
            if others and row.show_receipts and presence.is_online(row.id):
                delivered = events.MessagesDelivered(row.conversation_id, row.id, message_id, now, others)
                events.publish(delivered)
    yield
