"""Pushes on their way to browsers: claimed by one process, sent by its outlet, and settled by what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from lumina import clock
from lumina.extensions import db
from lumina.models import Escrow, Membership, Message, Push, PushSubscription, User, statements
from lumina.services import members, preferences, views
from lumina.services.sweep import by
from lumina.services.unit_of_work import operation
from lumina.services.views import ConversationView, MessageView

log = logging.getLogger(__name__)
# While one process sends it, the others leave it alone.
CLAIM = timedelta(seconds=60)
# Before what failed is tried again: doubled each time, up to the longest; after a day it is given up.
FIRST_PAUSE, LONGEST_PAUSE, GIVEN_UP = timedelta(seconds=5), timedelta(hours=1), timedelta(days=1)
Key = tuple[int, int]


@dataclass(frozen=True)
class Claim:
    """A push that is this process's for a while: where it goes, and what it is about: a message, or the answer that is
    owed for an escrow. Without either it takes away what was shown before."""

    key: Key
    attempts: int
    endpoint: str
    p256dh: str
    auth: str
    viewer: User
    conversation_id: int
    unread: int
    count: int = 0
    hide_content: bool = False
    message: MessageView | None = None
    conversation: ConversationView | None = None
    escrow: Escrow | None = None

    @property
    def is_news(self) -> bool:
        return self.message is not None or self.escrow is not None


@dataclass(frozen=True)
class Outcome:
    """What came of sending: `sent`, `gone` (the browser takes no more), `refused` (this one will never do), or `failed`
    and worth another try, after `retry_after` seconds where the push service named them."""

    kind: str
    retry_after: float = 0


due = by(statements.due.earliest(Push.subscription_id, Push.conversation_id, at=Push.due_at))


def read(user_id: int, conversation_id: int) -> None:
    """Within an operation: this person has read the conversation, so what was shown of it is to be taken away."""
    db.session.execute(
        update(Push)
        .where(Push.user_id == user_id, Push.conversation_id == conversation_id, Push.state == "shown")
        .values(state="clearing", due_at=clock.now(), attempts=0)
        .execution_options(synchronize_session=False)
    )


def remind(escrow: Escrow) -> None:
    """Within an operation: its expert's browsers are told that the time for an answer runs short. In quiet hours that
    waits for their end, unless it is urgent."""
    now, wishes = clock.now(), preferences.of(escrow.expert_id)
    may_disturb = escrow.level == "urgent" and wishes.urgent_in_quiet
    due_at = None if may_disturb else preferences.quiet_until(wishes, now)
    latest = db.session.scalar(
        select(func.max(Message.id)).where(
            Message.conversation_id == escrow.conversation_id, Message.sender_id == escrow.client_id
        )
    )
    theirs = select(PushSubscription.id).where(PushSubscription.user_id == escrow.expert_id)
    for subscription_id in db.session.scalars(theirs.order_by(PushSubscription.id)).all():
        row = db.session.get(Push, (subscription_id, escrow.conversation_id), with_for_update=True)
        if row is None:
            row = Push(
                subscription_id=subscription_id,
                conversation_id=escrow.conversation_id,
                user_id=escrow.expert_id,
                message_id=latest,
                count=0,
                state="due",
            )
            db.session.add(row)
        row.state = "due" if row.state == "due" else "again"
        row.escrow_id, row.due_at, row.attempts, row.created_at = escrow.id, due_at or now, 0, now
    db.session.flush()


@operation()
def claim(actor: None, key: Key) -> Claim | None:
    """Take what is due; None where somebody else was faster, or nothing is left to be sent."""
    now = clock.now()
    row: Push | None = db.session.scalar(
        select(Push)
        .where(Push.subscription_id == key[0], Push.conversation_id == key[1], Push.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.due_at, row.attempts = now + CLAIM, row.attempts + 1
    subscription = db.session.get_one(PushSubscription, row.subscription_id)
    viewer = db.session.get_one(User, row.user_id)
    where = subscription.endpoint, subscription.p256dh, subscription.auth
    message, escrow = (None, None) if row.state == "clearing" else _wanted(row, now)
    if message is None and escrow is None and row.state == "due":
        db.session.delete(row)
        return None
    unread = db.session.scalar(statements.conversations.UNREAD_CONVERSATIONS, {"viewer": viewer.id}) or 0
    if message is None and escrow is None:
        return Claim(key, row.attempts, *where, viewer, row.conversation_id, unread)
    [conversation] = views.conversations(
        statements.conversations.CONVERSATION, viewer.id, of=row.conversation_id
    )
    return Claim(
        key,
        row.attempts,
        *where,
        viewer,
        row.conversation_id,
        unread,
        row.count,
        preferences.of(viewer.id).hide_content,
        message,
        conversation,
        escrow,
    )


def _wanted(row: Push, now: datetime) -> tuple[MessageView | None, Escrow | None]:
    """The message, if its reader may still see it, has not read it, and still wants to know; or the purchase, if an
    answer is still owed."""
    member = db.session.get(Membership, (row.conversation_id, row.user_id))
    if member is None or member.notification_level == "none" or members.is_muted(member, now):
        return None, None
    if row.escrow_id is not None:
        escrow = db.session.get_one(Escrow, row.escrow_id)
        return None, escrow if escrow.state == "held" and now < escrow.answer_by else None
    found = views.messages(statements.messages.VISIBLE_MESSAGE, id=row.message_id, viewer=row.user_id)
    is_news = found and found[0].message.position > member.read_position and not found[0].message.deleted_at
    return (found[0] if is_news else None), None


@operation()
def settle(actor: None, claim: Claim, outcome: Outcome) -> None:
    """Note what came of sending it; what has changed meanwhile stands."""
    row: Push | None = db.session.scalar(
        select(Push)
        .where(Push.subscription_id == claim.key[0], Push.conversation_id == claim.key[1])
        .with_for_update()
    )
    if outcome.kind == "gone":
        db.session.execute(delete(PushSubscription).where(PushSubscription.id == claim.key[0]))
        return
    if row is None or row.attempts != claim.attempts:
        return
    now = clock.now()
    if outcome.kind == "failed" and now - row.created_at < GIVEN_UP:
        pause = max(timedelta(seconds=outcome.retry_after), FIRST_PAUSE * 2 ** min(row.attempts - 1, 12))
        row.due_at = now + min(pause, LONGEST_PAUSE)
    elif outcome.kind == "sent" and claim.is_news:
        row.state, row.due_at = "shown", None
    else:
        db.session.delete(row)
