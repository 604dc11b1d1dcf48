"""A database of the version that stored sentences comes forward: sentences become types, and what is no sentence of ours stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from told import told

import corpus.migrations
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Note, Verdict, VerdictKind
from corpus.settings import Settings
from corpus.store import open_store
from corpus.tag_rules import Rule, RuleKind, Zone

migration: Any = import_module("corpus.migrations.versions.0010_types")
OLD = "0009"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).isoformat(sep=" ")


def filled(sentence: str) -> str:
    """Return a sentence of the version before as it was stored, with something in each placeholder."""
    known = {"cause": "The connection broke.", "phrase": "not found", "until": "2026-01-01 10:00", "title": "A page"}
    numbers = dict.fromkeys((*migration._WHOLE, *migration._SECONDS), "1,200")
    names = {name: name for name in ("error", "text", "host", "address", "scheme", "content_type", "root", "since")}
    return sentence.format(**{"prefix": "mods", "name": "a picture"} | names | numbers | known)


@pytest.mark.parametrize(("kind", "sentence"), migration._SENTENCES)
def test_a_sentence_of_the_version_before_becomes_a_failure_that_says_the_same(kind: str, sentence: str) -> None:
    failure = Failure.from_json(migration.failure_of(filled(sentence), pages=7))
    assert failure.kind == kind
    assert failure.kind is not FailureKind.OTHER
    assert told(failure)


def test_the_details_of_a_sentence_are_kept() -> None:
    said = migration.failure_of("office.example leads to 10.0.0.1, an address of a private network or of this machine.")
    assert said == ["private_name", {"host": "office.example", "address": "10.0.0.1"}]
    lost = (
        "The repository no longer knows its own resumption token. Begun again from 2020-01-04, the list got no further."
    )
    assert migration.failure_of(lost) == ["oai_no_further", {"since": "2020-01-04"}, ["oai_token_lost", {}]]
    asked = "The server answered 503 and asks to wait 2 hours: it is left alone in this run."
    assert migration.failure_of(asked) == ["server_left_alone", {"status": 503, "seconds": 7200.0}]


@pytest.mark.parametrize("words", ["Something else went wrong.", "", "The server answered soon.", "a\nb"])
def test_what_is_no_sentence_of_ours_keeps_its_words(words: str) -> None:
    assert told(Failure.from_json(migration.failure_of(words))) == words


@pytest.mark.parametrize(
    ("page", "words", "rule"),
    [
        (0, "term: street vendor (title)", Rule(RuleKind.TERM, "street vendor", Zone.TITLE)),
        (3, "weak term: vendor", Rule(RuleKind.WEAK_TERM, "vendor")),
        (3, "term: brick kiln (title)", Rule(RuleKind.TERM, "brick kiln (title)")),
        (0, "record: Congo (title)", Rule(RuleKind.RECORD, "Congo (title)")),
        (2, "activity: sell ... street", Rule(RuleKind.ACTIVITY, "sell ... street")),
        (1, "demonym: Peruvian", Rule(RuleKind.DEMONYM, "Peruvian")),
        (1, "said by nobody", Rule(RuleKind.OTHER, "said by nobody")),
    ],
)
def test_the_rule_of_a_tag_is_kept_with_its_zone(page: int, words: str, rule: Rule) -> None:
    kind, text, zone = migration.rule_of(words, page=page)
    assert Rule(RuleKind(kind), text, Zone(zone) if zone else None) == rule


NOTE = "https://x.example/feed: The feed has no entries."
BROUGHT = (
    "Asked for what changed since 2026-01-02. Brought 3 files: 1 new, 2 unchanged. 2 refused by robots.txt, 1 failed."
)


@pytest.mark.parametrize(
    ("words", "verdict", "notes"),
    [
        ("Brought 1 file: 1 new.", ["as_expected", {}], ""),
        (BROUGHT, ["as_expected", {}], ""),
        (f"{BROUGHT} {NOTE}", ["as_expected", {}], NOTE),
        (f"Stopped before the end. {BROUGHT} The next run goes on.", ["stopped", {}], ""),
        (f"The run ended at its limit of 0.05 minutes. {BROUGHT} The next run goes on.", ["minutes_used", {"limit": 0.05}], ""),
        (f"{BROUGHT} 20 or more are expected: the site or the source file needs a look.", ["too_few", {"at_least": 20}], ""),
        (f"{BROUGHT} The publisher announced 9 records, 3 came.", ["fewer_than_announced", {"announced": 9, "records": 3}], ""),
        (
            "The harvesting process was killed by signal 9. It was at https://x.example/a."
            " What it had fetched is kept; the next run goes on.",
            ["killed_by_signal", {"signal": 9, "at": "https://x.example/a"}],
            "",
        ),
        ("An error of ours ended it.", ["other", {"text": "An error of ours ended it."}], ""),
    ],
)  # fmt: skip
def test_the_words_of_a_run_become_a_verdict(words: str, verdict: list[Any], notes: str) -> None:
    found, said = migration.verdict_of(words)
    assert Verdict.from_json(found).to_json() == verdict
    assert [told(Note.from_json(each)) for each in said] == ([notes] if notes else [])


@pytest.fixture
def old(settings: Settings) -> sa.Engine:
    """Return a database as the version before left it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{settings.data_dir / 'pushcart.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", corpus.migrations.__path__[0])
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, OLD)
    with engine.begin() as connection:
        _fill(connection)
    return engine


