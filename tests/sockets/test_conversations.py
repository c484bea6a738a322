"""Looking at a conversation, and reading it."""

import pytest


@pytest.mark.parametrize("event", ["join_conversation", "leave_conversation"])
def test_joining_and_leaving_answer_the_conversation(api, cast, direct, open_socket, event):
    socket = open_socket(cast.owner)
    seen = api.as_(cast.owner).get(f"/api/messages/conversations/{direct['id']}")["conversation"]
    expected = {"success": True, "data": {"conversation": seen}}
    assert socket.emit(event, direct["id"]) == expected
    assert socket.emit(event, {"conversationId": direct["id"]}) == expected


def test_who_has_left_still_gets_its_messages(cast, direct, open_socket):
    socket = open_socket(cast.owner)
    socket.emit("join_conversation", direct["id"])
    socket.emit("leave_conversation", direct["id"])
    open_socket(cast.member).emit("new_message", {"conversationId": direct["id"], "content": "Still here?"})
    assert len(socket.arrived("message_received")) == 1


def test_reading_is_told_to_everybody_and_only_when_it_moves_on(api, cast, direct, open_socket):
    reader, tab, sender = open_socket(cast.member), open_socket(cast.member), open_socket(cast.owner)
    first, second = (
        sender.emit("new_message", {"conversationId": direct["id"], "content": text})["data"]["message"]
        for text in ("One", "Two")
    )
    body = {"conversationId": direct["id"], "messageId": second["id"]}
    answer = reader.emit("mark_read", body)
    assert answer["success"]
    assert answer["data"]["conversation"]["unreadCount"] == 0
    assert answer["data"]["conversation"]["lastReadMessageId"] == second["id"]
    reader.emit("mark_read", body)
    reader.emit("mark_read", body | {"messageId": first["id"]})
    for socket in (reader, tab, sender):
        (told,) = socket.arrived("messages_read")
        assert set(told) == {"conversationId", "userId", "messageId", "at"}
        assert (told["conversationId"], told["userId"]) == (direct["id"], cast.member.id)
        assert told["messageId"] == second["id"]
        assert told["at"].endswith("Z")
