"""A source with a long history, some of it hostile: runs of every kind, changed, gone and unreadable files, contradictions."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import FAILURES_KEPT, HarvestRun, RunFailure, RunState
from corpus.settings import Settings
from corpus.store import Store
from corpus.types import Document, Outcome, Page, Reading
from corpus.urls import document_id
from search_api.api.run_names import run_name
from tests.builders import A_DAY, make_document, make_fetched, make_source, offered, sha256_of
from tests.web.files import pdf_of

CHANGED_URL = "https://office.example/files/survey-2024.pdf"
CHANGED_ID = document_id("office", CHANGED_URL)
LONG_ADDRESS = f"https://office.example/calendar/{'2024/12/' * 250}"
HOSTILE_REASON = '<img src=x onerror="alert(9)"> \u202egnp.exe'
FAILURES = (
    RunFailure("javascript:alert(7)", Failure.told("This is not a web address."), "https://office.example/list"),
    RunFailure(
        'https://office.example/"><script>alert(8)</script>', Failure.told(HOSTILE_REASON), "javascript:alert(8)"
    ),
    RunFailure(LONG_ADDRESS, Failure.told("The answer ended before its end."), LONG_ADDRESS),
    RunFailure("https://office.example/b.pdf", Failure.told("The server answered 404 (not found).")),
)
RUNS = 34
"""More than one stretch of the page of a source."""
_STATES = {
    8: (RunState.PAUSED, "The budget of 50 requests is used up. Found 12 files. The next run continues."),
    9: (RunState.INTERRUPTED, "Stopped before the end. Found 3 files. The next run continues."),
    12: (RunState.CRASHED, "An error of ours ended it."),
}
_FILE = """
slug = "{slug}"
name = "{name}"
homepage = "https://{slug}.example"
country = "ZAF"
languages = ["en"]
protocol = "feed"
start = ["https://{slug}.example/feed"]
verified = {verified}
note = "{note}"

[expect]
documents_per_run = {{ at_least = 30 }}

[schedule]
every_days = 14
"""


def last_run_address() -> str:
    """Return the address of the page of the newest run, which is broken and hostile."""
    return f"/sources/office/runs/{run_name(_started(RUNS - 1))}"


def declare_sources(settings: Settings) -> None:
    """Write source files: of the source with a history, of one never harvested, and of one that nobody tried."""
    folder = settings.data_dir / "sources"
    folder.mkdir(parents=True)
    for slug, name, verified, note in (
        ("office", "A Statistics Office", "true", "Its list moves every January."),
        ("planned", "A Planned Source", "true", ""),
        ("guessed", "A Guessed <b>Source</b>", "false", ""),
    ):
        text = _FILE.format(slug=slug, name=name, verified=verified, note=note)
        (folder / f"{slug}.toml").write_text(text, encoding="utf-8")


def keep_history(store: Store) -> None:
    """Keep the source, its runs and its files."""
    store.sources.save(make_source("office", name="A Statistics Office", protocol="feed", country="ZAF"))
    for number in range(RUNS - 1):
        store.runs.save(_plain_run(number))
    store.runs.save(_broken_run())
    _keep_files(store)


def changed_file() -> bytes:
    """Return the bytes of that document as they are now."""
    return pdf_of(CHANGED_ID, pages=3)


def changed_document() -> Document:
    """Return a document whose file changed, is gone, and of which places say different things."""
    return make_document(
        CHANGED_ID,
        sha256=hashlib.sha256(changed_file()).hexdigest(),
        source="office",
        url=CHANGED_URL,
        title="Survey of street trade 2024",
        landing_url="https://office.example/survey",
        pages=("Street trade was surveyed in 2024.", "", "Tables of street trade."),
        evidence={
            "title": (
                offered("Survey of street trade 2024", "record:oai_dc"),
                offered("Quarterly budget of the ministry <script>", "file:info"),
            ),
            "author": (
                offered("Ama Mensah", "record:oai_dc"),
                offered("Kofi Boateng", "landing:citation_author"),
            ),
            "date": (
                offered("2024-05-03", "landing:citation_publication_date"),
                offered("2024", "record:oai_dc"),
            ),
        },
    )


def _started(number: int) -> Any:
    return A_DAY - timedelta(days=14 * (RUNS - number), microseconds=-123456)


def _plain_run(number: int) -> HarvestRun:
    started = _started(number)
    state, words = _STATES.get(number, (RunState.FINISHED, f"Brought {30 + number} files: {number} new."))
    new = 30 if not number else number % 5
    return HarvestRun(
        "office",
        started,
        started + timedelta(minutes=4),
        state,
        Verdict.told(words),
        offered=31 + number + new,
        new=new,
        unchanged=30 + number,
        failed=1,
        expected=30,
        announced=40 + number,
        records=40 + number,
        held=31 + number,
        listings=2,
        requests=90,
        bytes=123456,
        is_complete=state is RunState.FINISHED,
        since=started - timedelta(days=14) if number % 3 else None,
    )


def _broken_run() -> HarvestRun:
    started = _started(RUNS - 1)
    failures = FAILURES + (FAILURES[-1],) * (FAILURES_KEPT - len(FAILURES))
    return HarvestRun(
        "office",
        started,
        started + timedelta(minutes=9),
        RunState.BROKEN,
        Verdict.of(VerdictKind.TOO_FEW, at_least=30),
        offered=240,
        new=1,
        changed=1,
        unchanged=1,
        gone=1,
        refused=6,
        failed=230,
        skipped=12,
        skipped_by={Skip(SkipKind.IGNORED_KIND, "video"): 9, Skip(SkipKind.OTHER, "address <b>denied</b>"): 3},
        unlisted=2,
        expected=30,
        held=61,
        listings=1,
        requests=300,
        bytes=5_432_100,
        failures=failures,
    )


def _keep_files(store: Store) -> None:
    document, first = changed_document(), sha256_of("the first version")
    described = {"source": "office", "record": "oai:office.example:7", "landing_url": document.landing_url}
    store.files.save(make_fetched(CHANGED_URL, sha256=first, fetched_at=A_DAY - timedelta(days=90), **described))
    store.files.save(make_fetched(CHANGED_URL, sha256=document.sha256, fetched_at=A_DAY, **described))
    cut = Reading(document.sha256, Outcome.TOO_LARGE, Failure.of(FailureKind.MORE_PAGES, limit=7), document.pages, 9)
    store.readings.save(cut, reader_version="1")
    gone_at = A_DAY + timedelta(days=3)
    store.files.mark_gone(
        "office", CHANGED_URL, at=gone_at, reason=Failure.told("The server answered 404 (not found).")
    )
    store.documents.save(document, tagger_version="1")
    for name, outcome in (("locked", Outcome.ENCRYPTED), ("torn", Outcome.BROKEN), ("plain", Outcome.READ)):
        file = make_fetched(f"https://office.example/{name}.pdf?<i>", source="office")
        store.files.save(file)
        pages = (Page(1, "Plain."),) if outcome is Outcome.READ else ()
        reason = None if outcome is Outcome.READ else Failure.told("It cannot be opened <b>at all</b>.")
        store.readings.save(Reading(file.sha256, outcome, reason, pages), reader_version="1")
