"""Closing one's account: what goes, what stays with others, and what has to be settled before."""

import pytest
from sqlalchemy import select

from lumina import clock
from lumina.errors import Conflict
from lumina.extensions import db
from lumina.models import (
    Digest,
    Expert,
    LedgerAccount,
    NotificationPreferences,
    PasswordReset,
    Payout,
    PushSubscription,
    QuestionDraft,
    StoredFile,
    User,
)
from lumina.services import accounts, asking, closing, giving_back, ledger, passwords
from lumina.services.ledger import Account, Posting
from lumina.services.unit_of_work import operation
from tests.support import files, life, making, paying
from tests.support.cast import PASSWORD
from tests.support.making import CONVERSATIONS
from tests.support.push_service import KEYS


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


def close(api, person, status=200, password=PASSWORD):
    return api.as_(person).delete("/api/users/me", {"password": password}, status=status)


def remaining(api, person):
    """What the refusal says is left."""
    refused = close(api, person, 409)
    assert refused["code"] == "balance_remaining"
    assert set(refused) == {"success", "code", "message"}
    return [kind for kind, told in closing.REMAINING.items() if told in refused["message"]]


def sign_in(api, person, status=401):
    return api.post("/api/auth/login", {"email": person.email, "password": PASSWORD}, status=status)


def test_who_has_closed_it_is_out_everywhere_for_good(api, cast, open_socket):
    socket = open_socket(cast.member)
    assert close(api, cast.member) == {}
    assert not socket.connected
    assert not open_socket(cast.member).connected
    api.as_(cast.member).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": cast.member.refresh_token}, status=401)
    assert sign_in(api, cast.member)["code"] == "invalid_credentials"
    close(api, cast.member, 401)


def test_it_needs_the_password_and_not_too_many_tries(api, cast, rate_limits):
    for _ in range(10):
        assert close(api, cast.member, 403, "wrong horse")["code"] == "wrong_password"
    assert close(api, cast.member, 429)["code"] == "too_many_requests"
    api.as_(cast.member).get("/api/auth/me")


def test_nobody_is_named_any_more(app, api, cast):
    api.as_(cast.member).patch("/api/users/me", {"headline": "Mills"})
    close(api, cast.member)
    user = api.as_(cast.admin).get(f"/api/users/{cast.member.id}")["user"]
    assert (user["firstName"], user["lastName"], user["headline"]) == ("Deleted", "account", None)
    assert cast.member.email not in str(user)
    for query in ("Tomasz", "Deleted", cast.member.email):
        assert api.as_(cast.owner).get("/api/users", query=query)["users"] == []


def test_the_address_is_free_for_somebody_new(api, cast):
    close(api, cast.member)
    body = {
        "email": cast.member.email,
        "password": "another horse",
        "firstName": "New",
        "lastName": "Person",
    }
    new = api.post("/api/auth/register", body, status=201)["user"]
    assert new["id"] != cast.member.id
    api.post("/api/auth/login", {"email": cast.member.email, "password": "another horse"}, status=200)
    assert sign_in(api, cast.member)["code"] == "invalid_credentials"


def test_two_of_them_stand_side_by_side(api, cast):
    close(api, cast.member)
    close(api, cast.outsider)
    assert api.as_(cast.owner).get(f"/api/users/{cast.outsider.id}")["user"]["firstName"] == "Deleted"


def test_the_other_of_two_keeps_the_conversation_and_writes_no_more(api, cast, open_socket):
    direct = making.direct(api, cast.owner, cast.member)
    making.say(api, cast.member, direct, "It was nice")
    socket = open_socket(cast.owner)
    close(api, cast.member)
    told = socket.arrived("conversation_updated")[-1]["conversation"]
    assert (told["id"], told["isActive"]) == (direct["id"], False)
    assert {person["firstName"] for person in told["participants"]} == {"Mara", "Deleted"}
    read = life.read(api, cast.owner, direct)
    assert (read["conversation"]["isActive"], read["messages"][0]["content"]) == (False, "It was nice")
    assert read["messages"][0]["sender"]["lastName"] == "account"
    refused = paying.say(api, cast.owner, direct, "Come back", status=403)
    assert refused["code"] == "inactive"
    body = {"type": "direct", "participantIds": [cast.member.id]}
    assert api.as_(cast.owner).post(CONVERSATIONS, body, status=200)["conversation"]["id"] == direct["id"]
    body = {"type": "direct", "participantIds": [cast.member.id]}
    api.as_(cast.outsider).post(CONVERSATIONS, body, status=404)


