"""What became of one's messages: ticks that move, who has read in a group, and marking as unread."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.support.waiting import eventually

pytestmark = ON_SQLITE


@pytest.fixture
def direct(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def has(window, text, status):
    expect(window.bubble(text)).to_have_attribute("data-status", status)


def row_has(window, conversation, status):
    expect(window.row(conversation)).to_have_attribute("data-status", status)


def test_the_ticks_move_and_stay(inbox, mara, tomasz, direct):
    window = inbox(mara, direct).wait_until_live()
    window.send("Are you there?")
    has(window, "Are you there?", "sent")
    row_has(window, direct, "sent")
    other = inbox(tomasz).wait_until_live()
    has(window, "Are you there?", "delivered")
    row_has(window, direct, "delivered")
    window.page.reload()
    has(window, "Are you there?", "delivered")
    window.wait_until_live().send("I see you are")
    has(window, "I see you are", "delivered")
    other.open(direct)
    has(window, "I see you are", "read")
    has(window, "Are you there?", "read")
    row_has(window, direct, "read")
    window.page.reload()
    has(window, "I see you are", "read")
    row_has(window, direct, "read")


def test_who_has_read_in_a_group(inbox, talk, mara, tomasz, ines):
    group = talk.group(mara, tomasz, ines)
    window = inbox(mara, group).wait_until_live()
    window.send("Who reads this?")
    reader = inbox(tomasz, group).wait_until_live()
    assert eventually(lambda: talk.unread(tomasz, group) == 0)
    has(window, "Who reads this?", "sent")
    window.bubble("Who reads this?").hover()
    window.page.get_by_role("button", name="More").click()
    window.page.get_by_role("menuitem", name="Message info").click()
    dialog = window.page.get_by_role("dialog", name="Message info")
    expect(dialog).to_contain_text("Read by 1 of 2")
    lines = dialog.locator("li")
    expect(lines.nth(0)).to_contain_text("Tomasz Novak")
    expect(lines.nth(0)).to_contain_text("Read ")
    expect(lines.nth(1)).to_contain_text("Ines Okafor")
    expect(lines.nth(1)).to_contain_text("Not delivered yet")
    window.page.keyboard.press("Escape")
    talk.read(ines, group, talk.messages(ines, group)[-1]["id"])
    has(window, "Who reads this?", "read")
    expect(reader.bubble("Who reads this?")).not_to_have_attribute("data-status", "read")


def test_switched_off_they_are_for_both(inbox, talk, mara, tomasz, direct):
    talk.privacy(tomasz, showReceipts=False)
    window, other = inbox(mara, direct).wait_until_live(), inbox(tomasz, direct).wait_until_live()
    window.send("Have you read it?")
    expect(other.bubble("Have you read it?")).to_be_visible()
    other.send("I have")
    expect(window.bubble("I have")).to_be_visible()
    window.wait_for(lambda: talk.unread(tomasz, direct) == 0)
    has(window, "Have you read it?", "sent")
    has(other, "I have", "sent")


def test_marked_as_unread_in_all_tabs_until_it_is_read(inbox, talk, mara, tomasz, direct):
    talk.say(tomasz, direct, "Look at this later")
    window, tab = inbox(mara, direct).wait_until_live(), inbox(mara).wait_until_live()
    window.wait_for(lambda: talk.unread(mara, direct) == 0)
    window.page.locator("h1").first.focus()
    window.page.locator("message-list").press("u")
    for page in (window, tab):
        expect(page.row(direct).get_by_text("Marked unread")).to_be_visible()
        expect(page.page).to_have_title("(1) Inbox · Lumina")
    tab.page.keyboard.press("Alt+Shift+ArrowDown")
    tab.page.wait_for_url(f"**/conversations/{direct}")
    for page in (window, tab):
        expect(page.row(direct).get_by_text("Marked unread")).to_be_hidden()
    expect(window.page).to_have_title("Inbox · Lumina")
