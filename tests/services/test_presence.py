"""Who is here, who is told of it, and what is kept of it."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import User
from lumina.services import accounts, events, presence
from tests.support import making
from tests.support.queries import count_queries


@pytest.fixture(autouse=True)
def afresh(inside):
    """Nobody is here."""
    presence.use(presence.InMemory())
    yield
    presence.use(presence.InMemory())


@pytest.fixture
def at(monkeypatch):
    """Moves the time, the real one too."""
    real, shift = clock.real_now, timedelta()

    def move(**ahead):
        nonlocal shift
        shift += timedelta(**ahead)
        monkeypatch.setattr(clock, "real_now", lambda: real() + shift)

    return move


def settle():
    for _ in presence.settle():
        pass


def told(heard, type_=events.PresenceChanged):
    found = [event for event in heard if isinstance(event, type_)]
    heard.clear()
    return found


def row(person):
    db.session.close()
    return db.session.get_one(User, int(person.id))


def test_others_are_told_once_of_the_first_socket_and_of_the_last(api, cast, heard, at):
    direct = making.direct(api, cast.owner, cast.member)
    group = making.group(api, cast.owner, cast.member, cast.outsider)
    heard.clear()
    me = int(cast.owner.id)
    presence.enter(me, "laptop")
    presence.enter(me, "phone")
    settle()
    [came] = told(heard)
    assert (came.user_id, came.online) == (me, True)
    assert (came.direct_ids, came.group_ids) == ((int(direct["id"]),), (int(group["id"]),))
    assert row(cast.owner).connected_at == row(cast.owner).last_seen_at == came.last_seen_at
    presence.leave(me, "laptop")
    at(seconds=10)
    settle()
    assert told(heard) == []
    left = clock.real_now()
    presence.leave(me, "phone")
    settle()
    assert (told(heard), presence.is_online(me)) == ([], True)
    at(seconds=2)
    settle()
    [gone] = told(heard)
    assert (gone.user_id, gone.online, presence.is_online(me)) == (me, False, False)
    assert abs(gone.last_seen_at - left) < timedelta(seconds=1)
    assert row(cast.owner).last_seen_at == gone.last_seen_at
    settle()
    assert told(heard) == []


def test_a_page_that_is_loaded_anew_does_not_flicker(cast, heard, at):
    presence.enter(int(cast.owner.id), "before")
    settle()
    told(heard)
    presence.leave(int(cast.owner.id), "before")
    settle()
    at(seconds=1)
    presence.enter(int(cast.owner.id), "after")
    settle()
    at(seconds=5)
    settle()
    assert told(heard) == []


def test_what_a_crash_leaves_is_a_minute_old_at_most(cast, at):
    presence.enter(int(cast.owner.id), "a")
    settle()
    first = row(cast.owner).last_seen_at
    at(seconds=59)
    settle()
    assert row(cast.owner).last_seen_at == first
    at(seconds=2)
    settle()
    assert row(cast.owner).last_seen_at >= first + timedelta(seconds=61)
    assert row(cast.owner).connected_at == first


def test_many_come_and_go_in_as_many_statements_as_few(app, cast, heard, at, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    crowd = [int(user_id) for user_id in making.crowd(app, 30)]

    def counted(people):
        for person in people:
            presence.enter(person, f"of {person}")
        with count_queries(app) as come:
            settle()
        for person in people:
            presence.leave(person, f"of {person}")
        settle()
        at(seconds=3)
        with count_queries(app) as gone:
            settle()
        return len(come), len(gone)

    presence.enter(int(cast.owner.id), "beat")
    settle()
    assert counted(crowd[:1]) == counted(crowd[1:]) == (5, 3)


def test_a_round_with_no_news_asks_the_database_nothing(cast, app):
    presence.enter(int(cast.owner.id), "a")
    settle()
    with count_queries(app) as asked:
        settle()
    assert len(asked) == 0


def test_of_those_who_hide_it_nobody_is_told(api, cast, heard, at):
    making.direct(api, cast.owner, cast.member)
    accounts.update_profile(cast.owner.user, show_presence=False)
    heard.clear()
    presence.enter(int(cast.owner.id), "a")
    settle()
    presence.leave(int(cast.owner.id), "a")
    settle()
    at(seconds=3)
    settle()
    assert told(heard) == []
    assert row(cast.owner).last_seen_at is not None


def test_hiding_it_looks_like_going_and_showing_it_like_coming(api, cast, heard):
    direct = making.direct(api, cast.owner, cast.member)
    presence.enter(int(cast.owner.id), "a")
    settle()
    seen = []
    for shown in (False, False, True):
        heard.clear()
        accounts.update_profile(cast.owner.user, show_presence=shown)
        seen += [(e.online, e.last_seen_at is None, e.direct_ids) for e in told(heard)]
    of = (int(direct["id"]),)
    assert seen == [(False, True, of), (True, False, of)]


def test_what_waited_has_arrived_with_who_comes(api, cast, heard, at):
    talk = making.direct(api, cast.owner, cast.member)
    group = making.group(api, cast.owner, cast.member, cast.outsider)
    presence.enter(int(cast.member.id), "a")
    settle()
    presence.leave(int(cast.member.id), "a")
    settle()
    at(seconds=3)
    settle()
    *_, last = making.say(api, cast.owner, talk, "One", "Two")
    making.say(api, cast.member, group, "My own waits for nobody")
    making.say(api, cast.owner, group, "Three")
    [newest] = making.say(api, cast.outsider, group, "Four")
    heard.clear()
    presence.enter(int(cast.member.id), "b")
    settle()
    found = {e.conversation_id: e for e in told(heard, events.MessagesDelivered)}
    assert {of: (e.user_id, e.message_id, e.author_ids) for of, e in found.items()} == {
        int(talk["id"]): (int(cast.member.id), int(last["id"]), (int(cast.owner.id),)),
        int(group["id"]): (
            int(cast.member.id),
            int(newest["id"]),
            tuple(sorted((int(cast.owner.id), int(cast.outsider.id)))),
        ),
    }


def test_who_hides_receipts_receives_in_silence(api, cast, heard):
    talk = making.direct(api, cast.owner, cast.member)
    accounts.update_profile(cast.member.user, show_receipts=False)
    making.say(api, cast.owner, talk, "One")
    heard.clear()
    presence.enter(int(cast.member.id), "a")
    settle()
    assert told(heard, events.MessagesDelivered) == []


def test_a_failed_round_is_made_up_for(cast, heard, monkeypatch):
    presence.enter(int(cast.owner.id), "a")
    with monkeypatch.context() as broken:
        broken.setattr(presence, "come", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle()
    settle()
    assert [event.online for event in told(heard)] == [True]
