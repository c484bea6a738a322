"""Paid attention as two people live it, each in a browser of their own, on a server whose clock can be moved."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.talk import ON_SQLITE, Talk

pytestmark = ON_SQLITE
HOUR = 3_600
PHONE = {"viewport": {"width": 390, "height": 844}}
QUESTION = "Does the deposit count this year?"
# The sweep looks every second; what it does is to be seen without anybody reloading.
SOON = 15_000


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.fixture
def client(server):
    return server.register("Mara", "Ellison")


@pytest.fixture
def expert(server):
    """Who answers within 48 hours at 50.00 for 7 days."""
    person = server.register("Tomasz", "Novak")
    server.call(person, "PUT", "/api/experts/me", json={"headline": "Tax adviser", "offer": {}})
    return person


@pytest.fixture
def window(visitor, server):
    """A window of somebody: window(client, "/wallet")."""

    def open_window(person, path, **options):
        page = visitor(base_url=server.url, **options)
        sign_in(page, person)
        page.goto(path)
        return page

    return open_window


@pytest.fixture
def asked(server, client, expert):
    """The id of a conversation that the client, who has 100.00, has paid for and asked in."""
    server.flask("wallet", "credit", client.email, "10000")
    body = {"type": "priority_dm", "participantIds": [expert.id]}
    made = server.call(client, "POST", "/api/messages/conversations", json=body).json()["data"]
    Talk(server).say(client, made["conversation"]["id"], QUESTION)
    return made["conversation"]["id"]


def rows(page):
    return page.locator("#owed-rows .queue-row")


def shows_balances(page, available, held="$0.00", pending="$0.00"):
    """A wallet's page, without being loaded anew."""
    expect(page.locator("#wallet-balances .balance-sum")).to_have_text(available, timeout=SOON)
    expect(page.locator("#wallet-balances .balance")).to_have_text([held, pending], timeout=SOON)


def top_up(page, amount):
    """Through the sandbox's checkout, and back."""
    page.goto("/wallet")
    page.get_by_text(f"${amount}", exact=True).click()
    page.get_by_role("button", name="Top up").click()
    page.wait_for_load_state()
    if page.get_by_role("link", name="Go to the checkout").is_visible():
        page.get_by_role("link", name="Go to the checkout").click()
    page.get_by_role("button", name=f"Pay ${amount}.00").click()


def ask(page, expert):
    """On the directory's way to the page that says what is paid, and until when an answer is due."""
    page.goto("/experts")
    page.get_by_role("link", name=expert.name).click()
    page.get_by_role("link", name=re.compile("^Ask")).first.click()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="$50.00").click()
    page.wait_for_url(re.compile(r"/conversations/\d+"))


def test_a_question_is_paid_for_answered_and_paid_out(server, client, expert, window):
    """Both see the money move as it moves."""
    wallet, asking = window(client, "/wallet"), window(client, "/wallet")
    earnings, queue = window(expert, "/wallet"), window(expert, "/priority")
    expect(queue.get_by_text("Nothing is owed")).to_be_visible()

    top_up(asking, 100)
    shows_balances(wallet, "$100.00")
    ask(asking, expert)
    shows_balances(wallet, "$50.00", held="$50.00")
    expect(asking.locator(".pane-header time-chip")).to_contain_text(re.compile("Answer due in 4[78] h"))

    expect(rows(queue)).to_have_count(1)
    for text in (client.name, "$50.00", QUESTION):
        expect(rows(queue)).to_contain_text(text)
    expect(queue.locator("#queue-total")).to_have_text("1 waiting · $50.00 held")
    expect(queue.locator(".rail [data-owed]")).to_have_text("1")
    rows(queue).get_by_role("link").click()
    expect(queue.locator("[data-conversation-title]")).to_have_text(client.name)
    Inbox(queue).send("It does, if the oven is delivered this year.")

    expect(rows(queue)).to_have_count(0)
    expect(queue.locator("#queue-total")).to_have_text("")
    expect(queue.locator(".rail [data-owed]")).to_be_hidden()
    expect(Inbox(asking).bubble("It does, if the oven is delivered this year.")).to_be_visible()
    expect(asking.locator(".pane-header time-chip")).to_contain_text(re.compile("Open, (7 d|6 d 23 h) left"))
    shows_balances(wallet, "$50.00")
    shows_balances(earnings, "$0.00", pending="$50.00")

    server.flask("clock", "advance", str(72 * HOUR + 60))
    shows_balances(earnings, "$50.00")
    expect(asking.locator(".messages").get_by_text("$50.00 has been paid out to Tomasz")).to_be_visible()
    expect(earnings.locator("#wallet-lines .line-amount")).to_have_text(["+$50.00"])
    expect(wallet.locator("#wallet-lines .line-amount")).to_have_text(["−$50.00", "+$100.00"])
    expect(wallet.locator("#wallet-lines .line-balance")).to_have_text(["$50.00", "$100.00"])
    assert "The ledger is true" in server.flask("ledger", "check")


