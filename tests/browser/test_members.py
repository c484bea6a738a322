"""A group while its name and its members change."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.actions import toast
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def group(talk, mara, tomasz):
    conversation = talk.group(mara, tomasz, name="Harbour review")
    talk.say(mara, conversation, "Welcome")
    return conversation


def open_details(window):
    window.page.get_by_role("link", name="Details", exact=True).click()
    return window.page.locator("#details")


def test_rename(inbox, mara, tomasz, group):
    admin, member = inbox(mara, group), inbox(tomasz, group).wait_until_live()
    details = open_details(admin)
    details.get_by_text("Edit name and description").click()
    details.get_by_label("Group name").fill("Harbour, second look")
    details.get_by_label("Group name").press("Enter")
    for window in (admin, member):
        expect(window.page.locator("[data-conversation-title]")).to_have_text("Harbour, second look")
        expect(window.row(group).locator("[data-title]")).to_have_text("Harbour, second look")
    expect(details.get_by_role("heading", name="Harbour, second look")).to_be_visible()


def test_add_a_member(inbox, mara, ines, group):
    admin, newcomer = inbox(mara, group), inbox(ines).wait_until_live()
    details = open_details(admin)
    details.get_by_text("Add people").click()
    admin.find_person(ines)
    details.get_by_label("Add Ines Okafor to a group").check()
    details.get_by_role("button", name="Add to the group").click()
    expect(details.locator(".line-name", has_text="Ines Okafor")).to_be_visible()
    expect(admin.page.locator("#conversation-subtitle")).to_have_text("3 members")
    newcomer.row(group).click()
    admin.send("Good to have you")
    expect(newcomer.bubble("Good to have you")).to_be_visible()
    newcomer.send("Thank you")
    expect(admin.bubble("Thank you")).to_be_visible()


def test_who_is_removed_gets_no_more(inbox, talk, mara, tomasz, group):
    admin, removed = inbox(mara, group), inbox(tomasz, group).wait_until_live()
    details = open_details(admin)
    # One touch alone removes nobody.
    expect(details.get_by_role("button", name="Remove Tomasz")).to_be_hidden()
    details.get_by_text("Tomasz Novak").click()
    expect(details.get_by_text("Tomasz will no longer get or see its messages.")).to_be_visible()
    details.get_by_role("button", name="Remove Tomasz from the group").click()
    expect(removed.row(group)).to_have_count(0)
    removed.page.wait_for_url(re.compile(r"/conversations$"))
    expect(removed.bubbles).to_have_count(0)
    talk.say(mara, group, "Between ourselves")
    other = talk.direct(mara, tomasz)
    talk.say(mara, other, "Sorry")
    expect(removed.row(other)).to_be_visible()
    expect(removed.row(group)).to_have_count(0)
    assert "Between ourselves" not in removed.page.content()
    removed.open(group)
    expect(removed.page.get_by_role("heading", name="Not found")).to_be_visible()


def test_the_keyboard_keeps_its_place_in_the_details(inbox, mara, group):
    window = inbox(mara, group)
    details = open_details(window)
    details.locator("#setting-mute").press("Enter")
    details.get_by_role("button", name="1 hour").press("Enter")
    # The fold is closed again over the button.
    expect(details.locator("#setting-mute")).to_be_focused()
    expect(details.locator("#setting-mute")).to_contain_text("Until")
    details.locator("#group-edit").press("Enter")
    details.get_by_label("Group name").fill("Harbour, second look")
    details.get_by_label("Group name").press("Enter")
    expect(details.get_by_role("heading", name="Harbour, second look")).to_be_visible()
    expect(details.locator("#group-edit")).to_be_focused()
    details.get_by_text("Tomasz Novak").click()
    details.get_by_role("button", name="Remove Tomasz").press("Enter")
    expect(details.get_by_text("Tomasz Novak")).to_have_count(0)
    expect(details).to_be_focused()
    details.get_by_role("link", name="Close details").press("Enter")
    expect(window.page.get_by_role("link", name="Details", exact=True)).to_be_focused()


def test_a_member_is_written_to_from_the_group(inbox, talk, mara, tomasz, ines, group):
    talk.direct(tomasz, mara)
    window = inbox(tomasz, group)
    details = open_details(window)
    details.get_by_text("Mara Ellison").click()
    expect(details.get_by_role("button", name="Remove Mara")).to_have_count(0)
    details.get_by_role("button", name="Write to Mara").click()
    expect(window.page.locator("[data-conversation-title]")).to_have_text("Mara Ellison")
    expect(window.field).to_be_focused()


def test_leave(inbox, tomasz, group):
    window = inbox(tomasz, group)
    details = open_details(window)
    details.get_by_text("Leave group").click()
    details.get_by_role("button", name="Leave").click()
    window.page.wait_for_url(re.compile(r"/conversations$"))
    expect(window.row(group)).to_have_count(0)


def test_the_details_fold_away(inbox, mara, group):
    window = inbox(mara, group)
    details = open_details(window)
    expect(details.get_by_role("heading", name="Details")).to_be_visible()
    details.get_by_role("link", name="Close details").click()
    expect(details.get_by_role("heading")).to_have_count(0)
    window.page.go_back()
    expect(details.get_by_role("heading", name="Details")).to_be_visible()
    window.page.go_back()
    expect(details.get_by_role("heading")).to_have_count(0)
    window.shows("Welcome")


def test_archive_and_back(inbox, mara, group):
    window = inbox(mara, group)
    open_details(window).get_by_role("button", name="Archive").click()
    expect(window.row(group)).to_have_count(0)
    expect(window.bubbles).to_have_count(0)
    toast(window.page, "Conversation archived").get_by_role("button", name="Undo").click()
    window.row(group).click()
    open_details(window).get_by_role("button", name="Archive").click()
    expect(window.row(group)).to_have_count(0)
    window.page.locator("#tab-archived").click()
    window.row(group).click()
    open_details(window).get_by_role("button", name="Move back to the inbox").click()
    expect(window.row(group)).to_be_visible()
