"""The pages of admins, by a browser without scripts."""

import re
from functools import partial

import pytest
from sqlalchemy import text

from lumina.extensions import db, limiter
from lumina.services import administration, ledger_check, payouts, wallets
from tests.support import administering, files, life, making, paying
from tests.support.forms import Forms
from tests.support.paying import HOUR

GETS = ["", "/disputes", "/disputes/{escrow}", "/payouts", "/people", "/people/{owner}", "/log"]
POSTS = [
    ("/check", {}),
    ("/disputes/{escrow}", {"outcome": "release", "confirmed": "1"}),
    ("/payouts/{payout}", {"paid": "1", "confirmed": "1"}),
    ("/people/{owner}/adjust", {"amount": "5", "note": "A gift"}),
    ("/people/{owner}/payout", {"amount": "5"}),
    ("/people/{outsider}/suspend", {"suspended": "1", "reason": "Spam"}),
]
KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def client_person(app, cast):
    paying.credit(app, cast.owner, 20_000)
    return cast.owner


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture
def asked(api, client_person, expert):
    return paying.ask(api, client_person, expert)


@pytest.fixture
def disputed(api, cast, expert, asked):
    return administering.dispute(api, cast.owner, expert, asked, "That is no answer")


@pytest.fixture
def payout(app, client_person):
    with app.app_context():
        return str(payouts.ask(client_person.user, 5000).id)


@pytest.fixture
def admin(client, cast):
    return Forms(client).sign_in(cast.admin)


@pytest.fixture
def names(cast, disputed, payout):
    return {
        "escrow": disputed["id"],
        "payout": payout,
        "owner": cast.owner.id,
        "outsider": cast.outsider.id,
    }


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
def test_there_are_no_such_pages_for_anybody_else(app, cast, names, who):
    browser = Forms(app.test_client()).sign_in(getattr(cast, who))
    before = making.everything(app)
    for path in GETS:
        answer = browser.client.get(f"/admin{path.format(**names)}")
        assert answer.status_code == 404, path
    for path, form in POSTS:
        browser.post(f"/admin{path.format(**names)}", status=404, **form)
    assert making.everything(app) == before
    assert "/admin" not in browser.client.get("/settings").get_data(as_text=True)


def test_nobody_at_all_is_led_to_the_sign_in(app, names):
    for path in GETS:
        answer = app.test_client().get(f"/admin{path.format(**names)}")
        assert answer.headers["Location"].startswith("/login?next=%2Fadmin")


def test_the_overview_tells_how_things_stand(app, admin, page, disputed, payout):
    html = page("/admin")
    for words in ("In dispute", "$50.00", "1 purchase", "1 payout", "Nothing is late", "Not checked yet"):
        assert words in html
    assert 'href="/admin"' in page("/settings")


def test_what_is_late_is_told(app, admin, page, asked):
    with app.app_context():
        db.session.execute(text("UPDATE escrows SET answer_by = '2020-01-01 00:00:00.000000'"))
        db.session.commit()
    assert re.search(r"\d+ d( \d+ h)? late: escrow_refunds", page("/admin"))


def test_what_does_not_answer_is_told(admin, page, monkeypatch):
    monkeypatch.setattr(limiter.strategy.storage, "check", lambda: False)
    assert "Does not answer" in page("/admin")


def spoil(app, amount):
    with app.app_context():
        db.session.execute(
            text(
                f"UPDATE ledger_accounts SET balance_minor = balance_minor + {amount} WHERE kind = 'available'"
            )
        )
        db.session.commit()


def test_the_ledger_is_checked(app, admin, page, asked):
    assert admin.post("/admin/check").headers["Location"] == "/admin#health"
    assert "Every balance is the sum of its entries" in page("/admin")
    spoil(app, 7)
    # What was found stands until the next look.
    assert "Every balance is the sum of its entries" in page("/admin")
    admin.post("/admin/check")
    html = page("/admin")
    assert "This is not as it should be" in html
    assert "its balance is 15007, its entries add up to 15000" in html
    spoil(app, -7)


