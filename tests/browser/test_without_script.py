"""With JavaScript off: sign in, read, turn pages, send, start a conversation."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.inbox import Inbox
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def window(person, mara):
    return Inbox(person(mara, java_script_enabled=False))


def test_read_and_turn_pages(window, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.read(mara, conversation, talk.say(tomasz, conversation, *(f"Number {n}" for n in range(70)))[-1])
    window.page.reload()
    window.row(conversation).get_by_role("link").click()
    expect(window.bubble("Number 69")).to_be_visible()
    expect(window.bubble("Number 0")).to_have_count(0)
    window.page.get_by_role("link", name="Earlier messages").click()
    expect(window.bubble("Number 0")).to_be_visible()
    window.page.get_by_role("link", name="Later messages").click()
    expect(window.bubble("Number 69")).to_be_visible()


def test_send(window, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    window.open(conversation)
    window.write("Without a script\nin two lines")
    window.page.get_by_role("button", name="Send").click()
    expect(window.contents).to_have_text(["Without a script\nin two lines"])
    window.page.reload()
    assert talk.contents(tomasz, conversation) == ["Without a script\nin two lines"]
    own = window.bubbles.locator(".bubble").bounding_box()
    pane = window.page.locator("message-list").bounding_box()
    assert own["x"] + own["width"] / 2 > pane["x"] + pane["width"] / 2


def test_a_double_click_sends_once(window, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    window.open(conversation)
    window.write("Once")
    window.page.get_by_role("button", name="Send").dblclick()
    expect(window.bubble("Once")).to_be_visible()
    assert talk.contents(mara, conversation) == ["Once"]


def test_start_a_conversation(window, tomasz):
    window.page.get_by_title("New conversation").click()
    window.page.get_by_label("Find people").fill(tomasz.email)
    window.page.get_by_label("Find people").press("Enter")
    expect(window.page.locator("#people .person")).to_have_count(1)
    window.page.get_by_role("button", name="Tomasz Novak").click()
    window.page.wait_for_url(re.compile(r"/conversations/\d+$"))
    expect(window.page.locator("[data-conversation-title]")).to_have_text("Tomasz Novak")


def test_members_and_settings(window, talk, mara, tomasz, ines):
    conversation = talk.group(mara, tomasz, name="Harbour")
    window.page.goto(f"/conversations/{conversation}/details")
    window.page.get_by_text("Add people").click()
    window.page.get_by_label("Find people").fill(ines.email)
    window.page.get_by_label("Find people").press("Enter")
    window.page.get_by_label("Add Ines Okafor to a group").check()
    window.page.get_by_role("button", name="Add to the group").click()
    expect(window.page.locator("#conversation-subtitle")).to_have_text("3 members")
    window.page.goto("/settings")
    window.page.get_by_label("Dark").check()
    window.page.get_by_role("button", name="Apply").click()
    expect(window.page.locator("html")).to_have_attribute("data-theme", "dark")
    window.page.get_by_role("button", name="Sign out", exact=True).click()
    window.page.wait_for_url("**/login")
