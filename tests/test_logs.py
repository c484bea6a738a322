"""How a line of the log looks, for programs and for people."""

import json
import logging
from dataclasses import replace

import pytest

from lumina import logs

log = logging.getLogger("lumina.tests")


@pytest.fixture
def tell(config, capsys):
    """tell(log_format="json")(log.info, "…"): what comes to standard error of it."""
    root, lumina = logging.getLogger(), logging.getLogger("lumina")
    handlers, levels = list(root.handlers), (root.level, lumina.level)

    def set_up(**changes):
        logs.set_up(replace(config, **changes))

        def told(how, *arguments, **options):
            how(*arguments, **options)
            return capsys.readouterr().err

        return told

    yield set_up
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    lumina.setLevel(levels[1])


def test_json_has_one_object_a_line(tell):
    told = tell(log_format="json")
    with logs.within() as around:
        logs.acting(7)
        line = told(log.info, "two\nlines", extra={"fields": {"job": "expiry"}})
    assert line.count("\n") == 1
    found = json.loads(line)
    assert found.pop("time").endswith("Z")
    assert found == {
        "level": "info",
        "logger": "lumina.tests",
        "message": "two\nlines",
        "request_id": around.request_id,
        "user_id": 7,
        "job": "expiry",
    }


def test_json_has_exceptions_in_the_same_line(tell):
    try:
        raise OSError("out of reach")
    except OSError:
        line = tell(log_format="json")(log.exception, "it failed")
    assert line.count("\n") == 1
    assert json.loads(line)["exception"].endswith("OSError: out of reach")


def test_text_reads_in_one_line(tell):
    told = tell(log_format="text")
    line = told(log.warning, "so\nit is", extra={"fields": {"job": "expiry"}})
    assert line.endswith(" WARNING lumina.tests: so\\nit is job=expiry\n")
    try:
        raise OSError("out of reach")
    except OSError:
        assert told(log.exception, "it failed").endswith("OSError: out of reach\n")


def test_links_are_for_development_alone(tell):
    for env, told in (("development", "?token=abc"), ("production", "?[query]")):
        assert told in tell(log_format="text", env=env)(log.info, "see %s", "https://a.example/b?token=abc")
    assert "[mail]" in tell(log_format="json")(log.info, "to %s", "mara@example.org")


@pytest.mark.parametrize(("level", "lines"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_is_ours_alone(tell, level, lines):
    told = tell(log_level=level)
    own = [told(how, "x") for how in (log.debug, log.info, log.warning, log.error)]
    assert len([line for line in own if line]) == lines
    assert told(logging.getLogger("engineio.server").info, "received packet with all its text") == ""


def test_setting_up_twice_tells_once(tell):
    tell()
    assert tell()(log.info, "x").count("\n") == 1


def test_a_block_has_an_id_of_its_own_and_gives_back_the_former():
    outer = logs.begin("outer")
    with logs.within() as inner:
        assert logs.around() is inner is not outer
    assert logs.around() is outer
    logs.end()
    assert logs.around() is None
    logs.acting(1)
    assert logs.around() is None
