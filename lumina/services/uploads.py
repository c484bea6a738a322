"""Uploads: taken, looked at, and kept for a day until they are sent."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import IO

from sqlalchemy import func, select

from lumina import blocking, clock, media, metrics, scanning
from lumina.config import Config
from lumina.errors import Invalid, LuminaError, Unavailable
from lumina.extensions import db
from lumina.models import Attachment, User, statements
from lumina.services import files, limits
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation
from lumina.services.views import Attached

log = logging.getLogger(__name__)
KEPT = timedelta(days=1)

_largest = _most_per_user = 0
_scanner: scanning.Scanner | None = None
_must_scan = True


@dataclass(frozen=True)
class Incoming:
    """A file as it came: its bytes, on disk, the name and the type that the sender gives it."""

    file: IO[bytes]
    name: str | None
    declared: str | None


class Infected(LuminaError):
    """415: a scanner has found something in a file."""

    status, code = 415, "file_infected"
    message = "This file was refused: the virus scanner has found something in it."


class Full(LuminaError):
    """413: somebody has sent as much as one may."""

    status, code = 413, "storage_full"
    message = "Your space for files is used up. Delete messages with files that you no longer need."


def configure(config: Config) -> None:
    """Take how much may be sent, and who looks at it first."""
    global _largest, _most_per_user, _scanner, _must_scan
    _largest, _most_per_user = config.max_file_size, config.max_storage_per_user
    _scanner = scanning.Scanner(config.clamd_url) if config.clamd_url else None
    _must_scan = config.clamd_required


def keep(actor: User, incoming: Incoming) -> Attached:
    """Take a file, to be sent within a day. Raises Invalid, NotTaken, TooLarge, Infected, Full, TooMany, Unavailable."""
    with checked(actor, incoming) as (name, prepared):
        return _keep(actor, files.store(prepared), name, prepared)


@contextmanager
def checked(actor: User, incoming: Incoming) -> Iterator[tuple[str, media.Prepared]]:
    """A file's cleaned name, and what is to be kept of it, once it has passed; raises as `keep`."""
    limits.spend("upload", str(actor.id))
    name = media.clean(incoming.name)
    size = incoming.file.seek(0, 2)
    if size == 0:
        raise Invalid(
            "This file is empty.",
            code="file_empty",
            errors=[{"field": "file", "message": "This file is empty."}],
        )
    if size > _largest:
        raise media.TooLarge.than(_largest)
    require_room(actor, size)
    # Gives the door's connection back, before work that takes its time.
    db.session.close()
    kind = blocking.run(media.recognise, name, incoming.declared, incoming.file)
    _scan(actor, incoming.file)
    with media.prepare(kind, incoming.file) as prepared:
        yield name, prepared


def _scan(actor: User, file: IO[bytes]) -> None:
    if _scanner is None:
        return
    try:
        found = _scanner.find(file)
    except scanning.Unreachable as error:
        metrics.scans_failed.inc()
        log.error(
            "an upload could not be scanned, and is %s: %s", "refused" if _must_scan else "let pass", error
        )
        if _must_scan:
            raise Unavailable(
                "Files cannot be checked for viruses just now. Please try again.",
                code="scanner_unavailable",
                retry_after=30,
            ) from None
        return
    if found:
        metrics.files_infected.inc()
        log.error("an upload of user %s was refused: the scanner found %s", actor.id, found)
        raise Infected


@operation()
def _keep(actor: User, stored: files.Stored, name: str, prepared: media.Prepared) -> Attached:
    take_room(actor, prepared.size)
    files.adopt(stored)
    now = clock.now()
    row = Attachment(
        uploader_id=actor.id,
        file_id=stored.id,
        kind=prepared.type.kind,
        file_name=name,
        file_size=prepared.size,
        mime_type=prepared.type.mime,
        width=prepared.width,
        height=prepared.height,
        duration_ms=prepared.duration_ms,
        peaks=prepared.peaks,
        has_thumb=prepared.thumb is not None,
        due_at=now + KEPT,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return Attached._make(getattr(row, name) for name in Attached._fields)


def require_room(actor: User, size: int) -> None:
    """Raises Full where this much more, in bytes, would be beyond what somebody's files may add up to."""
    used = (
        db.session.scalar(select(func.sum(Attachment.file_size)).where(Attachment.uploader_id == actor.id))
        or 0
    )
    if used + size > _most_per_user:
        raise Full


def take_room(actor: User, size: int) -> None:
    """Within an operation, after the locks of conversations: as require_room; one file of a person comes after the other, so
    that all of them together stay within the bound."""
    db.session.scalars(statements.sending.LOCKED_PEOPLE, {"ids": [actor.id]}).one()
    require_room(actor, size)


@operation()
def discard(actor: User, attachment_ids: Iterable[int]) -> None:
    """Let uploads that have not been sent go at once; what has been sent, or is somebody else's, stays."""
    mine = select(Attachment).where(
        Attachment.id.in_(list(attachment_ids)),
        Attachment.uploader_id == actor.id,
        Attachment.message_id.is_(None),
    )
    for row in db.session.scalars(mine.with_for_update()):
        _let_go(row)


@operation()
def _drop(actor: None, attachment_id: int) -> bool:
    row = db.session.get(Attachment, attachment_id, with_for_update=True, populate_existing=True)
    if row is None or row.due_at is None or row.due_at > clock.now():
        return False
    _let_go(row)
    return True


def _let_go(row: Attachment) -> None:
    files.release([row.file_id])
    db.session.delete(row)


DUE = statements.due.earliest(Attachment.id, at=Attachment.due_at)
JOBS = [Job("unsent_uploads", by(DUE), partial(_drop, None)), *files.JOBS]
