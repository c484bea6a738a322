"""The wallet by its forms: topping up through the sandbox and back, payouts, the statement."""

import re

import pytest

from lumina.services import topups, wallets
from tests.pages.conftest import HTMX
from tests.support import paying
from tests.support.forms import Forms

TOKEN = re.compile(r"/sandbox/checkout/[\w-]+")
KEY = re.compile(r'name="key"[^>]*value="([^"]+)"')


@pytest.fixture
def outsider(app, cast):
    return Forms(app.test_client()).sign_in(cast.outsider)


@pytest.fixture
def checkout(owner):
    """Starts a top-up of 50: the sandbox's address."""

    def checkout(**fields):
        form = {"choice": "5000", **fields}
        return owner.post("/wallet/topups", **form).headers["Location"]

    return checkout


def available(api, cast):
    return paying.balances(api, cast.owner)[0]


def test_through_the_sandbox_and_back(app, api, cast, owner, page, checkout):
    address = checkout()
    assert TOKEN.fullmatch(address)
    html = page(address)
    assert "$50.00" in html
    assert available(api, cast) == 0
    paid = owner.post(address, answer="pay")
    assert paid.headers["Location"] == "/wallet"
    html = page("/wallet")
    assert "$50.00 is in your wallet." in html
    assert "+$50.00" in html
    assert "$50.00 is in your wallet." not in page("/wallet")
    for again in ("pay", "cancel"):
        owner.post(address, answer=again)
    assert available(api, cast) == 5000
    assert page(address, status=303)
    paying.require_true_ledger(app)


def test_cancelling(api, cast, owner, page, checkout):
    address = checkout()
    owner.post(address, answer="cancel")
    owner.post(address, answer="pay")
    assert available(api, cast) == 0
    assert "Cancelled. Nothing was taken." in page("/wallet")


@pytest.mark.parametrize(
    ("return_to", "location"),
    [
        ("/experts/7/ask", "/experts/7/ask"),
        ("/experts/7/ask?x=1", "/experts/7/ask?x=1"),
        ("//evil.example/", "/wallet"),
        ("https://evil.example/", "/wallet"),
        ("/\\evil.example", "/wallet"),
        ("javascript:alert(1)", "/wallet"),
        ("", "/wallet"),
    ],
)
@pytest.mark.parametrize("answer", ["pay", "cancel"])
def test_back_to_where_one_was(owner, checkout, return_to, location, answer):
    address = checkout(return_to=return_to)
    assert owner.post(address, answer=answer).headers["Location"] == location


def test_a_link_asks_for_what_is_missing(page):
    html = page("/wallet?amount=1250&return_to=/experts/7/ask")
    assert 'value="12.50"' in html
    assert re.search(r'value="other" checked', html)
    assert re.search(r'name="return_to"[^>]*value="/experts/7/ask"', html)
    assert "You come back to where you were." in html
    assert re.search(r'value="20000" checked', page("/wallet?amount=20000"))


@pytest.mark.parametrize("asked", ["x", "-5", "1.5", "9" * 40, "", "0", "٣"])
def test_nonsense_in_a_link_is_no_matter(page, asked):
    assert "Top up" in page("/wallet", query_string={"amount": asked, "return_to": "//evil.example"})
    assert "evil" not in page("/wallet", query_string={"return_to": "//evil.example"})


@pytest.fixture(autouse=True)
def signed_in(owner):
    return owner


