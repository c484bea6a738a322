"""An admin keeps somebody out, and lets them in again: who they were stays, what lets them act ends at once."""

import pytest
from sqlalchemy import select

from lumina import clock
from lumina.extensions import db
from lumina.models import AuditEntry, Digest
from lumina.services import passwords
from tests.support import life, making, paying
from tests.support.cast import PASSWORD

REASON = "Sold the same answer twice"


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


def suspend(api, cast, person, suspended=True, reason=REASON, status=200):
    path, body = f"/api/admin/users/{person.id}/suspend", {"suspended": suspended, "reason": reason}
    return api.as_(cast.admin).post(path, body, status=status)


def sign_in(api, person, status=200, password=PASSWORD):
    return api.post("/api/auth/login", {"email": person.email, "password": password}, status=status)


def acts(app):
    """What the audit log tells of suspensions."""
    told = select(AuditEntry).where(AuditEntry.act.startswith("user_")).order_by(AuditEntry.id)
    with app.app_context():
        return [(row.act, row.subject, row.details) for row in db.session.scalars(told)]


def test_a_suspended_person_is_out_everywhere(api, cast, open_socket):
    socket = open_socket(cast.member)
    user = suspend(api, cast, cast.member)["user"]
    assert user["id"] == cast.member.id
    assert user["suspendedAt"]
    assert not socket.connected
    api.as_(cast.member).get("/api/auth/me", status=401)
    assert not open_socket(cast.member).connected
    refused = api.post("/api/auth/refresh", {"refreshToken": cast.member.refresh_token}, status=403)
    assert refused["code"] == "suspended"
    assert sign_in(api, cast.member, 403)["code"] == "suspended"


def test_that_somebody_is_suspended_is_told_to_who_knows_the_password_only(api, cast):
    suspend(api, cast, cast.member)
    assert sign_in(api, cast.member, 401, "wrong horse")["code"] == "invalid_credentials"


def test_lifting_it_lets_them_in_but_not_their_old_tokens(api, cast):
    suspend(api, cast, cast.member)
    user = suspend(api, cast, cast.member, suspended=False, reason=None)["user"]
    assert "suspendedAt" not in user
    api.as_(cast.member).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": cast.member.refresh_token}, status=401)
    api.as_(sign_in(api, cast.member)["token"]).get("/api/auth/me")


def test_a_new_password_lets_nobody_in_who_is_suspended(app, api, cast):

    links = []
    with app.app_context():
        passwords.ask_reset(cast.member.email, lambda token: links.append(token) or token, address="::1")
    suspend(api, cast, cast.member)
    api.post("/api/auth/reset", {"token": links[0], "password": "a staple for it"}, status=200)
    assert sign_in(api, cast.member, 403, "a staple for it")["code"] == "suspended"


def test_what_they_wrote_stays_and_they_are_found_no_more(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    making.say(api, cast.member, conversation, "Before")
    paying.offer(api, cast.member)
    suspend(api, cast, cast.member)
    assert life.contents(api, cast.owner, conversation) == ["Before"]
    making.say(api, cast.owner, conversation, "For when you are back")
    assert api.as_(cast.owner).get("/api/users", query="Tomasz")["users"] == []
    assert api.as_(cast.owner).get("/api/experts")["experts"] == []
    suspend(api, cast, cast.member, suspended=False)
    assert len(api.as_(cast.owner).get("/api/users", query="Tomasz")["users"]) == 1
    assert len(api.as_(cast.owner).get("/api/experts")["experts"]) == 1


def test_what_waits_for_their_answer_goes_back_and_their_own_money_stays(app, api, cast):
    for person in (cast.owner, cast.outsider, cast.member):
        paying.credit(app, person, 20_000)
    paying.offer(api, cast.member)
    paying.offer(api, cast.admin)
    first, second = (paying.ask(api, client, cast.member) for client in (cast.owner, cast.outsider))
    paying.urgent(api, cast.owner, first, "Today, please")
    own = paying.ask(api, cast.member, cast.admin)
    suspend(api, cast, cast.member)
    for client, of in ((cast.owner, first), (cast.outsider, second)):
        assert paying.balances(api, client) == (20_000, 0, 0)
        escrow = paying.escrow(api, client, of["escrow"])
        assert (escrow["state"], escrow["refundReason"]) == ("refunded", "suspended")
        refused = paying.say(api, client, of, "Hello?", status=403)
        assert refused["code"] == "window_closed"
        path = f"/api/messages/conversations/{of['id']}/renew"
        offer = api.as_(client).post(path, {}, status=409)
        assert offer["code"] == "offer_closed"
    assert paying.escrow(api, cast.admin, own["escrow"])["state"] == "held"
    suspend(api, cast, cast.member, suspended=False)
    token = sign_in(api, cast.member)["token"]
    assert api.as_(token).get("/api/wallet")["wallet"]["availableMinor"] == 15_000


def test_nothing_more_is_bought_of_them_in_a_window_that_is_open(app, api, cast):
    paying.credit(app, cast.owner, 20_000)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    paying.say(api, cast.member, asked, "Here it is")
    suspend(api, cast, cast.member)
    assert paying.escrow(api, cast.owner, asked["escrow"])["state"] == "answered"
    refused = paying.urgent(api, cast.owner, asked, "And this?", status=409)
    assert refused["code"] == "offer_closed"
    paying.say(api, cast.owner, asked, "Thank you")


def test_it_is_in_the_audit_log_once_with_its_reason(app, api, cast):
    for _ in range(2):
        suspend(api, cast, cast.member)
    for _ in range(2):
        suspend(api, cast, cast.member, suspended=False, reason=None)
    subject = f"user:{cast.member.id}"
    assert acts(app) == [
        ("user_suspended", subject, {"reason": REASON}),
        ("user_unsuspended", subject, {"reason": None}),
    ]


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_suspending_needs_a_reason(app, api, cast, reason):
    refused = suspend(api, cast, cast.member, reason=reason, status=400)
    assert refused["errors"][0]["field"] == "reason"
    assert acts(app) == []
    api.as_(cast.member).get("/api/auth/me")


def test_admins_alone_suspend_and_not_themselves(api, cast):
    path, body = f"/api/admin/users/{cast.member.id}/suspend", {"suspended": True, "reason": REASON}
    assert api.as_(cast.owner).post(path, body, status=403)["code"] == "not_an_admin"
    assert suspend(api, cast, cast.admin, status=400)["code"] == "own_account"
    for nobody in ("987654321", "x"):
        api.as_(cast.admin).post(f"/api/admin/users/{nobody}/suspend", body, status=404)


def test_no_mail_tells_them_of_what_waits(app, api, cast):

    with app.app_context():
        db.session.add(Digest(user_id=int(cast.member.id), due_at=clock.now()))
        db.session.commit()
    suspend(api, cast, cast.member)
    with app.app_context():
        assert db.session.get(Digest, int(cast.member.id)) is None


def test_only_admins_see_that_somebody_is_suspended(api, cast):
    suspend(api, cast, cast.member)
    assert api.as_(cast.admin).get(f"/api/users/{cast.member.id}")["user"]["suspendedAt"]
    assert "suspendedAt" not in api.as_(cast.owner).get(f"/api/users/{cast.member.id}")["user"]
