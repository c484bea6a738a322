"""SIGKILL while people send: nothing acknowledged is lost, nothing doubled, no number skipped."""

import os
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.live.conftest import crowd, history, make_group, post
from tests.live.live_socket import Gone, LiveSocket
from tests.support.cast import Person
from tests.support.server import Server
from tests.support.waiting import eventually

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "3"))
DOORS = ["socket", "socket", "api", "key"]


@dataclass
class Sender:
    """Sends one message after another; what was not acknowledged is sent again first."""

    server: Server
    person: Person
    conversation: str
    door: str
    number: int = 0
    acknowledged: list[dict[str, Any]] = field(default_factory=list)

    def run(self, last: bool = False) -> None:
        """Until the server is gone; a last time, only what is still unacknowledged."""
        try:
            socket = LiveSocket(self.server, self.person) if self.door == "socket" else None
            while True:
                self.acknowledged.append(self._send(socket))
                self.number += 1
                if last:
                    return
        except (Gone, OSError, requests.RequestException):
            if last:
                raise

    def _send(self, socket: LiveSocket | None) -> dict[str, Any]:
        one = f"{self.person.id}-{self.number}"
        body = {"conversationId": self.conversation, "content": one, "clientMessageId": one}
        if socket:
            answer = socket.emit("new_message", body)
        else:
            key = one if self.door == "key" else None
            answer = post(self.server, self.person, "/api/messages", body, key).json()
        assert answer["success"], answer
        return answer["data"]["message"]


def acknowledged(senders: list[Sender]) -> int:
    return sum(len(sender.acknowledged) for sender in senders)


def crash(server: Server, senders: list[Sender]) -> None:
    """Lets them send, kills the server at some moment, and starts it again."""
    before = acknowledged(senders)
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    assert eventually(lambda: acknowledged(senders) > before)
    time.sleep(random.uniform(0, 0.4))
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    server.start()


@pytest.mark.timeout(60 + 12 * ROUNDS)
def test_nothing_acknowledged_is_lost_and_nothing_doubled(make_server):
    server = make_server()
    people = crowd(server, len(DOORS))
    conversation = make_group(server, people)
    senders = [Sender(server, person, conversation, door) for person, door in zip(people, DOORS, strict=True)]
    for _ in range(ROUNDS):
        crash(server, senders)
    for sender in senders:
        sender.run(last=True)
    stored = history(server, people[0], conversation)
    assert [message["version"] for message in stored] == list(range(1, len(stored) + 1))
    assert [message["position"] for message in stored] == list(range(1, len(stored) + 1))
    by_id = {message["id"]: message for message in stored}
    for sender in senders:
        for message in sender.acknowledged:
            assert by_id.get(message["id"]) == message
        sent = [f"{sender.person.id}-{number}" for number in range(sender.number)]
        assert [m["content"] for m in stored if m["senderId"] == sender.person.id] == sent
    print(f"{ROUNDS} rounds, {len(stored)} messages")
