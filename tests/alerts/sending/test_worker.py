"""The worker: what is due is sent once, failures are tried again or end, and nobody else is held up by them."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.sending.lanes import MAIL, Lanes
from alerts.sending.replay import replay_digests
from corpus.alerts import Frequency, MessageKind, MessageState, StoppedWhy, SubscriberState
from corpus.errors import StoreBusy
from tests.alerts.sending.receivers import MailCatcher, WebhookCatcher
from tests.alerts.sending.world import HOUR, MINUTE, SECRET, World
from tests.builders import A_DAY


@pytest.fixture
def world(settings, mail):
    made = World(settings, mail_port=mail.port)
    yield made
    made.store.close()


@pytest.fixture
def either_world(on_either, mail):
    made = World(on_either, mail_port=mail.port)
    yield made
    made.lives.close()
    made.store.close()


# ------------------------------------------------------------------ what is sent


def test_what_matched_is_sent_once_by_each_channel(either_world: World, mail: MailCatcher, endpoint: WebhookCatcher):
    world = either_world
    _, by_mail = world.subscriber()
    _, by_webhook = world.subscriber(endpoint.url)
    world.match(by_mail, "d1", "d2")
    world.match(by_webhook, "d1")
    report = world.work()
    assert (report.gathered, report.sent, report.failed) == (2, 2, 0)
    assert b'{"documents": ["d1", "d2"]}' in mail.caught[0].content
    assert endpoint.caught[0].content == b'{"documents": ["d1"]}'
    assert world.work() == type(report)()
    assert len(mail.caught) == len(endpoint.caught) == 1


def test_failure_6_a_message_with_nothing_new_in_it_is_not_sent(world: World, mail: MailCatcher):
    rosa, subscription = world.subscriber()
    assert world.work().sent == 0
    world.match(subscription, "d1")
    world.compose = lambda message, subscriber: None  # as when the document was removed meanwhile
    assert world.work().sent == 0
    assert mail.caught == []
    (message,) = world.store.messages.of_subscriber(rosa.id)
    assert (message.state, message.details["dropped"]) == (MessageState.FAILED, "nothing to say")


def test_failure_13_what_matches_in_a_quarter_of_an_hour_comes_as_one_email(world: World, mail: MailCatcher):
    _, first = world.subscriber()
    _, second = world.subscriber()
    for minute in range(0, 15, 3):
        world.match(first if minute % 2 else second, f"d{minute}")
        world.work()
        world.set(3 * MINUTE)
    assert len(mail.caught) == 1
    world.work()
    assert len(mail.caught) == 2
    assert all(f'"d{minute}"'.encode() in mail.caught[1].content for minute in range(3, 15, 3))


def test_failure_4_a_digest_whose_hour_passed_while_no_worker_ran_is_sent_by_the_next_one(
    world: World, mail: MailCatcher
):
    _, daily = world.subscriber(frequency=Frequency.DAILY)
    world.match(daily, "d1")
    world.work()
    assert mail.caught == []
    world.set(timedelta(days=5, hours=3))
    world.work()
    assert len(mail.caught) == 1


def test_without_a_mail_server_emails_wait_and_webhooks_go(world: World, mail: MailCatcher, endpoint: WebhookCatcher):
    _, by_mail = world.subscriber()
    _, by_webhook = world.subscriber(endpoint.url)
    world.match(by_mail, "d1")
    world.match(by_webhook, "d1")
    world.message(world.subscriber("b@example.org", confirmed=False)[0], MessageKind.CONFIRM)
    assert world.work(mailer=None).sent == 1
    assert (len(endpoint.caught), mail.caught) == (1, [])
    assert world.work().sent == 2
    assert sorted(mail.received) == ["b@example.org", "rosa@example.org"]


def test_who_has_not_confirmed_or_was_stopped_gets_confirmations_and_tests_only(world: World, mail: MailCatcher):
    new, _ = world.subscriber("new@example.org", confirmed=False)
    old, _ = world.subscriber("old@example.org")
    world.store.subscriptions.stop(old.id, StoppedWhy.GAVE_UP, at=A_DAY)
    dropped = [world.message(who, kind) for who in (new, old) for kind in (MessageKind.DIGEST, MessageKind.NOTICE)]
    for who in (new, old):
        world.message(who, MessageKind.CONFIRM)
        world.message(who, MessageKind.TEST)
    world.work()
    assert sorted(mail.received) == ["new@example.org"] * 2 + ["old@example.org"] * 2
    assert {world.store.messages.get(each.id).state for each in dropped} == {MessageState.FAILED}
    assert world.store.messages.get(dropped[0].id).details["dropped"] == "the address is unconfirmed"


def test_an_address_that_complained_gets_not_even_a_confirmation(world: World, mail: MailCatcher):
    rosa, _ = world.subscriber()
    world.store.subscriptions.stop(rosa.id, StoppedWhy.COMPLAINED, at=A_DAY)
    world.message(rosa, MessageKind.CONFIRM)
    world.work()
    assert mail.caught == []


def test_a_stopped_subscriber_keeps_its_matches_for_when_it_comes_back(world: World, mail: MailCatcher):
    rosa, subscription = world.subscriber()
    world.store.subscriptions.stop(rosa.id, StoppedWhy.GAVE_UP, at=A_DAY)
    world.match(subscription, "d1")
    assert world.work().gathered == 0
    world.store.subscriptions.pause(subscription.id)
    world.subscriber(query=(("q", "another"),))
    world.store.subscriptions.resume(subscription.id)
    assert world.work().sent == 1
    assert b'"d1"' in mail.caught[0].content


# ------------------------------------------------------------------ failures


def test_failure_3_what_could_not_be_sent_is_sent_later_with_the_same_id(world: World, mail: MailCatcher):
    rosa, subscription = world.subscriber()
    world.match(subscription, "d1")
    mail.behaviour = iter(["refuse", "hang", "drop", "accept"]).__next__
    tries = world.work_for(timedelta(days=1), content_seconds_max=0.2)
    assert [at for at, _ in tries] == [0 * MINUTE, 1 * MINUTE, 6 * MINUTE, 21 * MINUTE]
    (message,) = world.store.messages.of_subscriber(rosa.id)
    assert world.outcomes(message) == ["temporary", "unknown", "unknown", "accepted"]
    (caught,) = mail.caught
    assert message.public_id.encode() in caught.content


def test_failure_8_what_was_sent_is_never_sent_again(world: World, mail: MailCatcher):
    _, subscription = world.subscriber()
    world.match(subscription, "d1")
    for _ in range(5):
        world.match(subscription, "d1")
        world.work()
        world.set(timedelta(days=1))
    assert len(mail.caught) == 1


def test_a_webhook_is_tried_ten_times_in_the_times_of_the_specification(world: World, endpoint: WebhookCatcher):
    rosa, _ = world.subscriber(endpoint.url)
    message = world.message(rosa, MessageKind.TEST)
    endpoint.behaviour = lambda: "refuse"
    tries = world.work_for(timedelta(days=30))
    hours = [round((at.total_seconds() / 3600), 2) for at, _ in tries]
    assert hours == [0, 0, 0.08, 0.58, 2.58, 7.58, 17.58, 31.58, 51.58, 75.58]
    assert tries[1][0] == timedelta(seconds=5)
    assert world.store.messages.get(message.id).state is MessageState.FAILED
    assert world.outcomes(message) == ["temporary"] * 10


def test_an_endpoint_is_given_up_after_the_last_try_and_its_contact_is_told_by_email(
    world: World, mail: MailCatcher, endpoint: WebhookCatcher
):
    rosa, subscription = world.subscriber(endpoint.url, contact="rosa@example.org")
    endpoint.behaviour = lambda: "refuse"
    world.match(subscription, "d1")
    world.work_for(timedelta(days=4))
    stopped = world.store.subscriptions.subscriber(rosa.id)
    assert (stopped.state, stopped.stopped_why) == (SubscriberState.STOPPED, StoppedWhy.GAVE_UP)
    (caught,) = mail.caught
    assert caught.to == "rosa@example.org"
    assert b'"notice": "webhook_given_up"' in caught.content.replace(b"=\r\n", b"")


def test_410_switches_an_endpoint_off_at_once_with_all_that_waits(
    world: World, mail: MailCatcher, endpoint: WebhookCatcher
):
    rosa, subscription = world.subscriber(endpoint.url, contact="rosa@example.org")
    messages = []
    for number in range(5):
        world.match(subscription, f"d{number}")
        messages.append(world.store.messages.gather(rosa.id, [subscription.id], public_id=f"m{number}", at=world.time))
    asked = []
    endpoint.behaviour = lambda: asked.append(1) or "never"
    world.work(to_host=1)
    assert len(asked) == 1
    assert {world.store.messages.get(each.id).state for each in messages} == {MessageState.FAILED}
    assert world.store.subscriptions.subscriber(rosa.id).stopped_why is StoppedWhy.REFUSED
    assert mail.received == ["rosa@example.org"]


def test_a_refused_email_address_is_stopped_at_once(world: World, mail: MailCatcher):
    rosa, subscription = world.subscriber()
    world.match(subscription, "d1")
    mail.on_recipient = lambda address: "550 5.1.1 No such user"
    tries = world.work_for(timedelta(days=9))
    assert len(tries) == 1
    assert world.store.subscriptions.subscriber(rosa.id).stopped_why is StoppedWhy.REFUSED


def test_while_our_own_mail_server_refuses_everything_nobody_is_given_up(world: World, mail: MailCatcher):
    rosa, subscription = world.subscriber()
    world.match(subscription, "d1")
    mail.on_recipient = lambda address: "554 5.7.1 Relay access denied"
    tries = world.work_for(12 * HOUR)
    assert len(tries) > 10
    assert world.store.subscriptions.subscriber(rosa.id).state is SubscriberState.ACTIVE
    mail.on_recipient = lambda address: "250 OK"
    world.set(HOUR)
    assert world.work().sent == 1


def test_an_overloaded_endpoint_waits_as_long_as_it_asked(world: World, endpoint: WebhookCatcher):
    rosa, _ = world.subscriber(endpoint.url)
    world.message(rosa, MessageKind.TEST)
    endpoint.behaviour = iter(["503 Busy\r\nRetry-After: 4000", "accept"]).__next__
    tries = world.work_for(timedelta(days=1))
    assert [at for at, _ in tries] == [timedelta(0), timedelta(seconds=4000)]


def test_failure_16_a_receiver_that_was_down_for_a_day_gets_everything_that_it_missed(
    world: World, endpoint: WebhookCatcher
):
    _, subscription = world.subscriber(endpoint.url)
    endpoint.behaviour = lambda: "refuse"
    for hour in range(0, 24, 4):
        world.match(subscription, f"d{hour}")
        world.work()
        world.set(4 * HOUR)
    assert endpoint.caught == []
    endpoint.behaviour = lambda: "accept"
    world.work_for(timedelta(days=3))
    assert len(set(endpoint.received)) == len(endpoint.received) == 6


def test_failure_16_a_range_is_sent_again_under_the_same_ids_when_its_receiver_asks(
    world: World, endpoint: WebhookCatcher
):
    rosa, subscription = world.subscriber(endpoint.url)
    for day in range(4):
        world.match(subscription, f"d{day}")
        world.work()
        world.set(timedelta(days=1))
    since, until = A_DAY + timedelta(days=1), A_DAY + timedelta(days=3)
    assert replay_digests(world.store, rosa.id, since=since, until=until) == 2
    assert replay_digests(world.store, rosa.id, since=since, until=until) == 0  # they wait already
    world.work()
    assert sorted(endpoint.received[4:]) == sorted(endpoint.received[1:3])


def test_a_message_that_failed_in_all_tries_has_all_of_them_again_when_somebody_asks(
    world: World, endpoint: WebhookCatcher
):
    rosa, _ = world.subscriber(endpoint.url)
    message = world.message(rosa, MessageKind.TEST)
    endpoint.behaviour = lambda: "refuse"
    assert len(world.work_for(timedelta(days=9))) == 10
    assert world.store.messages.send_again([message.id]) == 1
    assert len(world.work_for(timedelta(days=9))) == 10


def test_a_message_that_cannot_be_written_waits_and_holds_up_no_other(world: World, mail: MailCatcher):
    broken, _ = world.subscriber("broken@example.org")
    world.message(broken, MessageKind.TEST)
    world.message(world.subscriber()[0], MessageKind.TEST)

    def compose(message, subscriber):
        if subscriber.id == broken.id:
            raise RuntimeError("a bug")
        return world.written(message, subscriber)

    world.compose = compose
    report = world.work()
    assert (report.sent, report.failed, mail.received) == (1, 1, ["rosa@example.org"])
    world.compose = world.written
    world.set(HOUR)
    assert world.work().sent == 1


def test_a_clock_that_jumps_back_a_year_holds_nothing_up(world: World, mail: MailCatcher, endpoint: WebhookCatcher):
    _, by_mail = world.subscriber(frequency=Frequency.DAILY)
    anna, _ = world.subscriber(endpoint.url)
    world.set(timedelta(days=365))
    endpoint.behaviour = lambda: "refuse"
    world.message(anna, MessageKind.TEST)
    world.match(by_mail, "d1")
    world.work()
    world.set(A_DAY)
    endpoint.behaviour = lambda: "accept"
    assert world.work().sent == 2
    world.match(by_mail, "d2")
    world.set(timedelta(days=1))
    assert world.work().sent == 1


# ------------------------------------------------------------------ several, and the loop


def test_two_workers_at_once_send_nothing_twice(either_world: World, mail: MailCatcher, endpoint: WebhookCatcher):
    world = either_world
    for number in range(15):
        _, by_mail = world.subscriber(f"r{number}@example.org")
        _, by_webhook = world.subscriber(f"{endpoint.url}{number}")
        world.match(by_mail, "d1", "d2")
        world.match(by_webhook, "d1", "d2")

    async def both():
        return await asyncio.gather(world.worker().run_once(), world.worker().run_once())

    reports = asyncio.run(both())
    assert sum(each.sent for each in reports) == 30
    assert len(set(mail.received)) == len(mail.caught) == 15
    assert len(set(endpoint.received)) == len(endpoint.caught) == 15


def test_an_endpoint_that_hangs_holds_up_no_other(world: World, mail: MailCatcher, endpoint: WebhookCatcher):
    slow, _ = world.subscriber(endpoint.url)
    for _ in range(20):
        world.message(slow, MessageKind.TEST)
    world.message(world.subscriber()[0], MessageKind.TEST)
    endpoint.behaviour = lambda: "hang"

    async def some_time():
        stopped = asyncio.Event()
        running = asyncio.ensure_future(world.worker(seconds_max=2).run(stopped))
        while not mail.caught:  # noqa: ASYNC110 (it is caught in another thread)
            await asyncio.sleep(0.02)
        claimed = world.store.messages.counts()["sending"]
        stopped.set()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        return claimed

    begun = time.monotonic()
    assert asyncio.run(some_time()) <= 3  # two there, and the e-mail while its answer is noted
    assert time.monotonic() - begun < 20


def test_a_running_worker_notices_a_message_within_half_a_second_and_follows_new_documents(
    world: World, mail: MailCatcher
):
    rosa, subscription = world.subscriber()
    followed = []

    async def wait_for(condition):
        begun = time.monotonic()
        while not condition():
            await asyncio.sleep(0.01)
            assert time.monotonic() - begun < 3
        return time.monotonic() - begun

    async def some_time():
        stopped = asyncio.Event()
        running = asyncio.ensure_future(world.worker(follow=lambda: followed.append(1)).run(stopped))
        await asyncio.sleep(0.5)
        world.message(rosa, MessageKind.TEST)
        delays = [await wait_for(lambda: mail.caught)]
        world.match(subscription, "d1")
        delays.append(await wait_for(lambda: len(mail.caught) == 2))
        stopped.set()
        return delays, await running

    delays, report = asyncio.run(some_time())
    assert report.sent == 2
    assert max(delays) < 0.6
    assert followed


def test_a_worker_that_is_stopped_notes_that_it_does_not_know_what_came_of_a_message(
    world: World, endpoint: WebhookCatcher, monkeypatch
):
    monkeypatch.setattr("alerts.sending.worker.FINISH_SECONDS", 0.1)
    rosa, _ = world.subscriber(endpoint.url)
    message = world.message(rosa, MessageKind.TEST)
    endpoint.behaviour = lambda: "hang"

    async def some_time():
        stopped = asyncio.Event()
        running = asyncio.ensure_future(world.worker().run(stopped))
        while not world.store.messages.attempts_of(message.id):  # noqa: ASYNC110 (another thread writes)
            await asyncio.sleep(0.02)
        stopped.set()
        await running

    asyncio.run(some_time())
    assert world.outcomes(message) == ["unknown"]
    assert world.store.messages.get(message.id).state is MessageState.WAITING
    endpoint.behaviour = lambda: "accept"
    assert world.work().sent == 1


def test_while_the_records_are_busy_an_answer_is_kept_until_it_is_noted(world: World, mail: MailCatcher, monkeypatch):
    rosa, _ = world.subscriber()
    message = world.message(rosa, MessageKind.TEST)
    end, refused = world.store.messages.end_attempt, []

    def busy_at_first(*words, **others):
        if not refused:
            refused.append(1)
            raise StoreBusy("busy", try_next="wait")
        return end(*words, **others)

    monkeypatch.setattr(world.store.messages, "end_attempt", busy_at_first)
    assert world.work().sent == 1
    assert (world.outcomes(message), len(mail.caught)) == (["accepted"], 1)


def test_a_webhook_is_signed_with_every_secret_while_one_rotates(world: World, endpoint: WebhookCatcher):
    rosa, _ = world.subscriber(endpoint.url)
    world.store.subscriptions.set_up(rosa.id, secrets=(SECRET, "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtb2xk"))
    world.message(rosa, MessageKind.TEST)
    world.work()
    assert endpoint.caught[0].headers["webhook-signature"].count("v1,") == 2


def test_a_lane_that_fails_rests_longer_each_time_and_opens_again():
    now = [0.0]
    lanes = Lanes(in_all=3, to_relay=2, to_host=1, clock=lambda: now[0])
    assert [lanes.enter(each) for each in (MAIL, MAIL, MAIL, "host", "host", "other")] == [
        True, True, False, True, False, False,
    ]  # fmt: skip
    lanes.leave(MAIL)
    lanes.note_failure(MAIL)
    assert (lanes.enter(MAIL), lanes.opens_in()) == (False, 5)
    now[0] = 5
    assert lanes.enter(MAIL)
    for rest in (10, 20, 40, 60, 60):
        lanes.note_failure(MAIL)
        assert lanes.opens_in() == rest
        now[0] += rest
    lanes.note_success(MAIL)
    lanes.note_failure(MAIL)
    assert lanes.opens_in() == 5


def test_a_message_knows_its_failures(world: World, mail: MailCatcher):
    rosa, _ = world.subscriber()
    message = world.message(rosa, MessageKind.TEST)
    mail.behaviour = lambda: "refuse"
    world.work()
    assert replace(world.store.messages.get(message.id), tried_at=None).failures == 1


def test_a_claim_that_got_lost_in_the_worker_itself_is_taken_back_by_it(world: World, mail: MailCatcher, monkeypatch):
    rosa, _ = world.subscriber()
    message = world.message(rosa, MessageKind.TEST)
    monkeypatch.setattr("alerts.sending.worker.LIVES_SECONDS", 0.0)
    claim, lost = world.store.messages.claim, []

    def without_an_answer(*words, **others):
        if lost:
            return claim(*words, **others)
        lost.extend(claim(*words, **others))
        raise StoreBusy("the connection broke", try_next="wait")

    monkeypatch.setattr(world.store.messages, "claim", without_an_answer)

    async def some_time():
        stopped = asyncio.Event()
        running = asyncio.ensure_future(world.worker().run(stopped))
        while not mail.caught:  # noqa: ASYNC110 (it is caught in another thread)
            await asyncio.sleep(0.02)
        stopped.set()
        await running

    asyncio.run(some_time())
    assert [each.id for each in lost] == [message.id]
    assert world.store.messages.get(message.id).state is MessageState.SENT


def test_a_lane_that_rested_and_has_nothing_more_to_send_wakes_nobody():
    now = [0.0]
    lanes = Lanes(in_all=3, to_relay=2, to_host=1, clock=lambda: now[0])
    lanes.rest("host", timedelta(seconds=3))
    assert lanes.opens_in() == 3
    now[0] = 4
    assert lanes.opens_in() is None
