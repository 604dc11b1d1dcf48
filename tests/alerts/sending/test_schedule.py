"""When matches are due: slots in a time zone, collected e-mails, missed runs, and clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.sending.schedule import CLOCK_ERROR, EMAIL_PAUSE, due_subscriptions, next_due, next_slot
from corpus.alerts import (
    Channel,
    Frequency,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
    WaitingMatches,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
ZONES = ["UTC", "America/Lima", "Asia/Kolkata", "Europe/Lisbon", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu"]
times = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
zones, hours = st.sampled_from(ZONES), st.integers(0, 23)


def reader(**others) -> Subscriber:
    given = {"timezone": "UTC", "state": SubscriberState.ACTIVE, "lang": "es", "created_at": MONDAY}
    return Subscriber(**{"id": 1, "channel": Channel.EMAIL, "address": "rosa@example.org"} | given | others)


def following(number: int = 1, frequency: Frequency = Frequency.DAILY, **others) -> Subscription:
    return Subscription(
        number, 1, "", (), frequency, since=0, created_at=MONDAY, state=SubscriptionState.ACTIVE, **others
    )


def waiting(oldest: datetime, number: int = 1) -> WaitingMatches:
    return WaitingMatches(subscriber=1, subscription=number, count=1, oldest=oldest)


def due(oldest: datetime, now: datetime, *subscriptions: Subscription, **others) -> tuple[int, ...]:
    followed = subscriptions or (following(),)
    found = [waiting(oldest, each.id) for each in followed]
    return due_subscriptions(found, subscriber=reader(**others), subscriptions=followed, now=now)


def test_a_daily_digest_is_due_at_the_hour_of_the_readers_time_zone():
    found_at = MONDAY + 3 * HOUR
    assert due(found_at, MONDAY + 12 * HOUR - MINUTE, timezone="America/Lima") == ()
    assert due(found_at, MONDAY + 12 * HOUR, timezone="America/Lima") == (1,)


def test_a_weekly_digest_is_due_on_its_weekday():
    weekly = following(frequency=Frequency.WEEKLY)
    assert due(MONDAY, MONDAY + 2 * DAY + 7 * HOUR - MINUTE, weekly, weekday=2) == ()
    assert due(MONDAY, MONDAY + 2 * DAY + 7 * HOUR, weekly, weekday=2) == (1,)
    assert due(MONDAY + 8 * HOUR, MONDAY + 7 * DAY + 7 * HOUR - MINUTE, weekly, weekday=0) == ()


@pytest.mark.parametrize("late", [MINUTE, HOUR, DAY, 90 * DAY])
def test_failure_4_a_missed_slot_is_made_up_however_late(late):
    assert due(MONDAY, MONDAY + 7 * HOUR + late) == (1,)


def test_failure_13_what_is_found_within_a_quarter_of_an_hour_of_an_email_waits_for_the_next():
    at_once = following(frequency=Frequency.AT_ONCE, gathered_at=MONDAY)
    assert due(MONDAY + MINUTE, MONDAY + EMAIL_PAUSE - MINUTE, at_once) == ()
    assert due(MONDAY + MINUTE, MONDAY + EMAIL_PAUSE, at_once) == (1,)
    assert due(MONDAY + MINUTE, MONDAY + MINUTE, at_once, channel=Channel.WEBHOOK) == (1,)


def test_failure_13_searches_that_are_due_together_come_together():
    followed = (following(1), following(2, Frequency.AT_ONCE), following(3, Frequency.WEEKLY))
    assert due(MONDAY - DAY, MONDAY + 7 * HOUR, *followed) == (1, 2, 3)


def test_an_email_of_another_search_of_the_reader_makes_wait_too():
    followed = (following(1, Frequency.AT_ONCE), following(2, gathered_at=MONDAY))
    found = [waiting(MONDAY)]
    at = MONDAY + MINUTE
    assert due_subscriptions(found, subscriber=reader(), subscriptions=followed, now=at) == ()
    assert next_due(found, subscriber=reader(), subscriptions=followed, now=at) == MONDAY + EMAIL_PAUSE


def test_what_was_found_or_sent_in_the_future_waits_for_nothing_because_the_clock_was_set_back():
    year = 365 * DAY
    assert due(MONDAY + year, MONDAY) == (1,)
    assert due(MONDAY, MONDAY + DAY, following(frequency=Frequency.AT_ONCE, gathered_at=MONDAY + year)) == (1,)


def test_clocks_of_two_machines_may_differ_a_little_without_a_digest_out_of_time():
    assert due(MONDAY + CLOCK_ERROR, MONDAY) == ()


def test_an_hour_that_is_skipped_or_comes_twice_has_one_slot():
    skipped = next_slot(datetime(2026, 3, 28, 12, tzinfo=UTC), hour=2, timezone="Europe/Berlin")
    assert skipped == datetime(2026, 3, 29, 1, tzinfo=UTC)  # 03:00 local: the hour is over
    twice = next_slot(datetime(2026, 10, 24, 12, tzinfo=UTC), hour=2, timezone="Europe/Berlin")
    assert twice == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_slot(twice, hour=2, timezone="Europe/Berlin") == datetime(2026, 10, 26, 1, tzinfo=UTC)


def test_a_time_zone_that_is_not_known_is_utc():
    assert next_slot(MONDAY, hour=7, timezone="Mars/Olympus") == MONDAY + 7 * HOUR
    assert next_slot(MONDAY, hour=7, timezone="../etc/passwd") == MONDAY + 7 * HOUR


@given(after=times, hour=hours, zone=zones)
@example(after=datetime(2011, 12, 29, 20, tzinfo=UTC), hour=7, zone="Pacific/Apia")  # skipped a whole day
def test_the_next_slot_is_later_within_two_days_and_at_the_local_hour_unless_that_was_skipped(after, hour, zone):
    slot = next_slot(after, hour=hour, timezone=zone)
    assert after < slot <= after + 2 * DAY
    local = slot.astimezone(ZoneInfo(zone))
    assert (
        local.hour == hour
        or local.utcoffset() != (local - 2 * HOUR).astimezone(UTC).astimezone(ZoneInfo(zone)).utcoffset()
    )


@given(after=times, hour=hours, zone=zones, weekday=st.none() | st.integers(0, 6), later=st.integers(0, 10**6))
def test_slots_never_run_backwards(after, hour, zone, weekday, later):
    first = next_slot(after, hour=hour, timezone=zone, weekday=weekday)
    assert next_slot(after + timedelta(seconds=later), hour=hour, timezone=zone, weekday=weekday) >= first


@given(
    found_at=st.lists(st.integers(0, 20 * 24 * 60), min_size=1, max_size=30),
    runs=st.lists(st.integers(0, 21 * 24 * 60), min_size=1, max_size=60),
    frequency=st.sampled_from(list(Frequency)),
    channel=st.sampled_from(list(Channel)),
    zone=zones,
    hour=hours,
)
def test_whenever_the_worker_runs_everything_is_sent_once_and_never_more_often_than_asked(
    found_at, runs, frequency, channel, zone, hour
):
    who = reader(timezone=zone, hour=hour, channel=channel)
    unsent = sorted(MONDAY + each * MINUTE for each in found_at)
    sent, sendings, gathered_at = 0, [], None
    for now in [*sorted(MONDAY + each * MINUTE for each in runs), MONDAY + 60 * DAY, MONDAY + 61 * DAY]:
        there = [each for each in unsent if each <= now]
        followed = (following(frequency=frequency, gathered_at=gathered_at),)
        if there and due_subscriptions([waiting(there[0])], subscriber=who, subscriptions=followed, now=now):
            sent, gathered_at = sent + len(there), now
            unsent = unsent[len(there) :]
            sendings.append(now)
        elif there:
            later = next_due([waiting(there[0])], subscriber=who, subscriptions=followed, now=now)
            assert later is not None
            assert later > now
    assert (unsent, sent) == ([], len(found_at))
    gaps = [second - first for first, second in pairwise(sendings)]
    if channel is Channel.EMAIL:
        assert all(gap >= EMAIL_PAUSE for gap in gaps)
    if frequency is Frequency.DAILY:
        assert len({next_slot(each, hour=hour, timezone=zone) for each in sendings}) == len(sendings)
