"""The bytes behind attachments and photos: known before they are written, and until they are gone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import exists, select, update

from lumina import clock, storage
from lumina.config import Config, ConfigError
from lumina.errors import NotFound, Unavailable
from lumina.extensions import db
from lumina.media import Prepared
from lumina.models import Attachment, Conversation, StoredFile, User, statements
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation

log = logging.getLogger(__name__)
# How long an upload may take; how long one process has for a removal before another tries.
UNFINISHED, CLAIM = timedelta(hours=1), timedelta(minutes=10)
AT_ONCE = 2
THUMB = "-thumb"

_storage: storage.Storage


class Stored(NamedTuple):
    """A stored file that nothing refers to yet: it goes at `due_at` unless it is adopted."""

    id: int
    key: str
    due_at: datetime


def configure(config: Config) -> None:
    """Take where files are kept. Raises ConfigError."""
    global _storage
    try:
        _storage = storage.opened(config.storage_url)
    except ValueError as error:
        raise ConfigError(f"STORAGE_URL cannot be used: {error}") from None


def origin() -> str | None:
    """Another site that browsers get files from."""
    return _storage.origin


def store(prepared: Prepared) -> Stored:
    """Write a file, outside of any unit of work. Raises Unavailable."""
    stored = _reserve(None, prepared.size, prepared.sha256, prepared.thumb is not None)
    try:
        _storage.put(stored.key, prepared.file)
        if prepared.thumb:
            _storage.put(stored.key + THUMB, prepared.thumb)
    except storage.Unreachable as error:
        log.error("a file could not be stored: %s", error)
        raise Unavailable("Files cannot be taken just now. Please try again.", retry_after=5) from None
    return stored


@operation()
def _reserve(actor: None, size: int, sha256: str, has_thumb: bool) -> Stored:
    now = clock.now()
    due_at = now + UNFINISHED
    row = StoredFile(
        key=uuid4().hex, size=size, sha256=sha256, has_thumb=has_thumb, due_at=due_at, created_at=now
    )
    db.session.add(row)
    db.session.flush()
    return Stored(row.id, row.key, due_at)


def adopt(stored: Stored) -> None:
    """Within an operation: something refers to the file from now on. Raises Unavailable where it has gone meanwhile."""
    row = db.session.get(StoredFile, stored.id, with_for_update=True)
    # With another time it is being removed.
    if row is None or row.due_at != stored.due_at:
        raise Unavailable("This took too long. Please try again.", retry_after=1)
    row.due_at = None


def release(ids: Iterable[int]) -> None:
    """Within an operation: whatever referred to these files does so no more; the sweep sees whether anything does."""
    _release(StoredFile.id.in_(list(ids)))


def release_key(key: str | None) -> None:
    """The same by the key."""
    if key:
        _release(StoredFile.key == key)


def _release(those: object) -> None:
    db.session.execute(update(StoredFile).where(those).values(due_at=clock.now()))  # type: ignore[arg-type]


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except storage.Missing as error:
        log.error("a stored file is missing: %s", error)
        raise NotFound from None
    except storage.Unreachable as error:
        log.error("a file could not be read: %s", error)
        raise Unavailable(retry_after=5) from None


def size(key: str) -> int:
    """How many bytes are under a key. Raises NotFound, Unavailable."""
    with _refusing():
        return _storage.size(key)


class Reading(NamedTuple):
    """Where a browser gets a file: from another site, or from us, between any two offsets."""

    key: str
    link: str | None

    def blocks(self, start: int, stop: int) -> Iterable[bytes]:
        """The bytes from `start` to before `stop`. Raises NotFound, Unavailable, at once."""
        with _refusing():
            return _storage.read(self.key, start, stop)


def reading(key: str, served: storage.Served) -> Reading:
    """How to hand out what is under a key, to somebody who may have it."""
    return Reading(key, _storage.link(key, served))


def _remove(file_id: int) -> bool:
    """The bytes first, then the row: what fails in between is tried again."""
    key = _claim(None, file_id)
    if key is None:
        return False
    _storage.remove(key + THUMB)
    _storage.remove(key)
    _forget(None, file_id)
    return True


@operation()
def _claim(actor: None, file_id: int) -> str | None:
    row = db.session.get(StoredFile, file_id, with_for_update=True, populate_existing=True)
    now = clock.now()
    if row is None or row.due_at is None or row.due_at > now:
        return None
    is_used = db.session.scalar(
        select(
            exists().where(Attachment.file_id == row.id)
            | exists().where(User.photo_key == row.key)
            | exists().where(Conversation.photo_key == row.key)
        )
    )
    row.due_at = None if is_used else now + CLAIM
    return None if is_used else row.key


@operation()
def _forget(actor: None, file_id: int) -> None:
    db.session.delete(db.session.get_one(StoredFile, file_id))


DUE = statements.due.earliest(StoredFile.id, at=StoredFile.due_at)
JOBS = [Job("stored_files", by(DUE), _remove, at_once=AT_ONCE)]
