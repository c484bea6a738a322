"""What happens to a conversation is told in its history, as {kind, params}, and counts for nobody as unread."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.group(api, cast.owner, cast.member, name="The mill")


@pytest.fixture
def path(conversation):
    return f"{CONVERSATIONS}/{conversation['id']}"


@pytest.fixture
def lines(api, cast, conversation):
    """The latest lines, as the owner finds them: (kind, params)."""

    def lines(most):
        found = life.read(api, cast.owner, conversation)["messages"][-most:]
        return [(line["system"]["kind"], line["system"]["params"]) for line in found]

    return lines


def named(*people):
    return [{"id": person.id, "name": person.name} for person in people]


def test_a_line_is_a_message_of_who_caused_it(api, cast, conversation, path):
    api.as_(cast.owner).patch(path, {"name": "The old mill"})
    [line] = life.read(api, cast.member, conversation)["messages"]
    assert (line["messageType"], line["senderId"], line["version"]) == ("system", cast.owner.id, 1)
    assert line["system"] == {"kind": "renamed", "params": {"name": "The old mill"}}
    assert line["content"] == "Mara Ellison renamed the group to “The old mill”"
    assert life.find(api, cast.member, line) == line
    assert life.read(api, cast.member, conversation)["conversation"]["lastMessage"] == line


def test_naming_and_describing(api, cast, path, lines):
    api.as_(cast.owner).patch(path, {"name": "", "description": "All about the mill"})
    assert lines(2) == [("renamed", {"name": None}), ("described", {})]
    api.as_(cast.owner).patch(path, {"description": "All about the mill"})
    api.as_(cast.owner).patch(path, {"name": " "})
    assert len(lines(9)) == 2


def test_joining_and_removing(api, cast, path, lines):
    api.as_(cast.owner).post(
        f"{path}/members", {"userIds": [cast.outsider.id, cast.member.id, cast.admin.id]}
    )
    api.as_(cast.owner).delete(f"{path}/members/{cast.outsider.id}")
    assert lines(2) == [
        ("joined", {"users": named(cast.outsider, cast.admin), "count": 2}),
        ("removed", {"users": named(cast.outsider)}),
    ]


def test_leaving_and_who_comes_after(api, cast, conversation, path):
    api.as_(cast.owner).delete(f"{path}/members/{cast.owner.id}")
    found = life.read(api, cast.member, conversation)["messages"]
    assert [(line["senderId"], line["system"]) for line in found] == [
        (cast.owner.id, {"kind": "left", "params": {}}),
        (cast.owner.id, {"kind": "made_admin", "params": {"users": named(cast.member)}}),
    ]


def test_of_many_the_first_are_named(app, api, cast, path, lines):
    crowd = making.crowd(app, 30)
    api.as_(cast.owner).post(f"{path}/members", {"userIds": crowd})
    [(kind, params)] = lines(1)
    assert (kind, params["count"]) == ("joined", 30)
    assert [user["id"] for user in params["users"]] == crowd[:20]


def test_lines_are_never_unread(api, cast, conversation, path):
    api.as_(cast.owner).patch(path, {"name": "The old mill"})
    making.say(api, cast.owner, conversation, "Look")
    api.as_(cast.owner).post(f"{path}/members", {"userIds": [cast.outsider.id]})
    assert life.read(api, cast.member, conversation)["conversation"]["unreadCount"] == 1
    assert life.read(api, cast.outsider, conversation)["conversation"]["unreadCount"] == 0
    latest = life.read(api, cast.member, conversation)["messages"][-1]
    shown = api.as_(cast.member).post(f"{path}/read", {"messageId": latest["id"]})["conversation"]
    assert (shown["unreadCount"], shown["lastReadMessageId"]) == (0, latest["id"])


def test_who_refused_leaves_no_line(api, cast, conversation, path):
    api.as_(cast.member).patch(path, {"name": "Mine"}, status=403)
    api.as_(cast.member).post(f"{path}/members", {"userIds": [cast.outsider.id]}, status=403)
    api.as_(cast.owner).post(f"{path}/members", {"userIds": [cast.member.id]})
    assert life.read(api, cast.owner, conversation)["messages"] == []


def test_auto_delete_leaves_the_lines(api, cast, conversation, path, swept):
    api.as_(cast.owner).put(f"{path}/settings", {"settings": {"autoDeleteAfter": 60}})
    making.say(api, cast.owner, conversation, "Soon gone")
    api.as_(cast.owner).patch(path, {"name": "The old mill"})
    swept(60)
    found = life.read(api, cast.member, conversation)["messages"]
    assert [line["system"]["kind"] for line in found] == ["auto_delete", "renamed"]
