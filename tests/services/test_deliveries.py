"""Authors are told, once a second, that those who are here have got what was sent."""

import pytest

from lumina.services import accounts, deliveries, presence
from tests.support import making


@pytest.fixture(autouse=True)
def afresh(inside):
    presence.use(presence.InMemory())
    deliveries._waiting.clear()
    yield
    presence.use(presence.InMemory())


def tell(heard):
    for _ in deliveries.tell():
        pass
    told = [(e.user_id, e.message_id, e.author_ids) for e in heard]
    heard.clear()
    return told


def test_of_many_messages_the_newest_is_told(api, cast, heard):
    made = making.group(api, cast.owner, cast.member, cast.outsider)
    presence.enter(int(cast.member.id), "a")
    sent = making.say(api, cast.owner, made, "One") + making.say(api, cast.outsider, made, "Two")
    for message in sent:
        deliveries.note(int(made["id"]), int(message["id"]), int(message["senderId"]))
    heard.clear()
    authors = tuple(sorted((int(cast.owner.id), int(cast.outsider.id))))
    assert tell(heard) == [(int(cast.member.id), int(sent[1]["id"]), authors)]
    assert tell(heard) == []


def test_one_s_own_presence_delivers_nothing(api, cast, heard):
    made = making.direct(api, cast.owner, cast.member)
    presence.enter(int(cast.owner.id), "a")
    [message] = making.say(api, cast.owner, made, "One")
    deliveries.note(int(made["id"]), int(message["id"]), int(cast.owner.id))
    heard.clear()
    assert tell(heard) == []


def test_nor_does_who_hides_receipts(api, cast, heard):
    made = making.direct(api, cast.owner, cast.member)
    accounts.update_profile(cast.member.user, show_receipts=False)
    presence.enter(int(cast.member.id), "a")
    [message] = making.say(api, cast.owner, made, "One")
    deliveries.note(int(made["id"]), int(message["id"]), int(cast.owner.id))
    heard.clear()
    assert tell(heard) == []


def test_a_large_group_tells_nothing(app, api, cast, heard):
    made = making.group(api, cast.owner, cast.member)
    making.admit(app, made, making.crowd(app, 99))
    presence.enter(int(cast.member.id), "a")
    [message] = making.say(api, cast.owner, made, "One")
    deliveries.note(int(made["id"]), int(message["id"]), int(cast.owner.id))
    heard.clear()
    assert tell(heard) == []
