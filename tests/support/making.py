"""What stands before a test begins: conversations and messages through the API, crowds as bare rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert, inspect, select, text, update

from lumina import clock
from lumina.extensions import db
from lumina.models import (
    Attachment,
    Conversation,
    Escrow,
    Expert,
    Membership,
    Message,
    Reaction,
    StoredFile,
    User,
)
from lumina.models.conversations import priority_key
from lumina.services import experts, search_index
from tests.support.api import Api
from tests.support.cast import Person

CONVERSATIONS = "/api/messages/conversations"


def direct(api: Api, one: Person, other: Person) -> dict[str, Any]:
    """The conversation of two people, as the first one sees it."""
    body = {"type": "direct", "participantIds": [other.id]}
    return api.as_(one).post(CONVERSATIONS, body)["conversation"]


def group(api: Api, admin: Person, *others: Person, **fields: Any) -> dict[str, Any]:
    """A new group of these people."""
    body = {"type": "group", "participantIds": [person.id for person in others], **fields}
    return api.as_(admin).post(CONVERSATIONS, body, status=201)["conversation"]


def say(api: Api, sender: Person, conversation: dict[str, Any], *contents: str) -> list[dict[str, Any]]:
    """Messages sent one after another."""
    return [
        api.as_(sender).post("/api/messages", {"conversationId": conversation["id"], "content": content})[
            "message"
        ]
        for content in contents
    ]


def crowd(app: Flask, count: int, name: str = "Crowd") -> list[str]:
    """The ids of that many people, who cannot sign in."""
    now = clock.real_now()
    with app.app_context():
        people = [
            User(
                email=f"{name}{number}@crowd.example",
                email_key=f"{name}{number}@crowd.example".lower(),
                password_hash="-",
                first_name=name,
                last_name=f"{number:04}",
                name_key=f"{name} {number:04}".lower(),
                created_at=now,
                updated_at=now,
            )
            for number in range(count)
        ]
        db.session.add_all(people)
        db.session.commit()
        return [str(person.id) for person in people]


def admit(app: Flask, conversation: dict[str, Any], user_ids: list[str]) -> None:
    """Makes people members, each a second later than the one before."""
    start = clock.real_now() + timedelta(seconds=1)
    with app.app_context():
        found = db.session.get_one(Conversation, int(conversation["id"]))
        found.member_count += len(user_ids)
        db.session.add_all(
            Membership(
                conversation_id=found.id, user_id=int(user_id), joined_at=start + timedelta(seconds=number)
            )
            for number, user_id in enumerate(user_ids)
        )
        db.session.commit()


def talk(app: Flask, conversation: dict[str, Any], sender: Person, count: int) -> list[str]:
    """The ids of that many messages, written as sending them would have left them."""
    now = clock.real_now()
    with app.app_context():
        found = db.session.get_one(Conversation, int(conversation["id"]))
        rows = [
            {
                "conversation_id": found.id,
                "sender_id": int(sender.id),
                "content": f"Number {version}",
                "position": version,
                "version": version,
                "created_at": now,
                "updated_at": now,
            }
            for version in range(found.version + 1, found.version + count + 1)
        ]
        ids = sorted(db.session.scalars(insert(Message).returning(Message.id), rows))
        for message in db.session.scalars(select(Message).where(Message.id.in_(ids))):
            search_index.put(message)
        found.version += count
        found.last_position = found.version
        found.last_message_id, found.last_message_at, found.active_at = ids[-1], now, now
        db.session.commit()
        return [str(message_id) for message_id in ids]


def enliven(app: Flask, message_ids: list[str], person: Person) -> None:
    """Gives each of these messages a reaction, a link's preview, and the one before it to reply to."""
    now, preview = (
        clock.real_now(),
        {"url": "https://x.example/", "title": "X", "description": "", "siteName": ""},
    )
    ids = [int(message_id) for message_id in message_ids]
    with app.app_context():
        for before, message_id in zip([None, *ids], ids, strict=False):
            changed = {"reply_to_id": before, "reaction_count": 1, "link_preview": preview}
            db.session.execute(update(Message).where(Message.id == message_id).values(changed))
            db.session.add(
                Reaction(message_id=message_id, user_id=int(person.id), reaction="👍", created_at=now)
            )
        db.session.commit()


