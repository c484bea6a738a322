"""Files as people send them: picked, dropped and pasted, with progress, a way out and another try; and as they get them."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from tests.browser.talk import ON_SQLITE
from tests.browser.touch import touching
from tests.support import files
from tests.support.waiting import eventually

pytestmark = ON_SQLITE
DROP = """async ([selector, sent]) => {
  const target = document.querySelector(selector), data = new DataTransfer();
  for (const [name, type, base64] of sent) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  for (const kind of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""
PASTE = """([name, type, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)), data = new DataTransfer();
  data.items.add(new File([bytes], name, { type }));
  document.querySelector("textarea[name=content]")
    .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
LOADED = "image => image.complete && image.naturalWidth > 0"


def base64(content):
    return b64encode(content).decode()


def picked(name, content, type="application/octet-stream"):
    return {"name": name, "mimeType": type, "buffer": content}


@pytest.fixture
def conversation(talk, mara, tomasz):
    return talk.direct(mara, tomasz)


def pick(window, *chosen):
    window.page.set_input_files(".attach input", list(chosen))


def uploads(window, state=None):
    return window.page.locator(f".upload[data-state={state}]" if state else ".upload")


def send(window):
    window.page.locator(".composer [data-send]").click()


def test_five_dropped_at_once_and_one_cancelled(inbox, mara, tomasz, conversation):
    one, other = inbox(mara, conversation), inbox(tomasz, conversation)
    # The third one hangs, so that there is something to cancel.
    one.page.route(
        "**/uploads", lambda route: None if b"3.png" in route.request.post_data_buffer else route.continue_()
    )
    sent = [[f"{n}.png", "image/png", base64(files.picture("PNG", (50 + n, 40)))] for n in range(1, 6)]
    one.page.evaluate(DROP, ["message-list", sent])
    expect(uploads(one)).to_have_count(5)
    expect(uploads(one, "ready")).to_have_count(4)
    expect(one.page.locator(".composer [data-send]")).to_be_disabled()
    one.page.get_by_role("button", name="Remove 3.png").click()
    expect(uploads(one)).to_have_count(4)
    one.page.fill("textarea", "Four of five")
    send(one)
    for window in (one, other):
        shown = window.page.locator(".message:not([data-order]) .media img")
        expect(shown).to_have_count(4)
        assert [image.get_attribute("alt") for image in shown.all()] == ["1.png", "2.png", "4.png", "5.png"]
        expect(window.page.locator(".bubble-media .content")).to_have_text("Four of five")
        assert eventually(lambda shown=shown: all(image.evaluate(LOADED) for image in shown.all()))
    expect(uploads(one)).to_have_count(0)


def test_progress_failure_and_another_try(inbox, mara, conversation):
    window, held = inbox(mara, conversation), []
    window.page.route("**/uploads", lambda route: held.append(route))
    pick(window, picked("plan.pdf", files.PDF, "application/pdf"))
    expect(uploads(window, "uploading")).to_have_count(1)
    expect(window.page.locator(".upload progress")).to_be_visible()
    window.wait_for(lambda: held)
    held[0].abort()
    expect(uploads(window, "failed")).to_contain_text("Not uploaded.")
    window.page.unroute_all()
    window.page.get_by_role("button", name="Retry").click()
    expect(uploads(window, "ready")).to_have_count(1)
    send(window)
    link = window.page.locator(".message:not([data-order]) .file")
    expect(link).to_contain_text("plan.pdf")
    with window.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "plan.pdf"
    assert download.value.path().read_bytes() == files.PDF


def test_what_cannot_be_sent_says_why(inbox, mara, conversation):
    window = inbox(mara, conversation)
    toasts = window.page.locator("#toasts")
    pick(window, picked("tool.exe", b"MZ"))
    expect(toasts).to_contain_text("tool.exe: Files of this type cannot be sent.")
    pick(window, picked("empty.txt", b""))
    expect(toasts).to_contain_text("empty.txt: This file is empty.")
    pick(window, picked("large.txt", b"a" * (10 * 1024 * 1024 + 1)))
    expect(toasts).to_contain_text(re.compile(r"large.txt: Larger than 10.5 MB"))
    pick(window, picked("page.png", b"<!doctype html><script>"))
    expect(uploads(window, "failed")).to_contain_text("content is not what its name says")
    window.page.get_by_role("button", name="Remove page.png").click()
    pick(window, *[picked(f"{n}.txt", b"hello") for n in range(6)])
    expect(toasts).to_contain_text("A message has up to 5 files.")
    expect(uploads(window)).to_have_count(5)


def test_a_pasted_picture(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.page.evaluate(PASTE, ["image.png", "image/png", base64(files.picture())])
    expect(uploads(window, "ready")).to_have_count(1)
    send(window)
    expect(window.page.locator(".message:not([data-order]) .media img")).to_have_count(1)


def test_pasted_words_stay_words(inbox, mara, conversation):
    """Office programs put a picture of the words beside them."""
    window = inbox(mara, conversation)
    was_left_alone = window.page.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", "A1");
      data.setData("text/html", "<b>A1</b>");
      data.items.add(new File(["x"], "image.png", { type: "image/png" }));
      const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      return document.querySelector("textarea[name=content]").dispatchEvent(event);
    }""")
    assert was_left_alone
    expect(uploads(window)).to_have_count(0)


def test_a_file_that_misses_its_place_opens_nothing(inbox, mara, conversation):
    window = inbox(mara, conversation)
    window.page.evaluate(
        "document.addEventListener('drop', (event) => { window.held = event.defaultPrevented; })"
    )
    window.page.evaluate(DROP, ["conversation-list", [["a.png", "image/png", base64(files.picture())]]])
    assert window.page.evaluate("window.held")
    expect(uploads(window)).to_have_count(0)


def test_uploads_wait_while_one_looks_elsewhere(inbox, talk, mara, tomasz, ines, conversation):
    elsewhere = talk.direct(mara, ines)
    window = inbox(mara, conversation)
    pick(window, picked("plan.pdf", files.PDF))
    expect(uploads(window, "ready")).to_have_count(1)
    window.page.locator(f"#row-{elsewhere} a").click()
    expect(window.page.locator(f"message-list[data-conversation-id='{elsewhere}']")).to_be_visible()
    expect(uploads(window)).to_have_count(0)
    window.page.locator(f"#row-{conversation} a").click()
    expect(uploads(window, "ready")).to_have_count(1)


def test_pictures_large(inbox, talk, mara, tomasz, conversation):
    pictures = [(f"{n}.png", files.picture("PNG", (600 + n, 400))) for n in range(3)]
    talk.send_files(tomasz, conversation, *pictures)
    window = inbox(mara, conversation)
    page, box = window.page, window.page.locator(".lightbox")
    reserved = page.locator(".media-item").first.bounding_box()
    page.locator(".media-item").nth(1).click()
    expect(box).to_be_visible()
    name, count = page.locator(".lightbox-name"), page.locator(".lightbox-count")
    expect(name).to_have_text("1.png")
    expect(count).to_have_text("2 / 3")
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text("2.png")
    expect(page.locator(".lightbox-next")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Previous").click()
    expect(name).to_have_text("0.png")
    image = page.locator(".lightbox > img")
    assert eventually(lambda: image.evaluate("image => image.naturalWidth") == 600)
    middle = image.bounding_box()
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y, steps=4)
    page.mouse.up()
    expect(name).to_have_text("1.png")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.name") == "1.png"
    assert page.locator(".media-item").first.bounding_box() == reserved


def test_pictures_swiped_by_a_finger(inbox, talk, mara, tomasz, conversation):
    pictures = [(f"{n}.png", files.picture("PNG", (600 + n, 400))) for n in range(3)]
    talk.send_files(tomasz, conversation, *pictures)
    window = inbox(mara, conversation, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    window.page.locator(".media-item").first.tap()
    name = window.page.locator(".lightbox-name")
    expect(name).to_have_text("0.png")
    # Across the picture, and below it.
    for y, shown in ((420, "1.png"), (760, "2.png")):
        with touching(window.page, 320, y) as finger:
            finger((270, y), (190, y), (110, y))
        expect(name).to_have_text(shown)


def test_the_space_of_a_picture_is_there_before_it_is(inbox, talk, mara, tomasz, conversation):
    talk.send_files(tomasz, conversation, ("a.png", files.picture("PNG", (1600, 1200))))
    window = inbox(mara)
    held = []
    window.page.route("**/thumb", lambda route: held.append(route))
    window.page.goto(f"/conversations/{conversation}", wait_until="commit")
    item = window.page.locator(".media-item")
    window.wait_for(lambda: held)
    # Its place counts as soon as anything is seen; the browser asks for pictures before it has the styles.
    window.wait_for(lambda: window.page.evaluate("performance.getEntriesByType('paint').length"))
    before = item.bounding_box()
    assert (round(before["width"]), round(before["height"])) == (320, 240)
    for route in held:
        route.continue_()
    assert eventually(lambda: window.page.locator(".media img").evaluate(LOADED))
    assert item.bounding_box() == before


def test_the_list_says_what_a_message_without_words_is(inbox, talk, mara, tomasz, conversation):
    window = inbox(mara)
    row = window.page.locator(f"#row-{conversation} [data-preview]")
    talk.send_files(tomasz, conversation, ("a.png", files.picture()))
    expect(row).to_have_text("Photo")
    talk.send_files(tomasz, conversation, ("plan.pdf", files.PDF))
    expect(row).to_have_text("plan.pdf")
    talk.send_files(tomasz, conversation, ("v.webm", files.sound()), messageType="voice")
    expect(row).to_have_text("Voice message")
    window.page.reload()
    expect(row).to_have_text("Voice message")


def test_the_details_list_what_was_shared(inbox, talk, mara, tomasz, conversation):
    talk.send_files(tomasz, conversation, ("a.png", files.picture()))
    talk.send_files(tomasz, conversation, ("plan.pdf", files.PDF))
    talk.send_files(tomasz, conversation, ("v.webm", files.sound("webm", 2)), messageType="voice")
    window = inbox(mara)
    window.page.goto(f"/conversations/{conversation}/details")
    shared = window.page.locator("#shared-files")
    expect(shared.locator("img")).to_have_count(1)
    shared.locator("img").click()
    expect(window.page.locator(".lightbox-name")).to_have_text("a.png")
    window.page.keyboard.press("Escape")
    tabs = window.page.get_by_role("navigation", name="Shared files")
    expect(tabs.locator("[aria-current]")).to_have_text("Media")
    window.page.get_by_role("link", name="Files", exact=True).click()
    expect(shared).to_contain_text("plan.pdf")
    expect(tabs.locator("[aria-current]")).to_have_text("Files")
    window.page.get_by_role("link", name="Audio").click()
    expect(shared).to_contain_text("Voice message")
    expect(shared).to_contain_text("0:02")


def test_files_switched_off_leave_no_button(inbox, talk, mara, tomasz, conversation):
    talk.settings(mara, conversation, allowFileSharing=False, allowVoiceMessages=False)
    window = inbox(mara, conversation)
    attach, record = window.page.locator(".attach"), window.page.locator("[data-record]")
    expect(attach).to_be_hidden()
    expect(record).to_be_hidden()
    expect(window.page.locator(".composer [data-send]")).to_be_visible()
    window.page.evaluate(DROP, ["message-list", [["a.png", "image/png", base64(files.picture())]]])
    expect(window.page.locator("#toasts")).to_contain_text("Sharing files is switched off here.")
    expect(uploads(window)).to_have_count(0)
    talk.settings(mara, conversation, allowFileSharing=True, allowVoiceMessages=True)
    expect(attach).to_be_visible()
    expect(record).to_be_visible()
    talk.settings(mara, conversation, allowFileSharing=False, allowVoiceMessages=True)
    expect(attach).to_be_hidden()
    expect(record).to_be_visible()


def test_without_script_a_file_is_sent_by_the_form(inbox, mara, conversation):
    window = inbox(mara, conversation, java_script_enabled=False)
    pick(window, picked("plan.pdf", files.PDF))
    window.page.fill("textarea", "The plan")
    window.page.locator(".composer [data-send]").click()
    expect(window.page.locator(".message .file")).to_contain_text("plan.pdf")
    expect(window.page.locator(".message .content")).to_have_text("The plan")


def test_a_photo_of_oneself(inbox, mara, tomasz, talk, conversation):
    talk.say(mara, conversation, "Hello")
    window = inbox(mara)
    window.page.goto("/settings")
    save = window.page.get_by_role("button", name="Save photo")
    expect(save).to_be_hidden()
    window.page.set_input_files(".photo-file", [picked("me.jpg", files.telling_photo(), "image/jpeg")])
    canvas = window.page.locator("photo-picker canvas")
    expect(canvas).to_be_visible()
    box = canvas.bounding_box()
    window.page.mouse.move(box["x"] + 80, box["y"] + 80)
    window.page.mouse.down()
    window.page.mouse.move(box["x"] + 80, box["y"] + 20, steps=3)
    window.page.mouse.up()
    window.page.get_by_label("Zoom").fill("150")
    save.click()
    photo = window.page.locator(".photo-own .avatar img")
    expect(photo).to_be_visible()
    assert eventually(
        lambda: photo.evaluate(
            "image => image.naturalWidth === image.naturalHeight && image.naturalWidth > 0"
        )
    )
    other = inbox(tomasz, conversation)
    expect(other.page.locator(f"#row-{conversation} .avatar img")).to_be_visible()
    window.page.get_by_role("button", name="Remove photo").click()
    expect(window.page.locator(".photo-own .avatar")).to_have_text("ME")


def test_a_photo_of_a_group(inbox, mara, tomasz, talk):
    group = talk.group(mara, tomasz, name="Harbour")
    window = inbox(mara)
    window.page.goto(f"/conversations/{group}/details")
    window.page.locator("summary", has_text="Photo").click()
    window.page.set_input_files(".details .photo-file", [picked("us.png", files.picture(), "image/png")])
    window.page.get_by_role("button", name="Save photo").click()
    expect(window.page.locator(f"#row-{group} .avatar img")).to_be_visible()
    expect(window.page.locator(".system-line")).to_contain_text("Mara Ellison changed the photo")
