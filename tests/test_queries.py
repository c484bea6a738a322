"""How many SQL statements each route and event costs: held exactly, and the same for little and for much.

BEGIN, COMMIT and the like are not counted, nor is what the movable clock of the tests asks.
"""

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import PasswordReset
from lumina.services import digests, wallets
from lumina.services.tokens import digest
from lumina.sockets.event import declared
from tests.support import files, making, paying
from tests.support.cast import PASSWORD, enrol
from tests.support.forms import TOKEN, Forms
from tests.support.openapi import NAMES, matching
from tests.support.push_service import KEYS
from tests.support.queries import count_queries
from tests.test_admin_queries import API as OF_ADMINS
from tests.test_admin_queries import OVERVIEW
from tests.test_admin_queries import PAGES as PAGES_OF_ADMINS

LITTLE, MUCH = 2, 60
ENDPOINT = "https://push.example/{email}"
SUBSCRIPTION = {"endpoint": ENDPOINT, "keys": KEYS}
FILE, PHOTO = {"file": files.picture()}, {"photo": files.picture()}
PICTURES = {"conversationId": "{conversation}", "attachments": files.picture()}
HERE = "/api/messages/conversations/{conversation}"

URGENT = {"isPriority": True, "priorityLevel": "urgent"}
API: list[tuple[int, str, Any]] = [
    (
        3,
        "POST /api/auth/register",
        {"email": "{email}", "password": PASSWORD, "firstName": "N", "lastName": "C"},
    ),
    (3, "POST /api/auth/login", {"email": "{owner_email}", "password": PASSWORD}),
    (2, "POST /api/auth/refresh", {"refreshToken": "{refresh_token}"}),
    (2, "POST /api/auth/forgot", {"email": "{owner_email}"}),
    (7, "POST /api/auth/reset", {"token": "{reset_token}", "password": PASSWORD}),
    (1, "GET /api/auth/me", None),
    (2, "GET /api/auth/sessions", None),
    (4, "DELETE /api/auth/sessions/{session}", None),
    (6, "PUT /api/auth/password", {"currentPassword": PASSWORD, "password": PASSWORD}),
    (2, "GET /api/users", None),
    (2, "GET /api/users?query=mara", None),
    (3, "PATCH /api/users/me", {"headline": "{email}"}),
    (2, "GET /api/users/{stranger}", None),
    (2, "GET /api/users/me/notifications", None),
    (4, "PATCH /api/users/me/notifications", {"sound": "bright"}),
    (4, "PATCH /api/users/me/notifications", {"sound": "soft"}),
    (5, "GET /api/experts", None),
    (5, "GET /api/experts?query=expert", None),
    (5, "GET /api/experts/{expert}", None),
    (7, "PUT /api/experts/me", {"bio": "{email}"}),
    (1, "GET /api/push/key", None),
    (5, "POST /api/push/subscriptions", SUBSCRIPTION),
    (3, "DELETE /api/push/subscriptions", {"endpoint": ENDPOINT}),
    (5, "GET /api/messages/conversations", None),
    (4, "GET /api/messages/conversations?filter=unread&query=novak", None),
    (11, "POST /api/messages/conversations", {"type": "direct", "participantIds": ["{stranger}"]}),
    (5, "POST /api/messages/conversations", {"type": "direct", "participantIds": ["{stranger}"]}),
    (12, "POST /api/messages/conversations", {"type": "group", "participantIds": ["{stranger}"]}),
    (7, f"GET {HERE}", None),
    (8, f"GET {HERE}?before={{last}}", None),
    (8, f"GET {HERE}?after={{first}}", None),
    (8, f"GET {HERE}?since=0", None),
    (11, f"PATCH {HERE}", {"name": "{email}"}),
    (7, f"POST {HERE}/archive", {"archived": True}),
    (7, f"POST {HERE}/archive", {"archived": False}),
    (6, f"POST {HERE}/unread", None),
    (11, f"POST {HERE}/read", {"messageId": "{last}"}),
    (7, f"POST {HERE}/read", {"messageId": "{last}"}),
    (5, f"GET {HERE}/members", None),
    (22, f"POST {HERE}/members", {"userIds": ["{stranger}"]}),
    (16, f"DELETE {HERE}/members/{{stranger}}", None),
    (6, "POST /api/messages", {"conversationId": "{conversation}", "content": "Hello"}),
    (
        6,
        "POST /api/messages",
        {"conversationId": "{conversation}", "content": "x", "clientMessageId": "{email}"},
    ),
    (16, "POST /api/messages", PICTURES),
    (7, "GET /api/messages/search?query=numb", None),
    (7, "GET /api/messages/search?query=number&conversationId={conversation}", None),
    (4, "GET /api/messages/{last}", None),
    (12, "POST /api/messages/{last}/report", {"reason": "spam"}),
    (15, "PATCH /api/messages/{own}", {"content": "{email}"}),
    (3, "GET /api/messages/{own}/edits", None),
    (15, "PUT /api/messages/{own}/reactions", {"reaction": "👍"}),
    (13, "PUT /api/messages/{own}/reactions", {"reaction": "👍"}),
    (16, "PUT /api/messages/{own}/pin", {"pinned": True}),
    (4, f"GET {HERE}/pins", None),
    (10, "DELETE /api/messages/{own}/preview", None),
    (9, "POST /api/messages/{own}/forward", {"conversationIds": ["{conversation}"]}),
    (12, "DELETE /api/messages/{own}", None),
    (12, "POST /api/messages/{own}/restore", None),
    (12, "DELETE /api/messages/{first}?scope=me", None),
    (12, f"PUT {HERE}/settings", {"settings": {"allowFileSharing": False}}),
    (8, f"PUT {HERE}/settings", {"settings": {"notifications": False}}),
    (8, f"POST {HERE}/mute", {"muted": True}),
    (3, f"GET {HERE}/attachments", None),
    (9, "POST /api/messages/attachments", FILE),
    (5, "DELETE /api/messages/attachments/{attachment}", None),
    (6, "POST /api/users/{stranger}/report", {"reason": "spam"}),
    (11, "POST /api/users/{stranger}/block", {"blocked": True}),
    (2, "GET /api/users/me/blocked", None),
    (10, "POST /api/users/{stranger}/block", {"blocked": False}),
    (7, "PUT /api/experts/me", {"bio": "Hotels", "offer": {"answerHours": 24}}),
    (5, "GET /api/experts", None),
    (5, "GET /api/experts?query=expert", None),
    (5, "GET /api/experts/{expert}", None),
    (27, "POST /api/messages/conversations", {"type": "priority_dm", "participantIds": ["{expert}"]}),
    (17, "POST /api/messages", {"conversationId": "{paid}", "content": "And?"} | URGENT),
    (8, "GET /api/messages/conversations/{paid}", None),
    (2, "GET /api/escrows", None),
    (3, "GET /api/escrows/{held}", None),
    (25, "POST /api/escrows/{held}/cancel", None),
    (28, "POST /api/messages/conversations/{paid}/renew", {}),
    (18, "POST /api/escrows/{owed}/decline", None),
    (13, "POST /api/escrows/{answered}/dispute", {"reason": "No answer"}),
    (2, "GET /api/wallet", None),
    (2, "GET /api/wallet/transactions", None),
    (7, "POST /api/wallet/topups", {"amountMinor": 500}),
    (2, "GET /api/wallet/topups/{topup}", None),
    (7, "POST /api/wallet/payouts", {"amountMinor": 1}),
    (2, "GET /api/wallet/payouts", None),
    (2, "GET /api/wallet/statement.csv", None),
    (4, "POST /api/auth/logout", None),
]
OFFER = {
    "offer-conversation_price_minor": "50",
    "offer-duration_days": "7",
    "offer-answer_hours": "48",
    "offer-high_price_minor": "10",
    "offer-high_answer_hours": "24",
    "offer-urgent_price_minor": "20",
    "offer-urgent_answer_hours": "4",
    "offer-max_unanswered": "10",
}
ASKED = {
    "question": "Does it count this year?",
    "client_message_id": "{email}",
    "price_minor": "5000",
    "duration_days": "7",
    "answer_hours": "48",
}
PAGE = "/conversations/{conversation}"
OF = f"{PAGE}/messages/{{own}}"
PAGES: list[tuple[int, str, Any]] = [
    (1, "GET /", None),
    (6, "GET /conversations", None),
    (8, "GET /conversations/new", None),
    (11, "POST /conversations/new", {"user_id": "{stranger}"}),
    (6, f"POST {PAGE}/unread", {}),
    (11, f"POST {PAGE}/read", {"message_id": "{last}"}),
    (10, f"GET {PAGE}", None),
    (14, f"GET {PAGE}/messages/{{first}}", None),
    (8, f"GET {PAGE}/messages?since=0", None),
    (8, f"GET {PAGE}/messages?before={{last}}", None),
    (6, f"POST {PAGE}/messages", {"content": "Hello"}),
    (4, f"GET {PAGE}/row", None),
    (17, f"GET {PAGE}/details", None),
    (6, f"POST {PAGE}/archive", {"archived": "0"}),
    (11, f"POST {PAGE}/rename", {"name": "{email}"}),
    (22, f"POST {PAGE}/members", {"user_id": "{stranger}"}),
    (16, f"POST {PAGE}/members/{{stranger}}/remove", {}),
    (3, f"GET {OF}/source", None),
    (15, f"POST {OF}/edit", {"content": "{email}"}),
    (5, f"GET {OF}/edits", None),
    (15, f"POST {OF}/reactions", {"reaction": "👍", "active": "1"}),
    (4, f"GET {OF}/reactions", None),
    (6, f"GET {OF}/receipts", None),
    (6, f"GET {PAGE}/messages/{{last}}/report", None),
    (16, f"POST {PAGE}/messages/{{last}}/report", {"reason": "spam"}),
    (3, "GET /people/{stranger}/report", None),
    (7, "POST /people/{stranger}/report", {"reason": "spam"}),
    (17, f"POST {OF}/pin", {"pinned": "1"}),
    (5, f"GET {PAGE}/pins", None),
    (11, f"POST {OF}/preview/remove", {}),
    (2, "GET /conversations/forward?query=mara", None),
    (10, f"POST {OF}/forward", {"conversation_id": "{conversation}"}),
    (13, f"POST {OF}/delete", {"scope": "everyone"}),
    (13, f"POST {OF}/restore", {}),
    (12, f"POST {PAGE}/messages/{{first}}/delete", {"scope": "me"}),
    (2, f"GET {PAGE}/mentionable?query=mara", None),
    (0, f"GET {PAGE}/settings", None),
    (12, f"POST {PAGE}/settings", {"allow_file_sharing": "0"}),
    (8, f"POST {PAGE}/mute", {"for": "forever"}),
    (10, "GET /conversations/{paid}", None),
    (17, "GET /conversations/{paid}/details", None),
    (4, f"GET {PAGE}/composer", None),
    (0, f"GET {PAGE}/purchases", None),
    (19, "POST /escrows/{held}/cancel", {}),
    (14, "POST /escrows/{answered}/dispute", {"reason": "No answer"}),
    (19, "POST /escrows/{owed}/decline", {}),
    (3, "GET /people?query=mara", None),
    (14, "GET /search?query=number", None),
    (13, "GET /search?query=number&conversation={conversation}", None),
    (6, "GET /settings", None),
    (7, "POST /settings/offer", OFFER),
    (6, "GET /experts", None),
    (6, "GET /experts?query=expert", None),
    (2, "GET /waiting", None),
    (14, "GET /experts/{expert}", None),
    (11, "GET /experts/{expert}/ask", None),
    (7, "POST /experts/{expert}/ask/draft", {"question": "Does it count?"}),
    (38, "POST /experts/{expert}/ask", ASKED),
    (3, "POST /settings/profile", {"first_name": "Mara", "last_name": "Ellison", "headline": "{email}"}),
    (1, "POST /settings/appearance", {"theme": "dark"}),
    (3, "POST /settings/privacy", {"show_presence": "y", "show_receipts": "y"}),
    (4, "POST /settings/notifications", {"sound": "soft"}),
    (4, "POST /settings/notifications", {"sound": "bright"}),
    (5, "POST /push/subscriptions", {"endpoint": ENDPOINT, **KEYS}),
    (3, "POST /push/subscriptions/remove", {"endpoint": ENDPOINT}),
    (2, "GET /unsubscribe/{unsubscribe}", None),
    (4, "POST /unsubscribe/{unsubscribe}", {}),
    (4, "POST /settings/sessions/{session}/revoke", {}),
    (6, "POST /settings/password", {"current_password": PASSWORD, "password": PASSWORD}),
    (7, "GET /wallet", None),
    (7, "GET /wallet?account=held&amount=1250", None),
    (2, "GET /wallet/statement.csv", None),
    (7, "POST /wallet/topups", {"choice": "5000"}),
    (3, "GET /wallet/topups/{topup}", None),
    (2, "GET /sandbox/checkout/{sandbox}", None),
    (10, "POST /sandbox/checkout/{sandbox}", {"answer": "pay"}),
    (10, "POST /wallet/payouts", {"payout": "1", "key": "{email}"}),
    (2, "GET /files/{attachment}/a.png", None),
    (2, "GET /files/{attachment}/thumb", None),
    (2, "GET /photos/{photo}", None),
    (3, f"GET {PAGE}/files", None),
    (9, "POST /uploads", FILE),
    (5, "POST /uploads/{attachment}/discard", {}),
    (15, "POST /settings/photo", PHOTO),
    (25, f"POST {PAGE}/photo", PHOTO),
    (11, "POST /people/{stranger}/block", {"blocked": "1"}),
    (10, "POST /people/{stranger}/block", {"blocked": "0"}),
    (13, "POST /conversations/{pair}/block", {"blocked": "1"}),
    (12, "POST /conversations/{pair}/block", {"blocked": "0"}),
    (4, "POST /logout", {}),
]
# As somebody sees them whose answers are waited for.
OF_EXPERT: list[tuple[int, str, Any]] = [
    (6, "GET /priority", None),
    (20, "GET /priority/{question}", None),
    (7, "GET /priority/escrows/{waiting}", None),
    (9, "POST /priority/open", {"open": "1"}),
]
# What these cost grows with what there is to settle and to leave.
ONCE = {
    "DELETE /api/users/me",
    "POST /api/admin/users/{user_id}/suspend",
    "POST /settings/close",
}
EVENTS: list[tuple[int, str, Any]] = [
    (2, "connect", None),
    (3, "join_conversation", "{conversation}"),
    (1, "typing_start", "{conversation}"),
    (1, "typing_stop", "{conversation}"),
    (5, "new_message", {"conversationId": "{conversation}", "content": "Hello"}),
    (9, "mark_read", {"conversationId": "{conversation}", "messageId": "{last}"}),
    (14, "edit_message", {"messageId": "{own}", "content": "{email}"}),
    (14, "message_reaction", {"messageId": "{own}", "reaction": "👍"}),
    (12, "delete_message", {"messageId": "{own}"}),
    (11, "delete_message", {"messageId": "{last}", "scope": "me"}),
    (
        11,
        "conversation_settings_update",
        {"conversationId": "{conversation}", "settings": {"allowVoiceMessages": False}},
    ),
    (3, "leave_conversation", "{conversation}"),
    (1, "auth", {"token": "{token}"}),
]


