"""People: making an account, one's profile, finding somebody to write to."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.exc import IntegrityError

from lumina import clock
from lumina.errors import Conflict, Invalid, NotFound
from lumina.extensions import db
from lumina.models import User
from lumina.models.types import folded
from lumina.models.users import email_key
from lumina.services import audit, blocks, cursors, events, hashing, limits, photos, presence, reach, text
from lumina.services.lookup import row_id
from lumina.services.unit_of_work import operation, record
from lumina.services.views import Page

NAME, HEADLINE, QUERY = 80, 120, 200


def register(*, email: str, password: str, first_name: str, last_name: str, address: str = "") -> User:
    """Make an account. Raises Invalid, Conflict email_taken, TooMany."""
    email = _address(email)
    first_name = text.required(first_name, "firstName", NAME)
    last_name = text.required(last_name, "lastName", NAME)
    limits.spend("register_address", limits.network(address))
    return _register(None, email, hashing.hashed(password), first_name, last_name)


@operation()
def _register(actor: None, email: str, password_hash: str, first_name: str, last_name: str) -> User:
    now = clock.now()
    user = User(
        email=email,
        email_key=email_key(email),
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
    )
    user.rename(first_name, last_name)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict(
            "There is an account with this address already.",
            code="email_taken",
            errors=[{"field": "email", "message": "There is an account with this address already."}],
        ) from None
    return user


def _address(email: str) -> str:
    try:
        checked = validate_email(
            text.required(email, "email", 254), check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise Invalid.field("email", "This is not an e-mail address.") from None
    return checked.normalized


@operation()
def update_profile(
    actor: User,
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    headline: str | None = None,
    avatar: str | None = None,
    link_previews: bool | None = None,
    show_presence: bool | None = None,
    show_receipts: bool | None = None,
    direct_from: str | None = None,
) -> User:
    """Change what is given of one's profile; an empty headline removes it, and so does an empty
    `avatar`, which else is an upload's id. Who shows no presence or no receipts sees
    none of others. Raises Invalid."""
    actor.rename(
        actor.first_name if first_name is None else text.required(first_name, "firstName", NAME),
        actor.last_name if last_name is None else text.required(last_name, "lastName", NAME),
    )
    if headline is not None:
        actor.headline = text.optional(headline, "headline", HEADLINE)
    if avatar is not None:
        actor.photo_key = photos.changed(actor, avatar, actor.photo_key)
    if link_previews is not None:
        actor.link_previews = link_previews
    if direct_from is not None:
        actor.direct_from = reach.checked(direct_from)
    _disclose(actor, show_presence, show_receipts)
    actor.updated_at = clock.now()
    return actor


def _disclose(actor: User, show_presence: bool | None, show_receipts: bool | None) -> None:
    before = actor.show_presence, actor.show_receipts
    if show_presence is not None:
        actor.show_presence = show_presence
    if show_receipts is not None:
        actor.show_receipts = show_receipts
    if (actor.show_presence, actor.show_receipts) == before:
        return
    db.session.flush()
    record(events.PrivacyChanged(actor.id, actor.show_presence, actor.show_receipts))
    if actor.show_presence != before[0]:
        presence.disclose(actor)


@operation()
def promote(actor: None, email: str) -> User:
    """Make somebody an admin. Raises NotFound."""
    user: User | None = db.session.scalar(select(User).where(User.email_key == email_key(email)))
    if user is None:
        raise NotFound("Nobody has this address.")
    user.is_admin = True
    audit.note(actor, "promoted", f"user:{user.id}")
    return user


def find(actor: User, user_id: str) -> User:
    """A person by id. Raises NotFound."""
    user: User | None = db.session.scalar(select(User).where(User.id == row_id(user_id)))
    if user is None:
        raise NotFound
    return user


def find_people(actor: User, query: str | None, cursor: str | None = None, limit: int = 20) -> Page[User]:
    """People to write to, by name; by address only when it is typed whole. Raises Invalid."""
    statement = select(User).where(
        User.id != actor.id,
        User.suspended_at.is_(None),
        User.closed_at.is_(None),
        ~blocks.between(actor.id, User.id),
    )
    words = folded(text.optional(query, "query", QUERY) or "").split()
    if words:
        by_name = [User.name_key.contains(word, autoescape=True) for word in words]
        statement = statement.where(or_(and_(*by_name), User.email_key == email_key(query or "")))
    if cursor:
        after_name, after_id = cursors.decode(cursor, str, cursors.number)
        statement = statement.where(tuple_(User.name_key, User.id) > tuple_(after_name, after_id))
    people = list(db.session.scalars(statement.order_by(User.name_key, User.id).limit(limit + 1)))
    more = len(people) > limit
    people = people[:limit]
    return Page(people, cursors.encode(people[-1].name_key, people[-1].id) if more else None)
