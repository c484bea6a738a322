"""Presence over real connections: a client that falls silent is gone in time, and so are all when a server dies."""

import time

from tests.live.conftest import CONVERSATIONS
from tests.support.waiting import eventually


def direct(server, one, other):
    body = {"type": "direct", "participantIds": [other.id]}
    return server.call(one, "POST", CONVERSATIONS, json=body).json()["data"]["conversation"]["id"]


def states(socket):
    return [told["online"] for told in socket.received("presence_changed")]


def seen(server, viewer, conversation, person):
    found = server.call(viewer, "GET", f"{CONVERSATIONS}/{conversation}").json()["data"]["conversation"]
    return next(each for each in found["participants"] if each["id"] == person.id)


def test_a_client_that_falls_silent_is_gone_in_time(make_server, connect):
    server = make_server(HEARTBEAT_SECONDS="2")
    mara, tomasz = server.register("Mara"), server.register("Tomasz")
    conversation = direct(server, mara, tomasz)
    watching, silent = connect(server, mara), connect(server, tomasz)
    assert watching.wait_until(lambda: states(watching) == [True])
    # As if its cable had been cut: nothing more is heard, and nobody says so.
    silent.answers_pings = False
    since = time.monotonic()
    assert watching.wait_until(lambda: states(watching) == [True, False])
    # A heartbeat, half of one to answer it, two seconds of grace, and the server's own rounds.
    assert time.monotonic() - since < 2 * (2 + 1) + 2 + 2
    assert seen(server, mara, conversation, tomasz)["online"] is False
    assert not watching.closed


def test_nobody_is_stuck_when_the_server_dies(make_server, connect):
    server = make_server()
    mara, tomasz = server.register("Mara"), server.register("Tomasz")
    conversation = direct(server, mara, tomasz)
    connect(server, tomasz)
    assert eventually(lambda: seen(server, mara, conversation, tomasz)["online"])
    assert eventually(lambda: seen(server, mara, conversation, tomasz)["lastSeenAt"])
    server.kill()
    server.start()
    found = seen(server, mara, conversation, tomasz)
    assert (found["online"], found["lastSeenAt"] is not None) == (False, True)
