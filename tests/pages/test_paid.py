"""A paid conversation in a browser without scripts: what it shows to its two, and what they can do there."""

import pytest

from tests.pages.conftest import FETCH, HTMX
from tests.support import making, paying
from tests.support.forms import Forms
from tests.support.paying import DAY, HOUR
from tests.support.queries import count_queries

PRICE = 5000


@pytest.fixture
def asked(app, api, cast):
    """The owner has asked the member, with money left."""
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 20_000)
    return paying.ask(api, cast.owner, cast.member)


@pytest.fixture
def here(asked):
    return f"/conversations/{asked['id']}"


@pytest.fixture
def show(app, here):
    """A page as one of the two sees it: show(member, "/details")."""

    def get(person, path="", status=200, **options):
        answer = person.client.get(f"{here}{path}", **options)
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    return get


@pytest.fixture
def of_member(app, cast):
    return Forms(app.test_client()).sign_in(cast.member)


def kept(html, name):
    """The attributes of the first element of this name."""
    return html.split(f"<{name} ", 1)[1].split(">", 1)[0]


def test_rows_and_header_bear_the_times(owner, show, asked):
    html = show(owner)
    for element in ("priority-ring", "time-chip"):
        attributes = kept(html, element)
        assert 'data-state="held"' in attributes
        assert f'data-answer-by="{asked["escrow"]["answerBy"]}"' in attributes
        assert f'data-expires-at="{asked["priorityExpiresAt"]}"' in attributes
    assert 'data-form="strip" data-role="client"' in html


def test_a_row_follows_its_purchase(owner, page, api, cast, asked):
    """Rows are kept: what they show must be in what they are kept by."""
    row = f"/conversations/{asked['id']}/row"
    assert 'data-state="held"' in page(row, headers=FETCH)
    paying.take(api, cast.member, asked["escrow"], "decline")
    assert 'data-state="refunded"' in page(row, headers=FETCH)


def test_the_tab_of_what_is_paid(owner, page, api, cast, asked):
    making.direct(api, cast.owner, cast.outsider)
    html = page("/conversations?filter=priority")
    assert 'id="tab-priority"' in html
    assert "Tomasz Novak" in html
    assert "Ines Okafor" not in html.split('id="conversation-rows"')[1]


def test_an_empty_tab_says_so(owner, page):
    assert "No paid conversations" in page("/conversations?filter=priority")


def test_the_receipt_says_what_was_agreed(owner, show, asked):
    receipt = show(owner).split('class="receipt"')[1]
    assert "Mara asked Tomasz Novak" in receipt
    assert "$50.00" in receipt
    assert f'datetime="{asked["escrow"]["answerBy"]}" data-format="deadline"' in receipt
    assert "Then 7 days to talk" in receipt


def test_lines_bear_their_times(owner, show, api, cast, asked):
    paying.urgent(api, cast.owner, asked, "By five?")
    paying.say(api, cast.member, asked, "Yes")
    html = show(owner)
    ends = paying.conversation(api, cast.owner, asked)["priorityExpiresAt"]
    assert f'until <local-time datetime="{ends}" data-format="deadline">' in html
    assert "is paid out unless Mara objects by <local-time" in html


@pytest.mark.parametrize("reader", ["owner", "of_member"])
def test_a_paid_bubble_says_how_it_stands(request, show, api, cast, asked, reader):
    reader = request.getfixturevalue(reader)
    paying.urgent(api, cast.owner, asked, "By five?")
    html = show(reader)
    assert "Urgent · $20.00" in html
    assert 'data-paid="held"' in html
    assert "due <local-time" in html
    paying.say(api, cast.member, asked, "Yes")
    html = show(reader)
    assert 'data-paid="answered"' in html
    assert "Answered in 1 min" in html
    message = next(e for e in escrows(api, cast.owner) if e["kind"] == "message")
    paying.take(api, cast.owner, message, "dispute", {"reason": "No."})
    assert 'data-paid="disputed"' in show(reader)
    paying.take(api, cast.admin, message, "resolve", {"outcome": "refund"})
    assert 'data-paid="refunded"' in show(reader)


def escrows(api, person):
    return api.as_(person).get("/api/escrows")["escrows"]


def test_the_client_chooses_a_level_and_pays_without_script(owner, show, api, cast, asked):
    html = show(owner)
    assert '<span class="level-price">$20.00</span>' in html
    assert 'name="urgent_price_minor" value="2000"' in html
    form = {
        "content": "By five?",
        "priority_level": "urgent",
        "high_price_minor": "1000",
        "urgent_price_minor": "2000",
        "client_message_id": "once",
    }
    for _ in range(2):
        owner.post(f"/conversations/{asked['id']}/messages", status=303, **form)
    assert paying.balances(api, cast.owner) == (13_000, 7_000, 0)


