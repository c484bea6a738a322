"""Files and photos through the pages: from the composer, from a form without script, and in the details."""

import io

import pytest

from lumina.extensions import db
from lumina.models import Attachment
from tests.pages.conftest import FETCH, HTMX
from tests.support import files, making
from tests.support.forms import Forms


@pytest.fixture
def mine(app, cast):
    return Forms(app.test_client()).sign_in(cast.owner)


def part(name="a.png", content=None):
    return io.BytesIO(files.picture() if content is None else content), name


def post(mine, path, headers=FETCH, **form):
    page = mine.client.get("/settings").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return mine.client.post(path, data={"csrf_token": token, **form}, headers=headers)


def count(app):
    with app.app_context():
        return db.session.query(Attachment).count()


def test_an_upload_and_a_message_with_it(mine, app, group):
    answer = post(mine, "/uploads", file=part())
    assert answer.status_code == 201
    upload = answer.get_json()
    assert upload["fileName"] == "a.png"
    path = f"/conversations/{group['id']}/messages"
    sent = post(mine, path, attachment_ids=[upload["id"]])
    assert sent.status_code == 201
    assert f"/files/{upload['id']}/thumb" in sent.get_data(as_text=True)


def test_what_is_refused(mine, app):
    for form, status in (({}, 400), ({"file": part(content=b"")}, 400), ({"file": part("a.exe")}, 415)):
        answer = post(mine, "/uploads", **form)
        assert answer.status_code == status
        assert answer.get_json()["message"]
    assert count(app) == 0


def test_an_upload_that_is_let_go(mine, app):
    upload = post(mine, "/uploads", file=part()).get_json()
    assert post(mine, f"/uploads/{upload['id']}/discard").status_code == 204
    assert count(app) == 0


def test_a_form_without_script_sends_all_or_nothing(mine, app, group):
    path = f"/conversations/{group['id']}/messages"
    answer = post(mine, path, headers={}, attachments=[part(), part("b.exe")], content="Both")
    assert answer.status_code == 415
    assert "Both" in answer.get_data(as_text=True)
    assert count(app) == 0
    answer = post(mine, path, headers={}, attachments=[part()] * 6, content="Six")
    assert answer.status_code == 400
    answer = post(mine, path, headers={}, attachments=[part()], content="x" * 10_001)
    assert answer.status_code == 400
    assert count(app) == 0
    assert post(mine, path, headers={}, attachments=[part()], content="").status_code == 303
    assert count(app) == 1


def test_photos(mine, group):
    answer = post(mine, "/settings/photo", headers={}, photo=part())
    assert answer.headers["Location"] == "/settings#profile"
    assert "/photos/" in mine.client.get("/settings").get_data(as_text=True)
    post(mine, "/settings/photo", headers={}, photo=part("a.pdf", files.PDF))
    assert "A photo is a picture." in mine.client.get("/settings").get_data(as_text=True)
    post(mine, "/settings/photo", headers={})
    assert "Please choose a photo." in mine.client.get("/settings").get_data(as_text=True)
    post(mine, "/settings/photo", headers={}, remove="1")
    assert "/photos/" not in mine.client.get("/settings").get_data(as_text=True)
    path = f"/conversations/{group['id']}/photo"
    assert "/photos/" in post(mine, path, headers=HTMX, photo=part()).get_data(as_text=True)
    refused = post(mine, path, headers=HTMX)
    assert refused.status_code == 400
    assert "Please choose a photo." in refused.get_data(as_text=True)


def test_only_an_admin_changes_a_groups_photo(app, api, cast):
    made = making.group(api, cast.owner, cast.member)
    member = Forms(app.test_client()).sign_in(cast.member)
    assert post(member, f"/conversations/{made['id']}/photo", photo=part()).status_code == 403


def test_the_files_of_a_conversation(mine, api, cast, group):
    path = f"/conversations/{group['id']}/files"
    assert mine.client.get(path).headers["Location"] == f"/conversations/{group['id']}/details"
    assert "No photos or videos yet." in mine.client.get(path, headers=HTMX).get_data(as_text=True)
    for number in range(31):
        files.send(api, cast.owner, group, (f"{number}.pdf", files.PDF))
    first = mine.client.get(f"{path}?kind=files", headers=HTMX).get_data(as_text=True)
    assert first.count('class="file"') == 30
    rest = first.split('href="/conversations')[-1].split('"')[0].replace("&amp;", "&")
    assert (
        mine.client.get(f"/conversations{rest}", headers=HTMX).get_data(as_text=True).count('class="file"')
        == 1
    )
    assert mine.client.get(f"{path}?kind=other", headers=HTMX).status_code == 400


def test_whose_session_is_over_is_asked_to_sign_in_and_sends_nothing(client):
    """A form is read before anybody is asked for, but where it bears files: those of a stranger are not read."""
    body = Unread(bytes(5 * 1024 * 1024))
    form = "multipart/form-data; boundary=x"
    answer = client.post("/uploads", input_stream=body, content_type=form, headers=FETCH)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")
    assert not body.was_read


class Unread(io.BytesIO):
    """A body that tells whether anybody looked at it."""

    was_read = False

    def read(self, *_):
        self.was_read = True
        return b""

    readinto = readline = read
