"""Files of messages through the API: uploaded, sent, fetched, and gone."""

import io
from urllib.parse import unquote

import pytest
from PIL import Image

from lumina.extensions import db
from lumina.models import Attachment, StoredFile
from lumina.services import clocks, sweep
from tests.support import files, making
from tests.support.making import CONVERSATIONS

DAY = 24 * 3600


def rows(app, model=Attachment):
    with app.app_context():
        return db.session.query(model).count()


def kept_files(app):
    root = app.config["LUMINA"].instance / "uploads"
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def advance(app, seconds):
    with app.app_context():
        clocks.advance(None, seconds)


def carry_out(app):
    """What is due, as the command does it."""
    with app.app_context():
        for _ in sweep.Sweeper(sweep.jobs).sweep():
            pass


@pytest.fixture
def conversation(api, cast):
    return making.direct(api, cast.owner, cast.member)


@pytest.fixture(autouse=True)
def empty_folder(app):
    root = app.config["LUMINA"].instance / "uploads"
    for path in root.rglob("*"):
        if path.is_file():
            path.unlink()


def test_an_upload(api, cast):
    found = files.upload(api, cast.owner, "Häuser am See.png")
    assert found == {
        "id": found["id"],
        "url": f"/files/{found['id']}/H%C3%A4user%20am%20See.png",
        "fileName": "Häuser am See.png",
        "fileSize": found["fileSize"],
        "mimeType": "image/png",
        "width": 60,
        "height": 40,
        "thumbnailUrl": f"/files/{found['id']}/thumb",
    }
    assert len(files.fetch(api, cast.owner, found["url"]).data) == found["fileSize"]


@pytest.mark.parametrize("ending", sorted(files.SOUNDS))
def test_sound_is_measured(api, cast, ending):
    found = files.upload(api, cast.owner, f"Memo.{ending}", files.sound(ending, 2))
    assert found["mimeType"].startswith("audio/")
    assert found["durationMs"] == pytest.approx(2000, abs=60)
    assert len(found["peaks"]) == 64
    assert max(found["peaks"]) == 1
    assert min(found["peaks"][36:60]) > 2 * max(found["peaks"][4:28])


def test_a_film_is_measured(api, cast):
    found = files.upload(api, cast.owner, "clip.mp4", files.film())
    assert (found["mimeType"], found["width"], found["height"]) == ("video/mp4", 64, 48)
    assert found["durationMs"] == pytest.approx(1000, abs=120)
    poster = Image.open(io.BytesIO(files.fetch(api, cast.owner, found["thumbnailUrl"]).data))
    assert poster.size == (64, 48)


def test_a_film_tells_no_place(api, cast):
    film = files.film("mov", place="+48.2082+016.3738/")
    assert b"+48.2082" in film
    found = files.upload(api, cast.owner, "clip.mov", film)
    kept = files.fetch(api, cast.owner, found["url"]).data
    assert b"+48.2082" not in kept
    assert (len(kept), found["fileSize"]) == (len(film), len(film))


def test_files_sent_with_a_message(api, cast, conversation):
    message = files.send(
        api,
        cast.owner,
        conversation,
        ("a.png", files.picture()),
        ("b.pdf", files.PDF),
        content="Both of them",
    )
    assert (message["content"], message["messageType"]) == ("Both of them", "file")
    assert [one["fileName"] for one in message["attachments"]] == ["a.png", "b.pdf"]
    assert (
        api.as_(cast.member).get(f"/api/messages/{message['id']}")["message"]["attachments"]
        == message["attachments"]
    )
    [listed] = api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}")["messages"]
    assert listed["attachments"] == message["attachments"]


def test_uploads_sent_later(api, cast, conversation):
    uploads = [files.upload(api, cast.owner, f"{n}.png") for n in range(5)]
    body = {"conversationId": conversation["id"], "attachmentIds": [one["id"] for one in reversed(uploads)]}
    message = api.as_(cast.owner).post("/api/messages", body, status=201)["message"]
    assert (message["messageType"], message["content"]) == ("image", "")
    assert [one["fileName"] for one in message["attachments"]] == [
        "4.png",
        "3.png",
        "2.png",
        "1.png",
        "0.png",
    ]
    refused = api.as_(cast.owner).post("/api/messages", body, status=400)
    assert refused["errors"][0]["field"] == "attachmentIds"


