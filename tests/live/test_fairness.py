"""Nobody starves the others: what a message takes, from its sender's hand to its reader's eye, while much else goes on."""

import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from tests.live.conftest import CONVERSATIONS, crowd, make_group
from tests.live.live_socket import LiveSocket
from tests.support import files

SENDS, PAUSE = 30, 0.05
BUSY, MIB = 16, 1024 * 1024
MEDIAN, LONGEST = 0.5, 2.0
# As one packet each, sent ahead of any answer.
AHEAD = 400


@pytest.fixture
def talk(live_server):
    """(sender's socket, reader's socket, conversation, everybody)"""
    people = crowd(live_server, 3)
    conversation = make_group(live_server, people)
    speaking, listening = LiveSocket(live_server, people[0]), LiveSocket(live_server, people[1])
    yield speaking, listening, conversation, people
    speaking.close()
    listening.close()


def delays(speaking: LiveSocket, listening: LiveSocket, conversation: str) -> list[float]:
    """Of some messages: how long, in seconds, until each had been acknowledged and the reader had it."""
    found = []
    for number in range(SENDS):
        content = f"Number {number}, at {time.monotonic()}"
        began = time.monotonic()
        answer = speaking.emit("new_message", {"conversationId": conversation, "content": content})
        assert answer["success"]
        assert listening.wait_until(
            lambda content=content: (
                listening.received("message_received")[-1:]
                and listening.received("message_received")[-1]["message"]["content"] == content
            )
        )
        found.append(time.monotonic() - began)
        time.sleep(PAUSE)
    return found


def report(name: str, found: list[float]) -> tuple[float, float]:
    """(median, longest), printed for who runs this to know."""
    median, longest = statistics.median(found), max(found)
    print(f"{name}: median {median * 1000:.0f} ms, longest {longest * 1000:.0f} ms")
    return median, longest


@contextmanager
def again_and_again(work) -> Iterator[None]:
    """Does `work` in a thread until the end; it must have come round once at least."""
    ending, rounds = threading.Event(), [0]

    def repeat() -> None:
        while not ending.is_set():
            work()
            rounds[0] += 1

    thread = threading.Thread(target=repeat)
    thread.start()
    yield
    ending.set()
    thread.join(60)
    assert rounds[0] > 0


class KeptAlive:
    """A connection that asks again as soon as it has its answer, in as little of our own time as possible."""

    def __init__(self, server, person, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), 30)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {person.token}\r\n\r\n"
        self.request = head.encode()

    def ask(self) -> None:
        self.socket.sendall(self.request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.socket.recv(65536)
        head, _, body = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        left = int(head.lower().partition(b"content-length:")[2].split()[0]) - len(body)
        while left > 0:
            left -= len(self.socket.recv(65536))


@pytest.mark.timeout(180)
def test_a_message_passes_busy_connections_an_upload_and_a_picture(live_server, talk):
    speaking, listening, conversation, people = talk
    quiet = report("quiet", delays(speaking, listening, conversation))
    paths = [CONVERSATIONS, f"{CONVERSATIONS}/{conversation}"]
    busy = [KeptAlive(live_server, people[2], paths[number % 2]) for number in range(BUSY)]
    large, picture = b"a line of text\n" * (10 * MIB // 15), files.picture("PNG", (3000, 2000))

    def upload(name: str, content: bytes) -> None:
        answer = live_server.call(
            people[2], "POST", "/api/messages/attachments", files={"file": (name, content)}
        )
        assert answer.status_code in (201, 429), answer.text

    with ExitStack() as load:
        for connection in busy:
            load.enter_context(again_and_again(connection.ask))
        load.enter_context(again_and_again(lambda: upload("large.txt", large)))
        load.enter_context(again_and_again(lambda: upload("picture.png", picture)))
        time.sleep(1)
        loaded = report("under load", delays(speaking, listening, conversation))
    for connection in busy:
        connection.socket.close()
    assert quiet[0] <= MEDIAN
    assert loaded[0] <= MEDIAN
    assert loaded[1] <= LONGEST


@pytest.mark.parametrize("door", ["requests", "events"])
def test_who_sends_much_ahead_waits_for_others_in_between(live_server, talk, door):
    speaking, _, conversation, people = talk
    greedy = LiveSocket(live_server, people[2])
    pipeline = KeptAlive(live_server, people[2], "/api/auth/me")
    began = time.monotonic()
    if door == "events":
        packet = "42" + json.dumps(["join_conversation", {"conversationId": conversation}])
        for number in range(AHEAD):
            greedy.send(packet.replace("42[", f"42{number}["))
    else:
        pipeline.socket.sendall(pipeline.request * AHEAD)
    answer = speaking.emit("new_message", {"conversationId": conversation, "content": "Between"})
    assert answer["success"]
    until_mine = time.monotonic() - began
    if door == "events":
        greedy.wait_for_answer(AHEAD - 1, 60)
    else:
        seen = b""
        while seen.count(b"HTTP/1.1 200") < AHEAD:
            seen += pipeline.socket.recv(1 << 20)
    until_all = time.monotonic() - began
    greedy.close()
    pipeline.socket.close()
    assert requests.get(f"{live_server.url}/healthz", timeout=10).ok
    assert until_mine < until_all / 4, (until_mine, until_all)
