"""Whoever is put out while an operation of theirs waits for its locks is out once it has them."""

import pytest

from lumina import clock
from lumina.errors import Unauthorized
from lumina.extensions import db
from lumina.models import User
from lumina.services import closing, giving_back, messages, sessions, suspensions
from tests.support import making
from tests.support.cast import PASSWORD

DEVICE = {"kind": "web", "address": "::1", "user_agent": "Firefox"}


@pytest.fixture
def meanwhile(monkeypatch):
    """Puts somebody out while the next operation takes its first locks: meanwhile(person, "closed_at")."""
    lock = giving_back.lock_offers

    def put_out(person, column):
        def lock_offers(*user_ids):
            lock(*user_ids)
            setattr(db.session.get_one(User, int(person.id)), column, clock.now())
            db.session.flush()

        monkeypatch.setattr(giving_back, "lock_offers", lock_offers)

    return put_out


@pytest.mark.parametrize("column", ["suspended_at", "closed_at"])
def test_closing(cast, inside, meanwhile, column):
    meanwhile(cast.member, column)
    with pytest.raises(Unauthorized):
        closing.close(cast.member.user, PASSWORD)


def test_suspending(cast, inside, meanwhile):
    meanwhile(cast.admin, "suspended_at")
    with pytest.raises(Unauthorized):
        suspensions.change(cast.admin.user, cast.member.id, suspended=True, reason="Spam")


@pytest.mark.parametrize("column", ["suspended_at", "closed_at"])
def test_sending(api, cast, inside, column):
    conversation = making.direct(api, cast.owner, cast.member)
    actor = cast.member.user
    setattr(actor, column, clock.now())
    db.session.commit()
    with pytest.raises(Unauthorized):
        messages.send(actor, conversation["id"], content="Still here")


def test_signing_in(cast, inside):
    actor = cast.member.user
    closing.close(actor, PASSWORD)
    with pytest.raises(Unauthorized) as refused:
        sessions.start(actor, **DEVICE)
    assert refused.value.code == "invalid_credentials"
