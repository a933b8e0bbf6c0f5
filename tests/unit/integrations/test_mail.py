import socketserver
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from app.core.config import MailSettings
from app.integrations.mail import LogMailer, Mail, MailError, SmtpMailer, make_mailer

MAIL = Mail("ada@example.org", "Grüße", "Ein Link: https://study.example.org/x#token=abc\n")


class Conversation(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 to take one message."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, MailServer)
        self.wfile.write(b"220 ready\r\n")
        in_data = False
        while line := self.rfile.readline():
            text = line.decode().rstrip("\r\n")
            server.lines.append(text)
            if in_data and text != ".":
                continue
            in_data = text.upper() == "DATA"
            self.wfile.write(server.reply(text))
            if text.upper() == "QUIT":
                return


class MailServer(socketserver.TCPServer):
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.lines: list[str] = []
        self.refused = ""

    def reply(self, command: str) -> bytes:
        word = command.partition(" ")[0].upper()
        if word == self.refused:
            return b"550 no such user\r\n"
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def settings(server: MailServer) -> MailSettings:
    return MailSettings(host="127.0.0.1", port=server.server_address[1], starttls=False, sender="studium@example.org")


def test_a_mail_reaches_the_server(server: MailServer) -> None:
    make_mailer(settings(server)).send(MAIL)
    sent = "\n".join(server.lines)
    assert "RCPT TO:<ada@example.org>" in sent.replace("rcpt TO", "RCPT TO")
    assert "Subject: =?utf-8?" in sent
    assert "#token=3Dabc" in sent or "#token=abc" in sent
    assert "Message-ID:" in sent


def test_a_refusal_is_one_kind_of_error(server: MailServer) -> None:
    server.refused = "RCPT"
    with pytest.raises(MailError):
        SmtpMailer(settings(server)).send(MAIL)


def test_a_server_without_encryption_gets_no_mail_when_it_is_required(server: MailServer) -> None:
    strict = settings(server).model_copy(update={"starttls": True, "username": "u", "password": SecretStr("p")})
    with pytest.raises(MailError):
        SmtpMailer(strict).send(MAIL)
    assert not any(line.upper().startswith(("AUTH", "MAIL", "DATA")) for line in server.lines)


@pytest.mark.parametrize("to", ["ada@example.org\r\nBcc: all@example.org", "a\nb@example.org"])
def test_an_address_cannot_add_headers(server: MailServer, to: str) -> None:
    with pytest.raises(MailError):
        SmtpMailer(settings(server)).send(Mail(to, "Hello", "text"))
    assert not any("all@example.org" in line for line in server.lines)


def test_nobody_listens() -> None:
    with pytest.raises(MailError):
        SmtpMailer(MailSettings(host="127.0.0.1", port=1)).send(MAIL)


def test_without_a_server_mail_goes_to_the_log() -> None:
    assert isinstance(make_mailer(MailSettings()), LogMailer)
