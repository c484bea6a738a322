"""Whoever sends, by whichever door: every listener sees every version once and in ascending order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.live.conftest import crowd, history, make_group, post
from tests.live.live_socket import LiveSocket
from tests.support.cast import Person
from tests.support.server import Server

SENDERS, EACH = 8, 12
Say = Callable[[str, str], None]


def by_socket(socket: LiveSocket) -> Say:
    def say(conversation: str, text: str) -> None:
        answer = socket.emit("new_message", {"conversationId": conversation, "content": text})
        assert answer["success"], answer

    return say


def by_api(server: Server, person: Person, *, keyed: bool) -> Say:
    def say(conversation: str, text: str) -> None:
        key = str(uuid4()) if keyed else None
        answer = post(server, person, "/api/messages", {"conversationId": conversation, "content": text}, key)
        assert answer.status_code == 201, answer.text

    return say


def test_everybody_sees_all_in_one_order(live_server, connect):
    people = crowd(live_server, SENDERS)
    conversation = make_group(live_server, people)
    sockets = [connect(live_server, person, html=number % 2 == 1) for number, person in enumerate(people)]
    doors = [
        lambda number: by_socket(sockets[number]),
        lambda number: by_api(live_server, people[number], keyed=False),
        lambda number: by_api(live_server, people[number], keyed=True),
    ]

    def talk(number: int) -> None:
        say = doors[number % len(doors)](number)
        for text in range(EACH):
            say(conversation, f"{number}: {text}")

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(talk, range(SENDERS)))
    versions = list(range(1, SENDERS * EACH + 1))
    stored = history(live_server, people[0], conversation)
    assert [message["version"] for message in stored] == versions
    for socket in sockets:
        socket.wait_until(lambda socket=socket: len(socket.received("message_received")) >= len(versions))
        received = socket.received("message_received")
        assert [event["version"] for event in received] == versions
        assert [event["message"]["id"] for event in received] == [message["id"] for message in stored]
    for number in range(SENDERS):
        own = [m["content"] for m in stored if m["senderId"] == people[number].id]
        assert own == [f"{number}: {text}" for text in range(EACH)]
