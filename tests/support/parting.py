"""Parting while something else happens: the same scenes over the real server, and in threads of this process, where
several really are in the database at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any, NamedTuple, Protocol

import pytest
from flask import Flask

from lumina.services import accounts
from tests.support import paying
from tests.support.api import Api
from tests.support.cast import PASSWORD, Person, enrol
from tests.support.making import CONVERSATIONS
from tests.support.server import Server

Call = Callable[[], "Answer"]


class Answer(NamedTuple):
    status: int
    body: Any

    @property
    def code(self) -> str:
        return self.body.get("code", "")

    @property
    def data(self) -> Any:
        return self.body["data"]


class Place(Protocol):
    """Where a scene is played."""

    def register(self, first_name: str) -> Person: ...
    def call(self, person: Person, method: str, path: str, body: Any = None) -> Answer: ...
    def credit(self, person: Person, amount_minor: int) -> None: ...
    def promote(self, person: Person) -> None: ...
    def require_true_ledger(self) -> None: ...


class AtServer:
    def __init__(self, server: Server) -> None:
        self.server = server

    def register(self, first_name: str) -> Person:
        return self.server.register(first_name)

    def call(self, person: Person, method: str, path: str, body: Any = None) -> Answer:
        answer = self.server.call(person, method, path, json=body)
        return Answer(answer.status_code, answer.json())

    def credit(self, person: Person, amount_minor: int) -> None:
        self.server.flask("wallet", "credit", person.email, str(amount_minor))

    def promote(self, person: Person) -> None:
        self.server.flask("user", "promote", person.email)

    def require_true_ledger(self) -> None:
        self.server.flask("ledger", "check")


class InThreads:
    _numbers = count(1)

    def __init__(self, app: Flask, api: Api) -> None:
        self.app, self.api = app, api

    def register(self, first_name: str) -> Person:
        with self.app.app_context():
            return enrol(first_name, f"Number{next(self._numbers)}")

    def call(self, person: Person, method: str, path: str, body: Any = None) -> Answer:
        answer = self.api.as_(person).request(method, path, json=body)
        return Answer(answer.status_code, answer.get_json())

    def credit(self, person: Person, amount_minor: int) -> None:
        paying.credit(self.app, person, amount_minor)

    def promote(self, person: Person) -> None:
        with self.app.app_context():
            accounts.promote(None, person.email)

    def require_true_ledger(self) -> None:
        paying.require_true_ledger(self.app)


class Scene:
    """What people do, each as something that can be begun at a moment."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.admin = place.register("Vera")
        place.promote(self.admin)

    def expert(self) -> Person:
        person = self.place.register("Tomasz")
        assert self.place.call(person, "PUT", "/api/experts/me", {"offer": {}}).status == 200
        return person

    def client(self, first_name: str = "Mara") -> Person:
        person = self.place.register(first_name)
        self.place.credit(person, 1_000_000)
        return person

    def ask(self, client: Person, expert: Person) -> Call:
        body = {"type": "priority_dm", "participantIds": [expert.id]}
        return lambda: self.place.call(client, "POST", CONVERSATIONS, body)

    def asked(self, client: Person, expert: Person) -> dict[str, Any]:
        answer = self.ask(client, expert)()
        assert answer.status == 201, answer
        found: dict[str, Any] = answer.data["conversation"]
        return found

    def say(self, person: Person, conversation: dict[str, Any]) -> Call:
        body = {"conversationId": conversation["id"], "content": "Here it is"}
        return lambda: self.place.call(person, "POST", "/api/messages", body)

    def block(self, person: Person, whom: Person) -> Call:
        return lambda: self.place.call(person, "POST", f"/api/users/{whom.id}/block", {"blocked": True})

    def suspend(self, whom: Person) -> Call:
        body = {"suspended": True, "reason": "Spam"}
        return lambda: self.place.call(self.admin, "POST", f"/api/admin/users/{whom.id}/suspend", body)

    def close(self, person: Person) -> Call:
        return lambda: self.place.call(person, "DELETE", "/api/users/me", {"password": PASSWORD})

    def sign_in(self, person: Person) -> Call:
        body = {"email": person.email, "password": PASSWORD}
        return lambda: self.place.call(person, "POST", "/api/auth/login", body)

    def group(self, admin: Person, *others: Person) -> Call:
        body = {"type": "group", "participantIds": [person.id for person in others]}
        return lambda: self.place.call(admin, "POST", CONVERSATIONS, body)

    def escrow(self, person: Person, conversation: dict[str, Any]) -> tuple[str, str | None]:
        """The state of what a conversation cost, and why it was refunded."""
        path = f"/api/escrows/{conversation['escrow']['id']}"
        found = self.place.call(person, "GET", path).data["escrow"]
        return found["state"], found.get("refundReason")

    def available(self, person: Person) -> int:
        return self.place.call(person, "GET", "/api/wallet").data["wallet"]["availableMinor"]

    def members(self, person: Person, conversation: dict[str, Any]) -> tuple[list[str], int]:
        """The ids of those in it, and how many it says they are."""
        path = f"{CONVERSATIONS}/{conversation['id']}"
        found = self.place.call(person, "GET", path).data["conversation"]
        return [one["id"] for one in found["participants"]], found["participantCount"]


def at_once(*calls: Call) -> list[Answer]:
    """Begins all of them at one moment; their answers."""
    barrier = Barrier(len(calls))

    def run(call: Call) -> Answer:
        barrier.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture(params=["server", "threads"])
def scene(request: pytest.FixtureRequest, live_server: Server, app: Flask, api: Api) -> Iterator[Scene]:
    """With the ledger looked at when all is done."""
    place: Place = AtServer(live_server) if request.param == "server" else InThreads(app, api)
    yield Scene(place)
    place.require_true_ledger()
