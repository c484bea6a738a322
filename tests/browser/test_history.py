"""A long conversation: where it opens, and that what is read stays where it is."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
MANY, LITTLE = 130, 60
SAID = [f"Message number {number}" for number in range(MANY)]

VISIBLE = """() => {
  const view = document.querySelector("message-list").getBoundingClientRect();
  return [...document.querySelectorAll(".messages > .message")]
    .filter((bubble) => bubble.getBoundingClientRect().bottom > view.top)
    .map((bubble) => ({ id: bubble.id, top: bubble.getBoundingClientRect().top }))[0];
}"""
TOP = "bubble => bubble.getBoundingClientRect().top"
# From the middle of the list to the middle of the bubble.
OFF_CENTRE = """bubble => {
  const [inner, outer] = [bubble, bubble.closest("message-list")].map((one) => one.getBoundingClientRect());
  return inner.top + inner.height / 2 - outer.top - outer.height / 2;
}"""


def fill(talk, mara, tomasz, count):
    conversation = talk.direct(mara, tomasz)
    ids = talk.say(tomasz, conversation, *SAID[:count])
    talk.read(mara, conversation, ids[-1])
    return conversation, ids


@pytest.fixture
def long(talk, mara, tomasz):
    """The conversation that Tomasz filled, all of it read by Mara; and the ids of its messages."""
    return fill(talk, mara, tomasz, MANY)


@pytest.fixture
def some(talk, mara, tomasz):
    """The same, with little more than one page."""
    return fill(talk, mara, tomasz, LITTLE)


def scroll(window, pixels):
    window.page.locator("message-list").hover()
    window.page.mouse.wheel(0, pixels)


def scroll_until(window, bubble, pixels):
    """Turns the wheel until a message is there."""
    for _ in range(200):
        if bubble.count():
            return
        scroll(window, pixels)
        window.page.wait_for_timeout(20)
    expect(bubble).to_have_count(1)


def test_it_opens_at_the_newest(inbox, mara, some):
    conversation, _ = some
    window = inbox(mara, conversation)
    expect(window.bubble(SAID[LITTLE - 1])).to_be_in_viewport()
    expect(window.bubbles).to_have_count(50)
    expect(window.page.locator(".unread-divider")).to_have_count(0)
    expect(window.jump).to_be_hidden()


def test_older_messages_come_without_moving_what_is_read(inbox, mara, long):
    conversation, _ = long
    window = inbox(mara, conversation)
    expect(window.bubbles).to_have_count(50)
    held = []
    window.page.route("**/messages?before=*", lambda route: held.append(route))
    for expected in (100, MANY):
        while not held:
            scroll(window, -200)
            window.page.wait_for_timeout(20)
        before = window.page.evaluate(VISIBLE)
        held.pop().continue_()
        expect(window.bubbles).to_have_count(expected)
        after = window.page.locator(f"#{before['id']}").evaluate(TOP)
        assert after == pytest.approx(before["top"], abs=1)
    scroll_until(window, window.bubble(SAID[0]), -2_000)
    assert window.contents.all_text_contents() == SAID


def test_jump_to_the_latest(inbox, talk, mara, tomasz, some):
    conversation, _ = some
    window = inbox(mara, conversation).wait_until_live()
    scroll(window, -600)
    expect(window.jump).to_be_visible()
    read = window.page.evaluate(VISIBLE)
    talk.say(tomasz, conversation, "Something new", "And more")
    expect(window.jump).to_contain_text("2 new")
    assert window.page.locator(f"#{read['id']}").evaluate(TOP) == pytest.approx(read["top"], abs=1)
    expect(window.bubble("And more")).not_to_be_in_viewport()
    window.jump.click()
    expect(window.bubble("And more")).to_be_in_viewport()
    expect(window.jump).to_be_hidden()


def test_at_the_end_one_follows(inbox, talk, mara, tomasz, some):
    conversation, _ = some
    window = inbox(mara, conversation).wait_until_live()
    talk.say(tomasz, conversation, *(f"Live {number}" for number in range(5)))
    expect(window.bubble("Live 4")).to_be_in_viewport()
    scroll(window, -600)
    window.send("From further up")
    expect(window.bubble("From further up")).to_be_in_viewport()


def test_the_divider_stands_before_what_is_unread(inbox, talk, mara, tomasz, some):
    conversation, _ = some
    talk.say(tomasz, conversation, "Unread one", "Unread two", "Unread three")
    window = inbox(mara, conversation)
    divider = window.page.locator(".unread-divider")
    expect(divider).to_have_text("3 new messages")
    assert divider.evaluate("line => line.nextElementSibling.textContent.includes('Unread one')")
    expect(window.row(conversation).locator("[data-unread-badge]")).to_be_hidden()
    window.send("An answer")
    expect(divider).to_be_visible()
    window.page.reload()
    expect(window.bubble("An answer")).to_be_visible()
    expect(divider).to_have_count(0)


def test_much_unread_opens_where_one_stopped(inbox, talk, mara, tomasz, some):
    conversation, _ = some
    more = [f"Unread {number}" for number in range(60)]
    talk.say(tomasz, conversation, *more)
    window = inbox(mara, conversation)
    expect(window.page.locator(".unread-divider")).to_have_text("60 new messages")
    expect(window.bubble("Unread 0")).to_be_in_viewport()
    expect(window.row(conversation).locator("[data-unread-badge]")).to_have_text("60")
    window.jump.click()
    expect(window.bubble("Unread 59")).to_be_in_viewport()
    expect(window.row(conversation).locator("[data-unread-badge]")).to_be_hidden()


def test_a_permalink_opens_centred(inbox, mara, long):
    conversation, ids = long
    window = inbox(mara)
    window.open(conversation, ids[40])
    bubble = window.bubble(SAID[40])
    expect(bubble).to_be_in_viewport()
    expect(bubble).to_be_focused()
    assert abs(bubble.evaluate(OFF_CENTRE)) < 30
    expect(window.jump).to_be_visible()
    scroll_until(window, window.bubble(SAID[-1]), 1_500)
    scroll_until(window, window.bubble(SAID[0]), -1_500)
    assert window.contents.all_text_contents() == SAID


def test_what_arrives_beyond_a_permalink_leaves_no_hole(inbox, talk, mara, tomasz, long):
    conversation, ids = long
    window = inbox(mara)
    window.open(conversation, ids[20]).wait_until_live()
    talk.say(tomasz, conversation, "Far away")
    expect(window.jump).to_contain_text("1 new")
    expect(window.bubble("Far away")).to_have_count(0)
    window.jump.click()
    expect(window.bubble("Far away")).to_be_in_viewport()
    expect(window.bubble(SAID[-1])).to_be_visible()
    window.page.wait_for_url(f"**/conversations/{conversation}")
    window.open(conversation, ids[20])
    window.send("An answer from there")
    expect(window.bubble("An answer from there")).to_be_in_viewport()
    expect(window.bubble("Far away")).to_be_visible()


def test_the_time_of_a_message_leads_to_it(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    [message] = talk.say(tomasz, conversation, "Quote me")
    window = inbox(mara, conversation)
    window.bubble("Quote me").locator(".meta").click()
    window.page.wait_for_url(f"**/conversations/{conversation}/messages/{message}")
    expect(window.bubble("Quote me")).to_be_focused()