def test_a_command_s_check_is_told_too_and_many_differences_in_short(app, admin, page, asked, monkeypatch):
    monkeypatch.setattr(ledger_check, "MOST_KEPT", 1)
    making.crowd(app, 3)
    with app.app_context():
        for user_id in db.session.scalars(text("SELECT id FROM users WHERE first_name = 'Crowd'")):
            wallets.adjust(None, user_id, 100)
    spoil(app, 7)
    told = app.test_cli_runner().invoke(args=["ledger", "check"])
    assert told.exit_code == 1
    html = page("/admin")
    assert html.count("its entries add up to") == 1
    assert "These are the first 1 of " in html
    spoil(app, -7)
    assert app.test_cli_runner().invoke(args=["ledger", "check"]).output == "The ledger is true.\n"
    assert "Every balance is the sum of its entries" in page("/admin")


def test_a_long_ledger_is_not_checked_while_somebody_waits(app, admin, page, asked, monkeypatch):
    monkeypatch.setattr(ledger_check, "MOST_ENTRIES", 1)
    html = page("/admin")
    assert "Not checked yet" in html
    assert 'action="/admin/check"' not in html
    assert "too long to be checked while you wait" in html
    html = admin.post("/admin/check", status=409).get_data(as_text=True)
    assert "Not checked yet" in html


def test_nor_are_all_its_wallets_added_up_then(app, cast, admin, page, asked, monkeypatch):
    together = "Available</dt><dd>$150.00"
    assert together in page("/admin")
    monkeypatch.setattr(ledger_check, "MOST_ENTRIES", 1)
    assert "too many wallets to add up" in page("/admin")
    app.test_cli_runner().invoke(args=["ledger", "check"])
    paying.credit(app, cast.owner, 100)
    html = page("/admin")
    assert together in html
    assert re.search(r"adds up to zero\. As of <[^>]+>[^<]+</[a-z-]+>\.", html)
    monkeypatch.undo()
    assert "Available</dt><dd>$151.00" in page("/admin")


def test_disputes_are_listed(app, api, cast, admin, page, disputed):
    html = page("/admin/disputes")
    assert "Mara Ellison asked Tomasz Novak" in html
    assert "That is no answer" in html
    assert "None at the moment" in page("/admin/disputes?state=split")
    assert "Nothing is in dispute" not in page("/admin/disputes?state=nonsense")
    page("/admin/disputes?cursor=x", status=400)
    paying.take(api, cast.admin, disputed, "resolve", {"outcome": "release"})
    assert "Nothing is in dispute" in page("/admin/disputes")
    assert "Mara Ellison asked Tomasz Novak" in page("/admin/disputes?state=released")


def test_many_disputes_have_pages(app, api, cast, admin, page, expert, monkeypatch):
    paying.credit(app, cast.owner, 100_000)
    asked = paying.ask(api, cast.owner, expert)
    bought = [paying.urgent(api, cast.owner, asked, f"Number {number}")["escrow"] for number in range(3)]
    paying.say(api, expert, asked, "No.")
    for escrow in bought:
        paying.take(api, cast.owner, escrow, "dispute", {"reason": "No answer"})
    monkeypatch.setattr(administration, "list_purchases", partial(administration.list_purchases, limit=2))
    html = page("/admin/disputes")
    more = re.search(r'href="(/admin/disputes\?state=disputed&amp;cursor=[^"]+)"', html)
    assert html.count('class="rows-row"') == 2
    assert "Urgent" in html
    rest = page(more[1].replace("&amp;", "&"))
    assert rest.count('class="rows-row"') == 1
    assert "Show more" not in rest


