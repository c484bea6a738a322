"""The settings of a conversation in its details, and what others see of them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def group(talk, mara, tomasz):
    return talk.group(mara, tomasz, name="Harbour review")


@pytest.fixture
def direct(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def details_of(window, conversation):
    """Its details, opened beside it."""
    window.page.goto(f"/conversations/{conversation}/details")
    window.wait_until_live()
    return window.page.locator("#conversation-settings")


def level(settings, name):
    return settings.get_by_role("button", name=name, exact=True)


def switch(settings, name):
    return settings.get_by_role("switch", name=name)


def test_a_switch_turns_for_both(inbox, mara, tomasz, direct):
    mine = details_of(inbox(mara), direct)
    theirs = details_of(inbox(tomasz), direct)
    for settings in (mine, theirs):
        expect(switch(settings, "Files")).to_be_checked()
    switch(mine, "Files").click()
    for settings in (mine, theirs):
        expect(switch(settings, "Files")).not_to_be_checked()
    switch(theirs, "Voice messages").click()
    switch(theirs, "Files").click()
    for settings in (mine, theirs):
        expect(switch(settings, "Voice messages")).not_to_be_checked()
        expect(switch(settings, "Files")).to_be_checked()
    mine.page.reload()
    expect(switch(mine, "Voice messages")).not_to_be_checked()


def test_notifications_are_one_s_own_and_agree_between_tabs(inbox, mara, tomasz, direct):
    mine, again = details_of(inbox(mara), direct), details_of(inbox(mara), direct)
    theirs = details_of(inbox(tomasz), direct)
    level(mine, "Mentions").click()
    for settings, chosen in ((mine, "Mentions"), (again, "Mentions"), (theirs, "All")):
        expect(level(settings, chosen)).to_have_attribute("aria-pressed", "true")
    level(again, "None").click()
    expect(level(mine, "None")).to_have_attribute("aria-pressed", "true")
    bell = mine.page.locator(f"#row-{direct}").get_by_title("Muted")
    expect(bell).to_be_visible()
    level(mine, "All").click()
    expect(bell).to_be_hidden()


def test_members_of_a_group_only_read_what_is_shared(inbox, mara, tomasz, group):
    admin, member = details_of(inbox(mara), group), details_of(inbox(tomasz), group)
    expect(member.get_by_text("Only admins change this.")).to_be_visible()
    expect(member.get_by_role("switch")).to_have_count(0)
    files = member.locator(".line", has_text="Files").locator(".line-value")
    expect(files).to_have_text("On")
    switch(admin, "Files").click()
    expect(files).to_have_text("Off")
    expect(admin.get_by_text("Only admins change this.")).to_have_count(0)


@pytest.mark.parametrize("fail", [lambda route: route.fulfill(status=503), lambda route: route.abort()])
def test_what_fails_turns_back(inbox, mara, direct, fail):
    settings = details_of(inbox(mara), direct)
    settings.page.route("**/settings", fail)
    switch(settings, "Files").click()
    expect(settings.page.locator(".toast-error")).to_be_visible()
    expect(switch(settings, "Files")).to_be_checked()


def test_who_is_no_admin_any_more_is_told(inbox, talk, mara, tomasz, group):
    """The page still offers the switches; the server knows better."""
    settings = details_of(inbox(mara, new=True), group)
    settings.page.route("**/details", lambda route: route.abort())
    settings.page.route("**/socket.io/**", lambda route: route.abort())
    talk.server.call(mara, "DELETE", f"/api/messages/conversations/{group}/members/{mara.id}")
    talk.server.call(
        tomasz, "POST", f"/api/messages/conversations/{group}/members", json={"userIds": [mara.id]}
    )
    switch(settings, "Files").click()
    expect(settings.get_by_role("alert")).to_contain_text("Only an admin")
    expect(settings.get_by_text("Only admins change this.")).to_be_visible()


def test_auto_delete_is_chosen_and_shown_to_both(inbox, mara, tomasz, direct):
    window, other = inbox(mara), inbox(tomasz, direct).wait_until_live()
    settings = details_of(window, direct)
    expect(other.page.locator("#expiry-mark")).to_be_hidden()
    settings.get_by_text("Auto-delete").click()
    settings.get_by_role("button", name="7 days").click()
    expect(settings.locator("#setting-auto-delete")).to_contain_text("After 7 days")
    for page in (window.page, other.page):
        expect(page.get_by_role("link", name="Messages disappear after 7 days")).to_be_visible()
    week, *_ = other.page.locator("expiry-choice option[value='604800']").all()
    expect(week).to_be_disabled()
    other.page.get_by_role("link", name="Messages disappear after 7 days").click()
    others = other.page.locator("#conversation-settings")
    others.locator("#setting-auto-delete").click()
    expect(others.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")
    others.get_by_role("button", name="Off").click()
    for page in (window.page, other.page):
        expect(page.locator("#expiry-mark")).to_be_hidden()
    expect(week).to_be_enabled()


def test_a_value_from_elsewhere_is_named(inbox, talk, mara, direct):
    path = f"/api/messages/conversations/{direct}/settings"
    talk.server.call(mara, "PUT", path, json={"settings": {"autoDeleteAfter": 5400}})
    settings = details_of(inbox(mara), direct)
    expect(settings.locator("#setting-auto-delete")).to_contain_text("After 90 minutes")
    settings.get_by_text("Auto-delete").click()
    expect(settings.locator("[name=auto_delete_after][aria-pressed=true]")).to_have_count(0)


def test_keyboard_alone(inbox, mara, direct):
    settings = details_of(inbox(mara), direct)
    switch(settings, "Files").focus()
    settings.page.keyboard.press("Space")
    expect(switch(settings, "Files")).not_to_be_checked()
    expect(switch(settings, "Files")).to_be_focused()
    settings.page.keyboard.press("Space")
    expect(switch(settings, "Files")).to_be_checked()


def test_without_script(inbox, mara, direct):
    page = inbox(mara, java_script_enabled=False).page
    page.goto(f"/conversations/{direct}/details")
    page.get_by_role("switch", name="Files").click()
    page.wait_for_url(re.compile("/details$"))
    expect(page.get_by_role("switch", name="Files")).not_to_be_checked()
    page.locator("#setting-auto-delete").click()
    page.get_by_role("button", name="30 days").click()
    expect(page.locator("#setting-auto-delete")).to_contain_text("After 30 days")
    page.get_by_label("Disappears after").select_option(label="1 minute")
    page.get_by_label("Message Tomasz").fill("Soon gone")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".message[data-expires-at]")).to_have_count(1)