@dataclass
class World:
    """The owner's conversations, and what stands for the names in braces above."""

    app: Any
    api: Any
    cast: Any

    def build(self, size):
        """One group of `size` people with `size` messages and one more, among `size` conversations."""
        api, app = self.api, self.app
        first, second, renewed = (
            api.post("/api/auth/login", {"email": person.email, "password": PASSWORD})
            for person in (self.cast.owner, self.cast.owner, self.cast.admin)
        )
        owner = replace(self.cast.owner, token=first["token"])
        sessions = api.as_(owner).get("/api/auth/sessions")["sessions"]
        made = making.group(api, owner, self.cast.member)
        if size > 2:
            making.admit(app, made, making.crowd(app, size - 2, f"Crowd{size}"))
        making.many(app, owner, self.cast.member, size - 1)
        ids = making.talk(app, made, self.cast.member, size + 1)
        making.enliven(app, ids, owner)
        making.attach(app, ids, owner)
        [own] = making.talk(app, made, owner, 1)
        self.names = self._purchases(size, owner) | {
            "conversation": made["id"],
            "first": ids[0],
            "last": ids[-1],
            "own": own,
            "pair": making.direct(api, owner, self.cast.outsider)["id"],
            "stranger": making.crowd(app, 1, f"Stranger{size}")[0],
            "expert": self._experts(size),
            **self._waiting(size),
            "attachment": files.upload(api, owner)["id"],
            "photo": self._photo(owner),
            "email": f"{size}@new.example",
            **self._money(owner, size),
            "owner_email": owner.email,
            "token": second["token"],
            "session": next(session["id"] for session in sessions if session["current"]),
            "refresh_token": renewed["refreshToken"],
            "reset_token": f"reset {size}",
            "unsubscribe": digests._signer.dumps(int(owner.id)),
        }
        self._let_reset(f"reset {size}")

    def _purchases(self, size, owner):
        """Held of the owner's, owed by them, and answered to them."""
        api = self.api
        with self.app.app_context():
            other, third = (enrol(name, f"Party{size}") for name in ("Noor", "Ruth"))
        for client in (owner, other):
            paying.credit(self.app, client, 100_000)
        for expert in (owner, other, third):
            paying.offer(api, expert, open=True)
        asked = [paying.ask(api, *both) for both in ((owner, other), (other, owner), (owner, third))]
        paying.say(api, third, asked[2], "It does")
        topup = api.as_(owner).post("/api/wallet/topups", {"amountMinor": 500})["topup"]
        held, owed, answered = (conversation["escrow"]["id"] for conversation in asked)
        return {
            "paid": asked[0]["id"],
            "held": held,
            "owed": owed,
            "answered": answered,
            "topup": topup["id"],
        }

    def _experts(self, size):
        """As many of them, each answered and asked again; the one to ask is new to the owner, who can pay."""
        with self.app.app_context():
            wallets.credit(self.cast.owner.email, 100_000)
        people = making.crowd(self.app, size, f"Expert{size}")
        making.offers(self.app, people, self.cast.member)
        return people[0]

    def _waiting(self, size):
        """So many questions that wait for the outsider's answer."""
        made = making.owed(self.app, self.cast.outsider, making.crowd(self.app, size, f"Client{size}"))
        return {"question": made[0]["id"], "waiting": made[0]["escrow"]}

    def _photo(self, owner):
        upload = files.upload(self.api, owner)
        me = self.api.as_(owner).patch("/api/users/me", {"avatar": upload["id"]})["user"]
        return me["avatar"].rpartition("/")[2]

    def _money(self, owner, size):
        """A statement of `size` lines, and a top-up that waits to be paid."""
        with self.app.app_context():
            for _ in range(size):
                wallets.credit(owner.email, 1000)
        topup = self.api.as_(owner).post("/api/wallet/topups", {"amountMinor": 100})["topup"]
        return {"topup": topup["id"], "sandbox": topup["checkoutUrl"].rpartition("/")[2]}

    def _let_reset(self, token):
        now = clock.real_now()
        with self.app.app_context():
            reset = PasswordReset(
                token_hash=digest(token), created_at=now, expires_at=now + timedelta(hours=1)
            )
            reset.user_id = int(self.cast.outsider.id)
            db.session.add(reset)
            db.session.commit()

    def fill(self, template):
        """With what the names stand for."""
        if isinstance(template, dict):
            return {name: self.fill(value) for name, value in template.items()}
        if isinstance(template, list):
            return [self.fill(value) for value in template]
        if isinstance(template, bytes):
            return io.BytesIO(template), "a.png"
        return template.format(**self.names) if isinstance(template, str) else template


