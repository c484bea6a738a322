"""Transactions that write: in this process one after another, and on SQLite several in one commit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

from lumina import blocking
from lumina.errors import Unavailable
from lumina.extensions import Session, db
from lumina.services.queues import Queues

WRITES = {"lumina_writes": True}
# Writers in one commit at most: the first of them waits for the last.
MOST = 32

_queues = Queues()


def writing(key: object) -> AbstractContextManager[None]:
    """One transaction of db.session that writes: committed at the end, undone by whatever is raised inside.

    Writers of one key wait for one another *before* they take a connection, so that a hot conversation cannot drain
    the pool; None waits for nobody. On SQLite all of them form one queue.
    """
    return _group_commit.part() if db.engine.dialect.name == "sqlite" else _alone(key)


@contextmanager
def _alone(key: object) -> Iterator[None]:
    with nullcontext() if key is None else _queues.turn(str(key)):
        try:
            db.session.connection(execution_options=WRITES)
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


class Group:
    """Writers who share a transaction, and so one write to the disk: what they wrote lasts for all of them or for none."""

    def __init__(self) -> None:
        self._connection = db.engine.connect().execution_options(**WRITES)
        try:
            self._transaction = self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        self._settled = threading.Event()
        self._error: Exception | None = None
        self.size = 0

    @property
    def stands(self) -> bool:
        """Whether the transaction still is: of some errors (a full disk) SQLite itself undoes all of it."""
        driver: Any = self._connection.connection.dbapi_connection
        return bool(driver.in_transaction)

    @contextmanager
    def part(self) -> Iterator[None]:
        """What one of them writes. The first one's is the transaction itself, every other's a savepoint in it."""
        mine = self._connection.begin_nested() if self.size else None
        self.size += 1
        session = cast(Session, db.session())
        session.joined = self._connection
        try:
            yield
            db.session.commit()
            if mine:
                mine.commit()
        except BaseException:
            db.session.rollback()
            if mine and mine.is_active:
                mine.rollback()
            raise
        finally:
            session.joined = None

    def commit(self) -> None:
        """Make it last. Waits for the disk in another thread: meanwhile others are served, and the next writers gather."""
        try:
            if not self.stands:
                # The driver would take it for nothing to do.
                raise Unavailable(retry_after=1)
            blocking.run(self._transaction.commit)
        except Exception as error:
            self._error = error
        self._end()

    def undone(self) -> None:
        """Nothing of it is left: who took part may try again."""
        self._error = Unavailable(retry_after=1)
        self._end()

    def _end(self) -> None:
        self._connection.close()
        self._settled.set()

    def wait(self) -> None:
        """Until it is committed; raises what prevented that."""
        self._settled.wait()
        if self._error:
            raise self._error


class GroupCommit:
    """SQLite lets one write at a time, and its commit waits for the disk.

    So whoever finds no transaction begins one, and queues again to commit it: behind those who were waiting
    already, each of whom adds a part. A writer alone commits at once.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._group: Group | None = None

    @contextmanager
    def part(self) -> Iterator[None]:
        with self._turn:
            if self._group and self._group.size == MOST:
                self._commit()
            begins = self._group is None
            group = self._group = self._group or Group()
            try:
                with group.part():
                    yield
            except BaseException:
                if begins or not group.stands:
                    self._group = None
                    group.undone()
                raise
        if begins:
            with self._turn:
                if self._group is group:
                    self._commit()
        group.wait()

    def _commit(self) -> None:
        group, self._group = self._group, None
        if group:
            group.commit()


_group_commit = GroupCommit()
