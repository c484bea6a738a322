"""Somebody on a bad line, whose buffers are full: nobody waits for them, and they miss nothing, unless they never read."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.live.conftest import crowd, make_group
from tests.live.live_socket import LiveSocket
from tests.live.test_uploads import memory as peak_memory
from tests.live.websocket import WebSocket
from tests.support.database import NewDatabase
from tests.support.server import Server
from tests.support.waiting import eventually

MIB = 1024 * 1024
POLLING = "/socket.io/?EIO=4&transport=polling"
MESSAGES = 120
# As bubble and as JSON this is some 5 MB, more than the buffers between hold.
TEXT = "🙂" * 5_000
# A plain text, which costs little to say; so often, as bubble and as JSON, that it takes four times what may wait for one
# socket, for each of two.
PLAIN, TIMES, MOST_GROWTH = "long " * 1_900, 900, 20 * MIB


def test_who_reads_slowly_gets_all_in_order_and_holds_nobody_up(live_server, connect):
    sender, listener, slow = crowd(live_server, 3)
    conversation = make_group(live_server, [sender, listener, slow])
    dawdler = WebSocket(live_server.port, "/socket.io/?EIO=4&transport=websocket", receive_buffer=4096)
    dawdler.send("40" + json.dumps({"token": slow.token, "html": True}))
    while not (dawdler.receive() or "").startswith("40"):
        pass
    speaking, listening = connect(live_server, sender), connect(live_server, listener)
    for _ in range(MESSAGES):
        speaking.send("42" + json.dumps(["new_message", {"conversationId": conversation, "content": TEXT}]))
    assert listening.wait_until(lambda: len(listening.received("message_received")) == MESSAGES, 30)
    versions = []
    while len(versions) < MESSAGES:
        packet = dawdler.receive()
        assert packet is not None, versions
        if packet.startswith('42["message_received"'):
            versions.append(json.loads(packet[2:])[1]["version"])
    dawdler.close()
    assert versions == list(range(1, MESSAGES + 1))
    assert [event["version"] for event in listening.received("message_received")] == versions


def flood(server, sender, conversation):
    """Says so much that it would not fit into what may wait for one socket."""
    socket = LiveSocket(server, sender)
    for _ in range(TIMES):
        assert socket.emit("new_message", {"conversationId": conversation, "content": PLAIN})["success"]
    socket.close()


def is_gone(server, sid):
    """Whether the server knows the socket no more."""
    polled = requests.post(f"{server.url}{POLLING}&sid={sid}", data="3", timeout=10)
    return polled.status_code == 400


class WithLittleRoom(Server):
    program = ("-m", "tests.support.server_with_little_room")


@pytest.fixture
def cramped(new_database: NewDatabase, tmp_path: Path) -> Iterator[Server]:
    server = WithLittleRoom(new_database("cramped"), tmp_path, traced=False)
    server.start()
    yield server
    server.kill()


@pytest.mark.live
@pytest.mark.timeout(180)
def test_who_never_reads_is_let_go(cramped):
    server = cramped
    sender, deaf, idle = crowd(server, 3)
    conversation = make_group(server, [sender, deaf, idle])
    by_websocket = WebSocket(server.port, "/socket.io/?EIO=4&transport=websocket", receive_buffer=4096)
    sid = json.loads(by_websocket.receive()[1:])["sid"]
    by_websocket.send("40" + json.dumps({"token": deaf.token, "html": True}))
    polled = json.loads(requests.get(server.url + POLLING, timeout=10).text[1:])["sid"]
    entering = "40" + json.dumps({"token": idle.token, "html": True})
    assert requests.post(f"{server.url}{POLLING}&sid={polled}", data=entering, timeout=10).status_code == 200
    before = peak_memory(server)
    flood(server, sender, conversation)
    grown = peak_memory(server) - before
    # They have answered pings that they never read.
    assert eventually(lambda: is_gone(server, polled))
    assert eventually(lambda: is_gone(server, sid))
    assert server.tail().count("does not read is let go") == 2
    by_websocket.close()
    assert grown < MOST_GROWTH, f"{grown / MIB:.1f} MiB"
