"""What a command changes reaches connected clients too: its events wait in a table for the server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import click
from sqlalchemy import delete, insert, select

from lumina.extensions import db
from lumina.models import RelayedEvent
from lumina.outlets import hub
from lumina.services.events import Departure, Event, Outlet
from lumina.services.unit_of_work import operation

log = logging.getLogger(__name__)
BATCH = 100
WAITING = select(RelayedEvent.id).order_by(RelayedEvent.id).limit(1)


def outlet_for(outlet: Outlet) -> Outlet:
    """The outlet that, within a command, writes down what `outlet` would have sent; elsewhere it is `outlet`."""

    def relayed(event: Event) -> Departure | None:
        departure = outlet(event)
        if departure is None or click.get_current_context(silent=True) is None:
            return departure
        with hub.noting() as acts:
            departure.send()
        if acts:
            db.session.execute(insert(RelayedEvent), acts)
        return None

    return relayed


def deliver() -> Iterator[None]:
    """Do what commands have left to be done, in its order, pausing after each batch. One server does each thing."""
    while db.session.scalar(WAITING) is not None:
        for act, arguments in _take(None):
            try:
                hub.carry(act, arguments)
            except Exception:
                log.exception("an event of a command could not be sent")
        yield


@operation()
def _take(actor: None) -> list[tuple[str, dict[str, Any]]]:
    """The next ones, which are nobody else's any more. A server that dies with them leaves no client connected."""
    first = select(RelayedEvent.id).order_by(RelayedEvent.id).limit(BATCH).with_for_update(skip_locked=True)
    # Named, it is read once: as a plain subquery a nested loop would read it again for each row, and take all there are.
    batch = select(first.cte("first").c.id)
    taken = db.session.execute(
        delete(RelayedEvent)
        .where(RelayedEvent.id.in_(batch))
        .returning(RelayedEvent.id, RelayedEvent.act, RelayedEvent.arguments)
    )
    return [(act, arguments) for _, act, arguments in sorted(taken, key=lambda row: row[0])]
