"""What comes back: bounces and complaints stop an address, and nobody can stop the address of somebody else."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.email.reports import BounceKind, read_reports
from alerts.sending.bounces import note_bounce, note_report
from corpus.alerts import Channel, MessageKind, StoppedWhy, SubscriberState
from tests.alerts.sending.world import World
from tests.builders import A_DAY

DSN = """From: MAILER-DAEMON@mx.example.org
To: back@example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <20261123120000.ABC@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 23 Nov 2026 12:00:00 +0000

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 {status} {said}

--b
Content-Type: text/rfc822-headers

From: Pushcart <alerts@example.org>
Message-ID: <{public_id}@example.org>

--b--
"""
ARF = """From: feedback@provider.example
To: back@example.org
Subject: FW: 3 new documents
Message-ID: <1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
{more}
--b
Content-Type: message/rfc822

From: Pushcart <alerts@example.org>
Message-ID: <{public_id}@example.org>
Subject: 3 new documents

Text.
--b--
"""


@pytest.fixture
def world(settings):
    made = World(settings)
    yield made
    made.store.close()


def dsn(public_id: str = "", **others: str) -> bytes:
    given = {"address": "rosa@example.org", "action": "failed", "status": "5.1.1", "said": "No such user"}
    return DSN.format(**given | others, public_id=public_id or "a" * 26).encode()


def arf(public_id: str, *, kind: str = "abuse", more: str = "") -> bytes:
    return ARF.format(public_id=public_id, kind=kind, more=more).encode()


def sent_to(world: World, address: str = "rosa@example.org"):
    rosa, _ = world.subscriber(address)
    message = world.store.messages.add(rosa.id, MessageKind.TEST, public_id="b2" * 13, at=A_DAY)
    return rosa, message


def state_of(world: World, subscriber) -> tuple[SubscriberState, StoppedWhy | None]:
    found = world.store.subscriptions.subscriber(subscriber.id)
    return found.state, found.stopped_why


def test_a_bounce_stops_the_address_that_the_message_went_to_with_what_waits(world: World):
    rosa, message = sent_to(world)
    ((report, subscriber),) = note_report(world.store, dsn(message.public_id), at=A_DAY)
    assert (report.kind, subscriber.id) == (BounceKind.PERMANENT, rosa.id)
    assert state_of(world, rosa) == (SubscriberState.STOPPED, StoppedWhy.REFUSED)
    noted = world.store.messages.get(message.id).details["bounce"]
    assert noted["kind"] == "permanent"
    assert noted["text"].startswith("5.1.1 smtp; 550")
    assert world.store.messages.counts()["waiting"] == 0


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        ({"status": "5.2.2", "said": "Mailbox full"}, BounceKind.TEMPORARY),
        ({"status": "5.7.1", "said": "Blocked"}, BounceKind.TEMPORARY),
        ({"status": "4.4.1", "action": "delayed"}, BounceKind.TEMPORARY),
        ({"status": "4.4.7", "said": "Expired"}, BounceKind.TEMPORARY),
        ({"status": "5.2.1", "said": "Disabled"}, BounceKind.PERMANENT),
        ({"status": "nonsense"}, BounceKind.TEMPORARY),
    ],
)
def test_what_may_pass_is_noted_and_stops_nothing(world: World, others, kind):
    rosa, message = sent_to(world)
    ((report, _),) = note_report(world.store, dsn(message.public_id, **others), at=A_DAY)
    assert report.kind is kind
    stopped = SubscriberState.STOPPED if kind is BounceKind.PERMANENT else SubscriberState.ACTIVE
    assert state_of(world, rosa)[0] is stopped


@pytest.mark.parametrize("others", [{"action": "delivered"}, {"action": "relayed"}, {"address": ""}])
def test_a_report_of_success_or_of_nobody_is_no_bounce(others):
    assert read_reports(dsn(**others)) == ()


def test_a_complaint_stops_the_address_for_good(world: World):
    rosa, message = sent_to(world)
    note_report(world.store, arf(message.public_id), at=A_DAY)
    assert state_of(world, rosa) == (SubscriberState.STOPPED, StoppedWhy.COMPLAINED)
    assert world.store.subscriptions.refuses(Channel.EMAIL, "ROSA@example.org")


def test_a_complaint_counts_also_when_the_address_was_stopped_before(world: World):
    rosa, message = sent_to(world)
    note_report(world.store, dsn(message.public_id), at=A_DAY)
    note_report(world.store, arf(message.public_id, more="Original-Rcpt-To: <rosa@example.org>"), at=A_DAY)
    assert state_of(world, rosa)[1] is StoppedWhy.COMPLAINED


def test_taking_a_complaint_back_stops_nobody(world: World):
    _, message = sent_to(world)
    assert note_report(world.store, arf(message.public_id, kind="not-spam"), at=A_DAY) == []


def test_who_knows_no_message_of_ours_stops_nobody(world: World):
    rosa, message = sent_to(world)
    other = dsn(message.public_id, address="anna@example.org")
    for forged in (dsn("c3" * 13), other, arf(message.public_id, more="Original-Rcpt-To: anna@example.org")):
        ((_, subscriber),) = note_report(world.store, forged, at=A_DAY)
        assert subscriber is None
    assert state_of(world, rosa)[0] is SubscriberState.ACTIVE
    ((_, subscriber),) = note_report(world.store, dsn("c3" * 13), at=A_DAY, believes_addresses=True)
    assert subscriber.id == rosa.id


def test_an_address_or_message_is_named_directly(world: World):
    rosa, _ = sent_to(world)
    assert note_bounce(world.store, "nobody@example.org", kind=BounceKind.PERMANENT, at=A_DAY) is None
    assert note_bounce(world.store, "z" * 26, kind=BounceKind.PERMANENT, at=A_DAY) is None
    assert note_bounce(world.store, "Rosa@Example.org", kind=BounceKind.TEMPORARY, at=A_DAY).id == rosa.id
    assert state_of(world, rosa)[0] is SubscriberState.ACTIVE
    assert note_bounce(world.store, ("b2" * 13).upper(), kind=BounceKind.PERMANENT, at=A_DAY).id == rosa.id
    assert state_of(world, rosa)[0] is SubscriberState.STOPPED


def test_a_report_quotes_our_message_whole_or_by_its_headers_and_its_own_id_is_not_ours():
    own = EmailMessage()
    own["Message-ID"] = f"<{'d' * 26}@mx.example.org>"
    inner = dsn("e" * 26).replace(b"<20261123120000.ABC@mx.example.org>", f"<{'d' * 26}@mx.example.org>".encode())
    assert [each.public_id for each in read_reports(inner)] == ["e" * 26]


@given(st.binary(max_size=400), st.integers(0, 1500))
def test_whatever_comes_nothing_is_raised(rubbish, place):
    whole = dsn("a" * 26)
    read_reports(rubbish)
    read_reports(whole[:place] + rubbish + whole[place:])
    read_reports(whole[:place])
