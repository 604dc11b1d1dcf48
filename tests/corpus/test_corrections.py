"""A document as corrections leave it, and the store that puts them on it whenever it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from corpus.corrections import BY_PERSON, Correction, CorrectionKind, corrected
from corpus.errors import NotFound
from corpus.metadata import disagreements
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.tag_rules import RuleKind
from corpus.types import ChangeKind, Document, Facet
from tests.builders import A_DAY, make_document, make_source, make_tag, offered
from tests.corpus.older_database import migrate_once_more, take_back

ACCEPT, REJECT, ADD = CorrectionKind.ACCEPT, CorrectionKind.REJECT, CorrectionKind.ADD


def of_tag(kind: CorrectionKind, tag: str, *, number: int = 1, **others: Any) -> Correction:
    facet, _, concept = tag.partition(":")
    at = A_DAY + timedelta(minutes=number)
    return Correction(
        kind, "d1", "Ana", "Because.", at, facet=Facet(facet), concept=concept, **({"id": number} | others)
    )


def of_field(kind: CorrectionKind, *values: str, number: int = 1) -> Correction:
    return Correction(kind, "d1", "Ana", "Because.", A_DAY, values=values, id=number)


def made(**others: Any) -> Document:
    """Return a document as the tagger made it."""
    tags = (
        make_tag("country", "PER", primary=True, weight=0.6),
        make_tag("country", "BOL", weight=0.3),
        make_tag("country", "COL", weight=0.1, about=False),
        make_tag("group", "street_vendors", primary=True, places=((1, 3),)),
    )
    evidence = {
        "title": (offered("Found title", "landing:citation_title"),),
        "author": (offered("Found Author", "record:oai_dc"),),
        "date": (offered("2001", "sidecar"),),
    }
    given = {"tags": tags, "evidence": evidence, "title": "Found title", "authors": ("Found Author",)}
    return make_document("d1", **({"published": "2001"} | given | others))


def named(document: Document, *, about: bool | None = None) -> set[str]:
    return {f"{tag.facet}:{tag.concept}" for tag in document.tags if about is None or tag.about is about}


def primary(document: Document, facet: Facet = Facet.COUNTRY) -> list[str]:
    return [tag.concept for tag in document.tags_of(facet) if tag.primary]


# ---------------------------------------------------------------------- pure


def test_without_corrections_it_is_the_same_document() -> None:
    document = made()
    assert corrected(document, ()) is document


def test_a_rejected_tag_goes_and_all_others_stay() -> None:
    document = corrected(made(), [of_tag(REJECT, "country:COL")])
    assert named(document) == named(made()) - {"country:COL"}


def test_where_the_primary_country_is_rejected_the_next_one_is_primary() -> None:
    assert primary(corrected(made(), [of_tag(REJECT, "country:PER")])) == ["BOL"]


def test_where_all_that_it_is_about_is_rejected_a_mention_does_not_become_primary() -> None:
    document = corrected(made(), [of_tag(REJECT, "country:PER"), of_tag(REJECT, "country:BOL", number=2)])
    assert primary(document) == []
    assert named(document) == {"country:COL", "group:street_vendors"}


@pytest.mark.parametrize("about", [True, False])
def test_an_added_tag_counts_as_the_person_says_and_says_so_instead_of_a_sentence(about: bool) -> None:
    document = corrected(made(), [of_tag(ADD, "group:waste_pickers", about=about)])
    (tag,) = [each for each in document.tags if each.concept == "waste_pickers"]
    assert (tag.about, tag.count, tag.primary) == (about, 0, False)
    (said,) = tag.evidence
    assert (said.sentence, said.rule.kind) == ("", RuleKind.ADDED)
    assert tag.places == ((0, 1),)


def test_an_accepted_tag_that_is_found_keeps_its_sentences() -> None:
    document = corrected(made(), [of_tag(ACCEPT, "group:street_vendors")])
    (tag,) = document.tags_of(Facet.GROUP)
    assert [each.rule.kind for each in tag.evidence] == [RuleKind.ACCEPTED, RuleKind.TERM]
    assert (tag.primary, tag.count, tag.places) == (True, 1, ((1, 3),))


def test_an_accepted_tag_stays_when_it_is_found_no_longer() -> None:
    document = corrected(made(tags=()), [of_tag(ACCEPT, "group:street_vendors")])
    assert named(document, about=True) == {"group:street_vendors"}
    assert primary(document, Facet.GROUP) == ["street_vendors"]


def test_a_tag_accepted_as_a_mention_is_one() -> None:
    document = corrected(made(), [of_tag(ACCEPT, "country:PER", about=False)])
    assert named(document, about=False) == {"country:PER", "country:COL"}
    assert primary(document) == ["BOL"]


def test_of_two_corrections_of_one_tag_the_later_one_counts() -> None:
    tag = "group:street_vendors"
    added, rejected = of_tag(ADD, tag, number=1), of_tag(REJECT, tag, number=2)
    assert tag not in named(corrected(made(), [added, rejected]))
    assert tag in named(corrected(made(), [rejected, replace(added, id=3)]))


def test_of_two_corrections_of_one_field_the_later_one_counts() -> None:
    titles = [of_field(CorrectionKind.TITLE, title, number=number) for number, title in enumerate(("One", "Two"), 1)]
    assert corrected(made(), titles).title == "Two"


@pytest.mark.parametrize(
    ("kind", "values", "field", "shown"),
    [
        (CorrectionKind.TITLE, ("Right title",), "title", "Right title"),
        (CorrectionKind.AUTHORS, ("Quispe, Rosa", "Awa Ndiaye"), "authors", ("Quispe, Rosa", "Awa Ndiaye")),
        (CorrectionKind.AUTHORS, (), "authors", ()),
        (CorrectionKind.DATE, ("2019-05",), "published", "2019-05"),
        (CorrectionKind.DATE, (), "published", ""),
    ],
)
def test_what_a_person_says_of_a_field_outranks_every_place(
    kind: CorrectionKind, values: tuple[str, ...], field: str, shown: object
) -> None:
    document = corrected(made(), [of_field(kind, *values)])
    assert getattr(document, field) == shown
    offers = document.evidence[{"authors": "author", "published": "date"}.get(field, field)]
    assert [each.value for each in offers if each.origin == BY_PERSON] == list(values or ("",))
    assert offers[0].origin == BY_PERSON
    assert offers[-1].value in ("Found title", "Found Author", "2001")
    assert disagreements(document.evidence) == ()


def test_the_countries_are_those_that_a_person_names_and_the_others_are_mentions() -> None:
    document = corrected(made(), [of_field(CorrectionKind.COUNTRY, "BOL", "KEN")])
    assert named(document, about=True) == {"country:BOL", "country:KEN", "group:street_vendors"}
    assert named(document, about=False) == {"country:PER", "country:COL"}
    assert primary(document) == ["BOL"]
    assert document.tags_of(Facet.COUNTRY)[0].concept == "BOL"


def test_a_document_can_be_about_no_country() -> None:
    document = corrected(made(), [of_field(CorrectionKind.COUNTRY)])
    assert {tag.about for tag in document.tags_of(Facet.COUNTRY)} == {False}


def test_of_a_country_rejected_and_named_as_the_country_the_later_counts() -> None:
    rejected, country = of_tag(REJECT, "country:PER"), of_field(CorrectionKind.COUNTRY, "PER", number=2)
    assert primary(corrected(made(), [rejected, country])) == ["PER"]
    assert "country:PER" not in named(corrected(made(), [country, replace(rejected, id=3)]))


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (CorrectionKind.TITLE, {"values": ("",)}),
        (CorrectionKind.TITLE, {"values": ("a", "b")}),
        (CorrectionKind.DATE, {"values": ("May 2019",)}),
        (CorrectionKind.ACCEPT, {}),
        (CorrectionKind.DATE, {"facet": Facet.GROUP, "concept": "x"}),
        (CorrectionKind.DATE, {"at": A_DAY.replace(tzinfo=None)}),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_when_it_is_made(
    kind: CorrectionKind, given: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):
        Correction(kind, "d1", "Ana", "Because.", **({"at": A_DAY} | given))


# ---------------------------------------------------------------------- in the store, on both databases


@pytest.fixture
def store(on_either: Settings) -> Iterator[Store]:
    with open_store(on_either) as opened:
        opened.sources.save(make_source())
        opened.documents.save(made(), tagger_version="1")
        yield opened


def test_a_correction_is_on_its_document_at_once_and_in_the_log_of_changes(store: Store) -> None:
    before = store.changes.last_sequence()
    kept = store.corrections.add(of_tag(REJECT, "group:street_vendors", id=0))
    assert kept.id == 1
    assert store.corrections.of("d1") == (kept,)
    assert "group:street_vendors" not in named(store.documents.get("d1"))
    (change,) = store.changes.after(before)
    assert (change.kind, change.document_id) == (ChangeKind.UPDATED, "d1")
    assert change.document is not None
    assert "group:street_vendors" not in named(change.document)


def test_what_is_undone_leaves_the_document_as_it_was_made(store: Store) -> None:
    before = store.documents.get("d1")
    given = (
        of_tag(REJECT, "country:PER"),
        of_tag(ADD, "topic:taxation"),
        of_field(CorrectionKind.TITLE, "Another"),
        of_field(CorrectionKind.AUTHORS),
        of_field(CorrectionKind.DATE, "2020"),
        of_field(CorrectionKind.COUNTRY, "KEN"),
    )
    kept = [store.corrections.add(each) for each in given]
    assert store.documents.get("d1").title == "Another"
    assert store.corrections.uncorrected(["d1", "d9"]) == {"d1": before}
    for each in kept:
        store.corrections.undo(each.id)
    assert store.documents.get("d1") == before
    assert _rows(store, "uncorrected") == 0


def _rows(store: Store, table: str) -> int:
    with store._database.reads() as connection:
        return int(connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_the_undoing_of_a_later_correction_lets_the_earlier_one_count_again(store: Store) -> None:
    store.corrections.add(of_field(CorrectionKind.TITLE, "First"))
    later = store.corrections.add(of_field(CorrectionKind.TITLE, "Second"))
    store.corrections.undo(later.id)
    assert store.documents.get("d1").title == "First"


def test_a_document_that_is_made_anew_is_corrected_anew(store: Store) -> None:
    store.corrections.add(of_tag(REJECT, "group:street_vendors"))
    accepted = store.corrections.add(of_tag(ACCEPT, "country:PER"))
    store.corrections.add(of_field(CorrectionKind.TITLE, "Right"))
    anew = made(title="Found anew", tags=(make_tag("group", "street_vendors"), make_tag("topic", "taxation")))
    store.documents.save(anew, tagger_version="2")
    document = store.documents.get("d1")
    assert (document.title, named(document)) == ("Right", {"country:PER", "topic:taxation"})
    assert [each.value for each in document.evidence["title"]] == ["Right", "Found title"]
    store.corrections.undo(accepted.id)
    assert named(store.documents.get("d1")) == {"topic:taxation"}


def test_a_correction_of_a_document_that_is_gone_counts_when_it_comes_back(store: Store) -> None:
    store.corrections.add(of_tag(REJECT, "group:street_vendors"))
    store.documents.remove("d1")
    assert len(store.corrections.of("d1")) == 1
    assert store.corrections.documents() == ("d1",)
    store.documents.save(made(), tagger_version="1")
    assert "group:street_vendors" not in named(store.documents.get("d1"))


def test_a_correction_is_undone_while_its_document_is_gone(store: Store) -> None:
    kept = store.corrections.add(of_tag(REJECT, "group:street_vendors"))
    store.documents.remove("d1")
    store.corrections.undo(kept.id)
    store.documents.save(made(), tagger_version="1")
    assert store.documents.get("d1").tags == made().tags


def test_a_document_that_was_never_here_is_not_corrected(store: Store) -> None:
    with pytest.raises(NotFound):
        store.corrections.add(replace(of_tag(REJECT, "group:street_vendors"), document="d9"))
    assert store.corrections.newest(limit=9) == ()


def test_nothing_is_undone_twice_and_no_number_is_given_twice(store: Store) -> None:
    kept = store.corrections.add(of_tag(REJECT, "group:street_vendors"))
    store.corrections.undo(kept.id)
    with pytest.raises(NotFound):
        store.corrections.undo(kept.id)
    assert store.corrections.get(kept.id) is None
    assert store.corrections.add(of_tag(REJECT, "group:street_vendors")).id > kept.id


def test_corrections_are_listed_newest_first(store: Store) -> None:
    kept = [store.corrections.add(of_field(CorrectionKind.TITLE, f"Title {number}")) for number in range(4)]
    assert store.corrections.newest(limit=2) == (kept[3], kept[2])
    assert store.corrections.newest(limit=9, before=kept[2].id) == (kept[1], kept[0])
    assert store.corrections.newest(limit=9, document="d2\x00") == ()
    assert store.corrections.get(kept[1].id) == kept[1]


def test_a_database_from_before_corrections_is_brought_up_to_date(on_either: Settings) -> None:
    with open_store(on_either) as opened:
        opened.documents.save(made(), tagger_version="1")
    take_back(on_either, revision="0016")
    with open_store(on_either) as opened:
        opened.corrections.add(of_tag(REJECT, "country:COL"))
        assert "country:COL" not in named(opened.documents.get("d1"))


def test_a_later_migration_that_makes_the_table_of_documents_anew_leaves_corrections(on_either: Settings) -> None:
    with open_store(on_either) as opened:
        opened.documents.save(made(), tagger_version="1")
        opened.corrections.add(of_tag(REJECT, "country:COL"))
    migrate_once_more(on_either)
    with open_store(on_either) as opened:
        assert "country:COL" not in named(opened.documents.get("d1"))
        opened.documents.save(made(), tagger_version="2")
        assert "country:COL" not in named(opened.documents.get("d1"))
        opened.corrections.undo(1)
        assert opened.documents.get("d1").tags == made().tags
