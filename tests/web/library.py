"""A small library made by hand, kept in the real store and found through the real index; some of it is hostile."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from corpus.files import open_files
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, FetchedFile, Outcome, Reading
from corpus.urls import document_id
from corpus.vocabulary import load_vocabulary
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import A_DAY, make_document, make_fetched, make_source, make_tag
from tests.web.files import pdf_of
from tests.web.histories import changed_file, declare_sources, keep_history

PUBLIC_URL = "https://pushcart.example"
BAD_TITLE = 'Vendors <script>alert("title")</script> & "markets"'
TURNING_TITLE = "Ledger folio \u202efdp.exe"
ARABIC_TITLE = "الباعة المتجولون في القاهرة"
OWN_URL = "file:///home/somebody/notes.pdf"
OWN_CONTENT = b"%PDF-1.4 my own notes"
OWN_ID = document_id("own", hashlib.sha256(OWN_CONTENT).hexdigest())
A_TABLE = "Group            Men      Women\nVendors          41.5     58.5\nWaste pickers    72.0     28.0"


def library() -> tuple[Document, ...]:
    """Return the documents, first seen first."""
    lima = make_document(
        "dlima",
        source="wiego",
        title="Comercio ambulante en Lima: quiénes son y cuánto ganan",
        lang="es",
        authors=("Rosa Quispe", "Instituto Nacional de Estadística"),
        publisher="WIEGO",
        published="2019-05",
        type="working_paper",
        identifiers={"doi": "10.1000/182"},
        abstract="Cuántos vendedores ambulantes hay en Lima y qué protección social tienen.",
        pages=(
            "Resumen del estudio.",
            "Los vendedores ambulantes de Lima trabajan sin protección social.",
            "Anexo metodológico.",
            "Las organizaciones de vendedores ambulantes proponen un aporte diario.",
        ),
        tags=(
            make_tag("country", "PER", primary=True),
            make_tag("group", "street_vendors"),
            make_tag("country", "COL", about=False, weight=0.1),
            make_tag("region", "419"),
        ),
    )
    accra = make_document(
        "daccra",
        source="wiego",
        title="Street vendors and social protection in Accra",
        publisher="WIEGO",
        published="2021",
        landing_url="https://example.org/accra",
        pages=("Street vendors in Accra.", f"Shares by group.\n\n{A_TABLE}"),
        tags=(make_tag("country", "GHA", primary=True), make_tag("group", "street_vendors"), make_tag("region", "202")),
    )
    hostile = make_document(
        "dhostile",
        source="wiego",
        title=BAD_TITLE,
        url="javascript:alert(1)",
        landing_url="javascript:alert(2)",
        publisher='<img src=x onerror="alert(3)">',
        authors=("<b>Nobody</b>",),
        abstract="<script>alert('abstract')</script>",
        pages=("<script>alert('page')</script> hostileword & <b>bold</b>",),
    )
    turning = make_document("dturning", source="wiego", title=TURNING_TITLE, pages=("turningword here",))
    arabic = make_document("darabic", source="wiego", title=ARABIC_TITLE, lang="ar", pages=("الباعة المتجولون",))
    scanned = make_document("dscanned", source="wiego", title="A scanned decree", pages=())
    own = make_document(OWN_ID, source="own", title="My own notes", url=OWN_URL)
    web_page = make_document(
        "dpage", source="own", title="A saved page", url="file:///home/somebody/a.html", content_type="text/html"
    )
    sample = make_document("dsample", title="A sample brief on markets", is_sample=True, pages=("Sample markets.",))
    many = (make_document(f"dmany{n:02}", source="wiego", title=f"Cooperative study {n}") for n in range(25))
    return (lima, accra, hostile, turning, arabic, scanned, own, web_page, sample, *many)


def fill(settings: Settings) -> None:
    """Keep the library where the settings say, and index it."""
    files = open_files(settings)
    declare_sources(settings)
    with open_store(settings) as store:
        for source in (
            make_source("wiego", name="WIEGO publications", homepage="https://example.org", languages=("en", "es")),
            make_source("own", name="My own documents", protocol="add"),
            make_source("sample", name="Sample publisher", is_sample=True),
            make_source("broken", name="Ministry of Nothing", homepage="javascript:alert(4)"),
        ):
            store.sources.save(source)
        _save_runs(store)
        keep_history(store)
        files.put(changed_file())
        for number, document in enumerate(library()):
            content = OWN_CONTENT if document.id == OWN_ID else pdf_of(document.id, pages=len(document.pages))
            if document.content_type == "text/html":
                content = b"<script>alert('original')</script>"
            keep(store, document, sha256=files.put(content), minutes=number)
    index(settings)


def keep(store: Store, document: Document, *, sha256: str, minutes: int = 0) -> None:
    """Save a document as a harvest, a reading and a tagging would."""
    fetched: FetchedFile = make_fetched(
        document.url, source=document.source, sha256=sha256, content_type=document.content_type
    )
    store.files.save(fetched)
    outcome = Outcome.READ if document.pages else Outcome.SCANNED
    reading = Reading(sha256, outcome, pages=document.pages, page_total=len(document.pages), engine="pdfminer.six")
    store.readings.save(reading, reader_version="1")
    store.documents.save(
        replace(document, sha256=sha256, first_seen=A_DAY + timedelta(minutes=minutes)), tagger_version="1"
    )


def index(settings: Settings) -> None:
    """Bring the index up to date, as `pushcart index` does in a process of its own."""
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        bring_up_to_date(engine, store)
    engine.close()


def settings_in(folder: Path) -> Settings:
    """Return settings whose data folder is `folder`, of a site that sends e-mails."""
    mail = {"smtp_host": "mail.example.org", "mail_from": "Pushcart <alerts@example.org>"}
    return Settings(data_dir=folder, public_url=PUBLIC_URL, follow_licences="never", **mail)


def _save_runs(store: Store) -> None:
    for days, (new, state, words) in enumerate(
        [(20, RunState.FINISHED, "Brought 20 documents."), (0, RunState.BROKEN, "Brought 0 of about 20: looks broken.")]
    ):
        started = A_DAY + timedelta(days=days)
        store.runs.save(
            HarvestRun(
                "broken", started, started + timedelta(minutes=3), state, Verdict.told(words), offered=new, new=new
            )
        )
