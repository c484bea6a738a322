"""Accounts over the API: registering, signing in and out, refreshing, and how often one may try."""

from datetime import timedelta

import jwt
import pytest

from lumina import clock

MARA = {
    "email": "mara@example.org",
    "password": "correct horse battery",
    "firstName": "Mara",
    "lastName": "Ellison",
}
CREDENTIALS = {"email": MARA["email"], "password": MARA["password"]}


@pytest.fixture
def mara(api):
    return api.post("/api/auth/register", MARA, status=201)


def test_registering_answers_the_person_and_tokens_that_work(api, mara):
    assert set(mara) == {"user", "token", "refreshToken", "expiresAt"}
    assert mara["user"]["email"] == "mara@example.org"
    assert mara["user"]["firstName"] == "Mara"
    assert isinstance(mara["user"]["id"], str)
    assert api.as_(mara["token"]).get("/api/auth/me") == {"user": mara["user"]}


def test_the_token_is_hs256_with_the_contracts_claims(config, mara):
    claims = jwt.decode(mara["token"], config.jwt_secret, ["HS256"])
    assert set(claims) == {"sub", "jti", "iat", "exp"}
    assert claims["sub"] == mara["user"]["id"]
    assert claims["exp"] > claims["iat"]


@pytest.mark.parametrize("email", ["mara@example.org", "MARA@Example.ORG", " Mara@example.org "])
def test_an_address_is_taken_in_any_case_of_letters(api, mara, email):
    refused = api.post("/api/auth/register", MARA | {"email": email}, status=409)
    assert refused["code"] == "email_taken"
    assert refused["errors"][0]["field"] == "email"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", 7),
        ("password", "short"),
        ("password", "x" * 201),
        ("firstName", "  "),
        ("lastName", None),
        ("lastName", "x" * 81),
        ("firstName", "nul\x00"),
    ],
)
def test_what_cannot_be_registered_names_its_field(api, field, value):
    refused = api.post("/api/auth/register", MARA | {field: value}, status=400)
    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"mara"', b"\xff"])
def test_a_body_that_is_no_object_is_malformed(api, body):
    response = api.request("POST", "/api/auth/register", data=body)
    assert response.status_code == 400
    assert response.get_json()["success"] is False


def test_signing_in_answers_as_registering_does(api, mara):
    again = api.post("/api/auth/login", CREDENTIALS | {"email": "MARA@example.org"}, status=200)
    assert again["user"] == mara["user"]
    assert again["token"] != mara["token"]
    api.as_(again["token"]).get("/api/auth/me")
    api.as_(mara["token"]).get("/api/auth/me")


def test_a_wrong_password_and_an_unknown_address_are_one_answer(api, mara):
    wrong = api.post("/api/auth/login", CREDENTIALS | {"password": "wrong horse"}, status=401)
    unknown = api.post("/api/auth/login", CREDENTIALS | {"email": "nobody@example.org"}, status=401)
    assert wrong == unknown
    assert wrong["code"] == "invalid_credentials"


def test_refreshing_rotates_the_pair(api, mara):
    renewed = api.post("/api/auth/refresh", {"refreshToken": mara["refreshToken"]}, status=200)
    assert renewed["refreshToken"] != mara["refreshToken"]
    assert api.as_(renewed["token"]).get("/api/auth/me")["user"]["id"] == mara["user"]["id"]
    spent = api.post("/api/auth/refresh", {"refreshToken": mara["refreshToken"]}, status=401)
    assert spent["code"] == "invalid_token"
    api.post("/api/auth/refresh", {"refreshToken": renewed["refreshToken"]}, status=200)


def test_a_spent_refresh_token_that_comes_back_late_ends_the_session(api, mara, monkeypatch):
    renewed = api.post("/api/auth/refresh", {"refreshToken": mara["refreshToken"]})
    later = clock.real_now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    api.post("/api/auth/refresh", {"refreshToken": mara["refreshToken"]}, status=401)
    api.as_(renewed["token"]).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": renewed["refreshToken"]}, status=401)


@pytest.mark.parametrize("text", ["", "x", "1.", ".x", "1.x", "²" + ".x", "9" * 30 + ".x"])
def test_a_refresh_token_of_nobody_is_refused(api, mara, text):
    api.post("/api/auth/refresh", {"refreshToken": text}, status=401)


def test_signing_out_ends_both_tokens_of_this_session_alone(api, mara):
    other = api.post("/api/auth/login", CREDENTIALS)
    assert api.as_(mara["token"]).post("/api/auth/logout", status=200) == {}
    assert api.as_(mara["token"]).get("/api/auth/me", status=401)["code"] == "unauthorized"
    api.post("/api/auth/refresh", {"refreshToken": mara["refreshToken"]}, status=401)
    api.as_(other["token"]).get("/api/auth/me")


def test_without_a_token_nobody_is_let_in(api, mara):
    response = api.request("GET", "/api/auth/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    api.as_(mara["token"] + "x").get("/api/auth/me", status=401)
    forged = jwt.encode(jwt.decode(mara["token"], options={"verify_signature": False}), "another secret" * 3)
    api.as_(forged).get("/api/auth/me", status=401)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, 200),
        *(({"exp": at}, 401) for at in (1, 10**18, 1e300)),
        *(({"sub": user_id}, 401) for user_id in ("0", "-1", "9" * 40)),
        *(({"jti": name}, 401) for name in ("x", 1, "-1.x", "9" * 40 + ".x")),
    ],
)
def test_a_token_is_what_it_claims(api, config, mara, claims, status):
    own = jwt.decode(mara["token"], config.jwt_secret, ["HS256"])
    api.as_(jwt.encode(own | claims, config.jwt_secret)).get("/api/auth/me", status=status)


@pytest.mark.usefixtures("rate_limits")
def test_signing_in_too_often_has_to_wait(api, mara):
    wrong = CREDENTIALS | {"password": "wrong horse"}
    for _ in range(10):
        api.post("/api/auth/login", wrong, status=401)
    response = api.request("POST", "/api/auth/login", json=CREDENTIALS)
    assert response.status_code == 429
    assert response.get_json()["code"] == "too_many_requests"
    assert 0 < int(response.headers["Retry-After"]) <= 300
    api.post("/api/auth/login", wrong | {"email": "somebody.else@example.org"}, status=401)


@pytest.mark.usefixtures("rate_limits")
def test_a_right_password_starts_the_count_anew(api, mara):
    for _ in range(3):
        for _ in range(9):
            api.post("/api/auth/login", CREDENTIALS | {"password": "wrong horse"}, status=401)
        api.post("/api/auth/login", CREDENTIALS, status=200)
