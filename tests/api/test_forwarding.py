"""Forwarding over the API: the same words in other conversations, in all of them or none."""

import pytest

from tests.support import life, making
from tests.support.making import CONVERSATIONS


@pytest.fixture
def places(api, cast):
    """Conversations of the owner's: with the member, with the outsider, and a group of all three."""
    return [
        making.direct(api, cast.owner, cast.member),
        making.direct(api, cast.owner, cast.outsider),
        making.group(api, cast.owner, cast.member, cast.outsider),
    ]


@pytest.fixture
def message(api, cast, places):
    return making.say(api, cast.member, places[0], "Two mills, **one** price")[0]


def forward(api, person, message, places, status=201):
    ids = [place if isinstance(place, str) else place["id"] for place in places]
    path = f"/api/messages/{message['id']}/forward"
    answer = api.as_(person).post(path, {"conversationIds": ids}, status=status)
    return answer["messages"] if status == 201 else answer


def versions(api, cast, places):
    return [life.read(api, cast.owner, place)["conversation"]["version"] for place in places]


def test_the_words_arrive_as_ones_own(api, cast, places, message):
    sent = forward(api, cast.owner, message, places[1:])
    assert [one["conversationId"] for one in sent] == [place["id"] for place in places[1:]]
    for one in sent:
        assert (one["content"], one["senderId"], one["forwarded"]) == (
            message["content"],
            cast.owner.id,
            True,
        )
        assert (one["replyTo"], one["reactions"], one["clientMessageId"]) == (None, [], None)
        assert life.find(api, cast.outsider, one) == one
    assert life.find(api, cast.owner, message) == message


def test_a_place_named_twice_gets_it_once_and_its_own_place_is_one(api, cast, places, message):
    sent = forward(api, cast.owner, message, [places[0], places[1], places[0]])
    assert [one["conversationId"] for one in sent] == [places[0]["id"], places[1]["id"]]


@pytest.mark.parametrize("foreign", ["unknown", "not mine", "nonsense"])
def test_it_is_sent_to_all_of_them_or_none(api, cast, places, message, foreign):
    unseen = making.direct(api, cast.member, cast.outsider)
    last = {"unknown": "987654321", "not mine": unseen["id"], "nonsense": "x"}[foreign]
    assert forward(api, cast.owner, message, [*places, last], status=404)["code"] == "not_found"
    assert versions(api, cast, places) == [1, 0, 0]


def test_what_one_cannot_see_one_cannot_forward(api, cast, places, message):
    forward(api, cast.outsider, message, [places[1]], status=404)
    life.hide(api, cast.owner, message)
    forward(api, cast.owner, message, [places[1]], status=404)
    life.delete(api, cast.member, message)
    assert forward(api, cast.member, message, [places[2]], status=409)["code"] == "deleted"
    api.as_(cast.owner).patch(f"{CONVERSATIONS}/{places[2]['id']}", {"name": "The mill"})
    [line] = life.read(api, cast.owner, places[2])["messages"]
    assert forward(api, cast.owner, line, [places[1]], status=409)["code"] == "deleted"


@pytest.mark.parametrize("ids", [[], None, "1", [None], ["1"] * 21])
def test_it_goes_to_1_to_20_conversations(api, cast, message, ids):
    body = {"conversationIds": ids}
    refused = api.as_(cast.owner).post(f"/api/messages/{message['id']}/forward", body, status=400)
    assert refused["errors"][0]["field"].startswith("conversationIds")


def test_what_disappears_here_disappears_there(api, cast, places, swept):
    path = f"{CONVERSATIONS}/{places[0]['id']}/settings"
    api.as_(cast.owner).put(path, {"settings": {"autoDeleteAfter": 600}})
    api.as_(cast.owner).put(
        path.replace(places[0]["id"], places[2]["id"]), {"settings": {"autoDeleteAfter": 60}}
    )
    [message] = making.say(api, cast.member, places[0], "Soon gone")
    there, sooner = forward(api, cast.owner, message, places[1:])
    assert there["expiresAt"] == message["expiresAt"]
    assert sooner["expiresAt"] < message["expiresAt"]
    swept(300)
    assert life.contents(api, cast.outsider, places[1]) == ["Soon gone"]
    life.find(api, cast.outsider, sooner, status=404)
    swept(300)
    life.find(api, cast.outsider, there, status=404)


def test_the_same_request_again_forwards_nothing_again(api, cast, places, message):
    caller = api.as_(cast.owner).with_headers(Idempotency_Key="k")
    path, body = f"/api/messages/{message['id']}/forward", {"conversationIds": [places[1]["id"]]}
    first = caller.post(path, body, status=201)
    assert caller.post(path, body, status=201) == first
    caller.post(path, {"conversationIds": [places[2]["id"]]}, status=409)
    assert versions(api, cast, places) == [1, 1, 0]
