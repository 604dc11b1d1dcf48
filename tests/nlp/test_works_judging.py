"""What two documents are to each other: kinds of cases, each made of the smallest text that shows it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from builders import make_document, make_tag, zoned_page

from corpus.tag_rules import Zone
from corpus.types import Document, Page
from corpus.works import Relation, RelationEvidenceKind, RelationKind
from nlp.works.classify import relation_of
from nlp.works.fingerprints import fingerprint, pack, unpack
from nlp.works.numbers import numbers_by_page
from nlp.works.profiles import profile_of
from nlp.works.titles import marks_of_title
from nlp.works.words import words_to_compare


def words_of(seed: int, count: int = 900) -> list[str]:
    """Return words that share no run with those of other seeds; each tenth is a number."""
    chance = random.Random(seed)
    letters = "abcdefghijklmnoprstuv"
    made = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(count)]
    return [str(chance.randint(1000, 99_999)) if at % 10 == 0 else word for at, word in enumerate(made)]


def of(name: str, words: list[str], **others) -> Document:
    size = len(words) // 4 + 1
    pages = tuple(" ".join(words[at : at + size]) for at in range(0, len(words), size)) or ("",)
    return make_document(name, pages=pages, **{"title": "Street vendors of Lima and their markets"} | others)


def judged(first: Document, second: Document) -> Relation | None:
    one, other = (profile_of(each, fingerprint(each.pages)) for each in (first, second))
    found = relation_of(one, other)
    assert found == relation_of(other, one)
    return found


def kind(first: Document, second: Document) -> str:
    found = judged(first, second)
    return found.kind.value if found else "none"


TEXT = words_of(1)


def test_the_same_text_in_another_file_is_a_copy():
    found = judged(of("d1", TEXT), of("d2", TEXT, title="vendors_final.pdf"))
    assert found is not None
    assert (found.kind, found.first, found.second) == (RelationKind.COPY, "d1", "d2")
    assert found.evidence[0].kind is RelationEvidenceKind.SAME_TEXT


def test_a_copy_may_have_another_cover():
    assert kind(of("d1", TEXT), of("d2", words_of(2, 40) + TEXT)) == "copy"


def test_columns_that_were_read_in_another_order_make_no_other_text():
    parts = [TEXT[at : at + 9] for at in range(0, len(TEXT), 9)]
    random.Random(3).shuffle(parts)
    assert kind(of("d1", TEXT), of("d2", [word for part in parts for word in part])) == "copy"


def test_running_heads_that_only_one_of_them_knows_as_such_do_not_count():
    heads = (Zone.RUNNING, "ILO working paper on vendors, Geneva office")
    pages = [" ".join(TEXT[at : at + 100]) for at in range(0, 900, 100)]
    known = tuple(zoned_page(number, heads, (Zone.BODY, text)) for number, text in enumerate(pages, start=1))
    plain = tuple(Page(page.number, page.text) for page in known)
    first, second = (make_document(name, title="Street vendors of Lima") for name in ("d1", "d2"))
    assert kind(replace(first, pages=known), replace(second, pages=plain)) == "copy"


def test_other_numbers_make_another_edition():
    newer = [str(int(word) + 3) if word.isdigit() else word for word in TEXT]
    found = judged(of("d1", TEXT), of("d2", newer))
    assert found is not None
    assert found.kind is RelationKind.EDITION
    assert RelationEvidenceKind.OTHER_NUMBERS in {each.kind for each in found.evidence}


def test_sentences_that_are_missing_here_and_there_make_another_edition():
    shorter = [word for at, word in enumerate(TEXT) if at % 60 >= 12]
    assert kind(of("d1", TEXT), of("d2", shorter)) == "edition"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Street vendors of Lima 2018", "Street vendors of Lima 2019"),
        ("Street vendors of Lima", "Street vendors of Lima, second edition"),
        ("Vendedores de Lima, 1a edición", "Vendedores de Lima, 2a edición"),
        ("Les vendeurs de Lima", "Les vendeurs de Lima, édition révisée"),
        ("Markets and vendors, first quarter 2019", "Markets and vendors, second quarter 2019"),
        ("Markets and vendors, March 2019", "Markets and vendors, April 2019"),
        ("Markets and vendors, volume 2", "Markets and vendors, volume III"),
    ],
)
def test_what_titles_say_of_year_edition_and_issue_makes_an_edition_of_the_same_text(first, second):
    assert kind(of("d1", TEXT, title=first), of("d2", TEXT, title=second)) == "edition"


@pytest.mark.parametrize(
    ("title", "years", "issue"),
    [
        ("Guía de la base de datos ENEMDU, 07/2022", ("2022",), ("m7",)),
        ("Boletín de empleo, I trimestre de 2019", ("2019",), ("q1",)),
        ("Boletín de empleo, 4º trimestre de 2019", ("2019",), ("q4",)),
        ("Employment bulletin 2019, 2nd semester", ("2019",), ("s2",)),
        ("Employment outlook 2018-19", ("2018", "2019"), ()),
        ("Situation report, week 12", (), ("w12",)),
        ("Interviewer manual v2", (), ("v2",)),
    ],
)
def test_titles_say_of_which_time_an_issue_is_in_several_ways(title, years, issue):
    assert (marks_of_title(title).years, marks_of_title(title).issue) == (years, issue)


def test_an_economic_update_is_the_name_of_a_series_and_no_edition():
    assert marks_of_title("Bangladesh Development Update").edition == ""
    assert marks_of_title("Wage survey: 2019 update").edition == "revised"


@pytest.mark.parametrize(
    "title", ["Skip to main content", "Letter dated 4 May from the Secretary-General", "Note verbale"]
)
def test_links_and_letters_have_no_title_that_tells(title):
    assert marks_of_title(title).is_stub


def test_two_subjects_of_one_series_are_no_editions():
    other = [word if at % 5 else f"x{word}" for at, word in enumerate(TEXT)]
    first, second = (f"Life and fire safety: {subject}, good practice note" for subject in ("hotels", "hospitals"))
    assert kind(of("d1", TEXT, title=first), of("d2", other, title=second)) == "none"


def test_years_that_only_catalogues_say_do_not_part_one_text():
    assert kind(of("d1", TEXT, published="2018"), of("d2", TEXT, published="2021")) == "copy"


def test_a_template_for_two_countries_makes_no_relation():
    first, second = (of(name, TEXT, title=f"Child labour: {land}") for name, land in (("d1", "Ghana"), ("d2", "Togo")))
    assert kind(first, second) == "none"


def test_a_template_for_two_countries_makes_no_copy_when_only_the_tags_tell_them_apart():
    first, second = (
        of(name, [*TEXT[:800], *words_of(seed, 60)], tags=(make_tag("country", code, primary=True),))
        for name, seed, code in (("d1", 5, "GHA"), ("d2", 6, "TGO"))
    )
    assert kind(first, second) != "copy"


@pytest.mark.parametrize("title", ["Annual report", "Statistical bulletin", "Chapter 1", "untitled", "Informe anual"])
def test_titles_that_many_have_are_no_evidence(title):
    assert marks_of_title(title).is_stub
    assert kind(of("d1", words_of(1), title=title), of("d2", words_of(2), title=title)) == "none"


def test_the_same_title_and_year_of_two_other_texts_make_no_copy():
    assert kind(of("d1", words_of(1), published="2018"), of("d2", words_of(2), published="2018")) == "none"


def test_a_scan_without_text_is_no_copy_of_what_is_from_another_year():
    scan = make_document("d2", pages=("", "", "", ""), title=of("d1", TEXT).title, published="2021", lang="und")
    assert kind(of("d1", TEXT, published="2018"), scan) != "copy"


def test_a_notice_of_few_words_is_no_evidence():
    assert kind(of("d1", TEXT[:40], title="A"), of("d2", TEXT[:40], title="B")) == "none"


def test_a_chapter_is_an_extract_of_the_whole_whichever_id_is_smaller():
    found = judged(of("d1", TEXT[200:500], title="Chapter 2"), of("d2", TEXT))
    assert found is not None
    assert (found.kind, found.first, found.second) == (RelationKind.EXTRACT, "d2", "d1")


def test_the_same_numbers_on_the_same_pages_in_another_language_make_a_translation():
    others = words_of(8)
    spanish = [word if word.isdigit() else others[at] for at, word in enumerate(TEXT)]
    found = judged(of("d1", TEXT), of("d2", spanish, lang="es", title="Vendedores ambulantes de Lima"))
    assert found is not None
    assert found.kind is RelationKind.TRANSLATION
    assert found.evidence[0].kind is RelationEvidenceKind.SAME_NUMBERS


def test_two_languages_of_one_landing_page_are_translations_when_they_are_about_as_long():
    page = {"landing_url": "https://example.org/p"}
    plain = [word for word in words_of(1) if word.isalpha()], [word for word in words_of(2) if word.isalpha()]
    assert kind(of("d1", plain[0], **page), of("d2", plain[1], lang="es", **page)) == "translation"
    assert kind(of("d1", plain[0], **page), of("d2", plain[1][:300], lang="en", title="Annex", **page)) == "part"


def test_a_scan_without_text_is_found_by_title_and_year():
    scan = make_document("d2", pages=("", "", "", ""), title=of("d1", TEXT).title, published="2018", lang="und")
    assert kind(of("d1", TEXT, published="2018"), scan) == "copy"


@pytest.mark.parametrize("character", ["街", "ก", "か"])
def test_texts_without_spaces_are_compared_by_their_characters(character):
    chance = random.Random(4)
    text = "".join(chr(ord(character) + chance.randrange(40)) for _ in range(900))
    first = make_document("d1", pages=(text,), lang="zh", title="一")
    assert kind(first, make_document("d2", pages=(text[:450], text[450:]), lang="zh", title="二")) == "copy"


def test_hyphens_accents_and_case_do_not_count():
    assert words_to_compare(["Micro-\nenterprises in CÔTE d’Ivoire"]) == words_to_compare(
        ["microenterprises in cote d’ivoire"]
    )


@pytest.mark.parametrize("written", ["1,250", "1.250", "1 250", "1\u00a0250", "1’250", "1250"])
def test_numbers_are_the_same_however_a_language_groups_them(written):
    assert numbers_by_page([Page(3, f"Of {written} vendors")]) == ((3, 1250),)


def test_years_small_and_round_numbers_tell_nothing():
    assert numbers_by_page([Page(1, "In 2019, 12 of 500 and 1,000 and 30,000 were 7.5 % in 1998")]) == ()


def test_a_fingerprint_is_the_same_after_it_was_stored():
    made = fingerprint(of("d1", TEXT).pages)
    assert unpack(pack(made, sha256="a", version="1")) == made
    empty = fingerprint((Page(1, ""),))
    assert unpack(pack(empty, sha256="a", version="1")) == empty
