"""Bytes that no client library would send."""

import json

import pytest
import requests

READABLE = {
    "half an emoji": r'427["new_message",{"conversationId":"1","content":"\ud83d"}]',
    "a long number": '427["join_conversation",' + "9" * 400 + "]",
    "a large number": '427["join_conversation",1e999]',
}
DEEP = "[" * 3000 + "]" * 3000
UNREADABLE = [
    *("4", "42", "42{}", "42[]", "42[7]", "427[null]", "43[]", "451-", "49", "9", "x"),
    *('427["join_conversation",{]', '427["join_conversation"', f'427["join_conversation",{DEEP}]'),
]


@pytest.fixture
def mara(live_server):
    return live_server.register()


@pytest.mark.parametrize("packet", READABLE.values(), ids=READABLE)
def test_what_javascript_can_send_is_acknowledged(live_server, connect, mara, packet):
    socket = connect(live_server, mara)
    socket.send(packet)
    refused = socket.wait_for_answer(7, timeout=5)
    assert refused["success"] is False
    assert refused["code"] in {"invalid", "not_found"}
    assert socket.emit("join_conversation", "1")["code"] == "not_found"


def test_noise_harms_nobody_else(live_server, connect, mara):
    quiet = connect(live_server, mara)
    for packet in UNREADABLE:
        connect(live_server, mara).send(packet)
        assert quiet.emit("join_conversation", "1")["code"] == "not_found", packet


def test_a_bad_request_to_the_transport_shows_no_traceback(live_server, mara):
    polling = f"{live_server.url}/socket.io/?EIO=4&transport=polling"
    opened = json.loads(requests.get(polling, timeout=10).text[1:])
    for query, options in {
        "&sid=x": {},
        f"&sid={opened['sid']}": {"headers": {"Content-Length": "x"}},
        f"&sid={opened['sid']}&j=x": {"data": "x" * 10},
    }.items():
        answer = requests.post(polling + query, timeout=10, **options)
        assert answer.status_code == 400, (query, answer.status_code)
        assert "Traceback" not in answer.text
