"""Where files are kept: the same promises of a folder and of a bucket."""

import io
from dataclasses import replace
from urllib.parse import quote

import pytest
import requests

from lumina import headers, storage
from lumina.config import ConfigError
from lumina.services import files as stored_files
from lumina.storage import Bucket, Folder, Missing, Served, Unreachable
from tests.support import files

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path):
    if request.param == "folder":
        return storage.opened(f"file://{quote(str(tmp_path / 'with a space'))}")
    return storage.opened(request.getfixturevalue("s3_url"))


def read(place, start, stop):
    return b"".join(place.read(KEY, start, stop))


def test_what_is_kept_is_there(place):
    content = bytes(range(256)) * 1000
    place.put(KEY, io.BytesIO(content))
    assert place.size(KEY) == len(content)
    assert read(place, 0, len(content)) == content
    assert read(place, 10, 20) == content[10:20]
    assert read(place, 200_000, 256_000) == content[200_000:]
    place.put(KEY, io.BytesIO(b"other"))
    assert read(place, 0, 5) == b"other"


def test_what_is_not_there(place):
    for missing in (lambda: place.read(KEY, 0, 1), lambda: place.size(KEY)):
        with pytest.raises(Missing):
            missing()
    place.remove(KEY)
    place.put(KEY, io.BytesIO(b"hello"))
    place.remove(KEY)
    place.remove(KEY)
    with pytest.raises(Missing):
        place.size(KEY)


def test_what_breaks_off_leaves_nothing(place):
    class Breaking(io.BytesIO):
        def read(self, size=-1):
            raise OSError("the disk is gone")

    with pytest.raises(Unreachable):
        place.put(KEY, Breaking(b"hello"))
    with pytest.raises(Missing):
        place.size(KEY)


def test_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "01").write_text("in the way")
    place = Folder(tmp_path)
    with pytest.raises(Unreachable):
        place.put(KEY, io.BytesIO(b"hello"))
    with pytest.raises(Unreachable):
        place.read(KEY, 0, 1)
    with pytest.raises(Unreachable):
        place.remove(KEY)


def test_what_a_crash_left_goes_with_the_file(tmp_path):
    place = Folder(tmp_path)
    place.put(KEY, io.BytesIO(b"hello"))
    (tmp_path / KEY[:2] / f"{KEY}.part").write_text("half")
    place.remove(KEY)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_bucket_that_is_not_there(s3_url):
    place = storage.opened(s3_url.replace("s3://lumina-", "s3://nobodys-"))
    with pytest.raises(Unreachable):
        place.put(KEY, io.BytesIO(b"hello"))
    with pytest.raises(Unreachable):
        storage.opened("s3://b?endpoint_url=http://127.0.0.1:1&region=us-east-1").size(KEY)


def test_a_link_to_a_bucket_says_how_to_take_it(s3_url):
    place = storage.opened(s3_url)
    place.put(KEY, io.BytesIO(b"hello"))
    link = place.link(KEY, Served("Grüße.txt", "text/plain", False))
    assert link.startswith(place.origin)
    answer = requests.get(link, timeout=10)
    assert answer.text == "hello"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt"
    assert answer.headers["Content-Type"].startswith("text/plain")
    shown = requests.get(place.link(KEY, Served("a.png", "image/png", True)), timeout=10)
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert requests.get(link, headers={"Range": "bytes=1-2"}, timeout=10).text == "el"


@pytest.mark.parametrize(
    "url", ["ftp://x", "file:", "s3://", "s3://bucket?nonsense=1", "s3://bucket?endpoint_url=nonsense"]
)
def test_what_is_no_storage(app, url):
    with pytest.raises(ConfigError):
        stored_files.configure(replace(app.config["LUMINA"], storage_url=url))


@pytest.fixture
def in_a_bucket(app, s3_url):
    stored_files.configure(replace(app.config["LUMINA"], storage_url=s3_url))
    yield
    stored_files.configure(app.config["LUMINA"])


def test_files_from_a_bucket(api, cast, in_a_bucket):
    found = files.upload(api, cast.owner, "plan.pdf", files.PDF)
    answer = files.fetch(api, cast.owner, found["url"])
    assert answer.status_code == 302
    assert "no-store" in answer.headers["Cache-Control"]
    assert requests.get(answer.headers["Location"], timeout=10).content == files.PDF
    assert files.fetch(api, cast.outsider, found["url"]).status_code == 404
    picture = files.upload(api, cast.owner)
    thumb = files.fetch(api, cast.owner, picture["thumbnailUrl"]).headers["Location"]
    assert requests.get(thumb, timeout=10).headers["Content-Type"] == "image/webp"


def test_pages_may_show_what_is_in_the_bucket(in_a_bucket):
    assert isinstance(stored_files._storage, Bucket)
    policy = headers._policy(stored_files.origin())
    assert f"img-src 'self' data: blob: {stored_files.origin()};" in policy
    assert f"media-src 'self' blob: {stored_files.origin()};" in policy
    assert stored_files.origin() not in headers._policy(None)
