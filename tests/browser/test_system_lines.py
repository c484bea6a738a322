"""What happened to a group, as lines between its messages."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import CONVERSATIONS, ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def group(talk, mara, tomasz):
    conversation = talk.group(mara, tomasz, name="Harbour review")
    talk.say(mara, conversation, "Welcome")
    return conversation


def change(talk, person, group):
    """Everything that leaves a line; `call(method, path, body)` answers once it is done."""

    def call(method, path, **body):
        answer = talk.server.call(person, method, f"{CONVERSATIONS}/{group}{path}", json=body)
        assert answer.ok, answer.text

    return call


def test_lines_appear_for_everyone_and_notify_nobody(inbox, talk, mara, tomasz, ines, group):
    window, list_only = inbox(tomasz, group).wait_until_live(), inbox(tomasz).wait_until_live()
    talk.read(tomasz, group, talk.say(mara, group, "Read by all")[0])
    expect(list_only.row(group)).to_have_attribute("data-unread", "0")
    call = change(talk, mara, group)
    call("PATCH", "", name="Harbour <b>two</b>")
    call("POST", "/members", userIds=[ines.id])
    call("PUT", "/settings", settings={"allowFileSharing": False})
    call("DELETE", f"/members/{ines.id}")
    lines = window.page.locator(".message.system [data-content]")
    expect(lines).to_have_text(
        [
            "Mara Ellison renamed the group to “Harbour <b>two</b>”",
            "Mara Ellison added Ines Okafor",
            "Mara Ellison turned off sharing files",
            "Mara Ellison removed Ines Okafor",
        ]
    )
    expect(list_only.row(group).locator("[data-preview]")).to_have_text("Mara Ellison removed Ines Okafor")
    expect(list_only.row(group)).to_have_attribute("data-unread", "0")
    before = lines.all_text_contents()
    window.page.reload()
    expect(lines).to_have_text(before)


def test_a_line_ends_a_group_of_messages(inbox, talk, mara, tomasz, group):
    change(talk, mara, group)("PATCH", "", description="What the harbour needs")
    talk.say(mara, group, "After it")
    window = inbox(tomasz, group)
    for text in ("Welcome", "After it"):
        expect(window.bubble(text)).to_have_attribute("data-group", "single")
    line = window.page.locator(".system-line")
    expect(line).to_contain_text("Mara Ellison changed the description")
    expect(line.locator("xpath=..").locator(".bubble, .avatar")).to_have_count(0)
    middle = "one => { const { left, right } = one.getBoundingClientRect(); return (left + right) / 2 }"
    assert line.evaluate(middle) == pytest.approx(window.page.locator(".messages").evaluate(middle), abs=1)
