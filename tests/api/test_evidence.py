"""Nothing that an unsettled purchase rests on is lost, whatever its parties do; afterwards it goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lumina import clock
from lumina.extensions import db
from lumina.models import AuditEntry, Message, MessageEdit, StoredFile
from lumina.presenters import wire
from tests.support import administering, files, life, making, paying
from tests.support.paying import DAY, HOUR

SECRET = "The clause counts from signing"


@pytest.fixture
def client(cast):
    return cast.owner


@pytest.fixture
def expert(api, cast):
    paying.offer(api, cast.member)
    return cast.member


@pytest.fixture
def asked(app, api, client, expert):
    paying.credit(app, client, 20_000)
    return paying.ask(api, client, expert)


@pytest.fixture
def answered(api, client, expert, asked):
    paying.say(api, client, asked, "From when does it count?")
    paying.say(api, expert, asked, "Let me look.")
    return asked


@pytest.fixture
def seen(api, cast, asked):
    """An original as the admin sees it now."""
    return lambda message: administering.originals(api, cast.admin, asked["escrow"])[message["id"]]


@pytest.fixture
def moment(app):
    def moment(seconds):
        with app.app_context():
            return wire.time(clock.now() + timedelta(seconds=seconds))

    return moment


def settle(app, api, client, asked):
    """The time to object passes, and everything that was kept has its time."""
    paying.advance(app, 72 * HOUR + 60)
    assert paying.escrow(api, client, asked["escrow"])["state"] == "released"
    paying.carry_out(app)


def test_what_was_deleted_is_seen_until_it_is_settled(app, api, client, expert, answered, seen):
    message = paying.say(api, expert, answered, SECRET)
    life.delete(api, expert, message)
    assert life.read(api, client, answered)["messages"][-1]["content"] == ""
    shown = seen(message)
    assert (shown["content"], shown["isDeleted"], shown["deletedBy"]) == (SECRET, True, [expert.id])
    assert shown["deletedAt"]
    assert not shown["isEmptied"]
    paying.advance(app, 2 * DAY)
    assert seen(message)["content"] == SECRET
    settle(app, api, client, answered)
    shown = seen(message)
    assert (shown["content"], shown["isEmptied"]) == ("", True)


def test_what_has_expired_is_seen_until_it_is_settled(app, api, client, expert, answered, seen, moment):
    message = paying.say(api, expert, answered, SECRET, expiresAt=moment(60))
    paying.advance(app, 120)
    assert message["id"] not in [one["id"] for one in life.read(api, client, answered)["messages"]]
    shown = seen(message)
    assert (shown["content"], shown["isDeleted"], shown["deletedBy"]) == (SECRET, True, [])
    assert shown["expiredAt"]
    assert "restorableUntil" not in shown
    settle(app, api, client, answered)
    assert seen(message)["isEmptied"]


def test_what_was_deleted_and_then_expires_still_tells_by_whom(
    app, api, client, expert, answered, seen, moment
):
    message = paying.say(api, expert, answered, SECRET, expiresAt=moment(60))
    life.delete(api, expert, message)
    paying.advance(app, 120)
    shown = seen(message)
    assert (shown["content"], shown["deletedBy"]) == (SECRET, [expert.id])
    assert shown["deletedAt"]
    assert shown["expiredAt"]
    assert life.restore(api, expert, message, status=404)["code"] == "not_found"
    settle(app, api, client, answered)
    assert seen(message)["isEmptied"]


def test_auto_delete_keeps_it_too(app, api, client, expert, answered, seen):
    path = f"{making.CONVERSATIONS}/{answered['id']}/settings"
    api.as_(expert).put(path, {"settings": {"autoDeleteAfter": 60}})
    message = paying.say(api, expert, answered, SECRET)
    paying.advance(app, 120)
    assert seen(message)["content"] == SECRET
    settle(app, api, client, answered)
    assert seen(message)["isEmptied"]


def test_every_earlier_text_is_seen(app, api, client, expert, answered, seen):
    message = paying.say(api, expert, answered, SECRET)
    life.edit(api, expert, message, "It never counts")
    life.edit(api, expert, message, "Ask somebody else")
    shown = seen(message)
    assert shown["content"] == "Ask somebody else"
    assert [edit["content"] for edit in shown["edits"]] == [SECRET, "It never counts"]
    assert shown["edits"][0]["createdAt"] == message["createdAt"]
    life.delete(api, expert, message)
    paying.advance(app, 2 * DAY)
    assert [edit["content"] for edit in seen(message)["edits"]] == [SECRET, "It never counts"]
    settle(app, api, client, answered)
    assert seen(message)["edits"] == []
    with app.app_context():
        kept = db.session.scalars(select(MessageEdit).where(MessageEdit.message_id == int(message["id"])))
        assert kept.all() == []


def test_restoring_and_deleting_again_loses_nothing(app, api, expert, answered, seen):
    message = paying.say(api, expert, answered, SECRET)
    for _ in range(2):
        life.delete(api, expert, message)
        life.restore(api, expert, message)
    life.delete(api, expert, message)
    paying.advance(app, 2 * DAY)
    assert life.restore(api, expert, message, status=403)["code"] == "restore_window_over"
    assert seen(message)["content"] == SECRET


def test_hiding_hides_nothing_from_the_admin(app, api, cast, client, expert, answered, seen):
    message = paying.say(api, expert, answered, SECRET)
    life.hide(api, client, message)
    life.hide(api, expert, message)
    shown = seen(message)
    assert (shown["content"], shown["isDeleted"], shown["deletedBy"]) == (SECRET, False, [])


def test_the_closed_window_keeps_what_is_in_dispute(app, api, cast, client, expert, answered, seen, moment):
    message = paying.say(api, expert, answered, SECRET, expiresAt=moment(60))
    paying.take(api, client, answered["escrow"], "dispute", {"reason": "That is no answer"})
    paying.advance(app, 30 * DAY)
    assert paying.say(api, client, answered, "Hello?", status=403)["code"] == "window_closed"
    assert seen(message)["content"] == SECRET
    paying.take(api, cast.admin, answered["escrow"], "resolve", {"outcome": "refund"})
    paying.carry_out(app)
    assert seen(message)["isEmptied"]


def test_a_message_s_own_purchase_keeps_all_of_it(app, api, cast, client, expert, answered, seen):
    message = paying.say(api, expert, answered, SECRET)
    life.delete(api, expert, message)
    urgent = paying.urgent(api, client, answered, "By five!")
    paying.say(api, expert, answered, "No.")
    paying.take(api, client, urgent["escrow"], "dispute", {"reason": "That is no answer"})
    paying.advance(app, 5 * DAY)
    assert paying.escrow(api, client, answered["escrow"])["state"] == "released"
    assert seen(message)["content"] == SECRET


def test_the_paid_question_neither_expires_nor_goes(app, api, client, expert, asked, moment):
    question = paying.say(api, client, asked, "From when does it count?", expiresAt=moment(60))
    urgent = paying.urgent(api, client, asked, "By five!", expiresAt=moment(60))
    for message in (question, urgent):
        assert life.delete(api, client, message, status=409)["code"] == "escrow_held"
    paying.advance(app, HOUR)
    assert [life.find(api, expert, message)["content"] for message in (question, urgent)] == [
        "From when does it count?",
        "By five!",
    ]
    life.edit(api, client, question, "Something else")
    assert life.find(api, expert, question)["content"] == "Something else"


def test_what_is_forwarded_and_gone_there_stays_here(app, api, cast, client, expert, answered, seen):
    message = files.send(api, expert, answered, ("plan.png", files.picture()))
    elsewhere = making.direct(api, expert, cast.outsider)
    copies = api.as_(expert).post(
        f"/api/messages/{message['id']}/forward", {"conversationIds": [elsewhere["id"]]}, status=201
    )["messages"]
    life.delete(api, expert, message)
    life.delete(api, expert, copies[0])
    paying.advance(app, 2 * DAY)
    paying.carry_out(app)
    [attachment] = seen(message)["attachments"]
    answer = api.as_(cast.admin).request("GET", attachment["url"])
    assert (answer.status_code, answer.data) == (200, files.picture())
    settle(app, api, client, answered)
    paying.carry_out(app)
    assert seen(message)["attachments"] == []
    assert api.as_(cast.admin).request("GET", attachment["url"]).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []


def test_who_may_look(api, cast, client, expert, asked):
    path = f"/api/admin/escrows/{asked['escrow']['id']}"
    for party in (client, expert):
        assert api.as_(party).get(path, status=403)["code"] == "not_an_admin"
    assert api.as_(cast.outsider).get(path, status=404)["code"] == "not_found"
    for wrong in ("987654321", "x", "0"):
        assert api.as_(cast.admin).get(f"/api/admin/escrows/{wrong}", status=404)["code"] == "not_found"
    assert administering.acts(api, cast.admin) == ["adjustment"]


def test_a_look_is_noted(api, cast, client, expert, asked):
    found = administering.evidence(api, cast.admin, asked["escrow"])
    assert found["escrow"] == paying.escrow(api, client, asked["escrow"])
    assert (found["conversation"]["id"], found["conversation"]["escrow"]["id"]) == (
        asked["id"],
        asked["escrow"]["id"],
    )
    assert "unreadCount" not in found["conversation"]
    entry = administering.log(api, cast.admin)[0]
    assert (entry["act"], entry["subject"]) == ("history_seen", f"escrow:{asked['escrow']['id']}")
    assert entry["actor"]["id"] == cast.admin.id
    assert [person["id"] for person in entry["concerned"]] == [client.id, expert.id]


def test_looking_again_at_once_is_the_same_look(app, api, cast, asked):
    def looks():
        return [entry["details"] for entry in administering.log(api, cast.admin)[:-1]]

    for _ in range(3):
        administering.evidence(api, cast.admin, asked["escrow"])
    assert looks() == [{}]
    [line] = administering.evidence(api, cast.admin, asked["escrow"])["messages"]
    administering.evidence(api, cast.admin, asked["escrow"], before=line["id"])
    assert looks() == [{"before": line["id"]}, {}]
    paying.advance(app, HOUR)
    administering.evidence(api, cast.admin, asked["escrow"])
    assert looks() == [{}, {"before": line["id"]}, {}]


def test_a_long_history_is_read_in_pages(api, cast, client, expert, asked):
    said = [paying.say(api, client, asked, f"Number {number}")["id"] for number in range(7)]
    page = administering.evidence(api, cast.admin, asked["escrow"], limit=3)
    assert ([m["id"] for m in page["messages"]], page["hasMore"]) == (said[4:], True)
    page = administering.evidence(api, cast.admin, asked["escrow"], limit=3, before=said[4])
    assert ([m["id"] for m in page["messages"]], page["hasMore"]) == (said[1:4], True)
    page = administering.evidence(api, cast.admin, asked["escrow"], limit=3, before=said[1])
    assert ([m["id"] for m in page["messages"]][1:], page["hasMore"]) == (said[:1], False)
    page = administering.evidence(api, cast.admin, asked["escrow"], limit=3, after=said[3])
    assert ([m["id"] for m in page["messages"]], page["hasMore"]) == (said[4:], False)
    page = administering.evidence(api, cast.admin, asked["escrow"], limit=3, after=said[2])
    assert ([m["id"] for m in page["messages"]], page["hasMore"]) == (said[3:6], True)


def test_a_stretch_begins_at_a_message_of_this_conversation(api, cast, asked):
    elsewhere = making.direct(api, cast.owner, cast.outsider)
    [other] = making.say(api, cast.owner, elsewhere, "Between us")
    path = f"/api/admin/escrows/{asked['escrow']['id']}"
    for query in ({"before": other["id"]}, {"after": other["id"]}, {"before": "x"}):
        assert api.as_(cast.admin).get(path, status=404, **query)["code"] == "not_found"
    assert api.as_(cast.admin).get(path, status=400, before="1", after="1")["code"] == "invalid"


@pytest.fixture
def deleted_file(api, expert, answered):
    """A file of a message that is deleted: the attachment as it was."""
    message = files.send(api, expert, answered, ("plan.png", files.picture()))
    life.delete(api, expert, message)
    return message["attachments"][0]


def address(asked, attachment, what=""):
    return f"/admin/escrows/{asked['escrow']['id']}/files/{attachment['id']}{what}"


def test_a_deleted_file_is_for_the_admin_alone(app, api, cast, client, expert, answered, deleted_file):
    path = address(answered, deleted_file)
    for party in (client, expert):
        assert api.as_(party).request("GET", path).status_code == 403
        assert api.as_(party).request("GET", deleted_file["url"]).status_code == 404
    for what in ("", "/thumb"):
        assert api.as_(cast.outsider).request("GET", path + what).status_code == 404
    assert api.request("GET", path).status_code == 401
    assert api.as_("nonsense").request("GET", path).status_code == 401
    # Not by the ordinary address, and not for another purchase.
    assert api.as_(cast.admin).request("GET", deleted_file["url"]).status_code == 404
    paying.credit(app, cast.outsider, 5000)
    other = paying.ask(api, cast.outsider, expert)
    for what in ("", "/thumb"):
        assert api.as_(cast.admin).request("GET", address(other, deleted_file, what)).status_code == 404
    whole = api.as_(cast.admin).request("GET", path)
    assert (whole.status_code, whole.data) == (200, files.picture())


def test_it_is_served_as_files_are(api, cast, expert, answered):
    """The same bytes, headers and ranges as its sender gets by the ordinary address."""
    message = files.send(api, expert, answered, ("plan.png", files.picture()))
    [attachment] = message["attachments"]
    for headers in ({}, {"Range": "bytes=2-5"}, {"Range": "bytes=999999-"}):
        ours = api.as_(cast.admin).with_headers(**headers).request("GET", address(answered, attachment))
        theirs = api.as_(expert).with_headers(**headers).request("GET", attachment["url"])
        assert ours.status_code == theirs.status_code
        assert ours.data == theirs.data
        assert headers_of(ours) == headers_of(theirs)
    small = api.as_(cast.admin).request("GET", address(answered, attachment, "/thumb"))
    assert small.data == api.as_(expert).request("GET", attachment["thumbnailUrl"]).data


def headers_of(answer):
    """All but what differs with every answer."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


