"""Everything by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE

# What Tab should come to: whatever can be focused, is seen, and does not stand aside on purpose.
STOPS = """() => [...document.querySelectorAll("a[href], button, input, textarea, summary, [tabindex]")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && one.checkVisibility())
  .filter((one) => one.type !== "radio" || one.checked)
  .map((one) => one.dataset.stop = one.outerHTML.slice(0, 120))"""
REACHED = "document.activeElement.dataset.reached = ''"
MISSED = "[...document.querySelectorAll('[data-stop]:not([data-reached])')].map((one) => one.dataset.stop)"


@pytest.fixture
def three(talk, mara, tomasz, ines):
    """Conversations in the order of the list: the group, Ines, Tomasz."""
    made = [talk.direct(mara, tomasz), talk.direct(mara, ines), talk.group(mara, tomasz, ines, name="Group")]
    for conversation in made:
        talk.say(mara, conversation, "Hello")
    return list(reversed(made))


def is_open(window, conversation):
    expect(window.page.locator("message-list")).to_have_attribute("data-conversation-id", conversation)


def test_the_switcher(inbox, mara, three):
    window = inbox(mara, three[0])
    window.field.focus()
    window.page.keyboard.press("Control+k")
    expect(window.page.get_by_label("Search conversations")).to_be_focused()
    window.page.keyboard.type("ines ok")
    expect(window.row(three[2])).to_have_count(0)
    window.page.keyboard.press("ArrowDown")
    while window.page.evaluate("document.activeElement.closest('.row')?.dataset.conversationId") != three[1]:
        window.page.keyboard.press("ArrowDown")
    window.page.keyboard.press("Enter")
    is_open(window, three[1])
    expect(window.field).to_be_focused()


def test_alt_and_arrows_go_through_the_list(inbox, talk, mara, tomasz, three):
    group, ines, tomasz_s = three
    window = inbox(mara, group).wait_until_live()
    window.page.keyboard.press("Alt+ArrowDown")
    is_open(window, ines)
    window.page.keyboard.press("Alt+ArrowDown")
    is_open(window, tomasz_s)
    window.page.keyboard.press("Alt+ArrowUp")
    is_open(window, ines)
    window.page.keyboard.press("Alt+ArrowUp")
    is_open(window, group)


def test_alt_shift_and_arrows_go_to_what_is_unread(inbox, talk, mara, ines, three):
    group, _, tomasz_s = three
    window = inbox(mara, group)
    talk.read(mara, group, talk.say(mara, group, "Newest")[0])
    expect(window.row(group)).to_have_attribute("aria-current", "page")
    other = talk.direct(ines, mara)
    talk.say(ines, other, "Unread")
    expect(window.row(other).locator("[data-unread-badge]")).to_be_visible()
    window.open(tomasz_s)
    window.page.keyboard.press("Alt+Shift+ArrowUp")
    is_open(window, other)


def test_help_and_escape(inbox, mara, three):
    window = inbox(mara, three[0])
    window.field.press("?")
    expect(window.field).to_have_value("?")
    shortcuts = window.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_hidden()
    window.field.press("Escape")
    window.page.keyboard.press("?")
    expect(shortcuts).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
    window.page.get_by_role("link", name="Details", exact=True).press("Enter")
    details = window.page.locator("section.details")
    expect(details).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(details).to_have_count(0)
    window.page.wait_for_url(re.compile(rf"/conversations/{three[0]}$"))


@pytest.mark.parametrize(
    "path", ["/conversations/{}", "/conversations/{}/details", "/conversations/new", "/settings"]
)
def test_tab_reaches_everything(inbox, mara, three, path):
    window = inbox(mara)
    window.page.goto(path.format(three[0]))
    window.page.wait_for_load_state("networkidle")
    stops = window.page.evaluate(STOPS)
    for _ in range(len(stops) + 100):  # further people may come before the first of them has the focus
        window.page.keyboard.press("Tab")
        window.page.evaluate(REACHED)
        if not window.page.evaluate(MISSED):
            return
    assert window.page.evaluate(MISSED) == []


def test_more_people_come_when_asked_for(inbox, live_server, mara):
    """To the pointer they come as it scrolls; by the keyboard one would never get behind them."""
    for _ in range(20):
        live_server.register()
    window = inbox(mara, "new")
    people, more = (
        window.page.locator("#people .person"),
        window.page.get_by_role("link", name="Show more people"),
    )
    expect(people).to_have_count(20)
    people.last.get_by_role("button").focus()
    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Tab")
    expect(more).to_be_focused()
    expect(more).to_be_in_viewport()
    window.page.wait_for_timeout(300)
    expect(people).to_have_count(20)
    window.page.keyboard.press("Enter")
    expect(people.nth(20)).to_be_attached()


def test_focus_is_always_seen(inbox, mara, three):
    """By a ring around the element or its field; where one writes, the caret shows it too."""
    window = inbox(mara, three[0])
    window.field.press("Escape")
    bare = """() => {
      const one = document.activeElement;
      if (one.matches("body, textarea")) return null;
      const style = getComputedStyle(one);
      const around = getComputedStyle(one.parentElement);
      const seen = [style, around].some((s) => s.outlineStyle !== "none" || s.boxShadow !== "none");
      return seen ? null : one.outerHTML.slice(0, 120);
    }"""
    unseen = set()
    for _ in range(20):
        window.page.keyboard.press("Tab")
        unseen.add(window.page.evaluate(bare))
    assert unseen == {None}


def test_the_skip_link(inbox, mara, three):
    window = inbox(mara)
    window.page.goto("/settings")
    window.page.keyboard.press("Tab")
    skip = window.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#conversation")).to_be_focused()
