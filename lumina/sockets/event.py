"""How a client event is declared: its payload's schema, and an acknowledgement whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from lumina.errors import LuminaError
from lumina.extensions import socketio
from lumina.schemas.base import Request
from lumina.sockets import connections, errors, watching
from lumina.sockets.connections import Connection

Body = TypeVar("Body", bound=Request)
Handler = Callable[[Connection, Body], dict[str, Any]]


class UnknownEvent(LuminaError):
    """400: no event of this name is listened to."""

    code, message = "unknown_event", "There is no event of this name."


declared: dict[str, type[Request]] = {}


def on(name: str, schema: type[Body]) -> Callable[[Handler[Body]], Handler[Body]]:
    """Declare a client event; the handler's dict is acknowledged as `data`.

    It has the app around it and no request, which the library would make anew for each event out of the one by which the
    socket came: nothing here asks for that.
    """

    def declare(handle: Handler[Body]) -> Handler[Body]:
        declared[name] = schema

        def acknowledge(sid: str, payload: object = None, *_: object) -> object:
            with watching.event(name) as noted, app_around(sid):
                try:
                    connection = connections.find(sid)
                    noted.by(connection.user.id)
                    return {"success": True, "data": handle(connection, schema.model_validate(payload))}
                except Exception as error:
                    failure = errors.answer(error)
                    noted.outcome = failure["code"]
                    return failure

        # Taken by Flask-SocketIO when it makes its server.
        socketio.handlers.append((name, acknowledge, "/"))
        return handle

    return declare


def _unknown(event: object, sid: str, *_: object) -> object:
    """An event that nothing here is declared for. Noted without its name, of which there is no end."""
    with watching.event("unknown") as noted:
        noted.outcome = UnknownEvent.code
        return errors.answer(UnknownEvent())


socketio.handlers.append(("*", _unknown, "/"))


def app_around(sid: str) -> AbstractContextManager[Any]:
    """What the answer says is read within, too. A socket that has gone meanwhile has no app, and is refused."""
    environ = socketio.server.get_environ(sid)
    return environ["flask.app"].app_context() if environ else nullcontext()