def test_what_has_no_small_picture_has_none_here(api, cast, expert, answered):
    message = files.send(api, expert, answered, ("notes.pdf", files.PDF))
    [attachment] = message["attachments"]
    path = address(answered, attachment, "/thumb")
    assert api.as_(cast.admin).request("GET", path).status_code == 404


def test_fetching_a_file_is_noted_once_for_all_its_parts(app, api, cast, answered, deleted_file):
    path = address(answered, deleted_file)
    for start in (0, 2, 4):
        api.as_(cast.admin).with_headers(Range=f"bytes={start}-{start + 1}").request("GET", path)
    api.as_(cast.admin).request("GET", path + "/thumb")
    about = {"userId": cast.member.id}
    assert administering.acts(api, cast.admin, **about) == ["file_fetched"]
    [entry] = administering.log(api, cast.admin, **about)
    assert entry["details"] == {"attachmentId": deleted_file["id"], "fileName": deleted_file["fileName"]}
    paying.advance(app, 3600)
    api.as_(cast.admin).request("GET", path)
    assert administering.acts(api, cast.admin, **about) == ["file_fetched", "file_fetched"]


def test_no_row_of_a_message_is_ever_removed(app, api, client, expert, answered):
    message = paying.say(api, expert, answered, SECRET)
    life.delete(api, expert, message)
    settle(app, api, client, answered)
    with app.app_context():
        row = db.session.get_one(Message, int(message["id"]))
        assert (row.content, row.deleted_by_id) == ("", int(expert.id))
        assert db.session.scalar(select(AuditEntry.act).where(AuditEntry.act == "file_fetched")) is None
