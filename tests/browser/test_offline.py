"""Without a connection, or without a server, for a while."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.talk import ON_SQLITE, Talk

pytestmark = ON_SQLITE
NUMBERS = ["One", "Two", "Three"]


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def pending(window):
    return window.page.locator("[data-state=pending]")


def test_offline_and_back(inbox, talk, mara, tomasz, conversation):
    one, other = inbox(mara, conversation).wait_until_live(), inbox(tomasz, conversation).wait_until_live()
    one.page.context.set_offline(True)
    one.send(*NUMBERS)
    expect(pending(one)).to_have_count(3)
    expect(one.banner).to_be_hidden()
    expect(one.banner).to_be_visible(timeout=10_000)
    banner, below = one.banner.bounding_box(), one.page.locator("message-list").bounding_box()
    assert banner["y"] + banner["height"] <= below["y"]
    other.send("From the other side")
    other.shows("From the other side")
    one.page.context.set_offline(False)
    expect(one.banner).to_be_hidden()
    for window in (one, other):
        window.shows("From the other side", *NUMBERS)
    assert talk.contents(mara, conversation) == ["From the other side", *NUMBERS]


def test_the_marks_of_what_is_not_sent_need_no_connection(inbox, mara, conversation):
    # A phone shows the conversation alone.
    window = inbox(mara, conversation, new=True, viewport={"width": 390, "height": 844}).wait_until_live()
    window.page.wait_for_load_state("networkidle")
    loaded = "performance.getEntriesByType('resource').map((one) => one.name.split('/').at(-1))"
    assert {"clock.svg", "failed.svg"} <= set(window.page.evaluate(loaded))


def test_what_waits_survives_the_page(inbox, mara, tomasz, conversation):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    held = one.hold_sending()
    one.send(*NUMBERS)
    expect(pending(one)).to_have_count(3)
    one.wait_for(lambda: held)
    one.page.goto("about:blank")
    one.page.unroute_all()
    one.open(conversation)
    for window in (one, other):
        window.shows(*NUMBERS)


def test_the_server_is_killed_and_started_again(make_server, visitor):
    server = make_server()
    talk = Talk(server)
    mara, tomasz = server.register("Mara", "Ellison"), server.register("Tomasz", "Novak")
    conversation = talk.direct(mara, tomasz)
    one, other = (Inbox(visitor(base_url=server.url)) for _ in range(2))
    for window, person in ((one, mara), (other, tomasz)):
        sign_in(window.page, person)
        window.open(conversation).wait_until_live()
    one.send("Before")
    other.shows("Before")
    server.kill()
    one.send(*NUMBERS)
    expect(pending(one)).to_have_count(3)
    server.start()
    for window in (one, other):
        window.wait_until_live()  # its attempts are up to ten seconds apart
        window.shows("Before", *NUMBERS)
    other.send("After")
    one.shows("Before", *NUMBERS, "After")
    assert talk.contents(mara, conversation) == ["Before", *NUMBERS, "After"]


def test_a_window_that_slept_catches_up(inbox, talk, mara, tomasz, conversation):
    """More than one page of changes, and a list that has moved on."""
    one = inbox(mara, conversation).wait_until_live()
    one.page.context.set_offline(True)
    said = [f"Meanwhile {number}" for number in range(60)]
    talk.say(tomasz, conversation, *said)
    one.page.context.set_offline(False)
    one.shows(*said)
    expect(one.row(conversation).locator("[data-preview]")).to_have_text("Meanwhile 59")


HELLO = '0{"sid":"x","upgrades":[],"pingInterval":20000,"pingTimeout":10000,"maxPayload":1000000}'


def test_a_server_in_trouble_is_asked_again(inbox, talk, mara, tomasz, conversation):
    window, tries = inbox(mara, conversation, new=True), []

    def answer(socket):
        tries.append(socket)
        if len(tries) > 1:
            socket.connect_to_server()
            return
        socket.on_message(lambda text: text.startswith("40") and socket.send('44{"message":"unavailable"}'))
        socket.send(HELLO)

    window.page.route_web_socket("**/socket.io/**", answer)
    window.page.reload()
    expect(window.page.locator(".banner[data-signed-out]")).to_be_hidden()
    window.wait_for(lambda: len(tries) > 1)
    talk.say(tomasz, conversation, "Better again")
    window.shows("Better again")
