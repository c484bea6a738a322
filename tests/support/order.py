"""What runs when: tests in the test's own process first, then those against the real server, then those in a browser.

Servers and browsers that stand by take a share of the machine, and so begin late. The longest tests are among those
against the real server; what comes after them can still be shared out among the workers.
"""

import pytest

LATE = {"browser": 2, "live": 1}


@pytest.hookimpl(trylast=True)  # after pytest has put together what shares a database
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return max((turn for kind, turn in LATE.items() if item.get_closest_marker(kind)), default=0)
