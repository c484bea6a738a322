"""A message reaches every socket of every member, whoever sent it, once."""

import pytest

from lumina.presenters import fragments


@pytest.fixture
def sockets(cast, open_socket):
    """Two of each member, plain and with html."""
    people = (cast.owner, cast.member)
    return [open_socket(person, html=html) for person in people for html in (False, True)]


def test_the_acknowledgement_is_what_the_api_would_answer(api, cast, direct, open_socket):
    body = {"conversationId": direct["id"], "content": " Good morning \n", "clientMessageId": "one"}
    answer = open_socket(cast.owner).emit("new_message", body)
    assert set(answer) == {"success", "data"}
    message = answer["data"]["message"]
    assert (message["content"], message["clientMessageId"]) == ("Good morning", "one")
    assert api.as_(cast.owner).get(f"/api/messages/{message['id']}")["message"] == message


def test_everybody_gets_it_once_and_with_its_version(cast, direct, sockets):
    for version, sender in enumerate(sockets, 1):
        body = {"conversationId": direct["id"], "content": f"Number {version}"}
        message = sender.emit("new_message", body)["data"]["message"]
        for socket in sockets:
            received = socket.arrived("message_received")
            assert len(received) == version
            assert received[-1]["message"] == message
            assert received[-1]["conversationId"] == direct["id"]
            assert received[-1]["version"] == message["version"] == version


def test_html_is_the_one_bubble_and_goes_only_to_who_asked(api, cast, direct, sockets):
    content = '<b>bold?</b> & "quoted"\nhttps://example.org/?a=1&b=2'
    api.as_(cast.owner).post("/api/messages", {"conversationId": direct["id"], "content": content})
    plain, with_html = sockets[0::2], sockets[1::2]
    for socket in plain:
        assert set(socket.arrived("message_received")[0]) == {"message", "conversationId", "version"}
    for socket in with_html:
        (received,) = socket.arrived("message_received")
        assert set(received) == {"message", "conversationId", "version", "html"}
        assert received["html"] == fragments.bubble(received["message"])
        assert "<b>" not in received["html"]


@pytest.mark.parametrize("html", ["true", 1, None, False])
def test_only_true_asks_for_html(cast, direct, open_socket, html):
    socket = open_socket(cast.owner, html=html)
    socket.emit("new_message", {"conversationId": direct["id"], "content": "Hello"})
    assert "html" not in socket.arrived("message_received")[0]


def test_the_same_client_message_id_makes_one_message(api, cast, direct, open_socket):
    socket, listener = open_socket(cast.owner), open_socket(cast.member)
    body = {"conversationId": direct["id"], "content": "Once", "clientMessageId": "one"}
    first = socket.emit("new_message", body)
    assert socket.emit("new_message", body) == first
    assert api.as_(cast.owner).post("/api/messages", body)["message"] == first["data"]["message"]
    assert len(listener.arrived("message_received")) == 1


def test_what_is_refused_reaches_nobody(cast, direct, sockets):
    assert not sockets[0].emit("new_message", {"conversationId": direct["id"], "content": " "})["success"]
    assert not any(socket.arrived("message_received") for socket in sockets)
