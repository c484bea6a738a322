"""What every answer tells the browser, and what the cookies are."""

import re
import shutil
from dataclasses import replace

import pytest

from lumina import create_app
from lumina.presenters import assets
from lumina.services import events, topups
from tests.pages.conftest import HTMX
from tests.support.forms import Forms

PUBLIC = ["/login", "/register", "/forgot", "/reset/token", "/nowhere", "/me-1.css", "/api/nowhere"]
PRIVATE = ["/conversations", "/conversations/new", "/settings", "/people", "/wallet"]


@pytest.fixture
def production(migrated_app, app, config, monkeypatch):
    """The app as it is deployed, on the same database."""
    # The outlets and the sandbox of the app that all tests share come back afterwards.
    monkeypatch.setattr(events, "_outlets", [])
    monkeypatch.setattr(topups, "_provider", None)
    made = create_app(replace(config, env="production", test_clock=False))
    made.testing = True
    return made


def policy(answer):
    directives = answer.headers["Content-Security-Policy"].split("; ")
    return {name: sources for name, *sources in (directive.split() for directive in directives)}


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE])
def test_the_policy(client, owner, path):
    answer = client.get(path)
    rules = policy(answer)
    assert rules["default-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE])
def test_the_markup_needs_no_exception_from_it(client, owner, path):
    page = client.get(path).get_data(as_text=True)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize("path", [*PRIVATE, "/login", "/conversations/1", "/settings/nowhere"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_private_pages_are_not_stored(client, owner, path, headers):
    answer = client.get(path, headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PRIVATE)
def test_a_fragment_is_not_taken_for_its_page(client, owner, path):
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in client.get(path).headers["Vary"].split(",")}


def test_cookies_in_development(client, owner):
    cookie = client.get_cookie("lumina")
    assert (cookie.http_only, cookie.same_site, cookie.secure) == (True, "Lax", False)


def test_cookies_in_production(production, cast):
    client = production.test_client()
    page = client.get("/login", base_url="https://localhost").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    form = {"email": cast.owner.email, "password": cast.owner.password, "csrf_token": token}
    headers = {"Referer": "https://localhost/login"}
    answer = client.post("/login", data=form, base_url="https://localhost", headers=headers)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    flags = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(flags.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_static_files_are_kept_for_good(app, production):
    for client in (app.test_client(), production.test_client()):
        page = client.get("/login").get_data(as_text=True)
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            stale = re.sub(r"/v-[^/]+/", "/v-yesterday/", address)
            assert client.get(stale).headers["Cache-Control"] == "no-cache"


def addresses(client):
    """Of all scripts and the stylesheet that a page names, and what the stylesheet holds."""
    page = client.get("/login").get_data(as_text=True)
    [stylesheet] = re.findall(r'href="(/static/[^"]+\.css)"', page)
    return re.findall(r'"(/static/[^"]+\.(?:css|js))"', page), client.get(stylesheet).get_data(as_text=True)


def test_in_development_an_edited_file_has_another_address(app, client, monkeypatch, tmp_path):
    copied = shutil.copytree(assets.STATIC, tmp_path / "static")
    monkeypatch.setattr(assets, "STATIC", copied)
    monkeypatch.setattr(assets, "LOOKS_PER_SECOND", 1_000_000)
    assets.configure(app.config["LUMINA"])
    before, _ = addresses(client)
    assert addresses(client)[0] == before
    (copied / "css" / "zz.css").write_text(".edited {}")
    after, styles = addresses(client)
    assert ".edited {}" in styles
    assert len(after) == len(before)
    assert not set(before) & set(after)
    (copied / "js" / "new.js").write_text("")
    assert any(address.endswith("/js/new.js") for address in addresses(client)[0])
    answer = client.get(before[0])
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(before[0], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_in_production_nobody_looks_at_the_files_again(production, monkeypatch):
    client = production.test_client()
    before, _ = addresses(client)
    monkeypatch.setattr(assets, "STATIC", None)
    assert addresses(client)[0] == before


@pytest.mark.parametrize(
    "path", ["../lumina/config.py", "..%2flumina%2fconfig.py", "js/nowhere.js", "js/", "js/../../wsgi.py"]
)
def test_nothing_but_static_files_is_served(client, path):
    assert client.get(f"/static/v-1/{path}").status_code == 404


def test_the_personal_stylesheet_tells_nothing(client, app):
    answer = client.get("/me-42.css")
    assert answer.mimetype == "text/css"
    assert '[data-sender-id="42"]' in answer.get_data(as_text=True)
    assert client.get("/me-x.css").status_code == 404


def test_the_sign_in_starts_a_new_cookie(app, cast):
    client = app.test_client()
    client.get("/login")
    before = client.get_cookie("lumina").value
    Forms(client).sign_in(cast.owner)
    assert client.get_cookie("lumina").value != before
