"""What nobody needs any more goes, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lumina import clock
from lumina.extensions import db
from lumina.models import IdempotencyKey, PasswordReset, Session
from lumina.services import clocks, housekeeping
from lumina.services.sweep import Sweeper

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def sweep(inside):
    """Sweeps; how much was done under each name."""

    def run():
        sweeper = Sweeper(housekeeping.JOBS)
        list(sweeper.sweep())
        return {task.job.name: task.done for task in sweeper.tasks if task.done}

    return run


@pytest.fixture
def keep(inside, cast):
    """Writes rows and returns how to find out which are left."""

    def write(*rows):
        db.session.add_all(rows)
        db.session.commit()
        model = type(rows[0])
        return lambda: db.session.scalar(select(func.count()).select_from(model))

    return write


def session(person, **times):
    now = clock.real_now()
    moments = {"created_at": now, "last_seen_at": now, "expires_at": now + DAY} | times
    return Session(user_id=int(person.id), kind="web", user_agent="", address="", **moments)


def link(person, number, expires_at):
    made = expires_at - HOUR
    return PasswordReset(
        user_id=int(person.id), token_hash=str(number), created_at=made, expires_at=expires_at
    )


def key(person, number, created_at):
    return IdempotencyKey(
        user_id=int(person.id),
        route="r",
        key=str(number),
        fingerprint="",
        status=201,
        answer=b"",
        created_at=created_at,
    )


def test_sessions_go_thirty_days_after_they_are_over(cast, keep, sweep):
    now, before = clock.real_now(), 4  # one of each of the cast
    left = keep(
        session(cast.owner, ended_at=now - 31 * DAY),
        session(cast.owner, ended_at=now - 29 * DAY),
        session(cast.owner, expires_at=now - 31 * DAY),
        session(cast.owner, expires_at=now - 29 * DAY),
    )
    assert sweep() == {"ended_sessions": 1, "expired_sessions": 1}
    assert left() == before + 2


def test_spent_links_go(cast, keep, sweep):
    now = clock.real_now()
    left = keep(link(cast.owner, 1, now - HOUR), link(cast.owner, 2, now + HOUR))
    assert sweep() == {"spent_links": 1}
    assert left() == 1


def test_idempotency_keys_go_after_a_day(cast, keep, sweep):
    now = clock.real_now()
    left = keep(*(key(cast.owner, hours, now - hours * HOUR) for hours in (0, 23, 25, 50)))
    assert sweep() == {"idempotency_keys": 1}
    assert left() == 2


def test_many_go_in_batches(cast, keep, sweep, monkeypatch):
    monkeypatch.setattr(housekeeping, "MOST", 10)
    now = clock.real_now()
    left = keep(*(key(cast.owner, number, now - 2 * DAY) for number in range(25)))
    assert sweep() == {"idempotency_keys": 3}
    assert left() == 0


def test_it_keeps_to_the_real_time(cast, keep, sweep):
    left = keep(session(cast.owner))
    keep(key(cast.owner, 1, clock.real_now()))
    clocks.advance(None, 100 * 24 * 3600)
    assert sweep() == {}
    assert left() == 5


def test_what_others_have_cleared_is_not_counted(cast, inside):
    assert not any(job.carry_out(leftovers) for job in housekeeping.JOBS for leftovers in [job.due.__self__])
