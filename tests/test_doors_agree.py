"""The same operation through each door leaves the same rows and the same events."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Table, select

from lumina.extensions import db
from tests.support import making
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.doors import ApiDoor, Door, PageDoor, SocketDoor
from tests.support.forms import Forms
from tests.support.making import CONVERSATIONS
from tests.support.sockets import OpenSocket

TABLES = ("conversations", "memberships", "messages", "hidden_messages", "message_edits", "reactions")
EVENTS = (
    "conversation_created",
    "conversation_settings_updated",
    "conversation_updated",
    "message_deleted",
    "message_reaction_updated",
    "message_received",
    "message_updated",
    "messages_read",
)
# Numbers and moments that are another's at every run.
IDS = re.compile(r"^(id|(conversation|message)(_id|Id)|last_message_id|read_message_id|reply_to_id|replyTo)$")
MOMENTS = re.compile(r"(_at|At|^at|_until|Until)$")


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


def test_replying(outcome, doors):
    def reply(door, group, said):
        door.send(group, "And to you", "one", reply_to=said)

    result = assert_agree(outcome, doors, ALL, reply)
    assert [row["reply_to_id"] for row in result["rows"]["messages"]] == [None, "#"]
    assert heard(result, "message_received") == {"owner", "member"}


def test_reacting(cast, outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, said: door.react(group, said, "👍"))
    [row] = result["rows"]["reactions"]
    assert (str(row["user_id"]), row["reaction"]) == (cast.owner.id, "👍")
    assert heard(result, "message_reaction_updated") == {"owner", "member"}


def test_editing(api, cast, outcome, doors):
    def edit(door, group, _):
        [own] = making.say(api, cast.owner, {"id": group}, "Goodbye")
        door.edit(group, own["id"], " Good day ")

    result = assert_agree(outcome, doors, ALL, edit)
    assert [row["content"] for row in result["rows"]["messages"]] == ["Before", "Good day"]
    assert [row["content"] for row in result["rows"]["message_edits"]] == ["Goodbye"]
    assert heard(result, "message_updated") == {"owner", "member"}


def test_deleting_for_everyone(outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, said: door.delete(group, said, "everyone"))
    assert [row["version"] for row in result["rows"]["messages"]] == [2]
    assert heard(result, "message_deleted") == {"owner", "member"}


def test_deleting_for_oneself(cast, outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, said: door.delete(group, said, "me"))
    assert [str(row["user_id"]) for row in result["rows"]["hidden_messages"]] == [cast.owner.id]
    assert heard(result, "message_deleted") == {"owner"}


def test_restoring(outcome, doors):
    def restore(door, group, said):
        door.delete(group, said, "everyone")
        door.restore(group, said)

    result = assert_agree(outcome, doors, TWO, restore)
    assert [row["deleted_by_id"] for row in result["rows"]["messages"]] == [None]
    assert heard(result, "message_updated") == {"owner", "member"}


def test_pinning(outcome, doors):
    result = assert_agree(outcome, doors, TWO, lambda door, group, said: door.pin(group, said))
    assert [row["pinned_at"] for row in result["rows"]["messages"]] == ["#", None]
    assert heard(result, "message_updated") == heard(result, "message_received") == {"owner", "member"}


def test_forwarding(outcome, doors):
    result = assert_agree(outcome, doors, TWO, lambda door, group, said: door.forward(group, said, group))
    assert [row["forwarded"] for row in result["rows"]["messages"]] == [False, True]
    assert heard(result, "message_received") == {"owner", "member"}


def test_shared_settings(outcome, doors):
    result = assert_agree(outcome, doors, ALL, lambda door, group, _: door.share(group))
    [row] = result["rows"]["conversations"]
    assert (row["auto_delete_after"], row["allow_file_sharing"]) == (3600, False)
    assert heard(result, "conversation_settings_updated") == {"owner", "member"}


@pytest.mark.parametrize(("names", "act"), [(ALL, "silence"), (TWO, "mute")])
def test_ones_own_settings(cast, outcome, doors, names, act):
    result = assert_agree(outcome, doors, names, lambda door, group, _: getattr(door, act)(group))
    rows = {str(row["user_id"]): row for row in result["rows"]["memberships"]}
    own = rows[cast.owner.id]
    assert (own["notification_level"], own["muted"]) == (("all", True) if act == "mute" else ("none", False))
    assert heard(result, "conversation_settings_updated") == {"owner"}
