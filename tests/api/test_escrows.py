"""The life of a purchase, as both its parties see it through the API."""

import pytest

from tests.support import life, paying
from tests.support.making import CONVERSATIONS
from tests.support.paying import DAY, HOUR

PRICE = 5000


@pytest.fixture
def client(cast):
    return cast.owner


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def rich(app, client):
    paying.credit(app, client, 20_000)


@pytest.fixture
def asked(api, rich, client, expert):
    return paying.ask(api, client, expert)


def kinds(api, person, conversation):
    """What the system lines of the conversation tell of, in order."""
    messages = life.read(api, person, conversation)["messages"]
    return [message["system"]["kind"] for message in messages if message["messageType"] == "system"]


def test_a_question_is_paid_for_answered_and_released(app, api, client, expert, asked):
    escrow = asked["escrow"]
    assert (asked["type"], asked["isPriorityConversation"], asked["priorityPrice"]) == (
        "priority_dm",
        True,
        50,
    )
    assert (asked["priorityDuration"], escrow["state"], escrow["amountMinor"]) == (7, "held", PRICE)
    assert paying.balances(api, client) == (15_000, PRICE, 0)
    paying.say(api, client, asked, "Does it count this year?")
    answer = paying.say(api, expert, asked, "Collection decides.")
    answered = paying.escrow(api, client, escrow)
    assert (answered["state"], answered["answeredAt"]) == ("answered", answer["createdAt"])
    assert paying.balances(api, client) == (15_000, 0, 0)
    assert paying.balances(api, expert) == (0, 0, PRICE)
    paying.advance(app, 72 * HOUR - 60)
    assert paying.escrow(api, expert, escrow)["state"] == "answered"
    paying.advance(app, 120)
    assert paying.escrow(api, expert, escrow)["state"] == "released"
    assert paying.balances(api, expert) == (PRICE, 0, 0)
    assert kinds(api, client, asked) == ["purchased", "answered", "released"]


def test_silence_gives_all_of_it_back(app, api, client, expert, asked):
    paying.say(api, client, asked, "Anybody there?")
    paying.advance(app, 48 * HOUR - 60)
    assert paying.balances(api, client) == (15_000, PRICE, 0)
    paying.advance(app, 120)
    assert paying.balances(api, client) == (20_000, 0, 0)
    escrow = paying.escrow(api, client, asked["escrow"])
    assert (escrow["state"], escrow["refundReason"]) == ("refunded", "expired")
    assert kinds(api, client, asked) == ["purchased", "refunded"]
    refused = paying.say(api, client, asked, "Still there?", status=403)
    assert refused["code"] == "window_closed"
    paying.say(api, expert, asked, "I am sorry, I was ill.")
    assert paying.balances(api, expert) == (0, 0, 0)


def test_the_window_runs_from_the_answer(app, api, client, expert, asked):
    paying.advance(app, 40 * HOUR)
    paying.say(api, expert, asked, "What exactly?")
    before = paying.conversation(api, client, asked)["priorityExpiresAt"]
    assert before > asked["priorityExpiresAt"]
    paying.advance(app, 7 * DAY - 60)
    paying.say(api, client, asked, "The clause")
    paying.advance(app, 120)
    assert paying.say(api, client, asked, "And?", status=403)["code"] == "window_closed"
    assert kinds(api, client, asked)[-1] == "window_closed"
    renewed = api.as_(client).post(f"/api/messages/conversations/{asked['id']}/renew", {}, status=201)
    assert renewed["conversation"]["escrow"]["state"] == "held"
    paying.say(api, client, asked, "And?")


def test_a_paid_message_is_held_and_answered_with_the_rest(app, api, client, expert, asked):
    message = paying.urgent(api, client, asked, "By five!", priorityPrice=20)
    assert message["escrow"]["amountMinor"] == 2000
    assert message["escrow"]["level"] == "urgent"
    assert paying.balances(api, client) == (13_000, 7000, 0)
    paying.say(api, expert, asked, "Sign it.")
    assert paying.balances(api, expert) == (0, 0, 7000)
    free = paying.urgent(api, expert, asked, "Mind the date, too")
    assert "escrow" not in free


def test_what_is_due_soonest_is_told_of_the_conversation(app, api, client, expert, asked):
    def owed(person=client):
        """As one reads it, and as it stands in the list."""
        [listed] = api.as_(person).get(CONVERSATIONS)["conversations"]
        one = paying.conversation(api, person, asked)
        assert listed.get("owed") == one.get("owed")
        return one.get("owed")

    assert owed()["id"] == asked["escrow"]["id"]
    urgent = paying.urgent(api, client, asked, "By five?")
    for person in (client, expert):
        assert owed(person) == paying.escrow(api, person, urgent["escrow"])
    # Too late for the one, in time for the other.
    paying.advance(app, 5 * HOUR)
    assert owed()["id"] == asked["escrow"]["id"]
    paying.say(api, expert, asked, "No.")
    assert owed() is None
    # The window runs, and within it a message is owed an answer.
    high = paying.say(api, client, asked, "And now?", isPriority=True, priorityLevel="high")
    urgent = paying.urgent(api, client, asked, "Quick")
    one = paying.conversation(api, client, asked)
    assert (one["owed"]["id"], one["escrow"]["state"]) == (urgent["escrow"]["id"], "answered")
    paying.take(api, expert, urgent["escrow"], "decline")
    assert owed()["id"] == high["escrow"]["id"]
    paying.take(api, expert, high["escrow"], "decline")
    assert owed() is None


