"""Telling the admins of a message or of somebody, and what they do about it."""

import pytest
from sqlalchemy import select

from lumina.extensions import db
from lumina.models import Report
from tests.support import files, life, making, paying
from tests.support.cast import PASSWORD

SPAM = {"reason": "spam"}


@pytest.fixture(autouse=True)
def true_ledger(app):
    yield
    paying.require_true_ledger(app)


@pytest.fixture
def talk(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def report(api, cast):
    """Reports a message: what the reporter is told."""

    def report(message, person=cast.owner, status=201, **body):
        path = f"/api/messages/{message['id']}/report"
        answer = api.as_(person).post(path, {**SPAM, **body}, status=status)
        return answer["report"] if status == 201 else answer

    return report


@pytest.fixture
def admin(api, cast):
    return api.as_(cast.admin)


def listed(admin):
    return admin.get("/api/admin/reports")["reports"]


def seen(admin, report):
    return admin.get(f"/api/admin/reports/{report['id']}")["report"]


def settle(admin, report, outcome, status=200, **body):
    return admin.post(f"/api/admin/reports/{report['id']}", {"outcome": outcome, **body}, status=status)


def acts(admin):
    """Since somebody made them an admin, the latest first."""
    return [entry["act"] for entry in admin.get("/api/admin/audit")["entries"]]


def test_a_message_is_reported_with_what_came_before_it(api, cast, talk, report, admin):
    making.say(api, cast.member, talk, *(f"Number {number}" for number in range(7)))
    making.say(api, cast.owner, talk, "Stop it")
    [rude] = making.say(api, cast.member, talk, "You fool")
    making.say(api, cast.owner, talk, "Private matters")
    made = report(rude, reason="abuse", note=" He will not stop ")
    assert made["kind"] == "message"
    assert (made["userId"], made["messageId"]) == (cast.member.id, rude["id"])
    assert (made["reason"], made["note"]) == ("abuse", "He will not stop")
    [row] = listed(admin)
    assert "excerpt" not in row
    assert (row["reporter"]["id"], row["user"]["id"]) == (cast.owner.id, cast.member.id)
    shown = seen(admin, made)["excerpt"]
    said = [(one["sender"]["firstName"], one["content"]) for one in shown]
    before = [("Tomasz", f"Number {number}") for number in (3, 4, 5, 6)]
    assert said == [*before, ("Mara", "Stop it"), ("Tomasz", "You fool")]
    assert shown[-1]["messageId"] == rude["id"]


def test_it_is_shown_as_it_was(api, cast, talk, report, admin):
    """Whatever its sender makes of it afterwards; and not what the reporter had hidden, or system lines."""
    hidden, gone, rude = making.say(api, cast.member, talk, "Hidden", "Gone", "You fool")
    api.as_(cast.owner).delete(f"/api/messages/{hidden['id']}", scope="me")
    life.delete(api, cast.member, gone)
    api.as_(cast.owner).put(
        f"{making.CONVERSATIONS}/{talk['id']}/settings", {"settings": {"allowFileSharing": False}}
    )
    [after] = making.say(api, cast.member, talk, "And again")
    made = report(after)
    life.edit(api, cast.member, rude, "You dear")
    life.delete(api, cast.member, after)
    shown = seen(admin, made)["excerpt"]
    assert [(one["content"], one["isDeleted"]) for one in shown] == [
        ("", True),
        ("You fool", False),
        ("And again", False),
    ]


def test_reporting_again_changes_the_report(api, cast, talk, report, admin):
    [rude] = making.say(api, cast.member, talk, "You fool")
    first, again = report(rude), report(rude, reason="abuse")
    assert (first["id"], again["reason"]) == (again["id"], "abuse")
    path = f"/api/users/{cast.member.id}/report"
    person = api.as_(cast.owner).post(path, SPAM, status=201)["report"]
    assert (person["kind"], person["messageId"]) == ("person", None)
    assert api.as_(cast.owner).post(path, SPAM, status=201)["report"] == person
    assert api.as_(cast.outsider).post(path, SPAM, status=201)["report"]["id"] != person["id"]
    assert len(listed(admin)) == 3
    settle(admin, first, "dismiss")
    assert report(rude)["id"] != first["id"]


def test_the_reported_one_learns_nothing(api, cast, talk, report, open_socket):
    [rude] = making.say(api, cast.member, talk, "You fool")
    before = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{talk['id']}")
    socket = open_socket(cast.member)
    report(rude)
    for event in ("message_updated", "conversation_updated", "new_message_notification"):
        assert socket.arrived(event) == []
    after = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{talk['id']}")
    assert after["messages"] == before["messages"]
    assert after["conversation"]["version"] == before["conversation"]["version"]


def test_an_admin_who_is_reported_is_not_shown_it(app, api, cast, admin):
    path = f"/api/users/{cast.admin.id}/report"
    made = api.as_(cast.owner).post(path, SPAM, status=201)["report"]
    assert listed(admin) == []
    assert admin.get(f"/api/admin/reports/{made['id']}", status=404)["code"] == "not_found"
    assert settle(admin, made, "dismiss", 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": "dull"}, "reason"),
        ({}, "reason"),
        ({"reason": "other"}, "note"),
        ({"reason": "other", "note": "  "}, "note"),
        ({"reason": "spam", "note": "x" * 2001}, "note"),
        ({"reason": "spam", "note": "\x00"}, "note"),
    ],
)
def test_what_is_no_report(api, cast, body, field):
    refused = api.as_(cast.owner).post(f"/api/users/{cast.member.id}/report", body, status=400)
    assert refused["errors"][0]["field"] == field


