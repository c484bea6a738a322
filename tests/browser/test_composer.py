"""Writing: keys, drafts, and what becomes of a message that cannot be sent."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
REFUSAL = {"success": False, "message": "This is refused.", "code": "invalid"}


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


@pytest.fixture
def window(inbox, mara, conversation):
    return inbox(mara, conversation)


def test_enter_sends_and_shift_enter_breaks(window):
    window.field.press_sequentially("One line")
    window.field.press("Shift+Enter")
    window.field.press_sequentially("and another")
    expect(window.field).to_have_value("One line\nand another")
    window.field.press("Enter")
    window.shows("One line\nand another")
    expect(window.field).to_have_value("")
    expect(window.field).to_be_focused()


def test_nothing_is_no_message(window, talk, mara, conversation):
    window.send("   \n ")
    expect(window.page.get_by_role("button", name="Send")).to_be_disabled()
    window.send("Something")
    window.shows("Something")
    assert talk.contents(mara, conversation) == ["Something"]


def test_enter_within_a_composition_does_not_send(window):
    """As an input method does it: a composition stands while Enter chooses among candidates."""
    keyboard = window.page.context.new_cdp_session(window.page)
    window.field.focus()
    keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.insertText", {"text": "日本"})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(window.field).to_have_value("日本")
    assert window.bubbles.count() == 0
    window.field.press("Enter")
    window.shows("日本")


def test_a_double_click_sends_once(window, talk, mara, conversation):
    window.write("Only once")
    window.page.get_by_role("button", name="Send").dblclick()
    window.shows("Only once")
    window.page.reload()
    window.shows("Only once")
    assert talk.contents(mara, conversation) == ["Only once"]


def test_a_draft_is_kept(window, inbox, talk, mara, ines, conversation):
    other = talk.direct(mara, ines)
    window.write("Dear Tomasz,\nI have been")
    window.page.reload()
    expect(window.field).to_have_value("Dear Tomasz,\nI have been")
    window.open(other)
    expect(window.row(conversation).locator("[data-preview]")).to_have_text("Draft: Dear Tomasz, I have been")
    expect(window.field).to_have_value("")
    window.page.goto("/settings")
    window.page.get_by_role("button", name="Sign out", exact=True).click()
    window.page.wait_for_url("**/login")
    sign_in(window.page, ines)
    window.page.goto("/conversations")
    assert "I have been" not in window.page.content()
    window.page.goto("about:blank")
    window.page.context.clear_cookies()
    sign_in(window.page, mara)
    window.open(conversation)
    window.field.press("End")
    window.field.press_sequentially(" away.")
    window.field.press("Enter")
    window.shows("Dear Tomasz,\nI have been away.")
    window.open(other)
    expect(window.row(conversation).locator("[data-preview]")).to_contain_text("You: Dear Tomasz")


@pytest.fixture
def failed(window):
    """The bubble of a message that the server has refused."""
    window.page.route("**/conversations/*/messages", lambda route: route.fulfill(status=400, json=REFUSAL))
    window.send("Refused at first")
    bubble = window.bubble("Refused at first")
    expect(bubble).to_have_attribute("data-state", "failed")
    window.page.unroute_all()
    return bubble


def test_a_failed_message_is_sent_again_with_its_id(window, talk, mara, conversation, failed):
    expect(failed.locator(".failed-reason")).to_have_text("Not sent. This is refused.")
    given = failed.get_attribute("data-client-message-id")
    window.page.reload()
    expect(failed).to_have_attribute("data-state", "failed")
    failed.get_by_role("button", name="Retry").click()
    window.shows("Refused at first")
    expect(failed).to_have_attribute("data-client-message-id", given)
    assert talk.contents(mara, conversation) == ["Refused at first"]


def test_a_failed_message_can_be_given_up(window, talk, mara, conversation, failed):
    expect(window.row(conversation).locator("[data-preview]")).to_have_text("Not sent: Refused at first")
    failed.get_by_role("button", name="Delete").click()
    expect(window.bubbles).to_have_count(0)
    window.page.reload()
    expect(window.bubbles).to_have_count(0)
    assert talk.contents(mara, conversation) == []


def test_an_answer_that_is_lost_doubles_nothing(window, inbox, talk, tomasz, mara, conversation):
    """The server has the message, but its answer does not arrive: it is sent again with the same id."""
    other = inbox(tomasz, conversation)
    window.page.context.route("**/socket.io/**", lambda route: route.abort())
    posts = []

    def lose_the_first(route):
        posts.append(route.request.post_data)
        if len(posts) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    window.page.route("**/conversations/*/messages", lose_the_first)
    window.send("Twice on the way")
    window.shows("Twice on the way")
    other.shows("Twice on the way")
    assert talk.contents(mara, conversation) == ["Twice on the way"]
