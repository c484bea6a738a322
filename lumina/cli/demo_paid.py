"""The demo's paid conversations: held by the services, as people would have, with the clock standing at each moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lumina import clock
from lumina.cli.demo_data.script import Line, Script
from lumina.extensions import db
from lumina.models import Conversation, Escrow, Message, User
from lumina.models.conversations import priority_key
from lumina.services import (
    deadlines,
    escrows,
    experts,
    messages,
    payouts,
    purchases,
    receipts,
    topups,
    wallets,
)
from lumina.services.purchases import Agreed

# Reminders of what was due in the past would be mailed now.
JOBS = [job for job in deadlines.JOBS if job.name != "escrow_reminders"]
Cast = Mapping[str, User]


@dataclass
class Paid:
    """A priority conversation as it is being held."""

    written: Script
    moments: list[datetime]

    def go_on(self, number: int, cast: Cast) -> None:
        """What somebody does or says next, at its time."""
        line, at = self.written.lines[number], self.moments[number]
        let_pass(at)
        with clock.standing_at(at):
            if line.step:
                STEPS[line.step](self, line, cast)
            else:
                self._say(line, cast)

    def _say(self, line: Line, cast: Cast) -> None:
        sender, of = cast[line.sender], self.conversation(cast)
        self._read(sender, of, 0)
        level = {"is_priority": True, "priority_level": line.level} if line.level != "normal" else {}
        messages.send(sender, str(of.id), content=line.text, **level)

    def conclude(self, cast: Cast, now: datetime) -> None:
        """Everybody has read by now what they have read."""
        of = self.conversation(cast)
        with clock.standing_at(min(self.moments[-1] + timedelta(minutes=2), now)):
            for person in self.written.people:
                self._read(cast[person], of, self.written.unread.get(person, 0))

    def _read(self, reader: User, of: Conversation, unread: int) -> None:
        """All but the latest `unread` ones of the other."""
        said = list(
            db.session.scalars(
                select(Message.id)
                .where(
                    Message.conversation_id == of.id, Message.type != "system", Message.sender_id != reader.id
                )
                .order_by(Message.position.desc())
                .offset(unread)
                .limit(1)
            )
        )
        if said:
            receipts.mark_read(reader, str(of.id), str(said[0]))

    def conversation(self, cast: Cast) -> Conversation:
        """Where it is held; only once the first has asked the second."""
        client, expert = (cast[person].id for person in self.written.people)
        key = priority_key(client, expert)
        return db.session.scalars(select(Conversation).where(Conversation.direct_key == key)).one()

    def escrow(self, cast: Cast) -> Escrow:
        """What was paid for asking."""
        return db.session.get_one(Escrow, self.conversation(cast).escrow_id)


def make_experts(people: Mapping[str, Mapping[str, Any]], cast: Cast) -> None:
    """Who has an offer, an hour after joining; all of them are open then."""
    for key, person in people.items():
        if offer := dict(person.get("offer", {})):
            offer.pop("is_open", None)
            with clock.standing_at(cast[key].created_at + timedelta(hours=1)):
                experts.change(cast[key], **offer)


def close_offers(people: Mapping[str, Mapping[str, Any]], cast: Cast) -> None:
    """Who takes no new questions now."""
    for key, person in people.items():
        if person.get("offer", {}).get("is_open") is False:
            experts.change(cast[key], is_open=False)


def let_pass(until: datetime) -> None:
    """What has fallen due until then happens at its time: refunds, releases, and windows that end."""
    while due := [(at, number, key) for number, job in enumerate(JOBS) for key, at in job.due(until, 1)]:
        at, number, key = min(due)
        with clock.standing_at(min(at + timedelta(seconds=2), until)):
            JOBS[number].carry_out(key)


def _ask(paid: Paid, line: Line, cast: Cast) -> None:
    client, expert = (cast[person] for person in paid.written.people)
    purchases.buy(client, [str(expert.id)], Agreed())


def _top_up(paid: Paid, line: Line, cast: Cast) -> None:
    """By the sandbox's checkout; where payments are real, nobody pays for the demo."""
    person, amount = cast[line.sender], _minor(line)
    if not (topups.is_on() and topups.provider().name == "sandbox"):
        wallets.adjust(None, person.id, amount, "demo")
        return
    topup = topups.start(person, amount, site="")
    topups.answer_in_sandbox(person, topup.reference or "", pays=True)


def _withdraw(paid: Paid, line: Line, cast: Cast) -> None:
    person = cast[line.sender]
    payouts.ask(person, min(_minor(line), wallets.find(person).available))


def _decline(paid: Paid, line: Line, cast: Cast) -> None:
    escrows.decline(cast[line.sender], str(paid.escrow(cast).id))


def _dispute(paid: Paid, line: Line, cast: Cast) -> None:
    escrows.dispute(cast[line.sender], str(paid.escrow(cast).id), line.text)


def _minor(line: Line) -> int:
    return int(line.text.replace(".", ""))


STEPS: dict[str, Callable[[Paid, Line, Cast], None]] = {
    "asks": _ask,
    "tops up": _top_up,
    "withdraws": _withdraw,
    "declines": _decline,
    "disputes": _dispute,
}
