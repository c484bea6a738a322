"""How the server reads requests."""

from __future__ import annotations

from typing import Any

import eventlet
from eventlet.wsgi import HttpProtocol


class FairProtocol(HttpProtocol):
    """Before each request others have their turn, however many more this client has sent already: what has arrived is read
    and answered without a wait in which they would."""

    rfile: Any
    connection: Any

    def _read_request_line(self) -> bytes:
        eventlet.sleep(0)
        line: bytes = super()._read_request_line()
        return line
