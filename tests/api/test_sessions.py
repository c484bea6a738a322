"""Where one is signed in, and one's password, over the API."""

import re
from email import message_from_bytes, policy

import pytest

from tests.support.cast import PASSWORD

NEW = "a staple for the battery"


def sign_in(api, person, password=PASSWORD, status=200):
    return api.post("/api/auth/login", {"email": person.email, "password": password}, status=status)


@pytest.fixture
def second(api, cast):
    """The owner's second device."""
    return api.with_headers(User_Agent="Second/1.0").as_(sign_in(api, cast.owner)["token"])


@pytest.fixture
def mails(config):
    """The folder of mails, empty."""
    folder = config.instance / "mail"
    for mail in folder.glob("*.eml"):
        mail.unlink()
    return folder


@pytest.fixture
def forgotten(api, cast, mails):
    """The token of the mail to the owner."""
    assert api.post("/api/auth/forgot", {"email": cast.owner.email.upper()}, status=200) == {}
    [file] = mails.glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["To"] == cast.owner.email
    return re.search(r"http://localhost/reset/([\w-]+)", mail.get_content())[1]


def test_the_list_names_every_session_and_which_is_this_one(api, cast, second):
    listed = second.get("/api/auth/sessions")["sessions"]
    assert [(session["userAgent"], session["current"]) for session in listed][1] == ("tests", False)
    assert [session["current"] for session in listed] == [True, False]
    assert set(listed[0]) == {"id", "kind", "userAgent", "address", "createdAt", "lastSeenAt", "current"}
    assert (listed[0]["kind"], listed[0]["address"]) == ("api", "127.0.0.1")
    assert len(api.as_(cast.member).get("/api/auth/sessions")["sessions"]) == 1


def test_one_session_ends_another(api, cast, second):
    [_, first] = second.get("/api/auth/sessions")["sessions"]
    assert second.delete(f"/api/auth/sessions/{first['id']}") == {}
    api.as_(cast.owner).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": cast.owner.refresh_token}, status=401)
    assert len(second.get("/api/auth/sessions")["sessions"]) == 1
    second.delete(f"/api/auth/sessions/{first['id']}", status=404)


def test_nobody_ends_somebody_elses_session(api, cast):
    [mine] = api.as_(cast.owner).get("/api/auth/sessions")["sessions"]
    for person in (cast.outsider, cast.admin):
        api.as_(person).delete(f"/api/auth/sessions/{mine['id']}", status=404)
    api.as_(cast.owner).get("/api/auth/me")


def test_a_new_password_ends_all_other_sessions(api, cast, second):
    second.put("/api/auth/password", {"currentPassword": PASSWORD, "password": NEW})
    second.get("/api/auth/me")
    api.as_(cast.owner).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": cast.owner.refresh_token}, status=401)
    sign_in(api, cast.owner, status=401)
    sign_in(api, cast.owner, NEW)


@pytest.mark.parametrize(
    ("current", "password", "status"),
    [("wrong horse", NEW, 403), ("", NEW, 403), (PASSWORD, "short", 400), (PASSWORD, "x" * 201, 400)],
)
def test_a_password_that_cannot_be_changed_stays(api, cast, current, password, status):
    body = {"currentPassword": current, "password": password}
    refused = api.as_(cast.owner).put("/api/auth/password", body, status=status)
    assert refused["code"] == ("wrong_password" if status == 403 else "invalid")
    sign_in(api, cast.owner)


@pytest.mark.usefixtures("rate_limits")
def test_guessing_the_current_password_has_to_wait(api, cast):
    guess = {"currentPassword": "wrong horse", "password": NEW}
    for _ in range(10):
        api.as_(cast.owner).put("/api/auth/password", guess, status=403)
    answer = api.as_(cast.owner).request("PUT", "/api/auth/password", json=guess)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_a_mail_s_token_sets_a_new_password_once_and_ends_every_session(api, cast, forgotten):
    body = {"token": forgotten, "password": NEW}
    assert api.post("/api/auth/reset", body, status=200) == {}
    api.as_(cast.owner).get("/api/auth/me", status=401)
    api.post("/api/auth/refresh", {"refreshToken": cast.owner.refresh_token}, status=401)
    api.as_(cast.member).get("/api/auth/me")
    sign_in(api, cast.owner, status=401)
    sign_in(api, cast.owner, NEW)
    assert api.post("/api/auth/reset", body, status=400)["code"] == "invalid_token"


def test_an_unfit_password_leaves_the_token_good(api, forgotten):
    refused = api.post("/api/auth/reset", {"token": forgotten, "password": "short"}, status=400)
    assert refused["errors"][0]["field"] == "password"
    api.post("/api/auth/reset", {"token": forgotten, "password": NEW}, status=200)


@pytest.mark.parametrize("token", ["", "x", "nul\x00", "ä" * 500])
def test_a_token_of_nobody_is_refused(api, forgotten, token):
    api.post("/api/auth/reset", {"token": token, "password": NEW}, status=400)


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", ""])
def test_an_unknown_address_is_answered_alike_and_gets_no_mail(api, cast, mails, email):
    assert api.post("/api/auth/forgot", {"email": email}, status=200) == {}
    assert list(mails.glob("*.eml")) == []


@pytest.mark.usefixtures("rate_limits")
def test_five_mails_an_hour(api, cast, mails):
    for email in [cast.owner.email] * 6 + [cast.owner.email.upper()]:
        assert api.post("/api/auth/forgot", {"email": email}, status=200) == {}
    assert len(list(mails.glob("*.eml"))) == 5