@pytest.mark.parametrize(
    ("sent", "wanted", "becomes"),
    [
        (["a.png"], None, "image"),
        (["a.png"], "file", "file"),
        (["a.png", "b.webm"], None, "file"),
        (["clip.mp4"], None, "video"),
        (["b.webm"], None, "file"),
        (["b.webm"], "voice", "voice"),
        (["a.png"], "voice", None),
        (["b.webm", "b.webm"], "voice", None),
        (["b.webm"], "image", None),
        (["a.png"], "video", None),
    ],
)
def test_the_type_of_a_message_is_that_of_its_files(api, cast, conversation, sent, wanted, becomes):
    contents = {"a.png": files.picture(), "b.webm": files.sound(), "clip.mp4": files.film()}
    fields = {"messageType": wanted} if wanted else {}
    answer = files.send(
        api,
        cast.owner,
        conversation,
        *((name, contents[name]) for name in sent),
        status=201 if becomes else 400,
        **fields,
    )
    if becomes:
        assert answer["messageType"] == becomes
    else:
        assert [error["field"] for error in answer["errors"]] == ["messageType"]


def test_only_ones_own_uploads_can_be_sent(api, cast, conversation):
    theirs = files.upload(api, cast.member)
    for ids in ([theirs["id"]], ["999999"], ["x"], [theirs["id"]] * 2):
        body = {"conversationId": conversation["id"], "attachmentIds": ids}
        refused = api.as_(cast.owner).post("/api/messages", body, status=400)
        assert [error["field"] for error in refused["errors"]] == ["attachmentIds"]
    assert files.fetch(api, cast.owner, theirs["url"]).status_code == 404


def test_six_are_too_many(api, app, cast, conversation):
    answer = files.send(api, cast.owner, conversation, *[("a.png", files.picture())] * 6, status=400)
    assert answer["errors"][0]["field"] == "attachments"
    assert rows(app) == 0


def test_nothing_is_kept_of_what_is_refused(api, app, cast, conversation):
    files.send(api, cast.owner, conversation, ("a.png", files.picture()), ("b.png", b"nonsense"), status=415)
    files.send(api, cast.owner, {"id": "999999"}, ("a.png", files.picture()), status=404)
    assert api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}")["messages"] == []
    assert rows(app) == 0
    carry_out(app)
    assert kept_files(app) == []


def test_without_a_file(api, cast, conversation):
    refused = api.as_(cast.owner).post("/api/messages/attachments", status=400)
    assert [error["field"] for error in refused["errors"]] == ["file"]
    refused = files.send(api, cast.owner, conversation, status=400)
    assert [error["field"] for error in refused["errors"]] == ["content"]


def test_a_form_has_no_null_but_empty_fields(api, cast, conversation):
    fields = {"content": "", "replyTo": "", "expiresAt": "", "isPriority": "false"}
    assert (
        files.send(api, cast.owner, conversation, ("a.png", files.picture()), **fields)["isPriority"] is False
    )


def test_a_form_says_true_or_false(api, cast, conversation):
    one = ("a.png", files.picture())
    for said in ("true", "True"):
        fields = {"isPriority": said, "priorityLevel": "high"}
        assert files.send(api, cast.owner, conversation, one, **fields)["isPriority"] is True
    for said in ("yes", "1", "on"):
        refused = files.send(api, cast.owner, conversation, one, status=400, isPriority=said)
        assert [error["field"] for error in refused["errors"]] == ["isPriority"]


def test_the_same_form_twice_is_one_message(api, app, cast, conversation):
    caller = api.with_headers(Idempotency_Key="once")
    first = files.send(caller, cast.owner, conversation, ("a.png", files.picture()))
    assert files.send(caller, cast.owner, conversation, ("a.png", files.picture())) == first
    assert rows(app) == 1
    refused = files.send(
        caller, cast.owner, conversation, ("a.png", files.picture("PNG", (9, 9))), status=409
    )
    assert refused["code"] == "idempotency_mismatch"
    upload = files.upload(caller, cast.owner)
    assert files.upload(caller, cast.owner) == upload
    assert rows(app) == 2


