"""`flask demo`: people and conversations, so that a newcomer sees life at the first start."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from random import Random

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from lumina import clock
from lumina.cli.demo_data import schedule, script
from lumina.cli.demo_data.script import Script
from lumina.config import Config
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User
from lumina.models.conversations import direct_key
from lumina.models.types import folded
from lumina.models.users import email_key
from lumina.services import hashing
from lumina.services.unit_of_work import operation

PASSWORD = "lumina-demo"
Cast = dict[str, User]


@click.command()
@click.option("--force", is_flag=True, help="In production, too.")
@with_appcontext
def demo(force: bool) -> None:
    """Fill an empty database with demo people and conversations."""
    config: Config = current_app.config["LUMINA"]
    if not (config.development or force):
        raise click.ClickException("Demo people share a known password; in production only with --force.")
    fill(None, hashing.hashed(PASSWORD), clock.now())
    first_two = list(islice(script.people().values(), 2))
    known = select(User.id).where(User.email_key == email_key(first_two[0]["email"]))
    if db.session.scalar(known) is None:
        click.echo("There are people already; the demo is for an empty database.")
        return
    click.echo("Demo people and conversations are there. Sign in as two of them in two browsers:")
    for person in first_two:
        click.echo(f"  {' '.join(person['name']):<18}{person['email']:<34}{PASSWORD}")


@operation()
def fill(actor: None, password_hash: str, now: datetime) -> bool:
    """Write the demo as it would stand `now`; nothing where there are people already."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return False
    cast = _cast(password_hash, now)
    for written in script.scripts():
        moments = _moments(written, now)
        conversation = _conversation(written, cast, began=moments[0] - timedelta(seconds=40))
        history = _history(conversation, written, cast, moments)
        _conclude(conversation, written, cast, history, now)
    return True


def _cast(password_hash: str, now: datetime) -> Cast:
    cast = {}
    for key, person in script.people().items():
        joined = now - timedelta(days=person["joined"])
        cast[key] = User(
            email=person["email"],
            email_key=email_key(person["email"]),
            password_hash=password_hash,
            headline=person["headline"],
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


def _history(
    conversation: Conversation, written: Script, cast: Cast, moments: list[datetime]
) -> list[Message]:
    history = [
        Message(
            conversation_id=conversation.id,
            sender_id=cast[line.sender].id,
            content=schedule.dated(line.text, at.astimezone().date()),
            position=version,
            version=version,
            created_at=at,
            updated_at=at,
        )
        for version, (line, at) in enumerate(zip(written.lines, moments, strict=True), start=1)
    ]
    db.session.add_all(history)
    db.session.flush()
    return history


def _conclude(
    conversation: Conversation, written: Script, cast: Cast, history: list[Message], now: datetime
) -> None:
    """What sending and reading the whole history leaves behind."""
    conversation.append(history[-1])
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
