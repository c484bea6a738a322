"""For how long what is to leave has been waiting."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from lumina import clock, metrics
from lumina.extensions import db
from lumina.models import Digest, RelayedEvent
from lumina.services import backlog


def ages():
    """What the metrics say, after one round."""
    for _ in backlog.tell():
        pass
    [family] = metrics.queue_age.collect()
    return {sample.labels["queue"]: sample.value for sample in family.samples}


def test_where_nothing_waits_every_age_is_zero(inside):
    assert ages() == dict.fromkeys([*backlog.QUEUES, "relayed_events"], 0)


def test_the_age_is_that_of_the_oldest_row_that_is_due(inside, cast):
    for person, late in ((cast.owner, 90), (cast.member, 30), (cast.outsider, -60)):
        due_at = clock.now() - timedelta(seconds=late)
        db.session.execute(insert(Digest).values(user_id=int(person.id), due_at=due_at))
    db.session.commit()
    assert ages()["mails"] == pytest.approx(90, abs=5)
    db.session.execute(delete(Digest).where(Digest.due_at <= clock.now()))
    db.session.commit()
    assert ages()["mails"] == 0


def test_what_commands_have_left_is_as_old_as_it_has_been_seen(inside):
    db.session.execute(insert(RelayedEvent).values(act="none", arguments={}))
    db.session.commit()
    first = ages()["relayed_events"]
    time.sleep(0.05)
    assert first < 0.05 <= ages()["relayed_events"]
    db.session.execute(delete(RelayedEvent))
    db.session.commit()
    assert ages()["relayed_events"] == 0