@pytest.mark.parametrize(("typed", "minor"), [("12.50", 1250), ("12,50", 1250), (" 7 ", 700), ("1,5", 150)])
def test_amounts_as_people_type_them(api, cast, owner, checkout, typed, minor):
    owner.post(checkout(choice="other", amount=typed), answer="pay")
    assert available(api, cast) == minor


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "This is no amount."),
        ("twelve", "This is no amount."),
        ("-5", "This is no amount."),
        ("1.234", "This is no amount."),
        ("1,000.00", "This is no amount."),
        ("0.99", "From $1.00 to $10,000.00."),
        ("10000.01", "From $1.00 to $10,000.00."),
    ],
)
@pytest.mark.parametrize("choice", ["other", "1", "nonsense"])
def test_what_is_no_amount_is_told_beside_the_field(owner, typed, told, choice):
    refused = owner.post("/wallet/topups", status=400, choice=choice, amount=typed, return_to="/experts")
    html = refused.get_data(as_text=True)
    assert re.search(f'id="amount-error"[^>]*>.*{re.escape(told)}', html)
    assert re.search(r'name="return_to"[^>]*value="/experts"', html)


def test_without_a_provider_the_page_says_so(owner, page, monkeypatch):
    monkeypatch.setattr(topups, "_provider", None)
    assert "no payment provider is set up" in page("/wallet")
    owner.post("/wallet/topups", status=409, choice="5000")
    page("/sandbox/checkout/any", status=404)


def test_only_its_owner_sees_it(outsider, owner, page, checkout):
    address = checkout()
    for path in (address, "/sandbox/checkout/guessed"):
        assert outsider.client.get(path).status_code == 404
        outsider.post(path, status=404, answer="pay")
    assert "Sandbox checkout" in page(address)


def test_another_s_top_up_is_not_found(api, cast, outsider, page):
    topup = api.as_(cast.owner).post("/api/wallet/topups", {"amountMinor": 500})["topup"]
    path = f"/wallet/topups/{topup['id']}"
    assert outsider.client.get(path).status_code == 404
    assert "Waiting for the payment provider" in page(path)
    assert page(path, headers=HTMX) == "open"


def test_to_stripe_and_back(api, cast, owner, page, stripe):
    location = owner.post("/wallet/topups", choice="5000", return_to="/experts").headers["Location"]
    assert location.endswith("?go=1")
    [session] = stripe.sessions.values()
    assert f'href="{session["url"]}"' in page(location)
    back = session["success_url"].removeprefix("http://localhost")
    assert session["url"] not in page(back)
    left = owner.client.get(f"{back}?left=1")
    assert (left.status_code, left.headers["Location"]) == (303, "/experts")
    stripe.pay(session["id"])
    stripe.tell("checkout.session.completed", session)
    assert page(back, headers=HTMX) == "paid"
    assert owner.client.get(back).headers["Location"] == "/experts"
    assert "sandbox" not in page("/wallet")


def test_left_without_paying(owner, page, stripe):
    location = owner.post("/wallet/topups", choice="5000").headers["Location"]
    owner.client.get(location.replace("go", "left"))
    assert "Nothing was taken." in page("/wallet")


def test_stripe_out_of_order_is_told_beside_the_field(owner, stripe):
    stripe.failing = (500, {"error": {"type": "api_error", "message": "Sorry"}})
    refused = owner.post("/wallet/topups", status=503, choice="5000")
    assert "Nothing has been taken." in refused.get_data(as_text=True)


@pytest.fixture
def rich(app, cast):
    paying.credit(app, cast.owner, 5000)


def test_a_payout(app, api, cast, rich, owner, page):
    form = {"payout": "12,50", "key": KEY.search(page("/wallet"))[1]}
    for _ in range(2):
        assert owner.post("/wallet/payouts", **form).headers["Location"] == "/wallet#payouts"
    html = page("/wallet")
    assert "$12.50 is on its way" in html
    assert "Asked for" in html
    assert "$12.50 more is on its way out to you." in html
    assert available(api, cast) == 3750
    paying.require_true_ledger(app)


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("x", 400, "This is no amount."),
        ("0", 400, "From $0.01"),
        ("50.01", 402, "not enough in your wallet"),
    ],
)
def test_a_payout_that_cannot_be(rich, owner, typed, status, told):
    refused = owner.post("/wallet/payouts", status=status, payout=typed, key="k")
    html = refused.get_data(as_text=True)
    assert re.search(f'id="payout-error"[^>]*>.*{re.escape(told)}', html)
    assert f'value="{typed}"' in html


