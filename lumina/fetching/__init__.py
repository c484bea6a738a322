"""Fetching a page that a stranger names: from public addresses only, within bounds of time, size and kind."""

from lumina.fetching.errors import Unreachable, Unsuitable
from lumina.fetching.fetcher import Fetcher, Page

__all__ = ["Fetcher", "Page", "Unreachable", "Unsuitable"]
