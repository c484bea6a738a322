"""What is paid for through one door leaves the same as through another: purchases, money, lines, and what is told."""

import re

import pytest
from sqlalchemy import select

from lumina.extensions import db
from lumina.models import Escrow, LedgerEntry, LedgerTransaction, Message
from tests.support import paying
from tests.support.cast import enrol
from tests.support.forms import Forms
from tests.support.making import CONVERSATIONS

OFFERED = {"price_minor": "5000", "duration_days": "7", "answer_hours": "48"}
URGENT = {"content": "By five!", "isPriority": True, "priorityLevel": "urgent", "priorityPrice": 20}
EVENTS = (
    "message_received",
    "escrow_updated",
    "wallet_updated",
    "conversation_created",
    "conversation_updated",
)


@pytest.fixture
def pair(app, api):
    """Makes a client who can pay and an expert, new ones each time."""

    def make():
        with app.app_context():
            client, expert = enrol("Noor", f"Dalen{len(made)}"), enrol("Ines", f"Calloway{len(made)}")
        made.append(client)
        paying.credit(app, client, 20_000)
        paying.offer(api, expert)
        return client, expert

    made = []
    return make


def ask_by_page(app, api, client, expert, open_socket):
    form = {"question": "Does it count?", "client_message_id": f"of-{client.id}", **OFFERED}
    Forms(app.test_client()).sign_in(client).post(f"/experts/{expert.id}/ask", **form)


def ask_by_api(app, api, client, expert, open_socket):
    asked = paying.ask(api, client, expert, priorityPrice=50, priorityDuration=7)
    paying.say(api, client, asked, "Does it count?", clientMessageId=f"of-{client.id}")


def urge_by_page(forms, api, client, of, open_socket):
    form = {"content": "By five!", "priority_level": "urgent", "priority_price_minor": "2000"}
    forms.post(f"/conversations/{of}/messages", **form)


def urge_by_api(forms, api, client, of, open_socket):
    api.as_(client).post("/api/messages", {"conversationId": of, **URGENT}, status=201)


def urge_by_socket(forms, api, client, of, open_socket):
    answer = open_socket(client).emit("new_message", {"conversationId": of, **URGENT})
    assert answer["success"], answer


def left_behind(app, client):
    """The rows about this client's purchases, without what differs from run to run."""
    with app.app_context():
        bought = db.session.scalars(
            select(Escrow).where(Escrow.client_id == int(client.id)).order_by(Escrow.id)
        )
        escrows = [(e.kind, e.level, e.state, e.amount_minor, e.is_open, e.bought_position) for e in bought]
        of = select(Escrow.conversation_id).where(Escrow.client_id == int(client.id))
        messages = db.session.execute(
            select(Message.type, Message.position, Message.priority_level, Message.is_priority)
            .where(Message.conversation_id.in_(of))
            .order_by(Message.position)
        ).all()
        booked = db.session.execute(
            select(LedgerTransaction.kind, LedgerEntry.amount_minor)
            .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
            .join(Escrow, Escrow.id == LedgerTransaction.escrow_id)
            .where(Escrow.client_id == int(client.id))
            .order_by(LedgerEntry.id)
        ).all()
        return escrows, [tuple(row) for row in messages], [tuple(row) for row in booked]


def heard(socket):
    """The names of what arrived, in order, and what it says but for ids, names and moments."""
    return {name: [shape_of(payload) for payload in socket.arrived(name)] for name in EVENTS}


def shape_of(value):
    if isinstance(value, dict):
        return {name: shape_of(one) for name, one in value.items() if name not in ("clientMessageId", "html")}
    if isinstance(value, list):
        return [shape_of(one) for one in value]
    return re.sub(r"\d+", "#", value) if isinstance(value, str) else value


def test_asking(app, api, pair, open_socket):
    outcomes = []
    for ask in (ask_by_page, ask_by_api):
        client, expert = pair()
        socket = open_socket(expert)
        ask(app, api, client, expert, open_socket)
        outcomes.append((left_behind(app, client), heard(socket)))
    assert outcomes[0] == outcomes[1]
    (escrows, _, booked), told = outcomes[0]
    assert escrows == [("conversation", None, "held", 5000, True, 0)]
    assert booked == [("hold", -5000), ("hold", 5000)]
    assert [len(told[name]) for name in EVENTS] == [2, 1, 0, 1, 0]


def test_an_urgent_message(app, api, pair, open_socket):
    outcomes = []
    for urge in (urge_by_page, urge_by_api, urge_by_socket):
        client, expert = pair()
        of = paying.ask(api, client, expert)["id"]
        forms, socket = Forms(app.test_client()).sign_in(client), open_socket(expert)
        urge(forms, api, client, of, open_socket)
        outcomes.append((left_behind(app, client), heard(socket)))
        paying.require_true_ledger(app)
    assert outcomes[0] == outcomes[1] == outcomes[2]
    (escrows, _, booked), told = outcomes[0]
    assert escrows[1] == ("message", "urgent", "held", 2000, False, 2)
    assert booked[2:] == [("hold", -2000), ("hold", 2000)]
    assert [message["message"]["escrow"]["amountMinor"] for message in told["message_received"]] == [2000]


def test_a_changed_price_is_refused_by_each(app, api, pair, open_socket):
    client, expert = pair()
    of = paying.ask(api, client, expert)["id"]
    paying.offer(api, expert, messagePricesMinor={"urgent": 2500})
    body = {"conversationId": of, **URGENT}
    refused = api.as_(client).post("/api/messages", body, status=409)
    assert (refused["code"], refused["data"]["offer"]["messagePricesMinor"]["urgent"]) == (
        "price_changed",
        2500,
    )
    answer = open_socket(client).emit("new_message", body)
    assert (answer["success"], answer["code"], answer["data"]) == (False, "price_changed", refused["data"])
    form = {"content": "By five!", "priority_level": "urgent", "priority_price_minor": "2000"}
    page = Forms(app.test_client()).sign_in(client)
    assert "By five!" in page.post(f"/conversations/{of}/messages", status=409, **form).get_data(as_text=True)
    assert len(api.as_(client).get(f"{CONVERSATIONS}/{of}")["messages"]) == 1
    assert paying.balances(api, client) == (15_000, 5000, 0)
