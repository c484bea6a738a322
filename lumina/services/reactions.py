"""Reactions: any emoji, several per person, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import emoji
from sqlalchemy import func, select

from lumina import clock
from lumina.errors import Conflict, Invalid
from lumina.extensions import db
from lumina.models import Reaction, User
from lumina.services import events, lookup
from lumina.services.changes import Change, changed, changing, touch, unchanged
from lumina.services.views import MessageView, Person, Reacted

PER_PERSON = 20
NAMED = 30
VARIATION_SELECTOR = "\ufe0f"


@dataclass(slots=True)
class Reactors:
    """Who reacted with one emoji; `named` has the first NAMED of them and when they did."""

    reaction: str
    count: int
    named: list[tuple[Person, datetime]]


def reactors(actor: User, message_id: str) -> list[Reactors]:
    """Who reacted with what and when, in the order in which they did; nothing of a deleted message. Raises NotFound."""
    by_emoji: dict[str, list[Reacted]] = {}
    view = lookup.message_view(actor, message_id)
    for reacted in [] if view.message.deleted_at else view.reactions:
        by_emoji.setdefault(reacted.reaction, []).append(reacted)
    people = _people({each.user_id for left in by_emoji.values() for each in left[:NAMED]})
    return [
        Reactors(reaction, len(left), [(people[each.user_id], each.created_at) for each in left[:NAMED]])
        for reaction, left in by_emoji.items()
    ]


@changing
def react(actor: User, change: Change, reaction: str, active: bool | None = None) -> MessageView:
    """Toggle the actor's reaction, or set it to `active`. Raises NotFound, Invalid, Forbidden, Conflict."""
    change.require_standing()
    message, wanted = change.message, one_emoji(reaction)
    standing = db.session.get(Reaction, (message.id, actor.id, wanted))
    if active is None:
        active = standing is None
    if active == (standing is not None):
        return unchanged(message)
    if standing:
        db.session.delete(standing)
    else:
        change.require_reachable(actor)
        _require_room(actor, message.id)
        db.session.add(
            Reaction(message_id=message.id, user_id=actor.id, reaction=wanted, created_at=clock.now())
        )
    message.reaction_count += 1 if active else -1
    touch(change.conversation, message)
    return changed(events.MessageReacted, message)


def one_emoji(text: str) -> str:
    """The emoji in its one full spelling (with and without variation selectors it is the same).

    Raises Invalid for anything but a single emoji.
    """
    text = text.strip().replace(VARIATION_SELECTOR, "")
    if not emoji.is_emoji(text):
        raise Invalid.field("reaction", "A reaction is one emoji.")
    return emoji.emojize(emoji.demojize(text))


def _people(ids: set[int]) -> dict[int, Person]:
    return {person.id: person for person in db.session.scalars(select(User).where(User.id.in_(ids)))}


def _require_room(actor: User, message_id: int) -> None:
    own = select(func.count()).where(Reaction.message_id == message_id, Reaction.user_id == actor.id)
    if (db.session.scalar(own) or 0) >= PER_PERSON:
        raise Conflict(
            f"One person can leave {PER_PERSON} reactions on a message.", code="too_many_reactions"
        )
