"""Conversations over the API: direct once per pair, groups, naming, archiving."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support import making
from tests.support.making import CONVERSATIONS

UNKNOWN = "987654321"


def start(api, person, *others, type="direct", status=None, **fields):
    ids = [other if isinstance(other, str) else other.id for other in others]
    return api.as_(person).post(CONVERSATIONS, {"type": type, "participantIds": ids, **fields}, status=status)


def test_a_direct_conversation_is_in_the_contracts_shape(api, cast):
    found = start(api, cast.owner, cast.member, status=201)["conversation"]
    both = [
        {"id": p.id, "firstName": p.first_name, "lastName": p.last_name} for p in (cast.owner, cast.member)
    ]
    extra = {"avatar": None, "online": False, "lastSeenAt": None, "role": "member"}
    assert found == {
        "id": found["id"],
        "participants": [person | extra for person in both],
        "participantCount": 2,
        "type": "direct",
        "isPriorityConversation": False,
        "lastMessage": None,
        "lastMessageAt": None,
        "name": None,
        "description": None,
        "avatar": None,
        "adminId": None,
        "settings": {
            "notifications": True,
            "notificationLevel": "all",
            "autoDeleteAfter": None,
            "allowFileSharing": True,
            "allowVoiceMessages": True,
        },
        "mutedBy": [],
        "unreadCount": 0,
        "markedUnread": False,
        "lastReadMessageId": None,
        "archived": False,
        "isActive": True,
        "version": 0,
        "createdAt": found["createdAt"],
        "updatedAt": found["createdAt"],
    }


def test_two_people_have_one_direct_conversation_whoever_begins(api, cast):
    first = start(api, cast.owner, cast.member, status=201)["conversation"]["id"]
    assert start(api, cast.owner, cast.member, status=200)["conversation"]["id"] == first
    assert start(api, cast.member, cast.owner, status=200)["conversation"]["id"] == first
    assert start(api, cast.owner, cast.outsider, status=201)["conversation"]["id"] != first


def test_two_who_begin_at_once_meet_in_one_conversation(api, cast):
    pairs = [(cast.owner, cast.member), (cast.member, cast.owner)] * 2
    together = Barrier(len(pairs))

    def begin(pair):
        together.wait()
        body = {"type": "direct", "participantIds": [pair[1].id]}
        answer = api.as_(pair[0]).request("POST", CONVERSATIONS, json=body)
        return answer.status_code, answer.get_json()["data"]["conversation"]["id"]

    with ThreadPoolExecutor(len(pairs)) as pool:
        answers = list(pool.map(begin, pairs))
    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({conversation_id for _, conversation_id in answers}) == 1


@pytest.mark.parametrize(
    ("others", "status"),
    [
        (["self"], 400),
        ([], 400),
        ([UNKNOWN], 404),
        (["nonsense"], 404),
        (["-1"], 404),
        (["9" * 30], 404),
        (["٣"], 404),
        (["member", "outsider"], 400),
        (["member", UNKNOWN], 404),
    ],
)
def test_a_direct_conversation_is_with_one_other_person(api, cast, others, status):
    known = {"self": cast.owner.id, "member": cast.member.id, "outsider": cast.outsider.id}
    start(api, cast.owner, *(known.get(other, other) for other in others), status=status)
    assert api.as_(cast.owner).get(CONVERSATIONS)["conversations"] == []


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"type": "channel"}, "type"),
        ({"type": None}, "type"),
        ({"participantIds": "12"}, "participantIds"),
        ({"participantIds": None}, "participantIds"),
        ({"participantIds": [True]}, "participantIds.0"),
        ({"participantIds": [None]}, "participantIds.0"),
        ({"type": "group", "name": "x" * 121}, "name"),
        ({"type": "group", "name": "🎈" * 61}, "name"),
        ({"type": "group", "name": 7}, "name"),
        ({"type": "group", "description": "x" * 2001}, "description"),
        ({"type": "group", "description": "nul\x00"}, "description"),
    ],
)
def test_an_unfit_beginning_names_its_field(api, cast, fields, faulty):
    body = {"type": "direct", "participantIds": [cast.member.id], **fields}
    refused = api.as_(cast.owner).post(CONVERSATIONS, body, status=400)
    assert [error["field"] for error in refused["errors"]] == [faulty]


def test_ids_may_be_numbers_and_may_repeat(api, cast):
    others = [int(cast.member.id), cast.member.id, cast.owner.id, cast.outsider.id]
    found = api.as_(cast.owner).post(CONVERSATIONS, {"type": "group", "participantIds": others})
    ids = [person["id"] for person in found["conversation"]["participants"]]
    assert sorted(ids) == sorted([cast.owner.id, cast.member.id, cast.outsider.id])


def test_who_makes_a_group_is_its_admin(api, cast):
    made = making.group(api, cast.owner, cast.member, name="  Two Mills ", description=" Rates ")
    assert (made["name"], made["description"]) == ("Two Mills", "Rates")
    assert made["adminId"] == cast.owner.id
    assert [p["role"] for p in made["participants"]] == ["admin", "member"]
    for viewer in (cast.owner, cast.member):
        found = api.as_(viewer).get(f"{CONVERSATIONS}/{made['id']}")
        assert found["conversation"] == made
        assert (found["messages"], found["hasMore"]) == ([], False)
        assert "hiddenIds" not in found


def test_groups_of_the_same_people_are_several(api, cast):
    assert len({making.group(api, cast.owner, cast.member)["id"] for _ in range(3)}) == 3


def test_an_admin_renames_and_describes_a_group(api, cast):
    made = making.group(api, cast.owner, cast.member, name="Two Mills", description="Rates")
    path = f"{CONVERSATIONS}/{made['id']}"
    change = api.as_(cast.owner).patch
    assert change(path, {"name": "Three Mills"})["conversation"]["description"] == "Rates"
    assert change(path, {"description": ""})["conversation"]["description"] is None
    assert change(path, {"name": " "})["conversation"]["name"] is None
    renamed = change(path, {"name": "Mühlen"})["conversation"]
    assert api.as_(cast.member).get(path)["conversation"] == renamed
    lines = [message["system"]["kind"] for message in api.as_(cast.member).get(path)["messages"]]
    assert lines == ["renamed", "described", "renamed", "renamed"]
    assert renamed["version"] == 4
    found = api.as_(cast.member).get(CONVERSATIONS, query="muhlen")["conversations"]
    assert [c["id"] for c in found] == [made["id"]]


@pytest.mark.parametrize(
    ("type", "who", "status", "code"),
    [
        ("group", "member", 403, "not_an_admin"),
        ("group", "outsider", 404, "not_found"),
        ("group", "admin", 404, "not_found"),
        ("direct", "owner", 403, "not_a_group"),
        ("direct", "outsider", 404, "not_found"),
    ],
)
def test_others_change_no_name(api, cast, type, who, status, code):
    make = making.group if type == "group" else making.direct
    path = f"{CONVERSATIONS}/{make(api, cast.owner, cast.member)['id']}"
    before = api.as_(cast.owner).get(path)
    refused = api.as_(getattr(cast, who)).patch(path, {"name": "Mine"}, status=status)
    assert refused["code"] == code
    assert api.as_(cast.owner).get(path) == before


def test_a_conversation_is_archived_for_oneself_alone(api, cast):
    path = f"{CONVERSATIONS}/{making.direct(api, cast.owner, cast.member)['id']}"
    mine, theirs = api.as_(cast.owner), api.as_(cast.member)
    for archived in (True, True, False):
        assert mine.post(f"{path}/archive", {"archived": archived})["conversation"]["archived"] is archived
        assert mine.get(path)["conversation"]["archived"] is archived
        assert theirs.get(path)["conversation"]["archived"] is False
    theirs.post(f"{path}/archive", {}, status=400)
    api.as_(cast.outsider).post(f"{path}/archive", {"archived": True}, status=404)


def test_over_a_hundred_members_only_admins_and_the_viewer_are_shown(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    making.admit(app, made, making.crowd(app, 98))
    path = f"{CONVERSATIONS}/{made['id']}"
    exactly = api.as_(cast.member).get(path)["conversation"]
    assert exactly["participantCount"] == len(exactly["participants"]) == 100
    api.as_(cast.owner).post(f"{path}/members", {"userIds": [cast.outsider.id]})
    for viewer, shown in [(cast.owner, [cast.owner]), (cast.member, [cast.owner, cast.member])]:
        one = api.as_(viewer).get(path)["conversation"]
        listed = api.as_(viewer).get(CONVERSATIONS)["conversations"][0]
        assert one == listed
        assert one["participantCount"] == 101
        assert [p["id"] for p in one["participants"]] == [person.id for person in shown]
        assert one["adminId"] == cast.owner.id
