"""Pinned messages, in the bar below the header."""

import pytest
from playwright.sync_api import expect

from tests.browser.actions import choose
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def bar(window):
    return window.page.locator("pinned-messages")


def test_a_pin_is_seen_by_both_and_taken_out_by_either(inbox, talk, mara, tomasz, conversation):
    talk.say(mara, conversation, "Door code: 4471")
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    expect(bar(one).locator(".pins-bar")).to_have_count(0)
    choose(one, one.bubble("Door code: 4471"), "Pin")
    for window in (one, other):
        expect(bar(window)).to_contain_text("Door code: 4471")
        expect(window.bubble("Door code: 4471").first.locator(".pin-mark")).to_be_visible()
        expect(window.bubbles.last).to_contain_text("Mara Ellison pinned a message")
    bar(other).get_by_role("button", name="Unpin").click()
    for window in (one, other):
        expect(bar(window).locator(".pins-bar")).to_have_count(0)


def test_it_leads_to_the_message_wherever_that_is(inbox, talk, mara, tomasz, conversation):
    [said] = talk.say(mara, conversation, "Door code: 4471")
    talk.pin(mara, said)
    talk.say(mara, conversation, *(f"Line {number}" for number in range(130)))
    window = inbox(mara, conversation)
    window.write("Half a thought")
    bar(window).get_by_role("link").click()
    expect(window.page.locator(f"#message-{said}")).to_be_in_viewport()
    expect(window.page.locator(f"#message-{said}")).to_be_focused()
    expect(window.field).to_have_value("Half a thought")


def test_several_are_a_list_that_follows_what_happens(inbox, talk, mara, tomasz, conversation):
    said = talk.say(mara, conversation, "First", "Second", "Third")
    for message in said:
        talk.pin(mara, message)
    window = inbox(tomasz, conversation).wait_until_live()
    expect(bar(window)).to_contain_text("3 pinned messages")
    bar(window).locator("summary").click()
    expect(bar(window).locator(".pins-row .pin-text")).to_have_text(["Third", "Second", "First"])
    talk.edit(mara, said[1], "Second thoughts")
    expect(bar(window).locator(".pins-row .pin-text")).to_have_text(["Third", "Second thoughts", "First"])
    talk.delete(mara, said[2])
    expect(bar(window).locator(".pins-row .pin-text")).to_have_text(["Second thoughts", "First"])
    bar(window).locator(".pins-row").first.get_by_role("button", name="Unpin").click()
    expect(bar(window).locator(".pin-text")).to_have_text(["First"])


def test_opening_shifts_nothing(inbox, talk, mara, tomasz, conversation):
    [said] = talk.say(mara, conversation, "Door code: 4471")
    talk.pin(mara, said)
    window = inbox(mara, new=True)
    window.page.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => {"
        " for (const entry of list.getEntries()) window.shifts += entry.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    window.open(conversation)
    expect(bar(window)).to_contain_text("Door code: 4471")
    window.page.wait_for_load_state("networkidle")
    assert window.page.evaluate("window.shifts") < 0.01
