"""The server: eventlet's own, and with lumina/blocking.py the only place that knows it."""

import warnings

# Chosen knowingly: the stack is fixed, and this file and lumina/blocking.py are all that names it.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import logging
import signal
import socket
import sys

import eventlet.wsgi
from flask import Flask

from lumina import create_app
from lumina.config import Config, ConfigError
from lumina.extensions import socketio
from lumina.socket_manager import Manager

log = logging.getLogger("lumina.server")
BACKLOG = 4096
# Every open websocket holds a place; the server's own limit is 1,024.
MOST_CONNECTIONS = 20_000
GRACE_SECONDS = 8


def listen(config: Config) -> socket.socket:
    """The listening socket. With Nagle's algorithm an acknowledgement after a broadcast would wait for a delayed ACK."""
    listener: socket.socket = eventlet.listen((config.host, config.port), backlog=BACKLOG)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(app: Flask, config: Config) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs, within ten seconds."""
    listener = listen(config)
    pool = eventlet.GreenPool(MOST_CONNECTIONS)
    server = eventlet.spawn(
        eventlet.wsgi.server, listener, app, custom_pool=pool, log_output=False, socket_timeout=None
    )
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: asked_to_stop.append(received))
    where = "localhost" if config.host in ("127.0.0.1", "0.0.0.0") else config.host
    log.info("Lumina is at http://%s:%s", where, config.port)
    # A signal does not wake the event loop from its wait, so it is looked for.
    while not asked_to_stop:
        eventlet.sleep(0.2)
    log.info("stopping: what runs is finished")
    with eventlet.Timeout(GRACE_SECONDS, False):
        stop(server)


def stop(server: eventlet.greenthread.GreenThread) -> None:
    """Take no new connections, close the sockets so that their clients go elsewhere, wait for the rest."""
    closing = eventlet.spawn(server.kill, SystemExit)
    for sid, _ in list(socketio.server.manager.get_participants("/", None)):
        socketio.server.disconnect(sid)
    closing.wait()


def main() -> None:
    try:
        config = Config.from_env()
        app = create_app(config, async_mode="eventlet", client_manager=Manager())
    except ConfigError as error:
        sys.exit(f"lumina: {error}")
    serve(app, config)


if __name__ == "__main__":
    main()
