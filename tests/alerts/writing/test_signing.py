"""A relay signs our messages (DKIM), and what it signed arrives as it was: with both headers of one-click unsubscribing in it."""

from __future__ import annotations

import base64
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import authheaders
import dkim
import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from alerts.writing.content import Content
from alerts.writing.email import make_email
from tests.alerts.writing.samples import ENVELOPE, LANGS, make_digest, make_notice, make_search

DOMAIN = b"pushcart.example.org"
SIGNED = (
    *(b"from", b"reply-to", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted", b"feedback-id"),
)


@dataclass
class SigningRelay:
    """Takes messages by SMTP, signs them, and keeps what it would hand on."""

    private_key: bytes
    handed_on: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        present = [name for name in SIGNED if b"\n" + name in b"\n" + envelope.content.lower()]
        signature = dkim.sign(envelope.content, b"s1", DOMAIN, self.private_key, include_headers=present)
        self.handed_on.append(signature + envelope.content)
        return "250 taken"


@dataclass(frozen=True)
class Served:
    relay: SigningRelay
    port: int
    records: dict[bytes, bytes]
    """What DNS says."""

    def deliver(self, content: Content) -> bytes:
        message = make_email(content, envelope=ENVELOPE)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.sendmail(ENVELOPE.sender, [ENVELOPE.recipient], message.as_bytes())
        return self.relay.handed_on[-1]

    def look_up(self, name: bytes | str, timeout: float = 5) -> bytes | str:
        """Answer as DNS: in bytes to dkimpy, in text to authheaders."""
        if isinstance(name, str):
            return self.records.get(name.rstrip(".").encode(), b"").decode()
        return self.records.get(name.rstrip(b"."), b"")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    records = {
        b"s1._domainkey." + DOMAIN: b"v=DKIM1; k=rsa; p=" + base64.b64encode(public),
        b"_dmarc." + DOMAIN: b"v=DMARC1; p=reject; adkim=s",
    }
    with socket.socket() as probe:  # aiosmtpd asks the port that it was given whether it answers
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(SigningRelay(pem), hostname="127.0.0.1", port=port)
    controller.start()
    yield Served(relay=controller.handler, port=port, records=records)
    controller.stop()


@pytest.mark.parametrize(
    "content", [*(make_digest(lang=lang) for lang in LANGS), make_notice(), make_digest(make_search(entries=20))]
)
def test_what_the_relay_signed_verifies(served: Served, content: Content) -> None:
    received = served.deliver(content)
    assert dkim.verify(received, dnsfunc=served.look_up)


def test_both_headers_of_one_click_are_signed_and_a_change_of_them_shows(served: Served) -> None:
    received = served.deliver(make_digest())
    signature = received.partition(b"\r\nFrom:")[0].replace(b"\r\n ", b"").replace(b" ", b"").lower()
    names = signature.partition(b";h=")[2].partition(b";")[0].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= set(names)
    changed = received.replace(b"List-Unsubscribe: <https://pushcart", b"List-Unsubscribe: <https://crashcart")
    assert changed != received
    assert not dkim.verify(changed, dnsfunc=served.look_up)


def test_the_signature_is_of_the_domain_in_from_as_dmarc_wants(served: Served) -> None:
    received = served.deliver(make_digest())
    said = authheaders.authenticate_message(
        received, "mx.example.net", spf=False, dkim=True, dmarc=True, dnsfunc=served.look_up
    )
    assert "dkim=pass" in said
    assert "dmarc=pass" in said
    assert "header.from=pushcart.example.org" in said.replace("header.From", "header.from")


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(served: Served) -> None:
    content = make_digest(make_search(name=".net and .org"))
    assert dkim.verify(served.deliver(content), dnsfunc=served.look_up)