def _fill(connection: sa.Connection) -> None:
    def add(table: str, **values: Any) -> None:
        stored = {name: json.dumps(each) if isinstance(each, list | dict) else each for name, each in values.items()}
        columns = {row[1]: row for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")}
        for name, row in columns.items():
            if name not in stored and row[3] and row[4] is None and not row[5]:
                stored[name] = "{}" if row[2] == "JSON" else AT if row[2] == "DATETIME" else ""
        names = ", ".join(stored)
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(stored))})", tuple(stored.values())
        )

    for number in range(2500):
        sha256 = f"{number:064x}"
        reason = "" if number % 2 else "The file is locked with a password. Ask its publisher for an open copy."
        add("readings", sha256=sha256, outcome="encrypted", reason=reason, page_count=0, page_total=0, seconds=0.1)
        add("fetched_files", id=number + 1, source="office", url=f"https://x.example/{number}", key=f"https://x.example/{number}",
            document_id=f"d{number}", sha256=sha256, size=1, status=200,
            gone_reason="" if number else "The publisher no longer lists it.")  # fmt: skip
    evidence = [
        [0, "Street vendors in Lima", "Street vendors", "term: street vendor (title)"],
        [2, "S", "w", "name: Peru"],
    ]
    add("documents", id="d1", sha256="1".zfill(64), title="A title", published="", lang="en", authors=[], page_count=0,
        is_sample=0, first_sequence=4, first_seen=AT)  # fmt: skip
    add("tags", document_id="d1", facet="group", concept="street_vendors", weight=0.5, about=1, is_primary=1, count=2,
        evidence=evidence)  # fmt: skip
    add("untagged", document_id="d2", tagger_version="1", outcome="timed_out",
        reason="Tagging took longer than 60 seconds and was stopped (PUSHCART_TAG_SECONDS_MAX).")  # fmt: skip
    add("changes", sequence=4, document_id="d1", kind="added")
    failures = [{"url": "https://x.example/a", "reason": "The server answered 404 (not found).", "referrer": "r"}]
    report = {"source": "office", "started": AT.replace(" ", "T"), "ended": AT.replace(" ", "T"), "state": "finished",
              "words": "Brought 0 files.", "failures": failures, "skipped_by": {"kind: video": 3, "who knows": 1},
              "since": None}  # fmt: skip
    add("runs", id=1, source="office", started=AT, report=report)


@pytest.mark.usefixtures("old")
def test_everything_stored_comes_forward_as_types(settings: Settings) -> None:
    with open_store(settings) as store:
        by_reason = [store.readings.get(f"{number:064x}") for number in (0, 1, 2498)]
        assert [each and each.reason for each in by_reason] == [
            Failure(FailureKind.LOCKED), None, Failure(FailureKind.LOCKED),
        ]  # fmt: skip
        files = [store.files.get("office", f"https://x.example/{number}") for number in (0, 1)]
        assert [each and each.gone_reason for each in files] == [Failure(FailureKind.NO_LONGER_LISTED), None]
        (untagged,) = store.queue.failures()
        assert untagged.fault.reason == Failure.of(FailureKind.TAGGING_TIMED_OUT, seconds=60.0)
        (tag,) = store.documents.get("d1").tags
        assert [each.rule for each in tag.evidence] == [
            Rule(RuleKind.TERM, "street vendor", Zone.TITLE), Rule(RuleKind.NAME, "Peru"),
        ]  # fmt: skip
        (run,) = store.runs.newest("office")
        assert run.failures[0].reason == Failure.of(FailureKind.HTTP_STATUS, status=404)
        assert run.skipped_by == {Skip(SkipKind.IGNORED_KIND, "video"): 3, Skip(SkipKind.OTHER, "who knows"): 1}
        assert run.verdict == Verdict(VerdictKind.AS_EXPECTED)
        assert told(run) == "Found 0 files."
        assert store.status().last_sequence == 4
        assert store.queue.documents_to_tag(store.queue.ready()) == ()


def test_a_migration_that_is_stopped_leaves_the_old_database(old: sa.Engine, settings: Settings) -> None:
    with old.connect() as connection:
        connection.exec_driver_sql("UPDATE tags SET evidence = '[[0, 1]'")  # no JSON: the last step fails
        connection.commit()
        before = connection.exec_driver_sql("SELECT sha256, reason FROM readings").all()
    with pytest.raises(ValueError):
        open_store(settings)
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT sha256, reason FROM readings").all() == before
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == OLD
