"""Uploads at the real server: a kill in the middle leaves nothing, and no file makes it grow."""

import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.live.conftest import crowd, history, make_group
from tests.services.test_uploads import CORPUS
from tests.support import files
from tests.support.clamd import EICAR
from tests.support.waiting import eventually

MIB = 1024 * 1024
MOST_GROWTH = 64 * MIB
HOUR = 3600


def kept(server):
    root = Path(server.environment["LUMINA_INSTANCE"]) / "uploads"
    return [path for path in root.rglob("*") if path.is_file()]


def upload(server, person, name, content, declared=None):
    sent = (name, content, declared) if declared else (name, content)
    return server.call(person, "POST", "/api/messages/attachments", files={"file": sent})


def memory(server):
    """The most bytes that the server's own process has had resident so far."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


@pytest.mark.timeout(300)
def test_no_file_makes_the_server_grow(make_server):
    server = make_server()
    [person] = crowd(server, 1)
    for _ in range(3):
        assert upload(server, person, "a.txt", b"a" * 10 * MIB).status_code == 201
        assert upload(server, person, "a.png", files.picture()).status_code == 201
    before = memory(server)
    for what, name, content, declared, outcome in CORPUS:
        # A nameless part is no file to the library that sends here.
        if not name:
            continue
        answer = upload(server, person, name, content, declared)
        assert answer.status_code == outcome, f"{what}: {answer.text}"
    grown = memory(server) - before
    assert grown < MOST_GROWTH, f"{grown / MIB:.1f} MiB"


def test_a_large_body_is_refused_before_it_is_read(make_server):
    server = make_server()
    [person] = crowd(server, 1)
    before = memory(server)
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        head = (
            "POST /api/messages/attachments HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {person.token}\r\nContent-Length: {2**33}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        connection.sendall(head.encode())
        answer = connection.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "file_too_large" in answer
    assert "This is larger than can be taken." in answer
    assert memory(server) - before < MOST_GROWTH


@pytest.mark.timeout(180)
def test_a_kill_in_mid_upload_leaves_neither_half_a_message_nor_half_a_file(make_server):
    server = make_server()
    people = crowd(server, 2)
    conversation = make_group(server, people)
    content, acknowledged = files.picture("PNG", (900, 700)), []

    def send():
        for number in range(100):
            data = {"conversationId": conversation, "content": str(number)}
            parts = [("attachments", (f"{n}.png", content)) for n in range(3)]
            try:
                answer = server.call(people[0], "POST", "/api/messages", data=data, files=parts)
            except requests.RequestException:
                return
            acknowledged.append(answer.json()["data"]["message"])

    for pause in (0.05, 0.2, 0.35):
        before = len(acknowledged)
        sender = threading.Thread(target=send)
        sender.start()
        assert eventually(lambda before=before: len(acknowledged) > before)
        time.sleep(pause)
        server.kill()
        sender.join(30)
        server.start()
    found = history(server, people[1], conversation)
    assert {message["id"] for message in acknowledged} <= {message["id"] for message in found}
    for message in found:
        assert len(message["attachments"]) == 3
        for one in message["attachments"]:
            assert server.call(people[1], "GET", one["url"]).status_code == 200
            assert server.call(people[1], "GET", one["thumbnailUrl"]).status_code == 200
    server.flask("clock", "advance", str(25 * HOUR))
    server.flask("sweep")
    assert len(kept(server)) == 2 * 3 * len(found)


def test_a_bucket_and_a_scanner_beside_the_real_server(make_server, s3_url, clamd):
    keys = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests"}
    server = make_server(STORAGE_URL=s3_url, CLAMD_URL=clamd[0], **keys)
    [person] = crowd(server, 1)
    assert upload(server, person, "a.txt", EICAR).json()["code"] == "file_infected"
    content = files.picture("PNG", (900, 700))
    answers: list[requests.Response] = []

    def send():
        answers.append(upload(server, person, "a.png", content))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for answer in answers:
        found = answer.json()["data"]["attachment"]
        # By a redirect to the bucket, which requests follows.
        fetched = server.call(person, "GET", found["url"])
        assert len(fetched.content) == found["fileSize"]
        assert not fetched.url.startswith(server.url)
    assert len(answers) == 8
    assert kept(server) == []
