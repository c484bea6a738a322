"""A paid conversation in the windows of its two: what is owed, what it costs, and what becomes of it, as it happens."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.inbox import Inbox
from tests.browser.paid import Market
from tests.browser.talk import ON_SQLITE
from tests.browser.test_every_page import look_at

pytestmark = ON_SQLITE
PRICE, HIGH, URGENT = 5000, 1000, 2000
MONEY = 20_000
HOUR = 3600


@pytest.fixture
def market(live_server, mara, tomasz):
    """Mara has money, and Tomasz is an expert."""
    market = Market(live_server)
    market.offer(tomasz)
    market.credit(mara, MONEY)
    return market


@pytest.fixture
def asked(market, mara, tomasz):
    return market.ask(mara, tomasz)


@pytest.fixture
def client(inbox, mara, asked):
    """The client's window, at the conversation."""
    return inbox(mara, asked).wait_until_live()


@pytest.fixture
def expert(inbox, tomasz, asked):
    return inbox(tomasz, asked).wait_until_live()


def header(window):
    return window.page.locator("time-chip[data-form=header]")


def chip(window, conversation):
    return window.row(conversation).locator("time-chip [data-words]")


def choose(window, level):
    window.page.get_by_role("radio", name=re.compile(f"^{level}")).check(force=True)


def send_button(window):
    return window.page.locator(".composer [data-send]")


def is_golden(locator):
    return locator.evaluate("""(bubble) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.background = "var(--gold-soft)";
      const gold = getComputedStyle(probe).backgroundColor;
      probe.remove();
      return getComputedStyle(bubble).backgroundColor === gold;
    }""")


def test_an_answer_shows_everywhere_at_once(inbox, market, mara, tomasz, asked, client, expert):
    elsewhere = inbox(mara).wait_until_live()
    for window in (client, expert):
        expect(header(window)).to_contain_text(re.compile(r"Answer due in 47 h 59 min"))
        expect(chip(window, asked)).to_have_text("47 h")
        expect(window.page.locator(".pane-header priority-ring")).to_have_attribute("data-phase", "owed")
    expect(client.page.locator("[data-foot-owed]")).to_contain_text("Tomasz has until")
    expect(expert.page.locator("[data-foot-owed]")).to_contain_text("Your answer earns $50.00")
    market.say(tomasz, asked, "Collection decides.")
    for window in (client, expert):
        expect(header(window)).to_contain_text(re.compile(r"Open, 6 d 23 h left|Open, 7 d left"))
        expect(window.page.locator("[data-foot-owed]")).to_have_count(0)
        expect(window.page.locator(".system-line").last).to_contain_text(
            "Tomasz answered in 1 min. The 7 days"
        )
    for window in (client, expert, elsewhere):
        expect(chip(window, asked)).to_have_text(re.compile("^[67] d$"))


def test_a_message_that_is_due_sooner_is_what_is_counted_down(market, tomasz, mara, asked, client, expert):
    """Within the window: what both look at says when the answer is due, and then again how long the window is."""
    market.say(tomasz, asked, "Collection decides.")
    for window in (client, expert):
        expect(header(window)).to_contain_text("Open,")
    urgent = market.say_paid(mara, asked, "By five?")
    for window in (client, expert):
        expect(header(window)).to_contain_text("Answer due in 3 h 59 min")
        expect(chip(window, asked)).to_have_text("3 h")
        expect(window.page.locator(".pane-header priority-ring")).to_have_attribute("data-phase", "owed")
    market.say_paid(mara, asked, "Or by six?", "high")
    client.page.reload()
    expect(header(client)).to_contain_text("Answer due in 3 h 59 min")
    [purchase] = [one for one in market.purchases(mara, asked) if one["messageId"] == urgent]
    market.step(tomasz, purchase, "decline")
    for window in (client, expert):
        expect(header(window)).to_contain_text("Answer due in 23 h 59 min")
    market.say(tomasz, asked, "By six.")
    for window in (client, expert):
        expect(header(window)).to_contain_text("Open,")
        expect(chip(window, asked)).to_have_text(re.compile("^[67] d$"))


def test_silence_refunds_and_gold_leaves(make_server, visitor):
    server = make_server()
    market = Market(server)
    mara, tomasz = server.register("Mara", "Ellison"), server.register("Tomasz", "Novak")
    market.offer(tomasz)
    market.credit(mara, MONEY)
    asked = market.ask(mara, tomasz)
    market.say_paid(mara, asked, "By five?")
    windows = []
    for person in (mara, tomasz):
        page = visitor(base_url=server.url)
        sign_in(page, person)
        windows.append(Inbox(page).open(asked).wait_until_live())
    client, expert = windows
    assert is_golden(client.bubble("By five?").locator(".bubble"))
    server.flask("clock", "advance", str(49 * HOUR))
    for window in windows:
        expect(header(window)).to_have_text("Refunded", timeout=20_000)
        expect(chip(window, asked)).to_have_text("Refunded")
        bubble = window.bubble("By five?")
        expect(bubble).to_have_attribute("data-paid", "refunded")
        expect(bubble.locator("[data-paid-state]")).to_have_text("Refunded")
        assert not is_golden(bubble.locator(".bubble"))
        expect(window.page.locator(".ring-lines").first).to_be_hidden()
    expect(client.page.locator(".composer-closed")).to_contain_text("$50.00 is back in your wallet")
    expect(client.page.get_by_role("link", name="Buy the next window")).to_have_attribute(
        "href", f"/experts/{tomasz.id}/ask"
    )
    expect(expert.field).to_be_visible()
    assert market.available(mara) == MONEY