def attach(app: Flask, message_ids: list[str], person: Person) -> None:
    """Gives each of these messages a picture, all of them the same."""
    now = clock.real_now()
    with app.app_context():
        stored = StoredFile(key=uuid4().hex, size=1, sha256="-", has_thumb=True, created_at=now)
        db.session.add(stored)
        db.session.flush()
        for message_id in map(int, message_ids):
            changed = {"attachment_count": 1}
            db.session.execute(update(Message).where(Message.id == message_id).values(changed))
            of = db.session.scalar(select(Message.conversation_id).where(Message.id == message_id))
            db.session.add(
                Attachment(
                    uploader_id=int(person.id),
                    message_id=message_id,
                    conversation_id=of,
                    file_id=stored.id,
                    kind="image",
                    file_name="a.png",
                    file_size=1,
                    mime_type="image/png",
                    has_thumb=True,
                    created_at=now,
                )
            )
        db.session.commit()


def many(app: Flask, one: Person, other: Person, count: int) -> None:
    """That many groups of two people, with a message in each."""
    now = clock.real_now()
    with app.app_context():
        made = [
            Conversation(
                type="group",
                created_by_id=int(one.id),
                member_count=2,
                version=0,
                active_at=now,
                created_at=now,
                updated_at=now,
            )
            for _ in range(count)
        ]
        db.session.add_all(made)
        db.session.flush()
        db.session.add_all(
            Membership(conversation_id=found.id, user_id=int(person.id), role="admin", joined_at=now)
            for found in made
            for person in (one, other)
        )
        db.session.commit()
        ids = [found.id for found in made]
    for conversation_id in ids:
        talk(app, {"id": conversation_id}, other, 1)


def offers(app: Flask, user_ids: list[str], client: Person, answer_seconds: int = 60) -> None:
    """Makes people experts, each with the deployment's offer and one question that the client was answered."""
    now = clock.real_now()
    with app.app_context():
        for user_id in map(int, user_ids):
            expert = Expert(
                user_id=user_id, is_open=True, created_at=now, updated_at=now, **experts.defaults()
            )
            key = priority_key(int(client.id), user_id)
            pair = Conversation(
                type="priority_dm", direct_key=key, created_by_id=int(client.id), member_count=2
            )
            pair.active_at = pair.created_at = pair.updated_at = now
            db.session.add_all([expert, pair])
            db.session.flush()
            escrow = Escrow(
                kind="conversation",
                conversation_id=pair.id,
                client_id=int(client.id),
                expert_id=user_id,
                amount_minor=expert.conversation_price_minor,
                fee_basis_points=0,
                fee_minor=0,
                state="released",
                duration_days=expert.duration_days,
                bought_position=0,
                answer_by=now,
                answered_at=now,
                answer_seconds=answer_seconds,
                window_ends_at=now,
                created_at=now,
            )
            db.session.add(escrow)
            db.session.flush()
            pair.escrow_id = escrow.id
        db.session.commit()


def owed(app: Flask, person: Person, client_ids: list[str]) -> list[dict[str, str]]:
    """Has each of these clients wait for the person's answer to a question, and makes the person an expert: the ids of
    their conversations and escrows. No money is moved for it."""
    now, made = clock.real_now(), []
    with app.app_context():
        if db.session.get(Expert, int(person.id)) is None:
            defaults = experts.defaults()
            db.session.add(
                Expert(user_id=int(person.id), is_open=True, created_at=now, updated_at=now, **defaults)
            )
        for client_id in map(int, client_ids):
            key = priority_key(client_id, int(person.id))
            pair = Conversation(type="priority_dm", direct_key=key, created_by_id=client_id, member_count=2)
            pair.active_at = pair.created_at = pair.updated_at = now
            db.session.add(pair)
            db.session.flush()
            db.session.add_all(
                Membership(conversation_id=pair.id, user_id=of, joined_at=now)
                for of in (client_id, int(person.id))
            )
            escrow = Escrow(
                kind="conversation",
                conversation_id=pair.id,
                client_id=client_id,
                expert_id=int(person.id),
                amount_minor=5000,
                fee_basis_points=0,
                fee_minor=0,
                state="held",
                is_open=True,
                duration_days=7,
                bought_position=0,
                answer_by=now + timedelta(hours=48),
                window_ends_at=now + timedelta(days=7),
                created_at=now,
            )
            db.session.add(escrow)
            db.session.flush()
            pair.escrow_id = escrow.id
            made.append({"id": str(pair.id), "escrow": str(escrow.id)})
        db.session.commit()
    for one, client_id in zip(made, client_ids, strict=True):
        ids = talk(app, one, replace(person, id=client_id), 1)
        enliven(app, ids, person)
        attach(app, ids, person)
    return made


def everything(app: Flask) -> str:
    """All that the database holds, in one text; but for the insides of SQLite's search index, which forgets a word
    for good when it next merges its parts."""
    with app.app_context():
        return "\n".join(
            repr(tuple(row))
            for table in inspect(db.engine).get_table_names()
            if not table.startswith("message_terms_")
            for row in db.session.execute(text(f"SELECT * FROM {table}"))
        )
