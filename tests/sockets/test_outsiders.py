"""Where somebody is no member there is nothing for them, and nobody notices them."""

import pytest

from tests.sockets.test_payloads import MESSAGES, PLACES

ARRIVE = [
    "message_received",
    "message_updated",
    "message_reaction_updated",
    "message_deleted",
    "user_typing",
    "user_stopped_typing",
    "messages_read",
    "conversation_updated",
    "conversation_settings_updated",
]


@pytest.fixture
def body(api, cast, group):
    sent = api.as_(cast.owner).post("/api/messages", {"conversationId": group["id"], "content": "Hello"})
    return {
        "conversationId": group["id"],
        "messageId": sent["message"]["id"],
        "content": "Let me in",
        "reaction": "👍",
        "settings": {"notifications": False, "allowFileSharing": False},
    }


@pytest.mark.parametrize("event", sorted(PLACES | MESSAGES))
def test_an_outsider_finds_nothing(api, body, cast, group, open_socket, event):
    insider, missing = open_socket(cast.member), {"conversationId": "999999", "messageId": "999999"}
    for person in (cast.outsider, cast.admin):
        refused = open_socket(person).emit(event, body)
        assert (refused["success"], refused["code"]) == (False, "not_found")
    assert refused == open_socket(cast.outsider).emit(event, body | missing)
    assert [name for name in ARRIVE if insider.arrived(name)] == []
    path = f"/api/messages/conversations/{group['id']}"
    [message] = api.as_(cast.owner).get(path)["messages"]
    assert (message["content"], message["reactions"], message["version"]) == ("Hello", [], 1)


def test_an_outsider_hears_nothing(api, body, cast, group, open_socket):
    outsider, owner = open_socket(cast.outsider), open_socket(cast.owner)
    outsider.emit("join_conversation", group["id"])
    owner.emit("new_message", body)
    owner.emit("typing_start", group["id"])
    for event in ("mark_read", "conversation_settings_update", *sorted(MESSAGES, reverse=True)):
        assert owner.emit(event, body)["success"], event
    api.as_(cast.owner).patch(f"/api/messages/conversations/{group['id']}", {"name": "Another"})
    assert [name for name in ARRIVE if outsider.arrived(name)] == []


def test_a_message_of_another_conversation_cannot_be_marked(api, body, cast, direct, open_socket):
    refused = open_socket(cast.member).emit("mark_read", body | {"conversationId": direct["id"]})
    assert refused["code"] == "not_found"