def test_what_cannot_be_reported(api, cast, talk, report):
    own, deleted = (making.say(api, who, talk, "Hm")[0] for who in (cast.owner, cast.member))
    life.delete(api, cast.member, deleted)
    assert report(own, status=400)["code"] == "own_account"
    assert report(deleted, status=409)["code"] == "message_deleted"
    assert report(own, cast.outsider, status=404)["code"] == "not_found"
    path = f"/api/users/{cast.owner.id}/report"
    assert api.as_(cast.owner).post(path, SPAM, status=400)["code"] == "own_account"
    api.as_(cast.owner).post("/api/users/987654321/report", SPAM, status=404)
    api.as_(cast.outsider).delete("/api/users/me", {"password": PASSWORD})
    closed = api.as_(cast.owner).post(f"/api/users/{cast.outsider.id}/report", SPAM, status=409)
    assert closed["code"] == "account_closed"


def test_a_system_line_is_nobody_s(api, cast, talk, report):
    api.as_(cast.owner).put(
        f"{making.CONVERSATIONS}/{talk['id']}/settings", {"settings": {"allowFileSharing": False}}
    )
    last = api.as_(cast.member).get(f"{making.CONVERSATIONS}/{talk['id']}")["messages"][-1]
    assert last["messageType"] == "system"
    assert report(last, cast.member, 404)["code"] == "not_found"


def test_nobody_reports_without_end(api, cast, rate_limits):
    for _ in range(20):
        api.as_(cast.owner).post(f"/api/users/{cast.member.id}/report", SPAM, status=201)
    api.as_(cast.owner).post(f"/api/users/{cast.member.id}/report", SPAM, status=429)


def test_a_report_is_dismissed(app, api, cast, talk, report, admin):
    [rude] = making.say(api, cast.member, talk, "You fool")
    made = report(rude)
    seen(admin, made)
    seen(admin, made)
    settle(admin, made, "dismiss", reason="They are joking")
    assert listed(admin) == []
    assert settle(admin, made, "dismiss", 409)["code"] == "wrong_state"
    after = seen(admin, made)
    assert (after["state"], after["excerpt"]) == ("dismissed", [])
    assert after["settledAt"]
    with app.app_context():
        assert db.session.scalars(select(Report.excerpt)).one() is None
    # The looks are one, and what is settled shows nothing.
    assert acts(admin) == ["report_dismissed", "report_seen"]
    [entry, _] = admin.get("/api/admin/audit", userId=cast.member.id)["entries"]
    assert (entry["subject"], entry["details"]) == (f"report:{made['id']}", {"reason": "They are joking"})
    assert [person["id"] for person in entry["concerned"]] == [cast.member.id]
    assert admin.get("/api/admin/audit", userId=cast.owner.id)["entries"] == []
    api.as_(cast.member).get("/api/auth/me")