def test_a_dispute_shows_all_that_it_rests_on(app, api, cast, admin, page, expert, asked):
    question = paying.say(api, cast.owner, asked, "From when does it count?")
    urgent = paying.urgent(api, cast.owner, asked, "By five!")
    sent = files.send(api, expert, asked, ("plan.png", files.picture()))
    said = paying.say(api, expert, asked, "It *never* counts")
    life.edit(api, expert, said, "It counts")
    life.delete(api, expert, said)
    life.delete(api, expert, sent)
    life.hide(api, cast.owner, question)
    paying.take(api, cast.owner, asked["escrow"], "dispute", {"reason": "That is no answer"})
    html = page(f"/admin/disputes/{asked['escrow']['id']}")
    for words in (
        "What Mara objects to",
        "That is no answer",
        "From when does it count?",
        "<em>never</em>",
        "It counts",
        "Deleted by Tomasz Novak",
        "Edited",
        "Urgent, $20.00",
        "$50.00 held for the answer",
        "$50.00 for Tomasz, $0.00 fee",
    ):
        assert words in html, words
    address = f"/admin/escrows/{asked['escrow']['id']}/files/{sent['attachments'][0]['id']}"
    assert f'href="{address}"' in html
    assert f'src="{address}/thumb"' in html
    assert admin.client.get(address).data == files.picture()
    assert urgent["escrow"]["state"] == "held"
    page("/admin/disputes/987654321", status=404)


def test_what_nothing_is_kept_of_says_so(app, api, cast, admin, page, expert, asked):
    said = paying.say(api, expert, asked, "It never counts")
    life.delete(api, expert, said)
    paying.advance(app, 80 * HOUR)
    paying.carry_out(app)
    html = page(f"/admin/disputes/{asked['escrow']['id']}")
    assert "Nothing of it is kept any more." in html
    assert "It never counts" not in html
    assert "decide" not in html
    assert "Settled" in html


def test_a_long_history_has_pages(api, cast, admin, page, asked):
    for number in range(60):
        paying.say(api, cast.owner, asked, f"Number {number}")
    path = f"/admin/disputes/{asked['escrow']['id']}"
    html = page(path)
    assert "Number 59" in html
    assert "Number 9<" not in html
    earlier = re.search(rf'href="({path}\?before=\d+)#history"', html)[1]
    html = page(earlier)
    assert "Number 9<" in html
    assert "Earlier messages" not in html
    later = re.search(rf'href="({path}\?after=\d+)#history"', html)[1]
    assert "Number 59" in page(later)


@pytest.mark.parametrize(
    ("form", "sums", "state"),
    [
        ({"outcome": "release"}, ("$50.00", "$0.00", "$0.00"), "released"),
        ({"outcome": "refund"}, ("$0.00", "$0.00", "$50.00"), "refunded"),
        ({"outcome": "split", "part": "12.5"}, ("$12.50", "$0.00", "$37.50"), "split"),
    ],
)
def test_a_decision_is_shown_and_then_taken(api, cast, admin, page, disputed, form, sums, state):
    path, form = f"/admin/disputes/{disputed['id']}", form | {"note": "As I see it"}
    html = admin.post(path, status=200, **form).get_data(as_text=True)
    assert tuple(re.findall(r"<dd>([^<]+)</dd>", html))[:3] == sums
    assert "As I see it" in html
    assert paying.escrow(api, cast.owner, disputed)["state"] == "disputed"
    assert admin.post(path, confirmed="1", **form).headers["Location"] == path
    assert paying.escrow(api, cast.owner, disputed)["state"] == state
    html = page(path)
    assert "Decided. Both have been told." in html
    assert 'name="outcome"' not in html
    entry = next(e for e in administering.log(api, cast.admin) if e["act"] == "dispute_resolved")
    assert entry["details"]["note"] == "As I see it"


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "outcome", "Choose what is to be done."),
        ({"outcome": "all of it"}, "outcome", "Choose what is to be done."),
        ({"outcome": "split"}, "part", "Type an amount such as 12.50."),
        ({"outcome": "split", "part": "half"}, "part", "Type an amount such as 12.50."),
        ({"outcome": "split", "part": "0"}, "part", "The expert gets a part of it, and not all."),
        ({"outcome": "split", "part": "50.00"}, "part", "The expert gets a part of it, and not all."),
        ({"outcome": "split", "part": "-1"}, "part", "The expert gets a part of it, and not all."),
        ({"outcome": "split", "part": "9" * 40}, "part", "Type an amount such as 12.50."),
        (
            {"outcome": "release", "note": "x" * 501, "confirmed": "1"},
            "note",
            "This is longer than 500 characters.",
        ),
    ],
)
def test_a_refused_decision_is_told_beside_its_field(api, cast, admin, disputed, form, field, words):
    html = admin.post(f"/admin/disputes/{disputed['id']}", status=400, **form).get_data(as_text=True)
    assert re.search(rf'id="{field}-error"[^>]*>.*?{re.escape(words)}', html), words
    assert paying.escrow(api, cast.owner, disputed)["state"] == "disputed"
    if "part" in form:
        assert f'name="part" value="{form["part"]}"' in html


