"""The rows of a history, in the order of time, as the application would have left them.

Conversations go on in bursts of a few messages, and those of all conversations mix: the messages of one lie far apart in
the table. What happens to a message happens within its burst, so that its row is written once, in its last state.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import datetime
from random import Random

from histories import texts, world
from histories.world import Talk
from lumina.models import search, words
from lumina.models.types import folded
from lumina.models.users import email_key

COLUMNS = {
    "users": "id email email_key password_hash first_name last_name name_key is_admin created_at updated_at",
    "conversations": "id type name name_key direct_key created_by_id version last_position member_count last_message_id"
    " last_message_at active_at notified_position allow_file_sharing allow_voice_messages created_at updated_at",
    "memberships": "conversation_id user_id role joined_at read_position read_message_id read_at archived muted",
    "messages": "id conversation_id sender_id type content priority_level is_priority client_message_id position version"
    " reply_to_id reaction_count attachment_count edited_at deleted_at deleted_by_id pinned_at pinned_by_id created_at"
    " updated_at",
    "message_edits": "message_id version content written_at",
    "reactions": "message_id user_id reaction created_at",
    "hidden_messages": "user_id message_id conversation_id",
    "stored_files": "id key size sha256 has_thumb created_at",
    "attachments": "id uploader_id message_id conversation_id place file_id kind file_name file_size mime_type width height"
    " has_thumb created_at",
    "message_terms": "message_id terms",
}
Rows = dict[str, list[tuple[object, ...]]]

BEGAN, ENDED = datetime(2023, 1, 1), datetime(2026, 11, 1)
LONGEST_BURST = 11
FILE_NAME = "minutes of the meeting.png"


def moment(at: datetime) -> str:
    """As both databases read it."""
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond:06}"


class History:
    """Everything that is to be written, table by table in `rows`, which the caller empties after each step."""

    def __init__(
        self, seed: int, messages: int, conversations: int, persons: int, password_hash: str
    ) -> None:
        self.random = Random(seed)
        self.texts = texts.pool(self.random)
        self.talks = world.talks(self.random, conversations, messages, persons)
        self.persons, self.password_hash = persons, password_hash
        self.rows: Rows = {table: [] for table in COLUMNS}
        self.began, self.step = moment(BEGAN), (ENDED - BEGAN) / messages
        self.message_id = self.attachment_id = 0
        self.file_terms = tuple(dict.fromkeys((search.MARKS["file"], *words.written(FILE_NAME))))

    def people(self) -> None:
        """Everybody, with one password, and the one picture that all attachments show."""
        for number, first, last in world.people(self.persons):
            email = f"person{number}@history.example"
            names = first, last, folded(f"{first} {last}")
            row = number, email, email_key(email), self.password_hash, *names, 0, self.began, self.began
            self.rows["users"].append(row)
        self.rows["stored_files"].append((1, "0" * 32, 48_213, "0" * 64, 1, self.began))

    def bursts(self) -> Iterator[None]:
        """All messages; yields after each burst."""
        order = array("I")
        for index, talk in enumerate(self.talks):
            order.extend([index] * (1 + talk.size // (LONGEST_BURST // 2 + 1)))
        self.random.shuffle(order)
        waiting = array("I", [0] * len(self.talks))
        for index in order:
            waiting[index] += 1
        for index in order:
            talk = self.talks[index]
            left = talk.size - talk.said
            count = left if waiting[index] == 1 else min(left, self.random.randint(1, LONGEST_BURST))
            waiting[index] -= 1
            if count:
                self._burst(talk, count)
                yield

    def conclusion(self) -> Iterator[None]:
        """The conversations and how far each member has read; yields after each."""
        for talk in self.talks:
            self._conclude(talk)
            yield

    def _burst(self, talk: Talk, count: int) -> None:
        random = self.random
        present = talk.members if len(talk.members) < 4 else random.sample(talk.members, 3)
        talk.present = set(present)
        talk.earlier = talk.last
        for _ in range(count):
            self._message(talk, present)
        if talk.said * 2 <= talk.size:
            talk.middle = talk.last

    def _message(self, talk: Talk, present: list[int]) -> None:
        random, rows = self.random, self.rows
        self.message_id += 1
        number, of, sender = self.message_id, talk.id, random.choice(present)
        said, chance = random.choice(self.texts), random.random()
        at = BEGAN + self.step * number
        created = moment(at)
        talk.version += 1
        talk.said += 1
        position = talk.version
        terms = said.terms
        reactions = attached = 0
        kind, edited, deleted, pinned, content = "text", None, None, None, said.content
        if chance < 0.1:
            reactions = self._reactions(talk, number, present, created)
        elif chance < 0.12:
            edited = self._edit(talk, number, created)
        elif chance < 0.123:
            talk.version += 1
            deleted, content, terms = created, "", None
        elif chance < 0.133:
            attached, kind, terms = self._attach(of, number, sender, created, terms)
        elif chance < 0.134:
            rows["hidden_messages"].append((random.choice(present), number, of))
        elif chance < 0.1342:
            talk.version += 1
            pinned = created
        reply = talk.last[1] if chance > 0.92 else None
        before = number, of, sender, kind, content, "normal", 0, f"{random.getrandbits(128):032x}"
        after = reply, reactions, attached, edited, deleted, deleted and sender, pinned, pinned and sender
        rows["messages"].append((*before, position, talk.version, *after, created, created))
        if terms is not None:
            own = (*terms, search.written_by(sender)) if not attached else terms
            volume = search.volume(of, search.volume_at(position))
            rows["message_terms"].append((number, " ".join([f"{volume}:{term}" for term in own])))
        talk.last = position, number, created

    def _reactions(self, talk: Talk, number: int, present: list[int], at: str) -> int:
        """Of some of those present, each a change."""
        left = present[: self.random.randint(1, len(present))]
        talk.version += len(left)
        for person in left:
            self.rows["reactions"].append((number, person, self.random.choice(texts.EMOJI), at))
        return len(left)

    def _edit(self, talk: Talk, number: int, at: str) -> str:
        talk.version += 1
        before = self.random.choice(self.texts).content
        self.rows["message_edits"].append((number, talk.version, before, at))
        return at

    def _attach(
        self, of: int, number: int, sender: int, at: str, terms: tuple[str, ...]
    ) -> tuple[int, str, tuple[str, ...]]:
        self.attachment_id += 1
        file = 1, "image", FILE_NAME, 48_213, "image/png", 640, 480, 1
        self.rows["attachments"].append((self.attachment_id, sender, number, of, 0, *file, at))
        found_by = dict.fromkeys((*terms, search.written_by(sender), *self.file_terms))
        return 1, "image", tuple(found_by)

    def _conclude(self, talk: Talk) -> None:
        position, last_id, at = talk.last
        active = at or self.began
        named = talk.name, talk.name and folded(talk.name), talk.key, talk.members[0]
        stands = talk.version, position, len(talk.members), last_id, at, active, position
        self.rows["conversations"].append((talk.id, talk.type, *named, *stands, 1, 1, self.began, active))
        for person in talk.members:
            role = "admin" if talk.type == "group" and person == talk.members[0] else "member"
            read = talk.last if person in talk.present else self._read(talk)
            row = (talk.id, person, role, self.began, *read, int(self.random.random() < 0.03), 0)
            self.rows["memberships"].append(row)

    def _read(self, talk: Talk) -> tuple[int, int | None, str | None]:
        """Most have read everything, some not the last burst, a few stopped long ago."""
        chance = self.random.random()
        return talk.last if chance < 0.8 else talk.earlier if chance < 0.95 else talk.middle
