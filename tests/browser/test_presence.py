"""Who is here: live, after a reload, hidden, and when the connection is gone."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def direct(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def line(window):
    return window.page.locator(".pane-header presence-line")


def is_marked(window, conversation, online):
    expect(window.row(conversation)).to_have_attribute("data-online", "true" if online else "false")


def test_coming_and_going(inbox, mara, tomasz, direct):
    window = inbox(mara, direct).wait_until_live()
    expect(line(window)).to_have_text("")
    other = inbox(tomasz, new=True).wait_until_live()
    expect(line(window)).to_have_text("online")
    is_marked(window, direct, True)
    expect(window.row(direct).get_by_text("online")).to_have_count(1)
    window.page.reload()
    expect(line(window)).to_have_text("online")
    other.page.reload()
    other.wait_until_live()
    other.page.context.close()
    expect(line(window)).to_have_text("last seen just now")
    is_marked(window, direct, False)
    window.page.reload()
    expect(line(window)).to_have_text("last seen just now")


def test_members_in_the_details(inbox, talk, mara, tomasz):
    group = talk.group(mara, tomasz)
    inbox(tomasz).wait_until_live()
    window = inbox(mara, f"{group}/details").wait_until_live()
    member = window.page.locator(".details li", has_text="Tomasz").locator("summary")
    expect(member).to_contain_text("online")


def test_hiding_is_mutual(inbox, mara, tomasz, direct):
    shown, hidden = inbox(mara, direct).wait_until_live(), inbox(tomasz, direct).wait_until_live()
    expect(line(shown)).to_have_text("online")
    expect(line(hidden)).to_have_text("online")
    hidden.page.goto("/settings")
    hidden.page.get_by_label("Show when I am online").uncheck()
    hidden.page.locator("#privacy").get_by_role("button", name="Save").click()
    expect(line(shown)).to_have_text("")
    is_marked(shown, direct, False)
    hidden.open(direct).wait_until_live()
    expect(hidden.page.get_by_role("heading", name="Mara Ellison")).to_be_visible()
    expect(line(hidden)).to_have_text("")


def test_without_a_connection_nobody_knows(inbox, mara, tomasz, direct):
    inbox(tomasz).wait_until_live()
    window = inbox(mara, direct, new=True).wait_until_live()
    expect(line(window)).to_be_visible()
    window.page.context.set_offline(True)
    expect(line(window)).to_be_hidden(timeout=20_000)
    window.page.context.set_offline(False)
    expect(line(window)).to_be_visible()
    expect(line(window)).to_have_text("online")
