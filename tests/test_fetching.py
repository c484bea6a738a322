"""Fetching strangers' pages, against real servers on this machine and with names of the tests' own."""

import gzip
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from threading import Thread

import pytest

from lumina.fetching import Fetcher, Unreachable, Unsuitable, addresses, bodies, fetcher
from tests.support.site import TLS

PAGE = "<html><head><title>A page</title></head><body>"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PRIVATE = """
    0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 127.0.0.1 127.1.2.3 169.254.169.254 172.16.0.1 192.0.0.9 192.0.2.1 192.88.99.1
    192.168.1.1 198.18.0.1 203.0.113.5 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::127.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::1
    100::1 2001::1 2001:0:53aa:64c:0:fbff:f5fe:fefe 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1
    5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%1 fec0::1 ff02::1 ff0e::1
"""
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e"]


def names(**known):
    """A resolver that knows these, with a list of what it was asked."""

    def resolve(host, port):
        asked.append(host)
        return known[host.partition(".")[0]]

    asked = []
    resolve.asked = asked
    return resolve


class Pauses:
    """Those between what somebody sends a little at a time, who is cut off before it has made twenty. However busy the
    machine, they last no less than a second together."""

    def __init__(self):
        self.made = 0

    def __call__(self):
        self.made += 1
        time.sleep(0.05)

    @property
    def are_few(self):
        return self.made < 20


HERE = names(page=["127.0.0.1"])
local = Fetcher(resolve=HERE, permits=lambda address: True, ports=range(1, 65536), seconds=2)


@pytest.mark.parametrize("text", PRIVATE.split())
def test_an_address_that_is_not_public(text):
    assert not addresses.is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address(text):
    assert addresses.is_public(ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{text}/" for text in PRIVATE.split() if ":" not in text),
        *(f"http://[{text}]/" for text in PRIVATE.split() if ":" in text),
        "http://localhost/",
        "http://LOCALHOST./",
        "http://localhost:80/",
        "http://intranet/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        "http://public.example.0x7f/",
        "http://public.example:22/",
        "http://public.example:8080/",
        "http://public.example:0/",
        "http://public.example:99999/",
        "http://me:secret@public.example/",
        "http://public.example@127.0.0.1/",
        "http://127.0.0.1\\@public.example/",
        "http://public.example#@127.0.0.1:22/",
        "http:///etc/passwd",
        "http://",
        "http://%31%32%37.0.0.1/",
        "http://pu%62lic.example/",
        "http://[::1",
        "http://.example/",
        "http://public..example/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 130}example/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "gopher://public.example/",
        "javascript:alert(1)",
        "//public.example/",
        "public.example",
        "",
    ],
)
def test_what_is_never_asked(url, monkeypatch):
    resolve = names(public=["10.0.0.1"])
    monkeypatch.setattr(fetcher.socket, "create_connection", None)
    with pytest.raises(Unsuitable):
        Fetcher(resolve=resolve).fetch(url)


