"""Every route of the API, tried by nobody and by an outsider. A route without a line here fails."""

import itertools

import pytest

from lumina.api.route import routes
from tests.support import making, paying

PUBLIC = {
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/forgot",
    "POST /auth/reset",
}
# What concerns the caller alone: there is nobody else's row to name.
OWN = {
    "POST /auth/logout",
    "GET /auth/me",
    "GET /auth/sessions",
    "PUT /auth/password",
    "PATCH /users/me",
    "DELETE /users/me",
    "GET /users/me/blocked",
    "GET /users/me/notifications",
    "PATCH /users/me/notifications",
    "GET /push/key",
    "POST /push/subscriptions",
    "DELETE /push/subscriptions",
    "POST /messages/attachments",
    "GET /wallet",
    "GET /wallet/transactions",
    "PUT /experts/me",
    "GET /wallet/statement.csv",
    "POST /wallet/topups",
    "POST /wallet/payouts",
    # Of somebody else's upload it says nothing, and does nothing.
    "DELETE /messages/attachments/<attachment_id>",
}
# What everybody signed in may see, and what of it.
OPEN = {
    "GET /users": "people, without their addresses",
    "GET /users/<user_id>": "one of them, likewise",
    "GET /experts": "experts, likewise",
    "GET /experts/<user_id>": "one of them, likewise",
}
# What anybody may do about anybody, and only admins: tried in test_blocks.py, test_suspensions.py and test_reports.py.
ELSEWHERE = {
    "POST /users/<user_id>/block",
    "POST /admin/users/<user_id>/suspend",
    "POST /users/<user_id>/report",
}
CONVERSATION = "/messages/conversations/<conversation_id>"
# Whatever names somebody else's row, with a body that the owner could send.
CLOSED = {
    "DELETE /auth/sessions/<session_id>": None,
    "POST /messages/conversations": {"type": "direct", "participantIds": ["987654321"]},
    f"GET {CONVERSATION}": None,
    f"PATCH {CONVERSATION}": {"name": "Mine"},
    f"POST {CONVERSATION}/archive": {"archived": True},
    f"POST {CONVERSATION}/read": {"messageId": "<message_id>"},
    f"POST {CONVERSATION}/unread": {},
    f"GET {CONVERSATION}/members": None,
    f"POST {CONVERSATION}/members": {"userIds": ["<outsider_id>"]},
    f"DELETE {CONVERSATION}/members/<user_id>": None,
    "POST /messages": {"conversationId": "<conversation_id>", "content": "Let me in"},
    "GET /messages/<message_id>": None,
    "PATCH /messages/<message_id>": {"content": "Mine"},
    "DELETE /messages/<message_id>": None,
    "POST /messages/<message_id>/restore": None,
    "GET /messages/<message_id>/edits": None,
    "PUT /messages/<message_id>/reactions": {"reaction": "👍"},
    "PUT /messages/<message_id>/pin": {"pinned": True},
    "POST /messages/<message_id>/forward": {"conversationIds": ["<conversation_id>"]},
    f"GET {CONVERSATION}/pins": None,
    f"GET {CONVERSATION}/attachments": None,
    f"PUT {CONVERSATION}/settings": {"settings": {"allowFileSharing": False}},
    f"POST {CONVERSATION}/mute": {"muted": True},
    "DELETE /messages/<message_id>/preview": None,
    "POST /messages/<message_id>/report": {"reason": "spam"},
    "GET /wallet/topups/<topup_id>": None,
    f"POST {CONVERSATION}/renew": {},
}
# What admins alone do, with a body that they could send; of a purchase an outsider does not even know that it is there.
OF_ADMINS = {
    "GET /admin/escrows": None,
    "GET /admin/payouts": None,
    "POST /admin/payouts/<payout_id>": {"paid": True},
    "POST /admin/users/<user_id>/payouts": {"amountMinor": 1},
    "POST /admin/users/<user_id>/adjust": {"amountMinor": 1, "note": "A gift"},
    "GET /admin/audit": None,
    "GET /admin/reports": None,
    "GET /admin/reports/<report_id>": None,
    "POST /admin/reports/<report_id>": {"outcome": "dismiss"},
}
OF_ADMINS_UNSEEN = {"GET /admin/escrows/<escrow_id>": None}
# Purchases of others: of an outsider not found, and an admin, who sees each, takes no party's steps.
PURCHASES = {
    "GET /escrows/<escrow_id>": None,
    "POST /escrows/<escrow_id>/decline": None,
    "POST /escrows/<escrow_id>/cancel": None,
    "POST /escrows/<escrow_id>/dispute": {"reason": "Because"},
    "POST /escrows/<escrow_id>/resolve": {"outcome": "refund"},
}
# Lists of one's own: an outsider's are empty, the owner's have so many.
LISTS = {
    "GET /messages/conversations": ("conversations", {}, 2),
    "GET /messages/search": ("results", {"query": "between"}, 1),
    "GET /wallet/payouts": ("payouts", {}, 1),
    "GET /escrows": ("escrows", {}, 1),
}
NAMES = [f"{route.method} {route.path}" for route in routes]


