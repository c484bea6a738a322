"""Web Push: what is due is encrypted for its browser (RFC 8291) and handed to its push service."""

from __future__ import annotations

import logging
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec

from lumina import blocking, clock
from lumina.fetching import Fetcher, Unreachable, Unsuitable
from lumina.presenters import notifications
from lumina.services import pushes, vapid
from lumina.services.push_subscriptions import decoded
from lumina.services.pushes import Claim, Key, Outcome
from lumina.services.sweep import Job

log = logging.getLogger(__name__)
AT_ONCE = 8
# Seconds for which a push service keeps it for a browser that is away.
KEPT = 24 * 3600
GONE, WORTH_REPEATING = {404, 410}, {408, 425, 429}

fetcher = Fetcher()


def carry_out(key: Key) -> bool:
    """Send what is due to one browser; False where another process does, or nothing is left to be said."""
    claim = pushes.claim(None, key)
    if claim is None:
        return False
    payload = orjson.dumps(notifications.push(claim))
    outcome = blocking.run(_send, claim, payload)
    if outcome.kind != "sent":
        log.info("a push to %s: %s", urlsplit(claim.endpoint).hostname, outcome.kind)
    pushes.settle(None, claim, outcome)
    return True


def _send(claim: Claim, payload: bytes) -> Outcome:
    """In a thread: encrypt it, hand it over, and say what came of it."""
    headers = {
        "Authorization": vapid.authorization(claim.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_kept(claim)),
        "Topic": f"c{claim.conversation_id}",
        "Urgency": "high" if claim.escrow else "normal" if claim.message else "low",
    }
    try:
        answer = fetcher.post(claim.endpoint, _encrypted(claim, payload), headers)
    except Unsuitable as reason:
        log.warning("a push service that is none: %s", reason)
        return Outcome("gone")
    except Unreachable:
        return Outcome("failed")
    return _outcome(answer.status, answer.retry_after)


def _kept(claim: Claim) -> int:
    """A reminder is kept for no longer than there is something to be reminded of."""
    if claim.escrow is None:
        return KEPT
    return min(KEPT, max(0, round((claim.escrow.answer_by - clock.now()).total_seconds())))


def _outcome(status: int, retry_after: str | None) -> Outcome:
    if 200 <= status < 300:
        return Outcome("sent")
    if status in GONE:
        return Outcome("gone")
    if status >= 500 or status in WORTH_REPEATING:
        return Outcome("failed", _seconds(retry_after))
    # Signed with a key that the subscription was not made with: SECRET_KEY has changed, and the page subscribes anew.
    return Outcome("gone" if status in (401, 403) else "refused")


def _seconds(retry_after: str | None) -> float:
    """A Retry-After, which is a number of seconds or a date."""
    if retry_after is None:
        return 0
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - clock.real_now()).total_seconds())
    except (ValueError, TypeError):
        return 0


def _encrypted(claim: Claim, payload: bytes) -> bytes:
    encrypted: bytes = http_ece.encrypt(
        payload,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(claim.p256dh),
        auth_secret=decoded(claim.auth),
        version="aes128gcm",
    )
    return encrypted


JOBS = [Job("pushes", pushes.due, carry_out, at_once=AT_ONCE)]
