"""All that is done to sockets, as acts that can be carried elsewhere: a command has no sockets of its own and notes them for
the server (relay.py), and of several processes each does all of them to its own (bus.py)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec

from lumina.extensions import socketio
from lumina.outlets import lookers
from lumina.presenters import rooms, shapes
from lumina.services import presence

P = ParamSpec("P")
# Seconds within which a connection is let in or refused.
LETTING_IN = 2
# Seconds between two sockets where all are closed: clients that come back all at once are slow to serve.
PAUSE = 0.002

Carry = Callable[[str, dict[str, Any]], None]

ACTS: dict[str, Callable[..., None]] = {}
_noted: ContextVar[list[dict[str, Any]] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[dict[str, Any]]]:
    """Within, nothing is done, but noted: each act by its name, and its arguments as JSON takes them."""
    noted: list[dict[str, Any]] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def perform(act: str, arguments: Mapping[str, Any]) -> None:
    """Do an act to the sockets of this process."""
    ACTS[act](**arguments)


# How an act gets to where it is done: at once and here, unless there are several processes.
carry: Carry = perform


def carry_by(how: Carry) -> None:
    """Name who brings acts to every process."""
    global carry
    carry = how


def _act(function: Callable[P, None]) -> Callable[P, None]:
    ACTS[function.__name__] = function
    names = list(inspect.signature(function).parameters)

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        arguments = dict(zip(names, args, strict=False)) | kwargs
        noted = _noted.get()
        if noted is None:
            carry(function.__name__, arguments)
        else:
            noted.append({"act": function.__name__, "arguments": arguments})

    return run


@_act
def emit(event: str, payload: Mapping[str, Any], to: str | list[str], but: Iterable[str] = ()) -> None:
    """Send an event to one room, or to several, once to each socket; not to those in one of the rooms of `but`."""
    _emit(event, payload, to, but)


def _emit(event: str, payload: Mapping[str, Any], to: str | list[str], but: Iterable[str] = ()) -> None:
    if to:
        socketio.emit(event, payload, to=to, skip_sid=[sid for room in but for sid in sockets_in(room)])


@_act
def notify(
    conversation_id: int, author_id: int, mentioned_ids: list[int], payload: shapes.Notification
) -> None:
    """Tell of a message whoever of the members is not looking, and wants to be told."""
    looking = people_looking(conversation_id) | lookers.of(conversation_id)
    away = [rooms.user(user_id) for user_id in {author_id, *looking}]
    quiet = rooms.quiet(conversation_id)
    _emit("new_message_notification", payload, to=rooms.both(conversation_id), but=[*away, quiet])
    if mentioned_ids:
        heeding = set(sockets_in(rooms.mentions(conversation_id)))
        mentioned = {sid for user_id in mentioned_ids for sid in sockets_in(rooms.user(user_id))}
        _emit("new_message_notification", payload, to=sorted(mentioned & heeding), but=away)


@_act
def enter(conversation_id: int, user_ids: Iterable[int]) -> None:
    """These people's sockets hear of the conversation from now on."""
    presence.moved()
    for user_id in user_ids:
        with_html = set(sockets_in(rooms.user_html(user_id)))
        for sid in list(sockets_in(rooms.user(user_id))):
            room = rooms.conversation(conversation_id, html=sid in with_html)
            socketio.server.enter_room(sid, room)


@_act
def heed(conversation_id: int, user_id: int, level: str) -> None:
    """This person's sockets are notified of the conversation's messages by this level from now on."""
    presence.moved()
    for sid in list(sockets_in(rooms.user(user_id))):
        _in_or_out(sid, rooms.quiet(conversation_id), level != "all")
        _in_or_out(sid, rooms.mentions(conversation_id), level == "mentions")


@_act
def disclose(user_id: int, presence: bool, receipts: bool) -> None:
    """This person's sockets tell, and are told, of presence and receipts or not from now on."""
    for sid in list(sockets_in(rooms.user(user_id))):
        _in_or_out(sid, rooms.HIDES_PRESENCE, not presence)
        _in_or_out(sid, rooms.HIDES_RECEIPTS, not receipts)


def _in_or_out(sid: str, room: str, is_in: bool) -> None:
    move = socketio.server.enter_room if is_in else socketio.server.leave_room
    move(sid, room)


@_act
def evict(conversation_id: int, user_id: int) -> None:
    """This person's sockets hear nothing more of the conversation."""
    presence.moved()
    for sid in list(sockets_in(rooms.user(user_id))):
        for room in rooms.all_of(conversation_id):
            socketio.server.leave_room(sid, room)


@_act
def close(session_ids: Iterable[int]) -> None:
    """Close the sockets that these sessions let in."""
    presence.moved()
    for session_id in session_ids:
        for sid in list(sockets_in(rooms.session(session_id))):
            _close(sid)


def _close(sid: str) -> None:
    """Close a socket; one that is still being let in cannot be closed yet, and is a moment later."""
    if socketio.server.manager.is_connected(sid, "/"):
        socketio.server.disconnect(sid)
    else:
        socketio.start_background_task(_close_later, sid)


def _close_later(sid: str) -> None:
    socketio.sleep(LETTING_IN)
    socketio.server.disconnect(sid)


def look(conversation_id: int, user_id: int, is_looking: bool) -> None:
    """Let the other processes know that somebody has begun to look at a conversation, or whether that has ended."""
    if carry is perform:
        return
    if is_looking or user_id not in people_looking(conversation_id):
        look_at(lookers.PROCESS, conversation_id, user_id, is_looking)


@_act
def look_at(process: str, conversation_id: int, user_id: int, is_looking: bool) -> None:
    """Somebody looks at a conversation at another process, or does no longer."""
    if process != lookers.PROCESS:
        lookers.note(process, conversation_id, user_id, is_looking)


@_act
def say_who_looks() -> None:
    """A process has come that knows nothing of the others yet."""
    for room in list(socketio.server.manager.rooms.get("/", ())):
        if conversation_id := rooms.looked_at(room):
            for user_id in people_looking(conversation_id):
                look(conversation_id, user_id, True)


@_act
def part_all() -> None:
    """Close every socket so that its client comes back, little by little: something may have been missed."""
    socketio.start_background_task(_part_all)


def _part_all() -> None:
    transport = socketio.server.eio
    for sid in list(transport.sockets):
        # Closed by its namespace ("io server disconnect") a client would stay away.
        socketio.start_background_task(transport.disconnect, sid)
        socketio.sleep(PAUSE)


def people_looking(conversation_id: int) -> set[int]:
    """Those whose sockets of this process show a conversation."""
    people = {presence.person(sid) for sid in sockets_in(rooms.looking(conversation_id))}
    return {user_id for user_id in people if user_id is not None}


def is_heard(room: str) -> bool:
    """Whether what is sent to a room may reach anybody: it may, where others than this process carry it there."""
    return carry is not perform or _noted.get() is not None or any(sockets_in(room))


def sockets_in(room: str) -> Iterator[str]:
    """Those in a room of this process."""
    return (sid for sid, _ in socketio.server.manager.get_participants("/", room))
