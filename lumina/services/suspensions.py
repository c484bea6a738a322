"""Keeping somebody out: an admin suspends an account, and lets it in again."""

from __future__ import annotations

from sqlalchemy import delete

from lumina import clock
from lumina.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from lumina.extensions import db
from lumina.models import Digest, User, statements
from lumina.services import audit, giving_back, lookup, sessions, text
from lumina.services.unit_of_work import operation

REASON = 2000


@operation()
def change(actor: User, user_id: str, *, suspended: bool, reason: str | None = None) -> User:
    """Suspend somebody, or let them in again; where it is so already, nothing happens.

    Sessions, tokens and sockets end, and what is held for their answers goes back to the clients; their own money
    stays. The reason, which suspending needs, is in the audit log. Raises Forbidden not_an_admin, NotFound, Invalid,
    Conflict account_closed.
    """
    if not actor.is_admin:
        raise Forbidden("Only an admin may do this.", code="not_an_admin")
    of = lookup.row_id(user_id)
    if of == actor.id:
        raise Invalid("You cannot suspend your own account.", code="own_account")
    if suspended:
        reason = text.required(reason or "", "reason", REASON)
    giving_back.lock_offers(of)
    conversations = giving_back.lock_conversations(giving_back.asking(of)) if suspended else []
    people = {
        user.id: user
        for user in db.session.scalars(statements.sending.LOCKED_PEOPLE, {"ids": [actor.id, of]})
    }
    if actor.is_out:
        raise Unauthorized
    if of not in people:
        raise NotFound
    user = people[of]
    if user.closed_at:
        raise Conflict("This account is closed.", code="account_closed")
    if (user.suspended_at is not None) == suspended:
        return user
    now = clock.now()
    user.suspended_at = now if suspended else None
    db.session.flush()
    if suspended:
        sessions.end_all_of(user)
        db.session.execute(delete(Digest).where(Digest.user_id == of))
        giving_back.give_back(conversations, "suspended", now)
    audit.note(actor, "user_suspended" if suspended else "user_unsuspended", f"user:{of}", reason=reason)
    return user
