"""Blocking somebody: what it stops, in both directions and at every door, what it leaves, and where the money goes."""

import pytest

from tests.support import life, making, paying
from tests.support.making import CONVERSATIONS


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def direct(api, cast):
    return making.direct(api, cast.owner, cast.member)


def block(api, person, whom, blocked=True, status=200):
    return api.as_(person).post(f"/api/users/{whom.id}/block", {"blocked": blocked}, status=status)


def test_it_answers_with_whom_and_how_it_is_now(api, cast):
    for blocked in (True, True, False, False):
        answer = block(api, cast.owner, cast.member, blocked)
        assert (answer["user"]["id"], answer["blocked"]) == (cast.member.id, blocked)


@pytest.mark.parametrize("user_id", ["987654321", "x"])
def test_nobody_blocks_somebody_who_is_not_there(api, cast, user_id):
    api.as_(cast.owner).post(f"/api/users/{user_id}/block", {"blocked": True}, status=404)


def test_nobody_blocks_themselves(api, cast):
    assert block(api, cast.owner, cast.owner, status=400)["code"] == "own_account"


def test_neither_writes_to_the_other_until_it_is_taken_back(api, cast, direct):
    block(api, cast.owner, cast.member)
    for person in (cast.owner, cast.member):
        refused = paying.say(api, person, direct, "Hello?", status=403)
        assert (refused["code"], refused["message"]) == ("blocked", "You cannot write to this person.")
    block(api, cast.owner, cast.member, blocked=False)
    for person in (cast.owner, cast.member):
        paying.say(api, person, direct, "Hello again")


def test_where_both_have_blocked_both_take_it_back(api, cast, direct):
    block(api, cast.owner, cast.member)
    block(api, cast.member, cast.owner)
    block(api, cast.owner, cast.member, blocked=False)
    assert paying.say(api, cast.owner, direct, "Hello?", status=403)["code"] == "blocked"
    block(api, cast.member, cast.owner, blocked=False)
    paying.say(api, cast.owner, direct, "Hello")


def test_nothing_is_told_by_changing_what_was_said(api, cast, direct):
    [first, second, third] = making.say(api, cast.owner, direct, "One", "Two", "Three")
    life.react(api, cast.member, first, "👍")
    life.delete(api, cast.owner, third)
    block(api, cast.owner, cast.member)
    other = {"conversationId": direct["id"], "replyTo": first["id"], "content": "So?"}
    refusals = [
        life.react(api, cast.member, first, "🙏", status=403),
        life.edit(api, cast.owner, first, "Else", status=403),
        life.pin(api, cast.member, first, status=403),
        life.restore(api, cast.owner, third, status=403),
        api.as_(cast.member).post("/api/messages", other, status=403),
        api.as_(cast.member).put(
            f"{CONVERSATIONS}/{direct['id']}/settings", {"settings": {"autoDeleteAfter": 60}}, status=403
        ),
    ]
    assert {refused["code"] for refused in refusals} == {"blocked"}
    # What one has said or left can be taken back, and one's own settings are one's own.
    life.react(api, cast.member, first, "👍", active=False)
    life.delete(api, cast.owner, second)
    life.hide(api, cast.member, first)
    path = f"{CONVERSATIONS}/{direct['id']}/settings"
    api.as_(cast.member).put(path, {"settings": {"notifications": False}})


def test_nothing_is_forwarded_to_them(api, cast, direct):
    group = making.group(api, cast.owner, cast.outsider)
    [message] = making.say(api, cast.owner, group, "News")
    block(api, cast.member, cast.owner)
    path, to = f"/api/messages/{message['id']}/forward", [group["id"], direct["id"]]
    refused = api.as_(cast.owner).post(path, {"conversationIds": to}, status=403)
    assert refused["code"] == "blocked"
    assert life.contents(api, cast.owner, group) == ["News"]


def test_a_conversation_that_exists_is_still_found_and_none_begins(api, cast, direct):
    block(api, cast.owner, cast.member)
    block(api, cast.owner, cast.outsider)
    body = {"type": "direct", "participantIds": [cast.member.id]}
    found = api.as_(cast.owner).post(CONVERSATIONS, body, status=200)["conversation"]
    assert (found["id"], found["isActive"]) == (direct["id"], True)
    for one, other in ((cast.owner, cast.outsider), (cast.outsider, cast.owner)):
        body = {"type": "direct", "participantIds": [other.id]}
        assert api.as_(one).post(CONVERSATIONS, body, status=403)["code"] == "blocked"
    assert len(api.as_(cast.outsider).get(CONVERSATIONS)["conversations"]) == 0


def test_neither_finds_the_other_among_people_to_write_to(api, cast):
    block(api, cast.owner, cast.member)
    for one, other in ((cast.owner, cast.member), (cast.member, cast.owner)):
        for query in (other.first_name, other.email):
            assert api.as_(one).get("/api/users", query=query)["users"] == []
    assert len(api.as_(cast.outsider).get("/api/users", query="Tomasz")["users"]) == 1


