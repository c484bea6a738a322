"""The details of a conversation, and changing them by their forms."""

import pytest

from tests.pages.conftest import HTMX
from tests.support import making


@pytest.fixture
def here(group):
    return f"/conversations/{group['id']}"


def test_details_of_a_person(page, owner, direct):
    html = page(f"/conversations/{direct['id']}/details")
    assert "<conversation-list>" in html
    assert "On Lumina since" in html
    assert "Leave group" not in html
    part = page(f"/conversations/{direct['id']}/details", headers=HTMX)
    assert part.lstrip().startswith("<section")


def test_details_of_a_group(page, owner, here):
    html = page(f"{here}/details")
    assert "2 members" in html
    assert "Remove Tomasz from the group" in html
    assert "Remove Mara" not in html


def test_who_is_no_admin_is_offered_nothing(member, here):
    html = member.client.get(f"{here}/details").get_data(as_text=True)
    assert "Tomasz Novak" in html
    assert "Add people" not in html
    assert "Remove Mara" not in html
    assert "Leave group" in html


def test_a_large_group_has_pages(page, owner, app, group, here):
    making.admit(app, group, making.crowd(app, 60))
    assert "details?cursor=" in page(f"{here}/details")


def test_rename(owner, page, here):
    answer = owner.post(f"{here}/rename", name="Second look", description="What\r\nelse")
    assert answer.headers["Location"] == f"{here}/details"
    html = page(f"{here}/details")
    assert "Second look" in html
    assert "What\nelse" in html


@pytest.mark.parametrize("form", [{"name": "x" * 121}, {"description": "x" * 2001, "name": "Kept"}])
def test_a_refused_name_is_kept(owner, here, form):
    html = owner.post(f"{here}/rename", status=400, **form).get_data(as_text=True)
    assert 'role="alert"' in html
    assert form["name"] in html


def test_only_admins_rename(member, here):
    assert 'role="alert"' in member.post(f"{here}/rename", status=403, name="Mine").get_data(as_text=True)


def test_add(owner, page, cast, here):
    assert owner.post(f"{here}/members", user_id=cast.outsider.id).headers["Location"] == f"{here}/details"
    assert "Remove Ines from the group" in page(f"{here}/details")
    refused = owner.post(f"{here}/members", status=404, user_id="987654321")
    assert "html" in refused.mimetype


def test_looking_for_whom_to_add(owner, here):
    html = owner.post(f"{here}/members", status=200, query="Ines", action="search").get_data(as_text=True)
    assert "Ines Okafor" in html
    assert "Add Tomasz Novak" not in html


def test_remove_and_leave(owner, member, page, cast, here):
    answer = owner.post(f"{here}/members/{cast.member.id}/remove")
    assert answer.headers["Location"] == f"{here}/details"
    assert member.client.get(here).status_code == 404
    assert owner.post(f"{here}/members/{cast.owner.id}/remove").headers["Location"] == "/conversations"
    page(here, status=404)


def test_only_admins_remove(member, cast, here):
    member.post(f"{here}/members/{cast.owner.id}/remove", status=403)
