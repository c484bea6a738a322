"""The rooms follow the memberships, without anybody connecting anew."""

import pytest

CONVERSATIONS = "/api/messages/conversations"
FROM_A_GROUP = ["message_received", "user_typing", "user_stopped_typing", "messages_read"]


@pytest.fixture
def people(cast, open_socket):
    """Sockets of everybody, two of each, the second with html."""
    everyone = {"owner": cast.owner, "member": cast.member, "outsider": cast.outsider}
    return {name: [open_socket(person), open_socket(person, html=True)] for name, person in everyone.items()}


def say(socket, conversation, text="Hello"):
    sent = socket.emit("new_message", {"conversationId": conversation["id"], "content": text})
    assert sent["success"], sent


def received(socket, *, lines=False):
    """The messages that people wrote; or, with `lines`, the kinds of the system lines."""
    messages = [payload["message"] for payload in socket.arrived("message_received")]
    if lines:
        return [message["system"]["kind"] for message in messages if "system" in message]
    return [message["content"] for message in messages if "system" not in message]


def heard(sockets):
    return [len(received(socket)) for socket in sockets]


@pytest.mark.parametrize("type", ["direct", "group"])
def test_a_new_conversation_reaches_its_members_and_then_its_messages(api, cast, people, type):
    body = {"type": type, "participantIds": [cast.member.id]}
    made = api.as_(cast.owner).post(CONVERSATIONS, body)["conversation"]
    say(people["member"][0], made)
    for socket in people["owner"] + people["member"]:
        (told,) = socket.arrived("conversation_created")
        assert told["conversation"]["id"] == made["id"]
    assert heard(people["owner"] + people["member"]) == [1, 1, 1, 1]
    assert "html" in people["member"][1].arrived("message_received")[0]
    assert not any(socket.arrived("conversation_created") for socket in people["outsider"])
    assert heard(people["outsider"]) == [0, 0]


def test_an_existing_direct_conversation_is_not_made_again(api, cast, direct, people):
    body = {"type": "direct", "participantIds": [cast.owner.id]}
    api.as_(cast.member).post(CONVERSATIONS, body, status=200)
    assert not any(socket.arrived("conversation_created") for socket in people["owner"] + people["member"])


def test_a_new_name_reaches_the_members(api, cast, group, people):
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{group['id']}", {"name": "The old mill"})
    for socket in people["owner"] + people["member"]:
        (told,) = socket.arrived("conversation_updated")
        assert told["conversation"]["name"] == "The old mill"
    assert not any(socket.arrived("conversation_updated") for socket in people["outsider"])


def test_who_is_added_receives_from_then_on(api, cast, group, people):
    say(people["owner"][0], group, "Before")
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{group['id']}/members", {"userIds": [cast.outsider.id]})
    say(people["owner"][0], group, "After")
    for socket in people["outsider"]:
        (told,) = socket.arrived("conversation_created")
        assert told["conversation"]["participantCount"] == 3
        assert (received(socket), received(socket, lines=True)) == (["After"], ["joined"])
        assert socket.arrived("conversation_updated") == []
    for socket in people["owner"] + people["member"]:
        (told,) = socket.arrived("conversation_updated")
        assert cast.outsider.id in [person["id"] for person in told["conversation"]["participants"]]
    say(people["outsider"][0], group, "Thank you")


@pytest.mark.parametrize("remover", ["owner", "member"], ids=["removed", "left"])
def test_who_is_gone_receives_nothing_any_more(api, cast, group, people, remover):
    people["member"][0].emit("join_conversation", group["id"])
    path = f"{CONVERSATIONS}/{group['id']}"
    api.as_(getattr(cast, remover)).delete(f"{path}/members/{cast.member.id}")
    for socket in people["member"]:
        (told,) = socket.arrived("conversation_updated")
        assert cast.member.id not in [person["id"] for person in told["conversation"]["participants"]]
        refused = socket.emit("new_message", {"conversationId": group["id"], "content": "Hello?"})
        assert refused["code"] == "not_found"
    owner = people["owner"][0]
    say(owner, group)
    owner.emit("typing_start", group["id"])
    owner.emit("typing_stop", group["id"])
    api.as_(cast.owner).patch(path, {"name": "Without you"})
    for socket in people["member"]:
        assert [name for name in FROM_A_GROUP if socket.arrived(name)] == []
        assert len(socket.arrived("conversation_updated")) == 1
    assert heard(people["owner"]) == [1, 1]
    assert received(owner, lines=True) == ["removed" if remover == "owner" else "left", "renamed"]
    assert all(len(socket.arrived("conversation_updated")) == 2 for socket in people["owner"])


def test_who_comes_back_receives_again(api, cast, group, people):
    members = f"{CONVERSATIONS}/{group['id']}/members"
    api.as_(cast.owner).delete(f"{members}/{cast.member.id}")
    api.as_(cast.owner).post(members, {"userIds": [cast.member.id]})
    say(people["owner"][0], group)
    assert heard(people["member"]) == [1, 1]
    assert "html" in people["member"][1].arrived("message_received")[0]
