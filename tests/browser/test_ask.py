"""Finding an expert and asking them, as a client sees and does it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.talk import CONVERSATIONS, ON_SQLITE

pytestmark = ON_SQLITE
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
QUESTION = "Does a sampling counter count as a sale?"


@pytest.fixture
def server(live_server):
    return live_server


@pytest.fixture
def expert(talk, tomasz):
    """Tomasz, who asks 50.00 for 7 days of talk."""
    talk.offer(tomasz, headline="Contract lawyer", bio="Leases and the letters after them")
    return tomasz


@pytest.fixture
def credit(server):
    return lambda person, minor: server.flask("wallet", "credit", person.email, str(minor))


@pytest.fixture
def window(visitor, mara):
    """Mara's window at an address: window("/experts", timezone_id=...)."""

    def window(path, **options):
        page = visitor(**options)
        sign_in(page, mara)
        page.goto(path)
        return page

    return window


def balances(server, person):
    wallet = server.call(person, "GET", "/api/wallet").json()["data"]["wallet"]
    return wallet["availableMinor"], wallet["heldMinor"]


def asked(server, person):
    """What the conversations of somebody say, but for system lines."""
    found = []
    for one in server.call(person, "GET", CONVERSATIONS).json()["data"]["conversations"]:
        read = server.call(person, "GET", f"{CONVERSATIONS}/{one['id']}").json()["data"]
        found.append([m["content"] for m in read["messages"] if m["messageType"] == "text"])
    return found


def test_find_look_and_ask(server, window, expert, mara, credit):
    credit(mara, 20_000)
    page = window("/experts")
    page.get_by_role("searchbox").press_sequentially(f"{expert.last_name} LAWYER")
    card = page.locator(".expert-card").filter(has=page.locator(f'a[href="/experts/{expert.id}"]'))
    expect(card).to_contain_text("$50.00")
    expect(page).to_have_url(re.compile(r"\?query=Novak"))
    card.get_by_role("link").click()
    page.get_by_role("link", name="Ask for $50.00").click()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Pay $50.00 and ask").click()
    page.wait_for_url(re.compile(r"/conversations/\d+$"))
    expect(page.locator(".messages")).to_contain_text(QUESTION)
    assert balances(server, mara) == (15_000, 5000)
    assert asked(server, expert) == [[QUESTION]]


def test_what_nobody_offers(window, expert):
    page = window("/experts")
    page.get_by_role("searchbox").fill("zzz nobody")
    expect(page.get_by_text("Nobody found")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".expert-card").first).to_be_visible()


def test_a_double_click_buys_once(server, window, expert, mara, credit):
    credit(mara, 20_000)
    page = window(f"/experts/{expert.id}/ask")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Pay $50.00 and ask").dblclick()
    page.wait_for_url(re.compile(r"/conversations/\d+$"))
    assert balances(server, mara) == (15_000, 5000)
    assert asked(server, expert) == [[QUESTION]]


def test_the_button_rests_while_it_pays(window, expert, mara, credit):
    credit(mara, 20_000)
    page = window(f"/experts/{expert.id}/ask")
    sent = []

    def stay(route):
        """An answer to which a browser stays where it is."""
        sent.append(route.request.post_data)
        route.fulfill(status=204)

    page.route("**/ask", stay)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Pay $50.00 and ask").click()
    expect(page.get_by_role("button", name="Asking…")).to_be_disabled()
    assert "action=pay" in sent[0]


def test_a_double_click_without_script_buys_once(server, window, expert, mara, credit):
    credit(mara, 20_000)
    page = window(f"/experts/{expert.id}/ask", java_script_enabled=False)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Pay $50.00 and ask").dblclick()
    page.wait_for_url(re.compile(r"/conversations/\d+$"))
    assert balances(server, mara) == (15_000, 5000)
    assert asked(server, expert) == [[QUESTION]]


def test_a_price_that_changes_meanwhile(server, talk, window, expert, mara, credit):
    credit(mara, 20_000)
    page = window(f"/experts/{expert.id}/ask")
    page.get_by_label("Your question").fill(QUESTION)
    talk.offer(expert, offer={"conversationPriceMinor": 6000})
    page.get_by_role("button", name="Pay $50.00 and ask").click()
    expect(page.get_by_role("alert")).to_contain_text("The price is $60.00 now; it was $50.00.")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    assert balances(server, mara) == (20_000, 0)
    page.get_by_role("button", name="Pay $60.00 and ask").click()
    page.wait_for_url(re.compile(r"/conversations/\d+$"))
    assert balances(server, mara) == (14_000, 6000)


def pay_at_the_checkout(page):
    """Through the wallet's form and the sandbox's page, as the wallet leads one."""
    page.wait_for_url(re.compile(r"/wallet\?"))
    page.get_by_role("button", name=re.compile("Top up")).click()
    page.get_by_role("button", name=re.compile("^Pay")).click()


