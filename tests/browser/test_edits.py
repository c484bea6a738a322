"""Editing what one has said, and what it said before."""

import pytest
from playwright.sync_api import expect

from tests.browser.actions import choose, offered, strip, toast
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def test_up_in_an_empty_composer_edits_one_s_last_message(inbox, talk, mara, tomasz, conversation):
    talk.say(mara, conversation, "At **nine**")
    talk.say(tomasz, conversation, "Fine")
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    one.field.press("ArrowUp")
    expect(one.field).to_have_value("At **nine**")
    expect(strip(one)).to_contain_text("Edit message")
    one.write("At **ten**")
    one.field.press("Enter")
    expect(strip(one)).to_be_hidden()
    expect(one.field).to_have_value("")
    for window in (one, other):
        window.shows("At ten", "Fine")
        expect(window.bubble("At ten").locator(".edited")).to_have_text("edited")
        expect(window.bubble("At ten").locator("strong")).to_have_text("ten")


def test_escape_brings_the_draft_back(inbox, talk, mara, conversation):
    talk.say(mara, conversation, "At nine")
    window = inbox(mara, conversation)
    window.write("Half a thought")
    choose(window, window.bubbles.first, "Edit")
    expect(window.field).to_have_value("At nine")
    window.field.press("End")
    window.field.press_sequentially(" sharp")
    window.field.press("Escape")
    expect(window.field).to_have_value("Half a thought")
    window.shows("At nine")
    window.page.reload()
    expect(window.field).to_have_value("Half a thought")


def test_a_refused_edit_keeps_the_text_and_says_why(inbox, talk, mara, conversation):
    talk.say(mara, conversation, "At nine")
    window = inbox(mara, conversation)
    refusal = {
        "success": False,
        "message": "This message can no longer be edited.",
        "code": "edit_window_over",
    }
    window.page.route("**/edit", lambda route: route.fulfill(status=403, json=refusal))
    choose(window, window.bubbles.first, "Edit")
    expect(window.field).to_have_value("At nine")
    window.write("At ten")
    window.field.press("Enter")
    expect(toast(window.page, "This message can no longer be edited.")).to_be_visible()
    expect(window.field).to_have_value("At ten")
    expect(strip(window)).to_be_visible()


def test_nothing_left_is_an_offer_to_delete(inbox, talk, mara, conversation):
    talk.say(mara, conversation, "At nine")
    window = inbox(mara, conversation)
    question = window.page.get_by_role("dialog", name="Delete this message?")
    choose(window, window.bubbles.first, "Edit")
    expect(window.field).to_have_value("At nine")
    window.write(" ")
    window.field.press("Enter")
    question.get_by_role("button", name="Cancel").click()
    expect(strip(window)).to_be_visible()
    window.field.press("Enter")
    question.get_by_role("button", name="Delete for everyone").click()
    expect(window.bubbles.first).to_have_attribute("data-deleted", "")
    expect(strip(window)).to_be_hidden()


def test_the_history_is_shown_to_the_other_too(inbox, talk, mara, tomasz, conversation):
    [said] = talk.say(mara, conversation, "At nine")
    talk.edit(mara, said, "At ten")
    talk.edit(mara, said, "At *eleven*")
    window = inbox(tomasz, conversation)
    window.bubbles.first.locator("[data-edits]").click()
    history = window.page.get_by_role("dialog", name="Edit history")
    expect(history.locator(".content")).to_have_text(["At nine", "At ten", "At eleven"])
    window.page.keyboard.press("Escape")
    expect(history).to_be_hidden()
    choose(window, window.bubbles.first, "Edit history")
    expect(history).to_be_visible()


def test_only_one_s_own_and_only_within_the_window(inbox, talk, mara, tomasz, conversation):
    talk.say(tomasz, conversation, "Theirs")
    talk.say(mara, conversation, "Mine")
    window = inbox(mara, conversation)
    assert "Edit" not in offered(window, window.bubble("Theirs"))
    assert "Edit" in offered(window, window.bubble("Mine"))
    over = "bubble => { bubble.dataset.canEditUntil = '2020-01-01T00:00:00.000Z' }"
    window.bubble("Mine").evaluate(over)
    assert "Edit" not in offered(window, window.bubble("Mine"))
    window.field.press("ArrowUp")
    expect(strip(window)).to_be_hidden()