def test_the_statement_leads_to_its_conversations(api, cast, rich, page):
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    html = page("/wallet")
    link = f'Asked <a href="/conversations/{asked["id"]}">{cast.member.name}</a>'
    assert link in html
    assert "1 question waiting" in html
    assert "Held now" in html
    assert link in page("/wallet?account=held")
    assert "Nothing has been pending yet" in page("/wallet?account=pending")
    assert link in page("/wallet?account=nonsense")
    assert link in page("/wallet", headers=HTMX)


def test_a_long_statement_in_pages(app, cast, page):
    with app.app_context():
        for amount in range(1, 61):
            wallets.credit(cast.owner.email, amount)
    seen, address = [], "/wallet"
    while address:
        html = page(address, headers=HTMX if seen else {})
        seen += re.findall(r'class="line-amount[^"]*">\+\$0\.(\d\d)<', html)
        older = re.search(r'href="(/wallet\?account=available&amp;cursor=[^"]+)"', html)
        address = older and older[1].replace("&amp;", "&")
    assert seen == [f"{amount:02}" for amount in range(60, 0, -1)]
    assert page("/wallet?cursor=nonsense", status=400)


def test_every_state_has_its_words(app, api, cast, rich, owner, page):
    paying.credit(app, cast.owner, 20_000)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    member = Forms(app.test_client()).sign_in(cast.member).client

    def theirs(account):
        return member.get(f"/wallet?account={account}").get_data(as_text=True)

    assert "Held, answer due" in page("/wallet")
    paying.urgent(api, cast.owner, asked, "By five!")
    assert "Urgent message to" in page("/wallet")
    paying.advance(app, 60)
    paying.say(api, cast.member, asked, "Here")
    assert "Answered in" in page("/wallet")
    assert "To be paid out" in theirs("pending")
    assert "2 answers, the next paid out" in theirs("available")
    paying.take(api, cast.owner, asked["escrow"], "dispute", {"reason": "No"})
    assert "an admin decides" in page("/wallet")
    paying.advance(app, 73 * paying.HOUR)
    assert "An admin decides about it" in theirs("available")
    paying.take(api, cast.admin, asked["escrow"], "resolve", {"outcome": "split", "expertMinor": 2000})
    assert "divided by an admin" in page("/wallet")
    assert "Urgent message paid out" in theirs("available")
    assert "Nothing waits to be paid out" in theirs("available")
    assert "No fee" in theirs("available")
    paying.advance(app, 8 * paying.DAY)
    path = f"/api/messages/conversations/{asked['id']}/renew"
    renewed = api.as_(cast.owner).post(path, {})["conversation"]
    paying.take(api, cast.member, renewed["escrow"], "decline")
    html = page("/wallet")
    assert "Declined" in html
    assert "Refunded" in html


def test_a_debt_is_told(app, api, cast, owner, page, stripe):
    owner.post("/wallet/topups", choice="5000")
    [session] = stripe.sessions.values()
    charge = stripe.pay(session["id"])
    stripe.tell("checkout.session.completed", session)
    api.as_(cast.owner).post("/api/wallet/payouts", {"amountMinor": 4000})
    stripe.tell("charge.dispute.created", stripe.dispute(charge))
    assert "$40.00 is owed" in page("/wallet")


def test_the_statement_as_a_file(rich, client):
    answer = client.get("/wallet/statement.csv?account=available&from=&to=")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lumina-available.csv"'
    text = answer.get_data().decode("utf-8-sig")
    assert text.splitlines()[0] == "date,kind,description,amount,balance,currency,escrow"
    assert "50.00,50.00,USD" in text
    assert client.get("/wallet/statement.csv?from=yesterday").status_code == 400