def test_only_the_message_that_comes_too_late_is_refunded(app, api, client, expert, asked):
    paying.urgent(api, client, asked, "By five!")
    paying.advance(app, 5 * HOUR)
    assert paying.balances(api, client) == (15_000, PRICE, 0)
    paying.say(api, expert, asked, "Now I am here")
    assert paying.balances(api, expert) == (0, 0, PRICE)


def test_refusals_of_buying(app, api, cast, client, expert):
    assert paying.ask(api, client, expert, status=402)["code"] == "insufficient_balance"
    paying.credit(app, client, 20_000)
    assert paying.ask(api, client, cast.outsider, status=409)["code"] == "not_an_expert"
    assert paying.ask(api, expert, expert, status=400)["code"] == "own_offer"
    changed = paying.ask(api, client, expert, status=409, priorityPrice=40)
    assert (changed["code"], changed["data"]["offer"]["conversationPriceMinor"]) == ("price_changed", PRICE)
    assert paying.ask(api, client, expert, status=409, priorityDuration=3)["code"] == "price_changed"
    paying.offer(api, expert, open=False)
    assert paying.ask(api, client, expert, status=409)["code"] == "offer_closed"
    paying.offer(api, expert, open=True)
    asked = paying.ask(api, client, expert, priorityPrice=50, priorityDuration=7)
    assert paying.ask(api, client, expert, status=409)["code"] == "already_open"
    paying.take(api, expert, asked["escrow"], "decline")
    assert paying.ask(api, client, expert, status=409)["code"] == "renew_instead"
    assert paying.balances(api, client) == (20_000, 0, 0)


def test_full_is_full(app, api, cast, client, expert, rich):
    paying.offer(api, expert, maxUnanswered=1)
    asked = paying.ask(api, client, expert)
    assert api.as_(client).get(f"/api/experts/{expert.id}")["expert"]["offer"]["full"] is True
    paying.credit(app, cast.outsider, PRICE)
    assert paying.ask(api, cast.outsider, expert, status=409)["code"] == "offer_full"
    paying.say(api, expert, asked, "Yes")
    paying.ask(api, cast.outsider, expert)


def test_cancelling_before_it_is_opened(api, client, expert, asked):
    assert paying.take(api, expert, asked["escrow"], "cancel", status=403)["code"] == "not_the_client"
    cancelled = paying.take(api, client, asked["escrow"], "cancel")
    assert (cancelled["state"], cancelled["refundReason"]) == ("refunded", "cancelled")
    assert paying.take(api, client, asked["escrow"], "cancel", status=409)["code"] == "wrong_state"
    assert paying.balances(api, client) == (20_000, 0, 0)


def test_what_is_opened_is_not_cancelled(api, client, expert, asked):
    message = paying.say(api, client, asked, "Does it?")
    path = f"/api/messages/conversations/{asked['id']}/read"
    api.as_(expert).post(path, {"messageId": message["id"]})
    assert paying.take(api, client, asked["escrow"], "cancel", status=409)["code"] == "already_opened"


@pytest.mark.parametrize(
    ("outcome", "client_gets", "expert_gets"),
    [
        ({"outcome": "release"}, 0, PRICE),
        ({"outcome": "refund"}, PRICE, 0),
        ({"outcome": "split", "expertMinor": 1999}, 3001, 1999),
    ],
)
def test_a_dispute_is_decided(api, cast, client, expert, asked, outcome, client_gets, expert_gets):
    paying.say(api, expert, asked, "No idea.")
    disputed = paying.take(api, client, asked["escrow"], "dispute", {"reason": "That is no answer"})
    assert disputed["state"] == "disputed"
    assert paying.take(api, client, disputed, "resolve", outcome, status=403)["code"] == "not_an_admin"
    paying.take(api, cast.admin, disputed, "resolve", outcome)
    assert paying.take(api, cast.admin, disputed, "resolve", outcome, status=409)["code"] == "wrong_state"
    assert paying.balances(api, client) == (15_000 + client_gets, 0, 0)
    assert paying.balances(api, expert) == (expert_gets, 0, 0)


def test_the_paid_question_stays(app, api, client, expert, asked):
    question = paying.say(api, client, asked, "Does it?", expiresAt="2099-01-01T00:00:00Z")
    assert life.delete(api, client, question, status=409)["code"] == "escrow_held"
    paying.say(api, expert, asked, "It does.")
    life.delete(api, client, question)


def test_the_record_is_computed(app, api, client, expert, asked):
    paying.advance(app, HOUR)
    paying.say(api, expert, asked, "Yes")
    record = api.as_(client).get(f"/api/experts/{expert.id}")["expert"]["record"]
    assert (record["answered"], record["refunded"]) == (1, 0)
    assert HOUR <= record["medianAnswerSeconds"] < HOUR + 60
