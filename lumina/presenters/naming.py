"""What people and conversations are called, and the colour and letters that stand in for a photo."""

from __future__ import annotations

from markupsafe import Markup, escape

from lumina.presenters import shapes

HUES = 24
FIRST_NAMES_SHOWN = 4


def name(person: shapes.Person) -> str:
    """First and last name."""
    return f"{person['firstName']} {person['lastName']}".strip()


def initials(person: shapes.Person) -> str:
    """One letter of each name."""
    return (person["firstName"][:1] + person["lastName"][:1]).upper()


def face(person: shapes.Person) -> Markup:
    """A photo, or the letters that stand in for one."""
    return picture(person["avatar"]) or escape(initials(person))


def picture(url: str | None) -> Markup:
    """A photo within its round; nothing where there is none."""
    return Markup('<img src="{}" alt="" loading="lazy">').format(url) if url else Markup()


def hue(identifier: str) -> int:
    """The avatar's hue class; 7 has no factor in common with 24, so neighbouring ids differ well."""
    return int(identifier) * 7 % HUES if identifier.isdigit() else 0


def other(conversation: shapes.Conversation, viewer_id: str) -> shapes.Participant | None:
    """The other person of a conversation of two; None in a group, or when nobody else is left."""
    if conversation["type"] == "group":
        return None
    return next((person for person in conversation["participants"] if person["id"] != viewer_id), None)


def title(conversation: shapes.Conversation, viewer_id: str) -> str:
    """What the viewer calls it: the other person, the group's name, or its members' first names."""
    if conversation["name"]:
        return conversation["name"]
    if person := other(conversation, viewer_id):
        return name(person)
    others = [person["firstName"] for person in conversation["participants"] if person["id"] != viewer_id]
    shown = ", ".join(others[:FIRST_NAMES_SHOWN])
    more = conversation["participantCount"] - 1 - FIRST_NAMES_SHOWN
    return (f"{shown} +{more}" if more > 0 else shown) or name(conversation["participants"][0])


def short_title(conversation: shapes.Conversation, viewer_id: str) -> str:
    """How the composer addresses it: a person by first name."""
    person = other(conversation, viewer_id)
    return person["firstName"] if person else title(conversation, viewer_id)
