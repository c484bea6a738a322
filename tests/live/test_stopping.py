"""SIGTERM: what runs is finished, sockets are closed in a way that brings them back, and it is over in ten seconds."""

import json
import socket
import time
from collections.abc import Iterator

import pytest

from tests.live.conftest import crowd, make_group
from tests.support.cast import Person
from tests.support.database import NewDatabase
from tests.support.server import Server

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def one_server(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Not traced: these tests look at the clock, and the time that it takes would be part of what they see."""
    server = Server(new_database("stopping"), tmp_path_factory.mktemp("stopping"), traced=False, spared=False)
    yield server
    server.kill()


@pytest.fixture
def server(one_server: Server) -> Server:
    """It runs, and may be ended."""
    if one_server.process is None or one_server.process.poll() is not None:
        one_server.start()
    return one_server


def begin_request(server: Server, person: Person, conversation: str) -> tuple[socket.socket, bytes]:
    """A POST that the server has begun to read: the connection, and what is still to come of its body."""
    body = json.dumps({"conversationId": conversation, "content": "On my way"}).encode()
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {person.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(head.encode() + body[:10])
    assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
    return connection, body[10:]


def end_of(server: Server, started: float) -> int:
    """Its exit code, which has to come in time."""
    code = server.process.wait(15)
    assert time.monotonic() - started < 10
    return code


def test_what_runs_is_finished_and_sockets_come_back(server, node_client, connect):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    program, by_hand = node_client(), connect(server, tomasz)
    program.connect(server.url, mara.token)
    idle = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection, rest = begin_request(server, mara, conversation)
    started = time.monotonic()
    server.process.terminate()
    assert program.wait_for("disconnect") == "transport close"
    assert by_hand.wait_until(lambda: by_hand.closed)
    assert idle.recv(1) == b""
    connection.sendall(rest)
    assert connection.recv(65536).startswith(b"HTTP/1.1 201 ")
    assert end_of(server, started) == 0
    server.start()
    program.wait_for("connect", lambda _: len(program.received("connect")) == 2)
    said = program.emit("new_message", {"conversationId": conversation, "content": "Back"})
    assert said["data"]["message"]["version"] == 2


def test_who_never_finishes_does_not_hold_it_up(server, connect):
    mara, tomasz = crowd(server, 2)
    connect(server, mara)
    stuck, _ = begin_request(server, mara, make_group(server, [mara, tomasz]))
    started = time.monotonic()
    server.process.terminate()
    assert end_of(server, started) == 0
    stuck.close()
