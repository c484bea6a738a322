"""Who belongs to a group: adding, removing, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from lumina import clock
from lumina.config import Config
from lumina.errors import Conflict, Forbidden, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Conversation, Membership, User, statements
from lumina.services import blocks, cursors, events, lines, lookup, reach, views
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView, Page, Participant

MOST_NAMED = 20
_most = 5000


def configure(config: Config) -> None:
    """Take how many a group may hold."""
    global _most
    _most = config.max_group_members


def people(actor: User, user_ids: list[str], field: str) -> list[int]:
    """The others among these ids, each once, in order. Raises Invalid where nobody is left, NotFound for a stranger."""
    wanted = list(dict.fromkeys(lookup.row_id(user_id) for user_id in user_ids))
    wanted = [user_id for user_id in wanted if user_id != actor.id]
    if not wanted:
        raise Invalid.field(field, "Please name at least one other person.")
    require_room(len(wanted))
    known = db.session.scalar(select(func.count()).select_from(User).where(User.id.in_(wanted)))
    if known != len(wanted):
        raise NotFound("One of these people does not exist.")
    return wanted


def require_room(count: int) -> None:
    """Raises Conflict group_full for more members than a group may hold."""
    if count > _most:
        raise Conflict(f"A group holds at most {_most:,} people.", code="group_full")


def require_drawable(actor: User, user_ids: list[int]) -> None:
    """Raises Forbidden: blocked where the actor and one of these people want nothing of each other, group_closed where one
    of them keeps the actor out."""
    blocks.require_none(actor, user_ids, "You cannot add one of these people.")
    reach.require_drawable(actor, user_ids)


def enter(conversation: Conversation, user_ids: list[int], now: datetime, role: str = "member") -> None:
    """Within an operation: make these people members. New ones see the history, and it counts as read. Raises NotFound
    for one who has closed their account."""
    _require_there(user_ids)
    rows = [
        {
            "conversation_id": conversation.id,
            "user_id": user_id,
            "role": role,
            "joined_at": now,
            "read_position": conversation.version,
            "read_message_id": conversation.last_message_id,
        }
        for user_id in user_ids
    ]
    if rows:
        db.session.execute(insert(Membership), rows)


def _require_there(user_ids: list[int]) -> None:
    # Locked, so that whoever closes an account meanwhile sees where it has become a member.
    there = db.session.scalars(
        select(User.id)
        .where(User.id.in_(user_ids), User.closed_at.is_(None))
        .order_by(User.id)
        .with_for_update(read=True, key_share=True)
    ).all()
    if len(there) != len(set(user_ids)):
        raise NotFound("One of these people does not exist.")


def conversations_of(actor: User) -> dict[int, str]:
    """The ids of all conversations that the actor is in, each with what notifies them: all, mentions or none."""
    rows = statements.run(statements.conversations.LEVELS, {"user": actor.id}).all()
    now = clock.now()
    return {row.conversation_id: "none" if is_muted(row, now) else row.notification_level for row in rows}


def is_muted(membership: Any, now: datetime) -> bool:
    """Whether a mute holds: it is for good, or its time is not over."""
    return membership.muted and (membership.muted_until is None or membership.muted_until > now)


def list_for(
    actor: User, conversation_id: str, cursor: str | None = None, limit: int = 50
) -> Page[Participant]:
    """The members, longest first. Raises NotFound, Invalid."""
    conversation = lookup.conversation_view(actor, conversation_id).conversation
    values: dict[str, Any] = {"of": conversation.id, "most": limit + 1}
    if cursor:
        values["joined_at"], values["id"] = cursors.decode(cursor, cursors.moment, cursors.number)
    statement = statements.members.MEMBERS_AFTER if cursor else statements.members.MEMBERS
    rows = db.session.execute(statement, values).all()
    page = rows[:limit]
    following = cursors.encode(page[-1].joined_at.isoformat(), page[-1].id) if len(rows) > limit else None
    return Page([Participant._make(row) for row in page], following)


@operation(queue_by="conversation_id")
def add(actor: User, conversation_id: str, user_ids: list[str]) -> ConversationView:
    """Let people into a group; those in it already stay as they are. Raises NotFound, Forbidden, Invalid, Conflict."""
    conversation = lookup.administered_group(actor, conversation_id)
    wanted = people(actor, user_ids, "userIds")
    present = set(
        db.session.scalars(
            select(Membership.user_id).where(
                Membership.conversation_id == conversation.id, Membership.user_id.in_(wanted)
            )
        )
    )
    new = [user_id for user_id in wanted if user_id not in present]
    if not new:
        return lookup.conversation_view(actor, conversation.id)
    require_room(conversation.member_count + len(new))
    require_drawable(actor, new)
    now = clock.now()
    enter(conversation, new, now)
    conversation.member_count += len(new)
    conversation.updated_at = now
    db.session.flush()
    record(events.MembersAdded(lookup.conversation_view(actor, conversation.id), tuple(new)))
    lines.add(conversation, actor, "joined", users=_named(new), count=len(new))
    return lookup.conversation_view(actor, conversation.id)


@operation(queue_by="conversation_id")
def remove(actor: User, conversation_id: str, user_id: str) -> ConversationView | None:
    """Remove somebody, or leave: then there is no view any more. Raises NotFound, Forbidden."""
    conversation, own = lookup.locked(actor, conversation_id)
    lookup.require_group(conversation)
    leaving_id = lookup.row_id(user_id)
    if leaving_id != actor.id and own.role != "admin":
        raise Forbidden("Only an admin of the group may do this.", code="not_an_admin")
    _depart(conversation, actor, leaving_id)
    return None if leaving_id == actor.id else lookup.conversation_view(actor, conversation.id)


def leave(actor: User, conversation: Conversation) -> None:
    """Within an operation that has locked the group: the actor goes, and somebody is still its admin."""
    _depart(conversation, actor, actor.id)


def _depart(conversation: Conversation, actor: User, leaving_id: int) -> None:
    removed = db.session.execute(
        delete(Membership)
        .where(Membership.conversation_id == conversation.id, Membership.user_id == leaving_id)
        .returning(Membership.role)
    ).first()
    if removed is None:
        raise NotFound
    conversation.member_count -= 1
    conversation.updated_at = clock.now()
    heir = _keep_an_admin(conversation)
    db.session.flush()
    record(events.MemberRemoved(views.broadcast(conversation), leaving_id))
    if leaving_id == actor.id:
        lines.add(conversation, actor, "left")
    else:
        lines.add(conversation, actor, "removed", users=_named([leaving_id]))
    if heir:
        lines.add(conversation, actor, "made_admin", users=_named([heir.user_id]))


def _named(user_ids: list[int]) -> list[dict[str, str]]:
    """The first of these people as a system line's params name them, and how many there are in all."""
    users = db.session.scalars(select(User).where(User.id.in_(user_ids[:MOST_NAMED])).order_by(User.id))
    return [{"id": str(user.id), "name": user.name} for user in users]


def _keep_an_admin(conversation: Conversation) -> Membership | None:
    """When the last admin leaves, the longest member becomes one: who that is."""
    of_group = select(Membership).where(Membership.conversation_id == conversation.id)
    if db.session.scalar(of_group.where(Membership.role == "admin").limit(1)):
        return None
    heir: Membership | None = db.session.scalar(
        of_group.order_by(Membership.joined_at, Membership.user_id).limit(1)
    )
    if heir:
        heir.role = "admin"
    return heir
