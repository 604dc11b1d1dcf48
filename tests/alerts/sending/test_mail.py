"""Handing e-mails to a mail server: what it answers, and what that means for the address."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from alerts.channels.answers import ChannelAnswer
from alerts.channels.email import Mailer, MailServer, mail_server
from alerts.channels.email.replies import SmtpStage, StatusMeaning, answer_of_reply, meaning_of_status
from corpus.alerts import AttemptOutcome, StoppedWhy
from corpus.errors import BadSettings
from corpus.settings import Settings, read_settings
from tests.alerts.sending.receivers import MailCatcher, mail_catcher, server_context
from tests.search_server.certificates import certificates_in

TEMPORARY, PERMANENT = AttemptOutcome.TEMPORARY, AttemptOutcome.PERMANENT


def a_mail(subject: str = "3 new documents") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "alerts@example.org", "rosa@example.org", subject
    message.set_content("Text.\n.\nA line of one dot is above.\n")
    return message


def server_at(port: int, **others) -> MailServer:
    given = {"host": "127.0.0.1", "security": "none", "sender": "bounces@example.org"}
    return MailServer(**given | {"port": port, "seconds_max": 2.0, "content_seconds_max": 2.0} | others)


def send(server: MailServer, *, to: str = "rosa@example.org", message: EmailMessage | None = None) -> ChannelAnswer:
    async def sending() -> ChannelAnswer:
        mailer = Mailer(server)
        try:
            return await mailer.send(message or a_mail(), to=to)
        finally:
            await mailer.close()

    return asyncio.run(sending())


@pytest.fixture
def catcher():
    with mail_catcher() as running:
        yield running


def test_a_message_arrives_as_it_was_written(catcher: MailCatcher):
    answer = send(server_at(catcher.port))
    assert (answer.outcome, answer.stops) == (AttemptOutcome.ACCEPTED, None)
    (caught,) = catcher.caught
    assert caught.to == "rosa@example.org"
    assert caught.content.replace(b"\r\n", b"\n") == a_mail().as_bytes()


@pytest.mark.parametrize(
    ("reply", "outcome", "is_ours", "stops"),
    [
        ("450 4.2.1 Greylisted", TEMPORARY, False, None),
        ("451 4.3.0 Queue file write error", TEMPORARY, True, None),
        ("550 5.1.1 No such user", PERMANENT, False, StoppedWhy.REFUSED),
        ("550 5.2.1 Mailbox disabled", PERMANENT, False, StoppedWhy.REFUSED),
        ("552 5.2.2 Mailbox full", TEMPORARY, False, None),
        ("550 Requested action not taken: mailbox unavailable", PERMANENT, False, StoppedWhy.REFUSED),
        ("550 5.7.1 Relaying denied", TEMPORARY, True, None),
        ("550 your address is on a block list", TEMPORARY, True, None),
        ("554 Relay access denied", TEMPORARY, True, None),
        ("530 5.7.0 Must issue a STARTTLS command first", TEMPORARY, True, None),
        ("421 4.7.0 Too many connections", TEMPORARY, True, None),
    ],
)
def test_a_refused_recipient_is_told_apart_from_a_refusal_of_us(catcher, reply, outcome, is_ours, stops):
    catcher.on_recipient = lambda address: reply
    answer = send(server_at(catcher.port))
    assert (answer.outcome, answer.is_ours, answer.stops) == (outcome, is_ours, stops)
    assert answer.text.startswith(reply[:3])
    assert catcher.received == []


@pytest.mark.parametrize(
    ("reply", "outcome", "is_ours", "stops"),
    [
        ("451 4.7.1 Try later", TEMPORARY, False, None),
        ("554 5.7.1 Spam message rejected", TEMPORARY, True, None),
        ("552 5.3.4 Message too big", PERMANENT, False, None),
        ("550 5.1.1 No such user after all", PERMANENT, False, StoppedWhy.REFUSED),
    ],
)
def test_a_refused_content_does_not_stop_the_address(catcher, reply, outcome, is_ours, stops):
    catcher.behaviour = lambda: reply
    answer = send(server_at(catcher.port))
    assert (answer.outcome, answer.is_ours, answer.stops) == (outcome, is_ours, stops)


def test_an_answer_that_is_lost_after_the_content_is_not_known(catcher):
    for how in ("drop", "drop_after", "hang"):
        catcher.behaviour = lambda how=how: how
        answer = send(server_at(catcher.port, content_seconds_max=0.3))
        assert (answer.outcome, answer.is_ours) == (AttemptOutcome.UNKNOWN, False)
    assert len(catcher.caught) == 1


def test_an_answer_that_is_late_is_waited_for(catcher):
    catcher.behaviour = lambda: "late"
    assert send(server_at(catcher.port)).outcome is AttemptOutcome.ACCEPTED


def test_a_mail_server_that_is_not_there_or_is_silent_is_our_trouble():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        gone = send(server_at(silent.getsockname()[1]))
        silent.listen()
        hanging = send(server_at(silent.getsockname()[1], seconds_max=0.2))
        unknown = send(server_at(25, host="mail.invalid"))
    for answer in (gone, hanging, unknown):
        assert (answer.outcome, answer.is_ours, answer.concerns_all) == (TEMPORARY, True, True)


def test_a_user_and_password_are_given_and_a_wrong_one_is_loud_and_stops_nobody():
    with mail_catcher(password="right") as catcher:
        ours = server_at(catcher.port, user="pushcart", password="right")
        assert send(ours).outcome is AttemptOutcome.ACCEPTED
        refused = send(replace(ours, password="wrong"))
    assert (refused.outcome, refused.is_ours, refused.stops) == (TEMPORARY, True, None)


def test_tls_is_checked_and_a_server_without_it_is_not_believed(tmp_path: Path):
    made = certificates_in(tmp_path)
    context = server_context(tmp_path)
    for kind in ("tls", "starttls"):
        with mail_catcher(**{kind: context}) as catcher:
            ours = server_at(catcher.port, host="localhost", security=kind, ca_file=made.ca_file)
            assert send(ours).outcome is AttemptOutcome.ACCEPTED
            for wrong in (replace(ours, ca_file=None), replace(ours, host="127.0.0.1")):
                refused = send(wrong)
                assert (refused.outcome, refused.is_ours) == (TEMPORARY, True)
    with mail_catcher() as catcher:
        plain = send(server_at(catcher.port, security="starttls"))
        assert (plain.outcome, plain.is_ours, catcher.caught) == (TEMPORARY, True, [])


def test_only_a_local_part_outside_ascii_needs_smtputf8(catcher):
    assert send(server_at(catcher.port), to="rosa@mañana.example").outcome is AttemptOutcome.ACCEPTED
    assert catcher.received == ["rosa@xn--maana-pta.example"]
    assert send(server_at(catcher.port), to="rosá@example.org").outcome is AttemptOutcome.ACCEPTED
    assert catcher.received[-1] == "rosá@example.org"
    with mail_catcher(smtputf8=False) as old:
        refused = send(server_at(old.port), to="rosá@example.org")
        assert (refused.outcome, refused.stops, old.caught) == (TEMPORARY, None, [])


@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        (550, "5.1.8 Sender address rejected", StatusMeaning.US),
        (550, "5.4.1 Recipient address rejected: Access denied", StatusMeaning.ADDRESS),
        (553, "mailbox name not allowed", StatusMeaning.ADDRESS),
        (501, "Syntax error", StatusMeaning.US),
        (550, "5.0.0 Unknown", StatusMeaning.ADDRESS),
    ],
)
def test_more_replies_have_their_meaning(code, text, meaning):
    assert meaning_of_status(code, text) is meaning


def test_a_server_that_answers_nonsense_is_our_trouble():
    assert answer_of_reply(220, "Hello?", stage=SmtpStage.RECIPIENT).is_ours


def test_settings_name_the_mail_server_and_without_one_there_is_none():
    assert mail_server(Settings()) is None
    given = {"PUSHCART_SMTP_HOST": "mail.example.org", "PUSHCART_MAIL_FROM": "Pushcart <alerts@example.org>"}
    found = mail_server(read_settings(given))
    assert (found.port, found.security, found.sender) == (587, "starttls", "alerts@example.org")
    more = given | {"PUSHCART_SMTP_SECURITY": "tls", "PUSHCART_MAIL_BOUNCES_TO": "back@example.org"}
    found = mail_server(read_settings(more))
    assert (found.port, found.sender) == (465, "back@example.org")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"PUSHCART_SMTP_HOST": "mail.example.org"}, "PUSHCART_MAIL_FROM must be set"),
        ({"PUSHCART_MAIL_FROM": "nobody"}, "must be an e-mail address"),
        ({"PUSHCART_SMTP_SECURITY": "ssl"}, "must be starttls, tls, none"),
        ({"PUSHCART_SMTP_SECURITY": "none", "PUSHCART_SMTP_USER": "x"}, "a password is not sent unencrypted"),
    ],
)
def test_settings_that_cannot_work_are_refused(wrong, message):
    with pytest.raises(BadSettings, match=message):
        read_settings(wrong)


def test_a_password_is_in_no_text_of_the_settings():
    assert "hidden" not in repr(Settings(smtp_password="hidden"))
    assert "hidden" not in repr(server_at(25, password="hidden"))


def test_the_certificate_file_has_to_be_there(tmp_path):
    with pytest.raises((OSError, ssl.SSLError)):
        Mailer(server_at(25, security="tls", ca_file=tmp_path / "none.pem"))
