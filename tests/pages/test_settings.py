"""One's own account by its forms."""

import re

import pytest

from tests.support.cast import PASSWORD
from tests.support.forms import Forms

REVOKE = re.compile(r"/settings/sessions/(\d+)/revoke")
PROFILE = {"first_name": "Mara", "last_name": "Ellison-Gray", "headline": "Harbour engineer"}


def test_profile(owner, page):
    assert owner.post("/settings/profile", **PROFILE).headers["Location"] == "/settings#profile"
    html = page("/settings")
    for text in PROFILE.values():
        assert f'value="{text}"' in html
    assert "Saved." in html
    assert "Saved." not in page("/settings")


@pytest.mark.parametrize("wrong", [{"first_name": ""}, {"last_name": "x" * 81}, {"headline": "x" * 121}])
def test_a_refused_profile_keeps_what_was_typed(owner, wrong):
    sent = PROFILE | wrong
    html = owner.post("/settings/profile", status=400, **sent).get_data(as_text=True)
    assert f'aria-describedby="{next(iter(wrong))}-error"' in html
    for text in sent.values():
        assert f'value="{text}"' in html


def test_a_new_password_signs_other_devices_out(app, owner, page, cast):
    other = Forms(app.test_client()).sign_in(cast.owner)
    form = {"current_password": PASSWORD, "password": "another few words"}
    assert owner.post("/settings/password", **form).headers["Location"] == "/settings#security"
    assert "Your password is changed" in page("/settings")
    assert other.client.get("/settings").status_code == 303


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"current_password": "not it", "password": "another few words"}, "current_password"),
        ({"current_password": PASSWORD, "password": "short"}, "password"),
        ({"current_password": "", "password": "another few words"}, "current_password"),
    ],
)
def test_a_refused_password(owner, form, field):
    answer = owner.client.get("/settings")
    token = re.search(r'name="csrf-token" content="([^"]+)"', answer.get_data(as_text=True))[1]
    answer = owner.client.post("/settings/password", data={**form, "csrf_token": token})
    assert 400 <= answer.status_code < 500
    assert f'aria-describedby="{field}-error"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("theme", "shown"), [("dark", "dark"), ("light", "light"), ("auto", "auto"), ("x", "auto")]
)
def test_appearance(owner, page, theme, shown):
    assert owner.post("/settings/appearance", theme=theme).headers["Location"] == "/settings#appearance"
    assert f'data-theme="{shown}"' in page("/settings")


def test_a_theme_that_is_none_is_not_believed(client, page):
    client.set_cookie("theme", '"><script>')
    assert 'data-theme="auto"' in page("/login")


def test_devices(app, owner, page, cast):
    other = Forms(app.test_client()).sign_in(cast.owner)
    listed = REVOKE.findall(page("/settings"))
    assert len(listed) == 2  # the other browser, and the program that has the token of the cast
    assert "This device" in page("/settings")
    for device in listed:
        assert owner.post(f"/settings/sessions/{device}/revoke").headers["Location"] == "/settings#devices"
    assert REVOKE.findall(page("/settings")) == []
    assert other.client.get("/settings").status_code == 303
    owner.post("/settings/sessions/987654321/revoke", status=404)


def test_who_may_write(owner, page, api, cast):
    assert re.search(r'<input checked[^>]*value="everyone"', page("/settings"))
    for choice in ("known", "nobody"):
        owner.post("/settings/privacy", direct_from=choice)
        assert re.search(rf'<input checked[^>]*value="{choice}"', page("/settings"))
    owner.post("/settings/privacy")
    assert api.as_(cast.owner).get("/api/auth/me")["user"]["directFrom"] == "nobody"
    owner.post("/settings/privacy", direct_from="friends", status=400)
