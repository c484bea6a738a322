"""Whatever goes wrong is told in the contract's form, and no more than may be told."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lumina.services import conversations
from tests.support import making
from tests.support.making import CONVERSATIONS

MALFORMED = [
    "x",
    "-1",
    "1.5",
    "1e3",
    "0x1",
    "9" * 19,
    "9" * 40,
    "٣",
    "%00",
    "%F0%9F%8E%88",
    "+1",
    "1%20",
    "None",
]


def failure(response, status):
    """Asserts the contract's form of a failure and returns the code."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert body["success"] is False
    assert body["message"]
    assert body["message"][-1] in ".?!…"
    assert set(body) <= {"success", "message", "code", "errors"}
    for error in body.get("errors", []):
        assert set(error) == {"field", "message"}
    assert "Traceback" not in response.get_data(as_text=True)
    return body["code"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/users/{}", None),
        ("GET", "/api/messages/{}", None),
        ("GET", CONVERSATIONS + "/{}", None),
        ("PATCH", CONVERSATIONS + "/{}", {"name": "x"}),
        ("POST", CONVERSATIONS + "/{}/read", {"messageId": "1"}),
        ("POST", CONVERSATIONS + "/{}/archive", {"archived": True}),
        ("GET", CONVERSATIONS + "/{}/members", None),
        ("POST", CONVERSATIONS + "/{}/members", {"userIds": ["1"]}),
        ("DELETE", CONVERSATIONS + "/{}/members/1", None),
        ("DELETE", "/api/auth/sessions/{}", None),
    ],
)
def test_a_malformed_id_is_not_found(api, cast, method, path, body):
    for malformed in MALFORMED:
        answer = api.as_(cast.owner).request(method, path.format(malformed), json=body)
        assert failure(answer, 404) == "not_found"


def test_so_is_that_of_a_member(api, cast):
    path = f"{CONVERSATIONS}/{making.group(api, cast.owner, cast.member)['id']}/members"
    for malformed in MALFORMED:
        answer = api.as_(cast.owner).request("DELETE", f"{path}/{malformed}")
        assert failure(answer, 404) == "not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"{'content': 1}", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b"NaN", "malformed"),
        (b'{"content": "\\ud800"}', "malformed"),
        (b"[" * 5_000 + b"]" * 5_000, "malformed"),
        (b'{"content":' * 5_000 + b"1" + b"}" * 5_000, "malformed"),
        (b"[" * 500 + b"]" * 500, "invalid"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
        (b'"text"', "invalid"),
        (b"1e400", "malformed"),
        (b"12", "invalid"),
        (b"{}", "invalid"),
    ],
)
def test_a_body_that_is_not_meant(api, cast, body, code):
    answer = api.as_(cast.owner).request("POST", "/api/messages", data=body, content_type="application/json")
    assert failure(answer, 400) == code


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("POST {}/archive", {"archived": "yes"}, "archived"),
        ("POST {}/archive", {"archived": "false"}, "archived"),
        ("POST {}/mute", {"muted": 1}, "muted"),
        ("PUT {}/settings", {"settings": {"notifications": "no"}}, "settings.notifications"),
        ("PUT {}/settings", {"settings": {"autoDeleteAfter": "60"}}, "settings.autoDeleteAfter"),
        ("PUT {}/settings", {"settings": {"autoDeleteAfter": True}}, "settings.autoDeleteAfter"),
        ("POST /api/messages", {"conversationId": "1", "content": "x", "isPriority": "false"}, "isPriority"),
        (
            "POST /api/messages",
            {"conversationId": "1", "content": "x", "expiresAt": "4102444800"},
            "expiresAt",
        ),
        ("PATCH /api/users/me", {"showPresence": 0}, "showPresence"),
        ("PUT /api/experts/me", {"offer": {"open": "yes"}}, "offer.open"),
        ("PATCH /api/users/me/notifications", {"quietFrom": True}, "quietFrom"),
    ],
)
def test_a_value_of_another_type_is_not_taken_for_one(api, cast, path, body, field):
    """What a program means by "no" or 1 is not for us to guess."""
    method, _, path = path.partition(" ")
    path = path.format(f"{CONVERSATIONS}/{making.direct(api, cast.owner, cast.member)['id']}")
    answer = api.as_(cast.owner).request(method, path, json=body)
    assert failure(answer, 400) == "invalid"
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    "options",
    [
        {"data": "content=x", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"content": "x"}, "content_type": "multipart/form-data"},
        {"data": "<content>x</content>", "content_type": "application/xml"},
        {"data": "x", "content_type": "nonsense"},
        {"data": b"\x00\x01"},
    ],
)
def test_a_body_of_another_kind(api, cast, options):
    for method, path in [("POST", CONVERSATIONS), ("PATCH", "/api/users/me"), ("PUT", "/api/auth/password")]:
        failure(api.as_(cast.owner).request(method, path, **options), 400)


