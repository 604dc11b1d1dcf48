"""No code decides by an English sentence, and every kind of reason has its words with their data."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from corpus.messages import failures, runs, skips
from corpus.messages.catalogue import TRANSLATED
from corpus.messages.origins import origin_in_words
from corpus.messages.reasons import reason_in_words
from corpus.messages.rules import rule_in_words, zone_in_words
from corpus.origins import Origin, OriginPlace
from corpus.reasons import CAUSED, Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import CAUSED_NOTES, NoteKind, Verdict, VerdictKind
from corpus.tag_rules import Rule, RuleKind, Zone
from pushcart.add_remarks import AddRemark, Oddity
from pushcart.remark_messages import remark_in_words
from tests.house.sentences import ALLOWED, places

MADE = {
    FailureKind.READING_TIMED_OUT: {"seconds"},
    FailureKind.READING_OUT_OF_MEMORY: {"mebibytes"},
    FailureKind.SERVER_LEFT_ALONE: {"status", "time"},
}
"""Kinds of which a detail has a sentence of its own, or is written as a time."""


def test_no_code_reads_a_sentence() -> None:
    assert [str(each) for each in places()] == []


def test_what_is_allowed_is_still_there() -> None:
    found = {(each.file, each.source) for each in places(with_allowed=True)}
    assert sorted(set(ALLOWED) - found) == []


@pytest.mark.parametrize(
    "line",
    [
        'if offer.origin == "sidecar": pass',
        'if hit.rule.startswith("activity"): pass',
        'counts["address denied"] += 1',
        'counts = {"no PDF, and too little text": 1}',
        'if "private" in reason: pass',
        'parts = html.split("<mark>")',
        "named = re.search(pattern, evidence.rule)",
        "shown = evidence.rule[:4]",
        "most = Counter(each.reason for each in failures)",
        'if kind_in_words(mode) == "folder": pass',
        'match said:\n    case "It is gone": pass',
    ],
)
def test_code_that_reads_a_sentence_is_found(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "declared.py").write_text("class Some:\n    origin: str\n    rule: str\n    reason: str\n")
    (folder / "reading.py").write_text(f"{line}\n")
    ast.parse(line)
    assert len(places(tmp_path)) == 1


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_one_message_with_its_details(kind: FailureKind) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(failures.MESSAGES[kind]) if name}
    assert named == MADE.get(kind, set(kind.details) | ({"cause"} if kind in CAUSED else set()))
    cause = Failure(FailureKind.NO_FEED) if kind in CAUSED else None
    words = reason_in_words(Failure(kind, dict.fromkeys(kind.details, 404), cause))
    assert words
    assert "{" not in words


@pytest.mark.parametrize("kind", NoteKind)
def test_every_note_has_one_message_with_its_details(kind: NoteKind) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(runs.NOTES[kind]) if name}
    assert named == set(kind.details) | ({"cause"} if kind in CAUSED_NOTES else set())


@pytest.mark.parametrize("kind", VerdictKind)
def test_every_verdict_has_words(kind: VerdictKind) -> None:
    words = runs.verdict_in_words(Verdict(kind, dict.fromkeys(kind.details, 404)))
    assert bool(words) == (kind is not VerdictKind.AS_EXPECTED)
    assert "{" not in words


@pytest.mark.parametrize("kind", SkipKind)
def test_every_rule_of_a_harvest_has_words(kind: SkipKind) -> None:
    assert kind in skips.MESSAGES
    assert reason_in_words(Skip(kind, "video"))


@pytest.mark.parametrize("oddity", Oddity)
def test_every_remark_of_add_has_words_with_its_details(oddity: Oddity) -> None:
    remark = AddRemark(oddity, "a.csv", dict.fromkeys(oddity.details, 1200))
    words = remark_in_words(remark)
    assert words.message.count("1200") + words.message.count("1,200") + words.try_next.count("1200") == len(
        oddity.details
    )


def test_every_rule_zone_and_place_has_words() -> None:
    by_people = {RuleKind.ADDED: "added by a person", RuleKind.ACCEPTED: "confirmed by a person"}
    assert all(rule_in_words(Rule(kind, "lima")).endswith(by_people.get(kind, "lima")) for kind in RuleKind)
    assert all(map(zone_in_words, Zone))
    assert all(origin_in_words(Origin(place, "part")).endswith(("(part)", "part")) for place in OriginPlace)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_what_pages_say_of_harvests_and_readings_is_said_in_every_language(lang: str) -> None:
    cause = Failure(FailureKind.NO_FEED)
    failed = [
        Failure(kind, dict.fromkeys(kind.details, 404), cause if kind in CAUSED else None) for kind in FailureKind
    ]
    reasons = [each for each in (*failed, *(Skip(kind, "video") for kind in SkipKind)) if each.kind != "other"]
    verdicts = [Verdict(kind, dict.fromkeys(kind.details, 404)) for kind in VerdictKind if kind != "other"]
    untranslated = [each for each in reasons if reason_in_words(each, lang=lang) == reason_in_words(each)]
    untranslated += [
        each
        for each in verdicts
        if (words := runs.verdict_in_words(each)) and runs.verdict_in_words(each, lang=lang) == words
    ]
    assert untranslated == []
