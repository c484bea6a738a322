"""Our manager of sockets keeps the same rooms as the library's, whatever comes and goes."""

import random
from itertools import count
from types import SimpleNamespace

import pytest
import socketio

from lumina.socket_manager import Manager

ROOMS = ["a", "b", "c", "d"]


def managed(manager):
    numbers = count(1)
    manager.server = SimpleNamespace(eio=SimpleNamespace(generate_id=lambda: f"sid-{next(numbers)}"))
    return manager


@pytest.mark.parametrize("seed", range(25))
def test_rooms_are_those_of_the_library(seed):
    chance = random.Random(seed)
    ours, theirs = managed(Manager()), managed(socketio.Manager())
    sids = []
    for step in range(200):
        act = chance.choice(["connect", "enter", "enter", "leave", "disconnect"])
        if act == "connect" or not sids:
            (sid,) = {manager.connect(f"connection-{step}", "/") for manager in (ours, theirs)}
            sids.append(sid)
            continue
        sid, room = chance.choice(sids), chance.choice(ROOMS)
        for manager in (ours, theirs):
            if act == "enter":
                manager.enter_room(sid, "/", room)
            elif act == "leave":
                manager.leave_room(sid, "/", room)
            else:
                manager.pre_disconnect(sid, "/")
                manager.disconnect(sid, "/")
        if act == "disconnect":
            sids.remove(sid)
        for asked in [None, *ROOMS, ["a", "b"], ["c", "nowhere"]]:
            assert dict(ours.get_participants("/", asked)) == dict(theirs.get_participants("/", asked))
        for each in sids:
            assert sorted(ours.get_rooms(each, "/")) == sorted(theirs.get_rooms(each, "/"))
            assert ours.is_connected(each, "/")
            assert ours.eio_sid_from_sid(each, "/") == theirs.eio_sid_from_sid(each, "/")
    assert ours._rooms_of.keys() == set(sids)


def test_nobody_enters_the_room_of_one_socket():
    manager = managed(Manager())
    one, other = manager.connect("first", "/"), manager.connect("second", "/")
    with pytest.raises(ValueError):
        manager.enter_room(other, "/", one)
