"""What the server's log tells of each request and event, and what it and the reports of faults never tell."""

import gzip
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain

import pytest
import requests

from tests.live.conftest import crowd, make_group
from tests.live.live_socket import LiveSocket
from tests.support.forms import TOKEN
from tests.support.measuring import MEASURED_ON
from tests.support.server import Server
from tests.support.waiting import eventually

pytestmark = pytest.mark.live
# What tests.support.server_with_faults fails at.
FAULTY = "fault"
SAID, SOUGHT, NAMED, TRIED = "zanzibarsaid", "zanzibarsought", "zanzibarnamed", "zanzibartried"


class FaultyServer(Server):
    program = ("-m", "tests.support.server_with_faults")


class Collector:
    """Takes envelopes as Sentry does; keeps the reports in them, and every byte."""

    def __init__(self):
        self.reports, self.bytes = [], b""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.dsn = f"http://key@127.0.0.1:{self._server.server_port}/1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
                collector.bytes += body
                lines = [json.loads(line) for line in body.splitlines() if line]
                collector.reports += [line for line in lines if "exception" in line]
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        return Handler


@pytest.fixture(scope="module")
def collector():
    collecting = Collector()
    yield collecting
    collecting.close()


@pytest.fixture(scope="module")
def server(database_kind, new_database, tmp_path_factory, collector):
    settings = {"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "SENTRY_DSN": collector.dsn}
    how = {"traced": database_kind in MEASURED_ON, "spared": False}
    running = FaultyServer(new_database("logs"), tmp_path_factory.mktemp("logs"), **how, **settings)
    running.start()
    yield running
    running.stop()


def lines(server, **members):
    """The log's lines that have these members."""
    found = [json.loads(line) for line in server.log.read_text().splitlines()]
    return [line for line in found if members.items() <= line.items()]


def use_every_door(server, connect):
    """Somebody signs in, talks, sends a file and searches, by each door, in right and in wrong; what must not be told."""
    mara, tomasz = crowd(server, 2)
    conversation = make_group(server, [mara, tomasz])
    body = {"conversationId": conversation, "content": SAID}
    assert server.call(mara, "POST", "/api/messages", json=body).status_code == 201
    assert server.call(mara, "POST", "/api/messages", json=body | {"content": 1}).status_code == 400
    path = "/api/messages/attachments"
    answer = server.call(mara, "POST", path, files={"file": (f"{NAMED}.txt", SAID.encode())})
    assert answer.status_code == 201
    assert server.call(mara, "GET", "/api/messages/search", params={"query": SOUGHT}).status_code == 200
    wrong = {"email": mara.email, "password": TRIED}
    assert requests.post(f"{server.url}/api/auth/login", json=wrong, timeout=30).status_code == 401
    bad = {"Authorization": f"Bearer {mara.token}x{TRIED}"}
    assert requests.get(f"{server.url}/api/auth/me?token={TRIED}", headers=bad, timeout=30).status_code == 401
    requests.get(f"{server.url}/unsubscribe/{TRIED}", timeout=30)
    requests.get(f"{server.url}/{TRIED}", timeout=30)
    page = requests.Session()
    token = TOKEN.search(page.get(f"{server.url}/login", timeout=30).text)[1]
    form = {"email": mara.email, "password": mara.password, "csrf_token": token}
    assert page.post(f"{server.url}/login", data=form, timeout=30).ok
    token = TOKEN.search(page.get(f"{server.url}/conversations/{conversation}", timeout=30).text)[1]
    form = {"content": SAID, "csrf_token": token}
    assert page.post(f"{server.url}/conversations/{conversation}/messages", data=form, timeout=30).ok
    assert page.get(f"{server.url}/search", params={"query": SOUGHT}, timeout=30).ok
    socket = connect(server, mara)
    assert socket.emit("new_message", body)["success"]
    assert not socket.emit("new_message", body | {"conversationId": SAID})["success"]
    assert not socket.emit("auth", {"token": TRIED})["success"]
    faulty = body | {"content": f"{FAULTY} {SAID}"}
    assert server.call(mara, "POST", "/api/messages", json=faulty).status_code == 500
    assert socket.emit("new_message", faulty)["code"] == "internal_error"
    cookies = [cookie.value for cookie in page.cookies]
    assert cookies
    secrets = [SAID, SOUGHT, NAMED, TRIED, mara.email, mara.password, mara.token, token, *cookies]
    return mara, secrets


@pytest.fixture(scope="module")
def used(server):
    """Who has used every door, and the secrets that went through them."""
    sockets = []

    def connect(*arguments):
        sockets.append(LiveSocket(*arguments))
        return sockets[-1]

    yield use_every_door(server, connect)
    for socket in sockets:
        socket.close()


def test_the_log_tells_no_secret(server, used):
    _, secrets = used
    text = server.log.read_text()
    assert [secret for secret in secrets if secret in text] == []
    assert not re.search(r"eyJ[\w-]{8}", text)


def test_each_request_is_one_line(server, used):
    person, _ = used
    [sent] = lines(server, route="/api/messages", status=201)
    assert (sent["method"], sent["user_id"], sent["address"]) == ("POST", int(person.id), "127.0.0.1")
    assert (sent["level"], sent["logger"]) == ("info", "lumina.requests")
    assert sent["duration_ms"] > 0
    by_form = lines(server, method="POST", route="/conversations/<conversation_id>/messages")
    assert [line["user_id"] for line in by_form] == [int(person.id)]
    assert lines(server, route="none", status=404)


def test_each_event_is_one_line_at_debug(server, used):
    person, _ = used
    told = lines(server, message="event", event="new_message", user_id=int(person.id))
    assert [(line["outcome"], line["level"]) for line in told] == [
        ("ok", "debug"),
        ("not_found", "debug"),
        ("internal_error", "warning"),
    ]
    assert lines(server, message="event", event="connect", outcome="ok")


def test_what_is_told_within_a_request_or_an_event_bears_its_id(server, used):
    faults = lines(server, message="a fault")
    assert len(faults) == 2
    ends = [
        *lines(server, message="request", status=500),
        *lines(server, event="new_message", level="warning"),
    ]
    assert {line["request_id"] for line in faults} == {line["request_id"] for line in ends}
    for fault in faults:
        assert "server_with_faults.py" in fault["exception"]
        assert "builtins.ValueError: [its words are withheld]" in fault["exception"]


@pytest.mark.parametrize("given", ["a-request.of:mine_1", "x" * 128])
def test_a_sane_id_is_kept(server, given):
    answer = requests.get(f"{server.url}/healthz", headers={"X-Request-Id": given}, timeout=30)
    assert answer.headers["X-Request-Id"] == given
    assert lines(server, request_id=given, level="debug")


@pytest.mark.parametrize("given", ["", "x" * 129, "two words", "<b>", "ü", "a,b"])
def test_any_other_is_replaced(server, given):
    headers = {"X-Request-Id": given.encode()}
    answer = requests.get(f"{server.url}/healthz", headers=headers, timeout=30)
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_a_fault_is_reported_once_without_any_secret(server, used, collector):
    person, secrets = used
    # The same line of code failed twice, in a request and in an event.
    assert eventually(lambda: collector.reports)
    [report] = collector.reports
    assert [value["type"] for value in report["exception"]["values"]] == ["KeyError", "ValueError"]
    assert report["transaction"] == "/api/messages"
    assert report["user"] == {"id": person.id}
    [fault, _] = lines(server, message="a fault")
    assert report["tags"] == {"request_id": fault["request_id"]}
    frames = list(chain(*(value["stacktrace"]["frames"] for value in report["exception"]["values"])))
    assert any(frame["function"] == "faulty" for frame in frames)
    assert not any("vars" in frame for frame in frames)
    assert [secret for secret in secrets if secret.encode() in collector.bytes] == []


def test_a_refusal_is_reported_to_nobody(server, collector, used):
    before = len(collector.reports)
    for status, path in ((404, "/api/nothing"), (401, "/api/auth/me"), (405, "/healthz")):
        method = "DELETE" if status == 405 else "GET"
        assert requests.request(method, server.url + path, timeout=30).status_code == status
    assert len(collector.reports) == before
