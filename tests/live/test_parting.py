"""Parting while something else happens: whichever comes first, no money is lost and nobody is half gone."""

from contextlib import suppress
from dataclasses import replace

import pytest

from tests.live.live_socket import Gone
from tests.support.parting import AtServer, Scene, at_once, scene

__all__ = ["scene"]
ROUNDS = 6
PRICE = 5_000


def in_turns(calls, number):
    """Now the one first, now the other."""
    return calls if number % 2 else calls[::-1]


def both(number, one, other):
    """Begins two at once; the answer to the one, then to the other."""
    answers = at_once(*in_turns([one, other], number))
    return in_turns(answers, number)


@pytest.mark.parametrize("by", ["expert", "client"])
def test_an_answer_against_a_block(scene, by):
    client = scene.client()
    for number in range(ROUNDS):
        expert = scene.expert()
        asked = scene.asked(client, expert)
        pair = (expert, client) if by == "expert" else (client, expert)
        said, blocked = both(number, scene.say(expert, asked), scene.block(*pair))
        assert blocked.status == 200
        if said.status == 201:
            assert scene.escrow(client, asked) == ("answered", None)
        else:
            assert (said.status, said.code) == (403, "blocked")
            assert scene.escrow(client, asked) == ("refunded", "blocked")


def test_a_purchase_against_a_block(scene):
    client = scene.client()
    for number in range(ROUNDS):
        expert = scene.expert()
        bought, blocked = both(number, scene.ask(client, expert), scene.block(expert, client))
        assert blocked.status == 200
        if bought.status == 201:
            assert scene.escrow(client, bought.data["conversation"]) == ("refunded", "blocked")
        else:
            assert (bought.status, bought.code) == (403, "blocked")
        assert scene.available(client) == 1_000_000


def test_a_purchase_against_closing(scene):
    client = scene.client()
    for number in range(ROUNDS):
        expert = scene.expert()
        bought, closed = both(number, scene.ask(client, expert), scene.close(expert))
        assert closed.status == 200, closed
        if bought.status == 201:
            assert scene.escrow(client, bought.data["conversation"]) == ("refunded", "closed")
        else:
            assert (bought.status, bought.code) == (409, "not_an_expert")
        assert scene.available(client) == 1_000_000


def test_an_answer_against_a_suspension(scene):
    client = scene.client()
    for number in range(ROUNDS):
        expert = scene.expert()
        asked = scene.asked(client, expert)
        said, suspended = both(number, scene.say(expert, asked), scene.suspend(expert))
        assert suspended.status == 200
        if said.status == 201:
            assert scene.escrow(client, asked) == ("answered", None)
        else:
            assert said.status == 401
            assert scene.escrow(client, asked) == ("refunded", "suspended")
        assert scene.say(expert, asked)().status == 401


def test_signing_in_against_a_suspension(scene):
    for number in range(ROUNDS):
        person = scene.expert()
        signed_in, suspended = both(number, scene.sign_in(person), scene.suspend(person))
        assert suspended.status == 200
        assert signed_in.status in (200, 403)
        tokens = [person.token, *([signed_in.data["token"]] if signed_in.status == 200 else [])]
        for token in tokens:
            assert scene.place.call(replace(person, token=token), "GET", "/api/auth/me").status == 401


def test_closing_twice_at_once(scene):
    friend = scene.expert()
    for _ in range(ROUNDS):
        person = scene.expert()
        group = scene.group(friend, person, scene.admin)().data["conversation"]
        answers = at_once(*[scene.close(person)] * 4)
        assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]
        ids, number = scene.members(friend, group)
        assert (set(ids), number) == ({friend.id, scene.admin.id}, 2)


def test_closing_while_one_is_drawn_into_groups(scene):
    friend, other = scene.expert(), scene.expert()
    for _ in range(ROUNDS):
        person = scene.expert()
        closed, *drawn = at_once(
            scene.close(person),
            scene.group(friend, person, other),
            scene.group(other, person, friend),
        )
        assert closed.status in (200, 409)
        if closed.status == 409:
            assert (closed.code, scene.close(person)().status) == ("conflict", 200)
        for answer in drawn:
            if answer.status == 201:
                ids, number = scene.members(friend, answer.data["conversation"])
                assert (set(ids), number) == ({friend.id, other.id}, 2)
            else:
                assert answer.status == 404


def test_experts_who_part_at_once_and_have_the_same_clients(scene):
    """Their clients' accounts are the same, and met in another order: neither waits for the other in a circle."""
    clients = [scene.client(), scene.client("Ines")]
    for number in range(ROUNDS // 2):
        experts = [scene.expert() for _ in range(3)]
        for place, expert in enumerate(experts):
            for client in in_turns(clients, place):
                scene.asked(client, expert)
        answers = at_once(
            *in_turns([scene.close(experts[0]), scene.suspend(experts[1]), scene.close(experts[2])], number)
        )
        assert [answer.status for answer in answers] == [200, 200, 200]
        for client in clients:
            assert scene.available(client) == 1_000_000


def test_two_who_block_each_other_at_once(scene):
    client, expert = scene.client(), scene.expert()
    asked = scene.asked(client, expert)
    answers = at_once(*[scene.block(client, expert), scene.block(expert, client)] * 3)
    assert {answer.status for answer in answers} == {200}
    assert scene.escrow(client, asked) == ("refunded", "blocked")
    assert scene.available(client) == 1_000_000


def test_a_socket_that_comes_while_its_person_is_suspended(live_server, connect):
    scene = Scene(AtServer(live_server))
    for _ in range(ROUNDS):
        person = scene.expert()
        sockets = []

        def come(person=person, sockets=sockets):
            with suppress(Gone):
                sockets.append(connect(live_server, person))

        at_once(come, scene.suspend(person), come)
        assert all(socket.wait_until(lambda socket=socket: socket.closed) for socket in sockets)
