"""Experts, money and purchases, through the API; time moves as `flask clock advance` moves it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lumina.services import clocks, ledger_check, sweep, wallets
from tests.support.api import Api
from tests.support.cast import Person
from tests.support.making import CONVERSATIONS

HOUR, DAY = 3600, 86_400
Shape = dict[str, Any]


def offer(api: Api, person: Person, **changes: Any) -> Shape:
    """Makes somebody an expert with this offer, the deployment's defaults for the rest."""
    return api.as_(person).put("/api/experts/me", {"offer": changes})["expert"]


def credit(app: Flask, person: Person, amount_minor: int) -> None:
    with app.app_context():
        wallets.credit(person.email, amount_minor)


def ask(api: Api, client: Person, expert: Person, status: int = 201, **fields: Any) -> Shape:
    """Buys a conversation: it, or the refusal."""
    body = {"type": "priority_dm", "participantIds": [expert.id], **fields}
    answer = api.as_(client).post(CONVERSATIONS, body, status=status)
    return answer["conversation"] if status == 201 else answer


def say(
    api: Api, person: Person, conversation: Shape, content: str, status: int = 201, **fields: Any
) -> Shape:
    """A message there: it, or the refusal."""
    body = {"conversationId": conversation["id"], "content": content, **fields}
    answer = api.as_(person).post("/api/messages", body, status=status)
    return answer["message"] if status == 201 else answer


def urgent(
    api: Api, person: Person, conversation: Shape, content: str, status: int = 201, **fields: Any
) -> Shape:
    return say(api, person, conversation, content, status, isPriority=True, priorityLevel="urgent", **fields)


def take(api: Api, person: Person, escrow: Shape, step: str, body: Any = None, status: int = 200) -> Shape:
    """Declines, cancels, disputes or resolves: the escrow, or the refusal."""
    answer = api.as_(person).post(f"/api/escrows/{escrow['id']}/{step}", body, status=status)
    return answer["escrow"] if status == 200 else answer


def escrow(api: Api, person: Person, of: Shape) -> Shape:
    """A purchase as it is now."""
    return api.as_(person).get(f"/api/escrows/{of['id']}")["escrow"]


def conversation(api: Api, person: Person, of: Shape) -> Shape:
    return api.as_(person).get(f"{CONVERSATIONS}/{of['id']}")["conversation"]


def balances(api: Api, person: Person) -> tuple[int, int, int]:
    """Available, held and pending."""
    wallet = api.as_(person).get("/api/wallet")["wallet"]
    return wallet["availableMinor"], wallet["heldMinor"], wallet["pendingMinor"]


def advance(app: Flask, seconds: int) -> None:
    """Moves the time and carries out what has become due."""
    with app.app_context():
        clocks.advance(None, seconds)
    carry_out(app)


def carry_out(app: Flask) -> None:
    with app.app_context():
        for _ in sweep.Sweeper(sweep.jobs).sweep():
            pass


def require_true_ledger(app: Flask) -> None:
    with app.app_context():
        assert list(ledger_check.differences()) == []
