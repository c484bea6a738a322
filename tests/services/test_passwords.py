"""Resetting a forgotten password: the link works once, for an hour, and alone."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lumina import clock
from lumina.errors import Invalid, Unauthorized
from lumina.extensions import db
from lumina.models import PasswordReset, Session
from lumina.services import events, hashing, passwords, sessions

NEW = "a staple for the battery"


@pytest.fixture
def ask(inside, heard, cast):
    """Asks for a link; the token in it."""

    def ask(email=cast.owner.email):
        passwords.ask_reset(email, "https://lumina.example/reset/{}".format, address="127.0.0.1")
        return heard[-1].link.rpartition("/")[2] if heard else None

    return ask


def living(person):
    return [session.id for session in sessions.list_for(person.user)]


def test_the_link_goes_to_the_address_of_the_account(ask, heard, cast):
    token = ask(cast.owner.email.upper())
    link = f"https://lumina.example/reset/{token}"
    assert heard == [events.PasswordResetAsked(cast.owner.email, "Mara", link)]
    assert len(token) >= 40


def test_for_an_unknown_address_nothing_happens(ask, heard):
    assert ask("nobody@example.org") is None
    assert db.session.scalar(select(func.count()).select_from(PasswordReset)) == 0


def test_the_token_itself_is_not_kept(ask):
    token = ask()
    [row] = db.session.scalars(select(PasswordReset))
    assert token not in (row.token_hash, str(row.id))


def test_it_works_once_and_ends_all_sessions(ask, heard, cast):
    token, ended = ask(), living(cast.owner)
    passwords.reset(token, NEW, address="::1")
    assert hashing.matches(NEW, cast.owner.user.password_hash)
    assert living(cast.owner) == []
    assert heard[-1] == events.SessionsEnded(tuple(ended))
    assert len(living(cast.member)) == 1
    with pytest.raises(Invalid) as refused:
        passwords.reset(token, "another staple", address="::1")
    assert refused.value.code == "invalid_token"
    assert hashing.matches(NEW, cast.owner.user.password_hash)


def test_one_link_used_ends_the_others(ask):
    first, second = ask(), ask()
    passwords.reset(second, NEW, address="::1")
    with pytest.raises(Invalid):
        passwords.reset(first, NEW, address="::1")


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_it_lasts_an_hour(ask, minutes, works):
    token = ask()
    [row] = db.session.scalars(select(PasswordReset))
    db.session.execute(update(PasswordReset).values(expires_at=row.expires_at - timedelta(minutes=minutes)))
    db.session.commit()
    if works:
        passwords.reset(token, NEW, address="::1")
    else:
        with pytest.raises(Invalid):
            passwords.reset(token, NEW, address="::1")


@pytest.mark.parametrize("password", ["short", "x" * 201, "nul\x00nul\x00", "half\ud800half"])
def test_an_unfit_password_uses_no_link_up(ask, password):
    token = ask()
    with pytest.raises(Invalid) as refused:
        passwords.reset(token, password, address="::1")
    assert refused.value.errors[0]["field"] == "password"
    passwords.reset(token, NEW, address="::1")


def test_a_change_keeps_this_session_and_no_other(cast, inside, heard):
    owner = cast.owner.user
    [first] = living(cast.owner)
    second = sessions.start(owner, kind="web", address="", user_agent="x").id
    passwords.change(owner, current_password=cast.owner.password, password=NEW, keep_session_id=second)
    assert living(cast.owner) == [second]
    assert heard == [events.SessionsEnded((first,))]
    assert db.session.get(Session, first).ended_at <= clock.real_now()
    with pytest.raises(Unauthorized):
        sessions.authenticate(cast.owner.token)


def test_of_two_who_use_a_link_at_once_one_wins(ask, monkeypatch):
    """The second has found the link good, and comes too late."""
    token, hashed = ask(), hashing.hashed

    def slowly(password):
        monkeypatch.setattr(hashing, "hashed", hashed)
        passwords.reset(token, "the quicker one", address="::1")
        return hashed(password)

    monkeypatch.setattr(hashing, "hashed", slowly)
    with pytest.raises(Invalid) as refused:
        passwords.reset(token, NEW, address="::1")
    assert refused.value.code == "invalid_token"
