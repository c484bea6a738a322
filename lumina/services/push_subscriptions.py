"""Which browsers take notifications: one row each, living as long as the session that made it."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from sqlalchemy import delete, select

from lumina import clock
from lumina.errors import Invalid
from lumina.extensions import db
from lumina.models import PushSubscription, User
from lumina.services import text
from lumina.services.unit_of_work import operation

MOST, ENDPOINT, AUTH_BYTES = 20, 1000, 16


@operation()
def add(
    actor: User, session_id: int, *, endpoint: str, p256dh: str, auth: str, user_agent: str = ""
) -> PushSubscription:
    """Send notifications there from now on; an endpoint belongs to whoever subscribed it last, and of somebody's more
    than twenty the oldest go. `p256dh` and `auth` are base64url, as browsers give them. Raises Invalid."""
    endpoint = text.required(endpoint, "endpoint", ENDPOINT)
    if not endpoint.startswith("https://"):
        raise Invalid.field("endpoint", "This is not the address of a push service.")
    _check_keys(p256dh, auth)
    db.session.execute(delete(PushSubscription).where(PushSubscription.endpoint == endpoint))
    subscription = PushSubscription(
        user_id=actor.id,
        session_id=session_id,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        user_agent=user_agent.replace("\x00", "")[:300],
        created_at=clock.now(),
    )
    db.session.add(subscription)
    db.session.flush()
    _keep_the_newest(actor)
    return subscription


def _keep_the_newest(actor: User) -> None:
    newest = (
        select(PushSubscription.id)
        .where(PushSubscription.user_id == actor.id)
        .order_by(PushSubscription.id.desc())
        .limit(MOST)
    )
    db.session.execute(
        delete(PushSubscription)
        .where(PushSubscription.user_id == actor.id, PushSubscription.id.not_in(newest))
        .execution_options(synchronize_session=False)
    )


def _check_keys(p256dh: str, auth: str) -> None:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(p256dh))
        is_right = len(decoded(auth)) == AUTH_BYTES
    except (ValueError, Error):
        is_right = False
    if not is_right:
        raise Invalid.field("keys", "These are not the keys of a push subscription.")


def decoded(base64url: str) -> bytes:
    """What browsers write without padding. Raises ValueError."""
    return urlsafe_b64decode(base64url.encode("ascii") + b"=" * (-len(base64url) % 4))


@operation()
def remove(actor: User, endpoint: str) -> bool:
    """Send nothing there any more; whether anything was. Raises Invalid."""
    endpoint = text.required(endpoint, "endpoint", ENDPOINT)
    removed = db.session.execute(
        delete(PushSubscription)
        .where(PushSubscription.user_id == actor.id, PushSubscription.endpoint == endpoint)
        .execution_options(synchronize_session=False)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]