def test_a_message_has_its_files_once(api, app, cast, conversation):
    first = files.send(api, cast.owner, conversation, ("a.png", files.picture()), clientMessageId="one")
    again = files.send(api, cast.owner, conversation, ("a.png", files.picture()), clientMessageId="one")
    assert again["id"] == first["id"]
    assert again["attachments"] == first["attachments"]


def test_an_upload_that_is_not_sent_goes_after_a_day(api, app, cast, conversation):
    sent, unsent = (
        files.send(api, cast.owner, conversation, ("a.png", files.picture())),
        files.upload(api, cast.owner),
    )
    advance(app, DAY - 60)
    carry_out(app)
    assert files.fetch(api, cast.owner, unsent["url"]).status_code == 200
    advance(app, 120)
    carry_out(app)
    assert files.fetch(api, cast.owner, unsent["url"]).status_code == 404
    assert files.fetch(api, cast.member, sent["attachments"][0]["url"]).status_code == 200
    assert len(kept_files(app)) == 2
    assert rows(app, StoredFile) == 1


def test_an_upload_can_be_discarded(api, app, cast, conversation):
    sent, unsent = (
        files.send(api, cast.owner, conversation, ("a.png", files.picture())),
        files.upload(api, cast.owner),
    )
    for person in (cast.member, cast.owner):
        api.as_(person).delete(f"/api/messages/attachments/{unsent['id']}")
        api.as_(person).delete(f"/api/messages/attachments/{sent['attachments'][0]['id']}")
        expected = 404 if person is cast.owner else 200
        assert files.fetch(api, cast.owner, unsent["url"]).status_code == expected
    assert files.fetch(api, cast.member, sent["attachments"][0]["url"]).status_code == 200


def test_pictures_are_upright_and_say_nothing_of_places_and_persons(api, cast):
    found = files.upload(api, cast.owner, "photo.jpg", files.telling_photo())
    assert (found["width"], found["height"]) == (40, 60)
    data = files.fetch(api, cast.owner, found["url"]).data
    image = Image.open(io.BytesIO(data))
    assert image.size == (40, 60)
    assert not image.getexif()
    assert b"Somebody" not in data
    red, _, blue = image.convert("RGB").getpixel((20, 4))
    assert red > 180 > 80 > blue
    small = Image.open(io.BytesIO(files.fetch(api, cast.owner, found["thumbnailUrl"]).data))
    assert small.size == (40, 60)


def test_an_animation_goes_on_moving(api, cast):
    found = files.upload(api, cast.owner, "wave.gif", files.animation(4))
    data = files.fetch(api, cast.owner, found["url"]).data
    assert Image.open(io.BytesIO(data)).n_frames == 4
    assert b"secret" not in data


