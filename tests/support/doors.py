"""One person's operations through each door: the pages, the API, a socket."""

from __future__ import annotations

from typing import Any

from tests.support.api import Api
from tests.support.cast import Person
from tests.support.forms import Forms
from tests.support.making import CONVERSATIONS

SHARED = {"allowFileSharing": False, "autoDeleteAfter": 3600}


class PageDoor:
    """A browser without scripts."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms

    def send(self, conversation_id: str, content: str, client_message_id: str, reply_to: str = "") -> None:
        path = f"/conversations/{conversation_id}/messages"
        self.forms.post(path, content=content, client_message_id=client_message_id, reply_to=reply_to)

    def mark_read(self, conversation_id: str, message_id: str) -> None:
        self.forms.post(f"/conversations/{conversation_id}/read", message_id=message_id)

    def start_direct(self, person: Person) -> None:
        self.forms.post("/conversations/new", direct=person.id)

    def start_group(self, people: list[Person], name: str) -> None:
        self.forms.post("/conversations/new", user_id=[person.id for person in people], name=name)

    def add(self, conversation_id: str, person: Person) -> None:
        self.forms.post(f"/conversations/{conversation_id}/members", user_id=person.id)

    def remove(self, conversation_id: str, person: Person) -> None:
        self.forms.post(f"/conversations/{conversation_id}/members/{person.id}/remove")

    def rename(self, conversation_id: str, name: str, description: str) -> None:
        self.forms.post(f"/conversations/{conversation_id}/rename", name=name, description=description)

    def archive(self, conversation_id: str) -> None:
        self.forms.post(f"/conversations/{conversation_id}/archive", archived="1")

    def change(self, of: str, message_id: str, what: str, **fields: object) -> None:
        self.forms.post(f"/conversations/{of}/messages/{message_id}/{what}", **fields)

    def react(self, conversation_id: str, message_id: str, reaction: str) -> None:
        self.change(conversation_id, message_id, "reactions", reaction=reaction, active="1")

    def edit(self, conversation_id: str, message_id: str, content: str) -> None:
        self.change(conversation_id, message_id, "edit", content=content)

    def delete(self, conversation_id: str, message_id: str, scope: str) -> None:
        self.change(conversation_id, message_id, "delete", scope=scope)

    def restore(self, conversation_id: str, message_id: str) -> None:
        self.change(conversation_id, message_id, "restore")

    def pin(self, conversation_id: str, message_id: str) -> None:
        self.change(conversation_id, message_id, "pin", pinned="1")

    def forward(self, conversation_id: str, message_id: str, to: str) -> None:
        self.change(conversation_id, message_id, "forward", conversation_id=[to])

    def share(self, conversation_id: str) -> None:
        path = f"/conversations/{conversation_id}/settings"
        self.forms.post(path, allow_file_sharing="0", auto_delete_after="3600")

    def silence(self, conversation_id: str) -> None:
        self.forms.post(f"/conversations/{conversation_id}/settings", notifications="0")

    def mute(self, conversation_id: str) -> None:
        self.forms.post(f"/conversations/{conversation_id}/mute", **{"for": "forever"})


class ApiDoor:
    """A program with a token."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def send(self, conversation_id: str, content: str, client_message_id: str, reply_to: str = "") -> None:
        body = {"conversationId": conversation_id, "content": content, "clientMessageId": client_message_id}
        self.api.post("/api/messages", body | {"replyTo": reply_to or None})

    def mark_read(self, conversation_id: str, message_id: str) -> None:
        self.api.post(f"{CONVERSATIONS}/{conversation_id}/read", {"messageId": message_id})

    def start_direct(self, person: Person) -> None:
        self.api.post(CONVERSATIONS, {"type": "direct", "participantIds": [person.id]})

    def start_group(self, people: list[Person], name: str) -> None:
        ids = [person.id for person in people]
        self.api.post(CONVERSATIONS, {"type": "group", "participantIds": ids, "name": name})

    def add(self, conversation_id: str, person: Person) -> None:
        self.api.post(f"{CONVERSATIONS}/{conversation_id}/members", {"userIds": [person.id]})

    def remove(self, conversation_id: str, person: Person) -> None:
        self.api.delete(f"{CONVERSATIONS}/{conversation_id}/members/{person.id}")

    def rename(self, conversation_id: str, name: str, description: str) -> None:
        self.api.patch(f"{CONVERSATIONS}/{conversation_id}", {"name": name, "description": description})

    def archive(self, conversation_id: str) -> None:
        self.api.post(f"{CONVERSATIONS}/{conversation_id}/archive", {"archived": True})

    def react(self, conversation_id: str, message_id: str, reaction: str) -> None:
        self.api.put(f"/api/messages/{message_id}/reactions", {"reaction": reaction, "active": True})

    def edit(self, conversation_id: str, message_id: str, content: str) -> None:
        self.api.patch(f"/api/messages/{message_id}", {"content": content})

    def delete(self, conversation_id: str, message_id: str, scope: str) -> None:
        self.api.delete(f"/api/messages/{message_id}", scope=scope)

    def restore(self, conversation_id: str, message_id: str) -> None:
        self.api.post(f"/api/messages/{message_id}/restore")

    def pin(self, conversation_id: str, message_id: str) -> None:
        self.api.put(f"/api/messages/{message_id}/pin", {"pinned": True})

    def forward(self, conversation_id: str, message_id: str, to: str) -> None:
        self.api.post(f"/api/messages/{message_id}/forward", {"conversationIds": [to]})

    def share(self, conversation_id: str) -> None:
        self._set(conversation_id, SHARED)

    def silence(self, conversation_id: str) -> None:
        self._set(conversation_id, {"notifications": False})

    def mute(self, conversation_id: str) -> None:
        self.api.post(f"{CONVERSATIONS}/{conversation_id}/mute", {"muted": True})

    def _set(self, conversation_id: str, settings: dict[str, Any]) -> None:
        self.api.put(f"{CONVERSATIONS}/{conversation_id}/settings", {"settings": settings})


class SocketDoor:
    """A program on a socket, which does most of what happens to messages."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    def emit(self, event: str, **body: Any) -> None:
        answer = self.socket.emit(event, body)
        assert answer["success"], answer

    def send(self, conversation_id: str, content: str, client_message_id: str, reply_to: str = "") -> None:
        body = {"conversationId": conversation_id, "content": content, "clientMessageId": client_message_id}
        self.emit("new_message", **body, replyTo=reply_to or None)

    def mark_read(self, conversation_id: str, message_id: str) -> None:
        self.emit("mark_read", conversationId=conversation_id, messageId=message_id)

    def react(self, conversation_id: str, message_id: str, reaction: str) -> None:
        self.emit("message_reaction", messageId=message_id, reaction=reaction)

    def edit(self, conversation_id: str, message_id: str, content: str) -> None:
        self.emit("edit_message", messageId=message_id, content=content)

    def delete(self, conversation_id: str, message_id: str, scope: str) -> None:
        self.emit("delete_message", messageId=message_id, scope=scope)

    def share(self, conversation_id: str) -> None:
        self.emit("conversation_settings_update", conversationId=conversation_id, settings=SHARED)

    def silence(self, conversation_id: str) -> None:
        settings = {"notifications": False}
        self.emit("conversation_settings_update", conversationId=conversation_id, settings=settings)


Door = PageDoor | ApiDoor | SocketDoor