def test_a_free_level_costs_nothing(owner, api, cast, here):
    owner.post(f"{here}/messages", content="Hello", priority_level="normal", high_price_minor="1000")
    assert paying.balances(api, cast.owner)[0] == 15_000


@pytest.mark.parametrize(
    "form",
    [
        {"priority_level": "urgent"},
        {"priority_level": "urgent", "priority_price_minor": "-1"},
        {"priority_level": "urgent", "priority_price_minor": "9" * 16},
        {"priority_level": "urgent", "priority_price_minor": "20.00"},
        {"priority_level": "grave", "priority_price_minor": "2000"},
    ],
)
def test_no_level_without_its_price(owner, api, cast, here, form):
    owner.post(f"{here}/messages", status=400, content="By five?", **form)
    assert paying.balances(api, cast.owner)[0] == 15_000


def test_a_changed_price_is_asked_for_anew(owner, api, cast, here):
    paying.offer(api, cast.member, messagePricesMinor={"high": 1000, "urgent": 4000})
    form = {"content": "By five?", "priority_level": "urgent", "priority_price_minor": "2000"}
    html = owner.post(f"{here}/messages", status=409, **form).get_data(as_text=True)
    assert "The price has changed. Nothing has been taken." in html
    assert "By five?" in html
    assert 'name="urgent_price_minor" value="4000"' in html
    assert paying.balances(api, cast.owner)[0] == 15_000
    refused = owner.post(f"{here}/messages", status=409, headers=FETCH, **form).get_json()
    assert refused["code"] == "price_changed"
    assert refused["data"]["offer"]["messagePricesMinor"]["urgent"] == 4000


def test_too_little_money_leads_to_the_wallet(owner, app, api, cast, here):
    paying.offer(api, cast.member, messagePricesMinor={"high": 1000, "urgent": 90_000})
    form = {"content": "By five?", "priority_level": "urgent", "priority_price_minor": "90000"}
    html = owner.post(f"{here}/messages", status=402, **form).get_data(as_text=True)
    assert 'href="/wallet"' in html.split('role="alert"')[1].split("</p>")[0]
    assert 'value="urgent" data-price-minor="90000" data-answer-hours="4" checked' in html


def test_the_expert_writes_for_free_and_sees_what_it_earns(of_member, show):
    html = show(of_member)
    assert "priority_level" not in html
    assert "Your answer earns $50.00" in html
    assert 'data-standing="expert"' in html


def test_the_client_sees_until_when(owner, show, api, cast, asked):
    assert "Tomasz has until" in show(owner)
    paying.say(api, cast.member, asked, "Yes")
    assert "Tomasz has until" not in show(owner)


def test_what_is_closed_is_bought_anew(owner, of_member, show, app, api, cast, asked):
    paying.say(api, cast.member, asked, "Yes")
    paying.advance(app, 8 * DAY)
    html = show(owner)
    assert "The time to talk is over" in html
    assert f'href="/experts/{cast.member.id}/ask"' in html
    assert "<textarea" not in html
    assert "<textarea" in show(of_member)
    assert show(owner, "/composer", headers=FETCH).count("composer-closed-title") == 1


def test_what_is_refunded_says_where_the_money_is(owner, show, api, cast, asked):
    paying.take(api, cast.member, asked["escrow"], "decline")
    assert "$50.00 is back in your wallet" in show(owner)


def test_parts_are_for_our_own_code(owner, show):
    for path in ("/composer", "/purchases"):
        show(owner, path, status=303)
    assert "data-levels" in show(owner, "/composer", headers=FETCH)
    assert 'id="purchases"' in show(owner, "/purchases", headers=HTMX)


def test_an_ordinary_conversation_has_none_of_it(owner, direct, page):
    html = page(f"/conversations/{direct['id']}/details")
    assert "This purchase" not in html
    assert "priority_level" not in html
    assert page(f"/conversations/{direct['id']}/composer", headers=FETCH).count("data-standing") == 0


