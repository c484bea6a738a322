"""The same operation through each door leaves the same rows and the same events."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Table, select

from lumina.extensions import db
from tests.support.api import Api
from tests.support.cast import Cast, Person
from tests.support.forms import Forms
from tests.support.sockets import OpenSocket

CONVERSATIONS = "/api/messages/conversations"
TABLES = ("conversations", "memberships", "messages")
EVENTS = ("conversation_created", "conversation_updated", "message_received", "messages_read")
# Numbers and moments that are another's at every run.
IDS = re.compile(r"^(id|(conversation|message)(_id|Id)|last_message_id|read_message_id)$")
MOMENTS = re.compile(r"(_at|At|^at)$")


class PageDoor:
    """A browser without scripts."""

    def __init__(self, forms: Forms) -> None:
        self.forms = forms

    def send(self, conversation_id: str, content: str, client_message_id: str) -> None:
        path = f"/conversations/{conversation_id}/messages"
        self.forms.post(path, content=content, client_message_id=client_message_id)

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


class ApiDoor:
    """A program with a token."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def send(self, conversation_id: str, content: str, client_message_id: str) -> None:
        body = {"conversationId": conversation_id, "content": content, "clientMessageId": client_message_id}
        self.api.post("/api/messages", body)

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


class SocketDoor:
    """A program on a socket, which sends and reads."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    def send(self, conversation_id: str, content: str, client_message_id: str) -> None:
        body = {"conversationId": conversation_id, "content": content, "clientMessageId": client_message_id}
        assert self.socket.emit("new_message", body)["success"]

    def mark_read(self, conversation_id: str, message_id: str) -> None:
        body = {"conversationId": conversation_id, "messageId": message_id}
        assert self.socket.emit("mark_read", body)["success"]


Door = PageDoor | ApiDoor | SocketDoor
Act = Callable[[Any, str, str], None]


@pytest.fixture
def doors(api: Api, cast: Cast, client: Any, open_socket: OpenSocket) -> dict[str, Door]:
    """The owner's."""
    return {
        "page": PageDoor(Forms(client).sign_in(cast.owner)),
        "api": ApiDoor(api.as_(cast.owner)),
        "socket": SocketDoor(open_socket(cast.owner)),
    }


@pytest.fixture
def outcome(api: Api, app: Any, cast: Cast, open_socket: OpenSocket) -> Iterator[Callable[..., Any]]:
    """Does something in a new group of owner and member, where the member has spoken; what has come of it."""

    def carry_out(act: Act) -> dict[str, Any]:
        owner, member = api.as_(cast.owner), api.as_(cast.member)
        body = {"type": "group", "participantIds": [cast.member.id]}
        group = owner.post(CONVERSATIONS, body)["conversation"]["id"]
        said = member.post("/api/messages", {"conversationId": group, "content": "Before"})["message"]["id"]
        people = {"owner": cast.owner, "member": cast.member, "outsider": cast.outsider}
        listeners = {
            (name, html): open_socket(person, html=html)
            for name, person in people.items()
            for html in (False, True)
        }
        act(group, said)
        events = {
            (*who, event): neutral(listener.arrived(event))
            for who, listener in listeners.items()
            for event in EVENTS
        }
        with app.app_context():
            rows = {name: neutral(rows_of(db.metadata.tables[name])) for name in TABLES}
            for table in reversed(db.metadata.sorted_tables):
                if table.name in TABLES:
                    db.session.execute(table.delete())
            db.session.commit()
        for listener in listeners.values():
            listener.disconnect()
        return {"rows": rows, "events": events}

    return carry_out


def rows_of(table: Table) -> list[dict[str, Any]]:
    rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
    return [dict(row) for row in rows.mappings()]


def neutral(value: Any, key: str = "") -> Any:
    """Without what differs from run to run: the ids of conversations and messages, and moments."""
    if isinstance(value, dict):
        kept_id = {"id"} if "firstName" in value else set()
        return {name: one if name in kept_id else neutral(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [neutral(one) for one in value]
    if key == "html":
        return re.sub(r"\d+", "#", value)
    return "#" if value is not None and (IDS.search(key) or MOMENTS.search(key)) else value


def assert_agree(outcome, doors, names, act):
    outcomes = {name: outcome(lambda group, said, name=name: act(doors[name], group, said)) for name in names}
    for name in names[1:]:
        assert outcomes[name] == outcomes[names[0]], (names[0], name)
    return outcomes[names[0]]


ALL, TWO = ["api", "page", "socket"], ["api", "page"]


def heard(result, event):
    return {who for (who, _, name), payloads in result["events"].items() if name == event and payloads}


def test_sending(outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, _: door.send(group, " Hello\n", "one"))
    assert [row["content"] for row in result["rows"]["messages"]] == ["Before", "Hello"]
    assert heard(result, "message_received") == {"owner", "member"}


def test_reading(cast, outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, said: door.mark_read(group, said))
    read = {str(row["user_id"]): row["read_position"] for row in result["rows"]["memberships"]}
    assert read[cast.owner.id] == 1
    assert heard(result, "messages_read") == {"owner", "member"}


def test_starting_a_direct_conversation(cast, outcome, doors):
    result = assert_agree(outcome, doors, TWO, lambda door, *_: door.start_direct(cast.outsider))
    assert [row["type"] for row in result["rows"]["conversations"]] == ["group", "direct"]
    assert heard(result, "conversation_created") == {"owner", "outsider"}


def test_starting_a_group(cast, outcome, doors):
    people = [cast.member, cast.outsider]
    result = assert_agree(outcome, doors, TWO, lambda door, *_: door.start_group(people, "The mill"))
    assert len(result["rows"]["memberships"]) == 2 + 3
    assert heard(result, "conversation_created") == {"owner", "member", "outsider"}


def test_adding(cast, outcome, doors):
    result = assert_agree(outcome, doors, TWO, lambda door, group, _: door.add(group, cast.outsider))
    assert len(result["rows"]["memberships"]) == 3
    assert heard(result, "conversation_created") == {"outsider"}
    assert heard(result, "conversation_updated") == {"owner", "member"}


@pytest.mark.parametrize("who", ["member", "owner"], ids=["another", "oneself"])
def test_removing(cast, outcome, doors, who):
    result = assert_agree(outcome, doors, TWO, lambda door, group, _: door.remove(group, getattr(cast, who)))
    assert [row["role"] for row in result["rows"]["memberships"]] == ["admin"]
    assert heard(result, "conversation_updated") == {"owner", "member"}


def test_renaming(outcome, doors):
    def rename(door, group, _):
        door.rename(group, " The mill ", "All about it")

    result = assert_agree(outcome, doors, TWO, rename)
    assert [row["name"] for row in result["rows"]["conversations"]] == ["The mill"]
    assert heard(result, "conversation_updated") == {"owner", "member"}


def test_archiving(cast, outcome, doors):
    result = assert_agree(outcome, doors, TWO, lambda door, group, _: door.archive(group))
    archived = {str(row["user_id"]): row["archived"] for row in result["rows"]["memberships"]}
    assert archived == {cast.owner.id: True, cast.member.id: False}
    assert heard(result, "conversation_updated") == set()