def test_groups_are_left_and_have_an_admin(api, cast):
    group = making.group(api, cast.member, cast.owner, cast.outsider)
    making.say(api, cast.member, group, "@Mara Ellison will see to it")
    making.say(api, cast.owner, group, "@Tomasz Novak had it")
    close(api, cast.member)
    read = life.read(api, cast.owner, group)
    assert [person["id"] for person in read["conversation"]["participants"]] == [
        cast.owner.id,
        cast.outsider.id,
    ]
    assert read["conversation"]["adminId"] == cast.owner.id
    told = [message["system"]["kind"] for message in read["messages"] if "system" in message]
    assert told == ["left", "made_admin"]
    assert read["messages"][-2]["content"] == "Deleted account left"
    assert read["messages"][1]["mentions"] == [{"userId": cast.member.id, "name": "Tomasz Novak"}]
    body = {"type": "group", "participantIds": [cast.member.id, cast.outsider.id]}
    api.as_(cast.owner).post(CONVERSATIONS, body, status=404)
    body = {"userIds": [cast.member.id]}
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{group['id']}/members", body, status=404)


def test_what_was_read_stays_read(api, cast):
    direct = making.direct(api, cast.owner, cast.member)
    [said] = making.say(api, cast.owner, direct, "Until four")
    api.as_(cast.member).post(f"{CONVERSATIONS}/{direct['id']}/read", {"messageId": said["id"]})
    close(api, cast.member)
    assert life.find(api, cast.owner, said)["status"] == "read"


def test_nobody_sees_when_they_were_there(api, cast, open_socket):
    direct = making.direct(api, cast.owner, cast.member)
    open_socket(cast.member)
    close(api, cast.member)
    shown = life.read(api, cast.owner, direct)["conversation"]["participants"]
    [gone] = [person for person in shown if person["id"] == cast.member.id]
    assert (gone["online"], gone["lastSeenAt"]) == (False, None)


def test_nothing_is_kept_that_only_served_them(app, api, cast):
    me = api.as_(cast.member)
    me.patch("/api/users/me/notifications", {"sound": "bright"})
    me.post("/api/push/subscriptions", {"endpoint": "https://push.example/1", "keys": KEYS})
    api.as_(cast.owner).post(f"/api/users/{cast.member.id}/block", {"blocked": True})
    me.post(f"/api/users/{cast.outsider.id}/block", {"blocked": True})
    paying.offer(api, cast.outsider)
    with app.app_context():
        asking.keep_draft(cast.member.user, cast.outsider.id, "Does it?")
        passwords.ask_reset(cast.member.email, lambda token: token, address="::1")
        db.session.add(Digest(user_id=int(cast.member.id), due_at=clock.now()))
        db.session.commit()
    close(api, cast.member)
    with app.app_context():
        for table in (Digest, NotificationPreferences, PasswordReset, PushSubscription, QuestionDraft):
            assert db.session.scalars(select(table)).all() == [], table
    assert api.as_(cast.owner).get("/api/users/me/blocked")["users"] == []


def test_the_photo_goes_and_so_does_its_file(app, api, cast):
    upload = files.upload(api, cast.member, "me.png", files.picture())
    key = api.as_(cast.member).patch("/api/users/me", {"avatar": upload["id"]})["user"]["avatar"][8:]
    close(api, cast.member)
    assert api.as_(cast.owner).get(f"/api/users/{cast.member.id}")["user"]["avatar"] is None
    paying.carry_out(app)
    with app.app_context():
        assert db.session.scalar(select(StoredFile).where(StoredFile.key == key)) is None


def test_what_waits_for_their_answer_goes_back_first(app, api, cast):
    for person in (cast.owner, cast.outsider):
        paying.credit(app, person, 20_000)
    paying.offer(api, cast.member)
    asked = [paying.ask(api, client, cast.member) for client in (cast.owner, cast.outsider)]
    close(api, cast.member)
    for client, of in zip((cast.owner, cast.outsider), asked, strict=True):
        assert paying.balances(api, client) == (20_000, 0, 0)
        escrow = paying.escrow(api, client, of["escrow"])
        assert (escrow["state"], escrow["refundReason"]) == ("refunded", "closed")
        shown = paying.conversation(api, client, of)
        assert shown["isActive"] is False
        assert paying.say(api, client, of, "And now?", status=403)["code"] == "inactive"
        assert paying.ask(api, client, cast.member, status=409)["code"] == "not_an_expert"
    assert api.as_(cast.owner).get("/api/experts")["experts"] == []
    api.as_(cast.owner).get(f"/api/experts/{cast.member.id}", status=404)
    with app.app_context():
        assert db.session.get_one(Expert, int(cast.member.id)).is_open is False


def test_money_in_the_wallet_is_paid_out_first(app, api, cast):
    paying.credit(app, cast.member, 100)
    assert remaining(api, cast.member) == ["available"]
    api.as_(cast.member).get("/api/auth/me")