@pytest.mark.parametrize("script", [True, False])
def test_too_little_and_the_question_comes_through_a_top_up(server, window, expert, mara, credit, script):
    credit(mara, 2050)
    page = window(f"/experts/{expert.id}/ask", java_script_enabled=script)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Top up $29.50").click()
    pay_at_the_checkout(page)
    page.wait_for_url(re.compile(f"/experts/{expert.id}/ask"))
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    page.get_by_role("button", name="Pay $50.00 and ask").click()
    page.wait_for_url(re.compile(r"/conversations/\d+$"))
    assert balances(server, mara) == (0, 5000)
    assert asked(server, expert) == [[QUESTION]]


def test_what_is_written_is_there_again(window, expert):
    page = window(f"/experts/{expert.id}/ask")
    with page.expect_response("**/ask/draft") as kept:
        page.get_by_label("Your question").press_sequentially("Half a")
    assert kept.value.status == 204
    page.reload()
    expect(page.get_by_label("Your question")).to_have_value("Half a")


def test_both_zones(server, window, expert, mara):
    server.call(expert, "PATCH", "/api/users/me/notifications", json={"timeZone": "America/Toronto"})
    page = window(f"/experts/{expert.id}", timezone_id="Europe/Lisbon")
    due = page.locator(".ask-due")
    expect(due).to_contain_text(re.compile(r"\w{3},? \d+ \w{3}, \d\d:\d\d in Lisbon"))
    expect(due).to_contain_text(re.compile(r"\d\d:\d\d in Toronto"))
    expect(page.locator(".expert-where")).to_contain_text(re.compile(r"Toronto, \d\d:\d\d there now"))
    hours = re.findall(r"(\d\d):\d\d in", due.inner_text())
    assert (int(hours[0]) - int(hours[1])) % 24 == 5
    same = window(f"/experts/{expert.id}", timezone_id="America/Toronto")
    expect(same.locator("[data-their-zone]")).to_be_hidden()


def test_on_a_phone_the_button_is_at_hand(window, expert, mara, credit):
    credit(mara, 20_000)
    page = window(f"/experts/{expert.id}", **PHONE)
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.get_by_role("link", name="Ask for $50.00")).to_be_in_viewport(ratio=1)
    page.locator(".expert-prices").scroll_into_view_if_needed()
    expect(page.get_by_role("link", name="Ask for $50.00")).to_be_in_viewport(ratio=1)
    page.goto("/experts")
    expect(page.locator(".rail .rail-item")).to_have_count(4)
    expect(page.locator(".rail")).to_be_in_viewport(ratio=1)


def test_what_an_expert_owes_is_told_at_once(server, inbox, expert, mara, credit):
    credit(mara, 20_000)
    window = inbox(expert).wait_until_live()
    owed = window.page.locator("[data-owed]")
    expect(owed).to_be_hidden()
    body = {"type": "priority_dm", "participantIds": [expert.id]}
    made = server.call(mara, "POST", CONVERSATIONS, json=body).json()["data"]["conversation"]
    expect(owed).to_have_text("1")
    server.call(expert, "POST", f"/api/escrows/{made['escrow']['id']}/decline")
    expect(owed).to_be_hidden()


@pytest.mark.parametrize("script", [True, False])
def test_taking_paid_questions(server, window, mara, tomasz, script):
    page = window("/settings", java_script_enabled=script)
    part = page.locator("#offer")
    part.get_by_label("Price, USD").first.fill("fifty")
    part.get_by_label("What you do").fill("Harbours")
    part.get_by_role("button", name="Start taking questions").click()
    expect(part.get_by_role("alert")).to_contain_text("This is no amount")
    expect(part.get_by_label("What you do")).to_have_value("Harbours")
    part.get_by_label("Price, USD").first.fill("49.50")
    part.get_by_role("button", name="Start taking questions").click()
    part.get_by_role("link", name="See it as clients do").click()
    expect(page.get_by_text("Harbours")).to_be_visible()
    expect(page.locator(".ask-sum")).to_have_text("$49.50")
    page.get_by_role("link", name="Edit your offer").click()
    page.wait_for_url("**/settings#offer")
    found = server.call(tomasz, "GET", f"/api/experts/{mara.id}").json()["data"]["expert"]
    assert found["offer"]["conversationPriceMinor"] == 4950


def test_money_that_comes_meanwhile_is_seen(window, expert, mara, credit):
    page = window(f"/experts/{expert.id}/ask")
    expect(page.get_by_role("button", name="Top up")).to_be_visible()
    page.get_by_label("Your question").fill(QUESTION)
    credit(mara, 7500)
    expect(page.get_by_role("button", name="Pay $50.00 and ask")).to_be_visible()
    expect(page.locator(".ask-left")).to_contain_text("$25.00")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
