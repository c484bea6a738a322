"""The outside form of rows: times, and what is broadcast to all alike."""

from datetime import UTC, datetime, timedelta

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Membership
from lumina.presenters import wire
from lumina.services import conversations, views
from tests.support import making

OWN = {"markedUnread", "unreadCount", "lastReadMessageId", "archived", "mutedBy", "lastMessage"}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 9, 30, 0, 123000, tzinfo=UTC), "2026-11-22T09:30:00.123Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000Z"),
    ],
)
def test_times_are_in_utc_with_milliseconds(moment, text):
    assert wire.time(moment) == wire.maybe_time(moment) == text
    assert wire.maybe_time(None) is None


def test_what_is_broadcast_lacks_the_viewers_own(app, api, cast):
    made = making.group(api, cast.owner, cast.member, name="Two Mills")
    making.say(api, cast.owner, made, "Hello")
    with app.app_context():
        owner = cast.owner.user
        view = conversations.find(owner, made["id"])
        seen, told = wire.conversation(view, owner), wire.conversation(view)
    assert set(seen) - set(told) == OWN
    assert set(seen["settings"]) - set(told["settings"]) == {"notifications", "notificationLevel"}
    for person in told["participants"]:
        assert set(person) == {"id", "firstName", "lastName", "avatar", "role"}
    same = set(told) - {"settings", "participants"}
    assert {name: seen[name] for name in same} == {name: told[name] for name in same}


def test_over_a_hundred_members_it_names_the_admins_only(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    making.admit(app, made, making.crowd(app, 99))
    with app.app_context():
        member = cast.member.user
        told = wire.conversation(conversations.find(member, made["id"]))
        plain = wire.conversation(views.broadcast(db.session.get_one(Conversation, int(made["id"]))))
    assert [person["id"] for person in told["participants"]] == [cast.owner.id]
    assert told == plain
    assert told["participantCount"] == 101


def test_a_mute_is_told_to_who_set_it(app, api, cast):
    made = making.direct(api, cast.owner, cast.member)
    until = clock.real_now() + timedelta(hours=1)
    with app.app_context():
        membership = db.session.get(Membership, (int(made["id"]), int(cast.owner.id)))
        membership.muted, membership.muted_until = True, until
        db.session.commit()
        mine, theirs = (
            wire.conversation(conversations.find(person.user, made["id"]), person.user)["mutedBy"]
            for person in (cast.owner, cast.member)
        )
    assert mine == [{"userId": cast.owner.id, "mutedUntil": wire.time(until)}]
    assert theirs == []