def test_a_payout_on_its_way_is_waited_for(app, api, cast):
    paying.credit(app, cast.member, 100)
    with app.app_context():
        ask_payout(None, int(cast.member.id), 100)
    assert remaining(api, cast.member) == ["payouts"]


@operation()
def ask_payout(actor, user_id, amount_minor):
    moves = ledger.transfer(Account(user_id, "available"), Account(user_id, "payouts"), amount_minor)
    now = clock.now()
    db.session.add(Payout(user_id=user_id, amount_minor=amount_minor, state="requested", created_at=now))
    ledger.post(Posting("payout", "payout:test", moves))


def test_an_answer_that_one_has_paid_for_is_waited_for(app, api, cast):
    paying.credit(app, cast.member, 5_000)
    paying.offer(api, cast.owner)
    asked = paying.ask(api, cast.member, cast.owner)
    assert remaining(api, cast.member) == ["held"]
    paying.say(api, cast.owner, asked, "Here it is")
    close(api, cast.member)
    paying.advance(app, 73 * paying.HOUR)
    assert paying.balances(api, cast.owner) == (5_000, 0, 0)


def test_an_answer_that_one_has_given_and_a_dispute_about_it_are_waited_for(app, api, cast):
    paying.credit(app, cast.owner, 20_000)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    paying.say(api, cast.member, asked, "Here it is")
    assert remaining(api, cast.member) == ["answered"]
    paying.take(api, cast.owner, asked["escrow"], "dispute", {"reason": "Not what I asked"})
    assert remaining(api, cast.member) == ["disputed"]
    assert remaining(api, cast.owner) == ["available", "disputed"]
    paying.take(api, cast.admin, asked["escrow"], "resolve", {"outcome": "refund"})
    close(api, cast.member)


def test_a_refusal_leaves_everything_as_it_was(app, api, cast):
    """Also what is held with them, which is settled in the same transaction."""
    paying.credit(app, cast.owner, 20_000)
    paying.credit(app, cast.member, 100)
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    close(api, cast.member, 409)
    assert paying.escrow(api, cast.owner, asked["escrow"])["state"] == "held"
    paying.say(api, cast.member, asked, "Here it is")


def test_the_last_admin_stays(app, api, cast):
    assert close(api, cast.admin, 409)["code"] == "last_admin"
    with app.app_context():
        accounts.promote(None, cast.owner.email)
    path, body = f"/api/admin/users/{cast.owner.id}/suspend", {"suspended": True, "reason": "Away"}
    api.as_(cast.admin).post(path, body, status=200)
    assert close(api, cast.admin, 409)["code"] == "last_admin"
    with app.app_context():
        accounts.promote(None, cast.outsider.email)
    close(api, cast.admin)
    with app.app_context():
        assert db.session.get_one(User, int(cast.admin.id)).is_admin is False


def test_a_closed_account_is_not_suspended(api, cast):
    close(api, cast.member)
    path, body = f"/api/admin/users/{cast.member.id}/suspend", {"suspended": True, "reason": "Spam"}
    assert api.as_(cast.admin).post(path, body, status=409)["code"] == "account_closed"


def drawn_in_meanwhile(api, cast, monkeypatch, times):
    """Somebody makes the member one of their group while the member's account is being closed."""
    lock, left = giving_back.lock_conversations, [times]

    def lock_too_few(which):
        found = lock(which)
        if left[0]:
            left[0] -= 1
            return found[:-1]
        return found

    making.group(api, cast.owner, cast.member)
    monkeypatch.setattr(giving_back, "lock_conversations", lock_too_few)


def test_who_is_drawn_into_a_group_meanwhile_leaves_it_too(api, cast, monkeypatch):
    drawn_in_meanwhile(api, cast, monkeypatch, closing.TRIES - 1)
    close(api, cast.member)
    [group] = api.as_(cast.owner).get(CONVERSATIONS)["conversations"]
    assert group["participantCount"] == 1


def test_who_is_drawn_into_one_group_after_another_may_try_again(api, cast, monkeypatch):
    drawn_in_meanwhile(api, cast, monkeypatch, closing.TRIES)
    assert close(api, cast.member, 409)["code"] == Conflict.code
    close(api, cast.member)


def test_no_account_of_the_ledger_is_lost(app, api, cast):
    paying.credit(app, cast.member, 5_000)
    paying.offer(api, cast.owner)
    asked = paying.ask(api, cast.member, cast.owner)
    paying.say(api, cast.owner, asked, "Here it is")
    close(api, cast.member)
    with app.app_context():
        own = select(LedgerAccount).where(LedgerAccount.user_id == int(cast.member.id))
        assert {row.balance_minor for row in db.session.scalars(own)} == {0}
