"""One Engine.IO socket by itself: how much may wait for it, and when it is asked whether it is still there."""

import socket

import engineio
import pytest
from engineio import packet

from lumina import fair_socket
from lumina.fair_socket import MOST_WAITING, FairSocket
from tests.support.waiting import eventually

MIB = 1024 * 1024


class Line:
    """A connection of which one sees whether it was shut."""

    def __init__(self):
        self.shut = []

    def shutdown(self, how):
        self.shut.append(how)
        raise OSError("it was gone already")


@pytest.fixture
def server():
    return engineio.Server(async_mode="threading", ping_interval=0.02)


@pytest.fixture
def one(server):
    made = server.sockets["one"] = FairSocket(server, "one")
    return made


def say(one, size=MIB):
    one.send(packet.Packet(packet.MESSAGE, "x" * size))


def test_what_is_read_never_counts_again(one):
    for _ in range(3 * MOST_WAITING // MIB):
        say(one)
        assert len(one.poll()) == 1
    assert not one.is_let_go


def test_who_polls_no_more_is_let_go_and_nothing_is_kept(one):
    for _ in range(2 * MOST_WAITING // MIB):
        say(one)
    assert eventually(lambda: one.closed)
    assert one.poll() == []


def test_whose_websocket_is_stuck_is_cut_off(one):
    one.line = Line()
    for _ in range(2 * MOST_WAITING // MIB):
        say(one)
    assert eventually(lambda: one.line.shut) == [socket.SHUT_RDWR]


def test_each_is_asked_once_for_each_answer(one):
    one.schedule_ping()
    assert eventually(lambda: one.last_ping)
    assert [asked.packet_type for asked in one.poll()] == [packet.PING]
    one.receive(packet.Packet(packet.PONG))
    one.receive(packet.Packet(packet.PONG))
    assert eventually(lambda: one.last_ping)
    assert [asked.packet_type for asked in one.poll()] == [packet.PING]


def test_who_cannot_be_asked_holds_nobody_up(server, one, monkeypatch, caplog):
    other, gone = FairSocket(server, "other"), FairSocket(server, "gone")
    gone.closed = True
    monkeypatch.setattr(one, "ping", lambda: 1 / 0)
    for each in (one, gone, other):
        fair_socket._heartbeats.expect(each)
    assert eventually(lambda: not other.queue.empty())
    assert gone.queue.empty()
    assert "could not be asked" in caplog.text
