"""Where the bytes of files are: a folder, or a bucket that speaks S3. Keys are ours; no name of a file is part of one."""

from __future__ import annotations

from lumina.storage.base import Missing, Served, Storage, Unreachable
from lumina.storage.folder import Folder
from lumina.storage.s3 import Bucket

__all__ = ["Bucket", "Folder", "Missing", "Served", "Storage", "Unreachable", "opened"]


def opened(url: str) -> Storage:
    """The storage behind STORAGE_URL. Raises ValueError for one that cannot be."""
    if url.startswith("file:"):
        return Folder.of_url(url)
    if url.startswith("s3://"):
        return Bucket.of_url(url)
    raise ValueError("it starts with file: or s3://")
