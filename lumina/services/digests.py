"""Mails to those who have been away for hours: what waits for them, once until they are back (see notices.py)."""

from __future__ import annotations

from functools import partial
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from lumina import clock
from lumina.config import Config
from lumina.errors import NotFound
from lumina.extensions import db
from lumina.models import Digest, User, statements
from lumina.services import conversations, events, preferences, presence
from lumina.services.sweep import Job, by
from lumina.services.unit_of_work import operation, record
from lumina.services.views import ConversationView

MOST_SHOWN = 10
_signer = URLSafeSerializer("", "unsubscribe")


def configure(config: Config) -> None:
    """Take the secret that signs the links by which one does without these mails."""
    global _signer
    _signer = URLSafeSerializer(config.secret_key, "unsubscribe")


@operation()
def give(actor: None, user_id: int) -> bool:
    """Have the mail sent, if something still waits; False where another process has seen to it."""
    digest: Digest | None = db.session.scalar(
        select(Digest)
        .where(Digest.user_id == user_id, Digest.due_at <= clock.now())
        .with_for_update(skip_locked=True)
    )
    if digest is None:
        return False
    digest.due_at = None
    wishes, user = preferences.of(user_id), db.session.get_one(User, user_id)
    wanted = wishes.digest and not user.is_out and not presence.is_online(user_id)
    waiting = _waiting(user) if wanted else []
    if waiting:
        record(
            events.DigestDue(
                user.email,
                user,
                tuple(waiting),
                wishes.hide_content,
                _signer.dumps(user.id),
            )
        )
    return True


def _waiting(user: User) -> list[ConversationView]:
    page = conversations.list_for(user, filter="unread", limit=MOST_SHOWN)
    return [view for view in page.items if not _is_quiet(view.conversation)]


def _is_quiet(row: Any) -> bool:
    return bool(row.my_notification_level == "none" or row.my_muted)


def reader(token: str) -> User:
    """Whose mails a link ends. Raises NotFound."""
    try:
        user = db.session.get(User, _signer.loads(token))
    except BadSignature:
        user = None
    if user is None:
        raise NotFound
    return user


def unsubscribe(token: str) -> None:
    """Send this person no further digests. Raises NotFound."""
    preferences.change(reader(token), digest=False)


DUE = statements.due.earliest(Digest.user_id, at=Digest.due_at)
JOBS = [Job("digests", by(DUE), partial(give, None), every=5)]
