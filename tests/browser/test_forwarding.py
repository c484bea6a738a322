"""Forwarding and copying."""

import pytest
from playwright.sync_api import expect

from tests.browser.actions import choose, toast
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


@pytest.fixture
def others(talk, mara, tomasz, ines):
    return talk.direct(mara, ines), talk.group(mara, tomasz, ines, name="Harbour review")


def test_to_several_found_by_name(inbox, talk, mara, tomasz, ines, conversation, others):
    direct, group = others
    talk.say(tomasz, conversation, "The **draft** is done")
    window, there = inbox(mara, conversation), inbox(ines, direct).wait_until_live()
    choose(window, window.bubbles.first, "Forward")
    dialog = window.page.get_by_role("dialog", name="Forward to")
    expect(dialog.locator(".person")).to_have_count(3)
    button = dialog.get_by_role("button", name="Forward", exact=True)
    expect(button).to_be_disabled()
    search = dialog.get_by_role("searchbox")
    search.fill("ines")
    expect(dialog.locator(".person .line-name")).to_have_text(["Harbour review", "Ines Okafor"])
    dialog.get_by_label("Ines Okafor").last.check()
    search.fill("harbour")
    expect(dialog.locator(".person .line-name")).to_have_text(["Ines Okafor", "Harbour review"])
    dialog.get_by_label("Harbour review").last.check()
    button.click()
    expect(toast(window.page, "Forwarded to 2 conversations")).to_be_visible()
    expect(dialog).to_be_hidden()
    there.shows("The draft is done")
    expect(there.bubbles.first.locator(".forwarded")).to_have_text("Forwarded")
    assert talk.contents(ines, group)[-1] == "The **draft** is done"


def test_to_one_by_keyboard(inbox, talk, mara, tomasz, ines, conversation, others):
    talk.say(tomasz, conversation, "The draft is done")
    window = inbox(mara, conversation)
    choose(window, window.bubbles.first, "Forward")
    window.page.keyboard.type("harbour")
    dialog = window.page.get_by_role("dialog", name="Forward to")
    expect(dialog.locator(".person")).to_have_count(1)
    window.page.keyboard.press("Tab")
    expect(dialog.get_by_role("checkbox")).to_be_focused()
    window.page.keyboard.press("Space")
    window.page.keyboard.press("Enter")
    expect(toast(window.page, "Forwarded to Harbour review")).to_be_visible()


def test_copying_the_text_as_typed_and_the_link(inbox, talk, mara, conversation):
    [said] = talk.say(mara, conversation, "The **draft**\nis done")
    window = inbox(mara, conversation, permissions=["clipboard-read", "clipboard-write"])
    choose(window, window.bubbles.first, "Copy text")
    expect(toast(window.page, "Text copied")).to_be_visible()
    assert window.page.evaluate("navigator.clipboard.readText()") == "The **draft**\nis done"
    choose(window, window.bubbles.first, "Copy link")
    expect(toast(window.page, "Link copied")).to_be_visible()
    link = window.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/conversations/{conversation}/messages/{said}")
    window.page.goto(link)
    expect(window.bubbles.first).to_be_focused()
