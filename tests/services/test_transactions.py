"""Group commit on SQLite: who waits shares the transaction of whom they wait for."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from lumina import blocking
from lumina.errors import Invalid, Unavailable
from lumina.extensions import db
from lumina.models import User
from lumina.services import events, transactions
from lumina.services.unit_of_work import operation, record

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class FairLock:
    """A lock for which one waits in line, as on the event loop; it knows how many do."""

    def __init__(self):
        self._next = threading.Condition()
        self._line = []

    def __enter__(self):
        with self._next:
            mine = object()
            self._line.append(mine)
            self._next.wait_for(lambda: self._line[0] is mine)

    def __exit__(self, *_):
        with self._next:
            self._line.pop(0)
            self._next.notify_all()

    def wait_for(self, count):
        until = time.monotonic() + 10
        while len(self._line) < count:
            assert time.monotonic() < until
            time.sleep(0.001)


@operation()
def rename(actor, name, then=None):
    actor.rename(name, actor.last_name)
    record(events.TypingStopped(1, 2, name))
    if then:
        then()
    return name


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(transactions._group_commit, "_turn", FairLock())
    return transactions._group_commit._turn


@pytest.fixture
def together(app, cast, line):
    """together(*(person, what happens within)): what comes of each, all but the first waiting while that one writes."""

    def one(person, then):
        with app.app_context():
            try:
                return rename(person.user, f"New {person.id}", then)
            except Exception as error:
                return type(error)

    def run(*them):
        (first, then), *others = them
        with ThreadPoolExecutor(len(them)) as pool:

            def write_first():
                line.wait_for(len(them))
                if then:
                    then()

            results = [pool.submit(one, first, write_first)]
            for place, other in enumerate(others, start=1):
                line.wait_for(place)
                results.append(pool.submit(one, *other))
            return [result.result(20) for result in results]

    return run


@pytest.fixture
def commits(app):
    made = []

    def note(_connection):
        made.append(1)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "commit", note)
    yield made
    event.remove(engine, "commit", note)


def names(app, *people):
    with app.app_context():
        return [db.session.scalar(select(User.first_name).where(User.id == int(one.id))) for one in people]


def raises(error):
    def raising(*_):
        raise error

    return raising


def give_up():
    """As SQLite does by itself when the disk is full."""
    db.session.connection().connection.dbapi_connection.execute("ROLLBACK")
    raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def undo_unnoticed():
    db.session.connection().connection.dbapi_connection.execute("ROLLBACK")


def renamed(person):
    return f"New {person.id}"


def test_who_waits_shares_the_commit(app, cast, together, commits, heard):
    people = cast.owner, cast.member, cast.outsider
    assert together(*((one, None) for one in people)) == [renamed(one) for one in people]
    assert len(commits) == 1
    assert names(app, *people) == [renamed(one) for one in people]
    assert sorted(told.user_name for told in heard) == sorted(renamed(one) for one in people)


def test_the_next_ones_begin_a_commit_of_their_own_where_it_is_full(
    app, cast, together, commits, heard, monkeypatch
):
    monkeypatch.setattr(transactions, "MOST", 2)
    people = cast.owner, cast.member, cast.outsider
    assert together(*((one, None) for one in people)) == [renamed(one) for one in people]
    assert len(commits) == 2


def test_what_one_of_them_may_not_undoes_their_own_part_only(app, cast, together, commits, heard):
    people = cast.owner, cast.member, cast.outsider
    found = together((cast.owner, None), (cast.member, raises(Invalid("No."))), (cast.outsider, None))
    assert found == [renamed(cast.owner), Invalid, renamed(cast.outsider)]
    assert names(app, *people) == [renamed(cast.owner), "Tomasz", renamed(cast.outsider)]
    assert len(commits) == 1
    assert len(heard) == 2


def test_who_fails_before_having_read_anything_leaves_no_savepoint(app, cast, line, commits, heard):
    @operation()
    def refuse(actor):
        raise Invalid("No.")

    def refused():
        with app.app_context(), pytest.raises(Invalid):
            refuse(None)

    with app.app_context(), ThreadPoolExecutor(1) as pool:
        waiting = []

        def meanwhile():
            waiting.append(pool.submit(refused))
            line.wait_for(2)

        rename(cast.owner.user, "Ada", meanwhile)
        waiting[0].result(20)
    assert (len(commits), names(app, cast.owner)) == (1, ["Ada"])


def test_where_the_database_is_busy_the_writer_is_told_and_keeps_no_connection(app, cast, heard):
    with app.app_context():
        owner, engine = cast.owner.user, db.engine
        db.session.remove()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with closing(sqlite3.connect(engine.url.database)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="locked"):
                rename(owner, "Ada")
        assert engine.pool.checkedout() == 0
        engine.dispose()
        assert rename(owner, "Ada") == "Ada"


def test_where_the_first_fails_the_next_begins(app, cast, together, commits, heard):
    found = together((cast.owner, raises(Invalid("No."))), (cast.member, None), (cast.outsider, None))
    assert found == [Invalid, renamed(cast.member), renamed(cast.outsider)]
    assert names(app, cast.owner, cast.member) == ["Mara", renamed(cast.member)]
    assert len(commits) == 1


def test_a_commit_that_fails_fails_for_all_and_nothing_is_told(app, cast, together, heard, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            blocking,
            "run",
            raises(OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))),
        )
        assert together((cast.owner, None), (cast.member, None)) == [OperationalError] * 2
    assert names(app, cast.owner, cast.member) == ["Mara", "Tomasz"]
    assert heard == []
    assert together((cast.owner, None), (cast.member, None)) == [renamed(cast.owner), renamed(cast.member)]


def test_where_sqlite_undoes_all_of_it_nobody_is_told_that_it_was_written(app, cast, together, heard):
    found = together((cast.owner, None), (cast.member, give_up), (cast.outsider, None))
    assert found == [Unavailable, OperationalError, renamed(cast.outsider)]
    assert names(app, cast.owner, cast.member, cast.outsider) == ["Mara", "Tomasz", renamed(cast.outsider)]
    assert [told.user_name for told in heard] == [renamed(cast.outsider)]


def test_a_writer_alone_whose_transaction_is_gone_is_told_so(app, cast, together, heard):
    assert together((cast.owner, undo_unnoticed)) == [Unavailable]
    assert heard == []
