"""One unit of work: an operation commits once, at its outermost call, and only then do its events leave."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from lumina.errors import Unauthorized
from lumina.extensions import db
from lumina.models import User, statements
from lumina.services import events
from lumina.services.queues import Queues

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_recorded: ContextVar[list[events.Event] | None] = ContextVar("recorded", default=None)
_queues = Queues()


def record(event: events.Event) -> None:
    """Note what has happened; it is told to the outlets when the operation commits."""
    recorded = _recorded.get()
    if recorded is None:
        raise RuntimeError("an event outside of an operation")
    recorded.append(event)


def operation(
    queue_by: str | None = None, *, reads_actor: bool = True
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function, whose first argument is the actor (or None), one unit of work.

    It ends the door's read transaction, begins to write, loads the actor anew and commits at the end; called
    within another operation it simply belongs to it. Nothing inside may call the network or yield.

    `queue_by` names the argument (a conversation's id) by which writers wait for one another *before* they take
    a connection, so that a hot conversation cannot drain the pool. On SQLite all writers form one queue. With
    `reads_actor` false the operation reads what it needs of the actor's row itself.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        # Found by its place, since binding the whole signature takes as long as a statement.
        place = list(inspect.signature(function).parameters).index(queue_by) if queue_by else 0

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if _recorded.get() is not None:
                return function(*args, **kwargs)
            key = (kwargs[queue_by] if queue_by in kwargs else args[place]) if queue_by else None
            actor, *rest = args
            actor_id = actor.id if reads_actor and isinstance(actor, User) else None
            # Gives the door's connection back before waiting; what the door has read stays readable.
            db.session.close()
            with _turn(key), _recording() as recorded:
                _begin()
                fresh: object = actor if actor_id is None else _reload(actor_id)
                result = function(fresh, *rest, **kwargs)  # type: ignore[arg-type]
                departures = _commit(recorded)
            _send(departures)
            return result

        return run

    return decorate


@contextmanager
def _turn(key: object) -> Iterator[None]:
    if db.engine.dialect.name == "sqlite":
        key = "all"
    if key is None:
        yield
    else:
        with _queues.turn(str(key)):
            yield


@contextmanager
def _recording() -> Iterator[list[events.Event]]:
    recorded: list[events.Event] = []
    token = _recorded.set(recorded)
    try:
        yield recorded
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _recorded.reset(token)


def _begin() -> None:
    db.session.connection(execution_options={"lumina_writes": True})


def _reload(actor_id: int) -> User:
    fresh: User | None = db.session.scalar(statements.sending.ACTOR, {"id": actor_id})
    if fresh is None:
        raise Unauthorized
    return fresh


def _commit(recorded: list[events.Event]) -> list[events.Departure]:
    departures: list[events.Departure] = []
    try:
        db.session.flush()
        for event in recorded:
            departures.extend(events.prepare(event))
        db.session.commit()
    except BaseException:
        for departure in departures:
            departure.cancel()
        raise
    return departures


def _send(departures: list[events.Departure]) -> None:
    """What is committed stands, whatever comes of telling it."""
    for departure in departures:
        try:
            departure.send()
        except Exception:
            log.exception("an event could not be sent")
