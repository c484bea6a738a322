"""The time that deadlines see can be moved; tokens and sessions keep to the real one."""

from datetime import timedelta

import pytest

from lumina import clock
from lumina.errors import Invalid
from lumina.services import clocks, messages
from tests.support import making


def test_it_stands_where_the_real_one_does(inside):
    assert clocks.offset() == timedelta(0)
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


def test_moving_adds_up(inside):
    assert clocks.advance(None, 60) == timedelta(minutes=1)
    assert clocks.advance(None, 3600) == timedelta(minutes=61)
    assert timedelta(minutes=60) < clock.now() - clock.real_now() < timedelta(minutes=62)


def test_it_only_goes_forward(inside):
    with pytest.raises(Invalid):
        clocks.advance(None, -1)
    assert clocks.offset() == timedelta(0)


def test_messages_bear_the_moved_time_and_tokens_stay_good(app, api, cast):
    made = making.direct(api, cast.owner, cast.member)
    with app.app_context():
        clocks.advance(None, 100 * 24 * 3600)
        sent = messages.send(cast.owner.user, made["id"], content="From the future")
        assert sent.message.created_at - clock.real_now() > timedelta(days=99)
    api.as_(cast.owner).get("/api/auth/me")
