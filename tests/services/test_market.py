"""Whatever people do with money, in whatever order and however many at once, the ledger is true afterwards."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumina.services import purchases
from tests.support.application import empty
from tests.support.market import Market

VERBS = ["credit", "buy", "write", "answer", "decline", "cancel", "dispute", "resolve", "wait"]


@pytest.fixture(autouse=True)
def fee(monkeypatch):
    """One that leaves rests to round."""
    monkeypatch.setattr(purchases, "_fee_basis_points", 1275)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    verbs=st.lists(st.sampled_from(VERBS), min_size=10, max_size=40), random=st.randoms(use_true_random=False)
)
def test_whatever_they_do_the_ledger_is_true(app, verbs, random):
    with app.app_context():
        empty(app.extensions["sqlalchemy"].engine)
    market = Market.open(app)
    for verb in ["credit", "credit", "buy", "buy", *verbs]:
        market.act(verb, random)
    market.require_true()


def test_all_of_it_happens(app):
    """The test above would hold of people who do nothing."""
    market = Market.open(app)
    random = Random(7)
    for _ in range(400):
        market.act(random.choice([*VERBS, "credit", "buy", "answer", "answer", "dispute", "resolve"]), random)
    assert all(market.done[verb] for verb in VERBS), market.done
    market.require_true()


def test_many_at_once(app):
    """No deadlock, no lost update: six people's hands on the same few purchases and wallets."""
    market = Market.open(app)
    for seed in range(12):
        market.act("credit", Random(seed))
    busy = ["buy", "write", "answer", "decline", "cancel", "dispute", "resolve"]

    def hand(seed: int) -> None:
        random = Random(seed)
        for _ in range(25):
            market.act(random.choice(busy), random)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(hand, range(6)))
    market.require_true()
    assert market.done["buy"]
    assert market.done["answer"]
