"""People at the real server, their conversations and their sockets."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.live.live_socket import LiveSocket
from tests.support.cast import Person
from tests.support.server import Server

Connect = Callable[..., LiveSocket]
CONVERSATIONS = "/api/messages/conversations"


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Opens sockets by hand: connect(server, mara, html=True)."""
    sockets: list[LiveSocket] = []

    def open_one(server: Server, person: Person, **auth: Any) -> LiveSocket:
        sockets.append(LiveSocket(server, person, **auth))
        return sockets[-1]

    yield open_one
    for socket in sockets:
        socket.close()


def crowd(server: Server, number: int) -> list[Person]:
    """New people; their passwords are hashed by real threads, so at once is quicker."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: server.register(), range(number)))


def make_group(server: Server, people: list[Person]) -> str:
    """A group of these people, the first its admin; its id."""
    body = {"type": "group", "participantIds": [person.id for person in people[1:]]}
    answer = server.call(people[0], "POST", CONVERSATIONS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["conversation"]["id"]


def post(
    server: Server, person: Person, path: str, body: dict[str, Any], key: str | None = None
) -> requests.Response:
    """A POST in somebody's name, with an Idempotency-Key or without."""
    headers = {"Authorization": f"Bearer {person.token}"} | ({"Idempotency-Key": key} if key else {})
    return requests.post(server.url + path, json=body, headers=headers, timeout=60)


def history(server: Server, person: Person, conversation_id: str) -> list[dict[str, Any]]:
    """Every message, in ascending version."""
    found: list[dict[str, Any]] = []
    while True:
        since = found[-1]["version"] if found else 0
        query = {"since": since, "limit": 100}
        answer = server.call(person, "GET", f"{CONVERSATIONS}/{conversation_id}", params=query).json()["data"]
        found += answer["messages"]
        if not answer["hasMore"]:
            return found
