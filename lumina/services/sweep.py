"""The sweep: one mechanism for everything that has its time, be it expiry, purging, a link preview or a reminder.

A job says what is due, and carries out one such thing. Several processes may sweep one database at once; a Sweeper is
one process's share of it, and remembers what failed there, so that it is not tried again without a rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import Select

from lumina import clock, metrics
from lumina.extensions import db
from lumina.models import statements

log = logging.getLogger(__name__)
# What a job may do before the next one has its turn: so many things, so many seconds.
BATCH, TURN = 50, 0.5
# Seconds before what failed is tried again: doubled each time, up to the longest.
FIRST_REST, LONGEST_REST, LONGEST_REST_OF_JOB = 1.0, 300.0, 5.0
MOST_RESTING = 1000

Key = Hashable
Start = Callable[[Callable[[], None]], object]


@dataclass(frozen=True)
class Job:
    """Work that has its time.

    `due(now, most)` names up to `most` things whose time has come, as (key, due_at), the earliest first. It is asked
    at every pass: one indexed select, no locks.

    `carry_out(key)` does one of them in a unit of work of its own (for an operation: `partial(expire, None)`). Others
    may be at the same thing: it takes the lock and looks again whether it is still due, or claims it by a conditional
    UPDATE (SKIP LOCKED on PostgreSQL), so that it is done once. True where it was done, False where nothing was left
    to do; it raises where it cannot be done now, and is called again later.

    What waits for a network is carried out `at_once`: up to that many beside the other work. It claims its row in a
    first unit of work, for a time after which it is due again, and keeps the result in a second.

    `every` is how many seconds may pass between two looks, where nothing hurries. `now` is the time that counts.
    """

    name: str
    due: Callable[[datetime, int], Iterable[Any]]
    carry_out: Callable[[Any], bool]
    at_once: int = 0
    every: float = 0
    now: Callable[[], datetime] = clock.now


def by(statement: Select[Any]) -> Callable[[datetime, int], list[tuple[Key, datetime]]]:
    """What is due, by a statement of `now` and `most` whose rows are a key, of one column or several, and its time."""

    def due(now: datetime, most: int) -> list[tuple[Key, datetime]]:
        rows = statements.run(statement, {"now": now, "most": most})
        return [(row[0] if len(row) == 2 else tuple(row[:-1]), row[-1]) for row in rows]

    return due


jobs: list[Job] = []


def enlist(*them: Job) -> None:
    """Name the jobs, once, in create_app: they replace those of an app made before."""
    jobs[:] = them


def run_at_once(work: Callable[[], None]) -> None:
    """How a command starts what a server has done beside its other work: it waits for it."""
    work()


class Sweeper:
    """Carries out what is due, a batch of each job in turn, as this process sees it."""

    def __init__(self, them: Iterable[Job], start: Start = run_at_once) -> None:
        self.tasks = [Task(job, start) for job in them]

    def sweep(self) -> Iterator[None]:
        """Until nothing is due. It pauses after each thing, so that a server sees to others in between."""
        went_on = True
        while went_on:
            went_on = False
            for task in self.tasks:
                before = task.done
                yield from task.turn()
                went_on = went_on or task.done > before


@dataclass
class Rest:
    """How often something has failed in a row, and until when (on the monotonic clock) it is left alone."""

    failures: int = 0
    until: float = 0

    def begin(self, longest: float) -> float:
        """It has failed once more: for how long it is left alone."""
        seconds = min(FIRST_REST * 2.0 ** min(self.failures, 20), longest)
        self.failures, self.until = self.failures + 1, monotonic() + seconds
        return seconds


class Task:
    """One job, as this process sees it."""

    def __init__(self, job: Job, start: Start) -> None:
        self.job, self.start = job, start
        self.done = self.failed = 0
        self._told, self._latest = 0, timedelta()
        self._rest = Rest()
        self._resting: dict[Key, Rest] = {}
        self._running: set[Key] = set()
        self._lag = metrics.sweep_lag.labels(job.name)

    def turn(self) -> Iterator[None]:
        """A batch of what is due, pausing after each thing."""
        until = monotonic() + TURN
        for key, late in self._batch():
            if self.job.at_once:
                self._running.add(key)
                self.start(partial(self._carry_out, key, late))
            else:
                self._carry_out(key, late)
            yield
            if monotonic() > until:
                break
        self._tell()

    def _batch(self) -> list[tuple[Key, timedelta]]:
        room = self.job.at_once - len(self._running) if self.job.at_once else BATCH
        if room <= 0 or monotonic() < self._rest.until:
            return []
        try:
            due = self._due(room + len(self._running) + min(len(self._resting), MOST_RESTING))
        except Exception:
            seconds = self._rest.begin(LONGEST_REST_OF_JOB)
            log.exception("sweep: what is due of %s cannot be told; again in %d s", self.job.name, seconds)
            return []
        now = monotonic()
        ready = [(key, late) for key, late in due if key not in self._running and not self._rests(key, now)]
        self._rest = Rest(until=now + (0 if ready else self.job.every))
        return ready[:room]

    def _due(self, most: int) -> list[tuple[Key, timedelta]]:
        """What is due and by how much it is late, what rests or runs included."""
        try:
            now = self.job.now()
            due = [(key, now - due_at) for key, due_at in self.job.due(now, most)]
        finally:
            db.session.close()
        self._lag.set(due[0][1].total_seconds() if due else 0)
        if len(due) < most:
            self._resting = {key: self._resting[key] for key, _ in due if key in self._resting}
        return due

    def _rests(self, key: Key, now: float) -> bool:
        return key in self._resting and now < self._resting[key].until

    def _carry_out(self, key: Key, late: timedelta) -> None:
        try:
            if self.job.carry_out(key):
                self._note(late)
            self._resting.pop(key, None)
        except Exception:
            seconds = self._resting.setdefault(key, Rest()).begin(LONGEST_REST)
            self.failed += 1
            metrics.sweep_failed.labels(self.job.name).inc()
            log.exception("sweep: %s of %r failed; again in %d s", self.job.name, key, seconds)
        finally:
            self._running.discard(key)
            db.session.close()

    def _note(self, late: timedelta) -> None:
        self.done += 1
        self._latest = max(self._latest, late)
        metrics.sweep_done.labels(self.job.name).inc()

    def _tell(self) -> None:
        if self.done > self._told:
            seconds = self._latest.total_seconds()
            log.info("sweep: %s, %d done, up to %.1f s late", self.job.name, self.done - self._told, seconds)
            self._told, self._latest = self.done, timedelta()
