"""Headers of alert e-mails: what providers ask for, and what strangers' texts must not do to them."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from alerts.writing.content import Content, NoticeKind
from alerts.writing.email import make_email
from alerts.writing.headers import Envelope, needs_smtputf8, sent_address
from tests.alerts.writing.samples import (
    ADDRESSES,
    ENVELOPE,
    LANGS,
    SITE,
    SPANISH,
    make_confirm,
    make_digest,
    make_notice,
    make_search,
    make_test,
)

EVERY_KIND: tuple[Content, ...] = (make_digest(), make_confirm(), make_notice(), make_test())


def read_back(message: EmailMessage) -> EmailMessage:
    """Return a message as whoever gets its bytes reads it."""
    return email.message_from_bytes(message.as_bytes(), policy=email.policy.default)


def head_of(message: EmailMessage) -> str:
    return message.as_bytes().partition(b"\r\n\r\n")[0].decode()


def unfolded(message: EmailMessage) -> dict[str, str]:
    lines = head_of(message).replace("\r\n ", " ").split("\r\n")
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def test_a_digest_has_the_headers_that_large_providers_ask_for() -> None:
    headers = unfolded(make_email(make_digest(), envelope=ENVELOPE))
    assert headers["from"] == "Pushcart <alerts@pushcart.example.org>"
    assert headers["to"] == "ana.torres@example.org"
    assert headers["date"] == "Mon, 30 Nov 2026 13:00:05 +0000"
    assert headers["message-id"] == "<01jabcdefghjkmnpqrstvwxyz0@pushcart.example.org>"
    assert headers["list-unsubscribe"] == f"<{ADDRESSES.one_click}>, <{ADDRESSES.unsubscribe_mail}>"
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert headers["list-id"] == "Pushcart <alerts.pushcart.example.org>"
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["content-language"] == "en"
    campaign, language, kind, sender = headers["feedback-id"].split(":")
    assert (campaign, language, kind) == ("digest", "en", "alerts")
    assert 5 <= len(sender) <= 15
    assert "reply-to" not in headers


def test_answers_go_to_the_address_that_is_named_for_them() -> None:
    message = make_email(make_digest(), envelope=replace(ENVELOPE, reply_to="library@example.org"))
    assert unfolded(message)["reply-to"] == "library@example.org"


def test_without_a_mailbox_only_one_click_is_offered() -> None:
    content = replace(make_digest(), addresses=replace(ADDRESSES, unsubscribe_mail=""))
    assert unfolded(make_email(content, envelope=ENVELOPE))["list-unsubscribe"] == f"<{ADDRESSES.one_click}>"


def test_one_click_is_not_promised_without_https() -> None:
    content = replace(
        make_digest(), addresses=replace(ADDRESSES, one_click="http://localhost:8000/alerts/unsubscribe/t")
    )
    headers = unfolded(make_email(content, envelope=ENVELOPE))
    assert headers["list-unsubscribe"].startswith("<http://localhost:8000/alerts/unsubscribe/t>")
    assert "list-unsubscribe-post" not in headers


def test_a_site_in_another_alphabet_has_headers_in_ascii() -> None:
    content = replace(make_digest(), addresses=replace(ADDRESSES, one_click="https://bücher.example/año/t?x=ñ"))
    headers = unfolded(make_email(content, envelope=ENVELOPE))
    assert headers["list-unsubscribe"].startswith("<https://xn--bcher-kva.example/a%C3%B1o/t?x=%C3%B1>")


def test_a_question_to_confirm_offers_nothing_to_unsubscribe_from_but_says_not_me() -> None:
    message = make_email(make_confirm(), envelope=ENVELOPE)
    assert "list-unsubscribe" not in head_of(message).lower()
    for part in ("plain", "html"):
        assert make_confirm().not_me in message.get_body((part,)).get_content()


def test_the_subject_says_how_many_documents_and_on_what() -> None:
    one = make_digest(make_search(entries=1))
    assert unfolded(make_email(one, envelope=ENVELOPE))["subject"] == "1 new document: street vendors Peru"
    two = make_digest(make_search(), make_search(2, name="Waste pickers"))
    assert make_email(two, envelope=ENVELOPE)["subject"] == "4 new documents: street vendors Peru and 1 more search"
    many = make_digest(make_search(entries=20, total=1234), lang="es")
    assert make_email(many, envelope=ENVELOPE)["subject"] == "1.234 documentos nuevos: street vendors Peru"


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda each: type(each).__name__)
def test_a_second_try_differs_in_its_date_alone(content: Content) -> None:
    first = make_email(content, envelope=ENVELOPE)
    second = make_email(content, envelope=replace(ENVELOPE, date=ENVELOPE.date + timedelta(hours=4)))
    assert first["message-id"] == second["message-id"]
    different = [
        (one, other)
        for one, other in zip(first.as_bytes().split(b"\r\n"), second.as_bytes().split(b"\r\n"), strict=True)
        if one != other
    ]
    assert different == [(b"Date: Mon, 30 Nov 2026 13:00:05 +0000", b"Date: Mon, 30 Nov 2026 17:00:05 +0000")]


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("lang", LANGS)
def test_every_message_is_ascii_in_short_lines(content: Content, lang: str) -> None:
    """No relay has to change it, so a signature of it stays whole."""
    message = make_email(replace(content, reader=replace(content.reader, lang=lang)), envelope=ENVELOPE)
    octets = message.as_bytes()
    assert octets.isascii()
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    assert max(map(len, octets.split(b"\r\n"))) <= 998


HOSTILE = (
    "x\r\nBcc: everyone@example.net",
    "x\nBcc: everyone@example.net\n\nBuy now",
    "x\r\n\r\n<html>",
    "x\u2028Bcc: everyone@example.net",
    "x\x0bBcc: everyone@example.net\x85Cc: y@example.net",
    "=?utf-8?q?x=0D=0ABcc:_everyone@example.net?=",
    "abc\u202egnp.exe",
    "x\x00y\x1b[31m",
    "a" * 5_000,
    "ñ" * 5_000,
    "\ud800 half",
    "<script>alert(1)</script>",
    'Vendedores, «ambulantes»; "comillas" <a@example.net>',
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda each: ascii(each[:24]))
def test_no_text_of_a_stranger_adds_a_header(text: str) -> None:
    usual = set(make_email(make_digest(), envelope=ENVELOPE).keys())
    contents = (
        make_digest(replace(make_search(name=text), entries=(replace(SPANISH, title=text, publisher=text),), total=1)),
        make_notice(NoticeKind.SEARCH_UNREADABLE, search=text),
        make_confirm(search=text),
    )
    for content in contents:
        message = make_email(content, envelope=replace(ENVELOPE, sender_name=text))
        again = read_back(message)
        assert set(again.keys()) <= usual
        assert not {"bcc", "cc"} & {name.lower() for name in again}
        assert [each.addr_spec for each in again["to"].addresses] == ["ana.torres@example.org"]
        assert [each.addr_spec for each in again["from"].addresses] == ["alerts@pushcart.example.org"]
        assert "\u202e" not in again["subject"]
        assert len(again["subject"]) < 200
        assert sorted(part.get_content_type() for part in again.walk()) == [
            "multipart/alternative",
            "text/html",
            "text/plain",
        ]


@pytest.mark.parametrize(
    "name",
    [
        "economía informal y protección social de las trabajadoras",
        "الباعة المتجولون والحماية الاجتماعية في القاهرة الكبرى",
        "流动商贩和社会保护",
        "travailleuses à domicile – économie « informelle » : où en est-on ?",
        "a" * 60,
    ],
)
def test_a_subject_in_any_alphabet_is_read_back_as_it_was_written(name: str) -> None:
    message = make_email(make_digest(make_search(name=name)), envelope=ENVELOPE)
    assert read_back(message)["subject"] == message["subject"]
    assert message["subject"].startswith("2 new documents: ")
    assert all(len(line) <= 78 for line in head_of(message).split("\r\n") if "=?" in line)


def test_a_long_signed_link_in_list_unsubscribe_stays_readable() -> None:
    """Python's own folding would write it as an encoded word, which no provider opens."""
    link = f"{SITE}/alerts/unsubscribe/{'A1b2-_' * 60}"
    message = make_email(replace(make_digest(), addresses=replace(ADDRESSES, one_click=link)), envelope=ENVELOPE)
    assert f"<{link}>,\r\n <mailto:" in head_of(message)
    assert "=?" not in head_of(message)


