"""What a newcomer meets: the demo is complete, as sending would have left it, and lies before now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import emoji
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from lumina import clock
from lumina.cli.demo import PASSWORD
from lumina.cli.demo_data import schedule, script
from lumina.extensions import db
from lumina.models import (
    Conversation,
    Escrow,
    LedgerTransaction,
    Membership,
    Message,
    MessageEdit,
    Payout,
    Reaction,
    Topup,
    User,
)
from lumina.services import ledger_check, priority, search, topups
from tests.support.api import Api
from tests.support.application import empty

NOOR, HARUKA, SEFA = (
    "noor@muehlbach-inn.example",
    "haruka.nishide@lumina.example",
    "sefa.tuilagi@lumina.example",
)
HOURS = [timedelta(0), timedelta(hours=7, minutes=30), timedelta(hours=23, minutes=59)]
WEEK = [datetime(2027, 3, day, tzinfo=UTC) for day in range(1, 8)]


def run_demo(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["demo", *options])


def rows(app: Flask, *columns: Any) -> Sequence[Any]:
    with app.app_context():
        return db.session.execute(select(*columns)).all()


@pytest.fixture(scope="module")
def filled(migrated_app: Flask) -> Flask:
    """Filled once, for all who only look at it."""
    with migrated_app.app_context():
        db.session.remove()
        empty(db.engine)
    result = run_demo(migrated_app)
    assert result.exit_code == 0, result.output
    return migrated_app


def sign_in(app: Flask, email: str) -> Api:
    api = Api(app)
    return api.as_(api.post("/api/auth/login", {"email": email, "password": PASSWORD})["token"])


# First those that fill it themselves, since they empty it before.


def test_it_says_how_a_client_an_expert_and_an_admin_sign_in(app: Flask) -> None:
    output = run_demo(app).output
    for email in (NOOR, HARUKA, SEFA):
        assert email in output
    assert output.count(PASSWORD) == 1


def test_production_asks_for_force(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "LUMINA", replace(app.config["LUMINA"], env="production"))
    result = run_demo(app)
    assert result.exit_code == 1
    assert "--force" in result.output
    assert rows(app, User.id) == []
    assert run_demo(app, "--force").exit_code == 0
    assert rows(app, User.id) != []


def test_where_payments_are_real_nobody_pays_for_the_demo(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topups, "_provider", None)
    assert run_demo(app).exit_code == 0
    assert {kind for (kind,) in rows(app, LedgerTransaction.kind)} >= {"adjustment", "hold", "release"}
    assert rows(app, Topup.id) == []


def test_it_has_people_and_some_hundred_messages(filled: Flask) -> None:
    with filled.app_context():
        messages = db.session.scalar(select(func.count(Message.id)))
    types = [row.type for row in rows(filled, Conversation.type)]
    assert len(rows(filled, User.id)) == 16
    assert 400 <= messages <= 550
    assert types.count("direct") >= 12
    assert types.count("group") == 2
    assert types.count("priority_dm") >= 12


def test_a_second_run_changes_nothing(filled: Flask) -> None:
    tables = (User, Conversation, Membership, Message)
    before = [sorted(map(tuple, rows(filled, *table.__table__.c)), key=repr) for table in tables]
    result = run_demo(filled)
    assert result.exit_code == 0
    assert NOOR in result.output
    assert [sorted(map(tuple, rows(filled, *table.__table__.c)), key=repr) for table in tables] == before


def test_versions_are_gapless_and_the_conversation_knows_its_last_message(filled: Flask) -> None:
    with filled.app_context():
        for conversation in db.session.scalars(select(Conversation)):
            history = db.session.scalars(
                select(Message).where(Message.conversation_id == conversation.id).order_by(Message.position)
            ).all()
            changes = [message.version for message in history]
            assert [message.position for message in history] == [
                1,
                *(version + 1 for version in changes[:-1]),
            ]
            assert [message.version - message.position for message in history] == [
                bool(message.edited_at) + message.reaction_count + bool(message.pinned_at)
                for message in history
            ]
            times = [message.created_at for message in history]
            assert times == sorted(times)
            assert conversation.version == changes[-1]
            assert conversation.last_position == [m.position for m in history if m.type != "system"][-1]
            assert conversation.last_message_id == history[-1].id
            assert conversation.last_message_at == conversation.active_at == history[-1].created_at


def test_messages_are_answered_edited_pinned_and_reacted_to(filled: Flask) -> None:
    with filled.app_context():
        messages = db.session.scalars(select(Message)).all()
        by_id = {message.id: message for message in messages}
        replies = [message for message in messages if message.reply_to_id]
        assert len(replies) >= 4
        for reply in replies:
            assert by_id[reply.reply_to_id].conversation_id == reply.conversation_id
            assert by_id[reply.reply_to_id].position < reply.position
        reactions = db.session.scalars(select(Reaction)).all()
        assert len(reactions) == sum(message.reaction_count for message in messages) > 10
        assert all(emoji.is_emoji(reaction.reaction) for reaction in reactions)
        assert db.session.scalar(select(func.count(MessageEdit.message_id))) >= 1
        assert sum(bool(message.pinned_at) for message in messages) >= 3


def test_its_messages_are_found(filled: Flask) -> None:
    with filled.app_context():
        noor = db.session.scalars(select(User).where(User.email == NOOR)).one()
        assert search.find(noor, "retarder").items


def test_members_are_counted_and_read_marks_name_messages(filled: Flask) -> None:
    with filled.app_context():
        for conversation in db.session.scalars(select(Conversation)):
            members = db.session.scalars(
                select(Membership).where(Membership.conversation_id == conversation.id)
            ).all()
            assert conversation.member_count == len(members)
            for member in members:
                if member.read_message_id is None:
                    assert (conversation.type, member.read_position) == ("priority_dm", 0)
                    continue
                read = db.session.get_one(Message, member.read_message_id)
                assert (read.conversation_id, read.position) == (conversation.id, member.read_position)


def test_nothing_lies_in_the_future(filled: Flask) -> None:
    now = clock.real_now()
    columns = (
        User.created_at,
        Conversation.created_at,
        Membership.joined_at,
        Membership.read_at,
        Message.created_at,
    )
    for column in columns:
        assert all(moment is None or moment <= now for (moment,) in rows(filled, column)), column


def test_the_first_person_signs_in_to_fifteen_rows_of_which_four_are_unread(filled: Flask) -> None:
    conversations = sign_in(filled, NOOR).get("/api/messages/conversations")["conversations"]
    assert len(conversations) == 15
    assert {_title(row): row["unreadCount"] for row in conversations if row["unreadCount"]} == {
        "Margit": 2,
        "Mill bakery": 3,
        "Priya": 1,
        "Ruth": 1,
    }


def test_the_ledger_is_true_and_nothing_was_left_undone(filled: Flask) -> None:
    with filled.app_context():
        assert list(ledger_check.differences()) == []
    result = filled.test_cli_runner().invoke(args=["sweep"])
    done = {line.split(":")[0] for line in result.output.splitlines()}
    assert (result.exit_code, done - {"notices"}) == (0, {"escrow_reminders"})


def test_the_first_person_has_asked_in_every_way_a_question_can_go(filled: Flask) -> None:
    noor = sign_in(filled, NOOR)
    bought = noor.get("/api/escrows")["escrows"]
    assert sorted((one["kind"], one["state"]) for one in bought) == [
        ("conversation", "answered"),
        ("conversation", "answered"),
        ("conversation", "held"),
        ("conversation", "refunded"),
        ("conversation", "released"),
        ("message", "answered"),
    ]
    wallet = noor.get("/api/wallet")["wallet"]
    assert (wallet["availableMinor"], wallet["heldMinor"]) == (175_00, 80_00)
    kinds = {line["kind"] for line in noor.get("/api/wallet/transactions")["transactions"]}
    assert kinds == {"topup", "hold", "refund"}


def test_the_second_one_owes_answers_which_spread_over_two_days(filled: Flask) -> None:
    with filled.app_context():
        haruka = db.session.scalars(select(User).where(User.email == HARUKA)).one()
        owed = priority.owed(haruka).items
        levels = [one.escrow.level for one in owed]
        hours = [(one.escrow.answer_by - clock.now()).total_seconds() / 3600 for one in owed]
    assert levels == ["urgent", None, "high", None, None]
    assert hours[0] < 1 < hours[1] < 6 < 24 < hours[3]
    assert all(one.question for one in owed)


def test_experts_are_open_full_and_closed_and_all_have_a_record_of_what_they_were_paid_for(
    filled: Flask,
) -> None:
    noor = sign_in(filled, NOOR)
    found = noor.get("/api/experts")["experts"]
    assert len(found) == 9
    assert all(one["bio"] for one in found)
    assert [one["user"]["firstName"] for one in found if one["offer"]["full"]] == ["Margit"]
    assert [one["user"]["firstName"] for one in found if not one["offer"]["open"]] == ["Nils"]
    by_name = {one["user"]["firstName"]: one["record"] for one in found}
    assert (by_name["Haruka"]["answered"], by_name["Otto"]["refunded"]) == (2, 1)


def test_an_admin_finds_a_dispute_and_a_payout(filled: Flask) -> None:
    sefa = sign_in(filled, SEFA)
    assert sefa.get("/api/auth/me")["user"]["isAdmin"] is True
    with filled.app_context():
        assert db.session.scalars(select(Escrow.state).where(Escrow.state == "disputed")).all() == [
            "disputed"
        ]
        assert db.session.scalars(select(Payout.amount_minor)).all() == [50_00]


def _title(conversation: dict[str, Any]) -> str:
    others = [person["firstName"] for person in conversation["participants"] if person["firstName"] != "Noor"]
    return str(conversation["name"] or others[0])


@pytest.mark.parametrize("hour", HOURS, ids=str)
@pytest.mark.parametrize("day", WEEK, ids=lambda day: f"{day:%a}")
def test_times_run_forward_to_now_on_any_day_and_hour(day: datetime, hour: timedelta) -> None:
    now = day + hour
    for written in script.scripts():
        times = [schedule.moment(line.day, line.time, timedelta(), now) for line in written.lines]
        assert times == sorted(times), written.title
        assert now - timedelta(weeks=6) <= times[0]
        assert times[-1] <= now
        if written.lines[-1].day == "today":
            assert times[-1].astimezone().date() == now.astimezone().date()


def test_dates_in_messages_fall_on_workdays() -> None:
    friday = datetime(2027, 3, 5, tzinfo=UTC).date()
    assert schedule.dated("on {in 1 workday}, or {in 6 workdays}", friday) == "on 8 March, or 15 March"


@pytest.mark.parametrize("day", ["", "tomorrow", "week 0 Tue", "week 2 Xyz"])
def test_an_unknown_day_is_refused(day: str) -> None:
    with pytest.raises(ValueError):
        schedule.date_of(day, datetime(2027, 3, 5, tzinfo=UTC).date())


def test_what_is_no_line_of_a_conversation_is_refused() -> None:
    with pytest.raises(ValueError, match="not a line"):
        script.parse("odd", "people: a, b\n\n== today\n-0:10 a: Hello\nnobody said this\n")