def test_an_urgent_message_from_the_composer(market, mara, tomasz, asked, client, expert):
    client.field.focus()
    client.page.keyboard.press("Tab")
    expect(client.page.get_by_role("radio", name=re.compile("^Normal"))).to_be_focused()
    client.page.keyboard.press("ArrowRight")
    expect(send_button(client)).to_have_accessible_name("Send, $10.00")
    client.page.keyboard.press("ArrowRight")
    expect(send_button(client)).to_have_accessible_name("Send, $20.00")
    expect(client.page.locator("[data-foot-promise]")).to_have_text(
        re.compile(r"^Answer due by .*\d\d:\d\d, or the \$20.00 comes back\.$")
    )
    client.write("Can I sign today?")
    send_button(client).dblclick()
    for window in (client, expert):
        bubble = window.bubble("Can I sign today?")
        expect(bubble.locator(".paid-head")).to_contain_text("Urgent · $20.00")
        expect(bubble.locator("[data-paid-state]")).to_contain_text("due")
        assert is_golden(bubble.locator(".bubble"))
    expect(client.page.get_by_role("radio", name=re.compile("^Normal"))).to_be_checked()
    expect(send_button(client)).to_have_attribute("aria-label", "Send")
    client.send("Thank you")
    expect(client.bubble("Thank you")).to_have_attribute("data-state", "sent")
    assert market.available(mara) == MONEY - PRICE - URGENT
    market.say(tomasz, asked, "Yes")
    for window in (client, expert):
        state = window.bubble("Can I sign today?").locator("[data-paid-state]")
        expect(state).to_have_text("Answered in 1 min")


def test_what_is_on_its_way_names_its_price_and_survives_a_reload(market, mara, asked, client):
    held = client.hold_sending()
    choose(client, "High")
    client.send("Please")
    bubble = client.bubble("Please")
    expect(bubble).to_have_attribute("data-state", "pending")
    expect(bubble.locator(".paid-head")).to_have_text("High · $10.00")
    client.wait_for(lambda: held)
    answered = client.page.request.fetch(
        held[0].request.url,
        method="POST",
        data=held[0].request.post_data,
        headers=held[0].request.headers,
    )
    assert answered.status == 201
    client.page.unroute_all()
    client.page.reload()
    expect(client.bubble("Please")).to_have_count(1)
    expect(client.bubble("Please")).to_have_attribute("data-state", "sent")
    assert market.available(mara) == MONEY - PRICE - HIGH
    assert [one["kind"] for one in market.purchases(mara, asked)] == ["message", "conversation"]


def test_a_price_that_has_changed_is_asked_for(market, mara, tomasz, asked, client):
    choose(client, "Urgent")
    market.offer(tomasz, messagePricesMinor={"high": HIGH, "urgent": 4000})
    client.send("Can I sign today?")
    bubble = client.bubble("Can I sign today?")
    expect(bubble.locator(".failed-reason")).to_have_text(
        "Not sent. The price is $40.00 now. Nothing was taken."
    )
    expect(client.page.locator(".level", has_text="Urgent")).to_contain_text("$40.00")
    assert market.available(mara) == MONEY - PRICE
    bubble.get_by_role("button", name="Send, $40.00").click()
    expect(bubble).to_have_attribute("data-state", "sent")
    expect(bubble.locator(".paid-head")).to_contain_text("Urgent · $40.00")
    assert market.available(mara) == MONEY - PRICE - 4000


def test_too_little_money_leads_to_the_wallet(market, mara, tomasz, asked, client):
    market.offer(tomasz, messagePricesMinor={"high": HIGH, "urgent": 16_000})
    client.open(asked).wait_until_live()
    choose(client, "Urgent")
    client.send("Can I sign today?")
    bubble = client.bubble("Can I sign today?")
    expect(bubble.locator(".failed-reason")).to_have_text(
        "Not sent. There is not enough in your wallet for this."
    )
    expect(bubble.get_by_role("link", name="Add money")).to_have_attribute("href", "/wallet")
    market.credit(mara, 1000)
    bubble.get_by_role("button", name="Retry").click()
    expect(bubble).to_have_attribute("data-state", "sent")
    assert market.available(mara) == 0


def test_a_level_is_not_paid_for_by_an_edit(market, mara, asked, client):
    client.send("Frist")
    expect(client.bubble("Frist")).to_have_attribute("data-state", "sent")
    client.field.press("ArrowUp")
    expect(client.field).to_have_value("Frist")
    expect(client.page.locator(".levels")).to_be_hidden()
    client.write("First")
    client.field.press("Enter")
    expect(client.bubble("First")).to_have_count(1)
    expect(client.page.locator(".levels")).to_be_visible()


