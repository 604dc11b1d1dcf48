"""Posting webhooks: signatures, what answers mean, and where nothing is posted."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from alerts.channels.answers import ChannelAnswer
from alerts.channels.webhook import WebhookBody, WebhookSender
from alerts.channels.webhook.posting import RETRY_AFTER_MAX, wait_of_retry_after
from corpus.alerts import AttemptOutcome, StoppedWhy
from tests.alerts.sending.receivers import WebhookCatcher, server_context, webhook_catcher
from tests.builders import A_DAY
from tests.search_server.certificates import certificates_in

NEW, OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtb2xk"
BODY = WebhookBody(
    '{"type":"alert.matched","timestamp":"2026-11-23T12:00:00Z","data":{"title":"Wäscherinnen"}}'.encode()
)
ID = "a" * 26


def post(url: str, *, at: datetime | None = None, secrets: tuple[str, ...] = (NEW,), **others) -> ChannelAnswer:
    async def posting() -> ChannelAnswer:
        sender = WebhookSender(**{"allow_private": True, "seconds_max": 2.0} | others)
        try:
            return await sender.send(BODY, url=url, secrets=secrets, message_id=ID, at=at or datetime.now(UTC))
        finally:
            sender.close()

    return asyncio.run(posting())


def looked_up(*addresses: str):
    def look_up(host: str, port: int, family: int, kind: int):
        return [(socket.AF_INET, kind, 0, "", (address, port)) for address in addresses]

    return look_up


@pytest.fixture
def catcher():
    with webhook_catcher() as running:
        yield running


def test_a_webhook_arrives_whole_and_is_verified_by_the_library_of_the_specification(catcher: WebhookCatcher):
    answer = post(catcher.url)
    assert (answer.outcome, answer.text) == (AttemptOutcome.ACCEPTED, "200 OK")
    (caught,) = catcher.caught
    assert caught.to == "POST /hook?of=rosa HTTP/1.1"
    assert caught.headers["content-type"] == "application/json"
    assert caught.headers["webhook-id"] == ID
    assert caught.content == BODY.content
    assert Webhook(NEW).verify(caught.content, caught.headers)["data"]["title"] == "Wäscherinnen"
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(caught.content, caught.headers)


def test_while_a_secret_rotates_both_verify(catcher):
    post(catcher.url, secrets=(NEW, OLD))
    (caught,) = catcher.caught
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(caught.content, caught.headers)


def test_the_signature_is_that_of_the_specifications_test_vector(catcher):
    body = WebhookBody(b'{"test": 2432232314}')

    async def posting() -> None:
        sender = WebhookSender(allow_private=True)
        at = datetime.fromtimestamp(1614265330, UTC)
        await sender.send(body, url=catcher.url, secrets=(NEW,), message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=at)

    asyncio.run(posting())
    (caught,) = catcher.caught
    assert caught.headers["webhook-timestamp"] == "1614265330"
    assert caught.headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("status", "outcome", "stops"),
    [
        ("204 No Content", AttemptOutcome.ACCEPTED, None),
        ("301 Moved\r\nLocation: https://example.org/", AttemptOutcome.TEMPORARY, None),
        ("400 Bad Request", AttemptOutcome.TEMPORARY, None),
        ("404 Not Found", AttemptOutcome.TEMPORARY, None),
        ("410 Gone", AttemptOutcome.PERMANENT, StoppedWhy.REFUSED),
        ("500 Oops", AttemptOutcome.TEMPORARY, None),
        ("nonsense", AttemptOutcome.UNKNOWN, None),
    ],
)
def test_a_status_says_what_becomes_of_the_message(catcher, status, outcome, stops):
    catcher.behaviour = lambda: status
    answer = post(catcher.url)
    assert (answer.outcome, answer.stops, answer.not_before) == (outcome, stops, None)
    assert outcome is not AttemptOutcome.TEMPORARY or answer.text.endswith("said")


@pytest.mark.parametrize("status", ["429 Slow", "502 Bad", "503 Busy", "504 Late"])
def test_an_overloaded_endpoint_is_left_alone_for_as_long_as_it_asks(catcher, status):
    catcher.behaviour = lambda: f"{status}\r\nRetry-After: 120"
    assert post(catcher.url).not_before == timedelta(seconds=120)
    catcher.behaviour = lambda: status
    assert post(catcher.url).not_before == timedelta(seconds=30)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("0", None),
        ("17", timedelta(seconds=17)),
        ("999999999999", RETRY_AFTER_MAX),
        ("Mon, 23 Nov 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date_and_bounded(text, wait):
    assert wait_of_retry_after(text, at=A_DAY) == wait


@pytest.mark.parametrize(("how", "accepted"), [("drop", 0), ("drop_after", 1), ("hang", 0)])
def test_an_answer_that_never_comes_is_not_known(catcher, how, accepted):
    catcher.behaviour = lambda: how
    assert post(catcher.url, seconds_max=0.4).outcome is AttemptOutcome.UNKNOWN
    assert len(catcher.caught) == accepted


def test_an_endpoint_that_is_not_there_is_a_temporary_failure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert post(f"http://127.0.0.1:{free.getsockname()[1]}/").outcome is AttemptOutcome.TEMPORARY
    assert post("https://hooks.invalid/").outcome is AttemptOutcome.TEMPORARY


def test_an_answer_without_end_is_not_read_to_its_end():
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 500 Oops\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 10_000)
            await asyncio.sleep(0)

    async def both() -> ChannelAnswer:
        server = await asyncio.start_server(pour, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        sender = WebhookSender(allow_private=True)
        return await sender.send(BODY, url=url, secrets=(NEW,), message_id=ID, at=A_DAY)

    begun = time.monotonic()
    answer = asyncio.run(both())
    assert answer.outcome is AttemptOutcome.TEMPORARY
    assert len(answer.text) < 20_000
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.7/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://user:word@example.org/",
        "https://example.org:25/",
        "http://example.org/",
        "gopher://example.org/",
        "https://exa mple.org/",
        "https://example.org:99999/",
    ],
)
def test_nothing_is_posted_to_an_address_that_is_private_or_not_https(url):
    def never(*words):
        raise AssertionError("it was looked up")

    answer = post(url, allow_private=False, look_up=never)
    assert answer.outcome is AttemptOutcome.TEMPORARY


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("93.184.215.14", "127.0.0.1"), ("10.1.2.3",), ("169.254.169.254",)]
)
def test_a_name_that_leads_to_a_private_network_is_refused_after_it_was_looked_up(catcher, addresses):
    url = f"https://hooks.example.org:{catcher.port}/"
    answer = post(url, allow_private=False, look_up=looked_up(*addresses))
    assert "not on the public internet" in answer.text
    assert catcher.caught == []


def test_where_clouds_keep_secrets_nothing_is_posted_even_when_private_addresses_are_allowed():
    assert "not on the public internet" in post("http://hooks.test/", look_up=looked_up("169.254.169.254")).text


def test_a_name_is_looked_up_once_and_the_judged_address_is_connected_to(catcher):
    asked = []

    def changing(host: str, port: int, family: int, kind: int):
        asked.append(host)
        return looked_up("127.0.0.1" if len(asked) == 1 else "127.0.0.9")(host, port, family, kind)

    answer = post(f"http://hooks.test:{catcher.port}/hook", look_up=changing)
    assert answer.outcome is AttemptOutcome.ACCEPTED
    assert asked == ["hooks.test"]
    assert catcher.caught[0].headers["host"] == f"hooks.test:{catcher.port}"


def test_over_tls_the_certificate_is_that_of_the_name_not_of_the_address(tmp_path: Path):
    trusting = ssl.create_default_context(cafile=certificates_in(tmp_path).ca_file)
    with webhook_catcher(tls=server_context(tmp_path)) as catcher:
        there = looked_up("127.0.0.1")
        url = f"https://localhost:{catcher.port}/"
        assert post(url, look_up=there, context=trusting).outcome is AttemptOutcome.ACCEPTED
        assert post(url, look_up=there).outcome is AttemptOutcome.TEMPORARY
        other = f"https://hooks.test:{catcher.port}/"
        assert post(other, look_up=there, context=trusting).outcome is AttemptOutcome.TEMPORARY
        assert len(catcher.caught) == 1


def test_without_a_secret_nothing_is_posted(catcher):
    assert post(catcher.url, secrets=()).outcome is AttemptOutcome.TEMPORARY
    assert catcher.caught == []
