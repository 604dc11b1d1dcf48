"""Which pages are references, contents, imprint or boilerplate."""

from __future__ import annotations

import pytest
from builders import A_DAY, make_fetched, sha256_of

from corpus.types import Outcome, Page, Reading
from nlp.documents import build_document
from nlp.pipeline.zone_weights import back_matter

PROSE = "In 2012 the survey asked people where they had worked in the week before, for how many hours, with whom, and who paid. "
CHEN = "Chen, M. (2012). The informal economy: definitions, theories and policies. Manchester, WIEGO, 26 pp."
ROEVER = "Roever, S. and C. Skinner (2016). Street vendors and cities. Environment and Urbanization 28(2): 359-374."
CONTENTS = (
    "Contents\n\n1 Street vendors in the city ........ 7\n2 Waste pickers ........ 12\n3 Fees and taxes ........ 31"
)


def pages_of(*texts: str) -> tuple[Page, ...]:
    return tuple(Page(number, text) for number, text in enumerate(texts, start=1))


@pytest.mark.parametrize(
    ("heading", "entries"),
    [
        ("References", f"{CHEN}\n{ROEVER}"),
        (
            "Referencias bibliográficas",
            "Tokman, V. (2007). Informalidad, inseguridad y cohesión social. Santiago, Cepal.",
        ),
        (
            "Bibliographie",
            "Charmes, J. (1998). Progrès dans les mesures. Genève.\nLautier, B. 2004. L'économie informelle. Paris.",
        ),
        ("Referências", "Cacciamali, M. C. (2000). Globalização e processo de informalidade. Campinas."),
    ],
)
def test_references_are_back_matter_on_the_page_of_their_heading_and_on_those_after_it(
    heading: str, entries: str
) -> None:
    assert back_matter(pages_of(PROSE * 9, PROSE * 9, f"{heading}\n\n{entries}", entries)) == (3, 4)


def test_a_table_of_contents_and_an_imprint_are_back_matter_wherever_they_stand() -> None:
    imprint = "First published 2019 by the Institute.\nISBN 978-92-2-131580-3\nPrinted in Switzerland\nwww.example.org"
    assert back_matter(pages_of("Street vendors", imprint, CONTENTS, PROSE * 9, PROSE * 9)) == (2, 3)


def test_a_page_that_is_mostly_text_is_not_back_matter() -> None:
    end = f"{PROSE * 9}\n\nReferences\n\n{CHEN}"
    assert back_matter(pages_of(PROSE * 9, PROSE * 9, end)) == ()


def test_text_behind_references_whose_end_was_not_seen_is_no_list_of_references() -> None:
    annex = "What was said in the meetings with vendors, which were held without any press. " * 30
    assert back_matter(pages_of(PROSE * 9, PROSE * 9, f"References\n\n{CHEN}\n{ROEVER}", annex)) == (3,)


@pytest.mark.parametrize("texts", [(), ("",), (CONTENTS,), (CONTENTS, "", CONTENTS)])
def test_a_document_without_other_pages_has_none(texts: tuple[str, ...]) -> None:
    assert back_matter(pages_of(*texts)) == ()


class TaggerOfNothing:
    def tag(self, text: object) -> tuple[()]:
        return ()


@pytest.mark.parametrize(("tagger", "expected"), [(TaggerOfNothing(), (3,)), (None, ())])
def test_a_document_keeps_its_back_matter_where_its_text_is_looked_at(
    tagger: object, expected: tuple[int, ...]
) -> None:
    pages = pages_of(PROSE * 9, PROSE * 9, f"References\n\n{CHEN}\n{ROEVER}")
    reading = Reading(sha256=sha256_of("x"), outcome=Outcome.READ, pages=pages, engine="pdfminer.six")
    made = build_document((make_fetched(),), reading, id="d1", work="d1", first_seen=A_DAY, tagger=tagger)
    assert made.back_matter == expected
