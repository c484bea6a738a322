"""Asking an address that a stranger names: from public addresses only, within bounds of time, size and kind."""

from lumina.fetching.errors import Unreachable, Unsuitable
from lumina.fetching.fetcher import Answer, Fetcher, Page

__all__ = ["Answer", "Fetcher", "Page", "Unreachable", "Unsuitable"]
