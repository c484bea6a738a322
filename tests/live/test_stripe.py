"""Stripe's own client in the real server, against a server that speaks as Stripe does: over HTTP both ways."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.live.conftest import post
from tests.support.stripe import SECRET_KEY, WEBHOOK_SECRET, over_http
from tests.support.waiting import eventually

TOPUPS = "/api/wallet/topups"


@pytest.fixture
def server(make_server, stripe_server):
    made = make_server(
        STRIPE_SECRET_KEY=SECRET_KEY, STRIPE_WEBHOOK_SECRET=WEBHOOK_SECRET, STRIPE_API_URL=stripe_server.url
    )
    stripe_server.deliver = over_http(made.url)
    return made


def available(server, person):
    return server.call(person, "GET", "/api/wallet").json()["data"]["wallet"]["availableMinor"]


def test_somebody_pays_at_the_hosted_page(server, stripe_server):
    mara = server.register()
    topup = post(server, mara, TOPUPS, {"amountMinor": 5000}).json()["data"]["topup"]
    assert topup["checkoutUrl"].startswith(stripe_server.url)
    assert "<button>Pay</button>" in requests.get(topup["checkoutUrl"], timeout=10).text
    assert available(server, mara) == 0
    paid = requests.post(topup["checkoutUrl"], timeout=30, allow_redirects=False)
    assert paid.headers["Location"] == f"{server.url}/wallet/topups/{topup['id']}"
    assert available(server, mara) == 5000
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stripe_server.send, stripe_server.events * 8)) == [200] * 8
    assert available(server, mara) == 5000
    [charge] = stripe_server.charges.values()
    assert stripe_server.tell("charge.dispute.created", stripe_server.dispute(charge)) == [200]
    assert available(server, mara) == 0
    assert server.flask("ledger", "check") == "The ledger is true.\n"


def test_others_are_served_while_stripe_takes_its_time(server, stripe_server):
    mara = server.register()
    stripe_server.pause = 3
    waits = threading.Thread(target=post, args=(server, mara, TOPUPS, {"amountMinor": 5000}))
    waits.start()
    eventually(lambda: stripe_server.asked, 10)
    begun = time.monotonic()
    for _ in range(5):
        # A write, too: nothing waits for the network with the database in its hands.
        assert server.call(mara, "PATCH", "/api/users/me", json={"headline": "Hotels"}).ok
    assert time.monotonic() - begun < 2
    assert waits.is_alive()
    waits.join()


def test_killed_between_the_row_and_its_checkout(server, stripe_server):
    mara = server.register()
    stripe_server.pause = 5

    def ask():
        with pytest.raises(requests.RequestException):
            post(server, mara, TOPUPS, {"amountMinor": 5000}, key="k")

    waits = threading.Thread(target=ask)
    waits.start()
    eventually(lambda: stripe_server.asked, 10)
    server.kill()
    waits.join()
    stripe_server.pause = 0
    server.start()
    again = post(server, mara, TOPUPS, {"amountMinor": 5000}, key="k")
    assert again.status_code == 201
    topup = again.json()["data"]["topup"]
    assert requests.post(topup["checkoutUrl"], timeout=30, allow_redirects=False).status_code == 303
    assert available(server, mara) == 5000
    assert {session["client_reference_id"] for session in stripe_server.sessions.values()} == {topup["id"]}
    assert server.flask("ledger", "check") == "The ledger is true.\n"
