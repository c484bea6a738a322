"""Where it is kept which people have a socket: in the one process, or in Redis for several."""

from __future__ import annotations

import logging
from secrets import token_hex
from time import monotonic, time
from typing import Any, Protocol

from redis import Redis, RedisError
from redis.exceptions import LockError

log = logging.getLogger(__name__)


class Registry(Protocol):
    """The sockets of people, on every process of the deployment."""

    def enter(self, user_id: int, sid: str) -> None:
        """A socket of this process has come."""

    def leave(self, user_id: int, sid: str) -> None:
        """It has gone."""

    def has(self, user_id: int) -> bool:
        """Whether somebody has a socket anywhere. Quick: it is asked of everybody on a page."""

    def online(self) -> set[int]:
        """Everybody with a socket anywhere."""

    def beat(self) -> None:
        """The sockets of this process are still there. To be called every few seconds."""

    def leads(self) -> bool:
        """Whether it is this process, of all of them, that tells others who has come and gone."""


class InMemory:
    """For one process: its sockets end with it, so nobody can be stuck."""

    def __init__(self) -> None:
        self._sids: dict[int, set[str]] = {}
        self._online: set[int] = set()

    def enter(self, user_id: int, sid: str) -> None:
        self._sids.setdefault(user_id, set()).add(sid)
        self._online.add(user_id)

    def leave(self, user_id: int, sid: str) -> None:
        sids = self._sids.get(user_id, set())
        sids.discard(sid)
        if not sids:
            self._sids.pop(user_id, None)
            self._online.discard(user_id)

    def has(self, user_id: int) -> bool:
        return user_id in self._online

    def online(self) -> set[int]:
        return self._online

    def beat(self) -> None:
        """Nothing to do: no other process sees them."""

    def leads(self) -> bool:
        return True


class InRedis:
    """For several processes: each keeps a sorted set up to date with who is at it, until when to believe that.

    A process that dies keeps nothing up, so that its people are gone after LASTS. While Redis cannot be reached, each
    process knows of its own people, and of others what it knew last. The one that holds a lock leads; should it die, the
    lock is another's before its people are gone.
    """

    KEY, LOCK = "lumina:presence", "lumina:presence:lead"
    # Seconds; a machine's clock may be wrong by as much as lies between the two.
    LASTS, EVERY, PATIENCE = 15.0, 5.0, 1.0
    LEADS = 5.0

    def __init__(self, url: str) -> None:
        self._redis: Any = Redis.from_url(
            url, decode_responses=True, socket_timeout=self.PATIENCE, socket_connect_timeout=self.PATIENCE
        )
        self._process = token_hex(8)
        self._local = InMemory()
        self._elsewhere: set[int] = set()
        self._kept_up = self._tried = 0.0
        self._is_lost = False
        self._lock: Any = self._redis.lock(self.LOCK, timeout=self.LEADS, blocking=False, thread_local=False)
        self._leads = False

    def enter(self, user_id: int, sid: str) -> None:
        is_first = not self._local.has(user_id)
        self._local.enter(user_id, sid)
        if is_first and not self._is_lost:
            self._ask("zadd", self.KEY, {self._member(user_id): time() + self.LASTS})

    def leave(self, user_id: int, sid: str) -> None:
        self._local.leave(user_id, sid)
        if not self._local.has(user_id) and not self._is_lost:
            self._ask("zrem", self.KEY, self._member(user_id))

    def has(self, user_id: int) -> bool:
        return self._local.has(user_id) or user_id in self._elsewhere

    def online(self) -> set[int]:
        return self._local.online() | self._elsewhere

    def beat(self) -> None:
        if self._is_lost and monotonic() - self._tried < self.EVERY:
            return
        self._tried = monotonic()
        if monotonic() - self._kept_up >= self.EVERY or self._is_lost:
            self._keep_up()
        members = self._ask("zrangebyscore", self.KEY, time(), "+inf")
        if members is not None:
            others = (member.split(":") for member in members)
            self._elsewhere = {int(user_id) for user_id, process in others if process != self._process}

        self._strive()

    def leads(self) -> bool:
        return self._leads

    def _strive(self) -> None:
        """Stay the leader, or become it where there is none; what was known last holds while Redis is lost."""
        try:
            self._leads = self._lock.reacquire() if self._leads else self._lock.acquire()
        except LockError:
            self._leads = False
        except RedisError:
            pass

    def _keep_up(self) -> None:
        until = time() + self.LASTS
        if own := {self._member(user_id): until for user_id in self._local.online()}:
            self._ask("zadd", self.KEY, own)
        if self._ask("zremrangebyscore", self.KEY, "-inf", time() - self.LASTS) is not None:
            self._kept_up = monotonic()

    def _member(self, user_id: int) -> str:
        return f"{user_id}:{self._process}"

    def _ask(self, command: str, *arguments: object) -> Any:
        """What Redis answers; None where it cannot be reached."""
        try:
            answer = getattr(self._redis, command)(*arguments)
        except RedisError as error:
            if not self._is_lost:
                log.warning("presence: Redis cannot be reached: %s", error)
            self._is_lost = True
            return None
        self._is_lost = False
        return answer
