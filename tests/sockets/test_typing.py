"""Typing: told to the others, and over by itself."""

import pytest

from lumina.sockets import typing
from tests.support.waiting import eventually


@pytest.fixture
def typist(cast, open_socket):
    return open_socket(cast.owner)


@pytest.fixture
def listener(cast, open_socket):
    return open_socket(cast.member)


def test_the_others_are_told_and_no_socket_of_the_typist(cast, direct, open_socket, typist, listener):
    second, with_html = open_socket(cast.member), open_socket(cast.member, html=True)
    own = [typist, open_socket(cast.owner), open_socket(cast.owner, html=True)]
    assert typist.emit("typing_start", direct["id"]) == {"success": True, "data": {}}
    assert typist.emit("typing_stop", {"conversationId": direct["id"]}) == {"success": True, "data": {}}
    told = {"conversationId": direct["id"], "userId": cast.owner.id, "userName": cast.owner.name}
    for name in ("user_typing", "user_stopped_typing"):
        assert [socket.arrived(name) for socket in (listener, second, with_html)] == [[told]] * 3
        assert [socket.arrived(name) for socket in own] == [[], [], []]


def test_it_stops_by_itself_once(direct, typist, listener, monkeypatch):
    monkeypatch.setattr(typing, "LASTS", 0.0)
    typist.emit("typing_start", direct["id"])
    assert eventually(lambda: listener.arrived("user_stopped_typing"), 3)
    typing_on = [key for key in typing._typists if key[1] == direct["id"]]
    assert typing_on == []
    assert len(listener.arrived("user_stopped_typing")) == 1


def test_it_stops_with_its_socket(direct, typist, listener):
    typist.emit("typing_start", direct["id"])
    typist.disconnect()
    assert len(listener.arrived("user_stopped_typing")) == 1


def test_who_does_not_type_says_nothing_on_leaving(direct, typist, listener):
    typist.emit("typing_start", direct["id"])
    typist.emit("typing_stop", direct["id"])
    typist.disconnect()
    assert len(listener.arrived("user_stopped_typing")) == 1


def test_it_stops_where_the_typist_is_removed(api, cast, group, open_socket, listener):
    typist = open_socket(cast.owner)
    members = f"/api/messages/conversations/{group['id']}/members"
    typist.emit("typing_start", group["id"])
    api.as_(cast.owner).delete(f"{members}/{cast.owner.id}")
    typist.disconnect()
    assert len(listener.arrived("user_stopped_typing")) == 1
