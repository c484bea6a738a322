"""PostgreSQL is stopped for a while and started again: clear refusals, nothing acknowledged is lost, all goes on."""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.live.conftest import crowd, history, make_group, post
from tests.support.postgres import Cluster
from tests.support.server import Server
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.live,
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True),
    pytest.mark.usefixtures("database_kind"),
]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # The path of a Unix socket has to be short, and PostgreSQL's own user has to get there.
    with tempfile.TemporaryDirectory(prefix="lumina-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder))
        yield cluster
        cluster.stop()


@pytest.fixture
def server(cluster, tmp_path) -> Iterator[Server]:
    server = Server(cluster.create_database("lumina"), tmp_path, traced=False)
    server.start()
    yield server
    server.kill()


class Talker(threading.Thread):
    """Sends one message after another and keeps what each was answered."""

    def __init__(self, server, person, conversation) -> None:
        super().__init__(daemon=True)
        self.server, self.person, self.conversation = server, person, conversation
        self.answers: list[requests.Response] = []
        self.stopping = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.stopping.is_set():
            body = {"conversationId": self.conversation, "content": str(len(self.answers))}
            self.answers.append(post(self.server, self.person, "/api/messages", body))
            time.sleep(0.01)

    def acknowledged(self) -> list[str]:
        return [a.json()["data"]["message"]["content"] for a in self.answers if a.status_code == 201]


def test_a_restart_of_the_database(server, cluster, connect):
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    listener = connect(server, tomasz)
    talker = Talker(server, mara, conversation)
    assert eventually(lambda: len(talker.acknowledged()) > 10)
    cluster.stop()
    assert eventually(lambda: talker.answers[-1].status_code == 503)
    refusal = talker.answers[-1]
    assert (refusal.json()["success"], refusal.json()["code"]) == (False, "unavailable")
    assert "Retry-After" in refusal.headers
    assert requests.get(f"{server.url}/readyz", timeout=30).status_code == 503
    assert requests.get(f"{server.url}/healthz", timeout=30).status_code == 200
    assert not listener.emit("mark_read", {"conversationId": conversation, "messageId": "1"})["success"]
    cluster.start()
    before = len(talker.acknowledged())
    assert eventually(lambda: len(talker.acknowledged()) > before + 10)
    talker.stopping.set()
    talker.join()
    assert {answer.status_code for answer in talker.answers} == {201, 503}
    acknowledged, stored = talker.acknowledged(), history(server, tomasz, conversation)
    assert set(acknowledged) <= {message["content"] for message in stored}
    assert [message["version"] for message in stored] == list(range(1, len(stored) + 1))
    # Whoever stayed connected has heard everything, in its order.
    assert listener.wait_until(lambda: len(listener.received("message_received")) >= len(acknowledged))
    heard = [event["version"] for event in listener.received("message_received")]
    assert heard == sorted(set(heard))
    assert "Traceback" not in server.tail()
