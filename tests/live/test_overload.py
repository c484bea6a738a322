"""Many at once, and some who dawdle: the server answers, or says when to come back."""

import http.client
import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from tests.live.conftest import CONVERSATIONS, crowd, history, make_group

WELCOME = {200, 201}
LATER = {429, 503}


@pytest.mark.parametrize("clients", [64, 256])
def test_many_clients_at_once_get_answers(live_server, clients):
    people = crowd(live_server, 2)
    conversation = make_group(live_server, people)
    texts = count()

    def visit(number: int) -> list[tuple[int, str | None]]:
        """One connection that is kept, for lists, the open conversation and a message into it."""
        person = people[number % len(people)]
        connection = http.client.HTTPConnection("127.0.0.1", live_server.port, timeout=60)
        headers = {"Authorization": f"Bearer {person.token}", "Content-Type": "application/json"}
        seen = []
        for method, path in (
            ("POST", "/api/messages"),
            ("GET", CONVERSATIONS),
            ("GET", f"{CONVERSATIONS}/{conversation}"),
        ):
            body = json.dumps({"conversationId": conversation, "content": f"{next(texts)}"})
            connection.request(method, path, body if method == "POST" else None, headers)
            answer = connection.getresponse()
            answer.read()
            seen.append((answer.status, answer.headers["Retry-After"]))
        connection.close()
        return seen

    with ThreadPoolExecutor(clients) as pool:
        answers = [answer for seen in pool.map(visit, range(clients)) for answer in seen]
    assert {status for status, _ in answers} <= WELCOME | LATER
    assert all(wait for status, wait in answers if status in LATER)
    sent = sum(status == 201 for status, _ in answers)
    assert sent > 0
    stored = history(live_server, people[0], conversation)
    assert [message["version"] for message in stored] == list(range(1, sent + 1))


def test_who_dawdles_holds_nobody_up(live_server):
    (mara,) = crowd(live_server, 1)
    beginnings = [
        b"",
        b"GET /api/auth/me HT",
        b"GET /api/auth/me HTTP/1.1\r\nHost: x\r\n",
        b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nemail=",
        b"POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4",
    ]
    dawdlers = []
    for number in range(60):
        dawdlers.append(socket.create_connection(("127.0.0.1", live_server.port)))
        dawdlers[-1].sendall(beginnings[number % len(beginnings)])
    started = time.monotonic()
    for _ in range(5):
        assert live_server.call(mara, "GET", "/api/auth/me").status_code == 200
    assert time.monotonic() - started < 5
    for dawdler in dawdlers:
        dawdler.close()
    assert live_server.answers()