def test_small_pictures_are_small(api, cast):
    found = files.upload(api, cast.owner, "large.jpg", files.picture("JPEG", (2000, 1000)))
    small = Image.open(io.BytesIO(files.fetch(api, cast.owner, found["thumbnailUrl"]).data))
    assert (small.format, small.size) == ("WEBP", (640, 320))


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "length"),
    [
        ("bytes=0-9", 206, "bytes 0-9/{size}", 10),
        ("bytes=10-", 206, "bytes 10-{last}/{size}", None),
        ("bytes=-7", 206, "bytes {tail}-{last}/{size}", 7),
        ("bytes=0-999999", 206, "bytes 0-{last}/{size}", None),
        ("bytes=999999-", 416, "bytes */{size}", None),
        ("bytes=0-1,4-5", 200, None, None),
        ("lines=0-1", 200, None, None),
        ("bytes=x", 200, None, None),
    ],
)
def test_parts_of_a_file(api, cast, asked, status, content_range, length):
    content = files.sound("mp3")
    found, size = files.upload(api, cast.owner, "a.mp3", content), len(content)
    answer = files.fetch(api, cast.owner, found["url"], Range=asked)
    assert answer.status_code == status
    if content_range:
        expected = content_range.format(size=size, last=size - 1, tail=size - 7)
        assert answer.headers["Content-Range"] == expected
    if status == 206 and length:
        assert len(answer.data) == length == answer.content_length
    if status == 200:
        assert answer.data == content
        assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_file_is_fetched_once(api, cast):
    found = files.upload(api, cast.owner, "a.mp3", files.sound("mp3"))
    first = files.fetch(api, cast.owner, found["url"])
    tag = first.headers["ETag"]
    again = files.fetch(api, cast.owner, found["url"], If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    part = files.fetch(api, cast.owner, found["url"], Range="bytes=0-3", If_Range=tag)
    assert (part.status_code, part.data) == (206, first.data[:4])
    changed = files.fetch(api, cast.owner, found["url"], Range="bytes=0-3", If_Range='"other"')
    assert (changed.status_code, changed.data) == (200, first.data)
    head = api.as_(cast.owner).request("HEAD", found["url"])
    assert (head.data, head.content_length) == (b"", len(first.data))


@pytest.mark.parametrize(
    ("name", "content", "disposition"),
    [
        ("a.png", files.picture(), "inline"),
        ("a.mp3", files.sound("mp3"), "inline"),
        ("a.pdf", files.PDF, "attachment"),
        ("a.txt", b"hello", "attachment"),
        ("a.docx", files.document("word"), "attachment"),
        ("Überraschung für “Élodie” 你好 🎈.zip", files.archive({"a": b"b"}), "attachment"),
    ],
)
def test_what_a_browser_is_told_of_a_file(api, cast, name, content, disposition):
    found = files.upload(api, cast.owner, name, content)
    headers = files.fetch(api, cast.owner, found["url"]).headers
    kind, _, rest = headers["Content-Disposition"].partition(";")
    assert kind == disposition
    assert unquote(rest.rpartition("UTF-8''")[2]) == found["fileName"]
    assert headers["Content-Type"].partition(";")[0] == found["mimeType"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "private" in headers["Cache-Control"]
    assert "no-cache" in headers["Cache-Control"]


def test_who_may_fetch_a_file(api, cast):
    made = making.group(api, cast.owner, cast.member)
    [one] = files.send(api, cast.owner, made, ("a.png", files.picture()))["attachments"]
    urls = (one["url"], one["thumbnailUrl"], f"/files/{one['id']}/anything")
    for url in urls:
        assert files.fetch(api, cast.member, url).status_code == 200
        assert files.fetch(api, cast.outsider, url).status_code == 404
        assert files.fetch(api, cast.admin, url).status_code == 404
        assert files.fetch(api, None, url).status_code == 401
        assert files.fetch(api, None, url, Accept="text/html,*/*;q=0.8").status_code == 303
        assert api.with_headers(Authorization="Bearer nonsense").request("GET", url).status_code == 401
    api.as_(cast.owner).delete(f"{CONVERSATIONS}/{made['id']}/members/{cast.member.id}")
    for url in urls:
        assert files.fetch(api, cast.member, url).status_code == 404
        assert files.fetch(api, cast.owner, url).status_code == 200


def test_a_deleted_message_takes_its_files_along(api, app, cast, conversation):
    message = files.send(api, cast.owner, conversation, ("a.png", files.picture()))
    [one] = message["attachments"]
    assert api.as_(cast.owner).delete(f"/api/messages/{message['id']}")["message"]["attachments"] == []
    assert files.fetch(api, cast.owner, one["url"]).status_code == 404
    restored = api.as_(cast.owner).post(f"/api/messages/{message['id']}/restore")["message"]
    assert restored["attachments"] == [one]
    assert files.fetch(api, cast.member, one["url"]).status_code == 200
    api.as_(cast.owner).delete(f"/api/messages/{message['id']}")
    advance(app, DAY + 60)
    carry_out(app)
    assert rows(app) == rows(app, StoredFile) == 0
    assert kept_files(app) == []


def test_who_hides_a_message_hides_its_files(api, cast, conversation):
    message = files.send(api, cast.owner, conversation, ("a.png", files.picture()))
    api.as_(cast.member).delete(f"/api/messages/{message['id']}", scope="me")
    url = message["attachments"][0]["url"]
    assert files.fetch(api, cast.member, url).status_code == 404
    assert files.fetch(api, cast.owner, url).status_code == 200


def test_an_expired_message_takes_its_files_along(api, app, cast, conversation):
    api.as_(cast.owner).put(
        f"{CONVERSATIONS}/{conversation['id']}/settings", {"settings": {"autoDeleteAfter": 60}}
    )
    message = files.send(api, cast.owner, conversation, ("a.png", files.picture()))
    advance(app, 61)
    carry_out(app)
    assert files.fetch(api, cast.owner, message["attachments"][0]["url"]).status_code == 404
    assert kept_files(app) == []


def test_forwarded_files_outlive_the_first_message(api, app, cast, conversation):
    other = making.group(api, cast.owner, cast.outsider)
    message = files.send(api, cast.member, conversation, ("plan.pdf", files.PDF), content="The plan")
    body = {"conversationIds": [other["id"]]}
    [forwarded] = api.as_(cast.owner).post(f"/api/messages/{message['id']}/forward", body)["messages"]
    [copy], [original] = forwarded["attachments"], message["attachments"]
    assert copy["id"] != original["id"]
    assert copy["fileName"] == "plan.pdf"
    assert files.fetch(api, cast.outsider, copy["url"]).data == files.PDF
    assert files.fetch(api, cast.outsider, original["url"]).status_code == 404
    api.as_(cast.member).delete(f"/api/messages/{message['id']}")
    advance(app, DAY + 60)
    carry_out(app)
    assert files.fetch(api, cast.outsider, copy["url"]).data == files.PDF


def test_files_switched_off(api, cast, conversation):
    settings = f"{CONVERSATIONS}/{conversation['id']}/settings"
    voice = ("v.webm", files.sound())
    api.as_(cast.owner).put(settings, {"settings": {"allowFileSharing": False}})
    assert files.send(api, cast.owner, conversation, voice, status=403)["code"] == "files_not_allowed"
    assert files.send(api, cast.owner, conversation, voice, messageType="voice")["messageType"] == "voice"
    api.as_(cast.owner).put(settings, {"settings": {"allowFileSharing": True, "allowVoiceMessages": False}})
    assert (
        files.send(api, cast.owner, conversation, voice, messageType="voice", status=403)["code"]
        == "voice_not_allowed"
    )
    assert files.send(api, cast.owner, conversation, voice)["messageType"] == "file"


def test_a_text_can_be_taken_from_beside_a_file(api, cast, conversation):
    message = files.send(api, cast.owner, conversation, ("plan.pdf", files.PDF), content="The plan")
    edited = api.as_(cast.owner).patch(f"/api/messages/{message['id']}", {"content": ""})["message"]
    assert (edited["content"], edited["attachments"]) == ("", message["attachments"])
    files.send(api, cast.owner, conversation, ("a.pdf", files.PDF), content="x" * 10_001, status=400)


def test_files_are_found_by_their_names(api, cast, conversation):
    message = files.send(api, cast.owner, conversation, ("Quarterly report.pdf", files.PDF), content="Here")
    voice = files.send(api, cast.owner, conversation, ("v.webm", files.sound()), messageType="voice")

    def found(**query):
        results = api.as_(cast.member).get("/api/messages/search", **query)["results"]
        return {result["message"]["id"] for result in results}

    assert found(query="quarterly") == {message["id"]}
    assert found(query="", has="file") == {message["id"], voice["id"]}
    assert found(query="", has="voice") == {voice["id"]}
    api.as_(cast.owner).patch(f"/api/messages/{message['id']}", {"content": "There"})
    assert found(query="quarterly") == {message["id"]}


def test_the_files_of_a_conversation(api, cast, conversation):
    sent = {
        "media": [("a.png", files.picture()), ("b.mp4", files.film()), ("c.jpg", files.picture("JPEG"))],
        "audio": [("d.mp3", files.sound("mp3"))],
        "files": [("e.pdf", files.PDF)],
    }
    for one in (one for ones in sent.values() for one in ones):
        files.send(api, cast.owner, conversation, one)
    files.send(api, cast.owner, conversation, ("v.webm", files.sound()), messageType="voice")
    path = f"{CONVERSATIONS}/{conversation['id']}/attachments"
    caller = api.as_(cast.member)
    assert [one["fileName"] for one in caller.get(path)["attachments"]] == ["c.jpg", "b.mp4", "a.png"]
    assert [one["fileName"] for one in caller.get(path, kind="files")["attachments"]] == ["e.pdf"]
    assert [one["voice"] for one in caller.get(path, kind="audio")["attachments"]] == [True, False]
    page = caller.get(path, limit=2)
    assert len(page["attachments"]) == 2
    rest = caller.get(path, limit=2, cursor=page["nextCursor"])
    assert [one["fileName"] for one in rest["attachments"]] == ["a.png"]
    assert rest["nextCursor"] is None
    caller.get(path, kind="nonsense", status=400)


def test_ones_photo(api, app, cast, conversation):
    caller = api.as_(cast.owner)
    upload = files.upload(api, cast.owner, "me.jpg", files.telling_photo())
    me = caller.patch("/api/users/me", {"avatar": upload["id"]})["user"]
    assert files.fetch(api, cast.outsider, me["avatar"]).status_code == 200
    assert files.fetch(api, None, me["avatar"]).status_code == 401
    [message] = making.say(api, cast.owner, conversation, "Hello")
    assert message["sender"]["avatar"] == me["avatar"]
    shown = api.as_(cast.member).get(f"{CONVERSATIONS}/{conversation['id']}")["conversation"]
    assert {one["avatar"] for one in shown["participants"]} == {me["avatar"], None}
    caller.patch("/api/users/me", {"avatar": upload["id"]}, status=400)
    pdf = files.upload(api, cast.owner, "a.pdf", files.PDF)
    caller.patch("/api/users/me", {"avatar": pdf["id"]}, status=400)
    again = caller.patch("/api/users/me", {"avatar": files.upload(api, cast.owner)["id"]})["user"]
    carry_out(app)
    assert files.fetch(api, cast.owner, me["avatar"]).status_code == 404
    assert files.fetch(api, cast.owner, again["avatar"]).status_code == 200
    assert caller.patch("/api/users/me", {"avatar": None})["user"]["avatar"] is None
    advance(app, DAY + 60)
    carry_out(app)
    assert kept_files(app) == []


def test_a_groups_photo(api, cast):
    made = making.group(api, cast.owner, cast.member)
    path = f"{CONVERSATIONS}/{made['id']}"
    upload = files.upload(api, cast.owner)
    api.as_(cast.member).patch(path, {"avatar": upload["id"]}, status=403)
    changed = api.as_(cast.owner).patch(path, {"avatar": upload["id"]})["conversation"]
    assert files.fetch(api, cast.member, changed["avatar"]).status_code == 200
    assert files.fetch(api, cast.outsider, changed["avatar"]).status_code == 404
    assert api.as_(cast.owner).patch(path, {"avatar": None})["conversation"]["avatar"] is None
    kinds = [message["system"]["kind"] for message in api.as_(cast.member).get(path)["messages"]]
    assert kinds == ["photo", "photo"]


def test_a_quote_shows_what_it_quotes(api, cast, conversation):
    original = files.send(api, cast.member, conversation, ("a.pdf", files.PDF), ("b.png", files.picture()))
    body = {"conversationId": conversation["id"], "content": "Which one?", "replyTo": original["id"]}
    quoted = api.as_(cast.owner).post("/api/messages", body)["message"]["replyPreview"]
    thumb = original["attachments"][1]["thumbnailUrl"]
    assert (quoted["content"], quoted["messageType"], quoted["thumbnailUrl"]) == ("", "file", thumb)
    path = f"{CONVERSATIONS}/{conversation['id']}"
    assert api.as_(cast.owner).get(path)["messages"][1]["replyPreview"] == quoted
    api.as_(cast.member).delete(f"/api/messages/{original['id']}")
    assert "thumbnailUrl" not in api.as_(cast.owner).get(path)["messages"][1]["replyPreview"]
