"""What the real server tells Prometheus of its work."""

from functools import partial

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.live.conftest import crowd, make_group, post
from tests.support.waiting import eventually

pytestmark = pytest.mark.live
QUEUES = {"push_deliveries", "notices", "mails", "link_previews", "relayed_events"}


@pytest.fixture
def server(make_server):
    return make_server()


def samples(server):
    text = requests.get(f"{server.url}/metrics", timeout=10).text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_counts_what_goes_to_each_socket(server, connect):
    people = crowd(server, 3)
    conversation = make_group(server, people)
    sockets = [connect(server, person) for person in people]
    body = {"conversationId": conversation, "content": "To all three"}
    before = samples(server)
    assert post(server, people[0], "/api/messages", body).status_code == 201
    for socket in sockets:
        assert socket.wait_until(partial(socket.received, "message_received"))
    after = samples(server)
    assert after["lumina_deliveries_total",] >= before["lumina_deliveries_total",] + 3
    assert after["lumina_messages_sent_total",] == before["lumina_messages_sent_total",] + 1
    assert after["lumina_sockets_connected",] == 3


def test_it_measures_itself_and_what_waits(server):
    assert eventually(
        lambda: {key[1] for key in samples(server) if key[0] == "lumina_queue_age_seconds"} >= QUEUES
    )
    found = samples(server)
    assert all(0 <= found["lumina_queue_age_seconds", queue] < 60 for queue in QUEUES)
    assert eventually(lambda: samples(server)["lumina_loop_pass_seconds_count",] >= 2)
    assert found["lumina_workers",] == 1
    assert found["lumina_database_pool_size",] >= 15
