"""No form is taken without its token; what is said then is meant for a person."""

import pytest

from tests.pages.conftest import FETCH

POSTS = [
    "/login",
    "/register",
    "/forgot",
    "/reset/token",
    "/logout",
    "/conversations/new",
    "/conversations/1/messages",
    "/conversations/1/messages/1/delete",
    "/conversations/1/messages/1/edit",
    "/conversations/1/messages/1/forward",
    "/conversations/1/messages/1/pin",
    "/conversations/1/messages/1/preview/remove",
    "/conversations/1/messages/1/reactions",
    "/conversations/1/messages/1/report",
    "/conversations/1/messages/1/restore",
    "/conversations/1/read",
    "/conversations/1/unread",
    "/conversations/1/archive",
    "/conversations/1/block",
    "/conversations/1/rename",
    "/conversations/1/members",
    "/conversations/1/members/1/remove",
    "/conversations/1/mute",
    "/conversations/1/settings",
    "/conversations/1/photo",
    "/people/1/block",
    "/people/1/report",
    "/push/subscriptions",
    "/push/subscriptions/remove",
    "/settings/close",
    "/settings/notifications",
    "/settings/profile",
    "/settings/privacy",
    "/settings/password",
    "/settings/appearance",
    "/settings/photo",
    "/settings/sessions/1/revoke",
    "/uploads",
    "/uploads/1/discard",
    "/escrows/1/cancel",
    "/escrows/1/decline",
    "/escrows/1/dispute",
    "/experts/1/ask",
    "/experts/1/ask/draft",
    "/priority/open",
    "/sandbox/checkout/token",
    "/settings/offer",
    "/wallet/payouts",
    "/wallet/topups",
    "/admin/check",
    "/admin/disputes/1",
    "/admin/payouts/1",
    "/admin/reports/1",
    "/admin/people/1/adjust",
    "/admin/people/1/payout",
    "/admin/people/1/suspend",
]
AUTH = POSTS[:5]


def test_every_form_is_here(app):
    named = {
        "conversation_id": "1",
        "message_id": "1",
        "user_id": "1",
        "revoked_id": "1",
        "attachment_id": "1",
        "token": "token",
        "escrow_id": "1",
        "expert_id": "1",
        "payout_id": "1",
        "report_id": "1",
    }
    posts = {
        rule.rule.replace("<", "{").replace(">", "}").format(**named)
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not rule.rule.startswith(("/api/", "/unsubscribe/", "/webhooks/"))
    }
    assert posts == set(POSTS)


@pytest.mark.parametrize("path", POSTS)
def test_without_a_token(client, owner, path):
    for form in ({}, {"csrf_token": "made up"}):
        answer = client.post(path, data=form)
        assert answer.status_code == 400
        assert "This form has expired" in answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"


def test_our_own_code_is_told_by_a_code(client, owner):
    answer = client.post("/conversations/1/messages", headers=FETCH)
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "form_expired"


@pytest.mark.parametrize("path", [path for path in POSTS if path not in AUTH])
def test_nobody_is_sent_to_the_sign_in(client, path):
    answer = client.post(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def test_another_person_s_token_is_none(app, client, owner, member):
    page = member.client.get("/settings").get_data(as_text=True)
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    assert client.post("/settings/appearance", data={"csrf_token": token}).status_code == 400
