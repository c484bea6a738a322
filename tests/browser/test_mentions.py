"""Completion while writing: members behind "@", emoji behind ":"."""

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def group(talk, mara, tomasz, ines):
    return talk.group(mara, tomasz, ines, name="Harbour review")


@pytest.fixture
def window(inbox, mara, group):
    return inbox(mara, group).wait_until_live()


@pytest.fixture
def options(window):
    return window.page.get_by_role("listbox", name="People").get_by_role("option")


def test_a_member_is_named_by_keys_alone(inbox, window, options, tomasz, ines, group):
    named, other = inbox(tomasz, group).wait_until_live(), inbox(ines, group).wait_until_live()
    window.field.press_sequentially("Ask @")
    expect(options).to_have_count(2)
    expect(options.first).to_have_attribute("aria-selected", "true")
    window.field.press("ArrowDown")
    window.field.press("ArrowDown")
    window.field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field = window.page.locator("message-composer [role=combobox]")
    expect(field).to_have_attribute("aria-activedescendant", options.last.get_attribute("id"))
    window.field.press("Enter")
    expect(window.field).to_have_value("Ask @Tomasz Novak ")
    expect(options).to_have_count(0)
    expect(window.bubbles).to_have_count(0)
    window.field.press_sequentially("please")
    window.field.press("Enter")
    fill = "one => getComputedStyle(one).backgroundColor"
    mentions = [page.page.locator(".mention", has_text="@Tomasz Novak") for page in (named, other)]
    for mention in mentions:
        expect(mention).to_be_visible()
    assert mentions[0].evaluate(fill) != mentions[1].evaluate(fill)


def test_it_narrows_as_one_types_and_a_click_takes(window, options):
    window.field.press_sequentially("@OKA")
    expect(options).to_have_text(["IOInes Okafor"])
    options.first.click()
    expect(window.field).to_have_value("@Ines Okafor ")
    expect(window.field).to_be_focused()
    window.field.press_sequentially("and @tom")
    expect(options).to_have_text(["TNTomasz Novak"])
    window.field.press("Tab")
    expect(window.field).to_have_value("@Ines Okafor and @Tomasz Novak ")
    expect(window.field).to_be_focused()


def test_escape_leaves_what_is_written(window, options):
    window.field.press_sequentially("@i")
    expect(options).to_have_count(1)
    window.field.press("Escape")
    expect(options).to_have_count(0)
    window.field.press_sequentially("nes")
    expect(window.field).to_have_value("@ines")
    window.page.wait_for_timeout(300)
    expect(options).to_have_count(0)
    window.field.press("Enter")
    window.shows("@ines")


def test_nobody_is_offered_within_an_address_or_a_composition(window, options):
    window.field.press_sequentially("me@ines")
    window.page.wait_for_timeout(300)
    expect(options).to_have_count(0)
    window.write("")
    keyboard = window.page.context.new_cdp_session(window.page)
    keyboard.send("Input.imeSetComposition", {"text": "@i", "selectionStart": 2, "selectionEnd": 2})
    window.page.wait_for_timeout(300)
    expect(options).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "@i"})
    expect(options).to_have_count(1)


def test_an_emoji_by_its_name(window):
    emoji = window.page.get_by_role("listbox", name="Emoji").get_by_role("option")
    window.field.press_sequentially("Well done :tad")
    expect(emoji.first).to_contain_text(":tada:")
    window.field.press("Enter")
    expect(window.field).to_have_value("Well done 🎉 ")
    window.field.press("Enter")
    window.shows("Well done 🎉")


def test_on_a_phone_it_stands_above_the_composer(inbox, mara, group):
    window = inbox(mara, group, viewport={"width": 390, "height": 500}, has_touch=True, is_mobile=True)
    window.field.tap()
    window.field.press_sequentially("@")
    popup = window.page.get_by_role("listbox", name="People")
    expect(popup).to_be_visible()
    box, field = popup.bounding_box(), window.field.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= field["y"]
    popup.get_by_text("Ines Okafor").tap()
    expect(window.field).to_have_value("@Ines Okafor ")