def test_who_is_reported_is_suspended_and_all_about_them_is_settled(api, cast, talk, report, admin):
    made = report(making.say(api, cast.member, talk, "You fool")[0])
    for who in (cast.owner, cast.outsider):
        api.as_(who).post(f"/api/users/{cast.member.id}/report", SPAM, status=201)
    other = api.as_(cast.member).post(f"/api/users/{cast.owner.id}/report", SPAM, status=201)["report"]
    refused = settle(admin, made, "suspend", 400)
    assert refused["errors"][0]["field"] == "reason"
    assert len(listed(admin)) == 4
    settle(admin, made, "suspend", reason="Insults")
    assert [one["id"] for one in listed(admin)] == [other["id"]]
    assert seen(admin, made)["state"] == "upheld"
    api.as_(cast.member).get("/api/auth/me", status=401)
    assert acts(admin)[:2] == ["report_upheld", "user_suspended"]
    assert settle(admin, made, "suspend", 409, reason="Again")["code"] == "wrong_state"


def test_whoever_is_suspended_already_stays_so(api, cast, talk, report, admin):
    made = report(making.say(api, cast.member, talk, "You fool")[0])
    admin.post(f"/api/admin/users/{cast.member.id}/suspend", {"suspended": True, "reason": "Spam"})
    settle(admin, made, "suspend", reason="Insults")
    assert acts(admin) == ["report_upheld", "user_suspended"]


def test_who_has_gone_meanwhile_cannot_be_suspended(api, cast, talk, report, admin):
    made = report(making.say(api, cast.member, talk, "You fool")[0])
    api.as_(cast.member).delete("/api/users/me", {"password": PASSWORD})
    assert settle(admin, made, "suspend", 409, reason="Insults")["code"] == "account_closed"
    assert [one["id"] for one in listed(admin)] == [made["id"]]
    assert seen(admin, made)["excerpt"][0]["content"] == "You fool"
    settle(admin, made, "dismiss")


def test_many_reports_have_pages(app, api, cast, admin):
    for number, user_id in enumerate(making.crowd(app, 5)):
        body = {"reason": "other", "note": f"Number {number}"}
        api.as_(cast.owner).post(f"/api/users/{user_id}/report", body, status=201)
    found, cursor = [], None
    while cursor or not found:
        page = admin.get("/api/admin/reports", limit=2, **({"cursor": cursor} if cursor else {}))
        found += [one["note"] for one in page["reports"]]
        cursor = page["nextCursor"]
    assert found == [f"Number {number}" for number in range(5)]
    admin.get("/api/admin/reports", cursor="x", status=400)


def test_the_files_of_a_report_are_fetched_by_admins_alone(app, api, cast, talk, report, admin):
    earlier = files.send(api, cast.member, talk, ("earlier.png", files.picture()))
    for _ in range(6):
        making.say(api, cast.owner, talk, "…")
    sent = files.send(api, cast.member, talk, ("plan.png", files.picture()))
    made = report(sent)
    [file] = seen(admin, made)["excerpt"][-1]["files"]
    assert (file["fileName"], file["mimeType"]) == ("plan.png", "image/png")
    assert file["url"] == f"/admin/reports/{made['id']}/files/{sent['attachments'][0]['id']}"

    def fetched(url, person):
        return api.as_(person).request("GET", url).status_code

    assert fetched(file["url"], cast.admin) == 200
    assert fetched(file["url"], cast.admin) == 200
    assert acts(admin) == ["file_fetched", "report_seen"]
    # Not what the report does not show, and not by those whose conversation it is.
    other = file["url"].replace(file["id"], earlier["attachments"][0]["id"])
    assert fetched(other, cast.admin) == 404
    for who in (cast.owner, cast.member, cast.outsider):
        assert fetched(file["url"], who) == 404
    settle(admin, made, "dismiss")
    assert fetched(file["url"], cast.admin) == 404


def test_a_file_that_is_gone_for_good_is_gone_here_too(app, api, cast, talk, report, admin):
    sent = files.send(api, cast.member, talk, ("plan.png", files.picture()))
    made = report(sent)
    life.delete(api, cast.member, sent)
    [file] = seen(admin, made)["excerpt"][-1]["files"]
    assert api.as_(cast.admin).request("GET", file["url"]).status_code == 200
    paying.advance(app, paying.DAY + 60)
    assert api.as_(cast.admin).request("GET", file["url"]).status_code == 404
    assert seen(admin, made)["excerpt"][-1]["files"] == [file]