@pytest.fixture
def world(app, api, cast, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    return World(app, api, cast)


def has_file(body):
    return isinstance(body, dict) and any(isinstance(value, bytes) for value in body.values())


def differences(app, table, carry_out):
    """Where the table is wrong, a line each."""
    found = []
    for held, name, body in table:
        with count_queries(app) as queries:
            carry_out(name, body)
        if len(queries) != held:
            found.append(f"{name} {body if not has_file(body) else ''}: held {held}, found {queries!r}")
    return "\n".join(found)


def test_of_the_api(app, api, world):
    def call(name, body):
        method, path = world.fill(name).split(" ")
        filled = world.fill(body)
        sent = {"data": filled} if has_file(body) else {"json": filled}
        answer = api.as_(world.names["token"]).request(method, path, **sent)
        # A file comes as it is read.
        told = answer.get_data()
        assert answer.status_code in (200, 201), f"{name}: {told!r}"

    for size in (LITTLE, MUCH):
        world.build(size)
        assert differences(app, API, call) == ""


@pytest.mark.parametrize(("table", "viewer"), [(PAGES, "owner"), (OF_EXPERT, "outsider")])
def test_of_the_pages(app, world, table, viewer):
    def call(name, body):
        method, path = world.fill(name).split(" ")
        answer = browser.open(path, method=method, data=world.fill(body), headers=headers)
        told = answer.get_data()
        assert answer.status_code in (200, 201, 204, 303), f"{name}: {told!r}"

    for size in (LITTLE, MUCH):
        world.build(size)
        browser = Forms(app.test_client()).sign_in(getattr(world.cast, viewer)).client
        token = TOKEN.search(browser.get("/settings").get_data(as_text=True))[1]
        headers = {"X-CSRFToken": token, "X-Requested-With": "fetch"}
        assert differences(app, table, call) == ""


def test_of_the_events(app, world, open_socket):
    sockets = []

    def call(name, payload):
        if name == "connect":
            sockets.append(open_socket(token=world.names["token"]))
        else:
            answer = sockets[-1].emit(name, world.fill(payload))
            assert answer["success"] is True, f"{name}: {answer}"

    for size in (LITTLE, MUCH):
        world.build(size)
        assert differences(app, EVENTS, call) == ""


def test_every_route_and_event_is_counted(app):
    called = [name.partition("?")[0].split(" ") for _, name, _ in API + OF_ADMINS]
    assert {matching(method, path)[0] for method, path in called} == set(NAMES) - ONCE
    assert {name for _, name, _ in EVENTS} == {"connect", *declared}
    router, pages = app.url_map.bind("localhost"), set()
    for _, name, _ in PAGES + PAGES_OF_ADMINS + OVERVIEW + OF_EXPERT:
        method, path = name.partition("?")[0].split(" ")
        rule, _ = router.match(path, method, return_rule=True)
        pages.add(f"{method} {rule.rule}")
    assert pages == {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0]
        not in ("api", "app", "assets", "health", "metrics", "openapi", "personal", "webhooks")
        and rule.rule not in ("/login", "/register", "/forgot", "/reset/<token>")
        and f"{method} {rule.rule}" not in ONCE
    }
