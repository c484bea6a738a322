"""Nothing jumps: what stands on the page stays where it is while data arrives."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries()
  .filter((entry) => !entry.hadRecentInput)
  .map((entry) => ({ value: entry.value, sources: entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 90)) }))))
  .observe({ type: "layout-shift", buffered: true });
"""
NEXT_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
# A hundredth of a window's height, moved by a hundredth of it, is far below what an eye sees.
UNSEEN = 0.001


@pytest.fixture
def conversation(talk, mara, tomasz):
    made = talk.direct(mara, tomasz)
    talk.read(mara, made, talk.say(tomasz, made, *(f"Number {number}" for number in range(30)))[-1])
    return made


def shift(window):
    window.page.evaluate(NEXT_FRAMES)
    shifts = window.page.evaluate("window.shifts.splice(0)")
    assert sum(one["value"] for one in shifts) < UNSEEN, shifts


@pytest.fixture
def window(inbox, mara, conversation):
    """Open at the conversation, its shifts counted from the first frame on."""
    window = inbox(mara, new=True)
    window.page.add_init_script(WATCH)
    window.open(conversation).wait_until_live()
    expect(window.bubble("Number 29")).to_be_in_viewport()
    return window


def test_the_page_comes_up_still(window):
    window.page.wait_for_load_state("networkidle")
    shift(window)


@pytest.mark.parametrize("scrolled", [0, -400])
def test_a_message_arrives(window, talk, tomasz, conversation, scrolled):
    window.page.locator("message-list").hover()
    window.page.mouse.wheel(0, scrolled)
    window.page.wait_for_timeout(600)  # what moves within half a second of an input is put down to it
    window.page.evaluate("window.shifts.splice(0)")
    talk.say(tomasz, conversation, "One", "Two\nlines", "Three")
    expect(window.bubble("Three")).to_have_count(1)
    shift(window)


def test_somebody_types(window, inbox, tomasz, conversation):
    other = inbox(tomasz, conversation).wait_until_live()
    window.page.evaluate("window.shifts.splice(0)")
    other.field.press_sequentially("…")
    expect(window.page.locator("typing-line")).to_be_visible()
    shift(window)
