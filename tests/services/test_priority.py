"""What an expert owes an answer."""

import pytest

from lumina.errors import NotFound
from lumina.services import priority
from tests.support import making, paying


@pytest.fixture
def asked(app, api, cast):
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 20_000)
    return paying.ask(api, cast.owner, cast.member)


def test_only_its_expert_finds_it_and_only_while_it_is_owed(app, api, cast, asked):
    escrow = asked["escrow"]["id"]
    with app.app_context():
        assert str(priority.find(cast.member.user, escrow).escrow.id) == escrow
        for person in (cast.owner, cast.outsider, cast.admin):
            with pytest.raises(NotFound):
                priority.find(person.user, escrow)
    paying.say(api, cast.member, asked, "It does.")
    with app.app_context(), pytest.raises(NotFound):
        priority.find(cast.member.user, escrow)


def test_of_a_window_bought_again_the_question_is_what_was_written_since(app, api, cast, asked):
    paying.say(api, cast.owner, asked, "The first question")
    paying.take(api, cast.member, asked["escrow"], "decline")
    api.as_(cast.owner).post(f"/api/messages/conversations/{asked['id']}/renew", {}, status=201)
    with app.app_context():
        [owed] = priority.owed(cast.member.user).items
        assert owed.question is None
    paying.say(api, cast.owner, asked, "The second question")
    paying.say(api, cast.owner, asked, "And one more thing")
    with app.app_context():
        [owed] = priority.owed(cast.member.user).items
        assert owed.question.message.content == "The second question"


def test_however_many_wait_they_come_in_pages_and_are_counted_together(app, cast):
    made = making.owed(app, cast.member, making.crowd(app, 7, "Client"))
    with app.app_context():
        found, cursor = [], None
        for _ in range(3):
            page = priority.owed(cast.member.user, cursor=cursor, limit=3)
            found += [str(one.escrow.id) for one in page.items]
            cursor = page.next_cursor
        standing = priority.standing(cast.member.user)
    assert (found, cursor) == ([one["escrow"] for one in made], None)
    assert (standing.count, standing.held_minor) == (7, 7 * 5000)


def test_who_is_no_expert_has_no_such_inbox(app, cast):
    with app.app_context(), pytest.raises(NotFound):
        priority.standing(cast.owner.user)
