"""One form of the page for asking, sent many times at once, is one purchase."""

import re

import requests

from tests.live.conftest import crowd
from tests.live.test_races import AT_ONCE, at_once
from tests.support.forms import TOKEN

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def signed_in(server, person):
    browser = requests.Session()
    token = TOKEN.search(browser.get(f"{server.url}/login", timeout=30).text)[1]
    form = {"email": person.email, "password": person.password, "csrf_token": token}
    browser.post(f"{server.url}/login", data=form, timeout=30)
    return browser


def test_the_same_form_at_once_buys_once(live_server):
    client, expert = crowd(live_server, 2)
    live_server.call(expert, "PUT", "/api/experts/me", json={})
    live_server.flask("wallet", "credit", client.email, "50000")
    browser, address = signed_in(live_server, client), f"{live_server.url}/experts/{expert.id}/ask"
    form = dict(HIDDEN.findall(browser.get(address, timeout=30).text)) | {"question": "Once?"}

    def send():
        headers = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in browser.cookies)}
        return requests.post(address, data=form, headers=headers, allow_redirects=False, timeout=60)

    answers = at_once(*[send] * AT_ONCE)
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    [conversation] = {answer.headers["Location"] for answer in answers}
    wallet = live_server.call(client, "GET", "/api/wallet").json()["data"]["wallet"]
    assert (wallet["availableMinor"], wallet["heldMinor"]) == (45_000, 5_000)
    read = live_server.call(client, "GET", f"/api/messages{conversation}").json()["data"]
    assert [m["content"] for m in read["messages"] if m["messageType"] == "text"] == ["Once?"]
