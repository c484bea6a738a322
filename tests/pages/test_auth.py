"""Signing up, in and out, and a new password: what each form answers."""

import re
from urllib.parse import quote

import pytest

from tests.support.cast import PASSWORD
from tests.support.forms import Forms

NEW = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.org", "password": "a few words"}


@pytest.fixture
def forms(client):
    return Forms(client)


def test_home_leads_on(client, owner, app):
    assert client.get("/").headers["Location"] == "/conversations"
    assert app.test_client().get("/").headers["Location"] == "/login"


def test_register_signs_in(forms, client):
    assert forms.post("/register", **NEW).headers["Location"] == "/conversations"
    assert "Ada Byron" in client.get("/conversations").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"email": "nothing like it"}, "email"),
        ({"first_name": " "}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"first_name": "x" * 81}, "first_name"),
    ],
)
def test_a_refused_form_says_where_and_keeps_what_was_typed(forms, wrong, field):
    sent = {**NEW, **wrong}
    page = forms.post("/register", status=400, **sent).get_data(as_text=True)
    assert f'aria-describedby="{field}-error"' in page
    assert page.count('role="alert"') == 1
    kept = {name for name in sent if name != field}
    for name in kept:
        assert f'value="{sent[name]}"' in page


def test_an_address_is_taken_once(forms, cast):
    page = forms.post("/register", status=409, **{**NEW, "email": cast.owner.email}).get_data(as_text=True)
    assert 'aria-describedby="email-error"' in page


def test_wrong_password_and_unknown_address_look_alike(forms, cast):
    answers = [
        forms.post("/login", status=401, email=email, password="not the one")
        for email in (cast.owner.email, "nobody@example.org")
    ]
    errors = [
        re.search(r'id="password-error".*?</p>', answer.get_data(as_text=True), re.S)[0] for answer in answers
    ]
    assert errors[0] == errors[1]
    assert f'value="{cast.owner.email}"' in answers[0].get_data(as_text=True)


def test_too_many_attempts_wait(forms, cast, rate_limits):
    for _ in range(30):
        page = forms.client.get("/login").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        form = {"email": cast.owner.email, "password": "not the one", "csrf_token": token}
        answer = forms.client.post("/login", data=form)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert 'id="password-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("target", ["/settings", "/conversations/5?before=3", "http://localhost/settings"])
def test_the_sign_in_leads_on(forms, cast, target):
    answer = forms.post(f"/login?next={quote(target)}", email=cast.owner.email, password=PASSWORD)
    assert answer.headers["Location"] == target.removeprefix("http://localhost")
    assert forms.client.get(f"/login?next={quote(target)}").headers["Location"] == answer.headers["Location"]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        " /settings",
        "http:evil.example",
        "https://localhost:1/",
        "http://localhost@evil.example/",
        "settings",
        "",
    ],
)
def test_nobody_is_led_elsewhere(forms, cast, target):
    answer = forms.post(f"/login?next={quote(target)}", email=cast.owner.email, password=PASSWORD)
    assert answer.headers["Location"] == "/conversations"
    for page in ("/login", "/register"):
        assert "evil" not in forms.client.get(f"{page}?next={quote(target)}").get_data(as_text=True)


def test_the_way_on_survives_a_change_of_form(page):
    assert 'href="/register?next=%2Fsettings"' in page("/login?next=/settings")
    assert 'href="/login?next=%2Fsettings"' in page("/register?next=/settings")


def test_who_is_signed_in_needs_no_form(client, owner):
    for path in ("/login", "/register"):
        assert client.get(path).headers["Location"] == "/conversations"


def test_sign_out_ends_the_session_itself(client, owner):
    cookie = client.get_cookie("lumina").value
    assert owner.post("/logout").headers["Location"] == "/login"
    assert client.get("/settings").headers["Location"] == "/login?next=%2Fsettings"
    client.set_cookie("lumina", cookie)
    assert client.get("/settings").status_code == 303


def test_signing_out_twice_is_no_fault(forms):
    assert forms.post("/logout").headers["Location"] == "/login"


def test_forgot_tells_nothing(forms, cast):
    pages = [
        forms.post("/forgot", status=200, email=email).get_data(as_text=True).replace(email, "it")
        for email in (cast.owner.email, "nobody@example.org")
    ]
    assert "Look in your mail" in pages[0]
    csrf = re.compile(r'content="[^"]+"')
    assert csrf.sub("", pages[0]) == csrf.sub("", pages[1])


def test_a_reset_by_a_bad_link(forms):
    page = forms.post("/reset/not-a-token", status=400, password="a few words").get_data(as_text=True)
    assert 'role="alert"' in page
    assert 'href="/forgot"' in page
