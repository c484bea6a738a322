"""How a client event is declared: its payload's schema, and an acknowledgement whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request

from lumina.extensions import socketio
from lumina.schemas.base import Request
from lumina.sockets import connections, errors, watching
from lumina.sockets.connections import Connection

Body = TypeVar("Body", bound=Request)
Handler = Callable[[Connection, Body], dict[str, Any]]

declared: dict[str, type[Request]] = {}


def on(name: str, schema: type[Body]) -> Callable[[Handler[Body]], Handler[Body]]:
    """Declare a client event; the handler's dict is acknowledged as `data`."""

    def declare(handle: Handler[Body]) -> Handler[Body]:
        declared[name] = schema

        @socketio.on(name)
        def acknowledge(payload: object = None, *_: object) -> object:
            with watching.event(name) as noted:
                try:
                    connection = connections.find(request.sid)  # type: ignore[attr-defined]
                    noted.by(connection.user.id)
                    return {"success": True, "data": handle(connection, schema.model_validate(payload))}
                except Exception as error:
                    failure = errors.answer(error)
                    noted.outcome = failure["code"]
                    return failure

        return handle

    return declare
