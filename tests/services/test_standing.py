"""What became of a message, as its sender may know: derived from read marks and last connections."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.errors import Forbidden, NotFound
from lumina.extensions import db
from lumina.models import User
from lumina.services import accounts, presence, receipts
from tests.support import making
from tests.support.making import CONVERSATIONS
from tests.support.queries import count_queries


@pytest.fixture(autouse=True)
def afresh(inside):
    presence.use(presence.InMemory())
    yield
    presence.use(presence.InMemory())


@pytest.fixture
def trio(api, cast):
    return making.group(api, cast.owner, cast.member, cast.outsider)


def seen(person, **ago):
    """This person was last connected then."""
    user = db.session.get_one(User, int(person.id))
    user.last_seen_at = user.connected_at = clock.now() - timedelta(**ago)
    db.session.commit()


def standing(api, person, message):
    found = api.as_(person).get(f"/api/messages/{message['id']}")["message"]
    return found["status"], found["deliveredAt"] is not None, found["readAt"] is not None


def test_each_step_needs_every_other_member(api, cast, trio):
    [message] = making.say(api, cast.owner, trio, "One")
    steps = [standing(api, cast.owner, message)]
    seen(cast.member, seconds=0)
    steps.append(standing(api, cast.owner, message))
    presence.enter(int(cast.outsider.id), "a")
    steps.append(standing(api, cast.owner, message))
    receipts.mark_read(cast.member.user, trio["id"], message["id"])
    steps.append(standing(api, cast.owner, message))
    receipts.mark_read(cast.outsider.user, trio["id"], message["id"])
    steps.append(standing(api, cast.owner, message))
    sent, delivered, read = ("sent", False, False), ("delivered", True, False), ("read", True, True)
    assert steps == [sent, sent, delivered, delivered, read]
    assert standing(api, cast.member, message) == sent


def test_who_was_here_before_has_not_received_it(api, cast):
    talk = making.direct(api, cast.owner, cast.member)
    seen(cast.member, seconds=5)
    [message] = making.say(api, cast.owner, talk, "One")
    assert standing(api, cast.owner, message) == ("sent", False, False)


def test_reading_is_receiving(api, cast):
    talk = making.direct(api, cast.owner, cast.member)
    [message] = making.say(api, cast.owner, talk, "One")
    receipts.mark_read(cast.member.user, talk["id"], message["id"])
    found = api.as_(cast.owner).get(f"/api/messages/{message['id']}")["message"]
    assert found["status"] == "read"
    assert message["createdAt"] <= found["deliveredAt"] <= found["readAt"]


def test_who_comes_later_or_is_gone_does_not_count(api, cast, trio):
    [message] = making.say(api, cast.owner, trio, "One")
    receipts.mark_read(cast.member.user, trio["id"], message["id"])
    api.as_(cast.owner).delete(f"{CONVERSATIONS}/{trio['id']}/members/{cast.outsider.id}")
    assert standing(api, cast.owner, message)[0] == "read"
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{trio['id']}/members", {"userIds": [cast.admin.id]})
    assert standing(api, cast.owner, message)[0] == "read"


@pytest.mark.parametrize("hides", ["owner", "member"])
def test_hiding_receipts_is_mutual(api, cast, hides):
    talk = making.direct(api, cast.owner, cast.member)
    accounts.update_profile(getattr(cast, hides).user, show_receipts=False)
    [message] = making.say(api, cast.owner, talk, "One")
    presence.enter(int(cast.member.id), "a")
    receipts.mark_read(cast.member.user, talk["id"], message["id"])
    assert standing(api, cast.owner, message)[0] == "sent"


def test_every_way_to_a_message_says_the_same(api, cast):
    talk = making.direct(api, cast.owner, cast.member)
    [message] = making.say(api, cast.owner, talk, "Findable")
    receipts.mark_read(cast.member.user, talk["id"], message["id"])
    mine, path = api.as_(cast.owner), f"{CONVERSATIONS}/{talk['id']}"
    mine.put(f"/api/messages/{message['id']}/pin", {"pinned": True})
    ways = [
        mine.get(path)["messages"][0],
        mine.get(path)["conversation"]["lastMessage"],
        mine.get(path, since=0)["messages"][0],
        mine.get(CONVERSATIONS)["conversations"][0]["lastMessage"],
        mine.get("/api/messages/search", query="findable")["results"][0]["message"],
        mine.get(f"{path}/pins")["messages"][0],
        mine.patch(f"/api/messages/{message['id']}", {"content": "Findable still"})["message"],
    ]
    assert {way["status"] for way in ways if way["messageType"] != "system"} == {"read"}


def test_a_large_group_tells_when_all_have_read(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    crowd = making.crowd(app, 99)
    making.admit(app, made, crowd)
    [message] = making.say(api, cast.owner, made, "One")
    path = f"{CONVERSATIONS}/{made['id']}"
    before = api.as_(cast.owner).get(path)["messages"][-1]["status"]
    for user_id in [*crowd, cast.member.id]:
        receipts.mark_read(db.session.get_one(User, int(user_id)), made["id"], message["id"])
    mine = api.as_(cast.owner)
    after = [
        mine.get(path)["messages"][-1]["status"],
        mine.get(CONVERSATIONS)["conversations"][0]["lastMessage"]["status"],
    ]
    assert (before, after) == ("sent", ["read", "read"])
    assert receipts.read_by_all(cast.owner.user, int(made["id"])) == message["position"]
    accounts.update_profile(cast.member.user, show_receipts=False)
    assert mine.get(path)["messages"][-1]["status"] == "sent"
    accounts.update_profile(cast.member.user, show_receipts=True)
    accounts.update_profile(cast.owner.user, show_receipts=False)
    assert mine.get(path)["messages"][-1]["status"] == "sent"
    assert receipts.read_by_all(cast.owner.user, int(made["id"])) == 0


def test_a_read_costs_the_same_in_a_group_of_two_hundred(app, api, cast, heard, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    costs = []
    for size in (3, 200):
        made = making.group(api, cast.owner, cast.member)
        making.admit(app, made, making.crowd(app, size - 2, f"Crowd{size}"))
        [message] = making.say(api, cast.owner, made, "One")
        heard.clear()
        with count_queries(app) as queries:
            receipts.mark_read(cast.member.user, made["id"], message["id"])
        updates = [statement for statement in queries if statement.startswith("UPDATE")]
        costs.append((len(updates), len(heard)))
    # The mark itself, and what browsers were shown of the conversation.
    assert costs == [(2, 1), (2, 1)]


def test_who_has_read_it_and_when(api, cast, trio):
    [message] = making.say(api, cast.owner, trio, "One")
    seen(cast.outsider, seconds=0)
    receipts.mark_read(cast.member.user, trio["id"], message["id"])
    found = receipts.of_message(cast.owner.user, message["id"])
    assert (found.read_count, found.member_count) == (1, 2)
    told = [(str(r.id), r.delivered_at is not None, r.read_at is not None) for r in found.members]
    assert told == [(cast.member.id, True, True), (cast.outsider.id, True, False)]


def test_only_its_sender_learns_it(api, cast, trio):
    [message] = making.say(api, cast.owner, trio, "One")
    for person, error, code in (
        (cast.member, Forbidden, "not_the_sender"),
        (cast.admin, NotFound, "not_found"),
    ):
        with pytest.raises(error) as refused:
            receipts.of_message(person.user, message["id"])
        assert refused.value.code == code
    accounts.update_profile(cast.owner.user, show_receipts=False)
    with pytest.raises(Forbidden) as refused:
        receipts.of_message(cast.owner.user, message["id"])
    assert refused.value.code == "receipts_off"


def test_marked_as_unread_until_it_is_read(api, cast, trio):
    path, mine = f"{CONVERSATIONS}/{trio['id']}", api.as_(cast.member)
    assert mine.post(f"{path}/unread")["conversation"]["markedUnread"] is False
    [message] = making.say(api, cast.owner, trio, "One")
    mine.post(f"{path}/read", {"messageId": message["id"]})
    shown = mine.post(f"{path}/unread")["conversation"]
    assert (shown["markedUnread"], shown["unreadCount"]) == (True, 0)
    assert [c["id"] for c in mine.get(CONVERSATIONS, filter="unread")["conversations"]] == [trio["id"]]
    assert api.as_(cast.owner).get(path)["conversation"]["markedUnread"] is False
    shown = mine.post(f"{path}/read", {"messageId": message["id"]})["conversation"]
    assert shown["markedUnread"] is False
    assert mine.get(CONVERSATIONS, filter="unread")["conversations"] == []
    with pytest.raises(NotFound):
        receipts.mark_unread(cast.admin.user, trio["id"])
