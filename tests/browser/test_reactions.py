"""Reactions below a bubble, who left them, and the emoji that one chooses from."""

import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.support.waiting import eventually

pytestmark = ON_SQLITE
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HAS_LIBRARY = """() => performance.getEntriesByType("resource")
  .some(({ name }) => name.includes("/vendor/emoji-picker-element/"))"""
SHOWN = "pills => pills.map(pill => pill.textContent.replace(/\\s/g, ''))"


@pytest.fixture
def conversation(talk, mara, tomasz):
    made = talk.direct(mara, tomasz)
    talk.say(tomasz, made, "Shall we begin?")
    return made


@pytest.fixture
def message(talk, mara, conversation):
    return talk.messages(mara, conversation)[-1]["id"]


def pills(window, text="Shall we begin?"):
    return window.bubble(text).locator(".reaction[data-reaction]")


def pill(window, emoji):
    return window.page.locator(f'.reaction[data-reaction="{emoji}"]')


def shows(window, *expected):
    """Exactly these pills: "👍2"."""
    eventually(lambda: pills(window).evaluate_all(SHOWN) == list(expected))
    assert pills(window).evaluate_all(SHOWN) == list(expected)


def add(window):
    """Opens the picker by the button behind the pills."""
    window.bubble("Shall we begin?").hover()
    window.page.get_by_role("button", name="Add a reaction").first.click()
    expect(window.page.locator("emoji-picker")).to_be_visible()


def search(window, words):
    window.page.get_by_role("combobox", name="Search").fill(words)


def choose(window, name):
    window.page.locator("emoji-picker").get_by_role("option", name=name).first.click()