def test_of_two_admins_one_decides(app, api, cast, admin, disputed):
    form = {"outcome": "release", "confirmed": "1"}
    admin.post(f"/admin/disputes/{disputed['id']}", **form)
    html = admin.post(f"/admin/disputes/{disputed['id']}", status=409, **form).get_data(as_text=True)
    assert "This purchase is released." in html
    assert paying.balances(api, cast.member) == (5000, 0, 0)


def test_a_party_is_asked_to_let_another_decide(app, api, cast, admin, page, expert):
    paying.credit(app, cast.admin, 5000)
    asked = paying.ask(api, cast.admin, expert)
    escrow = administering.dispute(api, cast.admin, expert, asked)
    assert "You are a party to this purchase." in page(f"/admin/disputes/{escrow['id']}")


def test_payouts_are_paid_or_sent_back(app, api, cast, admin, page, payout):
    html = page("/admin/payouts")
    assert "Mark $50.00 for Mara Ellison as paid" in html
    path = f"/admin/payouts/{payout}"
    assert admin.post(path, paid="0").headers["Location"] == "/admin/payouts"
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    html = page("/admin/payouts")
    assert "Sent back to the wallet." in html
    assert "No payout waits" in html
    html = admin.post(path, status=409, paid="1").get_data(as_text=True)
    assert "This payout has been settled already." in html
    with app.app_context():
        another = payouts.ask(cast.owner.user, 700).id
    html = admin.post(f"/admin/payouts/{another}", status=200, paid="1").get_data(as_text=True)
    assert "Has $7.00 been paid?" in html
    assert "Mara Ellison" in html
    assert paying.balances(api, cast.owner) == (19_300, 0, 0)
    assert "Mark $7.00 for Mara Ellison as paid" in page("/admin/payouts")
    admin.post(f"/admin/payouts/{another}", paid="1", confirmed="1")
    assert "Marked as paid." in page("/admin/payouts")
    assert paying.balances(api, cast.owner) == (19_300, 0, 0)


def test_many_payouts_have_pages(app, api, cast, admin, page, client_person):
    with app.app_context():
        for number in range(1, 52):
            payouts.ask(client_person.user, number)
    html = page("/admin/payouts")
    assert "Mark $0.50 for" in html
    assert "Mark $0.51 for" not in html
    following = re.search(r'id="more-rows"><a href="([^"]+)"', html)[1].replace("&amp;", "&")
    html = page(following)
    assert "Mark $0.51 for" in html
    assert "Mark $0.50 for" not in html
    assert "more-rows" not in html
    page("/admin/payouts?cursor=x", status=400)
    got = api.as_(cast.admin).get("/api/admin/payouts", limit=51)
    assert (len(got["payouts"]), got["nextCursor"]) == (51, None)


def test_people_are_found_by_name_or_whole_address(app, api, cast, admin, page, client_person):
    html = page("/admin/people")
    for person in (cast.owner, cast.member, cast.outsider, cast.admin):
        assert person.email in html
    assert html.count('class="rows-row"') == 4
    for query in ("mara", "ELLISON mara", cast.owner.email.upper()):
        html = page(f"/admin/people?query={query}")
        assert html.count('class="rows-row"') == 1
        assert "$200.00" in html
    for query in ("nobody", "mara.ellison@", "100%"):
        assert "Nobody found" in page("/admin/people", query_string={"query": query})


