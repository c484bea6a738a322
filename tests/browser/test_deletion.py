"""Deleting, for everyone and for oneself, and thinking again."""

import pytest
from playwright.sync_api import expect

from tests.browser.actions import choose, offered, toast
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def test_for_everyone_with_undo(inbox, talk, mara, tomasz, conversation):
    talk.say(mara, conversation, "Too early")
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    choose(one, one.bubble("Too early"), "Delete for everyone")
    for window in (one, other):
        expect(window.bubbles).to_have_count(1)
        expect(window.contents).to_have_text("Message deleted")
    expect(other.page.get_by_role("button", name="Restore")).to_have_count(0)
    toast(one.page, "Message deleted for everyone").get_by_role("button", name="Undo").click()
    for window in (one, other):
        window.shows("Too early")


def test_the_tombstone_brings_it_back_too(inbox, talk, mara, conversation):
    talk.say(mara, conversation, "Too early")
    window = inbox(mara, conversation)
    choose(window, window.bubble("Too early"), "Delete for everyone")
    expect(window.contents).to_have_text("Message deleted")
    window.page.reload()
    assert offered(window, window.bubbles.first) == ["Restore", "Delete for me"]
    window.bubbles.first.get_by_role("button", name="Restore").click()
    window.shows("Too early")


def test_for_oneself_alone_after_a_question(inbox, talk, mara, tomasz, conversation):
    talk.say(tomasz, conversation, "One", "Two", "Three")
    one, second = inbox(mara, conversation), inbox(mara, conversation, new=True).wait_until_live()
    other = inbox(tomasz, conversation)
    question = one.page.get_by_role("dialog", name="Delete this message for you?")
    choose(one, one.bubble("Two"), "Delete for me")
    question.get_by_role("button", name="Cancel").click()
    one.shows("One", "Two", "Three")
    choose(one, one.bubble("Two"), "Delete for me")
    question.get_by_role("button", name="Delete for me").click()
    one.shows("One", "Three")
    second.shows("One", "Three")
    other.shows("One", "Two", "Three")
    one.page.reload()
    one.shows("One", "Three")


def test_what_was_deleted_while_away_is_gone_on_return(inbox, talk, mara, tomasz, conversation):
    said = talk.say(tomasz, conversation, "One", "Two", "Three")
    window = inbox(mara, conversation, new=True).wait_until_live()
    window.page.context.set_offline(True)
    expect(window.banner).to_be_visible(timeout=10_000)
    talk.delete(tomasz, said[0])
    talk.delete(mara, said[1], scope="me")
    window.page.context.set_offline(False)
    window.shows("Message deleted", "Three")


def test_an_admin_deletes_what_others_said(inbox, talk, mara, tomasz, ines):
    group = talk.group(mara, tomasz, ines, name="Group")
    talk.say(tomasz, group, "Off topic")
    admin, sender, member = inbox(mara, group), inbox(tomasz, group).wait_until_live(), inbox(ines, group)
    assert "Delete for everyone" not in offered(member, member.bubble("Off topic"))
    choose(admin, admin.bubble("Off topic"), "Delete for everyone")
    gone = sender.bubbles.filter(has_text="Message deleted")
    expect(gone).to_have_count(1)
    expect(sender.page.get_by_role("button", name="Restore")).to_have_count(0)
    assert offered(sender, gone) == ["Delete for me"]