@contextmanager
def finger_on(locator):
    """A finger that rests where the locator is."""
    box = locator.bounding_box()
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session = locator.page.context.new_cdp_session(locator.page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    yield
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_people_react_and_take_it_back(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    one, other = (inbox(person, conversation).wait_until_live() for person in (mara, tomasz))
    shows(one, "👍1")
    expect(pill(one, "👍")).to_have_attribute("aria-pressed", "false")
    expect(pill(other, "👍")).to_have_attribute("aria-pressed", "true")
    pill(one, "👍").click()
    for window in (one, other):
        expect(pill(window, "👍")).to_have_text("👍 2")
        expect(pill(window, "👍")).to_have_attribute("aria-pressed", "true")
    pill(other, "👍").click()
    for window in (one, other):
        expect(pill(window, "👍")).to_have_text("👍 1")
    pill(one, "👍").click()
    for window in (one, other):
        expect(window.page.locator(".reactions")).to_have_count(0)
    assert talk.reactions(mara, message) == []


def test_two_at_once_lose_nothing(inbox, talk, mara, tomasz, conversation, message):
    for emoji in ("👍", "🎉"):
        talk.react(tomasz, message, emoji)
        talk.react(mara, message, emoji)
    one, other = (inbox(person, conversation).wait_until_live() for person in (mara, tomasz))
    held = [hold(window) for window in (one, other)]
    pill(one, "👍").click()
    pill(one, "🎉").click()
    pill(other, "👍").click()
    shows(one, "👍1", "🎉1")
    for window, routes, count in ((one, held[0], 2), (other, held[1], 1)):
        window.wait_for(lambda routes=routes, count=count: len(routes) == count)
    for route in [*held[0], *held[1]]:
        route.continue_()
    for window in (one, other):
        expect(pills(window)).to_have_text(["🎉 1"])
    assert talk.reactions(mara, message) == [(tomasz.id, "🎉")]


def hold(window):
    """Reactions go no further than this list, until their routes are continued."""
    held = []

    def keep(route):
        held.append(route) if route.request.method == "POST" else route.continue_()

    window.page.route("**/messages/*/reactions", keep)
    return held


def test_it_is_seen_at_once_and_undone_where_it_fails(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    held = hold(window)
    pill(window, "👍").click()
    expect(pill(window, "👍")).to_have_text("👍 2")
    expect(pill(window, "👍")).to_have_attribute("aria-pressed", "true")
    window.wait_for(lambda: held)
    held.pop().abort()
    expect(pill(window, "👍")).to_have_text("👍 1")
    expect(window.page.locator(".toast-error")).to_be_visible()


def test_what_is_on_its_way_survives_what_arrives_meanwhile(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    held = hold(window)
    pill(window, "👍").click()
    window.wait_for(lambda: held)
    talk.react(tomasz, message, "🎉")
    expect(pill(window, "🎉")).to_have_text("🎉 1")
    shows(window, "👍2", "🎉1")
    held.pop().continue_()
    expect(pill(window, "👍")).to_have_text("👍 2")


def test_the_last_of_several_clicks_wins(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    # By script: an answer that replaces the bubble between press and release would swallow one of them.
    window.page.evaluate(
        """async () => {
          for (let clicks = 0; clicks < 5; clicks += 1) {
            document.querySelector('.reaction[data-reaction="👍"]').click();
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }"""
    )
    expect(pill(window, "👍")).to_have_text("👍 2")
    window.wait_for(lambda: (mara.id, "👍") in talk.reactions(mara, message))
    window.page.wait_for_timeout(300)
    shows(window, "👍2")


def test_an_emoji_is_searched_and_chosen(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation, new=True).wait_until_live()
    elsewhere = []
    window.page.on(
        "request",
        lambda request: None if request.url.startswith(talk.server.url) else elsewhere.append(request.url),
    )
    assert not window.page.evaluate(HAS_LIBRARY)
    add(window)
    expect(window.page.get_by_role("combobox", name="Search")).to_be_focused()
    search(window, "tada")
    choose(window, "party popper")
    assert window.page.evaluate(HAS_LIBRARY)
    expect(pill(window, "🎉")).to_have_text("🎉 1")
    expect(window.page.locator("emoji-picker")).to_be_hidden()
    # The pill is there before the server has answered.
    assert eventually(lambda: talk.reactions(tomasz, message) == [(tomasz.id, "👍"), (mara.id, "🎉")])
    assert elsewhere == []


def test_quick_reactions_beside_the_bubble(inbox, talk, mara, tomasz, conversation, message):
    window = inbox(mara, conversation, new=True).wait_until_live()
    quick = window.page.get_by_role("group", name="Add a reaction")
    open_quick_reactions(window)
    quick.get_by_role("button", name="React with 🎉").click()
    expect(quick).to_be_hidden()
    expect(pill(window, "🎉")).to_have_text("🎉 1")
    open_quick_reactions(window)
    expect(quick.get_by_role("button").first).to_have_accessible_name("React with 🎉")
    quick.get_by_role("button", name="Choose an emoji").click()
    search(window, "sauropod")
    choose(window, "sauropod")
    expect(pill(window, "🦕")).to_have_text("🦕 1")
    expect(quick).to_be_hidden()
    window.wait_for(lambda: talk.reactions(mara, message) == [(mara.id, "🎉"), (mara.id, "🦕")])


def open_quick_reactions(window):
    window.field.hover()
    window.bubble("Shall we begin?").hover()
    window.page.get_by_role("button", name="React", exact=True).click()


def test_what_one_uses_comes_first(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation, new=True).wait_until_live()
    add(window)
    search(window, "sauropod")
    choose(window, "sauropod")
    expect(pill(window, "🦕")).to_be_visible()
    window.page.reload()
    add(window)
    expect(window.page.get_by_role("menu", name="Favorites").get_by_role("menuitem").first).to_have_text("🦕")


def test_by_keyboard_alone(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    keyboard = window.page.keyboard
    pill(window, "👍").focus()
    keyboard.press("Enter")
    expect(pill(window, "👍")).to_have_text("👍 2")
    expect(pill(window, "👍")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(window.page.get_by_role("combobox", name="Search")).to_be_focused()
    keyboard.press("Escape")
    expect(window.page.locator("emoji-picker")).to_be_hidden()
    expect(window.page.get_by_role("button", name="Add a reaction")).to_be_focused()
    keyboard.press("Enter")
    expect(window.page.get_by_role("combobox", name="Search")).to_be_focused()
    keyboard.type("sauropod")
    expect(window.page.locator("emoji-picker").get_by_role("option")).to_have_text("🦕", timeout=15_000)
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(pill(window, "🦕")).to_have_text("🦕 1")


def test_the_focus_returns_to_the_button_of_a_bubble_that_was_replaced(
    inbox, talk, mara, tomasz, conversation, message
):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    window.page.get_by_role("button", name="Add a reaction").press("Enter")
    expect(window.page.get_by_role("combobox", name="Search")).to_be_focused()
    talk.react(tomasz, message, "🎉")
    expect(pill(window, "🎉")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("button", name="Add a reaction")).to_be_focused()


def test_the_focus_stays_on_a_pill_when_its_bubble_is_replaced(
    inbox, talk, mara, tomasz, conversation, message
):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    pill(window, "👍").focus()
    talk.react(tomasz, message, "🎉")
    expect(pill(window, "🎉")).to_be_visible()
    expect(pill(window, "👍")).to_be_focused()
    talk.react(tomasz, message, "👍", active=False)
    expect(pill(window, "👍")).to_have_count(0)
    expect(window.bubble("Shall we begin?")).to_be_focused()


def test_who_reacted_is_told_beside_the_pill(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    talk.react(mara, message, "👍")
    talk.react(tomasz, message, "🎉")
    window = inbox(mara, conversation).wait_until_live()
    box = window.page.get_by_role("tooltip")
    pill(window, "👍").hover()
    expect(box.get_by_role("listitem")).to_contain_text(["Tomasz Novak", "You"])
    expect(box).to_contain_text(re.compile(r"Today, \d\d:\d\d"))
    talk.react(tomasz, message, "👍", active=False)
    expect(box.get_by_role("listitem")).to_have_count(1)
    window.field.hover()
    expect(box).to_have_count(0)
    pill(window, "🎉").focus()
    window.page.keyboard.press("Shift+Tab")
    expect(box.get_by_role("listitem")).to_contain_text(["You"])
    window.page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    expect(pill(window, "👍")).to_be_focused()


def test_it_goes_with_its_pill(inbox, talk, mara, tomasz, conversation, message):
    talk.react(mara, message, "👍")
    window = inbox(mara, conversation).wait_until_live()
    box = window.page.get_by_role("tooltip")
    pill(window, "👍").hover()
    expect(box).to_be_visible()
    talk.react(mara, message, "👍", active=False)
    expect(box).to_have_count(0)


def test_a_finger_that_rests_tells_and_one_that_taps_toggles(
    inbox, talk, mara, tomasz, conversation, message
):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation, **PHONE).wait_until_live()
    box = window.page.get_by_role("tooltip")
    with finger_on(pill(window, "👍")):
        expect(box).to_contain_text("Tomasz Novak")
    expect(box).to_be_visible()
    shows(window, "👍1")
    window.page.locator(".day").tap()
    expect(box).to_have_count(0)
    pill(window, "👍").tap()
    expect(pill(window, "👍")).to_have_text("👍 2")


def test_the_picker_is_a_sheet_on_a_phone(inbox, talk, mara, tomasz, conversation, message):
    talk.react(tomasz, message, "👍")
    window = inbox(mara, conversation, **PHONE).wait_until_live()
    window.page.get_by_role("button", name="Add a reaction").tap()
    picker = window.page.locator("emoji-picker")
    expect(picker.get_by_role("menuitem").first).to_be_visible()
    box = window.page.locator(".emoji-popover").bounding_box()
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 390, 844)
    expect(window.page.get_by_role("combobox", name="Search")).not_to_be_focused()
    window.page.touchscreen.tap(100, 60)
    expect(picker).to_be_hidden()
    shows(window, "👍1")


def test_an_emoji_goes_to_where_the_caret_is(inbox, mara, conversation):
    window = inbox(mara, conversation).wait_until_live()
    window.write("Good  morning")
    window.field.evaluate("field => field.setSelectionRange(5, 5)")
    window.page.get_by_role("button", name="Emoji", exact=True).click()
    search(window, "sauropod")
    choose(window, "sauropod")
    expect(window.field).to_have_value("Good 🦕 morning")
    expect(window.field).to_be_focused()
    window.page.reload()
    expect(window.field).to_have_value("Good 🦕 morning")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Good :smile:", "Good 😄"),
        (":+1:", "👍"),
        (":nothing_of_the_kind:", ":nothing_of_the_kind:"),
        ("at 12:30:", "at 12:30:"),
    ],
)
def test_a_shortcode_becomes_its_emoji(inbox, mara, conversation, typed, shown):
    window = inbox(mara, conversation).wait_until_live()
    window.field.press_sequentially(typed, delay=20)
    window.page.wait_for_timeout(300)
    window.field.press_sequentially(" and on")
    expect(window.field).to_have_value(re.compile(rf"^{re.escape(shown)}\ufe0f? and on$"))


def test_its_button_closes_the_picker_too(inbox, mara, conversation):
    window = inbox(mara, conversation).wait_until_live()
    button, picker = (
        window.page.get_by_role("button", name="Emoji", exact=True),
        window.page.locator("emoji-picker"),
    )
    for _ in range(2):
        button.click()
        expect(picker.get_by_role("menuitem").first).to_be_visible()
        button.click()
        expect(picker).to_be_hidden()


def test_without_a_connection_it_says_so_and_works_later(inbox, mara, conversation):
    window = inbox(mara, conversation, new=True).wait_until_live()
    window.page.route("**/picker.js", lambda route: route.abort())
    window.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(window.page.locator(".toast-error")).to_be_visible()
    expect(window.page.locator(".emoji-popover")).to_have_count(0)
    window.page.unroute_all()
    window.page.reload()
    window.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(window.page.locator("emoji-picker").get_by_role("menuitem").first).to_be_visible()


def test_emoji_are_found_by_shortcode(inbox, mara, conversation):
    window = inbox(mara, conversation).wait_until_live()
    module = """async (call) => {
      const app = document.querySelector("script[type=module]").src;
      const emoji = await import(new URL("emoji.js", app));
      return emoji[call[0]](...call.slice(1));
    }"""
    found = window.page.evaluate(module, ["searchEmoji", "smi", 5])
    assert len(found) == 5
    assert all(each["shortcode"].startswith("smi") for each in found[:3])
    assert set(found[0]) == {"emoji", "name", "shortcode"}
    assert window.page.evaluate(module, ["emojiNamed", "smile"]) == "😄"
    assert window.page.evaluate(module, ["emojiNamed", "nothing_of_the_kind"]) is None
    assert window.page.evaluate(module, ["searchEmoji", "s"]) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE])
def test_all_of_it_can_be_used_by_everyone(inbox, talk, mara, tomasz, conversation, message, theme, size):
    for emoji in ("👍", "🎉"):
        talk.react(tomasz, message, emoji)
    talk.react(mara, message, "👍")
    window = inbox(mara, conversation, color_scheme=theme, reduced_motion="reduce", **size).wait_until_live()
    pill(window, "👍").focus()
    window.page.keyboard.press("Tab")
    expect(window.page.get_by_role("tooltip")).to_be_visible()
    found = Axe().run(window.page)
    assert found.violations_count == 0, found.generate_report()
    window.page.get_by_role("button", name="Emoji", exact=True).click()
    expect(window.page.locator("emoji-picker").get_by_role("menuitem").first).to_be_visible()
    found = Axe().run(window.page)
    assert found.violations_count == 0, found.generate_report()
