"""People and what is theirs alone."""

from __future__ import annotations

from lumina import models
from lumina.presenters import shapes
from lumina.presenters.wire.values import maybe_time, time
from lumina.services import presence
from lumina.services.tokens import Tokens
from lumina.services.views import Participant, Person


def person(row: Person) -> shapes.Person:
    """Somebody as they appear beside a message."""
    return {
        "id": str(row.id),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "avatar": photo(row.photo_key),
    }


def photo(key: str | None) -> str | None:
    """Where a photo is: one picture for ever under each key."""
    return f"/photos/{key}" if key else None


def user(row: models.User, viewer: models.User) -> shapes.User:
    """Somebody's profile; the address and the settings are shown to their owner and to admins only."""
    shape: shapes.User = {
        **person(row),  # type: ignore[typeddict-item]
        "headline": row.headline,
        "createdAt": time(row.created_at),
    }
    if row.id == viewer.id or viewer.is_admin:
        shape["email"], shape["isAdmin"] = row.email, row.is_admin
        shape["linkPreviews"] = row.link_previews
        shape["showPresence"], shape["showReceipts"] = row.show_presence, row.show_receipts
        shape["directFrom"] = row.direct_from  # type: ignore[typeddict-item]
    if viewer.is_admin and row.suspended_at:
        shape["suspendedAt"] = time(row.suspended_at)
    return shape


def preferences(row: models.NotificationPreferences) -> shapes.Preferences:
    """How somebody wants to be notified."""
    return {
        "sound": row.sound,  # type: ignore[typeddict-item]
        "hideContent": row.hide_content,
        "quietFrom": row.quiet_from,
        "quietUntil": row.quiet_until,
        "timeZone": row.time_zone,
        "urgentInQuiet": row.urgent_in_quiet,
        "digest": row.digest,
    }


def signed_in(row: models.User, pair: Tokens) -> shapes.SignedIn:
    """The answer to registering, signing in and refreshing."""
    return {
        "user": user(row, row),
        "token": pair.token,
        "refreshToken": pair.refresh_token,
        "expiresAt": time(pair.expires_at),
    }


def session(row: models.Session, current_id: int) -> shapes.Session:
    """A signed-in device or program."""
    return {
        "id": str(row.id),
        "kind": row.kind,  # type: ignore[typeddict-item]
        "userAgent": row.user_agent,
        "address": row.address,
        "createdAt": time(row.created_at),
        "lastSeenAt": time(row.last_seen_at),
        "current": row.id == current_id,
    }


def participant(row: Participant, *, sees_presence: bool | None = None) -> shapes.Participant:
    """A member; to a viewer also whether they are online, which is mutual."""
    shape: shapes.Participant = {
        "id": str(row.id),
        "firstName": row.first_name,
        "lastName": row.last_name,
        "avatar": photo(row.photo_key),
        "role": row.role,  # type: ignore[typeddict-item]
    }
    if sees_presence is not None:
        is_shown = sees_presence and row.show_presence
        shape["online"] = is_shown and presence.is_online(row.id)
        shape["lastSeenAt"] = maybe_time(row.last_seen_at) if is_shown else None
    return shape
