"""System messages read as sentences, whatever their params hold."""

import pytest

from lumina.presenters import system_lines


def people(*names):
    return {"users": [{"id": str(number), "name": name} for number, name in enumerate(names, 1)]}


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("joined", people("Ines Okafor"), "Mara added Ines Okafor"),
        ("joined", people("Ines Okafor", "Tomasz Novak"), "Mara added Ines Okafor and Tomasz Novak"),
        ("joined", people("Ann", "Bea", "Cal", "Dan"), "Mara added Ann, Bea, Cal and Dan"),
        ("joined", people(*"ABCDEF"), "Mara added A, B, C and 3 more"),
        ("removed", people("{name}"), "Mara removed {name}"),
        ("left", {}, "Mara left"),
        ("renamed", {"name": "Two {Mills}"}, "Mara renamed the group to “Two {Mills}”"),
        ("renamed", {"name": None}, "Mara removed the group’s name"),
        ("described", {}, "Mara changed the description"),
        ("photo", {"set": True}, "Mara changed the photo"),
        ("photo", {"set": False}, "Mara removed the photo"),
        ("made_admin", people("Ines Okafor"), "Mara made Ines Okafor admin"),
        ("auto_delete", {"seconds": 86_400}, "Mara set messages to disappear after 1 day"),
        ("auto_delete", {"seconds": None}, "Mara turned off disappearing messages"),
        ("file_sharing", {"allowed": True}, "Mara allowed sharing files"),
        ("file_sharing", {"allowed": False}, "Mara turned off sharing files"),
        ("voice_messages", {"allowed": True}, "Mara allowed voice messages"),
        ("voice_messages", {"allowed": False}, "Mara turned off voice messages"),
        ("pinned", {"messageId": "7"}, "Mara pinned a message"),
        ("from_the_future", {"x": 1}, "Mara changed this conversation"),
    ],
)
def test_what_happened_in_words(kind, params, words):
    assert system_lines.words({"kind": kind, "params": params}, "Mara") == words


@pytest.mark.parametrize("kind", [*system_lines.KEYS, "unknown", None])
@pytest.mark.parametrize("params", [{}, None])
def test_params_may_be_missing(kind, params):
    assert system_lines.words({"kind": kind, "params": params}, "Mara").startswith("Mara ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (90, "90 seconds"),
        (60, "1 minute"),
        (5_400, "90 minutes"),
        (3_600, "1 hour"),
        (86_400, "1 day"),
        (604_800, "7 days"),
        (86_400 * 1_000, "1,000 days"),
    ],
)
def test_durations(seconds, words):
    assert system_lines.duration(seconds) == words
