"""The sweep brings what matching missed, once, and nothing that is not new. Numbers are those of the ways in which alerts fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts.checking.answering import read_search
from alerts.checking.sweep import Sweep, followed_searches, known_by
from alerts.subscribing.preview import preview
from corpus.alerts import AttemptOutcome, MatchOutcome, MessageKind, SubscriptionState
from corpus.errors import EngineUnavailable
from corpus.store.alert_checks import DocumentEvent
from tests.alerts.checking.site import DAY, AlertSite, now_at
from tests.builders import A_DAY, make_tag

NEW, KNOWN = MatchOutcome.NEW, MatchOutcome.KNOWN


def test_10_what_matching_missed_is_found_by_a_later_sweep_and_told(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match()
    swept = site.sweep(followed)
    assert (swept.added, swept.named) == (1, ["d1"])
    (match,) = site.store.matches.of_subscription(followed.id)
    assert (match.found.found_by, match.found.outcome, match.found.reason["page"]) == ("sweep", NEW, 1)
    assert site.store.matches.waiting()[0].count == 1


def test_a_sweep_that_is_repeated_finds_nothing_more(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match()
    site.sweep(followed)
    site.send(followed)
    again = site.sweep(followed)
    assert (again.answers, again.added, again.known, again.joined) == (1, 0, 0, 0)
    assert site.store.matches.waiting() == ()


def test_what_came_before_somebody_followed_the_search_is_not_new(site: AlertSite) -> None:
    site.document("d1")
    site.match()
    followed = site.follow()
    swept = site.sweep(followed)
    assert (swept.answers, swept.added) == (1, 0)


def test_what_came_between_subscribing_and_confirming_is_brought_by_the_first_sweep(site: AlertSite) -> None:
    followed = site.follow(is_confirmed=False)
    site.document("d1")
    site.match()
    site.store.subscriptions.confirm(followed.id, at=now_at())
    report = Sweep(site.store, site.engine, vocabulary=site.vocabulary).due(before=now_at(plus=-DAY), now=now_at())
    assert (report.swept, report.added) == (1, 1)


def test_a_search_that_goes_on_from_a_frozen_one_brings_what_came_since(site: AlertSite) -> None:
    site.document("d1")
    frozen_at = site.store.changes.last_sequence()
    site.document("d2")
    site.match()
    followed = site.follow(since=frozen_at)
    assert site.sweep(followed).named == ["d2"]


def test_searches_that_were_never_swept_come_first(site: AlertSite) -> None:
    old = site.follow("vendors")
    site.sweep(old, at=now_at(plus=-3 * DAY))
    never = site.follow("market")
    report = Sweep(site.store, site.engine, vocabulary=site.vocabulary).due(before=now_at(), now=now_at(), limit=1)
    assert report.swept == 1
    assert site.again(never).swept_at is not None
    assert site.again(old).swept_at < now_at(plus=-2 * DAY)  # type: ignore[operator]


def test_what_waits_for_the_worker_is_left_to_it_until_it_has_waited_for_a_day(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    swept = site.sweep(followed)
    assert (swept.left, swept.added) == (1, 0)
    assert site.sweep(followed, at=now_at(plus=DAY + timedelta(minutes=1))).added == 1
    site.match(site.found(followed, "d1"))
    assert len(site.store.matches.of_subscription(followed.id)) == 1


def test_9_a_document_that_is_tagged_anew_does_not_become_new_by_that(site: AlertSite) -> None:
    followed = site.follow("", filters=[("country", "PER")])
    site.document("d1")
    site.match(at=now_at(plus=-3 * DAY))
    site.sweep(followed)
    site.document("d1", tags=(make_tag("country", "PER"),))
    swept = site.sweep(followed)
    assert (swept.answers, swept.joined, swept.added) == (1, 1, 0)
    assert site.outcomes(followed) == {}


def test_a_document_that_was_read_later_is_found_when_its_matching_missed_it(site: AlertSite) -> None:
    site.document("d1", text="")
    site.match()
    followed = site.follow()
    site.document("d1")
    site.match()
    assert site.sweep(followed).named == ["d1"]


def test_a_sweep_while_the_clock_was_ahead_hides_nothing_from_later_ones(site: AlertSite) -> None:
    followed = site.follow()
    site.sweep(followed, at=now_at(plus=400 * DAY))
    site.document("d1")
    site.match(at=now_at(plus=-3 * DAY))
    report = Sweep(site.store, site.engine, vocabulary=site.vocabulary).due(before=now_at(plus=-DAY), now=now_at())
    assert (report.swept, report.added) == (1, 1)


def test_of_copies_that_were_all_missed_the_first_is_told_and_the_others_are_known(site: AlertSite) -> None:
    followed = site.follow()
    for name in ("d1", "d2", "d3"):
        site.document(name)
    site.same_work("d1", "d2", "d3", copies=True)
    site.match()
    swept = site.sweep(followed)
    assert (swept.added, swept.known) == (1, 2)
    assert site.outcomes(followed) == {"d1": (NEW, ""), "d2": (KNOWN, "d1"), "d3": (KNOWN, "d1")}


def test_a_copy_of_what_was_there_before_is_known(site: AlertSite) -> None:
    site.document("d1")
    followed = site.follow()
    site.document("d2")
    site.same_work("d1", "d2", copies=True)
    site.match()
    site.sweep(followed)
    assert site.outcomes(followed) == {"d2": (KNOWN, "d1")}


def test_a_copy_is_told_where_the_one_before_it_does_not_answer(site: AlertSite) -> None:
    followed = site.follow("", filters=[("source", "other")])
    site.document("d1")
    site.document("d2", source="other")
    site.same_work("d1", "d2", copies=True)
    site.match()
    site.sweep(followed)
    assert site.outcomes(followed) == {"d2": (NEW, "")}


def test_a_translation_is_told_where_its_original_does_not_answer_and_known_where_it_does(site: AlertSite) -> None:
    in_spanish = site.follow("", filters=[("lang", "es")])
    in_any = site.follow("", filters=[("source", "sample")])
    site.document("d1")
    site.document("d2", lang="es", text="Los vendedores ambulantes de Lima pagan cada día.")
    site.same_work("d1", "d2")
    site.match(site.found(in_any, "d1"))
    assert site.sweep(in_spanish).added == 1
    site.sweep(in_any)
    assert site.outcomes(in_spanish) == {"d2": (NEW, "")}
    assert site.outcomes(in_any) == {"d1": (NEW, ""), "d2": (KNOWN, "d1")}


def test_a_document_that_was_missed_is_known_when_its_later_translation_was_told(site: AlertSite) -> None:
    followed = site.follow("", filters=[("source", "sample")])
    site.document("d1")
    site.document("d2", lang="es", text="Los vendedores ambulantes de Lima pagan cada día.")
    site.same_work("d1", "d2")
    site.match(site.found(followed, "d2"))
    site.sweep(followed)
    assert site.outcomes(followed)["d1"] == (KNOWN, "d2")


def test_11_what_one_search_brought_is_not_kept_from_another_one_of_the_same_person(site: AlertSite) -> None:
    one, other = site.follow("vendors"), site.follow("Lima")
    site.document("d1")
    site.match(site.found(one, "d1"))
    site.send(one)
    assert site.sweep(other).added == 1
    assert site.outcomes(one) == site.outcomes(other) == {"d1": (NEW, "")}


def test_2_a_search_that_cannot_be_read_is_kept_and_its_owner_told_once(site: AlertSite) -> None:
    followed = site.follow("", filters=[("topic", "no_such_topic")])
    site.document("d1")
    site.match()
    first, second = site.sweep(followed), site.sweep(followed)
    assert first.error == second.error != ""
    kept = site.again(followed)
    assert (kept.state, kept.error) == (SubscriptionState.ACTIVE, first.error)
    (notice,) = site.store.messages.of_subscriber(followed.subscriber)
    assert (notice.kind, notice.details["subscription"]) == (MessageKind.NOTICE, followed.id)


def test_2_a_search_that_can_be_read_again_goes_on_where_it_was(site: AlertSite) -> None:
    followed = site.follow()
    site.store.subscriptions.note_error({followed.id: "It could not be read."})
    site.document("d1")
    site.match()
    assert site.sweep(followed).added == 1
    assert site.again(followed).error == ""


def test_2_an_index_that_does_not_answer_ends_the_sweep_and_changes_nothing(site: AlertSite, monkeypatch) -> None:
    followed = site.follow()
    site.document("d1")
    site.match()

    def no_walk(*_: object, **__: object):
        raise EngineUnavailable("The search index does not answer.")
        yield

    monkeypatch.setattr(site.engine, "walk", no_walk)
    sweep = Sweep(site.store, site.engine, vocabulary=site.vocabulary)
    report = sweep.run(followed_searches(site.store), now=now_at())
    assert report.stopped is not None
    assert (report.swept, site.outcomes(followed), site.again(followed).swept_at) == (0, {}, None)
    monkeypatch.undo()
    assert sweep.run(followed_searches(site.store), now=now_at()).added == 1


def test_12_what_is_new_is_told_by_first_sight_whatever_the_date_of_publication(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1", published="1987-05")
    site.document("d2", published="2031")
    site.match()
    assert sorted(site.sweep(followed).named) == ["d1", "d2"]
    query = read_search(followed, vocabulary=site.vocabulary).query
    lately = {"engine": site.engine, "store": site.store, "vocabulary": site.vocabulary}
    found = preview(query, now=now_at(), **lately)
    assert (found.month, found.year) == (2, 2)


def test_what_came_long_ago_counts_in_no_preview(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    query = read_search(followed, vocabulary=site.vocabulary).query
    lately = {"engine": site.engine, "store": site.store, "vocabulary": site.vocabulary}
    found = preview(query, now=now_at(plus=60 * DAY), **lately)
    assert (found.month, found.year) == (0, 1)
    found = preview(query, now=now_at(plus=400 * DAY), **lately)
    assert (found.month, found.year) == (0, 0)


def test_a_paused_search_keeps_what_was_missed_for_later(site: AlertSite) -> None:
    followed = site.follow()
    site.store.subscriptions.pause(followed.id)
    site.document("d1")
    site.match()
    assert site.sweep(followed).added == 1
    assert site.store.matches.waiting() == ()
    site.store.subscriptions.resume(followed.id)
    assert site.send(followed, outcome=AttemptOutcome.ACCEPTED).state.value == "sent"


@pytest.mark.parametrize(
    "text", ["", "vendors", '"street vendors"', "vend*", "vendors -contract", "vendors OR nothing"]
)
def test_every_kind_of_search_is_compared(site: AlertSite, text: str) -> None:
    followed = site.follow(text, filters=[("source", "sample")])
    site.document("d1", text="Street vendors in Lima pay each day.")
    site.document("d2", text="A document on another subject, with nothing of it.", title="Other")
    site.match()
    assert ("d1" in site.sweep(followed).named) is True


@given(st.data())
@hypothesis_settings(max_examples=200, deadline=None)
def test_of_each_fold_somebody_is_told_and_nobody_is_known_by_one_that_is_known_by_it(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    numbers = data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    fold = [event(f"d{place}", numbers[place]) for place in range(size)]
    missing = data.draw(st.sets(st.sampled_from([each.id for each in fold]), min_size=1))
    told = {each.id: NEW for each in fold if each.id not in missing and data.draw(st.booleans())}
    answering = frozenset(missing | told.keys())
    because = {each.id: known_by(each, fold, answering=answering, told=told) for each in fold if each.id in missing}
    for name in missing:
        seen = {name}
        while because.get(name):
            name = because[name]
            assert name not in seen
            seen.add(name)
        assert name in told or name not in because or because[name] == ""


def event(name: str, sequence: int) -> DocumentEvent:
    return DocumentEvent(name, A_DAY, sequence, sequence, A_DAY, A_DAY, False, True, "f")
