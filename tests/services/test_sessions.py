"""Sessions: what lets somebody in, and for how long."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.errors import NotFound, TooMany, Unauthorized
from lumina.extensions import db
from lumina.models import Session
from lumina.services import events, sessions, tokens

WRONG = {"password": "wrong horse", "kind": "web", "address": "10.0.0.1", "user_agent": "x"}


@pytest.fixture
def later(monkeypatch):
    """Moves the real time."""
    start, real = clock.real_now(), clock.real_now
    return lambda **by: monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(**by)) or start


def begin(person, **fields):
    return sessions.start(person.user, **{"kind": "web", "address": "::1", "user_agent": "Firefox", **fields})


def test_what_a_device_says_of_itself_is_cut_to_fit(cast, inside):
    kept = begin(cast.owner, user_agent="\x00" + "x" * 400, address="y" * 100)
    assert (kept.user_agent, kept.address) == ("x" * 300, "y" * 64)


def test_a_session_is_found_with_its_person(cast, inside):
    kept = begin(cast.owner)
    db.session.expunge_all()
    found = sessions.find(str(kept.id))
    assert found.user.email == cast.owner.email
    assert found.get_id() == str(kept.id)


@pytest.mark.parametrize("session_id", ["", "x", "-1", "987654321"])
def test_a_session_of_nobody_is_not_found(inside, session_id):
    assert sessions.find(session_id) is None


def test_an_unused_session_ends_by_itself(cast, inside, later):
    kept = begin(cast.owner)
    later(days=29)
    assert sessions.find(str(kept.id)) is not None
    later(days=31)
    assert sessions.find(str(kept.id)) is None
    assert sessions.list_for(cast.owner.user) == []
    with pytest.raises(Unauthorized):
        sessions.authenticate(cast.owner.token)
    with pytest.raises(Unauthorized):
        sessions.refresh(cast.owner.refresh_token)


def test_using_it_is_noted_now_and_then_and_makes_it_last(cast, inside, later):
    kept = begin(cast.owner)
    assert not sessions.stale(kept)
    later(days=20)
    assert sessions.stale(kept)
    sessions.touch(cast.owner.user, kept)
    later(days=40)
    found = sessions.find(str(kept.id))
    assert found is not None
    assert found.last_seen_at - found.created_at > timedelta(days=19)


def test_ending_is_told_once(cast, inside, heard):
    kept, owner = begin(cast.owner), cast.owner.user
    sessions.end(owner, kept.id)
    sessions.end(owner, kept.id)
    assert heard == [events.SessionsEnded((kept.id,))]
    with pytest.raises(NotFound):
        sessions.revoke(owner, str(kept.id))


def test_nobody_ends_anothers(cast, inside, heard):
    kept = begin(cast.owner)
    sessions.end(cast.outsider.user, kept.id)
    with pytest.raises(NotFound):
        sessions.revoke(cast.admin.user, str(kept.id))
    assert heard == []
    assert sessions.find(str(kept.id)) is not None


def test_a_retried_refresh_ends_nothing(cast, inside, later):
    _, renewed = sessions.refresh(cast.owner.refresh_token)
    later(seconds=50)
    with pytest.raises(Unauthorized):
        sessions.refresh(cast.owner.refresh_token)
    sessions.authenticate(renewed.token)
    sessions.refresh(renewed.refresh_token)


def test_a_copied_one_ends_the_session(cast, inside, heard, later):
    _, renewed = sessions.refresh(cast.owner.refresh_token)
    later(seconds=70)
    with pytest.raises(Unauthorized):
        sessions.refresh(cast.owner.refresh_token)
    [event] = heard
    assert db.session.get(Session, event.session_ids[0]).ended_at is not None
    for attempt in (
        lambda: sessions.authenticate(renewed.token),
        lambda: sessions.refresh(renewed.refresh_token),
    ):
        with pytest.raises(Unauthorized):
            attempt()


def test_a_guessed_one_ends_nothing(cast, inside, heard, later):
    session_id = cast.owner.refresh_token.partition(".")[0]
    _, renewed = sessions.refresh(cast.owner.refresh_token)
    later(seconds=70)
    with pytest.raises(Unauthorized):
        sessions.refresh(f"{session_id}.guessed")
    assert heard == []
    sessions.authenticate(renewed.token)


def test_an_access_token_lasts_an_hour(cast, inside):
    session_id, user_id, ends = tokens.read(cast.owner.token)
    assert (session_id in [s.id for s in sessions.list_for(cast.owner.user)], str(user_id)) == (
        True,
        cast.owner.id,
    )
    assert timedelta(minutes=59) < ends - clock.real_now() <= timedelta(hours=1)


@pytest.mark.usefixtures("rate_limits")
def test_tries_are_counted_by_person_and_place(cast, inside):
    def fail(email, address):
        with pytest.raises(Unauthorized):
            sessions.sign_in(**{**WRONG, "email": email, "address": address})

    for email in (cast.owner.email, cast.owner.email.upper()) * 5:
        fail(email, "10.0.0.1")
    with pytest.raises(TooMany):
        sessions.sign_in(**{**WRONG, "email": cast.owner.email, "password": cast.owner.password})
    fail(cast.owner.email, "10.0.0.2")
    fail(cast.member.email, "10.0.0.1")
