"""Administering with a browser: a dispute is decided while both its parties look at their wallets."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.browser.talk import ON_SQLITE
from tests.support import files
from tests.support.waiting import eventually

pytestmark = ON_SQLITE


@pytest.fixture
def window(inbox, vera, disputed):
    """The admin's window."""
    return inbox(vera).page


@pytest.fixture
def wallets(inbox, disputed, mara, tomasz):
    """The windows of the client and of the expert, at their wallets."""

    def open_wallet(person):
        page = inbox(person, new=True).page
        page.goto("/wallet")
        return page

    return open_wallet(mara), open_wallet(tomasz)


def test_a_dispute_is_divided_before_everybody_s_eyes(window, wallets, disputed):
    client, expert = wallets
    expect(client.get_by_text("$150.00").first).to_be_visible()
    expect(expert.get_by_text("$50.00").first).to_be_visible()
    window.goto("/admin")
    window.locator(".figures a[href='/admin/disputes']").click()
    window.locator(f"a[href='/admin/disputes/{disputed['id']}']").click()
    expect(window.get_by_text("That is no answer").first).to_be_visible()
    expect(window.get_by_text("You never read what you sign")).to_be_visible()
    expect(window.get_by_text("Deleted by Tomasz Novak")).to_be_visible()
    expect(window.get_by_label("Part of Tomasz")).to_be_hidden()
    window.get_by_label("Divide it").check()
    window.get_by_label("Part of Tomasz").fill("50")
    window.get_by_role("button", name="See what this gives to whom").click()
    expect(window.locator("#part-error")).to_have_text("The expert gets a part of it, and not all.")
    window.get_by_label("Part of Tomasz").fill("12.50")
    window.get_by_role("button", name="See what this gives to whom").click()
    expect(window.locator(".confirm dd")).to_have_text(["$12.50", "$0.00", "$37.50", "$50.00"])
    window.get_by_role("button", name="Divide $50.00").click()
    expect(window.get_by_text("Decided. Both have been told.")).to_be_visible()
    expect(window.get_by_role("button", name="See what this gives to whom")).to_have_count(0)
    # Nobody of the two has lifted a finger.
    expect(client.get_by_text("$187.50").first).to_be_visible()
    expect(expert.get_by_text("$12.50").first).to_be_visible()
    window.get_by_role("link", name="Log").click()
    expect(window.get_by_text("Decided: $12.50 of $50.00 to the expert").first).to_be_visible()


def test_a_deleted_picture_is_looked_at(window, disputed, talk, tomasz):
    message = talk.send_files(tomasz, disputed["conversationId"], ("plan.png", files.picture()))
    talk.delete(tomasz, message)
    window.goto(f"/admin/disputes/{disputed['id']}")
    picture = window.locator(f"#message-{message} img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_without_a_script(person, vera, mara, disputed):
    page = person(vera, java_script_enabled=False)
    page.goto(f"/admin/disputes/{disputed['id']}")
    page.get_by_label("Give it back").check()
    page.get_by_label("Note").fill("As I see it")
    page.get_by_role("button", name="See what this gives to whom").click()
    page.get_by_role("button", name="Give back $50.00").click()
    expect(page.get_by_text("Decided. Both have been told.")).to_be_visible()
    page.goto("/admin/people")
    page.get_by_label("Name, or a whole address").fill(mara.email)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Mara Ellison").click()
    page.get_by_label("Amount").fill("-1000")
    page.get_by_label("Why").fill("A mistake")
    page.get_by_role("button", name="Adjust").click()
    expect(page.locator("#amount-error")).to_have_text("They have $200.00 available.")
    page.get_by_label("Amount").fill("-12.50")
    page.get_by_role("button", name="Adjust").click()
    expect(page.get_by_text("Adjusted by −$12.50.")).to_be_visible()


def test_the_way_in_is_for_admins(inbox, vera, mara):
    assert inbox(vera).page.get_by_role("link", name="Admin").count() == 1
    assert inbox(mara).page.get_by_role("link", name="Admin").count() == 0


def test_more_payouts_come_below_those_that_are_there(window, live_server, mara):
    for _ in range(51):
        live_server.call(mara, "POST", "/api/wallet/payouts", json={"amountMinor": 7})
    window.goto("/admin/payouts")
    waiting = window.locator(f".rows-row:has([href='/admin/people/{mara.id}'])")
    more = window.locator("#more-rows")
    expect(more).to_have_count(1)

    def scroll_to_the_end():
        # What is asked for meanwhile takes the place of what asked for it.
        with suppress(Error):
            more.scroll_into_view_if_needed(timeout=500)
        return more.count() == 0

    assert eventually(scroll_to_the_end)
    expect(waiting).to_have_count(51)
    expect(window.locator(".rows")).to_have_count(1)
    waiting.last.get_by_role("button", name="Mark $0.07").click()
    expect(window.get_by_role("heading", name="$0.07")).to_be_visible()
    window.get_by_role("button", name="Mark as paid").click()
    expect(window.get_by_text("Marked as paid.")).to_be_visible()
    assert eventually(scroll_to_the_end)
    expect(waiting).to_have_count(50)


def test_on_a_phone_the_tabs_are_one_row_that_shows_where_one_is(inbox, vera):
    page = inbox(vera, viewport={"width": 390, "height": 844}).page
    page.goto("/admin")
    tabs = page.locator(".admin-tabs")
    assert len({tab.bounding_box()["y"] for tab in tabs.get_by_role("link").all()}) == 1
    # There are more to the right, and none to the left.
    expect(tabs).to_have_attribute("data-after", "")
    expect(tabs).not_to_have_attribute("data-before", "")
    page.goto("/admin/log")
    expect(tabs.get_by_role("link", name="Log")).to_be_in_viewport(ratio=1)
    expect(tabs).to_have_attribute("data-before", "")
    expect(tabs).not_to_have_attribute("data-after", "")