@pytest.fixture
def ids(app, api, cast):
    """The ids of what belongs to the owner and the member."""
    made = making.group(api, cast.owner, cast.member)
    [message] = making.say(api, cast.owner, made, "Between us")
    [session] = api.as_(cast.owner).get("/api/auth/sessions")["sessions"]
    topup = api.as_(cast.owner).post("/api/wallet/topups", {"amountMinor": 100})["topup"]
    paying.credit(app, cast.owner, 6000)
    api.as_(cast.owner).post("/api/wallet/payouts", {"amountMinor": 100})
    paying.offer(api, cast.member)
    asked = paying.ask(api, cast.owner, cast.member)
    return {
        "escrow_id": asked["escrow"]["id"],
        "conversation_id": made["id"],
        "message_id": message["id"],
        "outsider_id": cast.outsider.id,
        "session_id": session["id"],
        "topup_id": topup["id"],
        "user_id": cast.member.id,
    }


def filled(template, ids):
    if isinstance(template, dict):
        return {name: filled(value, ids) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, ids) for value in template]
    if isinstance(template, str):
        for name, value in ids.items():
            template = template.replace(f"<{name}>", value)
    return template


def test_every_route_has_its_line():
    assert sorted(NAMES) == sorted(
        [*PUBLIC, *OWN, *OPEN, *ELSEWHERE, *CLOSED, *OF_ADMINS, *OF_ADMINS_UNSEEN, *PURCHASES, *LISTS]
    )
    assert {f"{route.method} {route.path}" for route in routes if route.public} == PUBLIC


def test_everything_under_api_is_declared(app):
    undeclared = {"/api/openapi.json", "/api/docs"}
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert rules - undeclared == {f"/api{route.path}" for route in routes}


# What is refused changes nothing, so that all routes are tried on one world, which takes longer to make than to try them.
def test_nobody_is_let_in_without_a_token(app, api, ids, subtests):
    before = making.everything(app)
    for name in sorted({*NAMES} - PUBLIC):
        method, path = filled(name, ids).split()
        for caller in (api, api.as_("nonsense")):
            with subtests.test(name=name):
                answer = caller.request(method, f"/api{path}", json=filled(CLOSED.get(name), ids))
                assert answer.status_code == 401
                assert answer.get_json()["code"] == "unauthorized"
    assert making.everything(app) == before


def test_an_outsider_finds_nothing(app, api, cast, ids, subtests):
    """And cannot tell it from what does not exist; nor can an admin, who is no member."""
    missing, before = dict.fromkeys(ids, "987654321"), making.everything(app)
    for name, person in itertools.product(sorted(CLOSED), (cast.outsider, cast.admin)):
        with subtests.test(name=name):
            answers = []
            for named in (ids, missing):
                method, path = filled(name, named).split()
                body = filled(CLOSED[name], named)
                answers.append(api.as_(person).request(method, f"/api{path}", json=body))
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].get_json()["code"] == "not_found"
            assert answers[0].data == answers[1].data
    assert making.everything(app) == before


def test_who_is_no_admin_administers_nothing(app, api, cast, ids, subtests):
    before = making.everything(app)
    for name in sorted(OF_ADMINS | OF_ADMINS_UNSEEN):
        with subtests.test(name=name):
            status, code = (403, "not_an_admin") if name in OF_ADMINS else (404, "not_found")
            method, path = filled(name, ids | dict.fromkeys(("payout_id", "report_id"), "987654321")).split()
            answer = api.as_(cast.outsider).request(method, f"/api{path}", json=OF_ADMINS.get(name))
            assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert making.everything(app) == before


@pytest.mark.parametrize("name", sorted(PURCHASES))
def test_purchases_are_their_parties_own(api, cast, ids, name):
    for escrow_id, person, statuses in (
        (ids["escrow_id"], cast.outsider, {404}),
        ("987654321", cast.outsider, {404}),
        (ids["escrow_id"], cast.admin, {200} if name.startswith("GET") else {403, 409}),
    ):
        method, path = filled(name, {"escrow_id": escrow_id}).split()
        answer = api.as_(person).request(method, f"/api{path}", json=PURCHASES[name])
        assert answer.status_code in statuses, answer.get_data(as_text=True)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_an_outsider_s_lists_are_empty(api, cast, ids, name):
    plural, query, count = LISTS[name]
    found = [
        api.as_(person).get(f"/api{name.split()[1]}", **query)[plural]
        for person in (cast.outsider, cast.owner)
    ]
    assert (found[0], len(found[1])) == ([], count)


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_open_tells_no_addresses(api, cast, ids, name):
    path = filled(name.split()[1], ids)
    answer = api.as_(cast.outsider).request("GET", f"/api{path}").get_data(as_text=True)
    assert cast.member.first_name in answer
    assert "@" not in answer
