"""The list of conversations: its order, filters, search, pages and counts."""

import pytest

from lumina.models import listing
from tests.support import making
from tests.support.cast import enrol
from tests.support.making import CONVERSATIONS


def listed(api, person, **query):
    return [c["id"] for c in api.as_(person).get(CONVERSATIONS, **query)["conversations"]]


@pytest.fixture
def inbox(api, cast):
    """The owner's conversations by what they are, made in this order."""
    made = {
        "named": making.group(api, cast.owner, cast.member, name="Zoë's Café"),
        "unnamed": making.group(api, cast.owner, cast.outsider),
        "direct": making.direct(api, cast.owner, cast.member),
        "archived": making.direct(api, cast.owner, cast.admin),
    }
    making.say(api, cast.member, made["direct"], "Unread")
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{made['archived']['id']}/archive", {"archived": True})
    return {name: conversation["id"] for name, conversation in made.items()}


@pytest.fixture(params=[1, 2, listing.RECENT])
def recent(request, monkeypatch):
    """So many are asked for a name one by one; the others are found in another way."""
    monkeypatch.setattr(listing, "RECENT", request.param)
    listing.conversation_list.cache_clear()
    yield request.param
    listing.conversation_list.cache_clear()


def test_the_latest_activity_comes_first(api, cast):
    first, second, third = (making.group(api, cast.owner, cast.member) for _ in range(3))
    assert listed(api, cast.owner) == [third["id"], second["id"], first["id"]]
    making.say(api, cast.member, first, "Back to the top")
    assert listed(api, cast.owner) == [first["id"], third["id"], second["id"]]
    assert listed(api, cast.outsider) == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["direct", "unnamed", "named"]),
        ({"filter": "all"}, ["direct", "unnamed", "named"]),
        ({"filter": "unread"}, ["direct"]),
        ({"filter": "priority"}, []),
        ({"filter": "archived"}, ["archived"]),
        ({"query": "zoe"}, ["named"]),
        ({"query": "CAFÉ zoë"}, ["named"]),
        ({"query": "novak"}, ["direct", "named"]),
        ({"query": "novak cafe"}, ["named"]),
        ({"query": "ellison"}, []),
        ({"query": "vera", "filter": "archived"}, ["archived"]),
        ({"query": "vera"}, []),
        ({"query": "novak", "filter": "unread"}, ["direct"]),
        ({"query": "%"}, []),
        ({"query": " "}, ["direct", "unnamed", "named"]),
    ],
)
def test_filters_and_search(api, cast, recent, inbox, query, names):
    assert listed(api, cast.owner, **query) == [inbox[name] for name in names]


def test_pages_by_name_leave_nothing_out_and_repeat_nothing(api, cast, recent):
    others = [cast.member, cast.outsider, cast.admin, cast.member, cast.outsider, cast.member]
    made = [making.group(api, cast.owner, other)["id"] for other in others]
    seen, cursor = [], None
    while cursor or not seen:
        query = {"query": "novak", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = api.as_(cast.owner).get(CONVERSATIONS, **query)
        seen += [c["id"] for c in page["conversations"]]
        cursor = page["nextCursor"]
    assert seen == [made[5], made[3], made[0]]


@pytest.mark.parametrize(
    "query",
    [{"filter": "everything"}, {"limit": 0}, {"limit": 101}, {"limit": "ten"}, {"query": "x" * 201}],
)
def test_what_cannot_be_listed_names_its_field(api, cast, query):
    refused = api.as_(cast.owner).get(CONVERSATIONS, **query, status=400)
    assert [error["field"] for error in refused["errors"]] == list(query)


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_pages_leave_nothing_out_and_repeat_nothing(api, cast, limit):
    made = [making.group(api, cast.owner, cast.member)["id"] for _ in range(5)]
    seen, cursor = [], None
    while cursor or not seen:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = api.as_(cast.owner).get(CONVERSATIONS, **query)
        seen += [c["id"] for c in page["conversations"]]
        cursor = page["nextCursor"]
    assert seen == made[::-1]


def test_what_comes_up_while_one_pages_is_neither_doubled_nor_a_gap(api, cast):
    made = [making.group(api, cast.owner, cast.member) for _ in range(4)]
    first = api.as_(cast.owner).get(CONVERSATIONS, limit=2)
    making.say(api, cast.member, made[3], "Up again")
    second = api.as_(cast.owner).get(CONVERSATIONS, limit=2, cursor=first["nextCursor"])
    seen = [c["id"] for page in (first, second) for c in page["conversations"]]
    assert seen == [c["id"] for c in made[::-1]]
    assert second["nextCursor"] is None


def test_a_row_bears_the_last_message_and_what_is_unread(api, cast):
    made = making.group(api, cast.owner, cast.member, cast.outsider)
    sent = making.say(api, cast.owner, made, "One", "Two") + making.say(api, cast.member, made, "Three")
    own = sent[1]["id"]
    for viewer, unread, read in [(cast.owner, 1, own), (cast.member, 2, None), (cast.outsider, 3, None)]:
        [row] = api.as_(viewer).get(CONVERSATIONS)["conversations"]
        assert row["lastMessage"] == sent[-1]
        assert row["lastMessageAt"] == sent[-1]["createdAt"]
        assert (row["unreadCount"], row["version"]) == (unread, 3)
        assert row["lastReadMessageId"] == read


@pytest.mark.parametrize(("messages", "shown"), [(999, 999), (1000, 1000), (1001, 1000)])
def test_counting_stops_at_a_thousand(app, api, cast, messages, shown):
    made = making.direct(api, cast.owner, cast.member)
    making.talk(app, made, cast.owner, messages)
    [row] = api.as_(cast.member).get(CONVERSATIONS, filter="unread")["conversations"]
    assert row["unreadCount"] == shown
    assert api.as_(cast.owner).get(CONVERSATIONS)["conversations"][0]["unreadCount"] == 0


def test_who_joins_late_has_nothing_unread(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    [before] = making.say(api, cast.owner, made, "Before")
    with app.app_context():
        late = enrol("Late", "Comer")
    api.as_(cast.owner).post(f"{CONVERSATIONS}/{made['id']}/members", {"userIds": [late.id]})
    [row] = api.as_(late).get(CONVERSATIONS)["conversations"]
    assert (row["unreadCount"], row["lastReadMessageId"]) == (0, before["id"])
    making.say(api, cast.owner, made, "After")
    assert api.as_(late).get(CONVERSATIONS)["conversations"][0]["unreadCount"] == 1
