"""Messages beyond what the API asks for: a stretch around one, the first unread, a race for one clientMessageId."""

import pytest
from sqlalchemy import null

from lumina.errors import Conflict, NotFound
from lumina.models import statements
from lumina.services import around, conversations, messages, receipts
from tests.support import making


@pytest.fixture
def talk(app, api, cast):
    made = making.direct(api, cast.owner, cast.member)
    return made, making.talk(app, made, cast.owner, 10)


@pytest.mark.parametrize(
    ("centre", "positions", "older", "newer"),
    [(5, [4, 5, 6, 7], True, True), (1, [1, 2, 3], False, True), (10, [9, 10], True, False)],
)
def test_around_a_message(app, cast, talk, centre, positions, older, newer):
    made, ids = talk
    with app.app_context():
        member = cast.member.user
        view = conversations.find(member, made["id"])
        found = messages.history(member, view, around=ids[centre - 1], limit=4)
    assert [m.message.position for m in found.messages] == positions
    assert (found.has_older, found.has_newer) == (older, newer)


def test_around_nothing(app, cast, talk):
    with app.app_context():
        member = cast.member.user
        view = conversations.find(member, talk[0]["id"])
        with pytest.raises(NotFound):
            messages.history(member, view, around="987654321")


def test_the_first_unread_is_the_first_of_others(app, api, cast, talk):
    made, ids = talk
    with app.app_context():
        member, owner = cast.member.user, cast.owner.user
        receipts.mark_read(member, made["id"], ids[3])
        messages.send(owner, made["id"], content="Eleventh")
        assert messages.first_unread(member, conversations.find(member, made["id"])) == int(ids[4])
        assert messages.first_unread(owner, conversations.find(owner, made["id"])) is None
        assert around.find(member).unread == 1
        conversations.archive(member, made["id"], archived=True)
        assert around.find(member).unread == 0


def test_of_two_at_once_in_two_conversations_the_later_is_refused(app, api, cast, talk, monkeypatch):
    """On one lock the second finds the first; on two, only the unique key stands between them."""
    other = making.group(api, cast.owner, cast.member)
    with app.app_context():
        owner = cast.owner.user
        messages.send(owner, talk[0]["id"], content="First", client_message_id="one")
        sees_no_earlier = statements.sending.SENDER.with_only_columns(
            *statements.sending.SENDER.selected_columns[:-1],
            null().label("earlier_id"),
            maintain_column_froms=True,
        )
        monkeypatch.setattr(statements.sending, "SENDER", sees_no_earlier)
        with pytest.raises(Conflict) as refused:
            messages.send(owner, other["id"], content="Second", client_message_id="one")
        assert (refused.value.status, refused.value.code) == (409, "duplicate")
        assert conversations.find(owner, other["id"]).conversation.version == 0


def test_groups_can_be_listed_alone(app, api, cast, talk):
    made = making.group(api, cast.owner, cast.member)
    with app.app_context():
        found = conversations.list_for(cast.owner.user, filter="groups").items
        assert [str(view.conversation.id) for view in found] == [made["id"]]
