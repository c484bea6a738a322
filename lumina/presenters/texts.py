"""Every word of the interface, in one catalogue. Another language is another table with the same keys."""

from __future__ import annotations

from lumina.presenters.catalogue import TEXTS as ENGLISH


def t(key: str, **values: object) -> str:
    """The text named `key`, its blanks filled in. An unknown key is a KeyError."""
    text = ENGLISH[key]
    return text.format(**values) if values else text


def browser_texts() -> dict[str, str]:
    """What the browser's own code says, keyed as `<app-texts data-…>` has it."""
    return {key.removeprefix("js."): text for key, text in ENGLISH.items() if key.startswith("js.")}
