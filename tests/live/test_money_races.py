"""Money under two hands at once, over real connections: it is spent once, and comes back once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.live.conftest import CONVERSATIONS, crowd, post

PRICE, CLIENTS = 5000, 64
EXPERTS = 4


@pytest.fixture
def people(live_server):
    """One client with money for one question, and experts."""
    client, *experts = crowd(live_server, 1 + EXPERTS)
    for expert in experts:
        offer = {"offer": {"conversationPriceMinor": PRICE}}
        assert live_server.call(expert, "PUT", "/api/experts/me", json=offer).status_code == 200
    live_server.flask("wallet", "credit", client.email, str(PRICE))
    return client, experts


def at_once(calls):
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(60)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_64_purchases_at_once_spend_one_balance_once(live_server, people):
    """Double clicks among them: each expert is asked by many at the same moment."""
    client, experts = people

    def ask(number):
        body = {"type": "priority_dm", "participantIds": [experts[number % EXPERTS].id]}
        return lambda: post(live_server, client, CONVERSATIONS, body)

    answers = at_once([ask(number) for number in range(CLIENTS)])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 402, 409}, statuses
    wallet = live_server.call(client, "GET", "/api/wallet").json()["data"]["wallet"]
    assert (wallet["availableMinor"], wallet["heldMinor"]) == (0, PRICE)
    lines = live_server.call(client, "GET", "/api/wallet/transactions").json()["data"]["transactions"]
    assert [line["amountMinor"] for line in lines] == [-PRICE, PRICE]
    assert "true" in live_server.flask("ledger", "check")


def test_a_paid_message_clicked_twice_is_charged_once(live_server, people):
    client, [expert, *_] = people
    body = {"type": "priority_dm", "participantIds": [expert.id]}
    asked = post(live_server, client, CONVERSATIONS, body).json()["data"]["conversation"]
    live_server.flask("wallet", "credit", client.email, "10000")
    message = {"conversationId": asked["id"], "content": "Now!", "clientMessageId": "one-click"}
    message |= {"isPriority": True, "priorityLevel": "urgent", "priorityPrice": 20}
    answers = at_once([lambda: post(live_server, client, "/api/messages", message)] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["data"]["message"]["id"] for answer in answers}) == 1
    assert len({answer.json()["data"]["message"]["escrow"]["id"] for answer in answers}) == 1
    wallet = live_server.call(client, "GET", "/api/wallet").json()["data"]["wallet"]
    assert (wallet["availableMinor"], wallet["heldMinor"]) == (8000, PRICE + 2000)
