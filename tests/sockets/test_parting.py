"""Blocks, as sockets hear of them and meet them; and sockets that come while their person is being put out."""

from datetime import timedelta

import pytest

from lumina.services import presence, sessions
from lumina.sockets import connecting
from tests.support.cast import PASSWORD


def block(api, person, whom, blocked=True):
    api.as_(person).post(f"/api/users/{whom.id}/block", {"blocked": blocked})


@pytest.fixture
def settle(app, monkeypatch):
    """One round of presence, in which whoever has left is gone."""
    presence.use(presence.InMemory())
    monkeypatch.setattr(presence, "GRACE", timedelta())

    def settle():
        with app.app_context():
            for _ in presence.settle():
                pass

    return settle


def states(socket):
    return [(told["userId"], told["online"]) for told in socket.arrived("presence_changed")]


def test_both_learn_that_something_is_different_and_not_what(api, cast, direct, open_socket):
    ours, theirs = open_socket(cast.owner), open_socket(cast.member)
    block(api, cast.owner, cast.member)
    told = [socket.arrived("conversation_updated") for socket in (ours, theirs)]
    assert told[0] == told[1]
    conversation = told[0][0]["conversation"]
    assert (conversation["id"], conversation["isActive"]) == (direct["id"], True)
    assert "block" not in str(told).lower()


def test_a_second_block_of_the_same_tells_nothing(api, cast, direct, open_socket):
    block(api, cast.owner, cast.member)
    socket = open_socket(cast.member)
    block(api, cast.owner, cast.member)
    assert socket.arrived("conversation_updated") == []


def test_what_is_sent_by_the_socket_is_refused_and_typing_shows_to_nobody(api, cast, direct, open_socket):
    block(api, cast.owner, cast.member)
    ours, theirs = open_socket(cast.owner), open_socket(cast.member)
    for name, payload in (
        ("new_message", {"conversationId": direct["id"], "content": "Hello?"}),
        ("typing_start", direct["id"]),
    ):
        answer = theirs.emit(name, payload)
        assert (answer["success"], answer["code"]) == (False, "blocked")
    assert ours.arrived("message_received") == []
    assert ours.arrived("user_typing") == []
    assert theirs.emit("typing_stop", direct["id"])["success"]


def test_in_a_group_typing_shows(api, cast, group, open_socket):
    block(api, cast.owner, cast.member)
    ours, theirs = open_socket(cast.owner), open_socket(cast.member)
    assert theirs.emit("typing_start", group["id"])["success"]
    assert len(ours.arrived("user_typing")) == 1


def test_each_is_gone_for_the_other_and_comes_back(api, cast, direct, open_socket, settle):
    ours, theirs = open_socket(cast.owner), open_socket(cast.member)
    settle()
    block(api, cast.owner, cast.member)
    assert states(ours)[-1] == (cast.member.id, False)
    assert states(theirs)[-1] == (cast.owner.id, False)
    heard = len(states(theirs))
    ours.disconnect()
    settle()
    ours = open_socket(cast.owner)
    settle()
    assert len(states(theirs)) == heard
    block(api, cast.owner, cast.member, blocked=False)
    assert states(theirs)[-1] == (cast.owner.id, True)
    assert states(ours)[-1] == (cast.member.id, True)


def test_who_shows_no_presence_does_not_by_being_unblocked(api, cast, direct, open_socket, settle):
    api.as_(cast.owner).patch("/api/users/me", {"showPresence": False})
    open_socket(cast.owner)
    theirs = open_socket(cast.member)
    settle()
    for blocked in (True, False):
        block(api, cast.owner, cast.member, blocked)
    assert {online for _, online in states(theirs)} == {False}


@pytest.mark.parametrize("way", ["suspended", "closed"])
def test_a_socket_that_comes_meanwhile_is_not_let_in(api, cast, open_socket, monkeypatch, way):
    """Its session was alive when it knocked, and it was in no room yet when the others were closed."""
    join = connecting._join

    def put_out(connection):
        if way == "suspended":
            body = {"suspended": True, "reason": "Spam"}
            api.as_(cast.admin).post(f"/api/admin/users/{cast.member.id}/suspend", body)
        else:
            api.as_(cast.member).delete("/api/users/me", {"password": PASSWORD})
        join(connection)

    monkeypatch.setattr(connecting, "_join", put_out)
    assert not open_socket(cast.member).connected


def test_a_session_that_outlives_a_suspension_lets_nobody_in(api, cast, open_socket, monkeypatch):
    monkeypatch.setattr(sessions, "end_all_of", lambda user: None)
    body = {"suspended": True, "reason": "Spam"}
    api.as_(cast.admin).post(f"/api/admin/users/{cast.member.id}/suspend", body)
    assert not open_socket(cast.member).connected
    api.as_(cast.member).get("/api/auth/me", status=401)
