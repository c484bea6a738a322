"""Searching: as one types, by filters, and from there to the place; with and without scripts."""

from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
FIELD, FOUND = ".search-form [name=query]", ".found li"


def test_from_the_list_to_the_message(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "The tide turns at noon", *(f"Number {number}" for number in range(60)))
    page = inbox(mara).page
    page.fill("[data-search]", "tide")
    page.get_by_role("link", name="Search messages for “tide”").click()
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator("mark")).to_have_text("tide")
    page.locator(FOUND).click()
    expect(page.locator(".message", has_text="The tide turns")).to_be_in_viewport()
    page.go_back()
    expect(page.locator(FIELD)).to_have_value("tide")
    expect(page.locator(FOUND)).to_have_count(1)


def test_results_follow_what_is_typed_and_chosen(inbox, talk, mara, tomasz, ines):
    group = talk.group(mara, tomasz, ines, name="Harbour review")
    talk.say(tomasz, group, "The tide is out", "北京的潮水 https://tide.example")
    talk.say(ines, talk.direct(mara, ines), "Tides again")
    page = inbox(mara, group).page
    page.get_by_role("link", name="Search this conversation").click()
    page.locator(FIELD).press_sequentially("tid")
    expect(page.locator(FOUND)).to_have_count(2)
    page.get_by_text("In Harbour review").click()
    expect(page.locator(FOUND)).to_have_count(3)
    assert page.url.endswith("/search?query=tid")
    page.get_by_text("Links").click()
    expect(page.locator(FOUND)).to_have_count(1)
    page.get_by_text("Anything").click()
    page.get_by_text("More filters").click()
    page.get_by_label("Sent by").select_option("Ines Okafor")
    expect(page.locator(FOUND)).to_have_count(1)
    expect(page.locator(FOUND)).to_contain_text("Tides again")
    page.fill(FIELD, "京")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.get_by_label("Sent by").select_option("Anybody")
    expect(page.locator("mark")).to_have_text("京")


def test_more_results_come_as_one_scrolls(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, *(f"tide {number}" for number in range(45)))
    page = inbox(mara).page
    page.goto("/search?query=tide")
    expect(page.locator(FOUND)).to_have_count(20)
    for count in (40, 45):
        page.locator("#more-results").scroll_into_view_if_needed()
        expect(page.locator(FOUND)).to_have_count(count)
    expect(page.locator("#more-results")).to_have_count(0)


def test_days_are_the_browser_s(inbox, talk, mara, tomasz):
    talk.say(tomasz, talk.direct(mara, tomasz), "The tide turns")
    page = inbox(mara, timezone_id="Pacific/Kiritimati").page
    page.goto("/search?query=tide")
    today = page.evaluate("new Date().toLocaleDateString('sv')")
    page.get_by_text("More filters").click()
    page.get_by_label("From", exact=True).fill(today)
    page.wait_for_url("**zone=Pacific*")
    expect(page.locator(FOUND)).to_have_count(1)
    page.get_by_label("Until").fill("2026-01-01")
    expect(page.get_by_text("Nothing found")).to_be_visible()


def test_on_a_phone(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "The tide turns")
    page = inbox(mara, viewport={"width": 390, "height": 844}).page
    page.get_by_role("link", name="Search messages").click()
    page.fill(FIELD, "tide")
    page.locator(FOUND).click()
    expect(page.locator(".message", has_text="The tide turns")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Back to the inbox").click()
    expect(page.locator(".row")).to_have_count(1)


def test_without_script(inbox, talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "The tide turns", "The moon")
    page = inbox(mara, java_script_enabled=False).page
    page.goto(f"/search?conversation={conversation}")
    page.fill(FIELD, "tide")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(FOUND)).to_have_count(1)
    page.locator(FOUND).get_by_role("link").click()
    expect(page.locator(".message")).to_have_count(2)
