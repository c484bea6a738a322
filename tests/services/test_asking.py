"""Paying for an expert's attention and putting the question, as one step; and what was begun and not asked."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lumina import clock
from lumina.errors import Conflict, InsufficientBalance, Invalid, NotFound
from lumina.extensions import db
from lumina.models import Block, Escrow, Message, QuestionDraft, User
from lumina.services import asking, conversations, escrows, experts, housekeeping, messages, priority
from lumina.services.purchases import Agreed
from tests.support import making, paying

OFFERED = Agreed(5000, 7, 48)


@pytest.fixture
def client(inside, cast):
    paying.credit(inside, cast.owner, 20_000)
    return cast.owner


@pytest.fixture
def expert(inside, cast):
    experts.change(cast.member.user)
    return cast.member


def ask(client, expert, question="Does it count this year?", message_id="one", agreed=OFFERED):
    return asking.ask(client.user, expert.id, agreed, question, message_id)


def asked(conversation_id):
    """What people have written there, in order."""
    rows = select(Message.content).where(Message.conversation_id == conversation_id, Message.type == "text")
    return list(db.session.scalars(rows.order_by(Message.position)))


def holds():
    return db.session.scalar(select(func.count()).select_from(Escrow))


def decline(expert):
    escrow = db.session.scalars(select(Escrow).where(Escrow.state == "held")).one()
    escrows.decline(expert.user, str(escrow.id))


def test_the_purchase_and_the_question_are_one(client, expert, heard):
    conversation_id = ask(client, expert, " Does it count? ")
    assert asked(conversation_id) == ["Does it count?"]
    assert (holds(), escrows.count_owed(expert.user)) == (1, 1)
    [owed] = priority.owed(expert.user).items
    assert owed.question.message.content == "Does it count?"
    kinds = [type(event).__name__ for event in heard]
    assert "ConversationCreated" in kinds
    assert kinds.index("ConversationCreated") < len(kinds) - 1 - kinds[::-1].index("MessageSent")


@pytest.mark.usefixtures("heard")
def test_the_same_form_twice_leads_to_one_conversation(client, expert):
    first = ask(client, expert)
    assert ask(client, expert, "And another thing?") == first
    assert (asked(first), holds()) == (["Does it count this year?"], 1)


def test_the_same_form_after_the_price_has_changed_still_leads_there(client, expert):
    first = ask(client, expert)
    experts.change(expert.user, conversation_price_minor=9000, is_open=False)
    assert ask(client, expert) == first


def test_an_id_that_belongs_elsewhere_buys_nothing(client, expert, cast):
    view, _ = conversations.start(client.user, type="direct", participant_ids=[cast.outsider.id])
    messages.send(client.user, str(view.conversation.id), content="Hello", client_message_id="one")
    with pytest.raises(Conflict) as refused:
        ask(client, expert)
    assert (refused.value.code, holds()) == ("duplicate", 0)


@pytest.mark.parametrize(
    ("question", "message_id"),
    [("  ", "one"), ("x" * 10_001, "one"), ("nul \0", "one"), ("Does it?", ""), ("Does it?", "x" * 65)],
)
def test_what_cannot_be_sent_is_not_bought(client, expert, question, message_id):
    with pytest.raises(Invalid):
        ask(client, expert, question, message_id)
    assert holds() == 0


@pytest.mark.parametrize("agreed", [Agreed(4000, 7, 48), Agreed(5000, 8, 48), Agreed(5000, 7, 24)])
def test_nothing_but_what_was_agreed_to(client, expert, agreed):
    asking.keep_draft(client.user, expert.id, "Does it?")
    with pytest.raises(Conflict) as refused:
        ask(client, expert, agreed=agreed)
    assert refused.value.code == "price_changed"
    assert (holds(), asking.draft(client.user, int(expert.id))) == (0, "Does it?")


def test_too_little_buys_nothing_and_keeps_what_was_written(inside, expert, cast):
    asking.keep_draft(cast.outsider.user, expert.id, "Does it?")
    with pytest.raises(InsufficientBalance):
        ask(cast.outsider, expert, "Does it?")
    assert conversations.list_for(cast.outsider.user).items == []
    assert asking.draft(cast.outsider.user, int(expert.id)) == "Does it?"


def test_what_fails_after_the_purchase_takes_it_back(client, expert, monkeypatch):
    def refuse(*_, **__):
        raise Invalid("no")

    monkeypatch.setattr(messages, "send", refuse)
    with pytest.raises(Invalid):
        ask(client, expert)
    assert (holds(), conversations.list_for(client.user).items) == (0, [])


def test_asking_again_goes_on_in_the_same_conversation(client, expert):
    first = ask(client, expert)
    with pytest.raises(Conflict) as refused:
        ask(client, expert, message_id="two")
    assert refused.value.code == "already_open"
    decline(expert)
    assert ask(client, expert, "Once more?", "two") == first
    assert (asked(first), holds()) == (["Does it count this year?", "Once more?"], 2)


def test_nobody_asks_themselves_or_who_does_not_exist(client, expert):
    with pytest.raises(Invalid) as refused:
        ask(expert, expert)
    assert refused.value.code == "own_offer"
    for wrong in ("987654321", "x"):
        with pytest.raises(NotFound):
            asking.ask(client.user, wrong, OFFERED, "Does it?", "one")


def test_what_one_has_begun_is_kept_until_it_is_asked(client, expert, cast):
    of = int(expert.id)
    assert asking.draft(client.user, of) == ""
    asking.keep_draft(client.user, expert.id, "Does")
    asking.keep_draft(client.user, expert.id, "Does it\nor not?")
    assert asking.draft(client.user, of) == "Does it\nor not?"
    assert asking.draft(cast.outsider.user, of) == ""
    asking.keep_draft(client.user, expert.id, " ")
    assert asking.draft(client.user, of) == ""
    asking.keep_draft(client.user, expert.id, "Does it?")
    ask(client, expert)
    assert asking.draft(client.user, of) == ""


def test_nothing_is_kept_for_who_is_no_expert_or_too_long(client, expert, cast):
    with pytest.raises(NotFound):
        asking.keep_draft(client.user, cast.outsider.id, "Does it?")
    with pytest.raises(Invalid):
        asking.keep_draft(client.user, expert.id, "x" * 10_001)


def test_what_was_never_asked_goes_after_a_month(client, expert):
    [job] = [job for job in housekeeping.JOBS if job.name == "question_drafts"]

    def age(days):
        kept = db.session.scalars(select(QuestionDraft)).one()
        kept.updated_at = clock.real_now() - timedelta(days=days)
        db.session.commit()
        return list(job.due(clock.real_now(), 10))

    asking.keep_draft(client.user, expert.id, "Does it?")
    assert age(29) == []
    [(key, _)] = age(31)
    job.carry_out(key)
    assert asking.draft(client.user, int(expert.id)) == ""


def test_what_stands_in_the_way_is_known_before_anybody_pays(client, expert, cast):
    def found(person=client):
        return asking.prospect(person.user, expert.id)

    assert (found().obstacle, found().conversation_id) == (None, None)
    assert found(expert).obstacle == "own_offer"
    conversation_id = ask(client, expert)
    assert (found().obstacle, found().conversation_id) == ("already_open", conversation_id)
    assert found(cast.outsider).conversation_id is None
    experts.change(expert.user, max_unanswered=1)
    assert found(cast.outsider).obstacle == "offer_full"
    experts.change(expert.user, is_open=False)
    assert found(cast.outsider).obstacle == "offer_closed"
    db.session.add(Block(blocker_id=int(expert.id), blocked_id=int(cast.outsider.id), created_at=clock.now()))
    db.session.commit()
    assert found(cast.outsider).obstacle == "blocked"
    with pytest.raises(NotFound):
        asking.prospect(client.user, cast.outsider.id)


def test_an_answered_window_stays_open_and_then_may_be_renewed(client, expert, monkeypatch):
    conversation_id = ask(client, expert)
    messages.send(expert.user, str(conversation_id), content="It does.")
    assert asking.prospect(client.user, expert.id).obstacle == "already_open"
    monkeypatch.setattr(clock, "_offset", lambda: timedelta(days=8))
    assert asking.prospect(client.user, expert.id).obstacle is None


def test_whom_else_to_ask(inside, client, expert, cast):
    ids = making.crowd(inside, 4, "Other")
    making.offers(inside, ids, cast.outsider)
    db.session.get_one(User, int(ids[3])).headline = "CONTRACT lawyer"
    db.session.commit()
    experts.change(db.session.get_one(User, int(ids[0])), is_open=False)

    def found(headline, most=3):
        experts.change(expert.user, headline=headline)
        view = experts.find(client.user, expert.id)
        return [str(other.user.id) for other in experts.others(client.user, view, most)]

    assert found("") == [ids[1], ids[2], ids[3]]
    assert found("Contracts, a contract and law") == [ids[3], ids[1], ids[2]]
    assert found("", 9) == [ids[1], ids[2], ids[3], ids[0]]
