"""Lines of the system, and what they are put together from."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "system.joined": "{name} added {users}",
    "system.removed": "{name} removed {users}",
    "system.left": "{name} left",
    "system.renamed_on": "{name} renamed the group to “{title}”",
    "system.renamed_off": "{name} removed the group’s name",
    "system.photo_on": "{name} changed the photo",
    "system.photo_off": "{name} removed the photo",
    "system.described": "{name} changed the description",
    "system.made_admin": "{name} made {users} admin",
    "system.auto_delete_on": "{name} set messages to disappear after {duration}",
    "system.auto_delete_off": "{name} turned off disappearing messages",
    "system.file_sharing_on": "{name} allowed sharing files",
    "system.file_sharing_off": "{name} turned off sharing files",
    "system.voice_messages_on": "{name} allowed voice messages",
    "system.voice_messages_off": "{name} turned off voice messages",
    "system.pinned": "{name} pinned a message",
    "system.changed": "{name} changed this conversation",
    "names.and": "{names} and {last}",
    "names.more": "{names} and {count} more",
    "names.somebody": "somebody",
    "duration.day": "1 day",
    "duration.days": "{count} days",
    "duration.hour": "1 hour",
    "duration.hours": "{count} hours",
    "duration.minute": "1 minute",
    "duration.minutes": "{count} minutes",
    "duration.second": "1 second",
    "duration.seconds": "{count} seconds",
}
