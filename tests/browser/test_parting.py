"""Blocking somebody, closing one's account, being suspended: what open windows show of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
THEIRS = "You cannot write to this person."


@pytest.fixture
def admin(live_server):
    person = live_server.register("Vera", "Lindqvist")
    live_server.flask("user", "promote", person.email)
    return person


def block(page, name):
    """By the details."""
    page.get_by_role("link", name="Details", exact=True).click()
    page.get_by_text(f"Block {name}").click()
    page.get_by_role("button", name="Block", exact=True).click()


def test_blocking_and_unblocking_reach_the_open_window_of_the_other(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "Are you there?")
    ours, theirs = (inbox(person, conversation).wait_until_live() for person in (mara, tomasz))
    block(ours.page, "Tomasz")
    mine = ours.page.locator(".apart")
    expect(mine).to_contain_text("You blocked Tomasz.")
    expect(theirs.page.locator(".composer-note")).to_have_text(THEIRS)
    expect(theirs.field).to_have_count(0)
    expect(theirs.page.locator("presence-line").first).not_to_have_text("online")
    # Not a word of who has done it.
    expect(theirs.page.get_by_text(re.compile("block", re.IGNORECASE))).to_have_count(0)
    mine.get_by_role("button", name="Unblock").click()
    expect(ours.field).to_be_visible()
    expect(theirs.field).to_be_visible()
    theirs.send("Good")
    ours.shows("Are you there?", "Good")


def test_a_note_that_came_by_itself_can_be_used(inbox, talk, mara, tomasz):
    """In another window of whoever blocks, without loading anything anew."""
    conversation = talk.direct(mara, tomasz)
    one, other = (inbox(mara, conversation).wait_until_live() for _ in range(2))
    block(one.page, "Tomasz")
    other.page.locator(".apart").get_by_role("button", name="Unblock").click()
    expect(other.field).to_be_visible()
    expect(one.field).to_be_visible()


def test_what_was_typed_before_is_kept(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    window = inbox(mara, conversation).wait_until_live()
    window.field.fill("One more thing")
    talk.block(tomasz, mara)
    expect(window.page.locator(".composer-note")).to_have_text(THEIRS)
    talk.block(tomasz, mara, blocked=False)
    expect(window.field).to_have_value("One more thing")


def test_the_list_in_the_settings(inbox, talk, mara, tomasz):
    talk.block(mara, tomasz)
    page = inbox(mara).page
    page.goto("/settings")
    page.get_by_role("button", name="Unblock Tomasz Novak").click()
    expect(page.get_by_role("status").filter(has_text="can write to each other again")).to_be_visible()
    expect(page.get_by_text("You have blocked nobody.")).to_be_visible()


def test_closing_asks_once_more(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(mara, conversation, "Farewell")
    theirs = inbox(tomasz, conversation).wait_until_live()
    page = inbox(mara).page
    page.goto("/settings")
    page.get_by_label("Your password", exact=True).fill(mara.password)
    page.get_by_role("button", name="Close account").click()
    question = page.get_by_role("dialog", name="Close your account for good?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    page.get_by_role("button", name="Close account").click()
    page.get_by_role("dialog").get_by_role("button", name="Close account").click()
    page.wait_for_url("**/login")
    expect(page.get_by_role("status").filter(has_text="Your account is closed.")).to_be_visible()
    expect(theirs.page.locator(".composer-note")).to_have_text("Nobody is left here to write to.")
    expect(theirs.page.locator("[data-conversation-title]")).to_have_text("Deleted account")
    assert talk.contents(tomasz, conversation) == ["Farewell"]


def test_a_suspended_person_is_out_of_an_open_window_at_once(inbox, talk, mara, tomasz, admin):
    conversation = talk.direct(mara, tomasz)
    window = inbox(mara, conversation).wait_until_live()
    talk.suspend(admin, mara)
    expect(window.page.locator(".banner[data-signed-out]")).to_be_visible()
    window.page.get_by_role("button", name="Sign in").click()
    window.page.wait_for_url("**/login?next=*")
    window.page.fill("[name=email]", mara.email)
    window.page.fill("[name=password]", mara.password)
    window.page.press("[name=password]", "Enter")
    expect(window.page.get_by_role("alert")).to_contain_text("This account is suspended.")
