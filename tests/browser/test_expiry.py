"""Messages that disappear: chosen in the composer, counted down, gone for everyone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE
SOON = 15_000


@pytest.fixture
def direct(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def say_for(talk, sender, conversation, content, **duration):
    """A message with a time to live; its id."""
    expires = datetime.now(UTC) + timedelta(**duration)
    body = {"conversationId": conversation, "content": content, "expiresAt": expires.isoformat()}
    answer = talk.server.call(sender, "POST", "/api/messages", json=body)
    return answer.json()["data"]["message"]["id"]


def timer_of(window, text):
    return window.bubble(text).locator("expiry-timer")


def test_chosen_in_the_composer_and_kept_for_the_next(inbox, mara, tomasz, direct):
    window, other = inbox(mara, direct).wait_until_live(), inbox(tomasz, direct).wait_until_live()
    choice = window.page.locator("expiry-choice")
    choice.get_by_label("Disappears after").select_option(label="1 hour")
    expect(choice.locator("[data-chosen]")).to_have_text("1 h")
    window.send("For an hour", "For an hour too")
    choice.get_by_label("Disappears after").select_option(label="Off")
    expect(choice.locator("[data-chosen]")).to_be_empty()
    window.send("For good")
    for page in (window, other):
        for text in ("For an hour", "For an hour too"):
            expect(timer_of(page, text)).to_have_text(re.compile("^(1 h|59 min)$"))
        expect(page.bubble("For good")).to_be_visible()
        expect(timer_of(page, "For good")).to_have_count(0)
    window.page.reload()
    expect(timer_of(window, "For an hour")).to_be_visible()
    expect(choice.locator("[data-chosen]")).to_be_empty()


def test_gone_for_both_when_due_and_after(inbox, talk, mara, tomasz, direct):
    window, other = inbox(mara, direct).wait_until_live(), inbox(tomasz, direct).wait_until_live()
    talk.say(mara, direct, "This stays")
    say_for(talk, mara, direct, "Soon gone", seconds=5)
    for page in (window, other):
        expect(timer_of(page, "Soon gone")).to_have_text(re.compile(r"^\d s$"))
    for page in (window, other):
        expect(page.bubble("Soon gone")).to_have_count(0, timeout=SOON)
        page.shows("This stays")
    window.wait_for(lambda: talk.contents(mara, direct) == ["This stays"])
    window.page.reload()
    window.shows("This stays")


def test_gone_even_where_the_word_of_it_is_late(inbox, talk, mara, tomasz, direct):
    window = inbox(mara, direct)
    talk.say(tomasz, direct, "This stays")
    say_for(talk, tomasz, direct, "Soon gone", seconds=5)
    window.page.route("**/socket.io/**", lambda route: route.abort())
    window.page.reload()
    expect(timer_of(window, "Soon gone")).to_be_visible()
    window.page.context.set_offline(True)
    expect(window.bubble("Soon gone")).to_have_count(0, timeout=SOON)
    window.shows("This stays")


def test_what_is_left_is_told_in_ever_smaller_units(inbox, talk, mara, tomasz, direct):
    say_for(talk, tomasz, direct, "Three days", days=3)
    window = inbox(mara, new=True)
    window.page.clock.install()
    window.open(direct)
    for ahead, words in [
        (0, "3 d"),
        (47, "2 d|25 h"),
        (2, "23 h"),
        (22, "1 h|60 min"),
        (0.5, "30 min|31 min"),
    ]:
        window.page.clock.fast_forward(int(ahead * 3_600_000))
        expect(timer_of(window, "Three days")).to_have_text(re.compile(f"^({words})$"))
    window.page.clock.fast_forward(3_600_000)
    expect(window.bubbles).to_have_count(0)


def test_a_device_whose_clock_is_wrong_counts_right(inbox, talk, mara, tomasz, direct):
    say_for(talk, tomasz, direct, "An hour", minutes=50)
    window = inbox(mara, new=True)
    window.page.clock.install(time=datetime.now(UTC) + timedelta(hours=5))
    window.open(direct)
    expect(timer_of(window, "An hour")).to_have_text(re.compile("^(50|49) min$"))


def test_the_conversation_s_own_time_counts_from_when_it_was_set(inbox, talk, mara, tomasz, direct):
    talk.say(tomasz, direct, "Before")
    path = f"/api/messages/conversations/{direct}/settings"
    talk.server.call(mara, "PUT", path, json={"settings": {"autoDeleteAfter": 86_400}})
    talk.say(tomasz, direct, "After")
    window = inbox(mara, direct)
    expect(timer_of(window, "Before")).to_have_count(0)
    expect(timer_of(window, "After")).to_have_text(re.compile("^(1 d|23 h)$"))
    expect(window.page.locator(".message.system")).to_contain_text("set messages to disappear after 1 day")
