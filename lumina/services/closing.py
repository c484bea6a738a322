"""Closing one's account for good. What one has written stays with those it was written to, under no name."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from lumina import clock
from lumina.errors import Conflict, Forbidden, Unauthorized
from lumina.extensions import db
from lumina.models import (
    Block,
    Conversation,
    Digest,
    Escrow,
    Expert,
    Membership,
    NotificationPreferences,
    PasswordReset,
    QuestionDraft,
    User,
)
from lumina.models.escrows import UNSETTLED
from lumina.services import (
    events,
    files,
    giving_back,
    hashing,
    ledger,
    limits,
    members,
    presence,
    sessions,
    views,
)
from lumina.services.unit_of_work import operation, record

NAME = "Deleted", "account"
# No hash is like this, so no password fits.
NO_PASSWORD = "-"
TRIES = 3
# What can be left, and what its owner can do about it.
REMAINING = {
    "available": "There is money in your wallet: ask for it to be paid out first.",
    "payouts": "A payout is on its way to you: wait until it has been paid.",
    "held": "An answer that you have paid for has not come yet: wait for it, or cancel the question.",
    "answered": "The time to object to an answer of yours is not over: wait until you have been paid for it.",
    "disputed": "An admin has yet to decide about a purchase: wait for that.",
}


class _Entered(Conflict):
    """Somebody has drawn the actor into a conversation meanwhile."""

    message = "Something has just changed. Please try again."


def close(actor: User, password: str) -> None:
    """Close the actor's account. Raises Forbidden wrong_password, TooMany, Conflict (balance_remaining, last_admin)."""
    limits.spend("password", str(actor.id))
    db.session.close()
    if not hashing.matches(password, actor.password_hash):
        raise Forbidden("The password is not right.", code="wrong_password")
    limits.forget("password", str(actor.id))
    _try(actor, TRIES)


def _try(actor: User, times: int) -> None:
    try:
        _close(actor)
    except _Entered:
        if times == 1:
            raise
        _try(actor, times - 1)


@operation()
def _close(actor: User) -> None:
    giving_back.lock_offers(actor.id)
    in_them = select(Membership.conversation_id).where(Membership.user_id == actor.id)
    conversations = giving_back.lock_conversations(Conversation.id.in_(in_them))
    actor = _locked(actor)
    if set(db.session.scalars(in_them)) != {conversation.id for conversation in conversations}:
        raise _Entered
    _require_nothing_left(actor)
    now = clock.now()
    owing = [of for of in conversations if of.type == "priority_dm"]
    giving_back.give_back(owing, "closed", now)
    sessions.end_all_of(actor)
    _forget(actor)
    for conversation in conversations:
        if conversation.type == "group":
            members.leave(actor, conversation)
        else:
            record(events.ConversationUpdated(views.broadcast(conversation)))
    presence.disclose(actor)


def _locked(actor: User) -> User:
    """The actor's row, for whoever else refers to it too. Raises Unauthorized for one who is out already, Conflict for
    the last admin, without whom no payout and no dispute would be settled."""
    which = User.id == actor.id
    rows = db.session.scalars(
        select(User)
        .where(or_(which, User.is_admin) if actor.is_admin else which)
        .order_by(User.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    [own] = [user for user in rows if user.id == actor.id]
    if own.is_out:
        raise Unauthorized
    if own.is_admin and not any(user.is_admin and not user.is_out for user in rows if user is not own):
        raise Conflict("You are the last admin. Let somebody else become one first.", code="last_admin")
    return own


def _require_nothing_left(actor: User) -> None:
    """Raises Conflict balance_remaining, which says what it is."""
    wallet = ledger.wallet_of(actor.id)
    left = {
        kind for kind, balance in (("available", wallet.available), ("payouts", wallet.payouts)) if balance
    }
    party = or_(Escrow.client_id == actor.id, Escrow.expert_id == actor.id)
    unsettled = select(Escrow.state, Escrow.expert_id).where(party, Escrow.state.in_(UNSETTLED)).distinct()
    for state, expert_id in db.session.execute(unsettled):
        # What is held with them goes back, and what they have had an answer to is the expert's.
        if state == "disputed" or (state == "held") == (expert_id != actor.id):
            left.add(state)
    if left:
        told = [REMAINING[kind] for kind in REMAINING if kind in left]
        raise Conflict(" ".join(told), code="balance_remaining")


def _forget(actor: User) -> None:
    """Take off the row what says who it was; its address may be registered anew."""
    now = clock.now()
    files.release_key(actor.photo_key)
    actor.rename(*NAME)
    actor.email = actor.email_key = f"closed:{actor.id}"
    actor.headline = actor.photo_key = actor.connected_at = actor.last_seen_at = None
    actor.password_hash = NO_PASSWORD
    actor.is_admin = actor.show_presence = False
    actor.closed_at = actor.updated_at = now
    db.session.flush()
    for table in (Digest, NotificationPreferences, PasswordReset, QuestionDraft):
        db.session.execute(delete(table).where(table.user_id == actor.id))
    db.session.execute(delete(Block).where(or_(Block.blocker_id == actor.id, Block.blocked_id == actor.id)))
    db.session.execute(update(Expert).where(Expert.user_id == actor.id).values(is_open=False, bio=None))
