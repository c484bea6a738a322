"""What is due happens by itself in a running server, at once after it comes back, and by a command beside it."""

import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import requests

from tests.live.conftest import CONVERSATIONS, crowd, make_group, post
from tests.support.database import NewDatabase
from tests.support.server import Server
from tests.support.waiting import eventually

pytestmark = pytest.mark.live
HOUR = 3600
MESSAGES = "/api/messages"


@pytest.fixture(scope="module")
def one_server(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """These tests' own, since its clock is moved; not traced, since they look at the real one, too."""
    server = Server(new_database("sweep"), tmp_path_factory.mktemp("sweep"), traced=False)
    yield server
    server.kill()


@pytest.fixture
def server(one_server: Server) -> Server:
    """It runs, and may be ended."""
    if one_server.process is None or one_server.process.poll() is not None:
        one_server.start()
    return one_server


@pytest.fixture
def people(server):
    return crowd(server, 2)


@pytest.fixture
def conversation(server, people):
    return make_group(server, people)


@pytest.fixture
def doomed(server, people, conversation):
    """The id of a message that expires an hour after it was sent."""
    first = post(server, people[0], MESSAGES, {"conversationId": conversation, "content": "Stays"})
    sent = datetime.fromisoformat(first.json()["data"]["message"]["createdAt"])
    until = (sent + timedelta(seconds=HOUR)).isoformat()
    body = {"conversationId": conversation, "content": "Goes", "expiresAt": until}
    answer = post(server, people[0], MESSAGES, body)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["message"]["id"]


def contents(server, person, conversation):
    answer = server.call(person, "GET", f"{CONVERSATIONS}/{conversation}").json()["data"]
    return [message["content"] for message in answer["messages"] if message["messageType"] == "text"]


def done(server):
    """How many conversations the server has cleared of expired messages since its start."""
    lines = requests.get(f"{server.url}/metrics", timeout=10).text.splitlines()
    found = [line for line in lines if line.startswith('lumina_sweep_done_total{job="expiry"}')]
    return float(found[0].split()[1]) if found else 0


def test_it_happens_without_any_command_and_reaches_who_is_connected(
    server, people, conversation, doomed, connect
):
    program, page = connect(server, people[1]), connect(server, people[1], html=True)
    assert contents(server, people[1], conversation) == ["Stays", "Goes"]
    server.flask("clock", "advance", str(HOUR + 1))
    started = time.monotonic()
    for socket in (program, page):
        assert socket.wait_until(lambda s=socket: s.received("message_deleted"), 10)
        (told,) = socket.received("message_deleted")
        assert (told["messageId"], told["message"]["isDeleted"]) == (doomed, True)
    assert time.monotonic() - started < 3
    assert contents(server, people[1], conversation) == ["Stays"]


def test_it_happens_at_once_when_a_killed_server_comes_back(server, people, conversation, doomed):
    server.kill()
    server.flask("clock", "advance", str(HOUR + 1))
    server.start()
    assert eventually(lambda: contents(server, people[1], conversation) == ["Stays"], 2)


def test_what_a_command_does_the_server_tells(server, people, conversation, doomed, connect):
    program, page = connect(server, people[1]), connect(server, people[1], html=True)
    # Stopped, the server leaves it to the command.
    server.process.send_signal(signal.SIGSTOP)
    try:
        server.flask("clock", "advance", str(HOUR + 1))
        assert "expiry: 1 done" in server.flask("sweep").splitlines()
    finally:
        server.process.send_signal(signal.SIGCONT)
    for socket in (program, page):
        assert socket.wait_until(lambda s=socket: s.received("message_deleted"), 2)
    assert [told["messageId"] for told in program.received("message_deleted")] == [doomed]
    assert contents(server, people[1], conversation) == ["Stays"]


def test_the_metrics_and_the_log_tell_of_it(server, doomed):
    place, before = len(server.tail()), done(server)
    server.flask("clock", "advance", str(HOUR + 1))
    assert eventually(lambda: done(server) == before + 1)
    assert "sweep: expiry, 1 done" in server.tail(place)


def test_ending_does_not_wait_for_the_next_round(server, doomed):
    server.flask("clock", "advance", str(HOUR + 1))
    place, started = len(server.tail()), time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 5
    assert "Traceback" not in server.tail(place)