def test_in_groups_that_both_are_in_nothing_changes(api, cast):
    group = making.group(api, cast.admin, cast.owner, cast.member)
    block(api, cast.owner, cast.member)
    [said] = making.say(api, cast.member, group, "To all of you")
    life.react(api, cast.owner, said, "👍")
    life.reply(api, cast.owner, said, "Thanks")
    assert life.contents(api, cast.owner, group) == ["To all of you", "Thanks"]


def test_neither_draws_the_other_into_a_group_but_a_third_person_may(api, cast):
    group = making.group(api, cast.owner, cast.outsider)
    block(api, cast.member, cast.owner)
    refused = api.as_(cast.owner).post(
        f"{CONVERSATIONS}/{group['id']}/members", {"userIds": [cast.member.id]}, status=403
    )
    assert (refused["code"], refused["message"]) == ("blocked", "You cannot add one of these people.")
    body = {"type": "group", "participantIds": [cast.outsider.id, cast.member.id]}
    assert api.as_(cast.owner).post(CONVERSATIONS, body, status=403)["code"] == "blocked"
    body = {"type": "group", "participantIds": [cast.owner.id, cast.member.id]}
    api.as_(cast.outsider).post(CONVERSATIONS, body, status=201)


def test_somebody_who_is_in_the_group_already_is_no_new_one(api, cast):
    group = making.group(api, cast.owner, cast.member)
    block(api, cast.member, cast.owner)
    path = f"{CONVERSATIONS}/{group['id']}/members"
    api.as_(cast.owner).post(path, {"userIds": [cast.member.id]}, status=200)


@pytest.mark.parametrize("by", ["expert", "client"])
def test_what_waits_for_an_answer_goes_back_at_once_whoever_blocks(app, api, cast, by):
    client, expert = cast.owner, cast.member
    paying.credit(app, client, 20_000)
    paying.offer(api, expert)
    asked = paying.ask(api, client, expert)
    urgent = paying.urgent(api, client, asked, "Today, please")["escrow"]
    one, other = (expert, client) if by == "expert" else (client, expert)
    block(api, one, other)
    assert paying.balances(api, client) == (20_000, 0, 0)
    for escrow in (asked["escrow"], urgent):
        shown = paying.escrow(api, expert, escrow)
        assert (shown["state"], shown["refundReason"]) == ("refunded", "blocked")
    assert paying.say(api, expert, asked, "Wait", status=403)["code"] == "blocked"
    assert paying.ask(api, client, expert, status=403)["code"] == "blocked"
    block(api, one, other, blocked=False)
    assert paying.balances(api, client) == (20_000, 0, 0)
    path = f"{CONVERSATIONS}/{asked['id']}/renew"
    api.as_(client).post(path, {}, status=201)


def test_the_purchases_of_others_stay(app, api, cast):
    paying.credit(app, cast.outsider, 20_000)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.outsider, cast.member)
    block(api, cast.member, cast.owner)
    assert paying.escrow(api, cast.outsider, asked["escrow"])["state"] == "held"


def test_what_has_been_answered_is_paid(app, api, cast):
    paying.credit(app, cast.owner, 20_000)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    paying.say(api, cast.member, asked, "Here it is")
    block(api, cast.owner, cast.member)
    assert paying.balances(api, cast.member) == (0, 0, 5000)
    paying.advance(app, 73 * paying.HOUR)
    assert paying.balances(api, cast.member) == (5000, 0, 0)


def test_the_list_is_ones_own_the_latest_first(api, cast):
    people = [cast.member, cast.outsider, cast.admin]
    for person in people:
        block(api, cast.owner, person)
    block(api, cast.member, cast.owner)
    me, found, cursor = api.as_(cast.owner), [], None
    while found == [] or cursor:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = me.get("/api/users/me/blocked", **query)
        found, cursor = found + page["users"], page["nextCursor"]
    assert [user["id"] for user in found] == [person.id for person in reversed(people)]
    assert api.as_(cast.outsider).get("/api/users/me/blocked") == {"users": [], "nextCursor": None}


def presence_of(api, viewer, conversation, other):
    shown = life.read(api, viewer, conversation)["conversation"]["participants"]
    [found] = [person for person in shown if person["id"] == other.id]
    return found["online"], found["lastSeenAt"] is not None


def test_neither_sees_of_the_other_whether_they_are_there(api, cast, direct, open_socket):
    open_socket(cast.owner)
    open_socket(cast.member)
    assert presence_of(api, cast.owner, direct, cast.member)[0]
    block(api, cast.owner, cast.member)
    for one, other in ((cast.owner, cast.member), (cast.member, cast.owner)):
        assert presence_of(api, one, direct, other) == (False, False)
        listed = api.as_(one).get(CONVERSATIONS)["conversations"][0]["participants"]
        assert not any(person["online"] for person in listed)
    block(api, cast.owner, cast.member, blocked=False)
    assert presence_of(api, cast.member, direct, cast.owner)[0]
