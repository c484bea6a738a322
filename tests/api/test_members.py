"""The members of a conversation over the API: adding, removing, leaving, listing."""

import pytest

from lumina.services import members
from tests.support import making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def made(api, cast):
    return making.group(api, cast.owner, cast.member)


@pytest.fixture
def path(made):
    return f"{CONVERSATIONS}/{made['id']}/members"


def roles(api, person, path):
    return {member["id"]: member["role"] for member in api.as_(person).get(path)["members"]}


def test_an_admin_adds_people_who_see_the_history(api, cast, made, path):
    [old] = making.say(api, cast.owner, made, "Before you came")
    ids = [cast.member.id, cast.outsider.id, cast.owner.id, cast.outsider.id]
    changed = api.as_(cast.owner).post(path, {"userIds": ids}, status=200)["conversation"]
    assert changed["participantCount"] == 3
    assert roles(api, cast.outsider, path) == {
        cast.owner.id: "admin",
        cast.member.id: "member",
        cast.outsider.id: "member",
    }
    seen = api.as_(cast.outsider).get(f"{CONVERSATIONS}/{made['id']}")
    assert seen["messages"][0] == old
    assert [message["messageType"] for message in seen["messages"]] == ["text", "system"]
    assert seen["conversation"]["unreadCount"] == 0


def test_adding_who_is_in_already_changes_nothing(api, cast, made, path):
    before = api.as_(cast.owner).get(f"{CONVERSATIONS}/{made['id']}")["conversation"]
    assert api.as_(cast.owner).post(path, {"userIds": [cast.member.id]})["conversation"] == before


@pytest.mark.parametrize(
    ("ids", "status", "field"),
    [
        (["self"], 400, "userIds"),
        ([], 400, "userIds"),
        (None, 400, "userIds"),
        (["987654321"], 404, None),
        (["member", "x"], 404, None),
    ],
)
def test_whom_one_cannot_add(api, cast, path, ids, status, field):
    known = {"self": cast.owner.id, "member": cast.outsider.id}
    body = {"userIds": ids and [known.get(user_id, user_id) for user_id in ids]}
    refused = api.as_(cast.owner).post(path, body, status=status)
    assert [error["field"] for error in refused.get("errors", [])] == ([field] if field else [])
    assert len(roles(api, cast.owner, path)) == 2


def test_only_an_admin_of_the_group_adds_and_removes(api, cast, path):
    for person, status in [(cast.member, 403), (cast.outsider, 404), (cast.admin, 404)]:
        api.as_(person).post(path, {"userIds": [cast.outsider.id]}, status=status)
        api.as_(person).delete(f"{path}/{cast.owner.id}", status=status)
    assert len(roles(api, cast.owner, path)) == 2


def test_a_direct_conversation_stays_between_two(api, cast):
    path = f"{CONVERSATIONS}/{making.direct(api, cast.owner, cast.member)['id']}/members"
    assert len(api.as_(cast.owner).get(path)["members"]) == 2
    refusals = [
        api.as_(cast.owner).post(path, {"userIds": [cast.outsider.id]}, status=403),
        api.as_(cast.owner).delete(f"{path}/{cast.member.id}", status=403),
        api.as_(cast.owner).delete(f"{path}/{cast.owner.id}", status=403),
    ]
    assert {refused["code"] for refused in refusals} == {"not_a_group"}


def test_who_is_removed_sees_it_no_longer(api, cast, made, path):
    left = api.as_(cast.owner).delete(f"{path}/{cast.member.id}")["conversation"]
    assert (left["participantCount"], left["isActive"]) == (1, False)
    assert api.as_(cast.member).get(CONVERSATIONS)["conversations"] == []
    api.as_(cast.member).get(f"{CONVERSATIONS}/{made['id']}", status=404)
    api.as_(cast.owner).delete(f"{path}/{cast.member.id}", status=404)
    api.as_(cast.owner).delete(f"{path}/x", status=404)


def test_a_member_leaves_and_may_be_let_in_again(api, cast, path):
    assert api.as_(cast.member).delete(f"{path}/{cast.member.id}") == {"conversation": None}
    assert set(roles(api, cast.owner, path)) == {cast.owner.id}
    api.as_(cast.owner).post(path, {"userIds": [cast.member.id]})
    assert roles(api, cast.member, path)[cast.member.id] == "member"


def test_when_the_last_admin_leaves_the_longest_member_becomes_one(app, api, cast, made, path):
    making.admit(app, made, [cast.outsider.id])
    api.as_(cast.owner).delete(f"{path}/{cast.owner.id}")
    assert roles(api, cast.outsider, path) == {cast.member.id: "admin", cast.outsider.id: "member"}
    api.as_(cast.member).delete(f"{path}/{cast.member.id}")
    assert roles(api, cast.outsider, path) == {cast.outsider.id: "admin"}
    api.as_(cast.outsider).delete(f"{path}/{cast.outsider.id}")
    api.as_(cast.outsider).get(path, status=404)


def test_a_group_holds_so_many_and_no_more(api, cast, path, monkeypatch):
    monkeypatch.setattr(members, "_most", 3)
    api.as_(cast.owner).post(path, {"userIds": [cast.outsider.id]})
    full = api.as_(cast.owner).post(path, {"userIds": [cast.admin.id]}, status=409)
    assert full["code"] == "group_full"
    others = [cast.member.id, cast.outsider.id, cast.admin.id]
    body = {"type": "group", "participantIds": others}
    assert api.as_(cast.owner).post(CONVERSATIONS, body, status=409)["code"] == "group_full"
    api.as_(cast.owner).post(CONVERSATIONS, body | {"participantIds": others[1:]}, status=201)


def test_a_group_of_five_thousand_may_be_named_at_once(app, api, cast):
    crowd = making.crowd(app, 5000)
    body = {"type": "group", "participantIds": crowd}
    assert api.as_(cast.owner).post(CONVERSATIONS, body, status=409)["code"] == "group_full"
    made = api.as_(cast.owner).post(CONVERSATIONS, body | {"participantIds": crowd[1:]}, status=201)
    assert made["conversation"]["participantCount"] == 5000


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_pages_name_every_member_once_the_longest_first(app, api, cast, made, path, limit):
    crowd = making.crowd(app, 6)
    making.admit(app, made, crowd)
    seen, cursor = [], None
    while cursor or not seen:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = api.as_(cast.member).get(path, **query)
        seen += [member["id"] for member in page["members"]]
        cursor = page["nextCursor"]
    assert seen == [cast.owner.id, cast.member.id, *crowd]
