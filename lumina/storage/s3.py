"""Files in a bucket of Amazon S3, or of anything that speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import parse_qs, quote, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError

from lumina.storage.base import Missing, Served, Unreachable

BLOCK = 64 * 1024
LINK_SECONDS = 300
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 2, "mode": "standard"}}
SETTINGS = {"endpoint_url", "region"}
# Its own threads would not be the event loop's.
ALONE = TransferConfig(use_threads=False)


class Bucket:
    """Each file under `prefix` and its key; browsers get it from there by an address signed for five minutes."""

    def __init__(
        self, name: str, prefix: str = "", *, endpoint_url: str | None = None, region: str | None = None
    ) -> None:
        self.name, self.prefix = name, prefix
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint_url,
            region_name=region,
            config=ClientConfig(signature_version="s3v4", **TIMEOUTS),
        )
        parts = urlsplit(self._sign("origin", {}))
        self.origin: str | None = f"{parts.scheme}://{parts.netloc}"

    @classmethod
    def of_url(cls, url: str) -> Bucket:
        """s3://bucket/prefix?endpoint_url=…&region=…; the key comes from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""
        parts = urlsplit(url)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not parts.netloc or given.keys() - SETTINGS:
            raise ValueError("it looks like s3://bucket/prefix?endpoint_url=…&region=…")
        prefix = parts.path.strip("/")
        try:
            return cls(
                parts.netloc,
                f"{prefix}/" if prefix else "",
                endpoint_url=given.get("endpoint_url"),
                region=given.get("region"),
            )
        except (BotoCoreError, ValueError) as error:
            raise ValueError(str(error)) from None

    def put(self, key: str, file: IO[bytes]) -> None:
        file.seek(0)
        with _reachable(key):
            self.client.upload_fileobj(_Kept(file), self.name, self.prefix + key, Config=ALONE)

    def size(self, key: str) -> int:
        with _reachable(key):
            found: int = self.client.head_object(Bucket=self.name, Key=self.prefix + key)["ContentLength"]
        return found

    def read(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        with _reachable(key):
            answer = self.client.get_object(
                Bucket=self.name, Key=self.prefix + key, Range=f"bytes={start}-{max(stop - 1, start)}"
            )
        return iter(lambda: answer["Body"].read(BLOCK), b"")

    def remove(self, key: str) -> None:
        with _reachable(key):
            self.client.delete_object(Bucket=self.name, Key=self.prefix + key)

    def link(self, key: str, served: Served) -> str | None:
        disposition = "inline" if served.is_inline else "attachment"
        return self._sign(
            key,
            {
                "ResponseContentType": served.mime,
                "ResponseContentDisposition": f"{disposition}; filename*=UTF-8''{quote(served.file_name)}",
                "ResponseCacheControl": f"private, max-age={LINK_SECONDS}",
            },
        )

    def _sign(self, key: str, answered: dict[str, str]) -> str:
        wanted = {"Bucket": self.name, "Key": self.prefix + key, **answered}
        signed: str = self.client.generate_presigned_url("get_object", Params=wanted, ExpiresIn=LINK_SECONDS)
        return signed


class _Kept:
    """A file that the upload reads and does not close."""

    def __init__(self, file: IO[bytes]) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def close(self) -> None:
        """Who opened the file closes it."""


@contextmanager
def _reachable(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            raise Missing(key) from None
        raise Unreachable(str(error)) from error
    except (BotoCoreError, OSError) as error:
        raise Unreachable(str(error)) from error
