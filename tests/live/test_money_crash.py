"""SIGKILL while money moves: every step that was acknowledged stands, none is half done, the ledger is true."""

import os
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.live.conftest import CONVERSATIONS, crowd, post
from tests.support.cast import Person
from tests.support.server import Server
from tests.support.waiting import eventually

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "3"))
PAIRS, MUCH = 2, "100000000"


@dataclass
class Pair:
    """A client who asks again and again, and an expert who answers or declines. `known` is each purchase as it was
    last acknowledged."""

    server: Server
    client: Person
    expert: Person
    conversation: str | None = None
    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self) -> None:
        """Until the server is gone."""
        try:
            while True:
                self.step()
        except requests.RequestException:
            return

    def step(self) -> None:
        """Whatever comes next; a step whose acknowledgement was lost may have been taken."""
        escrow = self.latest()
        if escrow is None or escrow["state"] == "refunded":
            self.buy()
        elif escrow["state"] == "held" and random.random() < 0.5:
            self.note(post(self.server, self.expert, f"/api/escrows/{escrow['id']}/decline", {}))
        elif escrow["state"] == "held":
            said = {"conversationId": self.conversation, "content": "Here it is"}
            assert post(self.server, self.expert, "/api/messages", said).status_code == 201
            self.latest()
        else:
            reason = {"reason": "No answer"}
            self.note(post(self.server, self.client, f"/api/escrows/{escrow['id']}/dispute", reason))

    def latest(self) -> dict[str, Any] | None:
        answer = self.server.call(self.client, "GET", "/api/escrows")
        found = [one for one in answer.json()["data"]["escrows"] if one["expertId"] == self.expert.id]
        if not found:
            return None
        self.known[found[0]["id"]] = found[0]
        self.conversation = found[0]["conversationId"]
        return found[0] if found[0]["state"] != "disputed" else {"state": "refunded"}

    def buy(self) -> None:
        body: dict[str, Any] = {"type": "priority_dm", "participantIds": [self.expert.id]}
        path = f"{CONVERSATIONS}/{self.conversation}/renew" if self.conversation else CONVERSATIONS
        answer = post(self.server, self.client, path, {} if self.conversation else body)
        # Answered and disputed, the window is still open: this pair is through.
        if answer.json().get("code") == "already_open":
            time.sleep(0.2)
            return
        assert answer.status_code == 201, answer.text
        bought = answer.json()["data"]["conversation"]
        self.conversation = bought["id"]
        self.known[bought["escrow"]["id"]] = bought["escrow"]

    def note(self, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text
        escrow = answer.json()["data"]["escrow"]
        self.known[escrow["id"]] = escrow


# What may have become of a purchase whose next step was under way.
FOLLOWING = {
    "held": {"held", "answered", "refunded"},
    "answered": {"answered", "disputed"},
    "disputed": {"disputed"},
    "refunded": {"refunded"},
}


def crash(server: Server, pairs: list[Pair]) -> None:
    before = sum(len(pair.known) for pair in pairs)
    threads = [threading.Thread(target=pair.run) for pair in pairs]
    for thread in threads:
        thread.start()
    assert eventually(lambda: sum(len(pair.known) for pair in pairs) > before)
    time.sleep(random.uniform(0, 0.4))
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    server.start()


@pytest.mark.timeout(90 + 15 * ROUNDS)
def test_the_ledger_is_true_after_every_crash(make_server):
    server = make_server()
    clients = crowd(server, PAIRS)
    for client in clients:
        server.flask("wallet", "credit", client.email, MUCH)
    for _ in range(ROUNDS):
        pairs = [Pair(server, *both) for both in zip(clients, crowd(server, PAIRS), strict=True)]
        for pair in pairs:
            assert server.call(pair.expert, "PUT", "/api/experts/me", json={"offer": {}}).status_code == 200
        crash(server, pairs)
        assert "true" in server.flask("ledger", "check")
        for pair in pairs:
            for escrow_id, escrow in pair.known.items():
                now = server.call(pair.client, "GET", f"/api/escrows/{escrow_id}").json()["data"]["escrow"]
                assert now["state"] in FOLLOWING[escrow["state"]]
                assert now["amountMinor"] == escrow["amountMinor"]
