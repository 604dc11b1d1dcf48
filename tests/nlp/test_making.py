"""Documents made in processes that can be killed: whatever a text does to the tagger, it has an outcome."""

from __future__ import annotations

import dataclasses
import os
import time

import psutil
import pytest
from builders import A_DAY, make_fetched, offered, sha256_of
from told import told

from corpus.settings import Settings
from corpus.types import Outcome, Page, Reading
from nlp.making import DocumentPool, Made
from nlp.making_messages import DocumentTask, document_of, pack_document, pack_task, task_of

SENTENCE = "Street vendors in Lima, Peru, pay for the space in which they work. "


def task(name: str, *texts: str) -> DocumentTask:
    pages = tuple(Page(number, text) for number, text in enumerate(texts or (SENTENCE * 5,), start=1))
    said = {
        "title": (offered(f"Title of {name}", "sidecar"),),
        "lang": (offered("es", "sidecar"),),
    }
    return DocumentTask(
        id=name,
        copies=(make_fetched(f"https://example.org/{name}.pdf", evidence=said),),
        reading=Reading(sha256_of(name), Outcome.READ, pages=pages, engine="pdfminer.six"),
        work=name,
        first_seen=A_DAY,
    )


def made(*tasks: DocumentTask, settings: Settings) -> dict[str, Made]:
    with DocumentPool(settings) as pool:
        for each in tasks:
            pool.submit(each)
        found = [pool.take() for _ in tasks]
        assert not pool.ids
    return {each.id: each for each in found}


def test_a_document_comes_back_tagged_and_with_its_pages(settings: Settings) -> None:
    one = made(task("d1"), settings=settings)["d1"]
    assert one.fault is None
    assert one.document is not None
    assert {tag.concept for tag in one.document.tags} >= {"PER", "street_vendors"}
    assert one.document.pages == task("d1").reading.pages


def test_what_takes_too_long_is_made_without_tags_and_the_others_with(settings: Settings) -> None:
    short = dataclasses.replace(settings, tag_seconds_max=1.0, workers=1)
    # Linear, and simply long: forty times what is tagged in a second.
    long = task("long", *["Georgia " * 4_000] * 20)
    found = made(task("d1"), long, task("d2"), settings=short)
    stopped = found["long"]
    assert stopped.fault is not None
    assert stopped.fault.outcome is Outcome.TIMED_OUT
    assert "Tagging took longer than 1 seconds" in told(stopped.fault.reason)
    assert stopped.document is not None
    assert (stopped.document.title, stopped.document.lang, stopped.document.tags) == ("Title of long", "es", ())
    assert stopped.document.pages == long.reading.pages
    assert [bool(found[name].fault) for name in ("d1", "d2")] == [False, False]


def test_a_tagging_process_that_is_killed_costs_one_document_its_tags(settings: Settings) -> None:
    alone = dataclasses.replace(settings, workers=1)
    others = set(psutil.Process(os.getpid()).children())  # servers of other tests in this process
    with DocumentPool(alone) as pool:
        pool.submit(task("d1"))
        assert pool.take().fault is None
        pool.submit(task("long", *["Georgia " * 4_000] * 10))
        time.sleep(0.3)
        (child,) = [
            each
            for server in psutil.Process(os.getpid()).children()
            if server not in others
            for each in (server.children() or [server])
        ]
        child.kill()
        killed = pool.take()
        pool.submit(task("d2"))
        assert pool.take().fault is None
    assert killed.fault is not None
    assert killed.fault.outcome is Outcome.OUT_OF_MEMORY  # that is who kills: the system's own guard of memory
    assert killed.document is not None


def test_tasks_and_documents_pass_unchanged() -> None:
    asked = task("d1", "A page.", "Another.")
    assert task_of(pack_task(asked)) == asked
    from builders import make_document, make_tag

    document = make_document("d1", tags=(make_tag("group", "street_vendors"),), identifiers={"doi": "10.1/x"})
    back = document_of(pack_document(document), asked)
    assert dataclasses.replace(back, pages=()) == dataclasses.replace(document, pages=())
    assert back.pages == asked.reading.pages
    with pytest.raises(ValueError, match="another document"):
        document_of(pack_document(document), task("d2"))
