"""The list of conversations while things happen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def lively(talk, mara, tomasz, ines):
    """Mara's conversations with Tomasz and, later, with Ines; both read."""
    made = []
    for other in (tomasz, ines):
        made.append(talk.direct(mara, other))
        talk.say(mara, made[-1], f"Good morning, {other.first_name}")
    return made


def order(window):
    return [row.get_attribute("data-conversation-id") for row in window.rows.all()]


def test_a_message_brings_its_row_to_the_top(inbox, talk, mara, tomasz, lively):
    first, second = lively
    window = inbox(mara, second)
    row = window.row(first)
    assert order(window) == [second, first]
    expect(row.locator("[data-preview]")).to_have_text("You: Good morning, Tomasz")
    talk.say(tomasz, first, "The  figures\nare in", "All of them")
    expect(row.locator("[data-unread-badge]")).to_have_text("2")
    expect(row.locator("[data-unread-badge]")).to_be_visible()
    expect(row.locator("[data-preview]")).to_have_text("All of them")
    expect(row.locator("local-time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    assert order(window) == [first, second]
    expect(window.page).to_have_title(re.compile(r"^\(1\) "))
    expect(window.page.locator(".rail [data-unread-conversations]")).to_have_text("1")
    expect(window.page.locator("#tab-unread")).to_have_text("Unread 1")
    # A tab that comes with the rows of another knows as well.
    window.page.locator("#tab-groups").click()
    expect(window.page.locator("#tab-groups")).to_have_attribute("aria-current", "true")
    expect(window.page.locator("#tab-unread")).to_have_text("Unread 1")
    expect(window.page.locator("#tab-unread [data-unread-conversations]")).to_be_visible()


def test_reading_takes_the_numbers_away(inbox, talk, mara, tomasz, lively):
    first, second = lively
    talk.say(tomasz, first, "One", "Two")
    window = inbox(mara, second)
    expect(window.page).to_have_title(re.compile(r"^\(1\) "))
    window.row(first).click()
    expect(window.bubble("Two")).to_be_visible()
    expect(window.row(first).locator("[data-unread-badge]")).to_be_hidden()
    expect(window.page).to_have_title(re.compile(r"^Tomasz Novak"))
    for number in window.page.locator("[data-unread-conversations]").all():
        expect(number).to_be_hidden()
    window.page.reload()
    expect(window.row(first).locator("[data-unread-badge]")).to_be_hidden()


def test_what_comes_while_nobody_looks_stays_unread(inbox, talk, mara, tomasz, lively):
    first, _ = lively
    window = inbox(mara, first).wait_until_live()
    window.stop_looking()
    talk.say(tomasz, first, "Are you there?")
    badge = window.row(first).locator("[data-unread-badge]")
    expect(window.bubble("Are you there?")).to_be_visible()
    expect(badge).to_have_text("1")
    expect(window.page.locator(".unread-divider")).to_have_text("1 new message")
    window.look_again()
    expect(badge).to_be_hidden()
    expect(window.page.locator(".unread-divider")).to_be_visible()


def test_two_tabs_agree_on_what_is_read(inbox, talk, mara, tomasz, lively):
    first, second = lively
    window = inbox(mara, second).wait_until_live()
    tab = window.page.context.new_page()
    talk.say(tomasz, first, "For either tab")
    badge = window.row(first).locator("[data-unread-badge]")
    expect(badge).to_have_text("1")
    tab.goto(f"/conversations/{first}")
    expect(badge).to_be_hidden()
    expect(window.page).to_have_title(re.compile(r"^Ines Okafor"))


def test_a_new_conversation_appears(inbox, talk, mara, tomasz):
    window = inbox(mara).wait_until_live()
    expect(window.page.locator("conversation-list [data-empty]")).to_be_visible()
    conversation = talk.direct(tomasz, mara)
    talk.say(tomasz, conversation, "May I ask you something?")
    row = window.row(conversation)
    expect(row.locator("[data-title]")).to_have_text("Tomasz Novak")
    expect(row.locator("[data-preview]")).to_have_text("May I ask you something?")
    expect(row.locator("[data-unread-badge]")).to_have_text("1")
    expect(window.page.locator("conversation-list [data-empty]")).to_have_count(0)


def test_search_and_tabs(inbox, talk, mara, tomasz, ines, lively):
    group = talk.group(mara, tomasz, ines, name="Harbour review")
    talk.say(mara, group, "Welcome")
    window = inbox(mara)
    window.page.get_by_label("Search conversations").press_sequentially("harbour")
    expect(window.rows).to_have_count(1)
    expect(window.row(group)).to_be_visible()
    window.page.get_by_label("Search conversations").fill("nobody of that name")
    expect(window.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    window.page.get_by_label("Search conversations").fill("")
    expect(window.rows).to_have_count(3)
    window.page.locator("#tab-groups").click()
    expect(window.rows).to_have_count(1)
    expect(window.row(group)).to_be_visible()
    expect(window.page.locator("#tab-groups")).to_have_attribute("aria-current", "true")


def test_start_a_conversation(inbox, mara, tomasz):
    window = inbox(mara)
    window.page.get_by_title("New conversation").click()
    window.page.wait_for_url("**/conversations/new")
    window.find_person(tomasz)
    window.page.get_by_role("button", name="Tomasz Novak").click()
    window.page.wait_for_url(re.compile(r"/conversations/\d+$"))
    window.send("Hello, Tomasz")
    window.shows("Hello, Tomasz")
    expect(window.rows.locator("[data-preview]")).to_have_text("You: Hello, Tomasz")


def test_start_a_group(inbox, mara, tomasz, ines):
    window = inbox(mara)
    window.page.goto("/conversations/new")
    for person in (tomasz, ines):
        window.find_person(person)
        window.page.get_by_label(f"Add {person.name} to a group").check()
    window.page.get_by_label("Group name").fill("Harbour review")
    window.page.get_by_role("button", name="Create group").click()
    window.page.wait_for_url(re.compile(r"/conversations/\d+$"))
    expect(window.page.locator("[data-conversation-title]")).to_have_text("Harbour review")
    expect(window.page.locator("[data-conversation-subtitle]")).to_have_text("3 members")


def test_a_row_fetched_anew_still_opens_beside_the_list(inbox, talk, mara, tomasz):
    conversation = talk.group(tomasz, mara, name="Harbour")
    window = inbox(mara).wait_until_live()
    path = f"/api/messages/conversations/{conversation}"
    talk.server.call(tomasz, "PATCH", path, json={"name": "Harbour review"})
    expect(window.row(conversation)).to_contain_text("Harbour review")
    window.page.evaluate("window.isTheSamePage = true")
    window.row(conversation).get_by_role("link").click()
    expect(window.page.locator("[data-conversation-title]")).to_have_text("Harbour review")
    assert window.page.evaluate("window.isTheSamePage") is True


def test_who_wants_no_direct_messages_gets_none(inbox, talk, mara, tomasz):
    theirs = inbox(tomasz).page
    theirs.goto("/settings#privacy")
    theirs.get_by_role("radio", name="Nobody").check()
    theirs.locator("#privacy").get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("radio", name="Nobody")).to_be_checked()
    window = inbox(mara)
    window.page.goto("/conversations/new")
    window.find_person(tomasz)
    row = window.page.locator(".person")
    expect(row).to_contain_text("Takes messages only from people they know")
    expect(row.get_by_role("button")).to_have_count(0)
    expect(row.get_by_role("checkbox")).to_have_count(0)
    # Whoever shares a group with them may at least draw them into another.
    talk.group(tomasz, mara, name="Quay")
    window.page.reload()
    window.find_person(tomasz)
    expect(row).to_contain_text("Takes no direct messages from you")
    row.locator(".person-main").click()
    window.page.get_by_role("button", name="Create group").click()
    expect(window.page.get_by_role("alert")).to_contain_text("takes no direct messages")
    window.page.get_by_label("Group name").fill("Harbour review")
    window.page.get_by_role("button", name="Create group").click()
    expect(window.page.get_by_role("heading", name="Harbour review")).to_be_visible()
