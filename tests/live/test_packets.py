"""Bytes that no client library would send."""

import json

import pytest
import requests

from tests.live.websocket import WebSocket

READABLE = {
    "half an emoji": r'427["new_message",{"conversationId":"1","content":"\ud83d"}]',
    "a long number": '427["join_conversation",' + "9" * 400 + "]",
    "a large number": '427["join_conversation",1e999]',
}
DEEP = "[" * 3000 + "]" * 3000
PASSED_OVER = [
    *(
        "4",
        "4{}",
        "42",
        "42{}",
        "42[]",
        "42[7]",
        "427[null]",
        "42[[],1]",
        '427["disconnect"]',
        "43[]",
        "44",
        "49",
    ),
    *("451-", "451-1[]", "9", '427["join_conversation",{]', '427["join_conversation"'),
    f'427["join_conversation",{DEEP}]',
]
# Bytes that are announced, and that never come.
ANNOUNCED = '451-7["edit_message",{"messageId":"1","content":{"_placeholder":true,"num":%s}}]'
NO_PACKETS = ["", "x", "\x00", "b4AA"]


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


def test_noise_is_passed_over(live_server, connect, mara):
    told = live_server.log.stat().st_size
    socket = connect(live_server, mara)
    for packet in PASSED_OVER:
        socket.send(packet)
        assert socket.emit("join_conversation", "1")["code"] == "not_found", packet
    assert "Traceback" not in live_server.tail(told)


@pytest.mark.parametrize("number", ["0", "5", "-1", '"x"', "null"])
def test_bytes_that_are_announced_are_not_waited_for(live_server, connect, mara, number):
    socket = connect(live_server, mara)
    socket.send(ANNOUNCED % number)
    assert socket.wait_for_answer(7, timeout=5)["errors"][0]["field"] == "content"
    assert socket.emit("join_conversation", "1")["code"] == "not_found"


@pytest.mark.parametrize("packet", NO_PACKETS, ids=repr)
def test_what_is_no_packet_ends_its_own_websocket_as_one_ends(live_server, connect, mara, packet):
    quiet, told = connect(live_server, mara), live_server.log.stat().st_size
    websocket = WebSocket(live_server.port, "/socket.io/?EIO=4&transport=websocket")
    websocket.send(packet)
    assert websocket.end() == b""
    websocket.close()
    assert quiet.emit("join_conversation", "1")["code"] == "not_found"
    assert "Traceback" not in live_server.tail(told)


@pytest.mark.parametrize("body", ["zzz", "\x1e" * 200, b"\xff\xfe"], ids=repr)
def test_what_is_no_packet_is_refused_by_polling(live_server, body):
    told = live_server.log.stat().st_size
    polling = f"{live_server.url}/socket.io/?EIO=4&transport=polling"
    opened = json.loads(requests.get(polling, timeout=10).text[1:])
    assert requests.post(f"{polling}&sid={opened['sid']}", data=body, timeout=10).status_code == 400
    assert "Traceback" not in live_server.tail(told)


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
