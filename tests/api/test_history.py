"""A conversation's messages over the API: the latest, those before and after one, and what has changed."""

from itertools import chain

import pytest

from tests.support import making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture
def read(api, cast, conversation):
    """Reads as the member: ("1-50", hasMore), from the first to the last position."""

    def read(status=200, **query):
        found = api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}", status=status, **query)
        if status != 200:
            return found
        positions = [message["position"] for message in found["messages"]]
        if not positions:
            return "", found["hasMore"]
        assert positions == list(range(positions[0], positions[-1] + 1))
        return f"{positions[0]}-{positions[-1]}", found["hasMore"]

    return read


@pytest.mark.parametrize(
    ("count", "limit", "stretch", "more"),
    [
        (1, 50, "1-1", False),
        (49, 50, "1-49", False),
        (50, 50, "1-50", False),
        (51, 50, "2-51", True),
        (3, 1, "3-3", True),
        (100, 100, "1-100", False),
    ],
)
def test_the_latest_come_first_the_oldest_of_them_on_top(
    app, cast, conversation, read, count, limit, stretch, more
):
    making.talk(app, conversation, cast.owner, count)
    assert read(**({} if limit == 50 else {"limit": limit})) == (stretch, more)


@pytest.mark.parametrize(
    ("way", "position", "limit", "stretch", "more"),
    [
        ("before", 8, 3, "5-7", True),
        ("before", 4, 3, "1-3", False),
        ("before", 3, 3, "1-2", False),
        ("before", 1, 3, "", False),
        ("after", 1, 3, "2-4", True),
        ("after", 5, 3, "6-8", False),
        ("after", 7, 3, "8-8", False),
        ("after", 8, 3, "", False),
    ],
)
def test_before_and_after_a_message(app, cast, conversation, read, way, position, limit, stretch, more):
    ids = making.talk(app, conversation, cast.owner, 8)
    assert read(**{way: ids[position - 1], "limit": limit}) == (stretch, more)


@pytest.mark.parametrize(
    ("since", "limit", "stretch", "more"),
    [
        (0, 8, "1-8", False),
        (0, 3, "1-3", True),
        (3, 5, "4-8", False),
        (8, 3, "", False),
        (2**62, 3, "", False),
    ],
)
def test_since_a_version(app, cast, conversation, read, since, limit, stretch, more):
    making.talk(app, conversation, cast.owner, 8)
    assert read(since=since, limit=limit) == (stretch, more)


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_paging_either_way_gives_the_whole(app, api, cast, conversation, limit):
    ids = making.talk(app, conversation, cast.owner, 14)
    path, me = f"{CONVERSATIONS}/{conversation['id']}", api.as_(cast.member)

    def collect(step, following):
        pages = [me.get(path, limit=limit, **step(None))]
        while pages[-1]["hasMore"]:
            pages.append(me.get(path, limit=limit, **step(following(pages[-1]["messages"]))))
        return [[message["id"] for message in page["messages"]] for page in pages]

    older = collect(lambda mark: {"before": mark} if mark else {}, lambda found: found[0]["id"])
    newer = collect(lambda mark: {"after": mark or ids[0]}, lambda found: found[-1]["id"])
    changed = collect(lambda mark: {"since": mark or 0}, lambda found: found[-1]["version"])
    assert [*chain(*older[::-1])] == ids
    assert [ids[0], *chain(*newer)] == ids
    assert [*chain(*changed)] == ids


def test_with_since_the_hidden_ones_are_named(api, cast, conversation):
    making.say(api, cast.owner, conversation, "Hello")
    found = api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}", since=0)
    assert found["hiddenIds"] == []
    assert found["conversation"]["version"] == found["messages"][-1]["version"] == 1


@pytest.mark.parametrize("way", ["before", "after"])
def test_a_message_that_is_not_there_is_no_place(read, way):
    for message_id in ("987654321", "0", "x", "-1", "9" * 40, "٣"):
        assert read(status=404, **{way: message_id})["code"] == "not_found"


@pytest.mark.parametrize("way", ["before", "after"])
def test_a_message_of_another_conversation_is_no_place(api, cast, read, way):
    [foreign] = making.say(api, cast.owner, making.group(api, cast.owner, cast.member), "Elsewhere")
    assert read(status=404, **{way: foreign["id"]})["code"] == "not_found"


@pytest.mark.parametrize(
    "query",
    [
        {"before": "1", "after": "1"},
        {"before": "1", "since": "0"},
        {"after": "1", "since": "0"},
        {"since": "-1"},
        {"since": "x"},
        {"since": str(2**63)},
        {"limit": "0"},
        {"limit": "101"},
    ],
)
def test_what_makes_no_sense_is_refused(read, query):
    assert read(status=400, **query)["code"] == "invalid"
