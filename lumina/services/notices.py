"""Who is to be notified beyond the sockets: a moment after a message was sent, whoever has not read it.

Sending only notes on the conversation when to look (statements.APPEND); that is done here for all that was said since the
last time. What comes of it are rows: a push for each browser and conversation, a digest for whoever is away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, or_, select, update

from lumina import clock
from lumina.config import Config
from lumina.extensions import db
from lumina.models import (
    Conversation,
    Digest,
    Membership,
    Message,
    NotificationPreferences,
    Push,
    PushSubscription,
    User,
    statements,
)
from lumina.services import members, preferences, presence
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation

# Of more messages than this, said within seconds, the newest are looked at.
MOST = 100
_digest_after: timedelta | None = None


def configure(config: Config) -> None:
    """Take after how long an absence digests are mailed, if at all."""
    global _digest_after
    hours = config.digest_hours if config.smtp_url else 0
    _digest_after = timedelta(hours=hours) if hours else None


@operation()
def give(actor: None, conversation_id: int) -> bool:
    """Note whom to notify of what was said since the last time; False where another process has done so."""
    now = clock.now()
    found = db.session.execute(
        select(Conversation.notified_position, Conversation.last_position)
        .where(Conversation.id == conversation_id, Conversation.notices_due_at <= now)
        .with_for_update(skip_locked=True)
    ).first()
    if found is None:
        return False
    db.session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(notices_due_at=None, notified_position=found.last_position)
        .execution_options(synchronize_session=False)
    )
    wanting = _wanting(conversation_id, found.last_position, now)
    messages = _said(conversation_id, found.notified_position) if wanting else []
    for subscription_id, member in wanting:
        news = [message for message in messages if _concerns(member, message)]
        if news:
            _push(subscription_id, member, news, now)
    if _digest_after is not None:
        _announce_digests(conversation_id, found.last_position, now, _digest_after)
    return True


def _wanting(conversation_id: int, position: int, now: datetime) -> list[tuple[int, Any]]:
    """The browsers of members who have not read up to there, and want to know."""
    rows = db.session.execute(
        select(
            PushSubscription.id,
            Membership.conversation_id,
            Membership.user_id,
            Membership.read_position,
            Membership.notification_level,
            Membership.muted,
            Membership.muted_until,
        )
        .join(PushSubscription, PushSubscription.user_id == Membership.user_id)
        .where(
            Membership.conversation_id == conversation_id,
            Membership.notification_level != "none",
            Membership.read_position < position,
        )
    )
    return [(row.id, row) for row in rows if not members.is_muted(row, now)]


def _said(conversation_id: int, position: int) -> list[Any]:
    """What people said after a position, oldest first."""
    newest = db.session.execute(
        select(
            Message.id,
            Message.position,
            Message.sender_id,
            Message.mentions,
            Message.is_priority,
            Message.priority_level,
        )
        .where(
            Message.conversation_id == conversation_id,
            Message.position > position,
            Message.type != "system",
            Message.deleted_at.is_(None),
            Message.expired_at.is_(None),
        )
        .order_by(Message.position.desc())
        .limit(MOST)
    ).all()
    return list(reversed(newest))


def _concerns(member: Any, message: Any) -> bool:
    if message.sender_id == member.user_id or message.position <= member.read_position:
        return False
    is_mentioned = any(user_id == member.user_id for user_id, _ in message.mentions or ())
    return member.notification_level == "all" or is_mentioned


def _push(subscription_id: int, member: Any, news: list[Any], now: datetime) -> None:
    """One row for a browser and a conversation, however much is said; in quiet hours it waits for their end."""
    wishes = preferences.of(member.user_id)
    is_urgent = any(message.is_priority and message.priority_level == "urgent" for message in news)
    until = None if is_urgent and wishes.urgent_in_quiet else preferences.quiet_until(wishes, now)
    row = db.session.get(Push, (subscription_id, member.conversation_id), with_for_update=True)
    if row is None:
        row = Push(
            subscription_id=subscription_id, conversation_id=member.conversation_id, count=0, state="due"
        )
        db.session.add(row)
    elif row.state == "clearing":
        row.count = 0
    row.user_id, row.message_id, row.count = member.user_id, news[-1].id, row.count + len(news)
    row.escrow_id = None
    row.state, row.due_at = "due" if row.state == "due" else "again", until or now
    row.attempts, row.created_at = 0, now
    db.session.flush()


def _announce_digests(conversation_id: int, position: int, now: datetime, after: timedelta) -> None:
    """Whoever is away, and has none announced, gets a digest some hours after they were last seen."""
    rows = db.session.execute(
        select(User.id, User.last_seen_at, User.created_at)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(Digest, Digest.user_id == User.id)
        .outerjoin(NotificationPreferences, NotificationPreferences.user_id == User.id)
        .where(
            Membership.conversation_id == conversation_id,
            Membership.read_position < position,
            Membership.notification_level != "none",
            Digest.user_id.is_(None),
            User.suspended_at.is_(None),
            User.closed_at.is_(None),
            or_(NotificationPreferences.digest.is_(None), NotificationPreferences.digest),
        )
    )
    announced = [
        {"user_id": row.id, "due_at": max((row.last_seen_at or row.created_at) + after, now)}
        for row in rows
        if not presence.is_online(row.id)
    ]
    if announced:
        db.session.execute(insert(Digest), announced)


DUE = statements.due.earliest(Conversation.id, at=Conversation.notices_due_at)
JOBS = [Job("notices", by(DUE), partial(give, None))]
