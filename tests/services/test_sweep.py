"""What is due is done: by several at once and each thing once, whatever fails beside it."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, select, update

from lumina import clock, metrics
from lumina.extensions import db
from lumina.models import User
from lumina.services import clocks, sweep
from lumina.services.sweep import Job, Sweeper
from lumina.services.unit_of_work import operation
from tests.support import making
from tests.support.queries import count_queries

MINUTE = timedelta(minutes=1)


class Ripening:
    """A job over a list: (key, minutes from now on after which it is due)."""

    def __init__(self, *keys, fails=(), **how):
        self.left = [(key, clock.real_now() - MINUTE) for key in keys]
        self.fails, self.done, self.asked = set(fails), [], []
        self.job = Job("ripening", self.due, self.carry_out, **how)

    def due(self, now, most):
        self.asked.append(most)
        return [(key, at) for key, at in self.left if at <= now][:most]

    def carry_out(self, key):
        if key in self.fails:
            raise RuntimeError("not ripe")
        self.left = [(other, at) for other, at in self.left if other != key]
        self.done.append(key)
        return True


def swept(sweeper):
    """Sweeps until nothing is due; how often it paused."""
    return len(list(sweeper.sweep()))


@pytest.fixture(autouse=True)
def time_passes(monkeypatch):
    """Moves the monotonic clock, by which what failed rests and turns end; by itself it stands still."""
    passed = [1000.0]

    def pass_(seconds):
        passed[0] += seconds

    monkeypatch.setattr(sweep, "monotonic", lambda: passed[0])
    return pass_


def sample(name, job):
    for line in metrics.text().decode().splitlines():
        if line.startswith(f'{name}{{job="{job}"}}'):
            return float(line.split()[-1])
    return None


def test_everything_due_is_done_in_batches_and_in_order(inside):
    work = Ripening(*range(120))
    sweeper = Sweeper([work.job])
    assert swept(sweeper) == 120
    assert work.done == list(range(120))
    assert (sweeper.tasks[0].done, sweeper.tasks[0].failed) == (120, 0)
    assert max(work.asked) == sweep.BATCH


def test_what_is_not_due_waits_for_its_time_which_the_clock_may_move(inside):
    work = Ripening()
    work.left = [("later", clock.now() + timedelta(hours=1))]
    sweeper = Sweeper([work.job])
    assert swept(sweeper) == 0
    clocks.advance(None, 3601)
    swept(sweeper)
    assert work.done == ["later"]


def test_jobs_take_turns(inside):
    one, other = Ripening(*range(60)), Ripening(*range(100, 160))
    order = []
    one.done = other.done = order
    swept(Sweeper([one.job, other.job]))
    assert order == [*range(50), *range(100, 150), *range(50, 60), *range(150, 160)]


def test_a_slow_job_gives_way_after_a_while(inside, time_passes):
    slow, quick = Ripening(*range(10)), Ripening("q")
    order = []
    slow.done = quick.done = order
    carry_out = slow.carry_out
    job = Job("slow", slow.due, lambda key: (time_passes(0.2), carry_out(key))[1])
    swept(Sweeper([job, quick.job]))
    assert order.index("q") == 3
    assert len(order) == 11


def test_one_that_fails_stops_nothing_and_rests_longer_each_time(inside, time_passes, caplog):
    work = Ripening("bad", *range(60), fails=["bad"])
    sweeper = Sweeper([work.job])
    swept(sweeper)
    assert work.done == list(range(60))
    assert sweeper.tasks[0].failed == 1
    assert "sweep: ripening of 'bad' failed; again in 1 s" in caplog.text
    for seconds, failed in [(0.5, 1), (0.6, 2), (1.5, 2), (0.6, 3), (3.5, 3), (0.6, 4)]:
        time_passes(seconds)
        swept(sweeper)
        assert sweeper.tasks[0].failed == failed
    work.fails.clear()
    time_passes(9)
    swept(sweeper)
    assert work.done[-1] == "bad"


def test_nothing_rests_longer_than_five_minutes():
    rest = sweep.Rest()
    seconds = [rest.begin(sweep.LONGEST_REST) for _ in range(2000)]
    assert (seconds[:4], seconds[-1]) == ([1, 2, 4, 8], 300)


def test_many_that_fail_do_not_hide_the_good_ones(inside, time_passes):
    bad = range(200)
    work = Ripening(*bad, "good", fails=bad)
    sweeper = Sweeper([work.job])
    for _ in range(5):
        swept(sweeper)
    assert work.done == ["good"]
    assert sweeper.tasks[0].failed == 200


def test_what_is_gone_is_forgotten(inside):
    work = Ripening("bad", fails=["bad"])
    sweeper = Sweeper([work.job])
    swept(sweeper)
    assert sweeper.tasks[0]._resting
    work.left.clear()
    swept(sweeper)
    assert not sweeper.tasks[0]._resting


def test_a_job_that_cannot_be_asked_rests_a_few_seconds(inside, time_passes, caplog):
    broken, work = Job("broken", lambda now, most: 1 / 0, print), Ripening("good")
    sweeper = Sweeper([broken, work.job])
    for _ in range(3):
        swept(sweeper)
    assert work.done == ["good"]
    assert caplog.text.count("what is due of broken cannot be told") == 1
    for _ in range(9):
        time_passes(5.1)
        swept(sweeper)
    assert caplog.text.count("what is due of broken cannot be told") == 10


def test_where_nothing_is_left_to_do_nothing_is_counted(inside):
    asked = []
    job = Job("late", lambda now, most: [("gone", now)], lambda key: bool(asked.append(key)))
    sweeper = Sweeper([job])
    swept(sweeper)
    assert (asked, sweeper.tasks[0].done) == (["gone"], 0)


def test_what_need_not_hurry_is_asked_for_seldom(inside, time_passes):
    work = Ripening(every=600)
    sweeper = Sweeper([work.job])
    for _ in range(3):
        swept(sweeper)
    assert len(work.asked) == 1
    time_passes(601)
    swept(sweeper)
    assert len(work.asked) == 2


def test_what_waits_for_a_network_is_done_beside_the_rest_a_few_at_once(inside):
    work, started = Ripening(*range(5), at_once=2), []
    quick = Ripening("quick")
    sweeper = Sweeper([work.job, quick.job], started.append)
    swept(sweeper)
    swept(sweeper)
    assert (len(started), work.done, quick.done) == (2, [], ["quick"])
    started.pop(0)()
    swept(sweeper)
    assert (len(started), work.done) == (2, [0])
    while started:
        started.pop(0)()
        swept(sweeper)
    assert sorted(work.done) == list(range(5))


def test_a_command_waits_for_what_a_server_does_beside(inside):
    work = Ripening(*range(5), at_once=2)
    swept(Sweeper([work.job]))
    assert work.done == list(range(5))


def test_the_log_and_the_metrics_tell_how_much_and_how_late(inside, caplog):
    caplog.set_level(logging.INFO)
    before = (
        sample("lumina_sweep_done_total", "ripening") or 0,
        sample("lumina_sweep_failed_total", "ripening") or 0,
    )
    work = Ripening(1, 2, 3, fails=[2])
    sweeper = Sweeper([work.job])
    next(sweeper.sweep())
    assert 60 <= sample("lumina_sweep_lag_seconds", "ripening") < 70
    swept(sweeper)
    assert "sweep: ripening, 2 done, up to 60." in caplog.text
    assert sample("lumina_sweep_done_total", "ripening") == before[0] + 2
    assert sample("lumina_sweep_failed_total", "ripening") == before[1] + 1
    work.left.clear()
    caplog.clear()
    swept(sweeper)
    assert sample("lumina_sweep_lag_seconds", "ripening") == 0
    assert caplog.text == ""


@pytest.fixture
def crowd(app):
    """People who are to be promoted, each once."""
    return [int(user_id) for user_id in making.crowd(app, 40)]


done_to = []


@operation()
def _promote(actor, user_id):
    claimed = db.session.scalar(
        update(User)
        .where(User.id == user_id, User.is_admin.is_(False))
        .values(is_admin=True)
        .returning(User.id)
    )
    if claimed:
        done_to.append(user_id)
    return claimed is not None


def waiting(now, most):
    return db.session.execute(
        select(User.id, User.created_at).where(User.is_admin.is_(False)).order_by(User.id).limit(most)
    )


def test_several_sweep_at_once_and_each_thing_is_done_once(app, crowd):
    done_to.clear()
    job = Job("promotion", waiting, partial(_promote, None), now=clock.real_now)
    together = threading.Barrier(3)

    def one(_):
        sweeper = Sweeper([job])
        together.wait()
        with app.app_context():
            swept(sweeper)
        return sweeper.tasks[0].done

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(one, range(3)))
    assert sorted(done_to) == crowd
    assert sum(counts) == len(crowd)


def test_where_nothing_is_due_each_job_costs_one_statement(app, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta)
    with app.app_context():
        sweeper = Sweeper(sweep.jobs)
        with count_queries(app, len(sweep.jobs)):
            swept(sweeper)


def test_what_is_asked_every_second_is_put_together_once(inside):
    """Building a statement costs more than running it; only what is asked every ten minutes may be built anew."""
    asked, often = [], [job for job in sweep.jobs if job.every < MINUTE.total_seconds()]
    event.listen(db.engine, "before_execute", lambda _, statement, *__: asked.append(statement))
    for _ in range(2):
        for job in often:
            list(job.due(clock.real_now(), 5))
    first, second = asked[: len(often)], asked[len(often) :]
    assert len(often) > 10
    assert all(one is other for one, other in zip(first, second, strict=True))