def test_silence_brings_every_cent_back(server, client, expert, asked, window):
    conversation, wallet = window(client, f"/conversations/{asked}"), window(client, "/wallet")
    queue = window(expert, "/priority")
    shows_balances(wallet, "$50.00", held="$50.00")
    expect(rows(queue)).to_have_count(1)
    server.flask("clock", "advance", str(48 * HOUR + 60))
    shows_balances(wallet, "$100.00")
    expect(conversation.locator(".messages").get_by_text("No answer in time. $50.00 is back")).to_be_visible(
        timeout=SOON
    )
    expect(conversation.locator(".pane-header time-chip")).to_contain_text("Refunded")
    expect(wallet.locator("#wallet-lines .line-amount")).to_have_text(["+$50.00", "−$50.00", "+$100.00"])
    expect(rows(queue)).to_have_count(0)
    assert "The ledger is true" in server.flask("ledger", "check")


def test_declining_from_the_queue(client, expert, asked, window):
    wallet, queue = window(client, "/wallet"), window(expert, "/priority")
    rows(queue).get_by_role("link").click()
    decline = queue.locator(".decline")
    expect(queue.get_by_text("Your answer earns $50.00. Asking back counts as one.")).to_be_visible()
    decline.locator("summary").click()
    expect(decline).to_contain_text("$50.00 goes back to Mara at once")
    decline.get_by_role("button", name="Decline and refund $50.00").click()
    expect(rows(queue)).to_have_count(0)
    expect(queue.locator(".messages").get_by_text("Tomasz declined. $50.00 is back")).to_be_visible()
    expect(decline).to_have_count(0)
    shows_balances(wallet, "$100.00")


def test_the_same_without_a_script(server, client, expert, window):
    bare = {"java_script_enabled": False}
    asking = window(client, "/wallet", **bare)
    top_up(asking, 100)
    ask(asking, expert)
    expect(Inbox(asking).bubble(QUESTION)).to_be_visible()

    queue = window(expert, "/priority", **bare)
    expect(queue.locator("#queue-total")).to_have_text("1 waiting · $50.00 held")
    rows(queue).get_by_role("link").click()
    Inbox(queue).write("It does.")
    queue.get_by_role("button", name="Send").click()
    expect(Inbox(queue).bubble("It does.")).to_be_visible()
    queue.goto("/priority")
    expect(queue.get_by_text("Nothing is owed")).to_be_visible()
    queue.get_by_role("switch", name="Taking new questions").click()
    expect(queue.get_by_role("switch", name="Not taking new questions")).to_be_visible()

    asking.reload()
    expect(Inbox(asking).bubble("It does.")).to_be_visible()
    server.flask("clock", "advance", str(72 * HOUR + 60))
    server.flask("sweep")
    queue.goto("/wallet")
    shows_balances(queue, "$50.00")
    asking.goto("/wallet")
    shows_balances(asking, "$50.00")


def early_morning():
    """A zone in which the day has just begun: what is due within hours is due today."""
    ahead = (2 - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"


def test_the_queue_is_grouped_by_the_viewer_s_days(server, client, expert, asked, window):
    queue = window(expert, "/priority", timezone_id=early_morning())
    groups = queue.locator("#owed-rows > .queue-group")
    expect(groups).to_have_text(["Tomorrow and later"])
    body = {"conversationId": asked, "content": "By noon!", "isPriority": True, "priorityLevel": "urgent"}
    assert server.call(client, "POST", "/api/messages", json=body).status_code == 201
    expect(rows(queue)).to_have_count(2)
    expect(groups).to_have_text(["Due today", "Tomorrow and later"])
    expect(rows(queue).first).to_contain_text("By noon!")
    expect(rows(queue).first).to_contain_text("Urgent")
    order = queue.locator("#owed-rows > li").evaluate_all("all => all.map((one) => one.className)")
    assert order == ["queue-group", "queue-row", "queue-group", "queue-row"]
    Talk(server).say(expert, asked, "Before three.")
    expect(groups).to_have_count(0)
    expect(queue.get_by_text("Nothing is owed")).to_be_visible()


def test_what_is_written_later_becomes_the_question(server, client, expert, window):
    server.flask("wallet", "credit", client.email, "10000")
    queue = window(expert, "/priority")
    body = {"type": "priority_dm", "participantIds": [expert.id]}
    made = server.call(client, "POST", "/api/messages/conversations", json=body).json()["data"]
    expect(rows(queue)).to_contain_text("Has paid, but not written yet")
    Talk(server).say(client, made["conversation"]["id"], QUESTION)
    expect(rows(queue)).to_contain_text(QUESTION)


def test_on_a_phone_a_question_opens_and_back_leads_to_the_queue(expert, asked, window):
    queue = window(expert, "/priority", **PHONE)
    rows(queue).get_by_role("link").click()
    expect(Inbox(queue).bubble(QUESTION)).to_be_visible()
    expect(rows(queue)).to_be_hidden()
    queue.get_by_role("link", name="Back").click()
    queue.wait_for_url("**/priority")
    expect(rows(queue)).to_be_visible()
    queue.go_back()
    expect(Inbox(queue).bubble(QUESTION)).to_be_visible()


def test_an_open_page_reminds_of_an_answer_once_at_half_of_the_time(server, expert, asked, window):
    page = window(expert, "/conversations")
    Inbox(page).wait_until_live()
    server.flask("clock", "advance", str(24 * HOUR + 60))
    toast = page.locator(".toast", has_text="Mara Ellison waits until")
    expect(toast).to_be_visible(timeout=SOON)
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Open").click()
    page.wait_for_url(f"**/priority/{asked}")
    expect(Inbox(page).bubble(QUESTION)).to_be_visible()
