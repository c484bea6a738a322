"""What is broadcast is the same for all, and so holds nothing that is one viewer's own."""

import pytest

CONVERSATIONS = "/api/messages/conversations"
VIEWERS_OWN = {"unreadCount", "markedUnread", "lastReadMessageId", "archived", "mutedBy", "lastMessage"}


def assert_neutral(conversation):
    assert VIEWERS_OWN.isdisjoint(conversation)
    assert "notifications" not in conversation["settings"]
    for participant in conversation["participants"]:
        assert set(participant) == {"id", "firstName", "lastName", "avatar", "role"}


@pytest.fixture
def listeners(cast, open_socket):
    return [open_socket(person) for person in (cast.owner, cast.member, cast.outsider)]


def test_a_conversation_in_every_event_is_neutral(api, cast, listeners):
    owner = api.as_(cast.owner)
    made = owner.post(CONVERSATIONS, {"type": "group", "participantIds": [cast.member.id]})["conversation"]
    assert set(made) >= VIEWERS_OWN
    path = f"{CONVERSATIONS}/{made['id']}"
    owner.post("/api/messages", {"conversationId": made["id"], "content": "Hello"})
    owner.patch(path, {"name": "The mill", "description": "All about the mill"})
    owner.post(f"{path}/members", {"userIds": [cast.outsider.id]})
    owner.delete(f"{path}/members/{cast.outsider.id}")
    told = [
        (name, event["conversation"])
        for socket in listeners
        for name in ("conversation_created", "conversation_updated")
        for event in socket.arrived(name)
    ]
    assert len(told) == 2 * 4 + 2
    for _, conversation in told:
        assert_neutral(conversation)
        assert set(made) - VIEWERS_OWN <= set(conversation)


def test_all_get_the_same(api, cast, group, listeners):
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{group['id']}", {"name": "The old mill"})
    one, other = (socket.arrived("conversation_updated") for socket in listeners[:2])
    assert one == other


def test_a_message_is_sent_and_no_more_than_that(api, cast, direct, listeners):
    sent = api.as_(cast.owner).post("/api/messages", {"conversationId": direct["id"], "content": "Hello"})
    api.as_(cast.member).post(f"{CONVERSATIONS}/{direct['id']}/read", {"messageId": sent["message"]["id"]})
    for socket in listeners[:2]:
        (received,) = socket.arrived("message_received")
        message = received["message"]
        assert (message["status"], message["deliveredAt"], message["readAt"]) == ("sent", None, None)
        assert message["deletedBy"] == []
