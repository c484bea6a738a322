"""What can happen to a message, through the API: each answers with the message, or with the whole refusal."""

from __future__ import annotations

from typing import Any

from tests.support.api import Api
from tests.support.cast import Person
from tests.support.making import CONVERSATIONS

Message = dict[str, Any]


def _shown(answer: Message) -> Message:
    found: Message = answer.get("message", answer)
    return found if isinstance(found, dict) else answer


def find(api: Api, person: Person, message: Message, status: int = 200) -> Message:
    return _shown(api.as_(person).get(f"/api/messages/{message['id']}", status=status))


def reply(api: Api, person: Person, message: Message, content: str = "Yes", **fields: Any) -> Message:
    body = {"conversationId": message["conversationId"], "replyTo": message["id"], "content": content}
    return _shown(api.as_(person).post("/api/messages", body | fields, status=201))


def react(api: Api, person: Person, message: Message, reaction: str, status: int = 200, **fields: Any) -> Any:
    path = f"/api/messages/{message['id']}/reactions"
    return _shown(api.as_(person).put(path, {"reaction": reaction, **fields}, status=status))


def edit(api: Api, person: Person, message: Message, content: str, status: int = 200) -> Message:
    path = f"/api/messages/{message['id']}"
    return _shown(api.as_(person).patch(path, {"content": content}, status=status))


def delete(api: Api, person: Person, message: Message, status: int = 200) -> Message:
    """For everyone."""
    return _shown(api.as_(person).delete(f"/api/messages/{message['id']}", status=status))


def hide(api: Api, person: Person, message: Message, status: int = 200) -> Message:
    """Deletes it for this person alone."""
    return _shown(api.as_(person).delete(f"/api/messages/{message['id']}", status=status, scope="me"))


def restore(api: Api, person: Person, message: Message, status: int = 200) -> Message:
    return _shown(api.as_(person).post(f"/api/messages/{message['id']}/restore", status=status))


def pin(api: Api, person: Person, message: Message, pinned: bool = True, status: int = 200) -> Message:
    path = f"/api/messages/{message['id']}/pin"
    return _shown(api.as_(person).put(path, {"pinned": pinned}, status=status))


def read(api: Api, person: Person, conversation: dict[str, Any], **query: Any) -> dict[str, Any]:
    """The conversation with its messages, as this person sees them."""
    found: dict[str, Any] = api.as_(person).get(f"{CONVERSATIONS}/{conversation['id']}", **query)
    return found


def contents(api: Api, person: Person, conversation: dict[str, Any], **query: Any) -> list[str]:
    return [message["content"] for message in read(api, person, conversation, **query)["messages"]]