def test_details_tell_both_the_same_of_the_money(owner, of_member, show, app, api, cast, asked):
    for reader in (owner, of_member):
        html = show(reader, "/details")
        assert "$50.00 paid" in html
        assert "Answer due" in html
        assert "$50.00 held for the answer" in html
    paying.advance(app, HOUR)
    paying.say(api, cast.member, asked, "Yes")
    html = show(owner, "/details")
    for words in ("Answered in 1 h", "$50.00 paid out to Tomasz", "unless you object", "Window closes"):
        assert words in html
    assert "unless Mara objects" in show(of_member, "/details")
    paying.advance(app, 4 * DAY)
    for reader in (owner, of_member):
        assert "$50.00 paid to the expert, $0.00 fee" in show(reader, "/details")
    paying.advance(app, 4 * DAY)
    assert "Window closed" in show(owner, "/details")


def test_cancel(owner, show, api, cast, here, asked):
    path = f"/escrows/{asked['escrow']['id']}/cancel"
    assert path in show(owner, "/details")
    answer = owner.post(path, status=303)
    assert answer.headers["Location"] == f"{here}/details"
    html = show(owner, "/details")
    assert "$50.00 back in Mara’s wallet" in html
    assert "Mara cancelled" in html
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    again = owner.post(path, status=409).get_data(as_text=True)
    assert 'role="alert"' in again


def test_what_was_opened_is_not_offered_to_be_cancelled(owner, show, api, cast, asked):
    message = paying.say(api, cast.owner, asked, "Does it?")
    read = f"{paying.CONVERSATIONS}/{asked['id']}/read"
    api.as_(cast.member).post(read, {"messageId": message["id"]})
    path = f"/escrows/{asked['escrow']['id']}/cancel"
    assert path not in show(owner, "/details")
    html = owner.post(path, status=409).get_data(as_text=True)
    assert "has opened your question" in html.split('id="purchases"')[1]


def test_decline(of_member, owner, show, api, cast, here, asked):
    path = f"/escrows/{asked['escrow']['id']}/decline"
    html = show(of_member, "/details")
    assert "$50.00 goes back to Mara at once, in full." in html
    assert path not in show(owner, "/details")
    assert of_member.post(path, status=303).headers["Location"] == f"{here}/details"
    assert paying.balances(api, cast.owner) == (20_000, 0, 0)
    owner.post(path, status=403)


def test_object(owner, show, api, cast, asked):
    path = f"/escrows/{asked['escrow']['id']}/dispute"
    assert path not in show(owner, "/details")
    paying.say(api, cast.member, asked, "No idea.")
    assert path in show(owner, "/details")
    html = owner.post(path, status=400, reason=" ").get_data(as_text=True)
    assert 'role="alert"' in html.split(path, 1)[1]
    html = owner.post(path, status=400, reason="x" * 2001).get_data(as_text=True)
    assert "x" * 2001 in html
    owner.post(path, status=303, reason="That is\r\nno answer")
    html = show(owner, "/details")
    assert "You objected" in html
    assert "That is\nno answer" in html
    assert path not in html


def test_steps_by_htmx_bring_the_details(owner, asked):
    path = f"/escrows/{asked['escrow']['id']}/cancel"
    answer = owner.post(path, status=200, headers=HTMX)
    assert answer.get_data(as_text=True).lstrip().startswith("<section")
    assert owner.post(path, status=409, headers=FETCH).get_json()["code"] == "wrong_state"


def test_a_paid_message_has_steps_of_its_own(owner, of_member, show, api, cast, asked):
    message = paying.urgent(api, cast.owner, asked, "By five?")
    path = f"/escrows/{message['escrow']['id']}"
    assert f"{path}/cancel" in show(owner, "/details")
    of_member.post(f"{path}/decline", status=303)
    assert "Urgent message" in show(owner, "/details")
    assert paying.balances(api, cast.owner) == (15_000, 5_000, 0)


@pytest.mark.parametrize("path", ["", "/details"])
def test_much_costs_no_more_than_little(app, owner, show, api, cast, asked, path):
    counts = []
    for many in (1, 10):
        for number in range(many):
            paying.say(api, cast.owner, asked, f"{number}?", isPriority=True, priorityLevel="high")
        show(owner, path)
        with count_queries(app) as queries:
            show(owner, path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("step", ["cancel", "decline", "dispute"])
def test_an_outsider_takes_no_step(app, api, cast, asked, step):
    outsider = Forms(app.test_client()).sign_in(cast.outsider)
    before = paying.escrow(api, cast.owner, asked["escrow"])
    for escrow_id in (asked["escrow"]["id"], "987654321"):
        html = outsider.post(f"/escrows/{escrow_id}/{step}", status=404, reason="Mine").get_data(as_text=True)
        assert "Not found" in html
    assert paying.escrow(api, cast.owner, asked["escrow"]) == before
