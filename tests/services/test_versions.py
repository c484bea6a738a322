"""Whoever sends and reads in whatever order: versions have no gap, and what is unread is what a recount says."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lumina.extensions import db
from lumina.models import Message
from lumina.services import conversations, messages, receipts

PEOPLE, PLACES = 3, 2
STEP = st.tuples(
    st.sampled_from(["send", "send", "read"]),
    st.integers(0, PEOPLE - 1),
    st.integers(0, PLACES - 1),
    st.integers(0, 9),
)


class Naive:
    """The same, kept in plain lists."""

    def __init__(self):
        self.sent = []  # (sender, message id), in order
        self.mark = [0] * PEOPLE

    def unread(self, person):
        return sum(sender != person for sender, _ in self.sent[self.mark[person] :])


@settings(
    max_examples=12, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(STEP, max_size=25))
def test_versions_and_unread_counts(inside, cast, steps):
    people = [cast.owner, cast.member, cast.outsider]
    others = [person.id for person in people[1:]]
    started = [
        conversations.start(cast.owner.user, type="group", participant_ids=others)[0] for _ in range(PLACES)
    ]
    ids = [str(view.conversation.id) for view in started]
    naive = [Naive() for _ in ids]
    for action, person, place, number in steps:
        actor, told = people[person].user, naive[place]
        if action == "send":
            sent = messages.send(actor, ids[place], content="x").message
            told.sent.append((person, str(sent.id)))
        elif told.sent:
            at = number % len(told.sent)
            receipts.mark_read(actor, ids[place], told.sent[at][1])
            told.mark[person] = max(told.mark[person], at + 1)
    for conversation_id, told in zip(ids, naive, strict=True):
        rows = db.session.execute(
            select(Message.version, Message.position)
            .where(Message.conversation_id == int(conversation_id))
            .order_by(Message.id)
        ).all()
        assert rows == [(n, n) for n in range(1, len(told.sent) + 1)]
        for person, one in enumerate(people):
            view = conversations.find(one.user, conversation_id).conversation
            assert (view.version, view.unread_count) == (len(told.sent), told.unread(person))
    for person, one in enumerate(people):
        unread = {view.conversation.id for view in conversations.list_for(one.user, filter="unread").items}
        waiting = {i for i, told in zip(ids, naive, strict=True) if told.unread(person)}
        assert {str(i) for i in unread} & set(ids) == waiting
