"""Several at once, over real connections: what must be one stays one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.live.conftest import CONVERSATIONS, crowd, history, make_group, post

AT_ONCE = 8


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Begins all of them at one moment; their answers."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def people(live_server):
    return crowd(live_server, 6)


def test_two_who_write_to_each_other_at_once_get_one_conversation(live_server, people):
    def start(one, other):
        body = {"type": "direct", "participantIds": [other.id]}
        return lambda: post(live_server, one, CONVERSATIONS, body)

    pairs = [(one, other) for number, one in enumerate(people) for other in people[number + 1 :]]
    for one, other in pairs:
        answers = at_once(start(one, other), start(other, one), start(one, other), start(other, one))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
        assert len({answer.json()["data"]["conversation"]["id"] for answer in answers}) == 1
    listed = live_server.call(people[0], "GET", CONVERSATIONS).json()["data"]["conversations"]
    assert len(listed) == len(people) - 1


def test_the_same_client_message_id_at_once_is_one_message(live_server, connect, people):
    conversation = make_group(live_server, people)
    body = {"conversationId": conversation, "content": "Once", "clientMessageId": str(uuid4())}
    sockets = [connect(live_server, people[0]) for _ in range(AT_ONCE // 2)]
    answers = at_once(
        *(lambda socket=socket: socket.emit("new_message", body) for socket in sockets),
        *[lambda: post(live_server, people[0], "/api/messages", body).json()] * (AT_ONCE // 2),
    )
    assert all(answer["success"] for answer in answers)
    assert len({answer["data"]["message"]["id"] for answer in answers}) == 1
    assert len(history(live_server, people[0], conversation)) == 1


def test_the_same_client_message_id_in_two_conversations_at_once_is_one_message(live_server, people):
    one, other = make_group(live_server, people), make_group(live_server, people)
    for _ in range(AT_ONCE):
        body = {"content": "Once", "clientMessageId": str(uuid4())}
        answers = at_once(
            *[
                lambda to=to, body=body: post(
                    live_server, people[0], "/api/messages", body | {"conversationId": to}
                )
                for to in (one, other)
            ]
        )
        assert {answer.status_code for answer in answers} <= {201, 409}
        ids = {answer.json()["data"]["message"]["id"] for answer in answers if answer.status_code == 201}
        assert len(ids) == 1
    stored = [history(live_server, people[0], conversation) for conversation in (one, other)]
    assert sum(map(len, stored)) == AT_ONCE
    for messages in stored:
        assert [message["version"] for message in messages] == list(range(1, len(messages) + 1))


def test_the_same_idempotency_key_at_once_is_carried_out_once(live_server, people):
    body = {"type": "group", "participantIds": [people[1].id], "name": "Once"}
    key = str(uuid4())
    answers = at_once(*[lambda: post(live_server, people[0], CONVERSATIONS, body, key)] * AT_ONCE)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    listed = live_server.call(people[0], "GET", CONVERSATIONS).json()["data"]["conversations"]
    assert len(listed) == 1


def test_another_body_with_the_same_key_at_once_is_refused(live_server, people):
    conversation, key = make_group(live_server, people), str(uuid4())
    answers: list[requests.Response] = at_once(
        *[
            lambda text=text: post(
                live_server,
                people[0],
                "/api/messages",
                {"conversationId": conversation, "content": str(text)},
                key,
            )
            for text in range(AT_ONCE)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (AT_ONCE - 1)
    assert len(history(live_server, people[0], conversation)) == 1
