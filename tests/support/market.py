"""A few clients and experts who do things with money, at random, through the services; what must hold afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from lumina.errors import Conflict, Forbidden, InsufficientBalance, Invalid
from lumina.extensions import db
from lumina.models import Conversation, Escrow, LedgerAccount, LedgerEntry, LedgerTransaction, User
from lumina.services import clocks, escrows, experts, ledger_check, messages, purchases, sweep, wallets
from lumina.services.purchases import Agreed
from tests.support import making

REFUSALS = (Conflict, Forbidden, InsufficientBalance, Invalid)
# What the ledger may have booked of a purchase in each state, in order.
BOOKED = {
    "held": [["hold"]],
    "answered": [["hold", "answer"]],
    "disputed": [["hold", "answer"]],
    "released": [["hold", "answer", "release"]],
    "refunded": [["hold", "refund"], ["hold", "answer", "refund"]],
    "split": [["hold", "answer", "split"]],
}


@dataclass
class Market:
    """People by their ids; `given` is what came in from outside, less what went out."""

    app: Flask
    clients: list[int]
    experts: list[int]
    admin: int
    given: int = 0
    done: Counter[str] = field(default_factory=Counter)

    @classmethod
    def open(cls, app: Flask, clients: int = 3, sellers: int = 2) -> Market:
        ids = [int(user_id) for user_id in making.crowd(app, clients + sellers + 1)]
        with app.app_context():
            for expert_id in ids[clients:-1]:
                experts.change(
                    db.session.get_one(User, expert_id), conversation_price_minor=999, max_unanswered=5
                )
            db.session.get_one(User, ids[-1]).is_admin = True
            db.session.commit()
        return cls(app, ids[:clients], ids[clients:-1], ids[-1])

    def act(self, verb: str, random: Random) -> None:
        """Does one thing; what is refused changes nothing."""
        with self.app.app_context():
            try:
                getattr(self, verb)(random)
                self.done[verb] += 1
            except REFUSALS:
                self.done[f"{verb} refused"] += 1

    def credit(self, random: Random) -> None:
        amount = random.choice([-700, 300, 1000, 2500])
        wallets.adjust(None, random.choice(self.clients), amount)
        self.given += amount

    def buy(self, random: Random) -> None:
        expert_id = random.choice(self.experts)
        client = self._user(random.choice(self.clients))
        conversation_id = self._conversation_of(client.id, expert_id)
        if conversation_id:
            purchases.renew(client, str(conversation_id), Agreed())
        else:
            purchases.buy(client, [str(expert_id)], Agreed())

    def write(self, random: Random) -> None:
        """The client, now and then with a level that costs."""
        if escrow := self._any(random):
            level = random.choice(["normal", "high", "urgent"])
            messages.send(
                self._user(escrow.client_id),
                str(escrow.conversation_id),
                content="?",
                is_priority=level != "normal",
                priority_level=level,
            )

    def answer(self, random: Random) -> None:
        if escrow := self._any(random):
            messages.send(self._user(escrow.expert_id), str(escrow.conversation_id), content="!")

    def decline(self, random: Random) -> None:
        self._step(random, "expert_id", escrows.decline)

    def cancel(self, random: Random) -> None:
        self._step(random, "client_id", escrows.cancel)

    def dispute(self, random: Random) -> None:
        self._step(random, "client_id", escrows.dispute, "No")

    def resolve(self, random: Random) -> None:
        outcome = random.choice([("release",), ("refund",), ("split", 333)])
        if escrow := self._any(random):
            escrows.resolve(self._user(self.admin), str(escrow.id), *outcome)

    def wait(self, random: Random) -> None:
        """Hours pass, and what is due is carried out."""
        clocks.advance(None, random.choice([3, 20, 50, 100]) * 3600)
        for _ in sweep.Sweeper(sweep.jobs).sweep():
            pass

    def _user(self, user_id: int) -> User:
        return db.session.get_one(User, user_id)

    def _any(self, random: Random) -> Escrow | None:
        """A purchase, most often one that is not settled."""
        found = db.session.scalars(select(Escrow).order_by(Escrow.id)).all()
        unsettled = [escrow for escrow in found if escrow.settled_at is None]
        among = unsettled if unsettled and random.random() < 0.8 else found
        return random.choice(among) if among else None

    def _step(self, random: Random, who: str, step: Any, *arguments: object) -> None:
        if escrow := self._any(random):
            step(self._user(getattr(escrow, who)), str(escrow.id), *arguments)

    def _conversation_of(self, client_id: int, expert_id: int) -> int | None:
        key = f"p{client_id}:{expert_id}"
        return db.session.scalar(select(Conversation.id).where(Conversation.direct_key == key))

    def require_true(self) -> None:
        """Entries add up, nothing was booked twice, no money has appeared, each purchase took one way."""
        with self.app.app_context():
            assert list(ledger_check.differences()) == []
            total = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0))
            assert db.session.scalar(total) == 0
            clearing = select(LedgerAccount.balance_minor).where(LedgerAccount.kind == "clearing")
            assert -(db.session.scalar(clearing) or 0) == self.given
            booked: dict[int, list[str]] = {}
            for escrow_id, kind in db.session.execute(
                select(LedgerTransaction.escrow_id, LedgerTransaction.kind)
                .where(LedgerTransaction.escrow_id.is_not(None))
                .order_by(LedgerTransaction.id)
            ):
                booked.setdefault(escrow_id, []).append(kind)
            for escrow in db.session.scalars(select(Escrow)):
                assert booked[escrow.id] in BOOKED[escrow.state], (escrow.id, escrow.state)
