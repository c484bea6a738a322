"""Reacting by the page's form, and who reacted with what and when."""

import json
from pathlib import Path

import pytest

from lumina.services import reactions
from tests.pages.conftest import FETCH
from tests.support import making

EMOJI = Path(__file__).parents[2] / "static" / "vendor" / "emoji-picker-element" / "en.json"


@pytest.fixture
def message(api, cast, group):
    [said] = making.say(api, cast.owner, group, "Shall we?")
    return said["id"]


@pytest.fixture
def here(group, message):
    return f"/conversations/{group['id']}/messages/{message}"


def react(forms, here, status=200, **fields):
    """What our own code posts."""
    forms.client.environ_base["HTTP_X_REQUESTED_WITH"] = "fetch"
    return forms.post(f"{here}/reactions", status=status, **fields).get_data(as_text=True)


def left(api, cast, message):
    shape = api.as_(cast.owner).get(f"/api/messages/{message}")["message"]
    return [(each["userId"], each["reaction"]) for each in shape["reactions"]]


def test_the_answer_is_the_bubble_with_its_pills(owner, member, cast, here):
    react(owner, here, reaction="👍", active="1")
    react(member, here, reaction="🎉", active="1")
    bubble = react(member, here, reaction="👍", active="1")
    first, second = bubble.split('class="reaction"')[1:]
    assert f'data-reaction="👍" data-reacted-by="{cast.owner.id} {cast.member.id}"' in first
    assert ">2</span>" in first
    assert f'data-reaction="🎉" data-reacted-by="{cast.member.id}"' in second


def test_a_retry_changes_nothing(owner, api, cast, here, message):
    for _ in range(2):
        react(owner, here, reaction="👍", active="1")
    assert left(api, cast, message) == [(cast.owner.id, "👍")]
    for _ in range(2):
        react(owner, here, reaction="👍", active="0")
    assert left(api, cast, message) == []


def test_a_plain_form_toggles_and_leads_to_the_message(owner, api, cast, here, message):
    answer = owner.post(f"{here}/reactions", reaction="👍")
    assert answer.headers["Location"] == here
    assert left(api, cast, message) == [(cast.owner.id, "👍")]
    owner.post(f"{here}/reactions", reaction="👍")
    assert left(api, cast, message) == []


@pytest.mark.parametrize("reaction", ["", "x", "👍👍", "👍 fine", "<b>"])
def test_only_one_emoji_is_a_reaction(owner, here, reaction):
    refused = json.loads(react(owner, here, status=400, reaction=reaction, active="1"))
    assert refused["errors"][0]["field"] == "reaction"


def test_who_reacted_with_what_and_when(owner, member, client, cast, here):
    react(owner, here, reaction="👍", active="1")
    react(member, here, reaction="👍", active="1")
    react(member, here, reaction="🎉", active="1")
    fragment = client.get(f"{here}/reactions", headers=FETCH).get_data(as_text=True)
    first, second = fragment.split("<section")[1:]
    assert 'data-reaction="👍"' in first
    assert "2 reactions" in first
    assert first.index(">You<") < first.index(f"{cast.member.first_name} {cast.member.last_name}")
    assert first.count('data-format="time"') == 2
    assert "1 reaction<" in second
    assert ">You<" not in second


def test_a_crowd_is_not_named_in_full(owner, client, here, monkeypatch, member):
    monkeypatch.setattr(reactions, "NAMED", 1)
    for forms in (owner, member):
        react(forms, here, reaction="👍", active="1")
    fragment = client.get(f"{here}/reactions", headers=FETCH).get_data(as_text=True)
    assert fragment.count("<li") == 2
    assert "and 1 more" in fragment
    assert "2 reactions" in fragment


def test_the_fragment_s_own_address_leads_to_the_message(client, owner, here):
    answer = client.get(f"{here}/reactions")
    assert (answer.status_code, answer.headers["Location"]) == (303, here)


def test_every_emoji_of_the_picker_is_a_reaction():
    offered = json.loads(EMOJI.read_text())
    spelt = [each["emoji"] for each in offered] + [
        skin["emoji"] for each in offered for skin in each.get("skins", ())
    ]
    assert len(spelt) > 3_000
    assert [emoji for emoji in spelt if len(reactions.one_emoji(emoji)) == 0] == []


@pytest.mark.parametrize(("one", "other"), [("❤", "❤️"), ("👍", "👍️")])
def test_two_spellings_are_one_reaction(owner, api, cast, here, message, one, other):
    react(owner, here, reaction=one, active="1")
    react(owner, here, reaction=other, active="1")
    assert len(left(api, cast, message)) == 1
