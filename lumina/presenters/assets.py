"""Addresses of static files. They bear a version made of all bytes: browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
STYLESHEET = "css/lumina.css"


@cache
def version() -> str:
    """Twelve letters that change with any static file."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of static/`path`. Relative addresses inside a file stay within the same version."""
    return f"/static/v-{version()}/{path}"


@cache
def module_preloads() -> Markup:
    """Links to our browser modules, which are then fetched at once rather than import by import."""
    paths = sorted(str(path.relative_to(STATIC)) for path in STATIC.glob("js/**/*.js"))
    return Markup("\n  ").join(
        Markup('<link rel="modulepreload" href="{}">').format(asset(path)) for path in paths
    )


@cache
def stylesheet() -> str:
    """All of static/css in one; `_layers.css` comes first and fixes the order of the rest."""
    return "".join(path.read_text() for path in sorted(STATIC.glob("css/*.css")))


@cache
def icon(name: str, classes: str = "") -> Markup:
    """An icon of the sprite, silent to screen readers: its button or link bears the words."""
    extra = f" {classes}" if classes else ""
    return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("icons/sprite.svg"), name
    )
