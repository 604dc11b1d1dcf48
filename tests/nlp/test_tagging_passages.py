"""How a document is cut for the tagger: zones, sentences, languages, folded words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from corpus.tag_rules import Zone
from corpus.types import Page
from nlp.pipeline.passages import LONGEST_SENTENCE, Passage, TaggedText, language_of, passages_of
from nlp.pipeline.tokenizer import DocumentTokenizer
from nlp.pipeline.words import norm
from nlp.pipeline.zone_weights import WEIGHTS

TOKENIZER = DocumentTokenizer(Vocab())

FILLER = (
    "The survey asked people where they had worked in the week before the interview, for how many hours, with whom, "
    "and how they were paid for it."
)


def text_of(*pages: str, lang: str = "en", **others) -> TaggedText:
    return TaggedText(
        pages=tuple(Page(number, text) for number, text in enumerate(pages, start=1)), lang=lang, **others
    )


def zone_of(words: str, text: TaggedText) -> Zone:
    (found,) = {passage.zone for passage in passages_of(text) if words in passage.text}
    return found


def test_title_abstract_and_keywords_come_first_on_page_0():
    found = passages_of(text_of(FILLER, title="A title", abstract="An abstract.", keywords=("one", "two")))
    assert [(passage.zone, passage.page) for passage in found] == [
        (Zone.TITLE, 0),
        (Zone.ABSTRACT, 0),
        (Zone.KEYWORDS, 0),
        (Zone.BODY, 1),
    ]
    assert found[0].weight > found[1].weight > found[3].weight == 1


def test_a_short_line_between_paragraphs_is_a_heading():
    text = text_of(f"{FILLER}\n\n2. Street vendors in Accra\n\n{FILLER}")
    assert zone_of("Street vendors", text) is Zone.HEADING
    assert zone_of("survey", text) is Zone.BODY


@pytest.mark.parametrize("heading", ["References", "REFERENCIAS BIBLIOGRÁFICAS", "6. Bibliographie", "Referências:"])
def test_what_follows_a_heading_of_references_counts_for_nothing_until_the_annex(heading):
    text = text_of(
        FILLER,
        FILLER,
        f"{FILLER}\n{heading}\nChen M. On vendors. Geneva.",
        "Roever S. On pickers.",
        "Annex A\n\nMore text here.",
    )
    assert WEIGHTS[zone_of("On vendors", text)] == 0
    assert WEIGHTS[zone_of("On pickers", text)] == 0
    assert zone_of("More text", text) is Zone.ANNEX


def test_a_list_of_references_is_known_without_its_heading():
    entries = "\n".join(
        f"Chen, M. (201{year}). Street vendors in law. World Development, Vol. {year}, pp. 1-9." for year in range(6)
    )
    assert zone_of("Chen", text_of(FILLER, entries)) is Zone.REFERENCES


@pytest.mark.parametrize(
    "imprint",
    [
        "© 2019 Women in Informal Employment. ISBN 978-92-1",
        "Suggested citation: Chen, M. 2012. The informal economy. WIEGO.",
        "Todos los derechos reservados. Impreso en Lima.",
        "Geneva: ILO",
        "For more: www.example.org",
    ],
)
def test_the_imprint_counts_for_nothing(imprint):
    assert zone_of(imprint, text_of(f"{imprint}\n\n{FILLER}")) is Zone.IMPRINT


def test_the_year_of_a_law_in_the_middle_of_a_report_is_no_imprint():
    pages = [FILLER] * 9
    pages[4] = "The copyright law of 1990 does not speak of street vendors at all, says the ministry."
    assert zone_of("copyright law", text_of(*pages)) is Zone.BODY


def test_an_organisation_that_introduces_itself_counts_for_nothing():
    about = (
        "WIEGO is a global network focused on domestic workers, home-based workers, street vendors and waste pickers."
    )
    assert zone_of("WIEGO", text_of(f"{FILLER}\n\n{about}\n\n{FILLER}")) is Zone.BOILERPLATE


def test_a_running_head_counts_for_nothing():
    pages = [f"Domestic workers in Peru | {number}\n\n{FILLER}" for number in range(1, 6)]
    assert zone_of("Domestic workers in Peru", text_of(*pages)) is Zone.RUNNING


def test_a_table_of_contents_counts_for_nothing():
    contents = "Contents\n\nStreet vendors ........ 4\nWaste pickers ........ 17\nReferences ........ 30"
    assert WEIGHTS[zone_of("Waste pickers", text_of(contents, FILLER))] == 0


def test_a_heading_called_references_in_the_contents_does_not_end_the_report():
    contents = "Contents\n\nIntroduction ........ 4\n\nReferences\n\nAnnex"
    assert zone_of("survey", text_of(contents, FILLER, FILLER, FILLER)) is Zone.BODY


def test_an_empty_page_has_no_passage():
    assert passages_of(text_of("", " \n\n ")) == ()


def test_a_page_in_another_language_than_its_document_is_noticed():
    spanish = "Las trabajadoras del hogar de la ciudad no tienen contrato y no cuentan con el seguro de salud que la ley les da."
    french = (
        "Les travailleuses domestiques de la ville n'ont pas de contrat et la loi qui est en vigueur ne les couvre pas."
    )
    found = passages_of(text_of(FILLER, spanish, french))
    assert [passage.lang for passage in found] == ["en", "es", "fr"]


def test_a_few_words_do_not_change_the_language():
    assert language_of("El Salvador", expected="en") == "en"
    assert language_of("", expected="pt") == "pt"
    assert language_of("Wafanyakazi wa nyumbani nchini Kenya", expected="sw") == "sw"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One ends here. Vendors protest. Another begins.", "Vendors protest."),
        ("The U.S. vendors protest. Next.", "The U.S. vendors protest."),
        ("So says Dr. J. Chen of vendors. Next.", "So says Dr. J. Chen of vendors."),
        ("A line that\nbreaks before vendors\nand goes on. Next.", "A line that breaks before vendors and goes on."),
        ("Other words\n\nvendors alone\n\nMore words", "vendors alone"),
        ("Mining (3,4)\nStreet vendors (5)\nFarming (6)", "Street vendors (5)"),
        ("First:\n• food vendors\n• others", "• food vendors"),
    ],
)
def test_the_sentence_around_words_is_found(text, sentence):
    start = text.index("vendors") if "vendors" in text else text.index("Vendors")
    assert Passage(text, zone=Zone.BODY, page=1, lang="en").sentence(start, start + 7) == sentence


@settings(deadline=None)  # the first word of a language loads its dictionary
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=900), st.data())
def test_a_sentence_always_holds_its_words_and_is_short(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 60)))
    passage = Passage(text, zone=Zone.BODY, page=1, lang="en")
    first, last = passage.sentence_bounds(start, end)
    assert first <= start < end <= last or start < first
    assert len(passage.sentence(start, end)) <= LONGEST_SENTENCE


@settings(deadline=None)  # the first word of a language loads its dictionary
@given(st.text(max_size=300), st.sampled_from(["en", "es", "fr", "pt", "sw"]))
def test_tokens_cover_the_text_without_a_loss(text, lang):
    assert TOKENIZER(text).text == text.replace("\n", " ")


@settings(deadline=None)  # the first word of a language loads its dictionary
@given(st.text(min_size=1, max_size=30), st.sampled_from(["en", "es", "fr", "pt", "xx"]))
def test_capitals_do_not_change_the_folded_word_of_a_longer_word(word, lang):
    if len(word) > 4 and word.isalpha() and word.upper().lower() == word.lower():
        assert norm(word.upper(), lang=lang) == norm(word.lower(), lang=lang)


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("recicladorxs", "recicladores", "es"),
        ("trabajador@s", "trabajadora", "es"),
        ("récupératrice·eur·s", "récupérateurs", "fr"),
        ("travailleuses", "travailleur", "fr"),
        ("catador(a)s", "catadoras", "pt"),
        ("trabalhadores/as", "trabalhador", "pt"),
        ("worker(s)", "workers", "en"),
        ("dumpsites", "dumpsite", "en"),
    ],
)
def test_two_spellings_of_one_word_are_folded_alike(one, other, lang):
    assert norm(one, lang=lang) == norm(other, lang=lang)


@pytest.mark.parametrize(("word", "lang"), [("OIT", "fr"), ("2019", "es"), ("C189", "en"), ("bus", "en")])
def test_acronyms_numbers_and_short_words_stay_what_they_are(word, lang):
    assert norm(word, lang=lang) == word.lower()


def test_hyphens_and_apostrophes_end_words():
    def norms(text: str, *, lang: str) -> tuple[str, ...]:
        return tuple(token.norm_ for token in TOKENIZER.pattern(TOKENIZER.words(text), lang=lang))

    assert norms("home-based l'économie", lang="fr")[:3] == ("home", "-", norm("based", lang="fr"))
    assert "economie" in norms("l'économie", lang="fr")
