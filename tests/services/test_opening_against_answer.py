"""The expert opens a conversation just as something settles what is held in it."""

from threading import Thread

import pytest
from sqlalchemy import event, select, text, update

from lumina import clock
from lumina.extensions import db
from lumina.models import Escrow
from lumina.services import escrows
from tests.support import paying

LOCK = text("SELECT id FROM escrows WHERE id = :id FOR UPDATE")


def in_passing(connection):
    """Rows are met in the order in which they lie, as the planner may choose at any time."""
    for way in ("indexscan", "bitmapscan", "indexonlyscan"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_neither_waits_for_the_other_in_a_circle(app, api, cast):
    """Whatever the order in which the rows lie there, they are locked by their ids, as whoever settles locks them."""
    paying.offer(api, cast.member)
    paying.credit(app, cast.owner, 100_00)
    asked = paying.ask(api, cast.owner, cast.member)
    paying.urgent(api, cast.owner, asked, "Now, please")
    failed = []

    def open_it():
        with app.app_context():
            try:
                escrows.note_opened(cast.member.user, int(asked["id"]))
            except Exception as error:
                failed.append(error)

    with app.app_context():
        event.listen(db.engine, "begin", in_passing)
        first, second = db.session.scalars(select(Escrow.id).order_by(Escrow.id)).all()
        # As a reminder does, after which the first lies behind the second.
        db.session.execute(update(Escrow).where(Escrow.id == first).values(remind_at=clock.now()))
        db.session.commit()
        opens = Thread(target=open_it)
        with db.engine.begin() as settles:
            settles.execute(LOCK, {"id": first})
            opens.start()
            opens.join(0.3)
            assert opens.is_alive()
            settles.execute(LOCK, {"id": second})
        opens.join()
        opened = db.session.scalars(select(Escrow.opened_at)).all()
        event.remove(db.engine, "begin", in_passing)
    assert failed == []
    assert None not in opened
