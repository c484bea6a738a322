"""GET /metrics: what the process counts, for Prometheus alone."""

import threading
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from lumina.extensions import Pool, db
from tests.support import making
from tests.support.waiting import eventually

HERE, ELSEWHERE = "127.0.0.1", "203.0.113.5"


@pytest.fixture
def ask(app):
    """GET /metrics from an address, with these headers."""

    def get(address=HERE, **headers):
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=named)

    return get


@pytest.fixture
def token(app, config, monkeypatch):
    monkeypatch.setitem(app.config, "LUMINA", replace(config, metrics_token="s3cret"))


def samples(answer):
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.get_data(as_text=True))
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_counts_requests_by_route_and_status(ask, api, cast):
    counter = ("lumina_http_request_duration_seconds_count", "/api/users/<user_id>", "4xx", "GET")
    before = samples(ask()).get(counter, 0)
    for user_id in ("x", "999999"):
        api.as_(cast.owner).get(f"/api/users/{user_id}", status=404)
    assert samples(ask())[counter] == before + 2


def test_what_has_no_route_is_one_series(ask, app):
    for path, method in [("/nothing/1", "GET"), ("/nothing/2", "GET"), ("/nothing", "BREW")]:
        app.test_client().open(path, method=method)
    found = [key for key in samples(ask()) if key[0].endswith("_count") and "none" in key]
    assert len({key for key in found if "GET" in key}) == 1
    assert not [key for key in samples(ask()) if "BREW" in key]


def test_it_counts_messages_and_sockets(ask, api, cast, open_socket):
    conversation = making.direct(api, cast.owner, cast.member)
    before = samples(ask())
    open_socket(cast.owner)
    making.say(api, cast.owner, conversation, "One", "Two")
    after = samples(ask())
    assert after["lumina_messages_sent_total",] == before["lumina_messages_sent_total",] + 2
    assert after["lumina_sockets_connected",] == before["lumina_sockets_connected",] + 1


def test_it_tells_of_client_events_by_their_outcome(ask, cast, open_socket):
    socket = open_socket(cast.owner)
    before = samples(ask())
    socket.emit("join_conversation", {"conversationId": "999999"})
    after, counter = (
        samples(ask()),
        ("lumina_socket_event_duration_seconds_count", "join_conversation", "not_found"),
    )
    assert after[counter] == before.get(counter, 0) + 1
    assert after["lumina_socket_event_duration_seconds_count", "connect", "ok"] >= 1


def test_it_tells_of_the_databases_pool(ask, app):
    with app.app_context():
        pool = db.engine.pool
        db.session.remove()
        assert (taken := pool.checkedout()) == 0
        first = samples(ask())
        with db.engine.connect():
            second = samples(ask())
    assert first["lumina_database_pool_size",] == second["lumina_database_pool_size",] == pool.most >= 15
    assert second["lumina_database_pool_in_use",] == first["lumina_database_pool_in_use",] + 1 == taken + 1
    assert second["lumina_database_pool_waiting",] == 0


def test_it_tells_how_many_wait_for_the_database(app):
    with app.app_context():
        pool = Pool(db.engine.pool._creator, pool_size=1, max_overflow=0, timeout=10)
    assert (pool.most, pool.waiting) == (1, 0)
    held, waiter = pool.connect(), threading.Thread(target=lambda: pool.connect().close())
    waiter.start()
    assert eventually(lambda: pool.waiting == 1)
    held.close()
    waiter.join()
    assert pool.waiting == 0


def test_it_tells_of_the_process_in_the_form_of_prometheus(ask):
    answer = ask()
    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert samples(answer)["process_resident_memory_bytes",] > 1_000_000


@pytest.mark.parametrize("address", [HERE, "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_programs_on_this_machine_may_ask(ask, address):
    assert ask(address).status_code == 200


@pytest.mark.parametrize("address", [ELSEWHERE, "10.0.0.1", "::ffff:203.0.113.5", "", "unix:"])
def test_others_find_nothing(ask, address):
    answer = ask(address)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["X_Forwarded_For", "Forwarded", "X_Real_IP", "X_Forwarded_Proto", "Via"])
def test_a_proxy_on_this_machine_is_not_this_machine(ask, name):
    assert ask(HERE, **{name: HERE}).status_code == 404


def test_the_token_opens_it_from_anywhere(ask, token):
    assert ask(ELSEWHERE, Authorization="Bearer s3cret").status_code == 200
    assert ask(HERE, X_Forwarded_For=ELSEWHERE, Authorization="Bearer s3cret").status_code == 200
    assert ask(HERE).status_code == 200


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer s3cre"}, {"Authorization": "Bearer é"}])
def test_without_the_right_token_it_stays_shut(ask, token, given):
    answer = ask(ELSEWHERE, **given)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_where_no_token_is_set_none_opens_it(ask):
    for given in ("Bearer None", "Bearer ", ""):
        assert ask(ELSEWHERE, Authorization=given).status_code == 404


def test_nobody_comes_to_be_here_by_a_trusted_proxys_word(app):
    get = Client(ProxyFix(app.wsgi_app, x_for=1)).get
    for peer in (HERE, ELSEWHERE):
        answer = get("/metrics", environ_base={"REMOTE_ADDR": peer}, headers={"X-Forwarded-For": HERE})
        assert answer.status_code == 404
    assert get("/metrics", environ_base={"REMOTE_ADDR": HERE}).status_code == 200
