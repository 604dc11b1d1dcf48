"""What workers give back is JSON about exactly what they were given, and nothing else is taken."""

from __future__ import annotations

import pickle

import pytest

from corpus.reasons import Failure, FailureKind
from corpus.store import TaggingFault
from corpus.types import Outcome, Page, Reading
from nlp.making import Made
from nlp.making_messages import DocumentTask
from pushcart.cluster_messages import made_of, pack_made, pack_readings, readings_of
from tests.builders import A_DAY, make_document, make_fetched, make_tag, offered, sha256_of

PAGES = (Page(1, "Street vendors in Lima."), Page(2, ""))
ONE = Reading(
    sha256_of("one"),
    Outcome.READ,
    pages=PAGES,
    page_total=2,
    engine="pdfminer.six",
    seconds=0.5,
    evidence={"title": (offered("Waste pickers", "file:info"),)},
    page_engines={"pdfminer.six": ((1, 1),), "pypdfium2": ((2, 2),)},
    unreadable_pages=((2, 2),),
)
BROKEN = Reading(sha256_of("two"), Outcome.BROKEN, reason=Failure.of(FailureKind.TAGGER_FAILED, error="damaged"))
TASK = DocumentTask(id="d1", copies=(make_fetched(),), reading=ONE, work="d1", first_seen=A_DAY)
OTHER = DocumentTask(id="d2", copies=(make_fetched(),), reading=BROKEN, work="d2", first_seen=A_DAY)
DOCUMENT = make_document(
    "d1", pages=tuple(page.text for page in PAGES), tags=(make_tag("country", "PER", primary=True),)
)
FAULT = TaggingFault(Outcome.BROKEN, Failure.of(FailureKind.TAGGER_FAILED, error="no memory"))


def test_readings_come_back_equal():
    assert readings_of(pack_readings([ONE, BROKEN]), [BROKEN.sha256, ONE.sha256]) == [ONE, BROKEN]


def test_documents_come_back_equal_with_the_pages_that_were_here():
    made = [Made("d1", DOCUMENT), Made("d2", None, FAULT)]
    message = pack_made(made)
    assert b"Street vendors in Lima." not in message
    assert made_of(message, [OTHER, TASK]) == made


NOT_ANSWERS = {
    "a pickle": pickle.dumps([ONE]),
    "an object": [ONE],
    "text": pack_readings([ONE]).decode(),
    "nothing": b"",
    "None": None,
    "no list": b"{}",
    "half": pack_readings([ONE])[:-20],
    "an empty list": pack_readings([]),
    "another file": pack_readings([BROKEN]),
    "one twice": pack_readings([ONE, ONE]),
    "one too many": pack_readings([ONE, BROKEN]),
    "no hash": pack_readings([ONE]).replace(ONE.sha256.encode(), b"../../etc/passwd"),
    "a page too few": pack_readings([ONE]).replace(b'"number":1', b'"number":2'),
    "an unknown outcome": pack_readings([ONE]).replace(b'"read"', b'"splendid"'),
    "a letter for a number": pack_readings([ONE]).replace(b'"page_total":2', b'"page_total":"many"'),
}


@pytest.mark.parametrize("name", NOT_ANSWERS)
def test_what_is_no_answer_about_the_files_is_refused(name):
    with pytest.raises(ValueError):
        readings_of(NOT_ANSWERS[name], [ONE.sha256])


NOT_MADE = {
    "a pickle": pickle.dumps([Made("d1", DOCUMENT)]),
    "an object": [Made("d1", DOCUMENT)],
    "readings": pack_readings([ONE]),
    "another document": pack_made([Made("d3", make_document("d3"))]),
    "the document of another": pack_made([Made("d1", make_document("d3"))]),
    "one twice": pack_made([Made("d1", DOCUMENT), Made("d1", None, FAULT)]),
    "none": pack_made([]),
}


@pytest.mark.parametrize("name", NOT_MADE)
def test_what_is_no_answer_about_the_documents_is_refused(name):
    with pytest.raises(ValueError):
        made_of(NOT_MADE[name], [TASK])
