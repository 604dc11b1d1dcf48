"""Why did I not get this document? Every answer, each for a document and a search of which it is true."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerts.checking.explaining import RecordsExplain
from alerts.checking.why import WhyAnswer, WhyState, why
from alerts.sending.schedule import EMAIL_PAUSE, due_at
from corpus.alerts import AttemptOutcome, Channel, Frequency, MatchOutcome, StoppedWhy, Subscriber, Subscription
from corpus.errors import NotFound
from tests.alerts.checking.site import DAY, MINUTE, AlertSite, now_at
from tests.builders import make_tag


def asked(site: AlertSite, subscription: Subscription, document: str = "d1", *, lang: str = "en") -> WhyAnswer:
    explains = RecordsExplain(site.store, vocabulary=site.vocabulary)
    return why(subscription.id, document, store=site.store, explains=explains, now=now_at(), lang=lang)


def test_a_document_that_never_was_here(site: AlertSite) -> None:
    answer = asked(site, site.follow(), "d9")
    assert (answer.state, answer.words) == (WhyState.NOT_HERE, ("There is no document d9 here.",))


def test_a_document_that_was_removed(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.store.documents.remove("d1")
    answer = asked(site, followed)
    assert answer.state is WhyState.REMOVED
    assert answer.at is not None


def test_a_document_that_came_before_the_search_was_followed(site: AlertSite) -> None:
    site.document("d1")
    site.match()
    answer = asked(site, site.follow())
    assert answer.state is WhyState.BEFORE
    assert "added on 23 November 2026" in answer.words[0]


def test_a_subscription_that_nobody_confirmed(site: AlertSite) -> None:
    followed = site.follow(is_confirmed=False)
    site.document("d1")
    site.match()
    assert asked(site, followed).state is WhyState.UNCONFIRMED


def test_a_document_that_is_yet_to_be_matched(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1", is_related=False)
    assert asked(site, followed).state is WhyState.UNMATCHED


def test_a_document_whose_text_could_not_be_read_says_so(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1", text="")
    assert asked(site, followed).words[-1] == "Its text has not been read yet, or cannot be read."
    site.match()
    answer = asked(site, followed)
    assert answer.state is WhyState.LACKS
    assert answer.words == (
        "The document does not contain: vendors.",
        "No text of the document could be read so far.",
    )


@pytest.mark.parametrize(
    ("text", "filters", "lacks"),
    [
        ("vendors harbour", [], ["The document does not contain: harbour."]),
        ('"vendors street"', [], ['The document does not contain: exactly "vendors street".']),
        ("vendors -Lima", [], ["The document contains words that the search excludes: Lima."]),
        ("harb*", [], ["The document does not contain: a word that begins with harb."]),
        (
            "vendors",
            [("lang", "es"), ("country", "PER")],
            [
                "The document is not about Peru (country).",
                "The document has another language than Español.",
            ],
        ),
        (
            "vendors",
            [("year", "2018..")],
            ["The publication date of the document is unknown; the search asks for 2018 or later."],
        ),
        ("harbour", [("group", "waste_pickers")], None),
    ],
)
def test_a_document_that_does_not_answer_is_told_by_what_it_lacks(
    site: AlertSite, text: str, filters: list[tuple[str, str]], lacks: list[str] | None
) -> None:
    followed = site.follow(text, filters=filters)
    site.document("d1", tags=(make_tag("country", "PER", about=False),))
    site.match()
    answer = asked(site, followed)
    assert answer.state is WhyState.LACKS
    if lacks is None:
        assert len(answer.words) == 2
    else:
        assert list(answer.words) == lacks


def test_a_search_that_cannot_be_read_any_more(site: AlertSite) -> None:
    followed = site.follow("", filters=[("topic", "no_such_topic")])
    site.document("d1")
    site.match()
    answer = asked(site, followed)
    assert answer.state is WhyState.UNREADABLE
    assert "no_such_topic" in answer.words[0]


def test_a_document_that_matching_missed(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match()
    answer = asked(site, followed)
    assert (answer.state, "next sweep" in answer.words[0]) == (WhyState.MISSED, True)


def test_a_document_that_answers_only_since_it_was_changed(site: AlertSite) -> None:
    followed = site.follow("harbour")
    site.document("d1")
    site.match()
    site.document("d1", title="Vendors of the harbour")
    assert "does not count as new" in asked(site, followed).words[0]


def test_a_copy_of_a_document_that_was_in_a_message(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.document("d2")
    site.match(site.found(followed, "d2", outcome=MatchOutcome.KNOWN, because_of="d1"))
    assert asked(site, followed, "d2").words[-1] == "That document will be in the next message."
    site.send(followed)
    answer = asked(site, followed, "d2")
    assert (answer.state, answer.because_of, answer.message_id) == (WhyState.KNOWN, "d1", "m1")
    assert "“Study d1” (d1)" in answer.words[0]
    assert answer.words[1].startswith("That document was in message m1, sent on")


def test_a_translation_of_a_document_that_was_there_before(site: AlertSite) -> None:
    site.document("d0")
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1", outcome=MatchOutcome.KNOWN, because_of="d0"))
    answer = asked(site, followed)
    assert (answer.state, answer.words[-1]) == (WhyState.KNOWN, "That document was here before.")


def test_a_document_that_waits_for_the_digest(site: AlertSite) -> None:
    followed = site.follow(frequency=Frequency.DAILY)
    site.document("d1")
    site.match(site.found(followed, "d1"))
    answer = asked(site, followed)
    assert (answer.state, answer.at) == (
        WhyState.WAITS,
        due_at(now_at(), frequency=Frequency.DAILY, subscriber=site.owner(followed), now=now_at()),
    )


def test_a_document_that_comes_right_after_an_email_waits_until_the_next_one_may_be_made(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed)
    site.document("d2")
    site.match(site.found(followed, "d2"))
    made_at = site.store.subscriptions.get(followed.id).gathered_at
    assert asked(site, followed, "d2").at == made_at + EMAIL_PAUSE


def test_a_document_of_a_paused_subscription(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.store.subscriptions.pause(followed.id)
    assert asked(site, followed).state is WhyState.PAUSED


def test_an_address_to_which_nothing_is_sent_any_more(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.store.subscriptions.stop(followed.subscriber, StoppedWhy.COMPLAINED, at=now_at())
    assert asked(site, followed).state is WhyState.STOPPED


def test_a_document_in_a_message_that_is_tried_again(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, outcome=AttemptOutcome.TEMPORARY, answer="451 later", again_in=MINUTE)
    answer = asked(site, followed)
    assert (answer.state, answer.message_id) == (WhyState.SENDING, "m1")
    assert answer.words == (
        "The document is in message m1, which is being sent; attempts so far: 1.",
        "The receiving server answered: 451 later",
    )


def test_a_document_in_a_message_that_was_accepted(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, answer="250 queued as 7")
    answer = asked(site, followed)
    assert (answer.state, answer.message_id) == (WhyState.SENT, "m1")
    assert answer.words[1] == "The receiving server accepted it and answered: 250 queued as 7"


def test_a_document_that_was_sent_and_then_removed_is_still_known_to_have_been_sent(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed)
    site.store.documents.remove("d1")
    assert asked(site, followed).state is WhyState.SENT


def test_a_document_in_a_message_that_was_refused_for_good(site: AlertSite) -> None:
    followed = site.follow()
    site.document("d1")
    site.match(site.found(followed, "d1"))
    site.send(followed, outcome=AttemptOutcome.PERMANENT, answer="550 no such user")
    answer = asked(site, followed)
    assert (answer.state, answer.words[1]) == (WhyState.FAILED, "The receiving server answered: 550 no such user")


def test_a_subscription_that_is_not_there(site: AlertSite) -> None:
    with pytest.raises(NotFound, match="There is no subscription 7"):
        why(
            7,
            "d1",
            store=site.store,
            explains=RecordsExplain(site.store, vocabulary=site.vocabulary),
            now=now_at(),
        )


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
def test_the_answer_speaks_four_languages(site: AlertSite, lang: str) -> None:
    followed = site.follow("vendors harbour")
    site.document("d1")
    site.match()
    english, other = asked(site, followed), asked(site, followed, lang=lang)
    assert other.words != english.words
    assert "harbour" in other.words[0]


# ------------------------------------------------------------------ when the next digest is due


@pytest.mark.parametrize(
    ("timezone", "frequency", "after", "due"),
    [
        ("UTC", Frequency.DAILY, "2026-11-23T06:59", "2026-11-23T07:00"),
        ("UTC", Frequency.DAILY, "2026-11-23T07:00", "2026-11-24T07:00"),
        ("America/Lima", Frequency.DAILY, "2026-11-23T06:59", "2026-11-23T12:00"),
        ("UTC", Frequency.WEEKLY, "2026-11-23T07:00", "2026-11-30T07:00"),
        ("UTC", Frequency.WEEKLY, "2026-11-24T07:00", "2026-11-30T07:00"),
        ("UTC", Frequency.AT_ONCE, "2026-11-24T07:00", "2026-11-24T07:00"),
        ("Europe/Paris", Frequency.DAILY, "2026-03-28T07:00", "2026-03-29T05:00"),
        ("Nowhere/Land", Frequency.DAILY, "2026-11-23T06:59", "2026-11-23T07:00"),
    ],
)
def test_the_next_digest_is_due_at_the_hour_of_its_reader(
    timezone: str, frequency: Frequency, after: str, due: str
) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    reader = Subscriber(1, Channel.EMAIL, "a@example.org", "en", timezone, created_at=moment - DAY)
    assert due_at(moment, frequency=frequency, subscriber=reader, now=moment) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )
