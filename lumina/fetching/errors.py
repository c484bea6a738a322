from __future__ import annotations


class Unsuitable(Exception):
    """This is no page to be previewed, or not one that may be asked for; it will not be another time either."""


class Unreachable(Exception):
    """The network failed, or the other side was too slow; it may work another time."""
