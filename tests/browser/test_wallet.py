"""The wallet in the browser: money comes in through the sandbox, and every window knows at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.talk import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.fixture
def wallet(take_window):
    """Opens somebody's wallet in a window."""

    def wallet(person, path="/wallet", window=None):
        page = window or take_window()
        sign_in(page, person)
        page.goto(path)
        return page

    return wallet


def sum_of(page):
    return page.locator(".balance-sum")


def lines(page):
    return page.locator(".line-title")


def pay(page):
    page.get_by_role("button", name="Pay").click()


def test_topping_up_is_seen_in_every_window(wallet, mara):
    here, there = wallet(mara), wallet(mara)
    expect(sum_of(there)).to_have_text("$0.00")
    expect(there.get_by_text("Nothing has moved yet")).to_be_visible()
    here.get_by_text("$200").click()
    here.get_by_role("button", name="Top up $200.00").click()
    expect(here.get_by_role("heading", name="Sandbox checkout")).to_be_visible()
    pay(here)
    expect(here.get_by_text("$200.00 is in your wallet.")).to_be_visible()
    for page in (here, there):
        expect(sum_of(page)).to_have_text("$200.00")
        expect(lines(page)).to_have_text(["Top-up"])
    expect(there.locator("[data-told]")).to_have_text("Available: $200.00")


def test_the_button_names_the_sum_and_nonsense_is_told_beside_the_field(wallet, mara):
    page = wallet(mara)
    submit = page.locator("[data-topup] [type=submit]")
    expect(submit).to_have_text("Top up $100.00")
    page.get_by_text("Other").click()
    expect(submit).to_have_text("Top up")
    field = page.get_by_label("Amount in USD").first
    for typed, words in (("12,5", "Top up $12.50"), ("1234", "Top up $1,234.00"), ("x", "Top up")):
        field.fill(typed)
        expect(submit).to_have_text(words)
    submit.click()
    expect(page.get_by_role("alert")).to_contain_text("This is no amount.")
    expect(field).to_have_value("x")


def test_a_purchase_and_its_answer_move_the_sums(wallet, talk, mara, tomasz):
    server = talk.server
    server.flask("wallet", "credit", mara.email, "20000")
    server.call(tomasz, "PUT", "/api/experts/me", json={"offer": {"conversationPriceMinor": 5000}})
    mine, theirs = wallet(mara), wallet(tomasz, "/wallet?account=pending")
    body = {"type": "priority_dm", "participantIds": [tomasz.id]}
    made = server.call(mara, "POST", "/api/messages/conversations", json=body).json()["data"]["conversation"]
    expect(sum_of(mine)).to_have_text("$150.00")
    expect(mine.locator("#wallet-held")).to_contain_text("Tomasz Novak")
    expect(mine.locator("#wallet-held priority-ring")).to_have_attribute("data-phase", "owed")
    server.call(
        tomasz, "POST", "/api/messages", json={"conversationId": made["id"], "content": "It does not."}
    )
    expect(lines(mine)).to_have_text(["Asked Tomasz Novak", "Adjustment by an admin"])
    expect(mine.locator(".line-detail").first).to_contain_text("Answered in 1 min")
    expect(mine.get_by_text("Held now")).to_be_hidden()
    expect(lines(theirs)).to_have_text(["Answered, Mara Ellison"])
    lines(theirs).get_by_role("link").click()
    theirs.wait_for_url(re.compile(f"/conversations/{made['id']}"))


def test_older_lines_stay_when_money_moves(wallet, talk, mara):
    server = talk.server
    server.flask("wallet", "credit", mara.email, "100")
    for _ in range(30):
        server.call(mara, "POST", "/api/wallet/payouts", json={"amountMinor": 1})
    page = wallet(mara)
    expect(lines(page)).to_have_count(25)
    page.get_by_role("link", name="Show older").click()
    expect(lines(page)).to_have_count(31)
    server.call(mara, "POST", "/api/wallet/payouts", json={"amountMinor": 2})
    expect(sum_of(page)).to_have_text("$0.68")
    expect(lines(page)).to_have_count(32)
    expect(page.locator(".line-balance").first).to_have_text("$0.68")


def test_a_payout(wallet, talk, mara):
    talk.server.flask("wallet", "credit", mara.email, "5000")
    page = wallet(mara)
    page.get_by_text("Ask for a payout").click()
    payouts = page.locator("#payouts")
    payouts.get_by_label("Amount in USD").fill("60")
    payouts.get_by_role("button", name="Ask for payout").click()
    expect(payouts.get_by_role("alert")).to_contain_text("not enough in your wallet")
    payouts.get_by_label("Amount in USD").fill("20,00")
    payouts.get_by_role("button", name="Ask for payout").click()
    expect(payouts.locator("#wallet-payouts")).to_contain_text("$20.00")
    expect(sum_of(page)).to_have_text("$30.00")


def test_the_statement_is_downloaded(wallet, mara):
    page = wallet(mara)
    page.get_by_text("CSV").click()
    page.get_by_label("From").fill("2026-01-01")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "lumina-available.csv"


def test_without_script(visitor, wallet, mara):
    page = wallet(mara, "/wallet?amount=1250&return_to=/settings", visitor(java_script_enabled=False))
    expect(page.get_by_label("Amount in USD").first).to_have_value("12.50")
    page.get_by_role("button", name="Top up", exact=True).click()
    pay(page)
    page.wait_for_url(re.compile("/settings"))
    page.goto("/wallet")
    expect(sum_of(page)).to_have_text("$12.50")


def test_keyboard_alone(wallet, mara):
    page = wallet(mara)
    page.locator("[name=choice]:checked").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sandbox checkout")).to_be_visible()
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelled. Nothing was taken.")).to_be_visible()
