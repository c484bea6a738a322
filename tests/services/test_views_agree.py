"""Whatever several people do, and whatever their clients miss: caught up, each shows what the database shows them."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lumina import clock
from lumina.errors import LuminaError
from lumina.presenters import wire
from lumina.services import (
    conversations,
    deletions,
    edits,
    events,
    expiry,
    members,
    messages,
    pins,
    reactions,
    receipts,
)
from tests.support.follower import Follower

PAGE, ALL = 2, 1000
CHANGES = (events.MessageSent, events.MessageUpdated, events.MessageReacted, events.MessageDeleted)
SOON = 60


class World:
    """A group of three, the client of each, and what they do to it."""

    def __init__(self, cast):
        self.people = [cast.owner, cast.member, cast.outsider]
        self.offset, self.missing, self.versions = timedelta(), set(), []
        self.audience = {person.id for person in self.people}
        self.clients = [Follower(person.id, self._since(person)) for person in self.people]
        others = [person.id for person in self.people[1:]]
        view, _ = conversations.start(cast.owner.user, type="group", participant_ids=others)
        self.id = str(view.conversation.id)

    def _since(self, person):
        def since(version):
            actor = person.user
            view = conversations.find(actor, self.id)
            found = messages.changes(actor, view, version, PAGE)
            return {
                "version": view.conversation.version,
                "messages": [wire.message(one, actor) for one in found.messages],
                "hasMore": found.has_more,
                "hiddenIds": [str(one) for one in deletions.hidden_ids(actor, view.conversation.id)],
            }

        return since

    def outlet(self, event):
        """Tells every client that is to know, and does not miss it; what it tells is taken while it is true."""
        if isinstance(event, events.MembersAdded):
            return events.Departure(lambda: self.audience.update(map(str, event.user_ids)))
        if isinstance(event, events.MemberRemoved):
            return events.Departure(lambda: self.audience.discard(str(event.user_id)))
        if isinstance(event, events.MessageHidden):
            to, message = {str(event.user_id)}, wire.message(event.message)
            return events.Departure(lambda: self._tell(to, message))
        if isinstance(event, CHANGES):
            message = wire.message(event.message)
            return events.Departure(
                lambda: (self.versions.append(message["version"]), self._tell(None, message))
            )
        return None

    def _tell(self, to, message):
        for number, client in enumerate(self.clients):
            if number not in self.missing and client.person_id in self.audience & (to or self.audience):
                client.hear(message)

    def act(self, action, who, index, missing):
        self.missing = missing
        said = self.history(self.people[0]) or [{"id": "0"}]
        with suppress(LuminaError):  # Much is refused, and then nothing has happened.
            getattr(self, action)(self.people[who].user, said[index % len(said)]["id"], index)

    def history(self, person):
        actor = person.user
        found = messages.history(actor, conversations.find(actor, self.id), limit=ALL)
        return [wire.message(one, actor) for one in found.messages]

    def send(self, actor, _, index):
        messages.send(actor, self.id, content=f"Number {index}")

    def send_for_a_while(self, actor, _, index):
        at = clock.now() + timedelta(seconds=SOON)
        messages.send(actor, self.id, content=f"Soon gone {index}", expires_at=at)

    def reply(self, actor, message_id, index):
        messages.send(actor, self.id, content=f"Reply {index}", reply_to=message_id)

    def edit(self, actor, message_id, index):
        edits.edit(actor, message_id, f"Edited {index}")

    def react(self, actor, message_id, index):
        reactions.react(actor, message_id, "👍🎉"[index % 2])

    def delete(self, actor, message_id, _):
        deletions.delete(actor, message_id)

    def hide(self, actor, message_id, _):
        deletions.delete(actor, message_id, "me")

    def restore(self, actor, message_id, _):
        deletions.restore(actor, message_id)

    def pin(self, actor, message_id, index):
        pins.pin(actor, message_id, index % 3 > 0)

    def read(self, actor, message_id, _):
        receipts.mark_read(actor, self.id, message_id)

    def remove(self, actor, *_):
        members.remove(actor, self.id, self.people[2].id)

    def add(self, actor, *_):
        members.add(actor, self.id, [self.people[2].id])

    def wait(self, _, __, index):
        self.offset += timedelta(days=1) if index > 7 else timedelta(seconds=SOON)
        while expiry.expire(None, int(self.id)) or expiry.purge(None, int(self.id)):
            pass


ACTIONS = ["send", "send", "send_for_a_while", "reply", "edit", "react", "react", "delete", "hide", "restore"]
STEP = st.tuples(
    st.sampled_from([*ACTIONS, "pin", "read", "remove", "add", "add", "wait"]),
    st.integers(0, 2),
    st.integers(0, 9),
    st.frozensets(st.integers(0, 2), max_size=2),
)


def unread(history, person, mark):
    return sum(
        message["senderId"] != person.id
        and message["messageType"] != "system"
        and not message["isDeleted"]
        and message["position"] > mark
        for message in history
    )


@pytest.fixture
def world(inside, cast, monkeypatch):
    """Begins anew for each example."""

    def begin():
        made = World(cast)
        monkeypatch.setattr(clock, "_offset", lambda: made.offset)
        monkeypatch.setattr(events, "_outlets", [made.outlet])
        return made

    return begin


@settings(
    max_examples=30, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(STEP, min_size=5, max_size=40))
def test_every_view_ends_as_the_database_has_it(world, steps):
    made = world()
    for step in steps:
        made.act(*step)
    assert made.versions == list(range(1, len(made.versions) + 1))
    for person, client in zip(made.people, made.clients, strict=True):
        client.catch_up()
        if person.id not in made.audience:
            assert client.shows() == []
            continue
        history = made.history(person)
        assert client.shows() == history
        view = conversations.find(person.user, made.id)
        assert client.version == view.conversation.version == len(made.versions)
        assert view.conversation.unread_count == unread(history, person, view.conversation.my_read_position)
        last = view.last_message and wire.message(view.last_message)
        assert last == (history[-1] if history else None)
