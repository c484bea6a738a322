"""What the database itself refuses, whoever writes."""

import pytest
from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Membership, Message, User
from tests.support import making


@pytest.fixture
def ids(app, api, cast):
    """A direct conversation with one message, and an app context to write in."""
    made = making.direct(api, cast.owner, cast.member)
    body = {"conversationId": made["id"], "content": "First", "clientMessageId": "one"}
    api.as_(cast.owner).post("/api/messages", body)
    with app.app_context():
        yield {"conversation_id": int(made["id"]), "user_id": int(cast.owner.id)}


def message(ids, **fields):
    now = clock.real_now()
    return Message(
        **{
            "conversation_id": ids["conversation_id"],
            "sender_id": ids["user_id"],
            "content": "x",
            "position": 2,
            "version": 2,
            "created_at": now,
            "updated_at": now,
            **fields,
        }
    )


def user(**fields):
    now = clock.real_now()
    known = {"email": "x@x", "email_key": "x@x", "password_hash": "-", "created_at": now, "updated_at": now}
    made = User(**{**known, **fields})
    made.rename("X", "Y")
    return made


def direct(ids, **fields):
    now = clock.real_now()
    known = {"created_by_id": ids["user_id"], "member_count": 2, "active_at": now, "created_at": now}
    return Conversation(type="direct", updated_at=now, **{**known, **fields})


@pytest.mark.parametrize(
    "row",
    [
        lambda ids: message(ids, position=1),
        lambda ids: message(ids, client_message_id="one"),
        lambda ids: message(ids, conversation_id=987654321),
        lambda ids: message(ids, sender_id=987654321),
        lambda ids: message(ids, content=None),
        lambda ids: user(email_key="mara.ellison@example.org"),
        lambda ids: direct(ids, direct_key=db.session.get(Conversation, ids["conversation_id"]).direct_key),
        lambda ids: Membership(**ids, joined_at=clock.real_now()),
        lambda ids: Membership(**{**ids, "user_id": 987654321}, joined_at=clock.real_now()),
    ],
    ids=[
        "position",
        "clientMessageId",
        "no conversation",
        "no sender",
        "no content",
        "address",
        "pair",
        "member twice",
        "no member",
    ],
)
def test_the_database_refuses(ids, row):
    db.session.add(row(ids))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_and_takes_what_is_right(ids):
    db.session.add_all([message(ids), user(), direct(ids), message(ids, position=3, client_message_id="two")])
    db.session.flush()
    db.session.rollback()
