"""Two people at a server of several workers: they notice nothing of it, whichever of them goes."""

import os
import signal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.talk import Talk
from tests.support.waiting import eventually

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


def test_they_chat_and_go_on_when_workers_are_killed(make_server, redis_server, visitor):
    server = make_server(WEB_CONCURRENCY="2", REDIS_URL=redis_server.url)
    talk = Talk(server)
    mara, tomasz = server.register("Mara", "Ellison"), server.register("Tomasz", "Novak")
    conversation = talk.direct(mara, tomasz)
    one, other = (Inbox(visitor(base_url=server.url)) for _ in range(2))
    for window, person in ((one, mara), (other, tomasz)):
        sign_in(window.page, person)
        window.open(conversation).wait_until_live()
    one.field.press_sequentially("Go")
    expect(other.page.get_by_text("Mara is typing").first).to_be_visible()
    said = ["Good day"]
    one.send(*said)
    other.shows(*said)
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda pid=pid: len(server.workers() - {pid}) == 2)
        said.append(f"After {pid}")
        other.send(said[-1])
        # Whoever was at that worker comes back by itself first.
        expect(one.contents).to_have_text(said, timeout=20_000)
    assert talk.contents(tomasz, conversation) == talk.contents(mara, conversation) == said
    one.send("Still here")
    other.shows(*said, "Still here")