def test_a_domain_in_another_alphabet_is_written_as_dns_knows_it() -> None:
    message = make_email(make_digest(), envelope=replace(ENVELOPE, recipient="ana@bücher.example"))
    assert unfolded(message)["to"] == "ana@xn--bcher-kva.example"
    assert not needs_smtputf8(message)


def test_a_local_part_in_another_alphabet_needs_smtputf8_and_keeps_it() -> None:
    message = make_email(make_digest(lang="es"), envelope=replace(ENVELOPE, recipient="josé@bücher.example"))
    assert needs_smtputf8(message)
    assert "To: josé@xn--bcher-kva.example\r\n" in head_of(message)
    body = message.as_bytes().partition(b"\r\n\r\n")[2]
    assert body.isascii()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "a b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "A <a@example.org>",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        replace(ENVELOPE, recipient=address)


def test_a_message_to_a_machine_of_ones_own_is_allowed() -> None:
    assert sent_address("root@localhost") == "root@localhost"


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": "a b"},
        {"message_id": "a>\r\nBcc: x"},
        {"host": "bücher.example"},
        {"host": "example.org\r\nBcc: x"},
        {"date": datetime(2026, 11, 30)},
    ],
)
def test_an_envelope_is_checked_when_it_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Envelope(
            **{
                "message_id": "m1",
                "host": "example.org",
                "sender": "a@example.org",
                "recipient": "b@example.org",
                "date": datetime(2026, 11, 30, tzinfo=UTC),
                **wrong,
            }
        )  # type: ignore[arg-type]
