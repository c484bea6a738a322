"""Holds the rules of who may know whom, by reading the imports."""

from pathlib import Path

import pytest

from tests.support.floors import find_violations

ROOT = Path(__file__).parent.parent


def test_the_house_keeps_its_floors():
    assert find_violations(ROOT) == []


def house(root: Path, files: dict[str, str]) -> Path:
    """A small house in good order, and then the files given."""
    order = {
        "wsgi.py": "import eventlet\nfrom lumina import create_app",
        "lumina/__init__.py": "from lumina import api, services",
        "lumina/errors.py": "",
        "lumina/models/__init__.py": "from lumina.models.user import User",
        "lumina/models/user.py": "from lumina import errors",
        "lumina/services/__init__.py": "",
        "lumina/services/accounts.py": "from lumina.models import User",
        "lumina/services/messages.py": "from lumina.services import accounts",
        "lumina/api/__init__.py": "from . import messages",
        "lumina/api/messages.py": "from flask import request\nfrom ..services import messages",
        "lumina/pages/__init__.py": "from lumina.services import messages",
    }
    for name, text in (order | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_a_house_in_order_passes(tmp_path):
    assert find_violations(house(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        (
            "lumina/services/up.py",
            "from lumina import api",
            "lumina.services.up:1 imports lumina.api, upward",
        ),
        ("lumina/errors.py", "import lumina.models.user", "imports lumina.models.user, upward"),
        ("lumina/pages/side.py", "from lumina.api import messages", "lumina.api.messages, sideways"),
        ("lumina/pages/side.py", "from ..api.messages import send", "lumina.api.messages, sideways"),
        ("lumina/api/late.py", "def f():\n    from lumina import errors", "inside a function"),
        ("lumina/api/late.py", "class A:\n  async def f():\n    import json", "inside a function"),
        ("lumina/api/root.py", "from lumina import create_app", "only wsgi.py knows the whole house"),
        ("lumina/services/web.py", "from flask import current_app", "services know nothing of the web"),
        ("lumina/models/web.py", "import flask_socketio", "models know nothing of the web"),
        ("lumina/api/loop.py", "from eventlet import tpool", "lumina.api.loop names eventlet"),
        ("lumina/api/loop.py", "import eventlet.green.os", "lumina.api.loop names eventlet"),
        ("lumina/api/loop.py", "mode = 'eventlet'", "lumina.api.loop names eventlet"),
        ("lumina/helpers.py", "", "lumina.helpers stands on no floor"),
        (
            "lumina/services/accounts.py",
            "from lumina.services.messages import send",
            "a circle of imports: lumina.services.accounts, lumina.services.messages",
        ),
    ],
)
def test_a_broken_rule_is_found(tmp_path, file, text, complaint):
    violations = find_violations(house(tmp_path, {file: text}))
    assert len(violations) == 1, violations
    assert complaint in violations[0]


def test_an_import_for_types_alone_closes_no_circle(tmp_path):
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lumina.services import messages"
    assert find_violations(house(tmp_path, {"lumina/services/accounts.py": text})) == []
