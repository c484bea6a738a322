"""Replying: what is quoted, where a quote leads, and what becomes of it."""

import pytest
from playwright.sync_api import expect

from tests.browser.actions import choose, strip
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


@pytest.fixture
def said(talk, tomasz, conversation):
    return talk.say(tomasz, conversation, "Shall we use\nthe old mill?")[0]


def test_a_reply_shows_its_quote_at_once_and_to_both(inbox, mara, tomasz, conversation, said):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    choose(one, one.bubbles.first, "Reply")
    expect(strip(one)).to_contain_text("Reply to Tomasz Novak")
    expect(strip(one)).to_contain_text("Shall we use the old mill?")
    expect(one.field).to_be_focused()
    held = one.hold_sending()
    one.send("Yes, gladly")
    expect(strip(one)).to_be_hidden()
    pending = one.bubble("Yes, gladly")
    expect(pending).to_have_attribute("data-state", "pending")
    expect(pending.locator(".quote-text")).to_have_text("Shall we use the old mill?")
    one.wait_for(lambda: held)
    held.pop().continue_()
    expect(pending).to_have_attribute("data-state", "sent")
    for window, name in ((one, "Tomasz Novak"), (other, "You")):
        quote = window.bubble("Yes, gladly").locator(".quote")
        expect(quote.locator(".quote-name")).to_have_text(name)
        expect(quote.locator(".quote-text")).to_have_text("Shall we use the old mill?")
        expect(quote).to_have_attribute("data-quote", said)


def test_escape_cancels_and_the_reply_is_kept_with_the_draft(inbox, talk, mara, ines, conversation, said):
    elsewhere = talk.direct(mara, ines)
    window = inbox(mara, conversation)
    choose(window, window.bubbles.first, "Reply")
    window.write("Yes, but")
    window.open(elsewhere)
    expect(strip(window)).to_be_hidden()
    window.open(conversation)
    expect(strip(window)).to_contain_text("Shall we use the old mill?")
    window.field.press("Escape")
    expect(strip(window)).to_be_hidden()
    expect(window.field).to_have_value("Yes, but")
    window.field.press("Enter")
    window.shows("Shall we use\nthe old mill?", "Yes, but")
    expect(window.page.locator(".quote")).to_have_count(0)


def test_a_quote_follows_its_original(inbox, talk, mara, tomasz, conversation, said):
    window = inbox(mara, conversation).wait_until_live()
    choose(window, window.bubbles.first, "Reply")
    window.send("Yes")
    quote = window.bubble("Yes").locator(".quote")
    expect(quote).to_be_visible()
    talk.edit(tomasz, said, "The new one")
    expect(quote.locator(".quote-text")).to_have_text("The new one")
    talk.delete(tomasz, said)
    expect(quote.locator(".quote-text")).to_have_text("Message deleted")
    expect(quote).to_have_attribute("data-quote-deleted", "")
    window.page.reload()
    expect(quote.locator(".quote-text")).to_have_text("Message deleted")


def test_a_quote_leads_to_its_original_though_it_is_not_loaded(inbox, talk, mara, tomasz, conversation, said):
    talk.say(mara, conversation, *(f"Line {number}" for number in range(130)))
    talk.reply(mara, conversation, said, "About the mill")
    window = inbox(mara, conversation)
    window.write("Half a thought")
    original = window.page.locator(f"#message-{said}")
    expect(original).to_have_count(0)
    window.bubble("About the mill").locator(".quote").click()
    expect(original).to_be_in_viewport()
    expect(original).to_be_focused()
    expect(window.field).to_have_value("Half a thought")
    window.jump.click()
    expect(window.bubble("About the mill")).to_be_in_viewport()


def test_a_quote_of_what_is_loaded_scrolls_there(inbox, talk, mara, tomasz, conversation, said):
    talk.say(mara, conversation, *(f"Line {number}" for number in range(30)))
    talk.reply(mara, conversation, said, "About the mill")
    window = inbox(mara, conversation)
    window.bubble("About the mill").locator(".quote").click()
    expect(window.bubbles.first).to_be_in_viewport()
    expect(window.bubbles.first).to_be_focused()
    window.page.wait_for_url(f"**/conversations/{conversation}")


def test_a_failed_reply_is_sent_again_as_a_reply(inbox, mara, conversation, said):
    window = inbox(mara, conversation)
    refusal = {"success": False, "message": "Refused.", "code": "invalid"}
    window.page.route("**/conversations/*/messages", lambda route: route.fulfill(status=400, json=refusal))
    choose(window, window.bubbles.first, "Reply")
    window.send("At last")
    expect(window.bubble("At last")).to_have_attribute("data-state", "failed")
    window.page.unroute_all()
    window.page.reload()
    window.bubble("At last").get_by_role("button", name="Retry").click()
    expect(window.bubble("At last")).to_have_attribute("data-state", "sent")
    expect(window.bubble("At last").locator(".quote")).to_have_attribute("data-quote", said)