@pytest.mark.parametrize("path", ["/api/users", "/api/messages/search", "/login", "/wallet", "/nothing"])
def test_a_query_that_a_client_has_not_escaped(api, cast, path):
    for query in ("query=\xff\xfe", "next=\xff&cursor=\xc3", "\xff"):
        answer = api.as_(cast.owner).request("GET", path, environ_overrides={"QUERY_STRING": query})
        assert answer.status_code in (200, 303, 400, 404), query


def test_what_is_not_escaped_is_found_like_what_is(api, cast):
    api.as_(cast.member).patch("/api/users/me", {"firstName": "Jürgen"})
    for query in ("query=J%C3%BCrgen", "query=J\xc3\xbcrgen"):
        answer = api.as_(cast.owner).request("GET", "/api/users", environ_overrides={"QUERY_STRING": query})
        assert [user["id"] for user in answer.get_json()["data"]["users"]] == [cast.member.id]


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/messages/1/2/3/4", "/api/users/1/"])
def test_an_unknown_route(api, cast, path):
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        assert failure(api.as_(cast.owner).request(method, path), 404) == "not_found"
        assert failure(api.request(method, path), 404) == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/api/auth/me"),
        ("GET", "/api/auth/login"),
        ("PUT", "/api/messages"),
        ("POST", "/api/openapi.json"),
    ],
)
def test_a_method_that_a_route_has_not(api, method, path):
    answer = api.request(method, path)
    assert failure(answer, 405) == "method_not_allowed"
    assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/messages", "/api/auth/login"])
def test_a_body_that_is_too_large(api, cast, path):
    answer = api.as_(cast.owner).request("POST", path, data=b"x" * (1024 * 1024 + 1))
    assert failure(answer, 413) == "file_too_large"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic eDp5",
        "Bearer a.b.c",
        "Bearer ÿ",
        "Token x",
        "bearer  x y",
    ],
)
def test_without_a_valid_token(api, header):
    caller = api if header is None else api.with_headers(Authorization=header)
    answer = caller.request("GET", "/api/auth/me")
    assert failure(answer, 401) == "unauthorized"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_scheme_is_written_in_any_case(api, cast):
    api.with_headers(Authorization=f"bearer {cast.owner.token}").get("/api/auth/me")


def test_the_page_s_cookie_opens_nothing(app, cast):
    browser = app.test_client()
    browser.get("/login")
    assert browser.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("secret details"), 500, "internal_error"),
        (RecursionError("secret details"), 500, "internal_error"),
        (OperationalError("SELECT secret details", {}, Exception()), 503, "unavailable"),
        (PoolTimeout("secret details"), 503, "unavailable"),
    ],
)
def test_a_fault_of_ours_tells_nothing(api, cast, monkeypatch, error, status, code):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(conversations, "list_for", broken)
    answer = api.as_(cast.owner).request("GET", CONVERSATIONS)
    assert failure(answer, status) == code
    assert "secret" not in answer.get_data(as_text=True)
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_answers_are_stored_by_nobody(api, cast):
    for answer in (api.as_(cast.owner).request("GET", "/api/auth/me"), api.request("GET", "/api/auth/me")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
