"""A socket lasts as long as the right that opened it."""

import time

import jwt
import pytest

from tests.support.cast import PASSWORD, Person
from tests.support.waiting import eventually


@pytest.fixture
def second(api, cast):
    """Another token of the owner, of another session."""
    return api.post("/api/auth/login", {"email": cast.owner.email, "password": PASSWORD})["token"]


@pytest.fixture
def about_to_end(config):
    """A token like this person's that ends in a second or two."""

    def shorten(person: Person) -> str:
        claims = jwt.decode(person.token, config.jwt_secret, ["HS256"])
        return jwt.encode(claims | {"exp": int(time.time()) + 2}, config.jwt_secret)

    return shorten


def test_signing_out_closes_the_sockets_of_this_session_alone(api, cast, open_socket, second):
    own, tab = open_socket(cast.owner), open_socket(cast.owner, html=True)
    other, friend = open_socket(token=second), open_socket(cast.member)
    api.as_(cast.owner).post("/api/auth/logout")
    assert [socket.connected for socket in (own, tab, other, friend)] == [False, False, True, True]


def test_signing_out_of_the_page_closes_its_sockets(cast, open_socket, owners_page):
    page, program = open_socket(page=owners_page), open_socket(cast.owner)
    csrf = owners_page.get("/conversations").get_data(as_text=True).split('name="csrf-token" content="')[1]
    owners_page.post("/logout", data={"csrf_token": csrf.split('"')[0]})
    assert (page.connected, program.connected) == (False, True)


def test_revoking_closes_the_revoked(api, cast, open_socket, owners_page):
    page, program = open_socket(page=owners_page), open_socket(cast.owner)
    listed = api.as_(cast.owner).get("/api/auth/sessions")["sessions"]
    (web,) = [session["id"] for session in listed if session["kind"] == "web"]
    api.as_(cast.member).delete(f"/api/auth/sessions/{web}", status=404)
    assert page.connected
    api.as_(cast.owner).delete(f"/api/auth/sessions/{web}")
    assert (page.connected, program.connected) == (False, True)


def test_a_new_password_closes_all_but_the_one_that_set_it(api, cast, open_socket, second):
    own, other, friend = open_socket(cast.owner), open_socket(token=second), open_socket(cast.member)
    body = {"currentPassword": PASSWORD, "password": "another fine password"}
    api.as_(cast.owner).put("/api/auth/password", body)
    assert [socket.connected for socket in (own, other, friend)] == [True, False, True]


def test_a_socket_is_closed_when_its_token_ends_unless_it_brings_another(
    api, cast, direct, open_socket, about_to_end
):
    idle, renewing = open_socket(token=about_to_end(cast.owner)), open_socket(token=about_to_end(cast.owner))
    fresh = api.post("/api/auth/refresh", {"refreshToken": cast.owner.refresh_token})["token"]
    assert renewing.emit("auth", {"token": fresh}) == {"success": True, "data": {}}
    assert idle.connected
    assert eventually(lambda: not idle.connected, 4)
    assert renewing.emit("join_conversation", direct["id"])["success"]


def test_a_socket_goes_with_the_session_of_its_latest_token(api, cast, open_socket, second):
    socket = open_socket(cast.owner)
    assert socket.emit("auth", {"token": second})["success"]
    api.as_(cast.owner).post("/api/auth/logout")
    assert socket.connected
    api.as_(second).post("/api/auth/logout")
    assert not socket.connected


def test_a_token_that_does_not_fit_changes_nothing(api, cast, open_socket, second):
    socket = open_socket(cast.owner)
    api.as_(second).post("/api/auth/logout")
    for token in ("garbage", second, cast.member.token):
        assert socket.emit("auth", {"token": token})["code"] == "unauthorized"
    assert socket.connected
    api.as_(cast.member).post("/api/auth/logout")
    assert socket.connected
    api.as_(cast.owner).post("/api/auth/logout")
    assert not socket.connected


def test_who_is_closed_hears_nothing_more(api, cast, direct, open_socket):
    closed, listening = open_socket(cast.owner), open_socket(cast.member)
    api.as_(cast.owner).post("/api/auth/logout")
    closed._client.queue.clear()
    assert listening.emit("new_message", {"conversationId": direct["id"], "content": "Gone?"})["success"]
    assert closed._client.queue == []
