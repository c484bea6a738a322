"""Reading over the API: one mark per person, which only moves forward."""

import pytest

from tests.support import making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def talk(api, cast):
    made = making.group(api, cast.owner, cast.member)
    return made, making.say(api, cast.owner, made, "One", "Two", "Three")


def read(api, person, conversation, message_id, status=200):
    path = f"{CONVERSATIONS}/{conversation['id']}/read"
    return api.as_(person).post(path, {"messageId": message_id}, status=status)


def test_the_mark_only_moves_forward(api, cast, talk):
    made, (one, two, three) = talk
    for message, marked, unread in [(two, two, 1), (one, two, 1), (two, two, 1), (three, three, 0)]:
        shown = read(api, cast.member, made, message["id"])["conversation"]
        assert (shown["lastReadMessageId"], shown["unreadCount"]) == (marked["id"], unread)
        assert shown["version"] == 3


def test_who_has_read_all_has_read_their_own_message_too(api, cast, talk):
    made, (*_, three) = talk
    path = f"{CONVERSATIONS}/{made['id']}"
    [answer] = making.say(api, cast.member, made, "Four")
    marks = [
        api.as_(person).get(path)["conversation"]["lastReadMessageId"] for person in (cast.owner, cast.member)
    ]
    assert marks == [three["id"], None]
    read(api, cast.member, made, answer["id"])
    [last] = making.say(api, cast.member, made, "Five")
    assert api.as_(cast.member).get(path)["conversation"]["lastReadMessageId"] == last["id"]


def test_looking_marks_nothing_as_read(api, cast, talk):
    made, (one, *_) = talk
    path = f"{CONVERSATIONS}/{made['id']}"
    for query in ({}, {"since": 0}, {"after": one["id"]}, {"before": one["id"]}):
        api.as_(cast.member).get(path, **query)
    api.as_(cast.member).get(f"/api/messages/{one['id']}")
    assert api.as_(cast.member).get(path)["conversation"]["unreadCount"] == 3


def test_a_message_of_another_conversation_is_no_mark(api, cast, talk):
    made, _ = talk
    [foreign] = making.say(api, cast.owner, making.direct(api, cast.owner, cast.member), "Elsewhere")
    for message_id in (foreign["id"], "0", "987654321", "x", "-1", "9" * 40, "٣"):
        read(api, cast.member, made, message_id, status=404)
    assert api.as_(cast.member).get(f"{CONVERSATIONS}/{made['id']}")["conversation"]["unreadCount"] == 3


def test_the_outsider_reads_nothing(api, cast, talk):
    made, (one, *_) = talk
    read(api, cast.outsider, made, one["id"], status=404)
    read(api, cast.admin, made, one["id"], status=404)