def test_what_was_missed_is_caught_up_with(market, mara, tomasz, asked, inbox):
    market.say_paid(mara, asked, "By five?")
    window = inbox(mara, asked, locale="en-GB").wait_until_live()
    window.page.context.set_offline(True)
    expect(window.banner).to_be_visible(timeout=10_000)
    market.say(tomasz, asked, "Yes")
    window.page.context.set_offline(False)
    expect(window.bubble("By five?").locator("[data-paid-state]")).to_have_text("Answered in 1 min")
    expect(header(window)).to_contain_text("Open,")


def details(window):
    window.page.locator("[data-toggle-details]").click()
    return window.page.locator("#purchases")


def test_cancelling_from_the_details(market, mara, tomasz, asked, inbox):
    window = inbox(mara, asked).wait_until_live()
    purchases = details(window)
    purchases.get_by_text("Cancel this question").click()
    expect(purchases).to_contain_text("Tomasz has not opened it yet. $50.00 goes back to your wallet at once")
    purchases.get_by_role("button", name="Cancel and take back $50.00").click()
    expect(purchases).to_contain_text("$50.00 back in Mara’s wallet")
    expect(header(window)).to_have_text("Refunded")
    expect(window.page.locator(".composer-closed")).to_be_visible()
    assert market.available(mara) == MONEY


def test_declining_reaches_the_other_s_open_details(market, mara, asked, client, expert):
    of_client = details(client)
    expect(of_client).to_contain_text("Answer due")
    of_expert = details(expert)
    of_expert.get_by_text("Decline this question").click()
    of_expert.get_by_role("button", name="Decline and refund $50.00").click()
    for purchases in (of_client, of_expert):
        expect(purchases).to_contain_text("Tomasz declined")
    expect(client.page.locator(".system-line").last).to_contain_text("Tomasz declined. $50.00 is back")
    assert market.available(mara) == MONEY


def test_objecting_with_a_reason(market, mara, tomasz, asked, client, expert):
    market.say(tomasz, asked, "No idea.")
    purchases = details(client)
    purchases.get_by_text("Object to the answer").click()
    purchases.get_by_label("What is wrong with the answer?").fill("That is no answer")
    purchases.get_by_role("button", name="Object", exact=True).click()
    expect(purchases).to_contain_text("You objected")
    for window in (client, expert):
        expect(header(window)).to_have_text("In dispute")
    expect(details(expert)).to_contain_text("Mara objected")


def test_a_step_refused_says_why_in_its_place(market, mara, tomasz, asked, client):
    purchases = details(client)
    purchases.get_by_text("Cancel this question").click()
    message = market.say(mara, asked, "Does it?")[0]
    market.read(tomasz, asked, message)
    purchases.get_by_role("button", name="Cancel and take back $50.00").click()
    expect(purchases.get_by_role("alert")).to_contain_text("has opened your question already")


@pytest.mark.parametrize("state", ["held", "answered", "disputed", "refunded"])
def test_accessible_in_every_state(inbox, market, mara, tomasz, asked, state):
    market.say_paid(mara, asked, "By five?")
    conversation = market.purchases(mara, asked)[-1]
    if state in ("answered", "disputed"):
        market.say(tomasz, asked, "Yes")
    if state == "disputed":
        market.step(mara, conversation, "dispute", reason="That is no answer")
    if state == "refunded":
        market.step(tomasz, conversation, "decline")
    window = inbox(mara, reduced_motion="reduce")
    look_at(window.page, f"/conversations/{asked}/details")
    look_at(window.page, f"/conversations/{asked}")


def test_a_voice_message_is_paid_for_by_a_button_that_says_so(market, mara, asked, client):
    choose(client, "Urgent")
    client.page.get_by_role("button", name="Record a voice message").click()
    expect(client.page.locator(".recorder-time")).to_have_text("0:01", timeout=10_000)
    client.page.get_by_role("button", name="Send, $20.00").click()
    bubble = client.bubbles.filter(has=client.page.locator("voice-message"))
    expect(bubble.locator(".paid-head")).to_contain_text("Urgent · $20.00")
    assert market.available(mara) == MONEY - PRICE - URGENT


def test_the_paid_question_outlasts_its_time_until_it_is_answered(client, market, mara, tomasz, asked):
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    body = {"conversationId": asked, "content": "From when does it count?", "expiresAt": soon}
    market.server.call(mara, "POST", "/api/messages", json=body)
    bubble = client.bubble("From when does it count?")
    expect(bubble.locator("expiry-timer")).to_be_visible()
    expect(bubble.locator("expiry-timer")).to_be_hidden()
    client.page.reload()
    client.wait_until_live()
    expect(bubble).to_be_visible()
    market.say(tomasz, asked, "From signing.")
    expect(bubble).to_have_count(0)
    expect(client.bubble("From signing.")).to_be_visible()
