"""Conditional requests: whoever has an answer already gets no second copy of it."""

from tests.support import making
from tests.support.making import CONVERSATIONS


def asked(api, person, path, known=None):
    client = api.with_headers(If_None_Match=known) if known else api
    return client.as_(person).request("GET", path)


def test_what_has_not_changed_is_not_sent_again(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    path = f"{CONVERSATIONS}/{conversation['id']}"
    first = asked(api, cast.owner, path)
    again = asked(api, cast.owner, path, known=first.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-store"


def test_what_has_changed_comes_whole(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    known = asked(api, cast.owner, CONVERSATIONS).headers["ETag"]
    making.say(api, cast.member, conversation, "Good morning")
    changed = asked(api, cast.owner, CONVERSATIONS, known)
    assert (changed.status_code, changed.headers["ETag"] != known) == (200, True)
    assert "Good morning" in changed.get_data(as_text=True)


def test_read_marks_and_names_count_too(api, cast):
    """They change no version."""
    conversation = making.direct(api, cast.owner, cast.member)
    [sent] = making.say(api, cast.owner, conversation, "Good morning")
    path = f"{CONVERSATIONS}/{conversation['id']}"
    unread = asked(api, cast.owner, path).headers["ETag"]
    api.as_(cast.member).post(f"{path}/read", {"messageId": sent["id"]})
    read = asked(api, cast.owner, path, unread)
    assert read.status_code == 200
    api.as_(cast.member).patch("/api/users/me", {"firstName": "Renamed"})
    assert asked(api, cast.owner, path, read.headers["ETag"]).status_code == 200


def test_nobody_learns_by_it_what_is_not_theirs(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    path = f"{CONVERSATIONS}/{conversation['id']}"
    known = asked(api, cast.owner, path).headers["ETag"]
    assert asked(api, cast.outsider, path, known).status_code == 404
    assert api.request("GET", path).status_code == 401


def test_what_is_done_has_none(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    body = {"conversationId": conversation["id"], "content": "Good morning"}
    answer = api.as_(cast.owner).request("POST", "/api/messages", json=body)
    assert answer.status_code == 201
    assert "ETag" not in answer.headers
