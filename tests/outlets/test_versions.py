"""Whatever order processes tell in, acts on a conversation's messages are done in the order of their versions."""

import random
import time

import pytest

from lumina.outlets import versions
from lumina.outlets.versions import Versions


def message(version, conversation=1, name="message_received"):
    payload = {"conversationId": str(conversation), "version": version}
    return "emit", {"event": name, "payload": payload, "to": "somewhere"}


def removal(conversation=1):
    return "evict", {"conversation_id": conversation, "user_id": 7}


def change(conversation=1):
    return "emit", {
        "event": "conversation_updated",
        "payload": {"conversation": {"id": str(conversation)}},
        "to": "x",
    }


@pytest.fixture
def done():
    return []


@pytest.fixture
def order(done):
    return Versions(lambda act, arguments: done.append((act, arguments)))


def told(done):
    """What was done: the version of a message, the name of anything else."""
    return [arguments.get("payload", {}).get("version", act) for act, arguments in done]


def test_what_comes_too_early_waits_for_its_predecessor(order, done):
    order.take("a", [message(1)])
    order.take("b", [message(3)])
    assert told(done) == [1]
    assert order.waits
    order.take("a", [message(2)])
    assert told(done) == [1, 2, 3]
    assert not order.waits


def test_both_forms_of_one_message_go(order, done):
    order.take("a", [message(1), message(1), message(2), message(2)])
    assert told(done) == [1, 1, 2, 2]


def test_conversations_do_not_wait_for_each_other(order, done):
    order.take("a", [message(1, 1), message(1, 2)])
    order.take("b", [message(3, 1), message(2, 2)])
    assert told(done) == [1, 1, 2]


def test_a_removal_stands_before_what_was_sent_after_it(order, done):
    order.take("a", [message(1)])
    order.take("b", [message(3)])
    order.take("a", [message(2), removal()])
    assert told(done) == [1, 2, "evict", 3]


def test_what_a_process_says_later_stays_behind_what_it_said_first(order, done):
    order.take("a", [message(1)])
    order.take("b", [message(3), removal(), change()])
    order.take("c", [change()])
    assert told(done) == [1, "emit"]
    order.take("a", [message(2)])
    assert told(done) == [1, "emit", 2, 3, "evict", "emit"]


def test_what_is_no_conversation_s_never_waits(order, done):
    order.take("a", [message(1)])
    order.take(
        "b", [message(3), ("close", {"session_ids": [1]}), ("emit", {"payload": {"wallet": {}}, "to": "x"})]
    )
    assert told(done) == [1, "close", "emit"]


def test_nothing_waits_for_a_process_that_died(order, done, monkeypatch):
    monkeypatch.setattr(versions, "LONGEST", 0.05)
    order.take("a", [message(1)])
    order.take("b", [message(3), message(4)])
    order.hurry()
    assert told(done) == [1]
    time.sleep(0.06)
    order.hurry()
    assert told(done) == [1, 3, 4]


def test_the_first_version_heard_of_waits_a_moment_only(order, done):
    order.take("a", [message(58)])
    order.take("b", [message(57)])
    time.sleep(versions.FIRST)
    order.hurry()
    assert told(done) == [57, 58]


def test_of_many_conversations_only_the_last_are_remembered(order, done, monkeypatch):
    monkeypatch.setattr(versions, "MOST", 2)
    order.take("a", [message(1, conversation) for conversation in (1, 2, 3)])
    order.take("a", [message(2, 3), message(2, 1)])
    assert told(done) == [1, 1, 1, 2]


def test_what_fails_holds_nothing_up(done, caplog):
    def perform(act, arguments):
        done.append((act, arguments))
        raise RuntimeError("it does not work")

    order = Versions(perform)
    order.take("a", [message(1), message(2)])
    assert told(done) == [1, 2]
    assert caplog.text.count("an event could not be sent") == 2


@pytest.mark.parametrize("seed", range(20))
def test_any_order_of_telling_ends_in_the_order_of_versions(order, done, seed):
    chance = random.Random(seed)
    tellers = {name: [] for name in "abc"}
    for version in range(1, 61):
        tellers[chance.choice("abc")].append(message(version))
    while any(tellers.values()):
        name = chance.choice([name for name, acts in tellers.items() if acts])
        some = chance.randint(1, 4)
        order.take(name, tellers[name][:some])
        del tellers[name][:some]
    assert told(done) == list(range(1, 61))
