"""Searching over the API: what is found, in which shape and order, and what nobody finds."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.extensions import db
from lumina.models import Conversation, Message
from lumina.services import search
from tests.support import making

SEARCH = "/api/messages/search"


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def find(api, cast):
    """The contents found by somebody, the owner unless said: find("tide", from_=…)."""

    def find(query="", by=cast.owner, **filters):
        given = {name.rstrip("_"): value for name, value in filters.items()}
        answer = api.as_(by).get(SEARCH, query=query, **given)
        return [result["message"]["content"] for result in answer["results"]]

    return find


def test_a_result_is_in_the_contracts_shape(api, cast, conversation):
    [sent] = making.say(api, cast.owner, conversation, "The 🎈 **tide** turns at noon")
    found = api.as_(cast.member).get(SEARCH, query="TIDE")
    message = api.as_(cast.member).get(f"/api/messages/{sent['id']}")["message"]
    assert found == {
        "results": [{"message": message, "snippet": "The 🎈 tide turns at noon", "highlights": [[7, 11]]}],
        "nextCursor": None,
    }


@pytest.mark.parametrize(
    ("content", "query"),
    [
        ("The Straße is wide", "STRASSE"),
        ("Zoë’s café", "cafe zoe"),
        ("Łódź at night", "lodz"),
        ("e\u0301cole", "école"),
        ("ﬁne", "fine"),
        ("meeting tomorrow", "meet tom"),
        ("我们明天去北京看看", "北京"),
        ("我们明天去北京看看", "京"),
        ("我们明天去北京看看", "看"),
        ("東京タワーへ行く", "タワー"),
        ("한국어를 공부해요", "국어"),
        ("สวัสดีครับ", "ดีครับ"),
        ("नमस्ते दुनिया", "नमस्ते"),
        ("Привет, мир", "привет МИР"),
        ("invoice-2026_final.pdf", "2026 final"),
        ("All done 👍🏽", "👍"),
        ('it\'s "quoted" (so)', "'quoted' so"),
        ("x" * 3000, "x" * 60),
        ("100% sure: AND OR NOT NEAR", "not near and"),
    ],
)
def test_what_is_found(api, cast, conversation, find, content, query):
    making.say(api, cast.member, conversation, content, "Something else")
    assert find(query) == [content]
    assert find(query, conversationId=conversation["id"]) == [content]


@pytest.mark.parametrize("query", ["ide", "tide high", "!?", "北", '"', "*", "%", "_", "1:tide", ":u1"])
def test_what_is_not_found(api, cast, conversation, find, query):
    making.say(api, cast.member, conversation, "The tide turns")
    assert find(query) == []


def test_the_newest_come_first_page_by_page(api, cast, conversation):
    making.say(api, cast.owner, conversation, *(f"note {number}" for number in range(7)))
    pages, cursor = [], ""
    while cursor is not None:
        answer = api.as_(cast.owner).get(SEARCH, query="note", limit=3, cursor=cursor)
        pages.append([result["message"]["content"][-1] for result in answer["results"]])
        cursor = answer["nextCursor"]
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


def test_over_all_conversations_or_one(api, cast, conversation, find):
    group = making.group(api, cast.owner, cast.member, cast.outsider)
    making.say(api, cast.owner, conversation, "tide one")
    making.say(api, cast.owner, group, "tide two")
    assert find("tide") == ["tide two", "tide one"]
    assert find("tide", conversationId=group["id"]) == ["tide two"]
    assert find("tide", by=cast.outsider) == ["tide two"]
    assert find("tide", by=cast.admin) == []


@pytest.mark.parametrize("recent", [1, 2])
def test_with_more_conversations_than_are_looked_into_at_once(api, cast, find, monkeypatch, recent):
    monkeypatch.setattr(search, "RECENT", recent)
    made = [making.group(api, cast.owner, cast.member) for _ in range(8)]
    for group in made:
        making.say(api, cast.owner, group, f"tide {group['id']}", f"tide {group['id']}", "moon")
    newest = [f"tide {group['id']}" for group in reversed(made) for _ in range(2)]
    assert find("tide") == newest
    assert find("tide", limit=3) == newest[:3]
    assert find("tide", limit=7) == newest[:7]
    assert find(f"tide {made[0]['id']}", limit=3) == newest[-2:]
    making.say(api, cast.owner, made[0], "silence")
    assert find("tide", limit=1) == newest[:1]
    assert find("moon") == ["moon"] * 8


def grow(app, conversation, position):
    """As if so much had been said meanwhile."""
    with app.app_context():
        db.session.get_one(Conversation, int(conversation["id"])).version = position
        db.session.commit()


def test_in_the_volumes_of_a_long_conversation(app, api, cast, conversation, find):
    other = making.direct(api, cast.owner, cast.outsider)
    making.say(api, cast.owner, conversation, "tide 1", "moon")
    making.say(api, cast.owner, other, "tide 2")
    for number, position in enumerate((8191, 8192, 8192 * 2, 8192 * 4), start=3):
        grow(app, conversation, position)
        making.say(api, cast.owner, conversation, f"tide {number}")
    making.say(api, cast.owner, other, "tide 7")
    newest = [f"tide {number}" for number in range(7, 0, -1)]
    assert find("tide") == newest
    for most in range(1, 8):
        assert find("tide", limit=most) == newest[:most]
    within = [text for text in newest if text not in ("tide 2", "tide 7")]
    for most in range(1, 6):
        assert find("tide", conversationId=conversation["id"], limit=most) == within[:most]
    assert find("moon") == find("moon", conversationId=conversation["id"]) == ["moon"]
    assert find("tide", by=cast.outsider) == ["tide 7", "tide 2"]


def test_a_long_conversation_page_by_page(app, api, cast, conversation):
    for number in range(6):
        grow(app, conversation, 8192 * number)
        making.say(api, cast.owner, conversation, f"note {number}")
    found, cursor = [], ""
    while cursor is not None:
        answer = api.as_(cast.owner).get(SEARCH, query="note", limit=1, cursor=cursor)
        found += [result["message"]["content"] for result in answer["results"]]
        cursor = answer["nextCursor"]
    assert found == [f"note {number}" for number in range(5, -1, -1)]


def test_by_sender_and_by_what_it_has(api, cast, conversation, find):
    making.say(api, cast.owner, conversation, "mine", "see https://tide.example/x")
    making.say(api, cast.member, conversation, "theirs")
    assert find(from_=cast.member.id) == ["theirs"]
    assert find("min", from_=cast.owner.id) == ["mine"]
    assert find("min", from_=cast.member.id) == []
    assert find(has="link") == find("tide", has="link", from_=cast.owner.id) == ["see https://tide.example/x"]
    assert find(has="file") == find(has="voice") == find(from_="987654321") == []


def test_between_times(app, api, cast, conversation, find):
    sent = making.say(api, cast.owner, conversation, "tide a", "tide b", "tide c")
    with app.app_context():
        for days, message in zip((2, 1, 0), sent, strict=True):
            row = db.session.get(Message, int(message["id"]))
            row.created_at = clock.real_now().replace(hour=12) - timedelta(days=days)
        db.session.commit()
        times = [db.session.get(Message, int(message["id"])).created_at for message in sent]
    assert find("tide", after=times[1].isoformat()) == ["tide c", "tide b"]
    assert find("tide", before=times[1].isoformat()) == ["tide a"]
    assert find("tide", after=times[1].date().isoformat(), before=times[2].date().isoformat()) == ["tide b"]
    assert find("tide", before="0001-01-01", after="") == []
    assert find("tide", after="0001-01-01T00:00:00", before="9999-12-31T23:59:59") == [
        "tide c",
        "tide b",
        "tide a",
    ]


def test_an_edit_is_found_anew(api, cast, conversation, find):
    [sent] = making.say(api, cast.owner, conversation, "ebb")
    api.as_(cast.owner).patch(f"/api/messages/{sent['id']}", {"content": "flood"})
    assert (find("ebb"), find("flood")) == ([], ["flood"])


def test_what_is_deleted_is_not_found_until_it_is_restored(api, cast, conversation, find):
    [sent] = making.say(api, cast.owner, conversation, "ebb")
    api.as_(cast.owner).delete(f"/api/messages/{sent['id']}")
    assert find("ebb") == []
    api.as_(cast.owner).post(f"/api/messages/{sent['id']}/restore")
    assert find("ebb") == ["ebb"]


def test_what_one_has_hidden_others_still_find(api, cast, conversation, find):
    [sent] = making.say(api, cast.owner, conversation, "ebb")
    api.as_(cast.member).delete(f"/api/messages/{sent['id']}", scope="me")
    assert (find("ebb"), find("ebb", by=cast.member)) == (["ebb"], [])


def test_what_is_due_to_expire_is_not_found_even_before_the_sweep(api, cast, conversation, find, monkeypatch):
    expires = (clock.real_now() + timedelta(minutes=1)).isoformat()
    body = {"conversationId": conversation["id"], "content": "ebb", "expiresAt": expires}
    api.as_(cast.owner).post("/api/messages", body)
    assert find("ebb") == ["ebb"]
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(minutes=2))
    assert find("ebb") == []


def test_whoever_left_finds_nothing_and_whoever_came_everything(api, cast, find):
    group = making.group(api, cast.owner, cast.member)
    making.say(api, cast.owner, group, "ebb")
    members = f"{making.CONVERSATIONS}/{group['id']}/members"
    api.as_(cast.owner).post(members, {"userIds": [cast.outsider.id]})
    assert find("ebb", by=cast.outsider) == ["ebb"]
    api.as_(cast.owner).delete(f"{members}/{cast.member.id}")
    assert find("ebb", by=cast.member) == []
    api.as_(cast.member).get(SEARCH, query="ebb", conversationId=group["id"], status=404)


def test_system_lines_are_not_found(api, cast, find):
    group = making.group(api, cast.owner, cast.member, name="Harbour")
    api.as_(cast.owner).patch(f"{making.CONVERSATIONS}/{group['id']}", {"name": "Lighthouse"})
    assert find("lighthouse") == find("renamed") == find(from_=cast.owner.id) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "query"),
        ({"query": "  "}, "query"),
        ({"query": "x" * 201}, "query"),
        ({"query": "nul\x00"}, "query"),
        ({"query": "x", "has": "pigeon"}, "has"),
        ({"query": "x", "before": "tomorrow"}, "before"),
        ({"query": "x", "after": "0001-01-01T00:00+14:00"}, "after"),
        ({"query": "x", "cursor": "nonsense"}, "cursor"),
        ({"query": "x", "limit": "0"}, "limit"),
    ],
)
def test_an_unfit_field_is_named(api, cast, query, field):
    refused = api.as_(cast.owner).get(SEARCH, status=400, **query)
    assert [error["field"] for error in refused["errors"]] == [field]


@pytest.mark.parametrize("name", ["conversationId", "from"])
@pytest.mark.parametrize("id_", ["nonsense", "0", "-1", "9" * 30])
def test_what_cannot_be_an_id_is_not_found(api, cast, name, id_):
    api.as_(cast.owner).get(SEARCH, status=404, query="x", **{name: id_})
