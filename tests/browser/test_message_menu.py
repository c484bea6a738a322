"""Reaching the actions of a message: under the pointer, by keyboard, by a long press."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.actions import choose, offered, open_menu, strip
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def conversation(talk, mara, tomasz):
    made = talk.direct(mara, tomasz)
    talk.say(tomasz, made, "One", "Two")
    talk.say(mara, made, "Three")
    return made


def more(window):
    return window.page.get_by_role("button", name="More", exact=True)


def test_one_toolbar_goes_with_the_pointer_and_moves_nothing(inbox, mara, conversation):
    window = inbox(mara, conversation)
    tools = more(window)
    expect(tools).to_be_hidden()
    places = [bubble.bounding_box() for bubble in window.bubbles.all()]
    for text in ("One", "Three"):
        window.bubble(text).locator(".bubble").hover()
        expect(tools).to_be_visible()
        assert (
            tools.evaluate("tools => tools.closest('.message').querySelector('[data-content]').innerText")
            == text
        )
        assert [bubble.bounding_box() for bubble in window.bubbles.all()] == places
    window.field.hover()
    expect(tools).to_be_hidden()


def test_by_keyboard_alone(inbox, mara, conversation):
    window = inbox(mara, conversation)
    press = window.page.keyboard.press
    window.page.locator("message-list").focus()
    press("ArrowUp")
    expect(window.bubble("Three")).to_be_focused()
    press("ArrowUp")
    press("ArrowUp")
    expect(window.bubble("One")).to_be_focused()
    press("ArrowDown")
    press("Enter")
    items = window.page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    press("End")
    expect(items.last).to_be_focused()
    press("ArrowDown")
    expect(items.first).to_be_focused()
    press("f")
    expect(window.page.get_by_role("menuitem", name="Forward")).to_be_focused()
    press("Escape")
    expect(window.page.get_by_role("menu")).to_be_hidden()
    expect(window.bubble("Two")).to_be_focused()
    press("r")
    expect(strip(window)).to_contain_text("Two")
    expect(window.field).to_be_focused()
    press("Escape")
    window.page.locator("message-list").focus()
    press("ArrowUp")
    press("e")
    expect(window.field).to_have_value("Three")


def test_a_bubble_that_changes_keeps_the_keyboard_s_place(inbox, talk, mara, tomasz, conversation):
    window = inbox(mara, conversation).wait_until_live()
    window.page.locator("message-list").focus()
    window.page.keyboard.press("ArrowUp")
    window.page.keyboard.press("ArrowUp")
    talk.edit(tomasz, window.bubble("Two").get_attribute("data-message-id"), "Two and a half")
    expect(window.bubble("Two and a half")).to_be_focused()
    expect(window.bubble("Two and a half").get_by_role("button", name="More")).to_be_visible()


def test_a_press_beside_the_menu_closes_it(inbox, mara, conversation):
    window = inbox(mara, conversation)
    menu = open_menu(window, window.bubble("One"))
    window.page.mouse.click(5, 5)
    expect(menu).to_be_hidden()


def test_reactions_from_the_toolbar_and_the_menu(inbox, mara, tomasz, conversation):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation).wait_until_live()
    one.bubble("One").locator(".bubble").hover()
    one.page.get_by_role("toolbar").get_by_role("button", name="React", exact=True).click()
    one.page.get_by_role("button", name="React with 👍").click()
    open_menu(one, one.bubble("Two"))
    one.page.get_by_role("button", name="React with 🎉").click()
    for window in (one, other):
        for text, emoji in (("One", "👍"), ("Two", "🎉")):
            expect(window.bubble(text).locator(".reaction[data-reaction]")).to_have_attribute(
                "data-reaction", emoji
            )


def test_a_system_line_offers_nothing(inbox, talk, mara, tomasz, ines):
    group = talk.group(mara, tomasz, name="Group")
    window = inbox(mara, group)
    choose_pin(window, talk, mara, group)
    line = window.bubbles.last
    line.hover()
    expect(more(window)).to_be_hidden()
    window.page.locator("message-list").focus()
    window.page.keyboard.press("ArrowUp")
    expect(line).to_be_focused()
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("menu")).to_be_hidden()


def choose_pin(window, talk, person, conversation):
    window.wait_until_live()
    talk.say(person, conversation, "Pinned")
    choose(window, window.bubble("Pinned"), "Pin")
    expect(window.bubbles.last).to_have_attribute("data-type", "system")


def test_a_long_press_brings_the_sheet(inbox, mara, conversation):
    window = inbox(mara, conversation, **PHONE)
    box = window.bubble("One").locator(".bubble").bounding_box()
    touch = window.page.context.new_cdp_session(window.page)
    finger = [{"x": box["x"] + 20, "y": box["y"] + 20}]
    menu = window.page.get_by_role("menu")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    expect(menu).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(menu).to_be_in_viewport()
    for item in menu.get_by_role("menuitem").all():
        assert item.bounding_box()["height"] >= 44
    menu.get_by_role("menuitem", name="Reply").tap()
    expect(strip(window)).to_contain_text("One")
    window.bubble("Two").locator(".bubble").tap()
    expect(menu).to_be_hidden()


def test_what_cannot_be_sent_has_only_its_own_buttons(inbox, mara, conversation):
    window = inbox(mara, conversation)
    refusal = {"success": False, "message": "Refused.", "code": "invalid"}
    window.page.route("**/conversations/*/messages", lambda route: route.fulfill(status=400, json=refusal))
    window.send("Refused")
    failed = window.bubble("Refused")
    expect(failed).to_have_attribute("data-state", "failed")
    failed.locator(".bubble").hover()
    expect(more(window)).to_be_hidden()
    assert "Edit" in offered(window, window.bubble("Three"))


def test_what_opens_is_accessible_too(inbox, talk, mara, conversation):
    window = inbox(mara, conversation, reduced_motion="reduce")
    choose(window, window.bubble("One"), "Pin")
    expect(window.page.locator("pinned-messages")).to_contain_text("One")
    for theme in ("light", "dark"):
        window.page.emulate_media(color_scheme=theme)
        open_menu(window, window.bubble("Three"))
        assert_accessible(window)
        window.page.get_by_role("menuitem", name="Forward").click()
        expect(window.page.get_by_role("checkbox").first).to_be_visible()
        assert_accessible(window)
        window.page.keyboard.press("Escape")
        choose(window, window.bubble("Two"), "Reply")
        assert_accessible(window)
        window.field.press("Escape")


def assert_accessible(window):
    found = Axe().run(window.page)
    assert found.violations_count == 0, found.generate_report()


def test_a_message_is_reported_from_its_menu(inbox, talk, live_server, vera, mara, conversation):
    window = inbox(mara, conversation)
    open_menu(window, window.bubble("Three"))
    expect(window.page.get_by_role("menuitem", name="Report")).to_have_count(0)
    window.page.keyboard.press("Escape")
    choose(window, window.bubble("Two"), "Report")
    expect(window.page.get_by_role("heading", name="Report this message")).to_be_visible()
    window.page.get_by_label("Abuse").check()
    window.page.get_by_label("What should an admin know?").fill("He will not stop")
    window.page.get_by_role("button", name="Report", exact=True).click()
    expect(window.page.get_by_text("Thank you. An admin looks at it.")).to_be_visible()
    window.page.get_by_role("link", name="Back").last.click()
    expect(window.bubble("Two")).to_be_visible()
    [made] = [
        one
        for one in live_server.call(vera, "GET", "/api/admin/reports").json()["data"]["reports"]
        if one["reporter"]["id"] == mara.id
    ]
    assert (made["reason"], made["note"]) == ("abuse", "He will not stop")


def test_somebody_is_blocked_on_their_profile(inbox, talk, mara, tomasz):
    talk.offer(tomasz, headline="Harbours")
    window = inbox(mara)
    window.page.goto(f"/experts/{tomasz.id}")
    window.page.get_by_text("Block Tomasz").click()
    window.page.get_by_role("button", name="Block", exact=True).click()
    expect(window.page.get_by_text("You have blocked Tomasz Novak.")).to_be_visible()
    window.page.get_by_role("button", name="Unblock Tomasz").click()
    expect(window.page.get_by_text("Block Tomasz")).to_be_visible()
