"""`flask demo`: people and conversations, so that a newcomer sees life at the first start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from random import Random

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from lumina import clock
from lumina.cli import demo_paid
from lumina.cli.demo_data import schedule, script
from lumina.cli.demo_data.script import Line, Script
from lumina.cli.demo_paid import Paid
from lumina.config import Config
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, MessageEdit, Reaction, User
from lumina.models.conversations import direct_key
from lumina.models.types import folded
from lumina.models.users import email_key
from lumina.services import hashing, search_index
from lumina.services.unit_of_work import operation

PASSWORD = "lumina-demo"
Cast = dict[str, User]


@dataclass
class Talk:
    """A conversation as it is being held: of its written lines, those in the history have been said."""

    written: Script
    conversation: Conversation
    moments: list[datetime]
    history: list[Message] = field(default_factory=list)


@click.command()
@click.option("--force", is_flag=True, help="In production, too.")
@with_appcontext
def demo(force: bool) -> None:
    """Fill an empty database with demo people and conversations."""
    config: Config = current_app.config["LUMINA"]
    if not (config.development or force):
        raise click.ClickException("Demo people share a known password; in production only with --force.")
    fill(None, hashing.hashed(PASSWORD), clock.now())
    shown = [person for person in script.people().values() if "sign_in" in person]
    known = select(User.id).where(User.email_key == email_key(shown[0]["email"]))
    if db.session.scalar(known) is None:
        click.echo("There are people already; the demo is for an empty database.")
        return
    click.echo(
        f"Demo people and conversations are there. Sign in with the password {PASSWORD}, as several in several browsers:"
    )
    for person in shown:
        click.echo(f"  {' '.join(person['name']):<18}{person['email']:<34}{person['sign_in']}")


@operation()
def fill(actor: None, password_hash: str, now: datetime) -> bool:
    """Write the demo as it would stand `now`; nothing where there are people already."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return False
    cast = _cast(password_hash, now)
    demo_paid.make_experts(script.people(), cast)
    written = script.scripts()
    talks = [_begin(one, cast, now) for one in written if not one.is_paid]
    paid = [Paid(one, _moments(one, now)) for one in written if one.is_paid]
    # Ids grow with time, over all conversations: a search shows messages in that order.
    for _, run in sorted(_happenings(talks, paid, cast), key=itemgetter(0)):
        run()
    for talk in talks:
        _conclude(talk.conversation, talk.written, cast, talk.history, now)
    for one in paid:
        one.conclude(cast, now)
    demo_paid.let_pass(now)
    demo_paid.close_offers(script.people(), cast)
    return True


def _happenings(
    talks: list[Talk], paid: list[Paid], cast: Cast
) -> Iterator[tuple[datetime, Callable[[], None]]]:
    for talk in talks:
        yield from ((at, partial(_say_next, talk, cast)) for at in talk.moments)
    for one in paid:
        yield from ((at, partial(one.go_on, number, cast)) for number, at in enumerate(one.moments))


def _begin(written: Script, cast: Cast, now: datetime) -> Talk:
    moments = _moments(written, now)
    return Talk(written, _conversation(written, cast, began=moments[0] - timedelta(seconds=40)), moments)


def _cast(password_hash: str, now: datetime) -> Cast:
    cast = {}
    for key, person in script.people().items():
        joined = now - timedelta(days=person["joined"])
        cast[key] = User(
            email=person["email"],
            email_key=email_key(person["email"]),
            password_hash=password_hash,
            headline=person["headline"],
            is_admin=person.get("is_admin", False),
            created_at=joined,
            updated_at=joined,
        )
        cast[key].rename(*person["name"])
    db.session.add_all(cast.values())
    db.session.flush()
    return cast


def _moments(written: Script, now: datetime) -> list[datetime]:
    """When each message was sent: as written, with seconds that are the same at every run."""
    random = Random(written.title)
    seconds = [timedelta(milliseconds=random.randrange(60_000)) for _ in written.lines]
    return [
        schedule.moment(line.day, line.time, extra, now)
        for line, extra in zip(written.lines, seconds, strict=True)
    ]


def _conversation(written: Script, cast: Cast, began: datetime) -> Conversation:
    ids = [cast[person].id for person in written.people]
    conversation = Conversation(
        type="group" if written.name else "direct",
        name=written.name,
        name_key=folded(written.name) if written.name else None,
        description=written.description,
        direct_key=None if written.name else direct_key(*ids),
        created_by_id=ids[0],
        version=0,
        member_count=len(ids),
        active_at=began,
        created_at=began,
        updated_at=began,
    )
    db.session.add(conversation)
    db.session.flush()
    return conversation


def _say_next(talk: Talk, cast: Cast) -> None:
    """The next message and what became of it, every change taking the next version."""
    line, at = talk.written.lines[len(talk.history)], talk.moments[len(talk.history)]
    message = _message(talk.conversation, line, cast, at)
    message.reply_to_id = _quoted(talk.history, line.reply) if line.reply else None
    db.session.add(message)
    db.session.flush()
    _live_on(talk.conversation, message, line, cast)
    search_index.put(message)
    talk.history.append(message)


def _message(conversation: Conversation, line: Line, cast: Cast, at: datetime) -> Message:
    conversation.version += 1
    conversation.last_position = conversation.version
    return Message(
        conversation_id=conversation.id,
        sender_id=cast[line.sender].id,
        content=schedule.dated(line.text, at.astimezone().date()),
        position=conversation.version,
        version=conversation.version,
        created_at=at,
        updated_at=at,
    )


def _quoted(history: list[Message], words: str) -> int:
    return next(message.id for message in reversed(history) if words in message.content)


def _live_on(conversation: Conversation, message: Message, line: Line, cast: Cast) -> None:
    """Its edit, reactions and pin, each a little later."""
    changes = bool(line.before) + len(line.reactions) + bool(line.pinned_by)
    moments = [message.created_at + timedelta(seconds=20 * number) for number in range(1, changes + 1)]
    conversation.version += changes
    message.version = conversation.version
    message.updated_at = moments[-1] if moments else message.created_at
    if line.before:
        message.edited_at = moments[0]
        db.session.add(
            MessageEdit(
                message_id=message.id,
                version=message.position + 1,
                content=line.before,
                written_at=message.created_at,
            )
        )
    message.reaction_count = len(line.reactions)
    for (reaction, person), at in zip(line.reactions, moments[bool(line.before) :], strict=False):
        user_id = cast[person].id
        db.session.add(Reaction(message_id=message.id, user_id=user_id, reaction=reaction, created_at=at))
    if line.pinned_by:
        message.pinned_at, message.pinned_by_id = moments[-1], cast[line.pinned_by].id


def _conclude(
    conversation: Conversation, written: Script, cast: Cast, history: list[Message], now: datetime
) -> None:
    """What sending and reading the whole history leaves behind."""
    last = history[-1]
    conversation.last_message_id = last.id
    conversation.last_message_at = conversation.active_at = last.created_at
    for person in written.people:
        read = _last_read(history, cast[person].id, written.unread.get(person, 0))
        membership = Membership(
            conversation_id=conversation.id,
            user_id=cast[person].id,
            role="admin" if written.name and person == written.people[0] else "member",
            joined_at=conversation.created_at,
            read_position=read.position,
            read_message_id=read.id,
            read_at=min(read.created_at + timedelta(minutes=2), now),
        )
        db.session.add(membership)


def _last_read(history: list[Message], user_id: int, unread: int) -> Message:
    """The message before the latest `unread` ones of others."""
    others = [index for index, message in enumerate(history) if message.sender_id != user_id]
    return history[others[-unread] - 1] if unread else history[-1]
