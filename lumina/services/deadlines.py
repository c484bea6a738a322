"""What happens to purchases when their time has come, without anybody lifting a finger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Escrow, User, statements
from lumina.models.statements.due import NOW
from lumina.services import events, lines, pushes, settling, views
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation, record


def _job(
    name: str, column: Any, standing: Any, step: Callable[[Conversation, Escrow, datetime], bool]
) -> Job:
    """A step of one purchase, at the time in its column: taken under its locks, if it is still due."""

    @operation(queue_by="conversation_id")
    def locked(actor: None, conversation_id: int, escrow_id: int) -> bool:
        conversation = db.session.scalars(
            statements.sending.LOCKED_CONVERSATION, {"of": conversation_id}
        ).one()
        escrow = db.session.get_one(Escrow, escrow_id, with_for_update=True, populate_existing=True)
        return step(conversation, escrow, clock.now())

    due = statements.due.earliest(
        Escrow.conversation_id, Escrow.id, at=column, when=(column < NOW) & standing
    )
    return Job(name, by(due), lambda key: locked(None, *key))


def _refund(conversation: Conversation, escrow: Escrow, now: datetime) -> bool:
    if escrow.state != "held" or escrow.answer_by >= now:
        return False
    settling.refund(conversation, [escrow], "expired", now)
    return True


def _release(conversation: Conversation, escrow: Escrow, now: datetime) -> bool:
    if escrow.state != "answered" or escrow.release_at is None or escrow.release_at >= now:
        return False
    settling.release(conversation, escrow, now)
    return True


def _close(conversation: Conversation, escrow: Escrow, now: datetime) -> bool:
    """The window is over: the client writes no more until the next one is bought. While an answer is owed it is open,
    whatever its end would be."""
    if not escrow.is_open or escrow.state == "held" or escrow.window_ends_at is None:
        return False
    if escrow.window_ends_at >= now:
        return False
    escrow.is_open = False
    db.session.flush()
    lines.note(conversation, escrow.client_id, "window_closed", settling.told(escrow))
    record(events.ConversationUpdated(views.broadcast(conversation)))
    return True


def _remind(conversation: Conversation, escrow: Escrow, now: datetime) -> bool:
    """At half and at four fifths of the time: once for what has passed meanwhile, however long we stood still."""
    if escrow.state != "held" or escrow.remind_at is None or escrow.remind_at >= now:
        return False
    while escrow.remind_at is not None and escrow.remind_at < now:
        escrow.reminders += 1
        escrow.remind_at = settling.reminder_at(escrow)
    db.session.flush()
    if escrow.answer_by >= now:
        client, expert = (db.session.get_one(User, of) for of in (escrow.client_id, escrow.expert_id))
        record(events.EscrowReminder(escrow, expert.email, expert.name, client.name))
        pushes.remind(escrow)
    return True


JOBS = [
    _job("escrow_refunds", Escrow.answer_by, Escrow.state == "held", _refund),
    _job("escrow_releases", Escrow.release_at, Escrow.state == "answered", _release),
    _job("escrow_reminders", Escrow.remind_at, Escrow.state == "held", _remind),
    _job("escrow_windows", Escrow.window_ends_at, Escrow.is_open & (Escrow.state != "held"), _close),
]
