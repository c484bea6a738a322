"""Times, days and groups as each viewer's zone and clock have them."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.talk import ON_SQLITE, Talk

pytestmark = ON_SQLITE
DAY = 24 * 60 * 60
WEST = {"timezone_id": "Pacific/Pago_Pago", "locale": "en-US"}
EAST = {"timezone_id": "Pacific/Kiritimati", "locale": "en-GB"}


def time_of(window, text):
    return window.bubble(text).locator(".meta local-time")


def test_two_zones_a_day_apart(inbox, talk, mara, tomasz):
    """Pago Pago and Kiritimati are twenty-five hours apart: it is never the same day in both."""
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "At one moment")
    west, east = inbox(mara, conversation, **WEST), inbox(mara, conversation, **EAST)
    expect(time_of(west, "At one moment")).to_have_text(re.compile(r"^1?\d:\d\d\s[AP]M$"))
    expect(time_of(east, "At one moment")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    days = [window.page.locator(".day").get_attribute("data-day") for window in (west, east)]
    assert days[0] < days[1]
    for window in (west, east):
        expect(window.page.locator(".day")).to_have_text("Today")


def test_days_and_groups(make_server, visitor):
    server = make_server()
    talk = Talk(server)
    mara, tomasz = server.register("Mara", "Ellison"), server.register("Tomasz", "Novak")
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "First", "Second", "Third")
    talk.say(mara, conversation, "Between")
    talk.say(tomasz, conversation, "Alone")
    server.flask("clock", "advance", str(DAY))
    talk.say(tomasz, conversation, "The next day")
    page = visitor(base_url=server.url)
    page.clock.install()
    sign_in(page, mara)
    window = Inbox(page).open(conversation)
    places = {
        "First": "first",
        "Second": "middle",
        "Third": "last",
        "Between": "single",
        "Alone": "single",
        "The next day": "single",
    }
    for text, place in places.items():
        expect(window.bubble(text)).to_have_attribute("data-group", place)
    expect(page.locator(".day")).to_have_count(2)
    page.clock.fast_forward(DAY * 1_000)
    expect(page.locator(".day")).to_have_text(["Yesterday", "Today"])
    assert page.locator(".day").nth(1).evaluate("line => line.nextElementSibling.innerText").startswith("The")
