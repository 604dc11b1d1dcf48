"""Correcting a document on its page, and taking it back there and on the audit log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from corpus.store import Store
from corpus.types import Document, Facet
from tests.builders import make_document, make_tag
from tests.curation.asking import Asker, shown

Anybody = Callable[..., Asker]


@pytest.fixture
def somebody(asker: Anybody, person: tuple[str, str]) -> Asker:
    """Return somebody who is signed in."""
    found = asker()
    assert found.sign_in(person[1]).status_code == 303
    return found


@pytest.fixture
def document(records: Store) -> Iterator[Document]:
    """Return a document with a tag that it is about and one that it mentions, without corrections."""
    tags = (make_tag("group", "street_vendors"), make_tag("country", "PER", about=False, weight=0.1))
    held = make_document("d0", source="wiego", title="Vendors, part 0", tags=tags)
    records.documents.save(held)
    yield held
    for each in reversed(records.corrections.of("d0")):
        records.corrections.undo(each.id)


def correct(somebody: Asker, *, said: str, reason: str = "I read it.", **fields: str) -> str:
    """Send a form of the page of the document, and return its page afterwards."""
    word = somebody.word("/documents/d0")
    answer = somebody.submit("/documents/d0/corrections", form_word=word, said=said, reason=reason, **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/documents/d0#corrections"), answer.text
    return shown(somebody.get("/documents/d0"))


def tags_of(records: Store, *, about: bool = True) -> set[str]:
    return {f"{tag.facet}:{tag.concept}" for tag in records.documents.get("d0").tags if tag.about is about}


@pytest.mark.usefixtures("document")
def test_strangers_see_what_is_corrected_and_no_form(asker: Anybody, somebody: Asker) -> None:
    correct(somebody, said="add", tag="topic:taxation")
    correct(somebody, said="date", value="2019-05")
    page = asker().get("/documents/d0")
    assert "Added by a person." in shown(page)
    assert "0 places" not in shown(page)
    assert "2019-05 corrected by a person" in shown(page)
    assert '<form class="entry"' not in page.text
    assert "I read it." not in page.text


@pytest.mark.usefixtures("document")
def test_a_wrong_tag_is_rejected_where_it_stands(somebody: Asker, records: Store) -> None:
    page = somebody.get("/documents/d0").text
    assert '<input type="hidden" name="tag" value="group:street_vendors">' in page
    assert "rejected a tag" in correct(somebody, said="reject", tag="group:street_vendors")
    assert tags_of(records) == set()
    assert "/search?group=street_vendors" not in somebody.get("/documents/d0").text


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize(
    ("said", "tag", "about", "mentions"),
    [
        ("accept", "country:PER", {"group:street_vendors"}, {"country:PER"}),
        ("about", "country:PER", {"group:street_vendors", "country:PER"}, set()),
        ("mention", "group:street_vendors", set(), {"country:PER", "group:street_vendors"}),
        ("add", "Taxation", {"group:street_vendors", "topic:taxation"}, {"country:PER"}),
        ("add-mention", "topic:taxation", {"group:street_vendors"}, {"country:PER", "topic:taxation"}),
    ],
)
def test_what_is_said_of_a_tag_is_what_it_is_afterwards(
    somebody: Asker, records: Store, said: str, tag: str, about: set[str], mentions: set[str]
) -> None:
    correct(somebody, said=said, tag=tag)
    assert (tags_of(records), tags_of(records, about=False)) == (about, mentions)


@pytest.mark.usefixtures("document")
def test_fields_are_corrected_one_value_on_a_line(somebody: Asker, records: Store) -> None:
    correct(somebody, said="title", value="Vendors of Puno")
    correct(somebody, said="authors", value="Quispe, Rosa\r\n\r\nAwa Ndiaye\r\n")
    correct(somebody, said="country", value="Bolivia\r\nPER")
    held = records.documents.get("d0")
    assert (held.title, held.authors) == ("Vendors of Puno", ("Quispe, Rosa", "Awa Ndiaye"))
    assert [tag.concept for tag in held.tags_of(Facet.COUNTRY) if tag.about] == ["BOL", "PER"]
    page = somebody.get("/documents/d0").text
    assert ">Quispe, Rosa\nAwa Ndiaye</textarea>" in page


@pytest.mark.usefixtures("document")
def test_a_correction_is_taken_back_on_the_page_and_on_the_audit_log(somebody: Asker, records: Store) -> None:
    correct(somebody, said="reject", tag="group:street_vendors")
    page = correct(somebody, said="title", value="Another title")
    assert "Undo the last correction" in page
    title, tag = reversed(records.corrections.of("d0"))
    word, back = somebody.word("/documents/d0"), "/documents/d0#corrections"
    answer = somebody.submit(f"/corrections/{title.id}/undo", form_word=word, reason="No.", next=back)
    assert answer.headers["location"] == back
    assert records.documents.get("d0").title == "Vendors, part 0"
    log = somebody.get("/audit?document=d0")
    assert "corrected the title" in shown(log)
    assert "from Vendors, part 0 to Another title" in shown(log)
    assert f'action="/corrections/{tag.id}/undo"' in log.text
    assert f'action="/corrections/{title.id}/undo"' not in log.text
    somebody.submit(f"/corrections/{tag.id}/undo", form_word=somebody.word(), reason="No.")
    assert tags_of(records) == {"group:street_vendors"}


@pytest.mark.usefixtures("document")
def test_of_two_corrections_the_page_says_which_one_counts(somebody: Asker) -> None:
    correct(somebody, said="title", value="First")
    page = correct(somebody, said="title", value="Second")
    assert "First (corrected the title; replaced by a later correction)" in page
    assert "Second (corrected the title)" in page


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"said": "rename"}, 422),
        ({"said": ""}, 422),
        ({"tag": "group:waste_pickers"}, 404),
        ({"reason": ""}, 422),
        ({"said": "date", "value": "yesterday"}, 422),
        ({"said": "title", "value": ""}, 422),
        ({"form_word": ""}, 403),
    ],
)
def test_a_form_that_cannot_be_understood_corrects_nothing_and_leads_back(
    somebody: Asker, records: Store, fields: dict[str, str], status: int
) -> None:
    sent = {"form_word": somebody.word("/documents/d0"), "said": "reject", "tag": "group:street_vendors"}
    headers = {"Origin": somebody.origin, "Referer": f"{somebody.origin}/documents/d0"}
    data = sent | {"reason": "I read it."} | fields
    answer = somebody.post("/documents/d0/corrections", data=data, headers=headers)
    assert answer.status_code == status
    assert '<a href="/documents/d0">Back</a>' in answer.text
    assert records.corrections.of("d0") == ()


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("path", ["/documents/d0/corrections", "/corrections/1/undo"])
def test_strangers_and_other_sites_correct_nothing(asker: Anybody, somebody: Asker, records: Store, path: str) -> None:
    before = records.audit.newest(limit=1)
    fields = {"form_word": somebody.word(), "said": "reject", "tag": "group:street_vendors", "reason": "Why not."}
    assert asker().submit(path, **fields).status_code == 401
    assert somebody.submit(path, origin="https://evil.example", **fields).status_code == 403
    assert somebody.get(path).status_code in (404, 405)
    assert records.audit.newest(limit=1) == before


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("text", ["<script>alert('why')</script>", '"><img src=x>', "\u202efdp.exe"])
def test_what_somebody_writes_is_shown_as_text(somebody: Asker, text: str) -> None:
    correct(somebody, said="title", value=text, reason=text)
    for path in ("/documents/d0", "/audit"):
        assert text not in somebody.get(path).text


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
def test_the_forms_speak_the_language_of_the_reader(somebody: Asker, lang: str) -> None:
    english = shown(somebody.get("/documents/d0"))
    other = shown(somebody.get(f"/documents/d0?locale={lang}"))
    for words in ("Correct this document", "It is wrong", "It is missing", "Its name, or facet and id"):
        assert words in english
        assert words not in other
