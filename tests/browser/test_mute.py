"""Muting: chosen in the details, seen in the list, in the viewer's zone."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.browser.test_settings import details_of

pytestmark = ON_SQLITE


@pytest.fixture
def direct(talk, mara, tomasz):
    conversation = talk.direct(mara, tomasz)
    talk.say(tomasz, conversation, "Hello")
    return conversation


def mute(settings, label):
    settings.get_by_text("Mute", exact=True).first.click()
    settings.get_by_role("button", name=label, exact=True).click()


def test_for_good_and_back(inbox, mara, tomasz, direct):
    window, again, other = inbox(mara), inbox(mara).wait_until_live(), inbox(tomasz).wait_until_live()
    settings = details_of(window, direct)
    mute(settings, "For good")
    expect(settings.locator("#setting-mute")).to_contain_text("For good")
    for page in (window, again):
        expect(page.row(direct).locator(".muted-mark")).to_be_visible()
    expect(other.row(direct).locator(".muted-mark")).to_be_hidden()
    mute(settings, "Unmute")
    expect(settings.locator("#setting-mute")).to_contain_text("Off")
    for page in (window, again):
        expect(page.row(direct).locator(".muted-mark")).to_be_hidden()


def test_the_badge_is_grey(inbox, talk, mara, direct):
    window = inbox(mara).wait_until_live()
    badge = window.row(direct).locator("[data-unread-badge]")
    colour = "one => getComputedStyle(one).backgroundColor"
    before = badge.evaluate(colour)
    talk.server.call(mara, "POST", f"/api/messages/conversations/{direct}/mute", json={})
    expect(window.row(direct).locator(".muted-mark")).to_be_visible()
    expect(badge).to_have_text("1")
    assert badge.evaluate(colour) != before


def test_until_when_is_told_in_the_viewer_s_zone(inbox, mara, direct):
    window = inbox(mara, timezone_id="Asia/Tokyo")
    settings = details_of(window, direct)
    mute(settings, "7 days")
    expect(settings.locator("#setting-mute")).to_contain_text("Until")
    ends = settings.locator("#setting-mute local-time").get_attribute("datetime")
    tokyo = datetime.fromisoformat(ends) + timedelta(hours=9)
    expect(settings.locator("#setting-mute local-time")).to_have_text(f"{tokyo.day} {tokyo:%b, %H:%M}")


def test_until_a_moment_of_one_s_own(inbox, mara, direct):
    window = inbox(mara, timezone_id="America/New_York")
    settings = details_of(window, direct)
    settings.get_by_text("Mute", exact=True).first.click()
    settings.get_by_label("Mute until").fill("2099-01-02T08:30")
    settings.get_by_role("button", name="Mute", exact=True).click()
    ends = settings.locator("#setting-mute local-time")
    expect(ends).to_have_text("2 Jan 2099, 08:30")
    expect(ends).to_have_attribute("datetime", "2099-01-02T13:30:00.000Z")


def test_a_moment_that_is_over_is_refused(inbox, mara, direct):
    settings = details_of(inbox(mara, new=True), direct)
    settings.get_by_text("Mute", exact=True).first.click()
    settings.get_by_label("Mute until").fill("2020-01-02T08:30")
    settings.get_by_role("button", name="Mute", exact=True).click()
    expect(settings.get_by_role("alert")).to_have_text("This time is over.")
    expect(settings.locator("#setting-mute")).to_contain_text("Off")


def test_it_ends_by_itself(inbox, mara, direct):
    window = inbox(mara, new=True)
    window.page.clock.install()
    window.page.goto("/conversations")
    window.wait_until_live()
    settings = details_of(window, direct)
    mute(settings, "1 hour")
    expect(window.row(direct).locator(".muted-mark")).to_be_visible()
    window.page.clock.run_for(61 * 60 * 1000)
    expect(window.row(direct).locator(".muted-mark")).to_be_hidden()
