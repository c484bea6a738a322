"""On a phone one pane shows at a time, and Back leads where one came from."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def conversation(talk, mara, tomasz):
    made = talk.direct(mara, tomasz)
    talk.say(tomasz, made, "Good morning")
    return made


@pytest.fixture
def window(inbox, mara, conversation):
    return inbox(mara, **PHONE)


def shows(window, pane):
    """One of the panes is seen, the others are not."""
    panes = {"list": "conversation-list", "conversation": "message-list", "details": "section.details"}
    for name, selector in panes.items():
        shown = window.page.locator(selector)
        if name == pane:
            expect(shown).to_be_visible()
            expect(shown).to_be_in_viewport()
        else:
            expect(shown).to_be_hidden()


def test_there_and_back_by_the_page_s_own_links(window, conversation):
    shows(window, "list")
    window.row(conversation).tap()
    shows(window, "conversation")
    expect(window.bubble("Good morning")).to_be_in_viewport()
    window.page.get_by_role("link", name="Details", exact=True).tap()
    shows(window, "details")
    window.page.get_by_role("link", name="Close details").tap()
    shows(window, "conversation")
    window.page.get_by_role("link", name="Back to the inbox").tap()
    shows(window, "list")
    window.page.wait_for_url(re.compile(r"/conversations$"))


def test_there_and_back_by_the_browser(window, conversation):
    window.row(conversation).tap()
    shows(window, "conversation")
    window.page.get_by_role("link", name="Details", exact=True).tap()
    shows(window, "details")
    window.page.go_back()
    shows(window, "conversation")
    window.page.go_back()
    shows(window, "list")
    window.page.go_forward()
    shows(window, "conversation")
    expect(window.bubble("Good morning")).to_be_visible()


def test_back_works_on_a_page_that_was_opened_directly(window, conversation):
    window.open(conversation)
    shows(window, "conversation")
    window.page.get_by_role("link", name="Back to the inbox").tap()
    shows(window, "list")
    window.row(conversation).tap()
    shows(window, "conversation")
    window.send("Still here")
    expect(window.bubble("Still here")).to_be_in_viewport()


def test_writing_keeps_the_composer_in_view(window, conversation):
    window.open(conversation)
    window.write("\n".join(["A long text"] * 30))
    expect(window.page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    window.page.get_by_role("button", name="Send").tap()
    expect(window.field).to_have_value("")
    expect(window.bubbles).to_have_count(2)


def test_targets_are_large_enough_for_a_thumb(window, conversation):
    small = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea")]
      .filter((one) => one.checkVisibility() && !one.closest(".message, .skip, .visually-hidden, p"))
      .filter((one) => !one.matches(".visually-hidden"))
      .map((one) => [one.closest("label, .search") ?? one, one])
      .map(([area, one]) => [one.outerHTML.slice(0, 90), area.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < 43.9)
      .map(([html, { width, height }]) => `${Math.round(width)} x ${Math.round(height)} ${html}`)"""
    for path in ("", f"/{conversation}", f"/{conversation}/details", "/new"):
        window.page.goto(f"/conversations{path}")
        assert window.page.evaluate(small) == []
