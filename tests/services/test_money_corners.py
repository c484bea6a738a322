"""What is refused or looked at again where money is concerned, and differences that would be seen."""

from decimal import Decimal

import pytest
from sqlalchemy import delete, insert, select, update

from lumina import clock
from lumina.errors import Invalid
from lumina.extensions import db
from lumina.models import Escrow, LedgerAccount, LedgerEntry, LedgerTransaction, Session
from lumina.services import clocks, deadlines, ledger, ledger_check
from lumina.services.ledger import CLEARING, Account, Move, Posting
from lumina.services.purchases import Agreed
from tests.support import making, paying
from tests.support.making import CONVERSATIONS


@pytest.fixture
def asked(app, api, cast):
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 20_000)
    return paying.ask(api, cast.owner, cast.member)


def key_of(asked):
    return asked["id"], int(asked["escrow"]["id"])


def wait(app, seconds):
    """Without the sweep."""
    with app.app_context():
        clocks.advance(None, seconds)


def test_nothing_is_done_before_its_time(app, api, cast, asked):
    with app.app_context():
        assert [job.carry_out(key_of(asked)) for job in deadlines.JOBS] == [False] * len(deadlines.JOBS)
    paying.say(api, cast.member, asked, "Yes")
    with app.app_context():
        assert [job.carry_out(key_of(asked)) for job in deadlines.JOBS] == [False] * len(deadlines.JOBS)


def test_what_the_sweep_has_not_seen_yet_is_over_all_the_same(app, api, cast, asked):
    wait(app, 49 * paying.HOUR)
    renewed = api.as_(cast.owner).post(f"{CONVERSATIONS}/{asked['id']}/renew", {}, status=201)["conversation"]
    assert renewed["escrow"]["id"] != asked["escrow"]["id"]
    assert paying.escrow(api, cast.owner, asked["escrow"])["refundReason"] == "expired"
    paying.say(api, cast.member, asked, "Now I am here")
    wait(app, 73 * paying.HOUR)
    refused = paying.take(api, cast.owner, renewed["escrow"], "dispute", {"reason": "No"}, status=409)
    assert refused["code"] == "wrong_state"
    paying.require_true_ledger(app)


def test_refusals(app, api, cast, asked):
    two = {"type": "priority_dm", "participantIds": [cast.member.id, cast.admin.id]}
    refused = api.as_(cast.owner).post(CONVERSATIONS, two, status=400)
    assert refused["errors"][0]["field"] == "participantIds"
    renew = f"{CONVERSATIONS}/{asked['id']}/renew"
    assert api.as_(cast.member).post(renew, {}, status=403)["code"] == "not_the_client"
    direct = making.direct(api, cast.owner, cast.member)
    assert (
        api.as_(cast.owner).post(f"{CONVERSATIONS}/{direct['id']}/renew", {}, status=409)["code"]
        == "not_priority"
    )
    level = paying.say(api, cast.owner, asked, "Now!", status=400, priorityLevel="urgent")
    assert level["errors"][0]["field"] == "isPriority"
    with pytest.raises(Invalid):
        Agreed.of(Decimal("0.001"))
    paying.say(api, cast.member, asked, "No")
    paying.take(api, cast.owner, asked["escrow"], "dispute", {"reason": "No answer"})
    for body in ({"outcome": "split"}, {"outcome": "split", "expertMinor": 5000}):
        assert paying.take(api, cast.admin, asked["escrow"], "resolve", body, status=400)["code"] == "invalid"


def test_purchases_are_listed_in_pages(app, api, cast, asked):
    paying.urgent(api, cast.owner, asked, "Now!")
    first = api.as_(cast.owner).get("/api/escrows", limit=1)
    second = api.as_(cast.owner).get("/api/escrows", limit=1, cursor=first["nextCursor"])
    assert [page["escrows"][0]["kind"] for page in (first, second)] == ["message", "conversation"]
    assert second["nextCursor"] is None


def test_what_is_no_double_entry_is_not_booked(app, cast):
    available = Account(int(cast.owner.id), "available")
    for moves in ([Move(available, 1), Move(CLEARING, -2)], [Move(available, 0)]):
        with app.app_context(), pytest.raises(ValueError, match="no double entry"):
            ledger.post(Posting("topup", "crooked", moves))


def test_a_token_of_a_session_that_is_no_more(app, api, cast):
    with app.app_context():
        db.session.execute(delete(Session).where(Session.user_id == int(cast.owner.id)))
        db.session.commit()
    api.post("/api/auth/refresh", {"refreshToken": cast.owner.refresh_token}, status=401)


def test_what_is_wrong_in_the_books_is_named(app, api, cast, asked):
    with app.app_context():
        account = db.session.scalar(
            select(LedgerAccount.id).where(
                LedgerAccount.user_id == int(cast.owner.id), LedgerAccount.kind == "held"
            )
        )
        crooked = {"kind": "topup", "key": "crooked", "created_at": clock.now()}
        [made] = db.session.execute(insert(LedgerTransaction).values(crooked)).inserted_primary_key
        entry = {"transaction_id": made, "account_id": account, "amount_minor": 7, "balance_minor": 9}
        db.session.execute(insert(LedgerEntry).values(entry))
        db.session.execute(update(Escrow).values(amount_minor=1))
        db.session.commit()
        found = "\n".join(ledger_check.differences())
    assert "transaction crooked: its 1 entries add up to 7, not to 0" in found
    assert "tells a balance of 9, which was 5007" in found
    assert f"held of user {cast.owner.id}: its balance is 5000, its entries add up to 5007" in found
    assert f"held of user {cast.owner.id}: its balance is 5000, the purchases come to 1" in found
