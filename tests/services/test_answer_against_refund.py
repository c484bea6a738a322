"""The answer and the refund at the same moment: whichever the deadline is for, and never both or neither."""

import threading
from datetime import timedelta

from sqlalchemy import select, update

from lumina import clock
from lumina.extensions import db
from lumina.models import Escrow, Message, User
from lumina.services import deadlines, experts, messages, purchases, sweep, wallets
from lumina.services.purchases import Agreed
from lumina.services.unit_of_work import operation
from tests.support import making, paying

TRIES, HANDS = 200, 4
# When the deadline is, from the moment at which the answer is begun and the sweep is looking: over already, within the
# milliseconds that an answer takes, or far enough away.
MARGINS = [-1, 2, 5, 10, 20, 40, 80, 2000]


def buy_all(app):
    """One purchase for each try, all of one expert."""
    expert_id, *clients = [int(user_id) for user_id in making.crowd(app, TRIES + 1)]
    with app.app_context():
        experts.change(db.session.get_one(User, expert_id), max_unanswered=1000)
        for client_id in clients:
            wallets.adjust(None, client_id, 5000)
            purchases.buy(db.session.get_one(User, client_id), [str(expert_id)], Agreed())
        bought = db.session.scalars(select(Escrow).order_by(Escrow.id)).all()
        return expert_id, [(escrow.id, str(escrow.conversation_id)) for escrow in bought]


@operation()
def set_deadline(actor, escrow_id, margin):
    due = clock.now() + timedelta(milliseconds=margin)
    db.session.execute(update(Escrow).where(Escrow.id == escrow_id).values(answer_by=due))


def test_it_is_one_or_the_other(app):
    expert_id, bought = buy_all(app)
    is_over = threading.Event()

    def sweep_on():
        with app.app_context():
            while not is_over.is_set():
                for _ in sweep.Sweeper(deadlines.JOBS).sweep():
                    pass

    def answer(hand):
        with app.app_context():
            for number, (escrow_id, conversation_id) in list(enumerate(bought))[hand::HANDS]:
                set_deadline(None, escrow_id, MARGINS[number % len(MARGINS)])
                expert = db.session.get_one(User, expert_id)
                messages.send(expert, conversation_id, content="Here it is")

    hands = [threading.Thread(target=answer, args=[hand]) for hand in range(HANDS)]
    sweeper = threading.Thread(target=sweep_on)
    for thread in (sweeper, *hands):
        thread.start()
    for thread in hands:
        thread.join()
    is_over.set()
    sweeper.join()
    paying.carry_out(app)
    with app.app_context():
        rows = db.session.execute(
            select(Escrow, Message.created_at).join(
                Message,
                (Message.conversation_id == Escrow.conversation_id) & (Message.type != "system"),
            )
        ).all()
    assert len(rows) == TRIES
    for escrow, answered_at in rows:
        in_time = answered_at <= escrow.answer_by
        assert escrow.state == ("answered" if in_time else "refunded"), (answered_at, escrow.answer_by)
    outcomes = {escrow.state for escrow, _ in rows}
    assert outcomes == {"answered", "refunded"}
    paying.require_true_ledger(app)
