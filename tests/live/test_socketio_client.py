"""Other people's programs: the Socket.IO client from npm with its default settings, which poll first."""

import pytest

from tests.live.conftest import make_group
from tests.support.node_client import Refused


@pytest.fixture
def people(live_server):
    return live_server.register("Mara", "Ellison"), live_server.register("Tomasz", "Novak")


def test_two_chat_with_each_other_and_with_a_poster(live_server, node_client, people):
    mara, tomasz = people
    conversation = make_group(live_server, [mara, tomasz])
    one, other = node_client(), node_client()
    one.connect(live_server.url, mara.token)
    other.connect(live_server.url, tomasz.token)
    for client in (one, other):
        joined = client.emit("join_conversation", conversation)
        assert joined["data"]["conversation"]["id"] == conversation
    one.emit("typing_start", {"conversationId": conversation})
    assert other.wait_for("user_typing")["userName"] == "Mara Ellison"
    said = one.emit("new_message", {"conversationId": conversation, "content": "Hello, Tomasz"})
    assert said["success"]
    other.emit("new_message", {"conversationId": conversation, "content": "Hello, Mara"})
    body = {"conversationId": conversation, "content": "By the API"}
    assert live_server.call(tomasz, "POST", "/api/messages", json=body).status_code == 201
    for client in (one, other):
        client.wait_for("message_received", lambda event: event["version"] == 3)
        received = client.received("message_received")
        assert [event["version"] for event in received] == [1, 2, 3]
        assert [event["message"]["content"] for event in received] == [
            "Hello, Tomasz",
            "Hello, Mara",
            "By the API",
        ]
        assert received[0]["message"] == said["data"]["message"]
    assert one.received("user_typing") == []


@pytest.mark.parametrize("auth", [None, {"token": "garbage"}, {"token": 7}, ["token"]], ids=str)
def test_anybody_else_is_refused_in_the_contracts_word(live_server, node_client, auth):
    with pytest.raises(Refused) as refused:
        node_client().connect(live_server.url, **({"auth": auth} if auth else {}))
    assert refused.value.args[0]["message"] == "unauthorized"


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["websocket", "polling"]], ids=str)
def test_every_transport_works(live_server, node_client, people, transports):
    mara, tomasz = people
    conversation = make_group(live_server, [mara, tomasz])
    client = node_client()
    client.connect(live_server.url, mara.token, transports=transports)
    assert client.emit("new_message", {"conversationId": conversation, "content": "Hello"})["success"]
    assert client.wait_for("message_received")["version"] == 1