def test_many_people_have_pages(app, admin, page):
    making.crowd(app, 40)
    html = page("/admin/people?query=crowd")
    more = re.search(r'href="(/admin/people\?query=crowd&amp;cursor=[^"]+)"', html)[1]
    assert html.count('class="rows-row"') == 30
    rest = page(more.replace("&amp;", "&"))
    assert rest.count('class="rows-row"') == 10
    assert "Show more" not in rest
    page("/admin/people?cursor=x", status=400)


@pytest.mark.parametrize(("typed", "available"), [("12.50", 21_250), ("-200", 0), ("\u2212 0.5", 19_950)])
def test_a_wallet_is_adjusted(api, cast, admin, page, client_person, typed, available):
    path = f"/admin/people/{client_person.id}"
    form = {"amount": typed, "note": "Your voucher"}
    assert admin.post(f"{path}/adjust", **form).headers["Location"] == path
    assert paying.balances(api, client_person) == (available, 0, 0)
    html = page(path)
    assert "Adjusted by" in html
    assert "Your voucher" in html


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"amount": "-200.01", "note": "x"}, 402, "They have $200.00 available."),
        ({"amount": "", "note": "x"}, 400, "Type an amount such as 12.50."),
        ({"amount": "0", "note": "x"}, 400, "This is an amount other than 0"),
        ({"amount": "1.005", "note": "x"}, 400, "Type an amount such as 12.50."),
        ({"amount": "5", "note": " "}, 400, "Please fill this in."),
        ({"amount": "5"}, 400, "Please fill this in."),
    ],
)
def test_a_refused_adjustment_is_told_beside_its_field(api, admin, client_person, form, status, words):
    answer = admin.post(f"/admin/people/{client_person.id}/adjust", status=status, **form)
    html = answer.get_data(as_text=True)
    field = "note" if words == "Please fill this in." else "amount"
    assert words in re.search(rf'id="{field}-error".*?</p>', html)[0]
    assert f'value="{form["amount"]}"' in html
    assert paying.balances(api, client_person) == (20_000, 0, 0)


def test_a_double_click_adjusts_once(api, admin, page, client_person):
    path = f"/admin/people/{client_person.id}"
    form = {"amount": "5", "note": "Your voucher", "key": KEY.search(page(path))[1]}
    for _ in range(2):
        admin.post(f"{path}/adjust", **form)
    assert paying.balances(api, client_person) == (20_500, 0, 0)
    admin.post(f"{path}/adjust", **form | {"key": KEY.search(page(path))[1]})
    admin.post(f"{path}/adjust", **form | {"key": "\x00"})
    assert paying.balances(api, client_person) == (21_500, 0, 0)


def test_suspending_and_letting_in_again(app, api, cast, admin, page, client_person):
    path = f"/admin/people/{client_person.id}"
    html = admin.post(f"{path}/suspend", status=400, suspended="1", reason="").get_data(as_text=True)
    assert 'id="reason-error"' in html
    assert admin.post(f"{path}/suspend", suspended="1", reason="Spam").headers["Location"] == path
    html = page(path)
    for words in ("Suspended", "Let Mara in again", "Pay out", "Spam"):
        assert words in html
    assert admin.post(f"{path}/payout", amount="200").headers["Location"] == "/admin/payouts"
    html = admin.post(f"{path}/payout", status=402, amount="0.01").get_data(as_text=True)
    assert "They have $0.00 available." in html
    html = admin.post(f"{path}/payout", status=400, amount="x").get_data(as_text=True)
    assert "Type an amount such as 12.50." in html
    assert "Mara Ellison" in page("/admin/payouts")
    admin.post(f"{path}/suspend", suspended="0", reason="")
    assert "Suspend Mara" in page(path)
    acts = administering.acts(api, cast.admin, userId=client_person.id)
    assert acts == ["adjustment", "user_suspended", "payout_asked", "user_unsuspended"]


