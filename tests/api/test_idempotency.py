"""Idempotency-Key: the same POST twice does its work once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lumina.extensions import db
from lumina.models import IdempotencyKey
from lumina.services import messages
from tests.support import making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def send(api, cast, conversation):
    """Posts a message with a key; the bare response."""

    def send(content="Hello", key="k", sender=None):
        caller = api.as_(sender or cast.owner).with_headers(Idempotency_Key=key)
        body = {"conversationId": conversation["id"], "content": content}
        return caller.request("POST", "/api/messages", json=body)

    return send


@pytest.fixture
def contents(api, cast, conversation):
    """What has been sent in all."""

    def contents():
        found = api.as_(cast.owner).get(f"{CONVERSATIONS}/{conversation['id']}")
        return [message["content"] for message in found["messages"]]

    return contents


def kept(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(IdempotencyKey))


def test_the_first_answer_is_replayed(send, contents):
    first, second = send(), send()
    assert (first.status_code, first.data) == (second.status_code, second.data) == (201, first.data)
    assert second.mimetype == "application/json"
    assert contents() == ["Hello"]


def test_a_replay_keeps_the_status_too(api, cast):
    caller = api.as_(cast.owner).with_headers(Idempotency_Key="k")
    body = {"type": "direct", "participantIds": [cast.member.id]}
    first = caller.post(CONVERSATIONS, body, status=201)
    assert caller.post(CONVERSATIONS, body, status=201) == first
    api.as_(cast.owner).post(CONVERSATIONS, body, status=200)


def test_another_body_is_a_conflict(send, contents):
    send()
    refused = send("Goodbye")
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "idempotency_mismatch"
    assert contents() == ["Hello"]


def test_failures_are_not_kept(app, send, contents):
    assert send("").status_code == 400
    assert kept(app) == 0
    assert send("Better").status_code == 201
    assert contents() == ["Better"]


def test_a_key_belongs_to_its_person(cast, send, contents):
    assert send().status_code == 201
    assert send("Mine", sender=cast.member).status_code == 201
    assert contents() == ["Hello", "Mine"]


def test_a_key_belongs_to_its_route(api, cast, conversation, send):
    sent = send().get_json()["data"]["message"]
    caller = api.as_(cast.owner).with_headers(Idempotency_Key="k")
    caller.post(f"{CONVERSATIONS}/{conversation['id']}/read", {"messageId": sent["id"]}, status=200)
    caller.post(f"{CONVERSATIONS}/{conversation['id']}/archive", {"archived": True}, status=200)


def test_the_same_key_at_another_address_of_the_route_is_a_conflict(api, cast, conversation):
    caller, other = (
        api.as_(cast.owner).with_headers(Idempotency_Key="k"),
        making.group(api, cast.owner, cast.member),
    )
    caller.post(f"{CONVERSATIONS}/{conversation['id']}/archive", {"archived": True}, status=200)
    caller.post(f"{CONVERSATIONS}/{other['id']}/archive", {"archived": True}, status=409)


@pytest.mark.parametrize(
    ("age", "seen"), [(timedelta(hours=23), ["Hello"]), (timedelta(hours=25), ["Hello"] * 2)]
)
def test_a_key_lasts_a_day(app, send, contents, age, seen):
    first = send().get_json()
    with app.app_context():
        [row] = db.session.scalars(select(IdempotencyKey))
        db.session.execute(update(IdempotencyKey).values(created_at=row.created_at - age))
        db.session.commit()
    assert (send().get_json() == first) is (len(seen) == 1)
    assert contents() == seen
    assert kept(app) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_an_unfit_key_is_refused(send, contents, key):
    refused = send(key=key)
    assert refused.status_code == 400
    assert refused.get_json()["errors"][0]["field"] == "Idempotency-Key"
    assert contents() == []


def test_the_longest_key_will_do(send):
    assert send(key="x" * 255).data == send(key="x" * 255).data


def test_without_a_token_a_key_is_nothing(api):
    api.with_headers(Idempotency_Key="k").post("/api/messages", {}, status=401)


def test_a_concurrent_second_one_waits_for_the_first(send, contents, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    real = messages._insert

    def held(message):
        begun.set()
        assert go_on.wait(10)
        return real(message)

    monkeypatch.setattr(messages, "_insert", held)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(send)
        assert begun.wait(10)
        second = pool.submit(send)
        with pytest.raises(TimeoutError):
            second.result(0.3)
        go_on.set()
        assert first.result(10).data == second.result(10).data
    assert contents() == ["Hello"]


def test_where_the_first_fails_the_one_that_waits_does_the_work(send, contents, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    real = messages._insert

    def failing(message):
        monkeypatch.setattr(messages, "_insert", real)
        begun.set()
        assert go_on.wait(10)
        raise RuntimeError("the first one fails")

    monkeypatch.setattr(messages, "_insert", failing)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(send)
        assert begun.wait(10)
        second = pool.submit(send)
        go_on.set()
        assert (first.result(10).status_code, second.result(10).status_code) == (500, 201)
    assert contents() == ["Hello"]
