"""What is taken and what is refused: files that lie, files that burst, files that are too much."""

import io
import struct
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

import pytest
from PIL import Image

from lumina import media
from lumina.errors import LuminaError
from lumina.extensions import db
from lumina.models import Attachment, StoredFile
from lumina.services import files as stored_files
from lumina.services import messages, sweep, uploads
from lumina.services.uploads import Incoming
from lumina.storage import Folder, Unreachable
from tests.support import files, making

MIB = 1024 * 1024
TAKEN, REFUSED, LARGE, EMPTY = 201, 415, 413, 400
PNG, JPEG, GIF = files.picture(), files.picture("JPEG"), files.picture("GIF")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
EXE, ELF = b"MZ\x90\x00" + b"\x00" * 200, b"\x7fELF\x02\x01\x01" + b"\x00" * 200
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
BIDI, NULL = "\u202e", "\x00"


def png_claiming(width, height):
    """A PNG whose head promises more pixels than anybody has."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def bomb():
    """A small PNG of 60 million pixels, all alike."""
    into = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(into, "PNG")
    return into.getvalue()


def zip_bomb(megabytes=1200):
    into = io.BytesIO()
    with (
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("zeros.txt", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(bytes(MIB))
    return into.getvalue()


def zip_claiming(size):
    """A ZIP whose directory says that its entry unpacks to this much."""
    made = bytearray(files.archive({"a.txt": b"hello"}))
    at = made.rindex(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(made)


def zip_of_names(count):
    """A ZIP whose directory names one small file this often."""
    made = files.archive({"a.txt": b"hello"})
    at, end = made.index(b"PK\x01\x02"), made.index(b"PK\x05\x06")
    directory = made[at:end] * count
    tail = bytearray(made[end:])
    tail[8:12] = struct.pack("<HH", count & 0xFFFF, count & 0xFFFF)
    tail[12:16] = struct.pack("<I", len(directory))
    return made[:at] + directory + bytes(tail)


# (what it is, name, content, declared type, what comes of it)
CORPUS = [
    ("a picture", "a.png", PNG, "image/png", TAKEN),
    ("of no declared type", "a.png", PNG, None, TAKEN),
    ("of an unknown declared type", "a.jpg", JPEG, "application/octet-stream", TAKEN),
    ("with a type's parameter", "a.webm", files.sound(), "audio/webm;codecs=opus", TAKEN),
    ("a photo with a depth map behind it", "a.jpg", files.photo_with_a_depth_map(), "image/jpeg", TAKEN),
    ("in capitals", "A.PNG", PNG, "image/png", TAKEN),
    ("two endings, both harmless", "a.tar.gz", files.squeezed(), "application/gzip", TAKEN),
    ("an executable hidden before a harmless ending", "a.exe.png", PNG, "image/png", TAKEN),
    ("a script as a picture", "a.png", HTML, "image/png", REFUSED),
    ("a picture declared a page", "a.png", PNG, "text/html", REFUSED),
    ("a picture declared another", "a.png", PNG, "image/jpeg", REFUSED),
    ("a picture named another", "a.jpg", PNG, "image/jpeg", REFUSED),
    ("a page", "a.html", HTML, "text/html", REFUSED),
    ("a page as text", "a.txt", HTML, "text/plain", REFUSED),
    ("a page as text, after spaces", "a.txt", b"\n\n   " + HTML, "text/plain", REFUSED),
    ("a page as text, after a byte order mark", "a.md", b"\xef\xbb\xbf" + HTML, "text/markdown", REFUSED),
    ("a page as a spreadsheet", "a.csv", b"<html><body>", "text/csv", REFUSED),
    ("a drawing with script", "a.svg", SVG, "image/svg+xml", REFUSED),
    ("a drawing as a picture", "a.png", SVG, "image/png", REFUSED),
    ("a drawing as text", "a.txt", SVG, "text/plain", REFUSED),
    ("XML as JSON", "a.json", b"<?xml version='1.0'?><a/>", "application/json", REFUSED),
    ("a shell script", "a.sh", b"#!/bin/sh\nrm -rf /", "text/x-sh", REFUSED),
    ("a shell script as text", "a.txt", b"#!/bin/sh\nrm -rf /", "text/plain", REFUSED),
    ("PHP as text", "a.txt", b"<?php system('id');", "text/plain", REFUSED),
    ("PHP", "a.php", b"<?php system('id');", None, REFUSED),
    ("JavaScript", "a.js", b"alert(1)", "text/javascript", REFUSED),
    ("a web archive", "a.mhtml", b"MIME-Version: 1.0", None, REFUSED),
    ("a program", "a.exe", EXE, None, REFUSED),
    ("a program as a document", "a.pdf", EXE, "application/pdf", REFUSED),
    ("a program as text", "a.txt", EXE, "text/plain", REFUSED),
    ("a program of Linux as a sound", "a.mp3", ELF, "audio/mpeg", REFUSED),
    ("a Java archive", "a.jar", files.archive({"META-INF/MANIFEST.MF": b""}), None, REFUSED),
    ("a link of Windows", "a.lnk", b"L\x00\x00\x00", None, REFUSED),
    ("a disk image", "a.iso", b"\x00" * 40_000, None, REFUSED),
    ("an old document", "a.doc", OLD_OFFICE, "application/msword", TAKEN),
    ("an installer as an old document", "a.msi", OLD_OFFICE, None, REFUSED),
    ("a document", "a.docx", files.document("word"), None, TAKEN),
    (
        "a document with macros",
        "a.docx",
        files.document("word", **{"word/vbaProject.bin": b"x"}),
        None,
        REFUSED,
    ),
    ("a document for macros", "a.docm", files.document("word"), None, REFUSED),
    ("a spreadsheet as a document", "a.docx", files.document("xl"), None, REFUSED),
    ("an archive as a document", "a.docx", files.archive({"a": b"b"}), None, REFUSED),
    ("an archive", "a.zip", files.archive({"a": b"b"}), "application/x-zip-compressed", TAKEN),
    ("an archive that points outside", "a.zip", files.archive({"../../etc/passwd": b"x"}), None, TAKEN),
    ("an archive behind a program", "a.zip", EXE + files.archive({"a": b"b"}), None, REFUSED),
    ("an archive behind a picture", "a.zip", GIF + files.archive({"a": b"b"}), None, REFUSED),
    ("an archive cut short", "a.zip", files.archive({"a": b"b" * 500}, packed=False)[:300], None, REFUSED),
    ("an archive that bursts", "a.zip", zip_bomb(), None, LARGE),
    ("an archive that says it bursts", "a.zip", zip_claiming(3_000_000_000), None, LARGE),
    ("an archive of a hundred thousand names", "a.zip", zip_of_names(100_000), None, LARGE),
    ("an archive for giants", "a.zip", files.archive({"a": b"b"}) + b"PK\x06\x07" + bytes(16), None, REFUSED),
    ("a document that bursts", "a.xlsx", zip_claiming(3_000_000_000), None, LARGE),
    ("a tarball", "a.tar", files.tarball(), None, TAKEN),
    ("a tarball that is none", "a.tar", b"\x00" * 2000, None, REFUSED),
    ("a document of Adobe's", "a.pdf", files.PDF, "application/pdf", TAKEN),
    ("one with something before it", "a.pdf", b"GIF89a" + files.PDF, "application/pdf", REFUSED),
    ("rich text", "a.rtf", rb"{\rtf1 hello}", None, TAKEN),
    ("rich text that is none", "a.rtf", b"hello", None, REFUSED),
    ("text", "a.txt", "Grüße 你好 🎈".encode(), "text/plain", TAKEN),
    ("text in another encoding", "a.txt", "Grüße".encode("latin-1"), "text/plain", REFUSED),
    ("text cut within a letter", "a.txt", "é".encode()[:1], "text/plain", REFUSED),
    ("text with a zero", "a.txt", b"hello\x00world", "text/plain", REFUSED),
    ("a picture cut short", "a.jpg", files.picture("JPEG", (400, 300))[:900], "image/jpeg", REFUSED),
    ("a picture's first bytes", "a.png", PNG[:30], "image/png", REFUSED),
    ("a picture's head and a page", "a.gif", b"GIF89a" + HTML, "image/gif", REFUSED),
    ("a picture that bursts", "a.png", bomb(), "image/png", LARGE),
    ("a picture that says it bursts", "a.png", png_claiming(60_000, 60_000), "image/png", LARGE),
    ("an animation that bursts", "a.gif", files.long_animation(105, (1000, 1000)), "image/gif", LARGE),
    ("a TIFF", "a.tiff", files.picture("TIFF"), "image/tiff", REFUSED),
    ("a TIFF as a picture", "a.png", files.picture("TIFF"), "image/png", REFUSED),
    ("a sound cut short", "a.wav", files.sound("wav")[:20], "audio/wav", REFUSED),
    ("a film as a sound", "a.mp3", files.film(), "audio/mpeg", REFUSED),
    ("a playlist as a film", "a.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "video/mp4", REFUSED),
    (
        "a list of files as a film",
        "a.mov",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        "video/quicktime",
        REFUSED,
    ),
    ("a sound named a film", "a.webm", files.sound("webm"), "video/webm", TAKEN),
    ("nothing", "a.png", b"", "image/png", EMPTY),
    ("nothing, as text", "a.txt", b"", "text/plain", EMPTY),
    ("10 MiB", "a.txt", b"a" * 10 * MIB, "text/plain", TAKEN),
    ("10 MiB and one", "a.txt", b"a" * (10 * MIB + 1), "text/plain", LARGE),
    ("a dozen zeros after a picture", "a.png", PNG + b"\x00" * 12, "image/png", TAKEN),
    ("without an ending", "README", b"hello", "text/plain", REFUSED),
    ("only an ending", ".png", PNG, "image/png", TAKEN),
    ("without a name", "", PNG, "image/png", REFUSED),
]

NAMES = [
    ("../../etc/passwd.png", "passwd.png"),
    ("..\\..\\windows\\system32\\a.png", "a.png"),
    ("C:\\Users\\Ada\\a.png", "a.png"),
    ("/a.png", "a.png"),
    (f"invoice{BIDI}gnp.exe.png", "invoicegnp.exe.png"),
    (f"a{NULL}.exe.png", "a.exe.png"),
    ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
    ('"><script>alert(1)<.png', "___script_alert(1)_.png"),
    ("con|aux?.png", "con_aux_.png"),
    ("e\u0301tude.png", "étude.png"),
    ("  ..a.png. . ", "a.png"),
    ("\u200b\ufeff.png", "file.png"),
    ("你好 🎈.png", "你好 🎈.png"),
    ("a" * 300 + ".png", "a" * 116 + ".png"),
    ("half \ud83d.png", "half.png"),
]


@dataclass
class Uploader:
    app: object
    person: object

    def keep(self, name, content, declared=None):
        with self.app.app_context(), TemporaryFile() as file:
            file.write(content)
            return uploads.keep(self.person.user, Incoming(file, name, declared))


@pytest.fixture
def uploader(app, cast):
    return Uploader(app, cast.owner)


@pytest.fixture
def configured(app):
    """Other settings for a while."""

    def configure(**changed):
        uploads.configure(replace(app.config["LUMINA"], **changed))

    yield configure
    uploads.configure(app.config["LUMINA"])


def test_the_corpus_is_large_enough():
    assert len(CORPUS) + len(NAMES) >= 60
    assert sum(outcome != TAKEN for *_, outcome in CORPUS) >= 50


@pytest.mark.parametrize(
    ("name", "content", "declared", "outcome"),
    [entry[1:] for entry in CORPUS],
    ids=[entry[0] for entry in CORPUS],
)
def test_what_comes_of_it(uploader, app, name, content, declared, outcome):
    if outcome == TAKEN:
        kept = uploader.keep(name, content, declared)
        assert kept.file_size > 0
        return
    with pytest.raises(LuminaError) as refused:
        uploader.keep(name, content, declared)
    assert refused.value.status == outcome
    assert refused.value.message.endswith(".")
    with app.app_context():
        assert db.session.query(Attachment).count() == db.session.query(StoredFile).count() == 0


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_what_a_file_is_called(uploader, given, kept):
    assert uploader.keep(given, PNG, "image/png").file_name == kept


@pytest.mark.parametrize(
    ("given", "kept"), [(None, "file"), ("", "file"), ("/", "file"), ("x" * 200, "x" * 120)]
)
def test_a_name_is_never_empty_nor_too_long(given, kept):
    assert media.clean(given) == kept


def test_bytes_after_a_picture_do_not_stay(app, uploader, cast, api):
    kept = uploader.keep("a.gif", GIF + files.archive({"evil.class": b"x"}), "image/gif")
    assert b"PK\x03\x04" not in files.fetch(api, cast.owner, f"/files/{kept.id}/a.gif").data


def test_a_larger_file_where_it_may_be(uploader, configured):
    configured(max_file_size=100)
    assert uploader.keep("a.txt", b"a" * 100).file_size == 100
    with pytest.raises(media.TooLarge):
        uploader.keep("a.txt", b"a" * 101)


def test_nobody_fills_the_storage(uploader, configured, app):
    configured(max_storage_per_user=250)
    uploader.keep("a.txt", b"a" * 100)
    uploader.keep("b.txt", b"a" * 150)
    with pytest.raises(uploads.Full) as refused:
        uploader.keep("c.txt", b"a")
    assert (refused.value.status, refused.value.code) == (413, "storage_full")


def test_forwarding_fills_it_too(api, cast, configured):
    made = making.direct(api, cast.owner, cast.member)
    targets = [making.group(api, cast.owner, cast.member)["id"] for _ in range(3)]
    message = files.send(api, cast.member, made, ("a.txt", b"a" * 100))
    path = f"/api/messages/{message['id']}/forward"
    configured(max_storage_per_user=250)
    refused = api.as_(cast.owner).post(path, {"conversationIds": targets}, status=413)
    assert refused["code"] == "storage_full"
    assert len(api.as_(cast.owner).post(path, {"conversationIds": targets[:2]})["messages"]) == 2
    # Words take no room.
    [words] = making.say(api, cast.owner, made, "Hello")
    api.as_(cast.owner).post(f"/api/messages/{words['id']}/forward", {"conversationIds": targets})


def test_two_who_forward_at_once_do_not_both_fill_it(api, cast, configured, monkeypatch):
    made = making.direct(api, cast.owner, cast.member)
    targets = [making.group(api, cast.owner, cast.member)["id"] for _ in range(2)]
    message = files.send(api, cast.member, made, ("a.txt", b"a" * 100))
    configured(max_storage_per_user=150)
    sent = messages.send_draft

    def send_slowly(*args):
        time.sleep(0.3)
        return sent(*args)

    monkeypatch.setattr(messages, "send_draft", send_slowly)

    def forward(target):
        path, body = f"/api/messages/{message['id']}/forward", {"conversationIds": [target]}
        return api.as_(cast.owner).request("POST", path, json=body).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(forward, targets)) == [201, 413]


def test_uploads_are_limited(uploader, rate_limits):
    for _ in range(300):
        with pytest.raises(LuminaError):
            uploader.keep("a.png", b"")
    with pytest.raises(LuminaError) as refused:
        uploader.keep("a.png", PNG)
    assert refused.value.status == 429


def test_a_storage_that_does_not_answer(uploader, app, monkeypatch):
    def fail(*_):
        raise Unreachable("no space left on device")

    monkeypatch.setattr(Folder, "put", fail)
    with pytest.raises(LuminaError) as refused:
        uploader.keep("a.png", PNG)
    assert refused.value.status == 503
    with app.app_context():
        assert db.session.query(Attachment).count() == 0
        # Known, so that the sweep finds what may be there of it.
        assert db.session.query(StoredFile).one().due_at


def test_bytes_that_have_gone(uploader, app, api, cast):
    kept = uploader.keep("a.png", PNG)
    with app.app_context():
        stored_files._storage.remove(db.session.query(StoredFile).one().key)
        stored_files._storage.remove(db.session.query(StoredFile).one().key + stored_files.THUMB)
    for url in (f"/files/{kept.id}/a.png", f"/files/{kept.id}/thumb"):
        assert files.fetch(api, cast.owner, url).status_code == 404


def test_bytes_that_cannot_be_read(uploader, app, api, cast, monkeypatch):
    kept = uploader.keep("a.png", PNG)

    def fail(*_):
        raise Unreachable("input/output error")

    monkeypatch.setattr(Folder, "read", fail)
    assert files.fetch(api, cast.owner, f"/files/{kept.id}/a.png").status_code == 503


def test_a_file_without_a_small_picture(uploader, api, cast):
    kept = uploader.keep("a.txt", b"hello")
    assert files.fetch(api, cast.owner, f"/files/{kept.id}/thumb").status_code == 404


def test_an_upload_that_took_longer_than_an_hour(uploader, app, monkeypatch):
    store = stored_files.store

    def slow(prepared):
        found = store(prepared)
        stored_files._forget(None, found.id)
        return found

    monkeypatch.setattr(uploads.files, "store", slow)
    with pytest.raises(LuminaError) as refused:
        uploader.keep("a.png", PNG)
    assert refused.value.status == 503


def test_a_job_that_another_process_has_done(app):
    with app.app_context():
        assert stored_files._remove(1) is False
        assert uploads._drop(None, 1) is False


def test_a_file_that_is_still_used_stays(uploader, app):
    uploader.keep("a.txt", b"hello")
    with app.app_context():
        row = db.session.query(StoredFile).one()
        row.due_at = row.created_at
        db.session.commit()
        for _ in sweep.Sweeper(sweep.jobs).sweep():
            pass
        db.session.expire_all()
        assert db.session.query(StoredFile).one().due_at is None


def test_a_decoder_that_dies_or_hangs(uploader, monkeypatch, tmp_path):
    for program in ("import os; os.kill(os.getpid(), 9)", "import time; time.sleep(60)"):
        worker = tmp_path / "worker.py"
        worker.write_text(program)
        monkeypatch.setattr(media.preparing, "WORKER", worker)
        monkeypatch.setattr(media.preparing, "PATIENCE_SECONDS", 0.5)
        with pytest.raises(media.Damaged):
            uploader.keep("a.png", PNG)


def test_a_machine_without_room_for_a_decoder(uploader, monkeypatch):
    monkeypatch.setattr(media.preparing.sys, "executable", "/nowhere/python")
    with pytest.raises(LuminaError) as refused:
        uploader.keep("a.png", PNG)
    assert refused.value.status == 503
