"""Joining and splitting on the page of a document, and taking it back there and on the audit log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.audit import AuditAction, AuditEntry
from corpus.store import Store
from tests.builders import A_DAY
from tests.curation.asking import Asker, shown
from tests.curation.conftest import OPERATOR

Anybody = Callable[..., Asker]


@pytest.fixture
def somebody(asker: Anybody, person: tuple[str, str]) -> Asker:
    """Return somebody who is signed in."""
    found = asker()
    assert found.sign_in(person[1]).status_code == 303
    return found


def decide(somebody: Asker, first: str, second: str, *, said: str = "translation", reason: str = "The same.") -> str:
    """Send the form of the page of a document, and return its page afterwards."""
    word = somebody.word(f"/documents/{first}")
    answer = somebody.submit(f"/documents/{first}/decisions", form_word=word, other=second, said=said, reason=reason)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{first}#curated"), answer.text
    return somebody.get(f"/documents/{first}").text


def test_strangers_see_no_form(asker: Anybody) -> None:
    assert '<form class="entry"' not in asker().get("/documents/d0").text


def test_a_document_is_joined_with_another_by_the_address_of_its_page(somebody: Asker, records: Store) -> None:
    page = decide(somebody, "d0", "https://pushcart.example/documents/d1?q=vendors")
    assert "Vendors, part 1" in page
    assert "(translation)" in page
    assert records.documents.get("d0").fold == records.documents.get("d1").fold != ""


@pytest.mark.parametrize(("said", "whole"), [("extract", "d2"), ("whole", "d3")])
def test_the_form_says_which_of_two_stands_within_the_other(
    somebody: Asker, records: Store, said: str, whole: str
) -> None:
    decide(somebody, "d2", "d3", said=said)
    assert records.relations.decisions("d2")[-1].first == whole


def test_a_joined_document_is_split_and_that_is_taken_back(somebody: Asker, records: Store) -> None:
    decide(somebody, "d4", "d5", said="copy")
    decide(somebody, "d4", "d5", said="split", reason="Two years of one series.")
    assert records.documents.get("d4").fold == ""
    decision = records.relations.decisions("d4")[-1]
    word = somebody.word("/documents/d4")
    answer = somebody.submit(
        f"/works/decisions/{decision.id}/undo", form_word=word, reason="They are one.", next="/documents/d4#curated"
    )
    assert answer.headers["location"] == "/documents/d4#curated"
    assert records.documents.get("d4").fold == records.documents.get("d5").fold != ""


def test_the_audit_log_shows_what_was_done_and_takes_it_back(somebody: Asker, records: Store) -> None:
    decide(somebody, "d6", "d7", reason="Tables agree.")
    decision = records.relations.decisions("d6")[-1]
    page = somebody.get("/audit?document=d6")
    assert "joined two documents (translations of one text)" in shown(page)
    assert "Tables agree." in shown(page)
    assert f'action="/works/decisions/{decision.id}/undo"' in page.text
    answer = somebody.submit(f"/works/decisions/{decision.id}/undo", form_word=somebody.word(), reason="They do not.")
    assert answer.headers["location"] == "/audit"
    page = somebody.get("/audit?document=d6")
    assert "Undone by no." in shown(page)
    assert f'action="/works/decisions/{decision.id}/undo"' not in page.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"other": "nothing"}, 404),
        ({"other": ""}, 404),
        ({"other": "d1"}, 422),
        ({"said": "cousin"}, 422),
        ({"said": ""}, 422),
        ({"reason": ""}, 422),
        ({"reason": " \n "}, 422),
        ({"reason": "a" * 1001}, 422),
        ({"form_word": ""}, 403),
    ],
)
def test_a_form_that_cannot_be_understood_decides_nothing_and_leads_back(
    somebody: Asker, records: Store, fields: dict[str, str], status: int
) -> None:
    before = records.relations.decisions("d1")
    sent = {"form_word": somebody.word("/documents/d1"), "other": "d2", "said": "copy", "reason": "Why not."} | fields
    headers = {"Origin": somebody.origin, "Referer": f"{somebody.origin}/documents/d1"}
    answer = somebody.post("/documents/d1/decisions", data=sent, headers=headers)
    assert answer.status_code == status
    assert '<a href="/documents/d1">Back</a>' in answer.text
    assert records.relations.decisions("d1") == before


@pytest.mark.parametrize("path", ["/documents/d1/decisions", "/works/decisions/1/undo"])
def test_strangers_and_other_sites_decide_nothing(asker: Anybody, somebody: Asker, records: Store, path: str) -> None:
    before = records.audit.newest(limit=1)
    fields = {"form_word": somebody.word(), "other": "d2", "said": "copy", "reason": "Why not."}
    assert asker().submit(path, **fields).status_code == 401
    assert somebody.submit(path, origin="https://evil.example", **fields).status_code == 403
    assert somebody.submit(path, origin=None, **fields).status_code == 403
    assert somebody.get(path).status_code in (404, 405)
    assert records.audit.newest(limit=1) == before


@pytest.mark.parametrize("reason", ["<script>alert('why')</script>", "'); DROP TABLE decisions;--", '"><img src=x>'])
def test_a_reason_is_shown_as_text(somebody: Asker, reason: str, records: Store) -> None:
    page = decide(somebody, "d1", "d7", said="part", reason=reason)
    assert reason not in page
    assert reason not in somebody.get("/audit").text
    assert reason in shown(somebody.get("/audit"))
    undone = records.relations.decisions("d1")[-1]
    somebody.submit(f"/works/decisions/{undone.id}/undo", form_word=somebody.word(), reason=reason)


def test_a_document_that_is_gone_is_named_by_its_id_in_the_audit_log(somebody: Asker, records: Store) -> None:
    document = records.documents.get("d3")
    decide(somebody, "d3", "d7", said="split")
    records.documents.remove("d3")
    page = somebody.get("/audit?document=d3")
    records.documents.save(document)
    assert "d3 no longer here" in shown(page)
    assert 'href="/documents/d3"' not in page.text


def test_older_entries_are_a_page_away(somebody: Asker, records: Store) -> None:
    for number in range(55):
        entry = AuditEntry(OPERATOR, AuditAction.WORKS_SPLIT, A_DAY, document="d0", reason=f"No. {number}.")
        records.audit.append(entry)
    page = somebody.get("/audit?document=d0")
    older = page.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert older.startswith("/audit?document=d0&before=")
    assert "No. 0." in shown(somebody.get(older))
    assert "No. 54." not in shown(somebody.get(older))


@pytest.mark.parametrize(
    "address",
    ["/audit?before=x", "/audit?before=99999999999999999999", "/audit?document=%00", "/audit?document=%3Cb%3E"],
)
def test_an_address_of_the_log_that_makes_no_sense_is_answered(somebody: Asker, address: str) -> None:
    answer = somebody.get(address)
    assert answer.status_code == 200
    assert "<b>" not in answer.text
