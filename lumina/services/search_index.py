"""What messages are found by, kept true inside the operation that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lumina.extensions import db
from lumina.models import Message, search, statements


def put(message: Message, file_names: Iterable[str] = ()) -> None:
    """Within an operation: make a message that is new, changed or restored one that is found."""
    found_by = {"id": message.id, "terms": search.terms(message, file_names)}
    statements.run(search.PUT[db.engine.dialect.name], found_by)


def drop(message_ids: Sequence[int]) -> None:
    """Within an operation: let nobody find these messages any more."""
    if message_ids:
        db.session.execute(search.DROP[db.engine.dialect.name], {"ids": list(message_ids)})
