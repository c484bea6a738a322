"""People of a database that bench/history has made, and their requests, in process."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Row, text

from histories import world
from lumina.extensions import db
from lumina.models import Session, User
from lumina.services import sessions, tokens

# So many people, each in about so many conversations with so many in them: the same work on any database.
ORDINARY, CONVERSATIONS, OTHERS = 8, 20, 110
ORDINARY_PEOPLE = text(
    "SELECT user_id FROM memberships JOIN conversations ON conversations.id = conversation_id GROUP BY user_id"
    " ORDER BY abs(count(*) - :conversations) * 5 + abs(sum(member_count) - :others), user_id LIMIT :most"
)
# In the middle of the longest conversation, one place after another.
PLACES = 16


class Visitor:
    """Requests by the busy one, by two who talk a lot, and by ordinary people in turn. Each is checked to be answered."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)
        with app.app_context():
            wanted = {"conversations": CONVERSATIONS, "others": OTHERS, "most": ORDINARY}
            self._ordinary = list(db.session.scalars(ORDINARY_PEOPLE, wanted))
            self.talker = self._members(world.LONGEST)[0]
            self.busy = world.BUSY if self._is_busy() else self._ordinary[0]
            # The longest of two people that the others do not read.
            self.written_in: int = self._row(
                "SELECT id FROM conversations WHERE type = 'direct' AND id NOT IN (:crowd, :longest)"
                " ORDER BY last_position DESC LIMIT 1",
                crowd=world.CROWD,
                longest=world.LONGEST,
            )[0]
            self.writers = self._members(self.written_in)
            self._headers = {person: self._signed_in(person) for person in {*self._everybody()}}
            self._places = self._find_places()
        self.latest = ""

    def _everybody(self) -> list[int]:
        return [*self._ordinary, *self.writers, self.talker, self.busy]

    def _is_busy(self) -> bool:
        """Whether the busy one has more to do than an ordinary person, which on a small database they have not."""
        statement = "SELECT count(*) FROM memberships WHERE user_id = :who"
        return bool(self._row(statement, who=world.BUSY)[0] > 5 * CONVERSATIONS)

    def _members(self, of: int) -> list[int]:
        statement = text("SELECT user_id FROM memberships WHERE conversation_id = :of ORDER BY user_id")
        return list(db.session.scalars(statement, {"of": of}))

    def _signed_in(self, person: int) -> tuple[dict[str, str], Any]:
        """The header of API requests, and a browser with a cookie."""
        user = db.session.get_one(User, person)
        session: Session = sessions.start(user, kind="api", address="127.0.0.1", user_agent="scale")
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = session.get_id(), True
        return {"Authorization": f"Bearer {tokens.issue(session).token}"}, browser

    def _find_places(self) -> list[dict[str, str]]:
        """Ids and versions here and there in the longest conversation, and a message of the talker's to the crowd."""
        last, version = self._row(
            "SELECT last_position, version FROM conversations WHERE id = :of", of=world.LONGEST
        )
        early = self._at(60)
        own = self._row(
            "SELECT max(id) FROM messages WHERE conversation_id = :of AND sender_id = :who AND deleted_at IS NULL",
            of=world.CROWD,
            who=self.talker,
        )[0]
        if own is None:
            own = self.send(world.CROWD, self.talker, "A first word")
        return [
            {
                "early": early,
                "middle": self._at(last // 4 + last // 2 * number // PLACES),
                "version": str(version - 40),
                "own": str(own),
            }
            for number in range(PLACES)
        ]

    def _at(self, position: int) -> str:
        return str(
            self._row(
                "SELECT id FROM messages WHERE conversation_id = :of AND position >= :at ORDER BY position LIMIT 1",
                of=world.LONGEST,
                at=position,
            )[0]
        )

    def _row(self, statement: str, **values: int) -> Row[Any]:
        return db.session.execute(text(statement), values).one()

    def ordinary(self, turn: int) -> int:
        """One of some people who are in about twenty conversations."""
        return self._ordinary[turn % len(self._ordinary)]

    def places(self, turn: int) -> dict[str, str]:
        """What the {names} in a path stand for."""
        return self._places[turn % len(self._places)]

    def get(self, path: str, person: int) -> None:
        self._api("GET", path, person)

    def post(self, path: str, body: dict[str, Any], person: int) -> Any:
        return self._api("POST", path, person, json=body)

    def send(self, conversation: int, person: int, content: str) -> str:
        """Send, and remember what was sent as the latest message."""
        body = {"conversationId": str(conversation), "content": content}
        self.latest = self.post("/api/messages", body, person)["data"]["message"]["id"]
        return self.latest

    def page(self, path: str, person: int, headers: dict[str, str] | None = None) -> None:
        answer = self._headers[person][1].get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)

    def _api(self, method: str, path: str, person: int, **sent: Any) -> Any:
        answer = self.client.open(path, method=method, headers=self._headers[person][0], **sent)
        assert answer.status_code in (200, 201), (
            path,
            answer.status_code,
            answer.get_data(as_text=True)[:300],
        )
        return answer.get_json()
