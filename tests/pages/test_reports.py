"""Reporting a message or somebody, and deciding about it, by a browser without scripts."""

import pytest

from tests.support import files, life, making
from tests.support.forms import Forms


@pytest.fixture
def talk(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def rude(api, cast, talk):
    return making.say(api, cast.member, talk, "You <b>fool</b>")[0]


@pytest.fixture
def owner(client, cast):
    return Forms(client).sign_in(cast.owner)


@pytest.fixture
def admin(app, cast):
    return Forms(app.test_client()).sign_in(cast.admin)


def text(browser, path, status=200):
    answer = browser.client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def thanked(browser, path, **form):
    """The page after reporting."""
    return text(browser, browser.post(path, **form).headers["Location"])


def test_a_message_is_reported(api, cast, owner, talk, rude):
    path = f"/conversations/{talk['id']}/messages/{rude['id']}/report"
    html = text(owner, path)
    assert "Report this message" in html
    assert "You &lt;b&gt;fool&lt;/b&gt;" in html
    assert "Tomasz is not told." in html
    html = owner.post(path, status=400, note="Look").get_data(as_text=True)
    assert "Choose what is wrong." in html
    assert ">Look</textarea>" in html
    html = owner.post(path, status=400, reason="other", note=" ").get_data(as_text=True)
    assert 'id="note-error"' in html
    html = thanked(owner, path, reason="abuse", note="Look\r\nhere")
    assert "Thank you. An admin looks at it." in html
    assert "Block Tomasz" in html
    [made] = api.as_(cast.admin).get("/api/admin/reports")["reports"]
    assert (made["reason"], made["note"], made["messageId"]) == ("abuse", "Look\nhere", rude["id"])
    # Who has been blocked already is not asked about again.
    owner.post(f"/people/{cast.member.id}/block", blocked="1")
    assert "Block Tomasz" not in thanked(owner, path, reason="abuse")


def test_what_has_been_deleted_meanwhile(api, cast, owner, talk, rude):
    life.delete(api, cast.member, rude)
    path = f"/conversations/{talk['id']}/messages/{rude['id']}/report"
    html = owner.post(path, status=409, reason="spam").get_data(as_text=True)
    assert "This message has been deleted." in html


def test_somebody_is_reported_from_the_details_and_leads_back(api, cast, owner, talk):
    here = f"/conversations/{talk['id']}"
    path = f"/people/{cast.member.id}/report"
    assert f'href="{path}?next={here}"' in text(owner, f"{here}/details")
    html = text(owner, f"{path}?next={here}")
    assert f'name="next" value="{here}"' in html
    html = thanked(owner, path, reason="spam", next=here)
    assert f'href="{here}"' in html
    assert 'href="/conversations"' in thanked(owner, path, reason="spam", next="//evil")
    text(owner, "/people/987654321/report", 404)


def test_nobody_is_led_to_the_sign_in(app):
    answer = app.test_client().get("/people/1/report")
    assert answer.headers["Location"].startswith("/login?next=")


def test_an_admin_reads_and_decides(api, cast, owner, admin, talk, rude):
    sent = files.send(api, cast.member, talk, ("plan.png", files.picture()), content="Look at this")
    path = f"/conversations/{talk['id']}/messages/{sent['id']}/report"
    assert "plan.png" in text(owner, path)
    owner.post(path, reason="fraud", note="He wants money")
    assert "Fraud · A message" in text(admin, "/admin/reports")
    assert '<a href="/admin/reports">1 waits</a>' in text(admin, "/admin")
    [made] = api.as_(cast.admin).get("/api/admin/reports")["reports"]
    here = f"/admin/reports/{made['id']}"
    html = text(admin, here)
    for words in ("You &lt;b&gt;fool&lt;/b&gt;", "Look at this", "He wants money", "Mara Ellison"):
        assert words in html
    assert f"{here}/files/{sent['attachments'][0]['id']}" in html
    assert "Choose what is to be done." in admin.post(here, status=400).get_data(as_text=True)
    html = admin.post(here, status=400, outcome="suspend").get_data(as_text=True)
    assert 'id="reason-error"' in html
    answer = admin.post(here, outcome="suspend", reason="Fraud")
    assert answer.headers["Location"] == "/admin/reports"
    html = text(admin, "/admin/reports")
    assert "Suspended. They are signed out everywhere." in html
    assert "No report waits" in html
    html = text(admin, here)
    assert "What it showed is not kept." in html
    assert "Look at this" not in html
    html = admin.post(here, status=409, outcome="dismiss").get_data(as_text=True)
    assert "settled already" in html
    log = text(admin, "/admin/log")
    assert "Upheld a report" in log
    assert f'href="{here}"' in log


def test_a_person_is_reported_and_it_is_dismissed(api, cast, owner, admin):
    owner.post(f"/people/{cast.member.id}/report", reason="other", note="Ask me")
    [made] = api.as_(cast.admin).get("/api/admin/reports")["reports"]
    html = text(admin, f"/admin/reports/{made['id']}")
    assert "about the person, not about a message" in html
    admin.post(f"/admin/reports/{made['id']}", outcome="dismiss", reason="")
    assert "Dismissed." in text(admin, "/admin/reports")


def test_many_reports_have_pages(app, api, cast, admin):
    for user_id in making.crowd(app, 51):
        api.as_(cast.owner).post(f"/api/users/{user_id}/report", {"reason": "spam"}, status=201)
    html = text(admin, "/admin/reports")
    more = html.partition('id="more-rows"><a href="')[2].partition('"')[0].replace("&amp;", "&")
    assert text(admin, more).count("Crowd") == 1


@pytest.mark.parametrize("who", ["owner", "member", "outsider"])
def test_for_anybody_else_there_are_no_such_pages(app, api, cast, rude, who):
    made = api.as_(cast.owner).post(f"/api/messages/{rude['id']}/report", {"reason": "spam"})["report"]
    browser = Forms(app.test_client()).sign_in(getattr(cast, who))
    for path in ("/admin/reports", f"/admin/reports/{made['id']}", f"/admin/reports/{made['id']}/files/1"):
        text(browser, path, 404)
    browser.post(f"/admin/reports/{made['id']}", status=404, outcome="dismiss")


def test_an_expert_is_blocked_and_reported_from_their_profile(api, cast, owner):
    api.as_(cast.member).put("/api/experts/me", {"offer": {}})
    here = f"/experts/{cast.member.id}"
    html = text(owner, here)
    assert "Block Tomasz" in html
    assert f'href="/people/{cast.member.id}/report?next={here}"' in html
    path = f"/people/{cast.member.id}/block"
    assert owner.post(path, blocked="1", next=here).headers["Location"] == here
    html = text(owner, here)
    assert "You have blocked Tomasz Novak." in html
    assert "Unblock Tomasz" in html
    owner.post(path, blocked="0", next=here)
    assert "Block Tomasz" in text(owner, here)
    # Nobody blocks or reports themselves, and who is blocked is not told by whom.
    api.as_(cast.owner).put("/api/experts/me", {"offer": {}})
    own = text(owner, f"/experts/{cast.owner.id}")
    assert "Block Mara" not in own
    assert "Report Mara" not in own
    api.as_(cast.member).post(f"/api/users/{cast.owner.id}/block", {"blocked": True})
    assert "Unblock" not in text(owner, here)
