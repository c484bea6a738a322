"""The server: eventlet's own, and with lumina/blocking.py, socket_manager.py and serving/ all that knows it.

With WEB_CONCURRENCY above 1 it becomes the supervisor of so many processes of itself.
"""

import warnings

# Chosen knowingly: the stack is fixed, and the day it must go these three files change.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import errno
import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import eventlet.wsgi
from eventlet.greenio import GreenSocket
from flask import Flask

from lumina import create_app, metrics
from lumina.config import Config, ConfigError
from lumina.extensions import socketio
from lumina.outlets import hub, relay
from lumina.outlets.bus import Bus
from lumina.services import backlog, deliveries, presence, sweep
from lumina.serving import supervisor
from lumina.serving.handover import Door, Handover, protocol
from lumina.serving.place import Place
from lumina.serving.protocol import FairProtocol
from lumina.socket_manager import Manager, Packet
from lumina.sockets.loops import Loops

log = logging.getLogger("lumina.server")
BACKLOG = 4096
# Every open websocket holds a place and a file descriptor; the server's own limit of places is 1,024.
MOST_CONNECTIONS = 20_000
SPARE_DESCRIPTORS = 100
# How long a request may stand still, or a connection wait for the next one. Websockets set a time of their own.
PATIENCE_SECONDS = 60
GRACE_SECONDS = 6
# Whoever has just been let in is about to ask something, and would be closed as idle: for so long it is waited for.
ARRIVAL_SECONDS = 0.5
# How long the server rests between two looks for what is due, for what commands have left for it, for who has come and
# gone, and for what has reached whom; between two measurements of itself, and of what waits to leave.
SWEEP_SECONDS, RELAY_SECONDS, PRESENCE_SECONDS, DELIVERIES_SECONDS = 1, 0.5, 0.5, 1
METRICS_SECONDS, BACKLOG_SECONDS = 1, 5


def raise_limits() -> int:
    """Take as many file descriptors as one may have; the connections that leaves room for."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(MOST_CONNECTIONS, hard - SPARE_DESCRIPTORS)


def take_port(config: Config) -> Any:
    """Eventlet by itself would share the port with a server that has it already, each taking half of what comes."""
    try:
        return eventlet.listen((config.host, config.port), backlog=BACKLOG, reuse_port=False)
    except OSError as error:
        sys.exit(f"lumina: port {config.port} of {config.host} cannot be had: {error.strerror}")


def listen(config: Config, place: Place | None) -> Any:
    """The listening socket, which a supervisor has made where there is one."""
    if place:
        listener: Any = GreenSocket(socket.socket(fileno=place.listener))
    else:
        listener = take_port(config)
    # With Nagle's algorithm an acknowledgement after a broadcast would wait for a delayed ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    accept = listener.accept

    def accept_when_possible() -> tuple[socket.socket, Any]:
        """The server would stop accepting for good where the machine runs out of descriptors for a moment."""
        while True:
            try:
                accepted: tuple[socket.socket, Any] = accept()
                return accepted
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE):
                    raise
                eventlet.sleep(0.1)

    listener.accept = accept_when_possible
    return listener


def reading_chunks(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Tell the app that a chunked body ends by itself, which eventlet sees to and does not say."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    return call


def serve(app: Flask, config: Config, place: Place | None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs, within ten seconds."""
    listener, reads = listen(config, place), FairProtocol
    handover = Handover(place.folder) if place else None
    if handover:
        handover.name_sessions(socketio.server.eio)
        listener, reads = Door(listener, handover), protocol(handover)
    bus = Bus(config.redis_url) if config.redis_url else None
    if bus:
        bus.start()
        hub.carry_by(bus.publish)
    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        reading_chunks(app),
        max_size=raise_limits(),
        log_output=False,
        debug=False,
        keepalive=PATIENCE_SECONDS,
        socket_timeout=PATIENCE_SECONDS,
        protocol=reads,
    )
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: asked_to_stop.append(received))
    if place:
        # It renews workers, one after another, which is the supervisor's to do.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loops = Loops(app)
    loops.run(sweep.Sweeper(sweep.jobs, loops.beside).sweep, every=SWEEP_SECONDS)
    loops.run(relay.deliver, every=RELAY_SECONDS)
    loops.run(presence.settle, every=PRESENCE_SECONDS)
    loops.run(deliveries.tell, every=DELIVERIES_SECONDS)
    loops.run(metrics.rounds, every=METRICS_SECONDS)
    loops.run(backlog.tell, every=BACKLOG_SECONDS)
    where = "localhost" if config.host in ("127.0.0.1", "0.0.0.0") else config.host
    log.info("Lumina is at http://%s:%s", where, config.port)
    if place:
        place.say_ready()
    # A signal does not wake the event loop from its wait, so it is looked for.
    while not (asked_to_stop or (place and place.is_orphaned())):
        eventlet.sleep(0.2)
        if server.dead:
            sys.exit("lumina: the server has stopped")
    log.info("stopping: what runs is finished")
    with eventlet.Timeout(GRACE_SECONDS, False):
        loops.stop()
        if handover:
            handover.close()
            listener.shut()
            eventlet.sleep(ARRIVAL_SECONDS)
        stop(server)
        loops.join()
        if bus:
            bus.stop()


def stop(server: eventlet.greenthread.GreenThread) -> None:
    """Take no new connections, close the sockets so that their clients come back elsewhere, wait for the rest."""
    server.kill(SystemExit)
    transport = socketio.server.eio
    for sid in list(transport.sockets):
        # Closed by its namespace ("io server disconnect") a client would stay away.
        eventlet.spawn(transport.disconnect, sid)
    server.wait()


def main() -> None:
    place = Place.from_env()
    try:
        config = Config.from_env()
        if config.workers > 1 and not place:
            supervise(config)
        app = create_app(
            config, async_mode="eventlet", client_manager=Manager(), serializer=Packet, async_handlers=False
        )
    except ConfigError as error:
        sys.exit(f"lumina: {error.message}")
    # What is there now stays: looking through it again and again would hold everybody up for a tenth of a second each time.
    gc.collect()
    gc.freeze()
    serve(app, config, place)


def supervise(config: Config) -> NoReturn:
    """Become the supervisor of so many processes of this program; it has to be one that nothing has patched."""
    os.environ["LOG_FORMAT"] = config.log_format
    program = [supervisor.__file__, config.host, str(config.port), str(config.workers), *sys.orig_argv[1:]]
    os.execv(sys.executable, [sys.executable, "-P", *program])


if __name__ == "__main__":
    main()
