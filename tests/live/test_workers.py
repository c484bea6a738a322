"""Several workers on one port, over PostgreSQL and Redis: to people they are one server."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from socket import create_connection

import pytest
import requests

from lumina.outlets.bus import WORTH
from tests.live.conftest import CONVERSATIONS, crowd, history, make_group, post
from tests.support.database import NewDatabase
from tests.support.redis import RedisServer
from tests.support.server import Server
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.live,
    # Several workers are refused on SQLite.
    pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True),
]
WORKERS = 3
SENDERS, EACH = 9, 12


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def server(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, redis: RedisServer
) -> Iterator[Server]:
    yield from running(new_database("workers"), tmp_path_factory.mktemp("workers"), redis.url)


@pytest.fixture(scope="module")
def renewed(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory, redis: RedisServer
) -> Iterator[Server]:
    """Another, whose workers are ended and started again: not traced, which costs more than all else at a start."""
    beside = redis.url.removesuffix("/0") + "/1"
    yield from running(new_database("renewed"), tmp_path_factory.mktemp("renewed"), beside, traced=False)


def running(url: str, instance: Path, redis_url: str, *, traced: bool = True) -> Iterator[Server]:
    settings = {"WEB_CONCURRENCY": str(WORKERS), "REDIS_URL": redis_url}
    several = Server(url, instance, traced=traced, **settings)
    several.start()
    yield several
    assert several.stop() == 0
    print(several.tail())


def everywhere(connect, server, person, **auth):
    """Sockets of one person, at least one at each of the workers."""
    sockets = {}
    for _ in range(60):
        socket = connect(server, person, **auth)
        if socket.worker in sockets:
            socket.close()
        sockets.setdefault(socket.worker, socket)
        if len(sockets) == WORKERS:
            return list(sockets.values())
    raise AssertionError(f"only {len(sockets)} workers were reached")


def test_everybody_sees_all_in_one_order(server, connect):
    people = crowd(server, SENDERS)
    conversation = make_group(server, people)
    sockets = [connect(server, person, html=number % 2 == 1) for number, person in enumerate(people)]
    sockets += everywhere(connect, server, people[0])

    def talk(number: int) -> None:
        for text in range(EACH):
            if number % 2:
                answer = post(
                    server,
                    people[number],
                    "/api/messages",
                    {"conversationId": conversation, "content": f"{text}"},
                )
                assert answer.status_code == 201, answer.text
            else:
                answer = sockets[number].emit(
                    "new_message", {"conversationId": conversation, "content": f"{text}"}
                )
                assert answer["success"], answer

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(talk, range(SENDERS)))
    versions = list(range(1, SENDERS * EACH + 1))
    stored = [message["id"] for message in history(server, people[0], conversation)]
    for socket in sockets:
        socket.wait_until(lambda socket=socket: len(socket.received("message_received")) >= len(versions))
        received = socket.received("message_received")
        assert [event["version"] for event in received] == versions
        assert [event["message"]["id"] for event in received] == stored


@pytest.mark.parametrize("transports", [["polling", "websocket"], ["polling"]])
def test_who_polls_first_keeps_its_session(server, node_client, connect, transports):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    clients = [node_client() for _ in range(6)]
    for client in clients:
        client.connect(server.url, mara.token, transports=transports)
    for number, client in enumerate(clients):
        said = client.emit("new_message", {"conversationId": conversation, "content": f"Number {number}"})
        assert said["success"], said
    for client in clients:
        client.wait_for("message_received", lambda event: event["version"] == len(clients))
        versions = [event["version"] for event in client.received("message_received")]
        assert versions == list(range(1, len(clients) + 1))
        assert client.received("disconnect") == []


def test_memberships_and_sessions_reach_every_worker(server, connect):
    mara, tomasz, ines = crowd(server, 3)
    conversation = make_group(server, [mara, tomasz])
    there = everywhere(connect, server, ines)
    members = f"{CONVERSATIONS}/{conversation}/members"
    assert server.call(mara, "POST", members, json={"userIds": [ines.id]}).status_code in (200, 201)
    post(server, mara, "/api/messages", {"conversationId": conversation, "content": "Welcome"})
    for socket in there:
        assert socket.wait_until(
            lambda socket=socket: any(
                event["message"]["content"] == "Welcome" for event in socket.received("message_received")
            )
        )
    assert server.call(mara, "DELETE", f"{members}/{ines.id}").ok
    post(server, mara, "/api/messages", {"conversationId": conversation, "content": "Among us"})
    assert server.call(ines, "POST", "/api/auth/logout").ok
    for socket in there:
        assert socket.wait_until(lambda socket=socket: socket.closed)
        assert "Among us" not in [
            event["message"]["content"] for event in socket.received("message_received")
        ]


def said(socket) -> list[str]:
    return [event["message"]["content"] for event in socket.received("message_received")]


def hears(socket, text: str, timeout: float = 15) -> bool:
    return socket.wait_until(lambda: text in said(socket), timeout)


def say(server, person, conversation, text):
    return post(server, person, "/api/messages", {"conversationId": conversation, "content": text})


def test_who_looks_at_one_worker_is_not_notified_at_another(server, connect):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    looking, *others = everywhere(connect, server, tomasz)
    assert looking.emit("join_conversation", {"conversationId": conversation})["success"]
    say(server, mara, conversation, "Before your eyes")
    assert looking.emit("leave_conversation", {"conversationId": conversation})["success"]
    say(server, mara, conversation, "Behind your back")
    for socket in [looking, *others]:
        assert socket.wait_until(lambda socket=socket: socket.received("new_message_notification"))
        previews = [event["messagePreview"] for event in socket.received("new_message_notification")]
        assert previews == ["Behind your back"]
    looking.emit("join_conversation", {"conversationId": conversation})
    looking.close()
    assert eventually(lambda: all(is_notified(server, mara, conversation, socket) for socket in others))


def is_notified(server, author, conversation, socket) -> bool:
    before = len(socket.received("new_message_notification"))
    text = say(server, author, conversation, "Gone again").json()["data"]["message"]["content"]
    assert hears(socket, text)
    return socket.wait_until(lambda: len(socket.received("new_message_notification")) > before, 0.3)


def test_presence_is_told_once_and_typing_everywhere(server, connect):
    mara, tomasz = crowd(server, 2)
    body = {"type": "direct", "participantIds": [tomasz.id]}
    conversation = post(server, mara, CONVERSATIONS, body).json()["data"]["conversation"]["id"]
    there = everywhere(connect, server, mara)
    of_tomasz = everywhere(connect, server, tomasz)
    for socket in there:
        assert socket.wait_until(lambda socket=socket: socket.received("presence_changed"))
    of_tomasz[0].emit("typing_start", {"conversationId": conversation})
    for socket in of_tomasz:
        socket.close()
    for socket in there:
        assert socket.wait_until(lambda socket=socket: len(socket.received("presence_changed")) == 2)
        assert [event["online"] for event in socket.received("presence_changed")] == [True, False]
        assert len(socket.received("user_typing")) == 1


def test_limits_and_repetitions_are_counted_for_all_workers_together(new_database, tmp_path_factory, redis):
    settings = {"WEB_CONCURRENCY": "3", "REDIS_URL": redis.url, "RATELIMIT_ENABLED": "1"}
    limited = Server(new_database("limited"), tmp_path_factory.mktemp("limited"), traced=False, **settings)
    limited.start()
    mara, tomasz = crowd(limited, 2)
    wrong = {"email": mara.email, "password": "not this one"}
    answers = [requests.post(f"{limited.url}/api/auth/login", json=wrong, timeout=30) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    conversation = make_group(limited, [mara, tomasz])
    message = {"conversationId": conversation, "content": "Once"}
    with ThreadPoolExecutor(8) as pool:
        sent = list(
            pool.map(lambda _: post(limited, mara, "/api/messages", message, "the same key"), range(16))
        )
    assert len({answer.json()["data"]["message"]["id"] for answer in sent if answer.ok}) == 1
    assert len(history(limited, mara, conversation)) == 1
    assert limited.stop() == 0


def test_metrics_are_those_of_all_workers(server, connect):
    (mara,) = crowd(server, 1)
    before = metric(server, "lumina_sockets_connected")
    sockets = everywhere(connect, server, mara)
    assert metric(server, "lumina_workers") == WORKERS
    assert eventually(lambda: metric(server, "lumina_sockets_connected") == before + len(sockets))


def metric(server, name: str) -> float:
    text = requests.get(f"{server.url}/metrics", timeout=30).text
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


def test_redis_lost_and_back(server, connect, redis):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    there = everywhere(connect, server, tomasz)
    redis.stop()
    assert say(server, mara, conversation, "Into the dark").status_code == 201
    assert [message["content"] for message in history(server, tomasz, conversation)] == ["Into the dark"]
    signed_in = requests.post(
        f"{server.url}/api/auth/login", json={"email": mara.email, "password": mara.password}, timeout=30
    )
    assert signed_in.ok
    assert requests.get(f"{server.url}/readyz", timeout=30).status_code == 503
    redis.start()
    assert say(server, mara, conversation, "And light").status_code == 201
    for socket in there:
        # What waited is told late, or the socket was closed so that its client asks for it.
        assert socket.wait_until(
            lambda socket=socket: socket.closed or said(socket) == ["Into the dark", "And light"]
        )
    back = everywhere(connect, server, tomasz)
    assert say(server, mara, conversation, "All over again").status_code == 201
    assert all(hears(socket, "All over again") for socket in back)


def test_redis_lost_for_long_brings_all_clients_back(server, connect, redis):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    there = everywhere(connect, server, tomasz)
    redis.stop()
    assert say(server, mara, conversation, "Into the dark").status_code == 201
    time.sleep(WORTH + 1)
    redis.start()
    for socket in there:
        assert socket.wait_until(lambda socket=socket: socket.closed)
        assert said(socket) == []


def test_a_worker_that_is_killed_is_replaced_and_one_that_is_ended_drains(renewed, connect):
    mara, tomasz = crowd(renewed, 2)
    conversation = make_group(renewed, [mara, tomasz])
    for number in (signal.SIGKILL, signal.SIGTERM):
        there = everywhere(connect, renewed, tomasz)
        victim = min(renewed.workers())
        os.kill(victim, number)
        assert eventually(lambda victim=victim: victim not in renewed.workers())
        assert eventually(lambda: len(renewed.workers()) == WORKERS)
        assert say(renewed, mara, conversation, f"After {number.name}").status_code == 201
        left = [socket for socket in there if not socket.closed]
        assert len(left) == WORKERS - 1
        assert all(hears(socket, f"After {number.name}") for socket in left)
        assert all(hears_anew(renewed, connect, mara, tomasz, conversation) for _ in range(3))


def test_who_has_just_come_to_a_worker_that_is_ended_is_still_answered(renewed, connect):
    everywhere(connect, renewed, renewed.register())
    with ExitStack() as stack:
        there = ("127.0.0.1", renewed.port)
        come = [stack.enter_context(create_connection(there, timeout=10)) for _ in range(30)]
        os.kill(min(renewed.workers()), signal.SIGTERM)
        time.sleep(0.25)
        for connection in come:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert {connection.recv(12) for connection in come} == {b"HTTP/1.1 200"}
    assert eventually(lambda: len(renewed.workers()) == WORKERS)


def hears_anew(server, connect, author, person, conversation) -> bool:
    socket = connect(server, person)
    say(server, author, conversation, "Again")
    return hears(socket, "Again")


def test_workers_are_renewed_one_after_another_without_a_refusal(renewed, node_client):
    mara, tomasz = crowd(renewed, 2)
    conversation = make_group(renewed, [mara, tomasz])
    program = node_client()
    program.connect(renewed.url, tomasz.token)
    before = renewed.workers()
    renewed.process.send_signal(signal.SIGHUP)
    sent = 0
    until = time.monotonic() + 60
    while before & renewed.workers():
        assert say(renewed, mara, conversation, str(sent)).status_code == 201
        sent += 1
        assert time.monotonic() < until
    assert len(renewed.workers()) == WORKERS
    assert say(renewed, mara, conversation, "The end").status_code == 201
    newest = history(renewed, tomasz, conversation)[-1]
    assert (newest["content"], newest["version"]) == ("The end", sent + 1)
    # Its worker went too, and it has come back by itself.
    assert program.emit("new_message", {"conversationId": conversation, "content": "Here"})["success"]
