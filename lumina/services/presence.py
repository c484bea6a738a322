"""Who is here. A person is online while any of their sockets is, and for a moment after, so that a page that is loaded
anew does not flicker.

Which sockets there are is kept in a Registry (registries.py); what others are told of it, and the rows that outlive the
process, are settled in batches: one round costs the same few statements, however many have come and gone. Of several
processes one tells; the others keep watching, so that any of them can go on where it stops.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from lumina import clock
from lumina.config import Config
from lumina.extensions import db
from lumina.models import Block, Conversation, Digest, Membership, Message, User
from lumina.models.statements.tables import LARGE
from lumina.services import events
from lumina.services.registries import InMemory, InRedis, Registry
from lumina.services.unit_of_work import operation, record

# How long somebody may be gone before others are told.
GRACE = timedelta(seconds=2)
# How stale `last_seen_at` can get while somebody is here: what a crash leaves behind is wrong by no more.
BEAT = timedelta(minutes=1)
BATCH = 200


_registry: Registry = InMemory()
# Whose the sockets of this process are.
_people_by_sid: dict[str, int] = {}
# How often sockets of this process were moved to other rooms, or closed, by what had happened.
_moves = 0
# Whom the others know to be here, and until when those who have just gone are still taken for it.
_announced: set[int] = set()
_leaving: dict[int, datetime] = {}
_beaten = clock.real_now()


def configure(config: Config) -> None:
    """Take where the sockets are kept."""
    use(InRedis(config.redis_url) if config.redis_url else InMemory())


def use(registry: Registry) -> None:
    """Begin anew with this registry."""
    global _registry, _beaten
    _registry, _beaten = registry, clock.real_now()
    for state in (_people_by_sid, _announced, _leaving):
        state.clear()


def enter(user_id: int, sid: str) -> None:
    """A socket of this person has come; others learn of it at the next round."""
    _people_by_sid[sid] = user_id
    _registry.enter(user_id, sid)


def leave(user_id: int, sid: str) -> None:
    """It has gone."""
    _people_by_sid.pop(sid, None)
    _registry.leave(user_id, sid)


def person(sid: str) -> int | None:
    """Whose a socket of this process is."""
    return _people_by_sid.get(sid)


def moved() -> None:
    """Some of this process's sockets are moved to other rooms, or closed."""
    global _moves
    _moves += 1


def moves() -> int:
    """How often that has been: a socket that is just coming in has missed nothing where the number is as before."""
    return _moves


def is_online(user_id: int) -> bool:
    """Whether somebody is here, or was a moment ago."""
    return _registry.has(user_id) or user_id in _leaving


def settle() -> Iterator[None]:
    """One round: tell of those who have come and gone since the last one, a batch at a time."""
    _registry.beat()
    now, online = clock.real_now(), _registry.online()
    for user_id in _announced - online - _leaving.keys():
        _leaving[user_id] = now
    for user_id in _leaving.keys() & online:
        del _leaving[user_id]
    gone = {user_id: at for user_id, at in _leaving.items() if now - at >= GRACE}
    for some in _batches(online - _announced):
        if _registry.leads():
            come(None, some)
        _announced.update(some)
        yield
    for some in _batches(gone):
        if _registry.leads():
            go(None, {user_id: gone[user_id] for user_id in some})
        for user_id in some:
            _announced.discard(user_id)
            _leaving.pop(user_id, None)
        yield
    if _registry.leads():
        yield from _beat()


def _beat() -> Iterator[None]:
    global _beaten
    now = clock.real_now()
    if now - _beaten < BEAT:
        return
    _beaten = now
    for some in _batches(_announced - _leaving.keys()):
        still_here(None, some)
        yield


def _batches(user_ids: Iterable[int]) -> Iterator[list[int]]:
    them = iter(sorted(user_ids))
    while some := list(islice(them, BATCH)):
        yield some


@operation()
def come(actor: None, user_ids: list[int]) -> None:
    """These people are here now: others are told, and senders that what waited for them has arrived."""
    now = clock.now()
    _deliver(user_ids, now)
    _set(user_ids, connected_at=now, last_seen_at=now)
    db.session.execute(delete(Digest).where(Digest.user_id.in_(user_ids)))
    them = _people(user_ids)
    _tell(them, {user.id: now for user in them}, online=True)