@pytest.mark.parametrize("host", ["localhost.localdomain", "sub.localhost"])
def test_names_of_this_machine_as_the_system_knows_them(host):
    with pytest.raises((Unsuitable, Unreachable)):
        Fetcher().fetch(f"http://{host}/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    monkeypatch.setattr(fetcher.socket, "create_connection", None)
    for found in (["8.8.8.8", "127.0.0.1"], ["2606:4700:4700::1111", "::ffff:10.0.0.1"]):
        with pytest.raises(Unsuitable, match="not a public address"):
            Fetcher(resolve=names(public=found)).fetch("http://public.example/")


def test_the_system_is_asked_for_names():
    assert addresses.resolve("127.0.0.1", 80) == ["127.0.0.1"]


def test_a_page(site):
    page = local.fetch(site.page("/a?b=c", PAGE))
    assert (page.url, page.html) == (f"{site.url}/a?b=c", PAGE)
    [(path, headers)] = site.asked
    assert path == "/a?b=c"
    assert headers["Host"] == f"page.example:{site.port}"
    assert "LuminaBot" in headers["User-Agent"]
    assert {"Cookie", "Referer", "Authorization", "From"}.isdisjoint(headers)


def test_an_address_with_other_letters(site):
    site.page("/caf%C3%A9?q=%E2%9C%93", PAGE)
    assert local.fetch(f"{site.url}/café?q=✓").html == PAGE


def test_proxies_of_the_environment_are_passed_over(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert local.fetch(site.page("/", PAGE)).html == PAGE


def test_the_connection_goes_to_the_address_that_was_checked(site, monkeypatch):
    """The name would mean something else the second time; nobody asks."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    rebinding = replace(local, resolve=lambda host, port: next(answers))
    assert rebinding.fetch(site.page("/", PAGE)).html == PAGE
    assert next(answers) == ["10.0.0.1"]


def test_each_hop_is_looked_up_and_checked_anew(site):
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    rebinding = replace(
        local, resolve=lambda host, port: next(answers), permits=lambda address: str(address) == "127.0.0.1"
    )
    site.page("/end", PAGE)
    with pytest.raises(Unsuitable, match="not a public address"):
        rebinding.fetch(site.redirect("/", "/end"))
    assert [path for path, _ in site.asked] == ["/"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "//localhost/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://page.example/",
        "http://me:secret@page.example/",
        "http://[",
        "http://page.example:22/",
    ],
)
def test_a_redirect_leads_nowhere_that_is_not_allowed(site, location):
    strict = replace(local, permits=_once(), ports={80, site.port})
    with pytest.raises(Unsuitable):
        strict.fetch(site.redirect("/", location))
    assert len(site.asked) == 1


def _once():
    """Permits the first address that it is asked about, which is that of the first hop."""
    asked = []

    def permits(address):
        asked.append(address)
        return len(asked) == 1

    return permits


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site, status):
    site.page("/a/end?x=%C3%A9", PAGE)
    site.redirect("/a/middle", "end?x=é".encode().decode("latin-1"), status)
    page = local.fetch(site.redirect("/", "/a/middle", status))
    assert page.url == f"{site.url}/a/end?x=é"
    assert [path for path, _ in site.asked] == ["/", "/a/middle", "/a/end?x=%C3%A9"]
    assert all("Referer" not in headers for _, headers in site.asked)


def test_three_redirects_and_no_more(site):
    site.page("/0", PAGE)
    for number in range(1, 5):
        site.redirect(f"/{number}", f"/{number - 1}")
    assert local.fetch(f"{site.url}/3").html == PAGE
    with pytest.raises(Unsuitable, match="redirects"):
        local.fetch(f"{site.url}/4")
    site.redirect("/circle", "/circle")
    with pytest.raises(Unsuitable, match="redirects"):
        local.fetch(f"{site.url}/circle")


def test_a_cookie_is_not_sent_back(site):
    site.page("/end", PAGE)
    site.page("/", "", 302, Location="/end", Set_Cookie="who=you")
    local.fetch(f"{site.url}/")
    assert "Cookie" not in site.asked[1][1]


@pytest.mark.parametrize(
    "kind", ["application/json", "image/png", "text/plain", "application/octet-stream", "", "text/htmlx"]
)
def test_what_is_no_page(site, kind):
    with pytest.raises(Unsuitable, match="type"):
        local.fetch(site.page("/", PAGE, Content_Type=kind))


@pytest.mark.parametrize("kind", ["TEXT/HTML", "text/html;charset=utf-8", "application/xhtml+xml"])
def test_what_is_a_page(site, kind):
    assert local.fetch(site.page("/", PAGE, Content_Type=kind)).html == PAGE


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 451])
def test_what_is_not_there(site, status):
    with pytest.raises(Unsuitable, match=f"{status}"):
        local.fetch(site.page("/", PAGE, status))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_be_there_later(site, status):
    with pytest.raises(Unreachable, match=f"{status}"):
        local.fetch(site.page("/", PAGE, status))


def test_a_redirect_to_nowhere(site):
    with pytest.raises(Unsuitable, match="302"):
        local.fetch(site.page("/", PAGE, 302))


def endless(piece, handler):
    handler.wfile.write(HTML + b"\r\n")
    while True:
        handler.wfile.write(piece)


def test_an_endless_page_is_read_so_far(site):
    page = local.fetch(site.does("/", partial(endless, b"<p>more</p>" * 1000)))
    assert bodies.MOST_BYTES - 11_000 < len(page.html) <= bodies.MOST_BYTES


def test_no_more_is_read_than_the_head(site):
    page = local.fetch(site.page("/", PAGE + "x" * 400_000))
    assert len(page.html) < 50_000


def test_endless_chunks(site):
    def answer(handler):
        handler.wfile.write(HTML + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            handler.wfile.write(b"4000\r\n" + b"y" * 0x4000 + b"\r\n")

    assert len(local.fetch(site.does("/", answer)).html) == bodies.MOST_BYTES


def test_a_compressed_page(site):
    url = site.page("/", gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    assert local.fetch(url).html == PAGE


def test_a_bomb_is_not_unpacked(site):
    bomb = gzip.compress(b"\0" * 50_000_000, 6)
    url = site.page("/", bomb, Content_Encoding="gzip")
    began = time.process_time()
    assert len(local.fetch(url).html) == bodies.MOST_BYTES
    assert time.process_time() - began < 0.5


def test_what_never_becomes_anything(site):
    """Empty blocks decompress to nothing, however many there are."""

    def answer(handler):
        handler.wfile.write(HTML + b"Content-Encoding: gzip\r\n\r\n")
        handler.wfile.write(gzip.compress(b"")[:10])
        while True:
            handler.wfile.write(b"\0\0\0\xff\xff" * 10_000)

    assert local.fetch(site.does("/", answer)).html == ""


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "nonsense"])
def test_other_compression(site, encoding):
    with pytest.raises(Unsuitable, match="compressed"):
        local.fetch(site.page("/", PAGE, Content_Encoding=encoding))


def test_broken_compression(site):
    with pytest.raises(Unsuitable, match="compressed"):
        local.fetch(site.page("/", PAGE, Content_Encoding="gzip"))


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HTML + b"\r\n", b"<p>"),
        (HTML + b"Content-Length: 100000\r\n\r\n", b"<p>"),
        (HTML + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HTML + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    ],
)
def test_a_server_that_drips_is_cut_off(site, start, piece):
    pauses = Pauses()
    with pytest.raises(Unreachable):
        replace(local, seconds=0.4).fetch(site.drip("/", start, piece, pauses))
    assert pauses.are_few


def test_slow_redirects_share_one_time(site):
    def slow(handler):
        time.sleep(0.3)
        site.redirect("/x", "/slow")
        site.answers["/x"](handler)

    with pytest.raises(Unreachable):
        replace(local, seconds=0.5).fetch(site.does("/slow", slow))
    # By the second answer the time was up.
    assert len(site.asked) <= 2


def test_a_silent_server(site):
    with pytest.raises(Unreachable):
        replace(local, seconds=0.3).fetch(site.does("/", lambda handler: time.sleep(1)))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        HTML + b"Content-Length: 100\r\n\r\n<p>",
        HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_nonsense(site, answer):
    with pytest.raises(Unreachable):
        local.fetch(site.does("/", lambda handler: handler.wfile.write(answer)))


def test_nobody_listens(site):
    site.close()
    with pytest.raises(Unreachable, match="nobody answers"):
        local.fetch(f"{site.url}/")


def test_the_next_address_where_the_first_is_silent(site):
    both = replace(local, resolve=names(page=["127.0.0.9", "127.0.0.1"]))
    assert both.fetch(site.page("/", PAGE)).html == PAGE


def test_a_name_that_nobody_knows():
    def unknown(host, port):
        raise OSError("Name or service not known")

    for resolve in (unknown, names(page=[])):
        with pytest.raises(Unreachable, match="no such name"):
            replace(local, resolve=resolve).fetch("http://page.example/")


def test_a_lookup_that_takes_all_the_time(site):
    def slow(host, port):
        time.sleep(0.2)
        return ["127.0.0.1"]

    with pytest.raises(Unreachable, match="too slow"):
        replace(local, resolve=slow, seconds=0.1).fetch(site.page("/", PAGE))
    assert site.asked == []


def trusting():
    return ssl.create_default_context(cafile=TLS / "authority.pem")


def test_a_secure_page(secure_site):
    page = replace(local, tls=trusting).fetch(secure_site.page("/", PAGE))
    assert page.html == PAGE
    assert secure_site.asked[0][1]["Host"] == f"page.example:{secure_site.port}"


def test_a_certificate_that_nobody_vouches_for(secure_site):
    with pytest.raises(Unsuitable, match="certificate"):
        local.fetch(secure_site.page("/", PAGE))
    assert secure_site.asked == []


def test_a_certificate_of_somebody_else(secure_site):
    secure_site.page("/", PAGE)
    fetching = replace(local, tls=trusting, resolve=names(other=["127.0.0.1"]))
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(Unsuitable, match="certificate"):
            fetching.fetch(f"https://{host}:{secure_site.port}/")
    assert secure_site.asked == []


def test_a_secure_page_that_drips_is_cut_off(secure_site):
    pauses = Pauses()
    with pytest.raises(Unreachable):
        replace(local, tls=trusting, seconds=0.4).fetch(secure_site.drip("/", HTML + b"\r\n", b"<p>", pauses))
    assert pauses.are_few


def test_what_is_no_handshake(site):
    with pytest.raises(Unreachable, match="SSLError"):
        local.fetch(site.page("/", PAGE).replace("http:", "https:"))


def test_a_handshake_that_drips_is_cut_off():
    """A record is announced that never comes to its end."""

    def drip():
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
            while True:
                connection.sendall(b"\0")
                pauses()

    pauses = Pauses()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=drip, daemon=True).start()
        with pytest.raises(Unreachable):
            replace(local, seconds=0.4).fetch(f"https://page.example:{listener.getsockname()[1]}/")
    assert pauses.are_few


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("é".encode(), "text/html"),
        ("é".encode(), "text/html; charset=nonsense"),
        ("é".encode(), "text/html; charset=hex"),
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("é".encode("cp1252"), 'text/html; charset="windows-1252"'),
        ("é".encode("utf-16"), "text/html"),
        ("é".encode("utf-8-sig"), "text/html; charset=latin1"),
    ],
)
def test_letters_by_header(site, body, kind):
    assert local.fetch(site.page("/", body, Content_Type=kind)).html == "é"


@pytest.mark.parametrize(
    ("meta", "charset", "text"),
    [
        ('<meta charset="shift_jis">', "shift_jis", "日本"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r", "Привет"),
        ("<META CHARSET=GBK>", "gbk", "中文"),
        ("<meta charset=unicode_escape>", "utf-8", r"\x41"),
        ("<meta charset=cp9999>", "utf-8", "é"),
    ],
)
def test_letters_by_the_page(site, meta, charset, text):
    body = f"{meta}<title>{text}".encode(charset)
    assert local.fetch(site.page("/", body, Content_Type="text/html")).html.endswith(text)


def test_broken_letters(site):
    assert local.fetch(site.page("/", b"\xff\xfea\xc3")).html
    assert local.fetch(site.page("/", b"a\xc3", Content_Type="text/html")).html == "a�"
