"""Following a search: what is kept and sent, to whom, and what strangers can and cannot bring about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.subscribing.asking import CONFIRMATIONS_A_DAY, followed_query, network_hash
from alerts.subscribing.confirming import asked_for, confirm, say_not_me
from alerts.subscribing.forgetting import forget_old
from alerts.subscribing.links import AlertLinks, LinkState
from alerts.subscribing.managing import (
    change_subscriber,
    change_subscription,
    end_everything,
    end_subscription,
    follow_more,
    own_subscription,
    owner_of,
    renew_link,
    replay,
    start_again,
)
from alerts.subscribing.state import AlertsState
from alerts.subscribing.unsubscribing import leaving, unsubscribe
from alerts.subscribing.webhook_secrets import end_rotation, rotate
from corpus.alerts import (
    AttemptOutcome,
    Channel,
    Frequency,
    LinkPurpose,
    MessageKind,
    MessageState,
    StoppedWhy,
    SubscriberState,
    SubscriptionState,
)
from corpus.errors import AsksTooOften, BadInput, BadQuery, Busy, NotFound
from corpus.secret_key import passing_key
from search_api.query.parameters import SearchQuery, Sort
from tests.alerts.subscribing.following import (
    ASKER,
    DAY,
    HOOK,
    NOW,
    ROSA,
    ask,
    confirm_token,
    confirmations,
    follow,
    manage_token,
    match,
    token_of,
    unsubscribe_token,
)


def subscriber(state: AlertsState, address: str = ROSA, channel: Channel = Channel.EMAIL):
    return state.app.store.subscriptions.subscriber_at(channel, address)


def limited(state: AlertsState, **settings: int) -> AlertsState:
    app = replace(state.app, settings=replace(state.app.settings, **settings))
    return AlertsState(app)


# ------------------------------------------------------------------ asking


def test_asking_keeps_an_unconfirmed_subscription_and_a_confirmation_to_send(state: AlertsState) -> None:
    ask(state, name="  Vendors \n of Lima ")
    who = subscriber(state)
    (kept,) = state.app.store.subscriptions.of(who.id)
    assert (kept.state, kept.name, kept.query) == (
        SubscriptionState.UNCONFIRMED,
        "Vendors of Lima",
        (("q", "vendors"),),
    )
    (message,) = confirmations(state.app.store)
    assert (message.kind, message.details, message.state) == (
        MessageKind.CONFIRM,
        {"subscription": kept.id},
        MessageState.WAITING,
    )


def test_order_size_place_and_near_documents_are_no_part_of_what_is_followed() -> None:
    asked = SearchQuery(text="a", countries=("PER",), sort=Sort.NEWEST, limit=5, near=3, cursor="x", about=False)
    assert followed_query(asked) == SearchQuery(text="a", countries=("PER",), about=False)


def test_plus_addresses_are_addresses_of_their_own(state: AlertsState) -> None:
    ask(state, address="rosa+a@example.org")
    ask(state, address="rosa+b@example.org")
    assert len(state.app.store.subscriptions.subscribers()) == 2


def test_asking_again_sends_the_confirmation_again_but_three_times_a_day_at_most(state: AlertsState) -> None:
    for _ in range(CONFIRMATIONS_A_DAY + 2):
        ask(state)
    assert len(confirmations(state.app.store)) == CONFIRMATIONS_A_DAY
    ask(state, query=SearchQuery(text="another"))
    assert len(state.app.store.subscriptions.of(subscriber(state).id)) == 1
    ask(state, at=NOW + DAY + timedelta(minutes=1))
    assert len(confirmations(state.app.store)) == CONFIRMATIONS_A_DAY + 1


def test_whoever_follows_a_search_is_not_asked_to_confirm_it_again(state: AlertsState) -> None:
    follow(state)
    ask(state, at=NOW + timedelta(hours=1))
    assert len(confirmations(state.app.store)) == 1


def test_an_address_that_complained_or_asked_never_to_be_written_to_gets_nothing(state: AlertsState) -> None:
    ask(state)
    state.app.store.subscriptions.stop(subscriber(state).id, StoppedWhy.COMPLAINED, at=NOW)
    state.app.store.subscriptions.remove_subscriber(subscriber(state).id)
    ask(state)
    assert subscriber(state) is None
    state.app.store.subscriptions.allow(Channel.EMAIL, ROSA)


def test_what_was_not_confirmed_in_seven_days_is_removed_when_the_next_one_asks(state: AlertsState) -> None:
    ask(state)
    ask(state, address="ana@example.org", at=NOW + 7 * DAY + timedelta(minutes=1))
    assert subscriber(state) is None


def test_tries_to_send_are_forgotten_after_ninety_days_and_the_message_stays(state: AlertsState) -> None:
    ask(state)
    store = state.app.store
    sent_all(store)
    (message,) = confirmations(store)
    assert forget_old(store, now=NOW + 7 * DAY) == 0
    confirm(confirm_token(state, message), state=state, now=NOW)
    assert forget_old(store, now=NOW + 91 * DAY) == 1
    assert store.messages.attempts_of(message.id) == ()
    assert confirmations(store)


def test_asking_again_after_a_day_gives_seven_days_more_and_loses_no_document(state: AlertsState) -> None:
    ask(state)
    (first,) = state.app.store.subscriptions.of(subscriber(state).id)
    ask(state, at=NOW + 6 * DAY)
    (again,) = state.app.store.subscriptions.of(subscriber(state).id)
    assert again.created_at == NOW + 6 * DAY
    assert again.since == first.since
    token = confirm_token(state, confirmations(state.app.store)[-1], at=NOW + 6 * DAY)
    assert confirm(token, state=state, now=NOW + 12 * DAY).subscription.state is SubscriptionState.ACTIVE


def test_a_search_that_asks_for_too_much_is_refused(state: AlertsState) -> None:
    with pytest.raises(BadQuery):
        ask(state, query=SearchQuery(text=" ".join(f"a{letter}*" for letter in "bcdefghijklmnopqrstuvwxyz" * 9)))
    assert subscriber(state) is None


@pytest.mark.parametrize(
    "wrong",
    [{"lang": "de"}, {"timezone": "Mars/Base"}, {"hour": 24}, {"weekday": 7}, {"name": "n" * 101}, {"address": "rosa"}],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(state: AlertsState, wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        ask(state, **wrong)
    assert state.app.store.subscriptions.subscribers() == ()


def test_a_site_without_a_mail_server_takes_webhooks_only(state: AlertsState) -> None:
    without = AlertsState(state.app, sends_email=False)
    with pytest.raises(BadInput, match="does not send e-mail"):
        ask(without)
    ask(without, channel=Channel.WEBHOOK, address=HOOK)


# ------------------------------------------------------------------ abuse


def test_one_network_cannot_have_more_than_so_many_unconfirmed(state: AlertsState) -> None:
    few = limited(state, alerts_unconfirmed_per_network_max=2)
    ask(few, address="a@example.org")
    ask(few, address="b@example.org")
    with pytest.raises(AsksTooOften):
        ask(few, address="c@example.org")
    ask(few, address="c@example.org", asker="203.0.113.9")


def test_a_full_network_is_told_the_same_of_a_known_and_of_an_unknown_address(state: AlertsState) -> None:
    few = limited(state, alerts_unconfirmed_per_network_max=1)
    follow(few, address="known@example.org", asker="203.0.113.9")
    ask(few, address="a@example.org")
    for address in ("known@example.org", "unknown@example.org"):
        with pytest.raises(AsksTooOften):
            ask(few, address=address)


def test_a_full_subscriber_is_not_told_to_strangers(state: AlertsState) -> None:
    few = limited(state, alerts_per_subscriber_max=1)
    follow(few)
    ask(few, query=SearchQuery(text="another"))
    assert len(few.app.store.subscriptions.of(subscriber(state).id)) == 1


def test_there_is_room_for_so_many_and_none_where_nobody_may_follow(state: AlertsState) -> None:
    with pytest.raises(Busy):
        ask(limited(state, alerts_subscriptions_max=0))
    one = limited(state, alerts_subscriptions_max=1)
    ask(one)
    with pytest.raises(Busy):
        ask(one, address="a@example.org")


def test_the_network_of_an_asker_is_kept_as_a_code_and_this_machine_is_not_counted(state: AlertsState) -> None:
    ask(state)
    assert len(subscriber(state).network) == 32
    assert ASKER not in subscriber(state).network
    assert network_hash("127.0.0.1", state=state) == network_hash("", state=state) == ""
    same = {network_hash(each, state=state) for each in ("2001:db8::1", "2001:db8::ffff")}
    assert len(same) == 1


# ------------------------------------------------------------------ links


def test_a_link_made_again_for_the_same_purpose_is_the_same(state: AlertsState) -> None:
    done = follow(state)
    links, later = state.links, NOW + DAY
    assert links.manage(done.subscriber, now=NOW) == links.manage(done.subscriber, now=later)
    assert links.unsubscribe(done.subscriber, now=NOW) == links.unsubscribe(done.subscriber, now=later)
    assert links.unsubscribe(done.subscriber, now=NOW) != links.unsubscribe(
        done.subscriber, now=NOW, subscription=done.subscription.id
    )


def test_a_link_counts_for_its_purpose_only(state: AlertsState) -> None:
    done = follow(state)
    for purpose in (LinkPurpose.CONFIRM, LinkPurpose.UNSUBSCRIBE):
        with pytest.raises(NotFound):
            state.links.open(manage_token(done), purpose, now=NOW)
    with pytest.raises(NotFound):
        state.links.message_of(manage_token(done))


@pytest.mark.parametrize("change", ["first", "last", "cut", "long", "upper", "id only", "empty", "other alphabet"])
def test_a_token_that_was_tampered_with_counts_nothing(state: AlertsState, change: str) -> None:
    token = manage_token(follow(state))
    wrong = {
        "first": ("a" if token[0] != "a" else "b") + token[1:],
        "last": token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1],
        "cut": token[:-1],
        "long": token + "a" * 300,
        "upper": token.upper(),
        "id only": token.partition(".")[0],
        "empty": "",
        "other alphabet": token[:-1] + "é",
    }[change]
    with pytest.raises(NotFound):
        owner_of(wrong, state=state, now=NOW)


def test_a_link_of_another_site_or_of_another_key_counts_nothing(state: AlertsState) -> None:
    done = follow(state)
    other = AlertLinks(state.app.store, key=passing_key(), site="https://other.example")
    with pytest.raises(NotFound):
        owner_of(token_of(other.manage(done.subscriber, now=NOW)), state=state, now=NOW)


def test_every_page_link_ends_with_a_language_so_that_mail_programs_leave_nothing_out(state: AlertsState) -> None:
    done, public = follow(state, lang="es"), state.app.settings.public_url
    every = [
        state.links.manage(done.subscriber, now=NOW),
        state.links.unsubscribe(done.subscriber, now=NOW),
        state.links.confirm(done.subscriber, done.subscription, now=NOW)[0],
        state.links.not_me(done.subscriber, done.subscription, now=NOW),
        state.links.message("m1", lang="es", subscription=3),
    ]
    assert all(each.startswith(f"{public}/alerts/") and each.endswith("locale=es") for each in every)


def test_a_webhook_confirms_at_the_api(state: AlertsState) -> None:
    done = follow(state, channel=Channel.WEBHOOK, address=HOOK)
    address, ends = state.links.confirm(done.subscriber, done.subscription, now=NOW)
    assert "/api/v1/alerts/confirm/" in address
    assert ends == NOW + 7 * DAY


# ------------------------------------------------------------------ confirming


def test_looking_at_a_confirmation_changes_nothing(state: AlertsState) -> None:
    ask(state)
    token = confirm_token(state, confirmations(state.app.store)[0])
    for _ in range(3):
        assert asked_for(token, state=state, now=NOW).state is LinkState.OPEN
    assert subscriber(state).state is SubscriberState.UNCONFIRMED


def test_a_confirmation_counts_once(state: AlertsState) -> None:
    ask(state)
    token = confirm_token(state, confirmations(state.app.store)[0])
    done = confirm(token, state=state, now=NOW)
    assert done.subscription.state is SubscriptionState.ACTIVE
    assert owner_of(manage_token(done), state=state, now=NOW).address == ROSA
    with pytest.raises(NotFound, match="already been used"):
        confirm(token, state=state, now=NOW)
    with pytest.raises(NotFound, match="already been used"):
        say_not_me(token, state=state, now=NOW)


def test_a_confirmation_ends_after_seven_days(state: AlertsState) -> None:
    ask(state)
    token = confirm_token(state, confirmations(state.app.store)[0])
    with pytest.raises(NotFound, match="expired"):
        confirm(token, state=state, now=NOW + 7 * DAY)
    assert subscriber(state).state is SubscriberState.UNCONFIRMED


def test_whoever_did_not_ask_is_deleted_and_never_written_to_again(state: AlertsState) -> None:
    ask(state)
    assert say_not_me(confirm_token(state, confirmations(state.app.store)[0]), state=state, now=NOW)
    assert subscriber(state) is None
    ask(state)
    assert subscriber(state) is None
    state.app.store.subscriptions.allow(Channel.EMAIL, ROSA)


def test_whoever_follows_something_loses_only_what_somebody_else_asked_for(state: AlertsState) -> None:
    follow(state)
    ask(state, query=SearchQuery(text="another"))
    token = confirm_token(state, confirmations(state.app.store)[-1])
    assert not say_not_me(token, state=state, now=NOW)
    (left,) = state.app.store.subscriptions.of(subscriber(state).id)
    assert left.state is SubscriptionState.ACTIVE
    assert not state.app.store.subscriptions.refuses(Channel.EMAIL, ROSA)


def test_the_secret_of_a_webhook_is_shown_with_its_first_confirmation_only(state: AlertsState) -> None:
    first = follow(state, channel=Channel.WEBHOOK, address=HOOK, contact="rosa@example.org")
    assert first.secret.startswith("whsec_")
    assert first.subscriber.secrets == (first.secret,)
    assert first.secret not in repr(first.subscriber)
    again = follow(state, channel=Channel.WEBHOOK, address=HOOK, query=SearchQuery(text="another"))
    assert again.secret == ""
    assert again.subscriber.secrets == first.subscriber.secrets


# ------------------------------------------------------------------ ending


def test_looking_at_an_unsubscribe_link_ends_nothing(state: AlertsState) -> None:
    done = follow(state)
    found = leaving(unsubscribe_token(state, done), state=state, now=NOW)
    assert found is not None
    assert found.one == done.subscription
    assert len(state.app.store.subscriptions.of(done.subscriber.id)) == 1


def test_an_unsubscribe_link_of_one_search_ends_that_one(state: AlertsState) -> None:
    done = follow(state)
    other = follow(state, query=SearchQuery(text="another"))
    assert unsubscribe(unsubscribe_token(state, done), state=state, now=NOW)
    assert [each.id for each in state.app.store.subscriptions.of(done.subscriber.id)] == [other.subscription.id]


def test_with_the_last_subscription_the_subscriber_is_deleted_and_the_link_may_be_used_again(
    state: AlertsState,
) -> None:
    done = follow(state)
    token = unsubscribe_token(state, done)
    assert unsubscribe(token, state=state, now=NOW)
    assert subscriber(state) is None
    assert not unsubscribe(token, state=state, now=NOW)
    assert leaving(token, state=state, now=NOW) is None


@pytest.mark.parametrize("never", [False, True])
def test_all_can_be_ended_at_once_and_for_ever(state: AlertsState, never: bool) -> None:
    done = follow(state)
    follow(state, query=SearchQuery(text="another"))
    assert unsubscribe(unsubscribe_token(state, done), state=state, now=NOW, all_of_them=True, never=never)
    assert subscriber(state) is None
    assert state.app.store.subscriptions.refuses(Channel.EMAIL, ROSA) is never
    state.app.store.subscriptions.allow(Channel.EMAIL, ROSA)


def test_an_unsubscribe_link_ends_nothing_of_another_subscriber(state: AlertsState) -> None:
    done = follow(state)
    other = follow(state, address="ana@example.org")
    unsubscribe(unsubscribe_token(state, done, of_all=True), state=state, now=NOW)
    assert state.app.store.subscriptions.of(other.subscriber.id) == (other.subscription,)


# ------------------------------------------------------------------ managing


def test_a_subscription_is_renamed_slowed_paused_and_resumed(state: AlertsState) -> None:
    done = follow(state)
    change_subscription(done.subscription, state=state, name=" My  search ", frequency=Frequency.WEEKLY, is_paused=True)
    kept = state.app.store.subscriptions.get(done.subscription.id)
    assert (kept.name, kept.frequency, kept.state) == ("My search", Frequency.WEEKLY, SubscriptionState.PAUSED)
    change_subscription(kept, state=state, is_paused=False)
    assert state.app.store.subscriptions.get(kept.id).state is SubscriptionState.ACTIVE


def test_an_unconfirmed_subscription_is_neither_paused_nor_begun_by_resuming(state: AlertsState) -> None:
    ask(state)
    (kept,) = state.app.store.subscriptions.of(subscriber(state).id)
    with pytest.raises(BadInput):
        change_subscription(kept, state=state, is_paused=False)


def test_language_time_and_contact_are_changed_and_checked(state: AlertsState) -> None:
    owner = follow(state, channel=Channel.WEBHOOK, address=HOOK).subscriber
    change_subscriber(
        owner, state=state, lang="pt", timezone="Africa/Accra", hour=6, weekday=4, contact="a@example.org"
    )
    now = subscriber(state, HOOK, Channel.WEBHOOK)
    assert (now.lang, now.timezone, now.hour, now.weekday, now.contact) == ("pt", "Africa/Accra", 6, 4, "a@example.org")
    for wrong in ({"lang": "xx"}, {"timezone": "x"}, {"hour": 25}, {"weekday": 9}, {"contact": "a@b\nc"}):
        with pytest.raises(BadInput):
            change_subscriber(owner, state=state, **wrong)
    assert subscriber(state, HOOK, Channel.WEBHOOK) == now


def test_nobody_gets_at_the_subscription_of_another_one(state: AlertsState) -> None:
    owner = follow(state).subscriber
    other = follow(state, address="ana@example.org").subscription
    for number in (other.id, 999_999):
        with pytest.raises(NotFound):
            own_subscription(owner, number, state=state)


def test_with_the_manage_link_another_search_is_followed_at_once(state: AlertsState) -> None:
    owner = follow(state).subscriber
    made = follow_more(owner, SearchQuery(text="another"), frequency=Frequency.AT_ONCE, state=state, now=NOW)
    assert made.state is SubscriptionState.ACTIVE
    assert len(confirmations(state.app.store)) == 1


def test_a_new_manage_link_takes_back_the_old_one_and_leaves_unsubscribe_links(state: AlertsState) -> None:
    done = follow(state)
    leave = unsubscribe_token(state, done)
    fresh = renew_link(done.subscriber, state=state, now=NOW)
    with pytest.raises(NotFound):
        owner_of(manage_token(done), state=state, now=NOW)
    assert owner_of(fresh, state=state, now=NOW) == done.subscriber
    assert token_of(state.links.manage(done.subscriber, now=NOW + DAY)) == fresh
    assert leaving(leave, state=state, now=NOW) is not None


def test_deleting_everything_leaves_nothing_of_a_subscriber(state: AlertsState) -> None:
    done = follow(state)
    match(state.app.store, done.subscription.id, "dlima")
    end_everything(done.subscriber, state=state)
    store = state.app.store
    assert subscriber(state) is None
    assert store.matches.of_document("dlima") == ()
    assert confirmations(store) == []
    with pytest.raises(NotFound):
        owner_of(manage_token(done), state=state, now=NOW)


def test_deleting_the_last_subscription_deletes_the_subscriber(state: AlertsState) -> None:
    done = follow(state)
    other = follow(state, query=SearchQuery(text="another"))
    assert end_subscription(done.subscriber, done.subscription, state=state)
    assert not end_subscription(done.subscriber, other.subscription, state=state)
    assert subscriber(state) is None


def test_an_address_that_was_given_up_is_started_again_and_one_that_complained_is_not(state: AlertsState) -> None:
    owner, store = follow(state).subscriber, state.app.store
    assert not start_again(owner, state=state)
    for why, may_start in ((StoppedWhy.GAVE_UP, True), (StoppedWhy.REFUSED, True), (StoppedWhy.COMPLAINED, False)):
        store.subscriptions.stop(owner.id, why, at=NOW)
        assert start_again(owner, state=state) is may_start
    assert subscriber(state).state is SubscriberState.STOPPED


# ------------------------------------------------------------------ secrets and replay


def test_two_secrets_count_while_one_rotates_and_then_one(state: AlertsState) -> None:
    owner = follow(state, channel=Channel.WEBHOOK, address=HOOK).subscriber
    store, first = state.app.store, owner.secrets[0]
    second = rotate(owner, store=store)
    assert subscriber(state, HOOK, Channel.WEBHOOK).secrets == (second, first)
    third = rotate(subscriber(state, HOOK, Channel.WEBHOOK), store=store)
    assert subscriber(state, HOOK, Channel.WEBHOOK).secrets == (third, second)
    assert end_rotation(subscriber(state, HOOK, Channel.WEBHOOK), store=store)
    assert subscriber(state, HOOK, Channel.WEBHOOK).secrets == (third,)
    assert not end_rotation(subscriber(state, HOOK, Channel.WEBHOOK), store=store)


def test_an_email_address_has_no_secret(state: AlertsState) -> None:
    owner = follow(state).subscriber
    for change in (rotate, end_rotation):
        with pytest.raises(BadInput):
            change(owner, store=state.app.store)


def test_the_messages_of_a_time_are_sent_again_under_the_same_ids(state: AlertsState) -> None:
    done, store = follow(state), state.app.store
    for number, at in enumerate((NOW, NOW + DAY, NOW + 2 * DAY)):
        match(store, done.subscription.id, f"dmany{number:02}")
        store.messages.gather(done.subscriber.id, [done.subscription.id], public_id=f"m{number}", at=at)
    sent_all(store)
    owner = done.subscriber
    assert replay(owner, since=NOW + DAY, until=NOW + 2 * DAY, state=state) == 1
    assert store.messages.by_public_id("m1").state is MessageState.WAITING
    assert store.messages.by_public_id("m2").state is MessageState.SENT
    assert replay(owner, since=NOW + 5 * DAY, until=NOW + 6 * DAY, state=state) == 0
    with pytest.raises(BadInput):
        replay(owner, since=NOW, until=NOW, state=state)
    store.subscriptions.stop(owner.id, StoppedWhy.GAVE_UP, at=NOW)
    with pytest.raises(BadInput):
        replay(subscriber(state), since=NOW, until=NOW + DAY, state=state)


def sent_all(store) -> None:
    for message in store.messages.claim("w", now=NOW + 9 * DAY, limit=100):
        attempt = store.messages.begin_attempt(message, worker="w", at=NOW)
        assert store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250", at=NOW)
