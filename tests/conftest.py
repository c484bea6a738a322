"""The tests' fixtures stand in tests/support, one file per noun."""

import pytest

pytest.register_assert_rewrite("tests.support")
pytest_plugins = [
    "tests.support.application",
    "tests.support.browser",
    "tests.support.cast",
    "tests.support.clamd",
    "tests.support.database",
    "tests.support.forks",
    "tests.support.measuring",
    "tests.support.node_client",
    "tests.support.order",
    "tests.support.passing",
    "tests.support.push_service",
    "tests.support.redis",
    "tests.support.reporting",
    "tests.support.run_dir",
    "tests.support.s3",
    "tests.support.server",
    "tests.support.site",
    "tests.support.sockets",
    "tests.support.stripe",
]
