"""Somebody on a bad line, whose buffers are full: nobody waits for them, and they miss nothing."""

import json

from tests.live.conftest import crowd, make_group
from tests.live.websocket import WebSocket

MESSAGES = 120
# As bubble and as JSON this is some 5 MB, more than the buffers between hold.
TEXT = "🙂" * 5_000


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
