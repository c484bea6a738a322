"""Events become Socket.IO events, each shaped once for all who get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lumina.extensions import socketio
from lumina.outlets.order import Lines
from lumina.presenters import fragments, rooms, wire
from lumina.services import events
from lumina.services.events import Departure, Event
from lumina.services.views import ConversationView

# Seconds within which a connection is let in or refused.
LETTING_IN = 2
lines = Lines()


def outlet(event: Event) -> Departure | None:
    """What to send for an event, taken inside the transaction while it is true."""
    prepare = PREPARE.get(type(event))
    return prepare(event) if prepare else None


def _message_sent(event: events.MessageSent) -> Departure:
    of, message = event.message.message.conversation_id, wire.message(event.message)
    payload = {"message": message, "conversationId": message["conversationId"], "version": message["version"]}
    with_html = payload | {"html": fragments.bubble(message)}

    def send() -> None:
        socketio.emit("message_received", payload, to=rooms.conversation(of, html=False))
        socketio.emit("message_received", with_html, to=rooms.conversation(of, html=True))

    return lines.departure(of, send)


def _conversation_created(event: events.ConversationCreated) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        _enter(of, event.member_ids)
        socketio.emit("conversation_created", payload, to=rooms.both(of))

    return lines.departure(of, send)


def _conversation_updated(event: events.ConversationUpdated) -> Departure:
    of, payload = _conversation(event.conversation)
    return lines.departure(of, lambda: socketio.emit("conversation_updated", payload, to=rooms.both(of)))


def _members_added(event: events.MembersAdded) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        socketio.emit("conversation_updated", payload, to=rooms.both(of))
        _enter(of, event.user_ids)
        socketio.emit("conversation_created", payload, to=[rooms.user(user_id) for user_id in event.user_ids])

    return lines.departure(of, send)


def _member_removed(event: events.MemberRemoved) -> Departure:
    of, payload = _conversation(event.conversation)

    def send() -> None:
        _evict(of, event.user_id)
        # The one removed is told that it is so, as the last they hear of it.
        socketio.emit("conversation_updated", payload, to=[*rooms.both(of), rooms.user(event.user_id)])

    return lines.departure(of, send)


def _conversation_read(event: events.ConversationRead) -> Departure:
    payload = {
        "conversationId": str(event.conversation_id),
        "userId": str(event.user_id),
        "messageId": str(event.message_id),
        "at": wire.time(event.at),
    }
    if event.author_ids is None:
        to = rooms.both(event.conversation_id)
    else:
        to = [rooms.user(user_id) for user_id in {event.user_id, *event.author_ids}]
    return Departure(lambda: socketio.emit("messages_read", payload, to=to))


def _typing(name: str) -> Callable[[Any], Departure]:
    def prepare(event: events.TypingStarted | events.TypingStopped) -> Departure:
        payload = {
            "conversationId": str(event.conversation_id),
            "userId": str(event.user_id),
            "userName": event.user_name,
        }
        return Departure(
            lambda: socketio.emit(
                name,
                payload,
                to=rooms.both(event.conversation_id),
                skip_sid=list(_sockets_in(rooms.user(event.user_id))),
            )
        )

    return prepare


def _sessions_ended(event: events.SessionsEnded) -> Departure:
    def send() -> None:
        for session_id in event.session_ids:
            for sid in list(_sockets_in(rooms.session(session_id))):
                _close(sid)

    return Departure(send)


def _close(sid: str) -> None:
    """Close a socket; one that is still being let in cannot be closed yet, and is a moment later."""
    if socketio.server.manager.is_connected(sid, "/"):
        socketio.server.disconnect(sid)
    else:
        socketio.start_background_task(_close_later, sid)


def _close_later(sid: str) -> None:
    socketio.sleep(LETTING_IN)
    socketio.server.disconnect(sid)


def _conversation(view: ConversationView) -> tuple[int, dict[str, Any]]:
    return view.conversation.id, {"conversation": wire.conversation(view)}


def _sockets_in(room: str) -> Iterable[str]:
    return (sid for sid, _ in socketio.server.manager.get_participants("/", room))


def _enter(conversation_id: int, user_ids: Iterable[int]) -> None:
    for user_id in user_ids:
        with_html = set(_sockets_in(rooms.user_html(user_id)))
        for sid in list(_sockets_in(rooms.user(user_id))):
            room = rooms.conversation(conversation_id, html=sid in with_html)
            socketio.server.enter_room(sid, room)


def _evict(conversation_id: int, user_id: int) -> None:
    for sid in list(_sockets_in(rooms.user(user_id))):
        for room in (*rooms.both(conversation_id), rooms.looking(conversation_id)):
            socketio.server.leave_room(sid, room)


PREPARE: dict[type, Callable[[Any], Departure]] = {
    events.MessageSent: _message_sent,
    events.ConversationCreated: _conversation_created,
    events.ConversationUpdated: _conversation_updated,
    events.MembersAdded: _members_added,
    events.MemberRemoved: _member_removed,
    events.ConversationRead: _conversation_read,
    events.TypingStarted: _typing("user_typing"),
    events.TypingStopped: _typing("user_stopped_typing"),
    events.SessionsEnded: _sessions_ended,
}
