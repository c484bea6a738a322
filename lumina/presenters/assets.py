"""Addresses of static files. They bear a version made of all bytes: browsers may keep them for good."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from lumina.config import Config

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
STYLESHEET = "css/lumina.css"
LOOKS_PER_SECOND = 2
_may_change = False


def configure(config: Config) -> None:
    """In development somebody edits the files while they are served."""
    global _may_change
    _may_change = config.development


def version() -> str:
    """Twelve letters that change with any static file; in development half a second after it."""
    return _version(_state(int(time.monotonic() * LOOKS_PER_SECOND)) if _may_change else 0)


@lru_cache(maxsize=1)
def _state(look: int) -> int:
    """What the file system says of all files, in a number."""
    found = [(path, path.stat()) for path in STATIC.rglob("*")]
    return hash(tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found))


@lru_cache(maxsize=1)
def _version(state: int) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(STATIC)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """The address of static/`path`. Relative addresses inside a file stay within the same version."""
    return f"/static/v-{version()}/{path}"


def module_preloads() -> Markup:
    """Links to our browser modules, which are then fetched at once rather than import by import."""
    return _module_preloads(version())


@lru_cache(maxsize=1)
def _module_preloads(version: str) -> Markup:
    paths = sorted(str(path.relative_to(STATIC)) for path in STATIC.glob("js/**/*.js"))
    return Markup("\n  ").join(
        Markup('<link rel="modulepreload" href="{}">').format(asset(path)) for path in paths
    )


def stylesheet() -> str:
    """All of static/css in one; `_layers.css` comes first and fixes the order of the rest."""
    return _stylesheet(version())


@lru_cache(maxsize=1)
def _stylesheet(version: str) -> str:
    return "".join(path.read_text() for path in sorted(STATIC.glob("css/*.css")))


def icon(name: str, classes: str = "") -> Markup:
    """An icon of the sprite, silent to screen readers: its button or link bears the words."""
    return _icon(name, classes, version())


@lru_cache(maxsize=1000)
def _icon(name: str, classes: str, version: str) -> Markup:
    extra = f" {classes}" if classes else ""
    return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("icons/sprite.svg"), name
    )
