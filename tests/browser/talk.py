"""What stands before a browser test begins, made through the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.cast import Person
from tests.support.server import Server

CONVERSATIONS = "/api/messages/conversations"
# What a browser shows does not depend on the database; where it might, both are tried.
ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class Talk:
    """Conversations at one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def direct(self, one: Person, other: Person) -> str:
        """The id of the conversation of two people."""
        return self._start(one, {"type": "direct", "participantIds": [other.id]})

    def group(self, admin: Person, *others: Person, **fields: str) -> str:
        """The id of a new group."""
        body = {"type": "group", "participantIds": [person.id for person in others], **fields}
        return self._start(admin, body)

    def say(self, sender: Person, conversation: str, *contents: str) -> list[str]:
        """The ids of messages sent one after another."""
        bodies = [{"conversationId": conversation, "content": content} for content in contents]
        return [self._data(sender, "POST", "/api/messages", json=body)["message"]["id"] for body in bodies]

    def send_files(
        self, sender: Person, conversation: str, *sent: tuple[str, bytes], content: str = "", **fields: str
    ) -> str:
        """The id of a message with files, each (name, content)."""
        data = {"conversationId": conversation, "content": content, **fields}
        parts = [("attachments", one) for one in sent]
        return self._data(sender, "POST", "/api/messages", data=data, files=parts)["message"]["id"]

    def reply(self, sender: Person, conversation: str, original: str, content: str) -> str:
        """The id of a message that replies to another."""
        body = {"conversationId": conversation, "content": content, "replyTo": original}
        return self._data(sender, "POST", "/api/messages", json=body)["message"]["id"]

    def settings(self, person: Person, conversation: str, **settings: object) -> None:
        """Somebody changes what all share."""
        self._data(person, "PUT", f"{CONVERSATIONS}/{conversation}/settings", json={"settings": settings})

    def offer(self, person: Person, **changes: object) -> None:
        """Somebody's price list; the first makes them an expert."""
        self._data(person, "PUT", "/api/experts/me", json=changes)

    def edit(self, sender: Person, message: str, content: str) -> None:
        """Somebody says it differently."""
        self._data(sender, "PATCH", f"/api/messages/{message}", json={"content": content})

    def delete(self, person: Person, message: str, scope: str = "everyone") -> None:
        """Somebody deletes a message, for everyone or ("me") for themselves."""
        self._data(person, "DELETE", f"/api/messages/{message}", params={"scope": scope})

    def pin(self, person: Person, message: str) -> None:
        """Somebody pins a message."""
        self._data(person, "PUT", f"/api/messages/{message}/pin", json={"pinned": True})

    def read(self, reader: Person, conversation: str, message: str) -> None:
        """Somebody has read up to a message."""
        self._data(reader, "POST", f"{CONVERSATIONS}/{conversation}/read", json={"messageId": message})

    def unread(self, reader: Person, conversation: str) -> int:
        """How many messages somebody has not read."""
        found = self._data(reader, "GET", f"{CONVERSATIONS}/{conversation}")
        return found["conversation"]["unreadCount"]

    def privacy(self, person: Person, **shown: bool) -> None:
        """What somebody shows of themselves: showPresence, showReceipts."""
        self._data(person, "PATCH", "/api/users/me", json=shown)

    def contents(self, reader: Person, conversation: str) -> list[str]:
        """What the server has."""
        found = self._data(reader, "GET", f"{CONVERSATIONS}/{conversation}", params={"limit": 100})
        return [message["content"] for message in found["messages"]]

    def messages(self, reader: Person, conversation: str) -> list[dict[str, Any]]:
        """The messages that the server has."""
        found = self._data(reader, "GET", f"{CONVERSATIONS}/{conversation}", params={"limit": 100})
        return found["messages"]

    def react(self, person: Person, message: str, emoji: str, *, active: bool = True) -> None:
        """Leaves a reaction, or takes it back."""
        body = {"reaction": emoji, "active": active}
        self._data(person, "PUT", f"/api/messages/{message}/reactions", json=body)

    def reactions(self, reader: Person, message: str) -> list[tuple[str, str]]:
        """Whose reactions a message has, in their order."""
        found = self._data(reader, "GET", f"/api/messages/{message}")["message"]["reactions"]
        return [(each["userId"], each["reaction"]) for each in found]

    def call_oneself(self, person: Person, first_name: str, last_name: str) -> None:
        """Somebody's new name."""
        self._data(person, "PATCH", "/api/users/me", json={"firstName": first_name, "lastName": last_name})

    def block(self, person: Person, whom: Person, *, blocked: bool = True) -> None:
        """Somebody wants nothing more of somebody, or does again."""
        self._data(person, "POST", f"/api/users/{whom.id}/block", json={"blocked": blocked})

    def report(self, person: Person, message_id: str, **about: str) -> dict[str, Any]:
        """Somebody tells the admins of a message."""
        made = self._data(person, "POST", f"/api/messages/{message_id}/report", json=about)
        return dict(made["report"])

    def suspend(self, admin: Person, whom: Person) -> None:
        """An admin keeps somebody out."""
        body = {"suspended": True, "reason": "Spam"}
        self._data(admin, "POST", f"/api/admin/users/{whom.id}/suspend", json=body)

    def sign_out_everywhere(self, person: Person) -> None:
        """Ends the sessions of somebody's browsers."""
        for session in self._data(person, "GET", "/api/auth/sessions")["sessions"]:
            if not session["current"]:
                self._data(person, "DELETE", f"/api/auth/sessions/{session['id']}")

    def _start(self, person: Person, body: dict[str, Any]) -> str:
        return self._data(person, "POST", CONVERSATIONS, json=body)["conversation"]["id"]

    def _data(self, person: Person, method: str, path: str, **options: object) -> Any:
        answer = self.server.call(person, method, path, **options)
        assert answer.ok, answer.text
        return answer.json()["data"]
