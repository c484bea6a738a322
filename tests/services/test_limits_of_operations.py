"""What the operations themselves refuse, whichever door forgot to."""

import pytest

from lumina.errors import Invalid
from lumina.services import deletions, forwarding, reactions, settings
from tests.support import life, making


@pytest.fixture
def message(inside, api, cast):
    return making.say(api, cast.owner, making.group(api, cast.owner, cast.member), "Hello")[0]


@pytest.mark.parametrize("count", [0, forwarding.MOST + 1])
def test_how_many_conversations_a_message_is_forwarded_to(cast, message, count):
    ids = [str(number) for number in range(1, count + 1)]
    with pytest.raises(Invalid) as refused:
        forwarding.forward(cast.owner.user, message["id"], ids)
    assert refused.value.errors[0]["field"] == "conversationIds"


@pytest.mark.parametrize("seconds", [0, -1, settings.LONGEST + 1])
def test_the_bounds_of_auto_delete(cast, message, seconds):
    with pytest.raises(Invalid) as refused:
        settings.change(cast.owner.user, message["conversationId"], auto_delete_after=seconds)
    assert refused.value.errors[0]["field"] == "settings.autoDeleteAfter"


def test_who_reacted_with_what(api, cast, message, monkeypatch):
    """In the order in which they did, the first of many by name; of a deleted message nobody."""
    monkeypatch.setattr(reactions, "NAMED", 1)
    for person, reaction in [(cast.member, "👍"), (cast.owner, "🎉"), (cast.owner, "👍")]:
        life.react(api, person, message, reaction)
    owner = cast.owner.user
    told = [
        (each.reaction, each.count, [str(person.id) for person, _ in each.named])
        for each in reactions.reactors(owner, message["id"])
    ]
    assert told == [("👍", 2, [cast.member.id]), ("🎉", 1, [cast.owner.id])]
    deletions.delete(owner, message["id"])
    assert reactions.reactors(cast.owner.user, message["id"]) == []
