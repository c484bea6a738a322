"""Who may begin to write to somebody directly: everyone, people they know, or nobody."""

import pytest

from tests.support import making, paying
from tests.support.making import CONVERSATIONS


def choose(api, person, choice, status=200):
    return api.as_(person).patch("/api/users/me", {"directFrom": choice}, status=status)


def begin(api, one, other, status=None):
    body = {"type": "direct", "participantIds": [other.id]}
    return api.as_(one).post(CONVERSATIONS, body, status=status)


def test_everyone_at_first(api, cast):
    assert api.as_(cast.member).get("/api/auth/me")["user"]["directFrom"] == "everyone"
    begin(api, cast.owner, cast.member, status=201)


@pytest.mark.parametrize("choice", ["known", "nobody"])
def test_a_stranger_is_refused_and_learns_no_more(api, cast, choice):
    assert choose(api, cast.member, choice)["user"]["directFrom"] == choice
    refused = begin(api, cast.outsider, cast.member, status=403)
    assert refused["code"] == "direct_closed"
    assert api.as_(cast.member).get(CONVERSATIONS)["conversations"] == []
    assert "directFrom" not in api.as_(cast.outsider).get(f"/api/users/{cast.member.id}")["user"]


@pytest.mark.parametrize(("choice", "status"), [("known", 201), ("nobody", 403)])
def test_known_is_who_shares_a_conversation(api, cast, choice, status):
    making.group(api, cast.owner, cast.member, cast.outsider)
    choose(api, cast.member, choice)
    begin(api, cast.outsider, cast.member, status=status)


def test_who_has_left_the_group_is_known_no_more(api, cast):
    group = making.group(api, cast.owner, cast.member, cast.outsider)
    choose(api, cast.member, "known")
    api.as_(cast.outsider).delete(f"{CONVERSATIONS}/{group['id']}/members/{cast.outsider.id}")
    begin(api, cast.outsider, cast.member, status=403)


def test_what_has_begun_goes_on(api, cast):
    conversation = making.direct(api, cast.owner, cast.member)
    choose(api, cast.member, "nobody")
    making.say(api, cast.owner, conversation, "Good morning")
    assert begin(api, cast.owner, cast.member, status=200)["conversation"]["id"] == conversation["id"]


def test_who_keeps_others_out_may_begin_themselves(api, cast):
    choose(api, cast.member, "nobody")
    conversation = begin(api, cast.member, cast.owner, status=201)["conversation"]
    making.say(api, cast.owner, conversation, "Good morning")


@pytest.mark.parametrize("choice", ["known", "nobody"])
def test_a_group_is_no_way_around_it(api, cast, choice):
    choose(api, cast.member, choice)
    body = {"type": "group", "participantIds": [cast.member.id], "name": "Two of us"}
    assert api.as_(cast.outsider).post(CONVERSATIONS, body, status=403)["code"] == "group_closed"
    mine = making.group(api, cast.outsider, cast.owner)
    path, body = f"{CONVERSATIONS}/{mine['id']}/members", {"userIds": [cast.member.id]}
    assert api.as_(cast.outsider).post(path, body, status=403)["code"] == "group_closed"
    # Whom they know may.
    making.direct(api, cast.member, cast.outsider)
    api.as_(cast.outsider).post(path, body)


def test_paid_attention_is_a_door_of_its_own(app, api, cast):
    paying.offer(api, cast.member)
    choose(api, cast.member, "nobody")
    paying.credit(app, cast.outsider, 100_000)
    paying.ask(api, cast.outsider, cast.member)


def test_whom_an_expert_was_paid_by_they_know(app, api, cast):
    paying.offer(api, cast.member)
    paying.credit(app, cast.outsider, 100_000)
    paying.ask(api, cast.outsider, cast.member)
    choose(api, cast.member, "known")
    begin(api, cast.outsider, cast.member, status=201)


@pytest.mark.parametrize("choice", ["friends", "", 1])
def test_another_choice_is_none(api, cast, choice):
    refused = choose(api, cast.member, choice, status=400)
    assert refused["errors"][0]["field"] == "directFrom"
