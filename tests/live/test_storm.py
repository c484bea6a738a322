"""Everybody comes back at once after a crash: by pauses that grow and differ they get in, and none is refused."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.conftest import crowd, make_group
from tests.live.live_socket import LiveSocket

CLIENTS, PEOPLE = 300, 6
# As static/js/socket.js does it: half a second, then twice as long each time, up to ten, half of it more or less.
FIRST, LONGEST, SPREAD = 0.5, 10, 0.5
PATIENCE = 60


def come_back(server, person) -> LiveSocket:
    """Tries until the server is there. A refusal by one that is would be an error."""
    pause, deadline = FIRST, time.monotonic() + PATIENCE
    while True:
        time.sleep(pause * random.uniform(1 - SPREAD, 1 + SPREAD))
        try:
            return LiveSocket(server, person)
        except (ConnectionRefusedError, ConnectionResetError):
            assert time.monotonic() < deadline
            pause = min(pause * 2, LONGEST)


@pytest.mark.timeout(180)
def test_all_who_were_there_are_let_in_again(make_server):
    server = make_server()
    people = crowd(server, PEOPLE)
    conversation = make_group(server, people)
    there = [LiveSocket(server, people[number % PEOPLE]) for number in range(CLIENTS)]
    server.kill()
    assert all(socket.wait_until(lambda socket=socket: socket.closed) for socket in there)
    with ThreadPoolExecutor(CLIENTS) as pool:
        returning = [pool.submit(come_back, server, people[number % PEOPLE]) for number in range(CLIENTS)]
        time.sleep(2 * FIRST)
        server.start()
        back = [coming.result() for coming in returning]
    said = back[0].emit("new_message", {"conversationId": conversation, "content": "Here again"})
    assert said["success"]
    assert all(
        socket.wait_until(lambda socket=socket: socket.received("message_received")) for socket in back
    )
    for socket in back:
        socket.close()
    assert "Traceback" not in server.tail()
