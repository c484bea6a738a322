"""Blocking, closing one's account and being suspended, by the pages' forms."""

import pytest

from tests.pages.conftest import HTMX
from tests.support import making, paying
from tests.support.cast import PASSWORD
from tests.support.forms import Forms

MINE, THEIRS = "You blocked Tomasz.", "You cannot write to this person."


@pytest.fixture
def members_page(member):
    """GETs a page as the member."""
    return lambda path: member.client.get(path).get_data(as_text=True)


def test_blocking_from_the_details_and_what_each_sees(owner, page, members_page, direct):
    path = f"/conversations/{direct['id']}"
    assert "Block Tomasz" in page(f"{path}/details")
    answer = owner.post(f"{path}/block", blocked="1", at="details")
    assert answer.headers["Location"] == f"{path}/details"
    html = page(f"{path}/details")
    assert "Unblock Tomasz" in html
    assert MINE in html
    assert THEIRS not in html
    assert 'name="content"' not in html
    theirs = members_page(f"{path}/details")
    assert THEIRS in theirs
    assert "You blocked" not in theirs
    assert "Unblock" not in theirs
    assert "Block Mara" in theirs
    assert owner.post(f"{path}/block", blocked="0").headers["Location"] == path
    for shown in (page(path), members_page(path)):
        assert 'name="content"' in shown


def test_each_part_of_the_page_gets_itself_anew(owner, direct):
    path = f"/conversations/{direct['id']}/block"
    details = owner.post(path, status=200, headers=HTMX, blocked="1", at="details").get_data(as_text=True)
    assert 'class="details"' in details
    composer = owner.post(path, status=200, headers=HTMX, blocked="0").get_data(as_text=True)
    assert composer.lstrip().startswith("<message-composer")
    assert 'name="content"' in composer


def test_a_sentence_that_was_on_its_way_is_refused_kindly(owner, member, direct):
    path = f"/conversations/{direct['id']}"
    member.post(f"{path}/block", blocked="1")
    html = owner.post(f"{path}/messages", status=403, content="Still there?").get_data(as_text=True)
    assert THEIRS in html


def test_in_a_group_nobody_is_blocked(owner, page, group):
    assert "/block" not in page(f"/conversations/{group['id']}/details")
    owner.post(f"/conversations/{group['id']}/block", status=403, blocked="1")


def test_the_list_in_the_settings(owner, page, cast):
    assert "You have blocked nobody." in page("/settings")
    answer = owner.post(f"/people/{cast.member.id}/block", blocked="1")
    assert answer.headers["Location"] == "/settings#blocked"
    html = page("/settings")
    assert "You have blocked Tomasz Novak." in html
    assert 'aria-label="Unblock Tomasz Novak"' in html
    owner.post(f"/people/{cast.member.id}/block", blocked="0")
    assert "You have blocked nobody." in page("/settings")


def test_a_long_list_goes_on(app, owner, page, api, cast):
    for user_id in making.crowd(app, 51):
        api.as_(cast.owner).post(f"/api/users/{user_id}/block", {"blocked": True})
    html = page("/settings")
    assert html.count('aria-label="Unblock') == 50
    more = html.split('href="/settings?blocked=')[1].split("#")[0]
    assert page(f"/settings?blocked={more}").count('aria-label="Unblock') == 1


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/experts/7", "/experts/7"), ("https://evil.example/", "/settings#blocked"), ("", "/settings#blocked")],
)
def test_one_is_led_back_and_nowhere_else(owner, cast, wanted, led):
    answer = owner.post(f"/people/{cast.member.id}/block", blocked="1", next=wanted)
    assert answer.headers["Location"] == led


def test_closing_the_account(owner, page, api, cast):
    answer = owner.post("/settings/close", close_password=PASSWORD)
    assert answer.headers["Location"] == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Your account is closed." in page("/login")
    assert owner.client.get("/settings").status_code == 303
    assert api.as_(cast.member).get(f"/api/users/{cast.owner.id}")["user"]["lastName"] == "account"


@pytest.mark.parametrize(("password", "status"), [("", 400), ("wrong horse", 403)])
def test_the_wrong_password_is_said_beside_it(owner, page, password, status):
    html = owner.post("/settings/close", status=status, close_password=password).get_data(as_text=True)
    assert 'aria-describedby="close_password-error"' in html
    assert "To your wallet" not in html
    assert "autofocus" in html
    assert "autofocus" not in page("/settings")


def test_what_is_left_is_said_with_the_way_to_it(app, owner, page, cast):
    paying.credit(app, cast.owner, 100)
    html = owner.post("/settings/close", status=409, close_password=PASSWORD).get_data(as_text=True)
    assert "There is money in your wallet" in html
    assert '<a href="/wallet">To your wallet</a>' in html
    page("/settings")


def test_the_last_admin_is_told_so(app, cast):
    admin = Forms(app.test_client()).sign_in(cast.admin)
    html = admin.post("/settings/close", status=409, close_password=PASSWORD).get_data(as_text=True)
    assert "You are the last admin." in html
    assert "To your wallet" not in html


def test_a_suspended_person_is_told_so_once_the_password_is_right(app, api, cast, member):
    path, body = f"/api/admin/users/{cast.member.id}/suspend", {"suspended": True, "reason": "Spam"}
    api.as_(cast.admin).post(path, body)
    assert member.client.get("/conversations").headers["Location"].startswith("/login")
    visitor = Forms(app.test_client())
    for password, status, told in (("wrong horse", 401, False), (PASSWORD, 403, True)):
        answer = visitor.post("/login", status=status, email=cast.member.email, password=password)
        assert ("This account is suspended." in answer.get_data(as_text=True)) is told
        assert ("password-error" in answer.get_data(as_text=True)) is not told


def test_whoever_has_closed_their_account_is_not_blocked(api, member, page, owner, direct):
    member.post("/settings/close", close_password=PASSWORD)
    html = page(f"/conversations/{direct['id']}/details")
    assert "/block" not in html
    assert "Nobody is left here to write to." in html
    assert "Deleted account" in html
