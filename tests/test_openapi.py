"""The OpenAPI document: valid, complete, and true of every answer."""

import json
import re

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from lumina.api.route import routes
from tests.support import administering, making, paying
from tests.support.cast import PASSWORD
from tests.support.making import CONVERSATIONS
from tests.support.openapi import DOCUMENT, NAMES, OPERATIONS, answer_schema, check, matching, resolved
from tests.support.push_service import KEYS


def schemas(node):
    """Every schema of the document."""
    if isinstance(node, dict):
        if "schema" in node and isinstance(node["schema"], dict):
            yield node["schema"]
        for value in node.values():
            yield from schemas(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas(value)


def test_the_document_is_served_without_a_token(api):
    answer = api.request("GET", "/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == DOCUMENT


def test_the_page_names_every_route(api):
    answer = api.request("GET", "/api/docs")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    for path in DOCUMENT["paths"]:
        assert path in answer.get_data(as_text=True)


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= set(DOCUMENT["info"])
    for _, path, operation in OPERATIONS:
        named = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
        assert named == re.findall(r"{(\w+)}", path)
        assert all(p["required"] for p in operation["parameters"] if p["in"] == "path")
        assert all(answer["description"] for answer in operation["responses"].values())
        assert operation["summary"].endswith(".")
        for requirement in operation["security"]:
            assert set(requirement) <= set(DOCUMENT["components"]["securitySchemes"])
    ids = [operation["operationId"] for *_, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_every_schema_is_one():
    for schema in (*schemas(DOCUMENT), *DOCUMENT["components"]["schemas"].values()):
        Draft202012Validator.check_schema(schema)
    for name in re.findall(r'"\$ref": "([^"]+)"', json.dumps(DOCUMENT)):
        assert resolved({"$ref": name})


def test_every_route_is_in_it():
    declared = {(r.method.lower(), re.sub(r"<(\w+)>", r"{\1}", f"/api{r.path}")): r for r in routes}
    assert {(method, path) for method, path, _ in OPERATIONS} == set(declared)
    for method, path, operation in OPERATIONS:
        route = declared[method, path]
        assert bool(operation["security"]) is not route.public
        assert ("requestBody" in operation) is bool(route.body or route.files)


def test_a_body_of_which_nothing_is_needed_may_be_left_out():
    left_out = {
        name
        for name, (_, _, operation) in zip(NAMES, OPERATIONS, strict=True)
        if not operation.get("requestBody", {"required": True})["required"]
    }
    assert {name.rpartition("/")[2] for name in left_out if name.startswith("POST")} == {"mute", "renew"}


@pytest.fixture
def scene(app, api, cast):
    """A group with a message, and the ids that the paths below need."""
    made = making.group(api, cast.owner, cast.member, name="Two Mills")
    [message] = making.say(api, cast.member, made, "Good morning")
    [own] = making.say(api, cast.owner, made, "https://example.org/ **is** @Tomasz Novak")
    [session] = api.as_(cast.owner).get("/api/auth/sessions")["sessions"]
    paying.credit(app, cast.owner, 15_100)
    paying.offer(api, cast.member)
    paying.offer(api, cast.admin)
    asked = paying.ask(api, cast.owner, cast.member)
    answered = paying.ask(api, cast.owner, cast.admin)
    paying.say(api, cast.admin, answered, "It does")
    topup = api.as_(cast.owner).post("/api/wallet/topups", {"amountMinor": 500})["topup"]
    return {
        "conversation_id": made["id"],
        "message_id": message["id"],
        "own": own["id"],
        "session_id": session["id"],
        "topup_id": topup["id"],
        "asked_in": asked["id"],
        "held": asked["escrow"]["id"],
        "answered": answered["escrow"]["id"],
        "user_id": cast.member.id,
    }


def test_every_answer_is_as_the_document_says(app, api, cast, scene):
    """In an order in which each can succeed."""
    one = f"{CONVERSATIONS}/{scene['conversation_id']}"
    new = {"email": "new@example.org", "password": PASSWORD, "firstName": "New", "lastName": "Comer"}
    own, to_group = f"/api/messages/{scene['own']}", {"conversationId": scene["conversation_id"]}
    me, held = api.as_(cast.owner), f"/api/escrows/{scene['held']}"
    priority = {"type": "priority_dm", "isPriorityConversation": True, "participantIds": [cast.member.id]}
    calls = [
        ("POST", "/api/auth/register", new, 201),
        ("POST", "/api/auth/login", {"email": new["email"], "password": PASSWORD}, 200),
        ("POST", "/api/auth/refresh", {"refreshToken": cast.member.refresh_token}, 200),
        ("POST", "/api/auth/forgot", {"email": "nobody@example.org"}, 200),
        ("POST", "/api/auth/reset", {"token": "x", "password": PASSWORD}, 400),
        ("GET", "/api/auth/me", None, 200),
        ("GET", "/api/auth/sessions", None, 200),
        ("PUT", "/api/auth/password", {"currentPassword": PASSWORD, "password": PASSWORD}, 200),
        ("GET", "/api/users", None, 200),
        ("PATCH", "/api/users/me", {"headline": "Hotels"}, 200),
        ("GET", f"/api/users/{scene['user_id']}", None, 200),
        ("GET", "/api/users/me/notifications", None, 200),
        ("PATCH", "/api/users/me/notifications", {"quietFrom": 1320, "quietUntil": 420}, 200),
        ("POST", f"/api/users/{cast.admin.id}/block", {"blocked": True}, 200),
        ("GET", "/api/users/me/blocked", None, 200),
        ("POST", f"/api/admin/users/{scene['user_id']}/suspend", {"suspended": False}, 403),
        ("DELETE", "/api/users/me", {"password": "not it"}, 403),
        ("GET", "/api/push/key", None, 200),
        ("POST", "/api/push/subscriptions", {"endpoint": "https://push.example/1", "keys": KEYS}, 201),
        ("DELETE", "/api/push/subscriptions", {"endpoint": "https://push.example/1"}, 200),
        ("GET", CONVERSATIONS, None, 200),
        ("POST", CONVERSATIONS, {"type": "direct", "participantIds": [cast.member.id]}, 201),
        ("POST", CONVERSATIONS, {"type": "direct", "participantIds": [cast.member.id]}, 200),
        ("GET", one, None, 200),
        ("GET", f"{one}?since=0", None, 200),
        ("PATCH", one, {"name": "Three Mills"}, 200),
        ("POST", f"{one}/archive", {"archived": True}, 200),
        ("POST", f"{one}/read", {"messageId": scene["message_id"]}, 200),
        ("POST", f"{one}/unread", None, 200),
        ("GET", f"{one}/members", None, 200),
        ("POST", f"{one}/members", {"userIds": [cast.outsider.id]}, 200),
        ("DELETE", f"{one}/members/{cast.outsider.id}", None, 200),
        ("POST", "/api/messages", to_group | {"content": "x"}, 201),
        ("POST", "/api/messages", to_group | {"content": ""}, 400),
        ("GET", f"/api/messages/{scene['message_id']}", None, 200),
        ("POST", "/api/messages", to_group | {"content": "x", "replyTo": scene["own"]}, 201),
        ("PATCH", own, {"content": "See https://example.org/, @Tomasz Novak"}, 200),
        ("GET", f"{own}/edits", None, 200),
        ("PUT", f"{own}/reactions", {"reaction": "👍"}, 200),
        ("PUT", f"{own}/pin", {"pinned": True}, 200),
        ("GET", f"{one}/pins", None, 200),
        ("GET", f"{one}/attachments", None, 200),
        ("POST", "/api/messages/attachments", None, 400),
        ("DELETE", "/api/messages/attachments/1", None, 200),
        ("POST", f"/api/messages/{scene['message_id']}/report", {"reason": "spam"}, 201),
        ("POST", f"/api/users/{cast.member.id}/report", {"reason": "other", "note": "Ask me"}, 201),
        ("POST", f"/api/users/{cast.member.id}/report", {"reason": "other"}, 400),
        ("POST", f"{own}/forward", {"conversationIds": [scene["conversation_id"]]}, 201),
        ("DELETE", f"{own}/preview", None, 200),
        ("DELETE", own, None, 200),
        ("GET", one, None, 200),
        ("POST", f"{own}/restore", None, 200),
        ("DELETE", f"{own}?scope=me", None, 200),
        ("PUT", f"{one}/settings", {"settings": {"autoDeleteAfter": 60}}, 200),
        ("POST", f"{one}/mute", {"muted": True}, 200),
        ("GET", "/api/messages/search?query=morning", None, 200),
        ("GET", f"{one}?since=0", None, 200),
        ("PUT", "/api/experts/me", {"bio": "Hotels", "offer": {"answerHours": 24}}, 200),
        ("GET", "/api/experts?query=mara", None, 200),
        ("GET", f"/api/experts/{cast.member.id}", None, 200),
        ("GET", "/api/escrows?state=held&role=client", None, 200),
        ("GET", held, None, 200),
        ("POST", f"{held}/decline", None, 403),
        ("POST", f"{held}/resolve", {"outcome": "release"}, 403),
        ("POST", CONVERSATIONS, priority, 409),
        ("POST", f"{held}/cancel", None, 200),
        ("POST", f"{CONVERSATIONS}/{scene['asked_in']}/renew", {"priorityPrice": 49}, 409),
        ("POST", f"{CONVERSATIONS}/{scene['asked_in']}/renew", {"priorityPrice": 50}, 201),
        ("POST", f"/api/escrows/{scene['answered']}/dispute", {"reason": "No answer"}, 200),
        ("GET", f"{CONVERSATIONS}/{scene['asked_in']}", None, 200),
        ("GET", "/api/wallet", None, 200),
        ("GET", "/api/wallet/transactions?account=held", None, 200),
        ("POST", "/api/wallet/topups", {"amountMinor": 500}, 201),
        ("POST", "/api/wallet/topups", {"amountMinor": 5}, 400),
        ("GET", f"/api/wallet/topups/{scene['topup_id']}", None, 200),
        ("POST", "/api/wallet/payouts", {"amountMinor": 1}, 201),
        ("POST", "/api/wallet/payouts", {"amountMinor": 100_000}, 402),
        ("GET", "/api/wallet/payouts", None, 200),
        ("GET", "/api/wallet/statement.csv?from=x", None, 400),
        ("DELETE", f"{one}/members/{cast.owner.id}", None, 200),
        ("DELETE", f"/api/auth/sessions/{scene['session_id']}", None, 200),
        ("POST", "/api/auth/logout", None, 401),
    ]
    called = set()
    of_admins = [(api.as_(cast.admin), *call) for call in administering.calls(app, api, cast)]
    for caller, method, path, body, status in [(me, *call) for call in calls] + of_admins:
        answer = caller.request(method, path, json=body)
        assert answer.status_code == status, f"{method} {path}: {answer.get_data(as_text=True)}"
        name, operation = matching(method, path.partition("?")[0])
        called.add(name)
        schema = answer_schema(operation, status)
        check(schema, answer.get_json())
        if status < 300:
            assert set(answer.get_json()["data"]) <= set(schema["properties"]["data"]["properties"])
    assert called == set(NAMES)


def test_a_file_is_as_the_document_says(api, cast):
    answer = api.as_(cast.owner).request("GET", "/api/wallet/statement.csv")
    _, operation = matching("GET", "/api/wallet/statement.csv")
    assert list(operation["responses"]["200"]["content"]) == [answer.mimetype] == ["text/csv"]


def test_a_false_answer_would_be_seen():
    _, operation = matching("GET", "/api/auth/me")
    with pytest.raises(jsonschema.ValidationError):
        check(answer_schema(operation, 200), {"success": True, "data": {"user": {"id": 1}}})
