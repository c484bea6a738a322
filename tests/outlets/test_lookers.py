"""Who looks at a conversation at another process is not notified at this one."""

import pytest

from lumina.outlets import hub, lookers
from tests.support import making


@pytest.fixture(autouse=True)
def forgotten():
    yield
    lookers.forget("another")


def test_who_looks_elsewhere_is_known_until_they_do_no_longer():
    hub.perform("look_at", {"process": "another", "conversation_id": 5, "user_id": 7, "is_looking": True})
    hub.perform("look_at", {"process": "another", "conversation_id": 5, "user_id": 8, "is_looking": True})
    hub.perform(
        "look_at", {"process": lookers.PROCESS, "conversation_id": 5, "user_id": 9, "is_looking": True}
    )
    assert lookers.of(5) == {7, 8}
    for user_id in (7, 8):
        lookers.note("another", 5, user_id, False)
    assert lookers.of(5) == set()


def test_a_process_that_comes_is_told_who_looks(cast, api, open_socket, monkeypatch):
    group = making.group(api, cast.owner, cast.member)
    socket = open_socket(cast.member)
    socket.emit("join_conversation", {"conversationId": group["id"]})
    carried = []
    monkeypatch.setattr(hub, "carry", lambda act, arguments: carried.append((act, arguments)))
    hub.perform("say_who_looks", {})
    told = {"process": lookers.PROCESS, "conversation_id": int(group["id"]), "user_id": int(cast.member.id)}
    assert carried == [("look_at", told | {"is_looking": True})]