@operation()
def go(actor: None, left_at: dict[int, datetime]) -> None:
    """These people are gone, since when is said by the real time."""
    shift = clock.now() - clock.real_now()
    seen = {user_id: at + shift for user_id, at in left_at.items()}
    db.session.connection().execute(
        update(User.__table__)
        .where(User.__table__.c.id == bindparam("user"))
        .values(last_seen_at=bindparam("at")),
        [{"user": user_id, "at": at} for user_id, at in seen.items()],
    )
    _tell(_people(list(seen)), seen, online=False)


@operation()
def still_here(actor: None, user_ids: list[int]) -> None:
    """Keep up the time that these people were last seen, which is all that a crash leaves of them."""
    _set(user_ids, last_seen_at=clock.now())


def disclose(actor: User) -> None:
    """Within an operation that has changed whether the actor shows it: tell the others what they may know now."""
    _tell([actor], {actor.id: actor.last_seen_at}, online=is_online(actor.id), even_hidden=True)


def show_to_each_other(one: User, other: User, conversation_ids: list[int], *, apart: bool) -> None:
    """Within an operation that has put a block between the two, or taken one away: what each may know of the other by
    the conversations of the two."""
    for user in (one, other) if conversation_ids else ():
        is_shown = user.show_presence and not apart
        record(
            events.PresenceChanged(
                user.id,
                is_shown and is_online(user.id),
                user.last_seen_at if is_shown else None,
                tuple(conversation_ids),
                (),
            )
        )


def _set(user_ids: list[int], **values: datetime) -> None:
    db.session.execute(
        update(User)
        .where(User.id.in_(user_ids))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _people(user_ids: list[int]) -> list[User]:
    return list(db.session.scalars(select(User).where(User.id.in_(user_ids)).order_by(User.id)))


def _tell(
    them: list[User], seen: Mapping[int, datetime | None], *, online: bool, even_hidden: bool = False
) -> None:
    """Record for each who is told: the other one of two, unless one has blocked the other, and whoever looks at a group
    small enough."""
    shown = [user for user in them if user.show_presence or even_hidden]
    circles: dict[int, list[tuple[int, str]]] = {user.id: [] for user in shown}
    rows = db.session.execute(
        select(Membership.user_id, Conversation.id, Conversation.type)
        .join(Conversation, Conversation.id == Membership.conversation_id)
        .where(Membership.user_id.in_(circles), Conversation.member_count <= LARGE, ~_is_apart())
    )
    for user_id, conversation_id, type_ in rows if circles else ():
        circles[user_id].append((conversation_id, type_))
    for user in shown:
        record(
            events.PresenceChanged(
                user.id,
                online and user.show_presence,
                seen[user.id] if user.show_presence else None,
                tuple(of for of, type_ in circles[user.id] if type_ != "group"),
                tuple(of for of, type_ in circles[user.id] if type_ == "group"),
            )
        )


def _is_apart() -> ColumnElement[bool]:
    """Of a membership and its conversation: it is one of two, and a block stands between them."""
    other = aliased(Membership)
    pair = Membership.user_id, other.user_id
    return and_(
        Conversation.type != "group",
        exists().where(
            other.conversation_id == Conversation.id,
            or_(
                and_(Block.blocker_id == pair[0], Block.blocked_id == pair[1]),
                and_(Block.blocker_id == pair[1], Block.blocked_id == pair[0]),
            ),
        ),
    )


def _deliver(user_ids: list[int], now: datetime) -> None:
    """Record what has waited for these people since they were last here, up to the newest of each conversation."""
    since = func.coalesce(User.last_seen_at, User.created_at)
    rows = db.session.execute(
        select(Membership.user_id, Message.conversation_id, Message.sender_id, func.max(Message.id))
        .join(User, User.id == Membership.user_id)
        .join(Conversation, Conversation.id == Membership.conversation_id)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Membership.user_id.in_(user_ids),
            User.show_receipts,
            Conversation.member_count <= LARGE,
            # Of all that somebody is in, few have moved meanwhile: only in these messages are looked at.
            Conversation.active_at > since,
            Message.position > Membership.read_position,
            Message.created_at > since,
            Message.sender_id != Membership.user_id,
            Message.type != "system",
        )
        .group_by(Membership.user_id, Message.conversation_id, Message.sender_id)
    )
    waited: dict[tuple[int, int], dict[int, int]] = {}
    for user_id, conversation_id, sender_id, message_id in rows:
        waited.setdefault((conversation_id, user_id), {})[sender_id] = message_id
    for (conversation_id, user_id), newest in waited.items():
        record(
            events.MessagesDelivered(
                conversation_id, user_id, max(newest.values()), now, tuple(sorted(newest))
            )
        )