def test_oneself_is_not_suspended_here(cast, admin, page):
    path = f"/admin/people/{cast.admin.id}"
    assert f'action="{path}/suspend"' not in page(path)
    html = admin.post(f"{path}/suspend", status=400, suspended="1", reason="x").get_data(as_text=True)
    assert "Vera Lindqvist" in html


def test_nobody_is_found_who_is_not_there(admin, page):
    page("/admin/people/987654321", status=404)
    admin.post("/admin/people/987654321/adjust", status=404, amount="5", note="x")


def test_the_log_says_who_did_what_to_whom(app, api, cast, admin, page, disputed):
    administering.promote(app, cast.owner)
    form = {"outcome": "split", "part": "20", "note": "Half an answer", "confirmed": "1"}
    admin.post(f"/admin/disputes/{disputed['id']}", **form)
    html = page("/admin/log")
    for words in (
        "Decided: $20.00 of $50.00 to the expert",
        "Half an answer",
        "Made an admin",
        "Adjusted the wallet by +$200.00",
        "A command",
        f"Purchase {disputed['id']}",
    ):
        assert words in html, words


def test_the_log_of_one_person(app, api, cast, admin, page, disputed):
    page(f"/admin/disputes/{disputed['id']}")
    html = page("/admin/log?query=tomasz")
    assert "By or about Tomasz Novak" in html
    assert html.count('class="rows-row"') == 1
    assert "By or about Tomasz Novak" in page(f"/admin/log?person={cast.member.id}")
    assert "Nobody found by that name or address." in page("/admin/log?query=nobody")
    making.crowd(app, 2)
    html = page("/admin/log?query=crowd")
    assert "Whom do you mean?" in html
    assert html.count('class="search-pill"') == 2
    assert "Nothing yet" in page(f"/admin/log?person={cast.outsider.id}")
    page("/admin/log?person=987654321", status=404)


def test_a_long_log_has_pages(app, api, cast, admin, page):
    for _ in range(55):
        paying.credit(app, cast.owner, 1)
    html = page(f"/admin/log?person={cast.owner.id}")
    more = re.search(r'href="(/admin/log\?person=\d+&amp;cursor=[^"]+)"', html)[1]
    assert html.count('class="rows-row"') == 50
    assert page(more.replace("&amp;", "&")).count('class="rows-row"') == 5


def test_what_has_no_words_yet_is_named_as_it_is(app, admin, page):
    with app.app_context():
        db.session.execute(
            text(
                "INSERT INTO audit_entries (act, subject, details, created_at)"
                " VALUES ('hat_worn', 'hat:7', '{}', '2026-01-02 03:04:05.000000')"
            )
        )
        db.session.commit()
    assert "Hat worn" in page("/admin/log")


def test_what_was_paid_after_the_closing_is_seen_until_it_has_gone_back(app, api, cast, admin, page, stripe):
    api.as_(cast.outsider).post("/api/wallet/topups", {"amountMinor": 5000}, status=201)
    [session] = stripe.sessions.values()
    person = f"/admin/people/{cast.outsider.id}"
    assert "Not paid yet" in page(person)
    api.as_(cast.outsider).delete("/api/users/me", {"password": cast.outsider.password})
    stripe.pay(session["id"])
    stripe.tell("checkout.session.completed", session)
    for html in (page("/admin/payouts"), page(person)):
        assert "Paid after closing, goes back" in html
        assert session["id"] in html
    stripe.failing = (400, {"error": {"type": "invalid_request_error", "message": "No"}})
    paying.carry_out(app)
    html = page("/admin/payouts")
    assert "goes back" not in html
    assert "Mark $50.00 for Deleted account as paid" in html
    assert "To be paid out by hand" in page(person)
    # Sent back, it waits to be asked for again, which nobody but an admin can.
    [payout] = api.as_(cast.admin).get("/api/admin/payouts")["payouts"]
    admin.post(f"/admin/payouts/{payout['id']}", paid="0")
    assert f'action="{person}/payout"' in page(person)
    admin.post(f"{person}/payout", amount="50")
    assert "Mark $50.00 for Deleted account as paid" in page("/admin/payouts")
