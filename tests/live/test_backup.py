"""A backup of a running server, restored into a fresh instance: people sign in, read on, and have their files."""

import threading

import pytest
import requests

from tests.live.conftest import crowd, history, make_group
from tests.support import files
from tests.support.cast import Person
from tests.support.server import Server
from tests.support.waiting import eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


@pytest.fixture
def fresh(new_database, tmp_path_factory):
    """An instance that nobody has used: migrated, as a deployment does before it starts, and not started."""
    server = Server(new_database("fresh"), tmp_path_factory.mktemp("fresh"), traced=False)
    yield server
    server.kill()


class Talking:
    """Sends messages, one after the other, until it is told to stop; keeps the contents that were acknowledged."""

    def __init__(self, server, person, conversation):
        self.said, self._going = [], True
        self._thread = threading.Thread(target=self._talk, args=(server, person, conversation), daemon=True)
        self._thread.start()

    def _talk(self, server, person, conversation):
        while self._going:
            body = {"conversationId": conversation, "content": f"Number {len(self.said)}"}
            answer = server.call(person, "POST", "/api/messages", json=body)
            assert answer.status_code == 201, answer.text
            self.said.append(body["content"])

    def stop(self):
        self._going = False
        self._thread.join()
        return self.said


def send_file(server, person, conversation, name, content):
    """The address under which those in the conversation get it."""
    sent = server.call(person, "POST", "/api/messages/attachments", files={"file": (name, content)})
    body = {
        "conversationId": conversation,
        "content": "",
        "attachmentIds": [sent.json()["data"]["attachment"]["id"]],
    }
    answer = server.call(person, "POST", "/api/messages", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["message"]["attachments"][0]


def sign_in(server, person):
    body = {"email": person.email, "password": person.password}
    answer = requests.post(f"{server.url}/api/auth/login", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return Person.from_wire(answer.json()["data"], person.password)


def test_a_running_server_is_backed_up_and_restored_elsewhere(make_server, fresh, tmp_path):
    server = make_server()
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    server.flask("wallet", "credit", mara.email, "5000")
    photo, note = files.picture(size=(600, 400)), b"What we agreed on"
    attached = [
        send_file(server, mara, conversation, "mill.png", photo),
        send_file(server, mara, conversation, "note.txt", note),
    ]
    talking, archive = Talking(server, tomasz, conversation), tmp_path / "lumina.tar"
    assert eventually(lambda: len(talking.said) >= 5)
    before = len(talking.said)
    told = server.flask("backup", str(archive))
    during = len(talking.said) - before
    assert eventually(lambda: len(talking.said) > before + during)
    talking.stop()
    server.stop()
    assert during >= 1
    assert " 3 files." in told
    assert archive.stat().st_mode & 0o077 == 0

    restored = fresh.flask("restore", str(archive))
    assert " 3 files." in restored
    assert "The ledger is true." in restored
    fresh.start()
    back = sign_in(fresh, mara)
    said = [m["content"] for m in history(fresh, back, conversation) if m["content"].startswith("Number")]
    assert said == [f"Number {number}" for number in range(len(said))]
    assert before <= len(said) <= before + during + 1
    for one, content in zip(attached, (None, note), strict=True):
        for address in filter(None, (one["url"], one.get("thumbnailUrl"))):
            answer = fresh.call(back, "GET", address)
            assert answer.status_code == 200, answer.text
            assert answer.content
        assert content is None or fresh.call(back, "GET", one["url"]).content == content
    assert fresh.flask("ledger", "check") == "The ledger is true.\n"
    body = {"conversationId": conversation, "content": "We go on"}
    assert fresh.call(sign_in(fresh, tomasz), "POST", "/api/messages", json=body).status_code == 201


def test_what_is_there_is_replaced_only_by_force_and_kept(make_server, fresh, tmp_path):
    server, archive = make_server(), tmp_path / "lumina.tar"
    [mara] = crowd(server, 1)
    server.flask("backup", str(archive))
    server.stop()
    fresh.start()
    [stranger] = crowd(fresh, 1)
    with pytest.raises(AssertionError, match="--force"):
        fresh.flask("restore", str(archive))
    if "sqlite" in fresh.environment["DATABASE_URL"]:
        with pytest.raises(AssertionError, match="stop the server first"):
            fresh.flask("restore", "--force", str(archive))
    fresh.stop()
    told = fresh.flask("restore", "--force", str(archive))
    assert "What was there before is kept as" in told
    fresh.start()
    assert sign_in(fresh, mara).id == mara.id
    body = {"email": stranger.email, "password": stranger.password}
    assert requests.post(f"{fresh.url}/api/auth/login", json=body, timeout=30).status_code == 401
