"""Mail: written to the instance folder in development, handed to a mail server where there is one."""

import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes, message_from_string, policy
from queue import Empty, Queue

import pytest

from lumina.outlets import email
from lumina.services import events

# What is sent goes by a task in the background, which needs a server of sockets.
pytestmark = pytest.mark.usefixtures("migrated_app")
ASKED = events.PasswordResetAsked("mara@example.org", "Mara", "https://lumina.example/reset/" + "t" * 43)


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as takes a mail in, or refuses it."""

    def handle(self):
        self.say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "AUTH":
                self.server.taken.put(line)
                self.say("235 Welcome")
            elif verb == "DATA":
                self.say("354 Go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.put(b"".join(lines).decode())
                self.say("250 Taken")
            elif verb == "RCPT" and self.server.refuses:
                self.server.taken.put("refused")
                self.say("550 Nobody here")
            else:
                self.say("250-mail.example\r\n250 AUTH PLAIN" if verb == "EHLO" else "250 OK")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as running:
        running.daemon_threads, running.taken, running.refuses = True, Queue(), False
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def send(config, **changes):
    """Has the outlet send the mail that was asked for."""
    email.outlet_for(replace(config, **changes))(ASKED).send()


def as_expected(mail, config):
    assert (mail["To"], mail["From"]) == ("mara@example.org", config.mail_from)
    assert mail["Subject"]
    assert mail["Date"]
    assert mail["Message-ID"]
    assert ASKED.link in mail.get_content()
    assert "Mara" in mail.get_content()


def test_other_events_are_no_mail(config):
    assert email.outlet_for(config)(events.SessionsEnded((1,))) is None


def test_in_development_it_is_written_and_its_link_logged(config, tmp_path, caplog):
    with caplog.at_level("INFO"):
        send(config, instance=tmp_path)
    [file] = (tmp_path / "mail").iterdir()
    as_expected(message_from_bytes(file.read_bytes(), policy=policy.default), config)
    assert ASKED.link in caplog.text


def test_in_production_without_a_server_it_is_missed_aloud(config, tmp_path, caplog):
    send(config, instance=tmp_path, env="production")
    assert list(tmp_path.iterdir()) == []
    assert "SMTP_URL" in caplog.text
    assert ASKED.link not in caplog.text


@pytest.mark.parametrize("user", ["", "mara:p%40ss@"])
def test_a_mail_server_takes_it(config, server, user):
    send(config, smtp_url=f"smtp://{user}127.0.0.1:{server.server_address[1]}")
    if user:
        assert server.taken.get(timeout=5).startswith("AUTH PLAIN ")
    as_expected(message_from_string(server.taken.get(timeout=5), policy=policy.default), config)


def test_what_a_mail_server_refuses_is_in_the_log(config, server, caplog):
    server.refuses = True
    email._send(f"smtp://127.0.0.1:{server.server_address[1]}", email._reset_mail(config, ASKED))
    assert "could not be sent" in caplog.text
    assert ASKED.link not in caplog.text


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_is_not_there_is_in_the_log(config, server, caplog, scheme):
    server.shutdown()
    server.server_close()
    email._send(f"{scheme}://127.0.0.1:{server.server_address[1]}", email._reset_mail(config, ASKED))
    assert "could not be sent" in caplog.text
    with pytest.raises(Empty):
        server.taken.get_nowait()
