"""Quotations and citations of a text, looked up in a small library: found, different or unknown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus.errors import BadInput
from corpus.rights import RightsPolicy
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.tag_rules import Zone
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from search_api.quotes.aligning import AlignedText, Alignment, DifferenceKind
from search_api.quotes.checking import QuoteChecker, QuoteVerdict
from search_api.quotes.citations import CitationKind, citations_in
from search_api.quotes.drafts import TEXT_CHARACTERS_MAX, DraftChecker
from search_api.quotes.quotations import QuotationForm, parts_of, quotations_in
from search_api.quotes.showing import differences_of, printed_pieces
from search_api.quotes.words import words_of
from tests.builders import make_document, make_source, zoned_page
from tests.web.library import keep

SENTENCE = "In 2018, some 61 per cent of the world's employed population earned a living in the informal economy, most were women."
SPANISH = "Los vendedores ambulantes de Lima no tienen protección social y trabajan más de 48,5 horas por semana en la vía pública."
FRENCH = "L’économie informelle représente près de 1 250 000 emplois dans la région, dont la majorité sont occupés par des femmes."
PORTUGUESE = (
    "Os catadores de materiais recicláveis não recebem salário e vendem o que recolhem por menos de R$ 2,30 o quilo."
)
BROKEN = "Waste pickers sort recyc-\nlable material, and the munici\u00adpality pays them nothing for this ser-\nvice."
FILLING = (
    "Cities are places of work. Rules are made for shops and offices, and seldom for those who work outside of them."
)


def documents() -> Iterator[Document]:
    yield make_document(
        "dilo",
        title="Women and men in the informal economy: a statistical picture",
        authors=("Florence Bonnet", "Joann Vanek"),
        publisher="International Labour Organization",
        published="2018-04",
        identifiers={"doi": "10.1000/ilo.2018"},
        pages=(
            FILLING,
            f"{FILLING}\n\n{SENTENCE}\n\n{FILLING}",
            BROKEN,
            "Nothing of this is here. It is the last page.",
        ),
    )
    yield make_document(
        "dlima", title="Comercio ambulante", lang="es", authors=("Rosa Quispe",), published="2019", pages=(SPANISH,)
    )
    yield make_document("dfr", title="Une étude", lang="fr", pages=(FRENCH,))
    yield make_document("dpt", title="Um estudo", lang="pt", pages=(PORTUGUESE,))
    first = zoned_page(
        1,
        (Zone.BODY, "Home-based workers are counted in few surveys, and most of"),
        (Zone.RUNNING, "A running foot 17"),
    )
    second = zoned_page(
        2,
        (Zone.RUNNING, "Home-based work in Asia"),
        (Zone.BODY, "them are paid by the piece. Another sentence ends here."),
    )
    yield replace(make_document("dtwo", title="Two pages", page_count=2), pages=(first, second))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SearchEngine, Store]]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("quotes"))
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        store.sources.save(make_source())
        for document in documents():
            keep(store, document, sha256=document.sha256)
        bring_up_to_date(engine, store)
        yield engine, store
    engine.close()


@pytest.fixture(scope="module")
def checker(opened: tuple[SearchEngine, Store]) -> QuoteChecker:
    return QuoteChecker(engine=opened[0], store=opened[1])


@pytest.fixture(scope="module")
def drafts(opened: tuple[SearchEngine, Store]) -> DraftChecker:
    return DraftChecker(engine=opened[0], store=opened[1])


def aligned(quote: str, text: str) -> Alignment:
    found = AlignedText(words_of(text)).align(words_of(quote))
    assert found is not None
    return found


# --- words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1,250", "1250"),
        ("1 250 000", "1250000"),
        ("1.250,5", "1250.5"),
        ("12,5", "12.5"),
        ("0.125", "0.125"),
        ("2018", "2018"),
        ("١٢", "12"),
        ("(−3.2)", "-3.2"),
        ("ﬁnance", "finance"),
        ("WOMEN", "women"),
        ("economy¹²", "economy"),
    ],
)
def test_a_word_is_compared_in_its_plain_form(written: str, plain: str) -> None:
    assert [word.text for word in words_of(written)] == [plain]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("the informal economy", "The in-\nformal\neconomy"),
        ("the in-\nformal economy", "the informal economy"),
        ("well-being of workers", "wellbeing of workers"),
        ("“rights” of workers", '"rights" of workers'),
        ("the economy grew again", "the economy.12 grew again"),
        ("since 2015 they work", "since 2015.3 they work"),
        ("the economy [12] grew", "the economy grew"),
        ("some 1,250 of them", "some 1 250 of them"),
        ("a rate of 1,5 in all", "a rate of 1.5 in all"),
        ("[T]he workers are many", "The workers are many"),
        ("the workers [of Lima] are many", "the workers are many"),
    ],
)
def test_what_printing_and_copying_change_is_no_difference(quote: str, text: str) -> None:
    assert aligned(quote, f"before it {text} behind it").is_exact


@pytest.mark.parametrize(
    ("quote", "kind"),
    [
        ("some 62 per cent of the employed", DifferenceKind.FIGURE),
        ("some 61 per cent of the employed people", DifferenceKind.WORD),
        ("some 6.1 per cent of the employed", DifferenceKind.FIGURE),
        ("-61 per cent of the employed", DifferenceKind.FIGURE),
        ("some 61 per cent of the three employed", DifferenceKind.FIGURE),
        ("some 61 per cent of the not employed", DifferenceKind.NEGATION),
        ("some 61 per cent of the unemployed", DifferenceKind.WORD),
        ("61 per cent of the 100 employed", DifferenceKind.FIGURE),
    ],
)
def test_what_changes_the_sense_is_a_difference_of_its_kind(quote: str, kind: DifferenceKind) -> None:
    found = aligned(quote, "In all, some 61 per cent of the employed population are informal workers.")
    assert [each.kind for each in found.differences] == [kind]


def test_a_figure_that_stands_like_a_note_in_the_text_is_no_excuse_for_another_figure() -> None:
    assert not aligned("the economy 13 grew again", "the economy.12 grew again").is_exact


@pytest.mark.parametrize("quote", ["child protection (10,36,47) of all", "child protection (10,36) of all"])
def test_figures_of_a_list_are_no_marks_of_notes(quote: str) -> None:
    assert not aligned(quote, "on child protection (10,36,46) of all provinces").is_exact


def test_a_difference_at_an_end_stands_beside_the_word_in_its_place() -> None:
    text = "they gave material to 82,582 students of the south"
    found = aligned("gave material to 82,583 students", text)
    assert [text[slice(*each.printed)] for each in found.differences] == ["82,582"]


def test_a_word_far_before_the_place_is_no_part_of_it() -> None:
    text = "of control and calibration of the building and repair of all machines"
    found = aligned("of the building and repair of all", text)
    assert found.is_exact
    assert text[found.start :].startswith("of the building")


# --- quotations in a text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "She says: “{}” and goes on.",
        'She says: "{}" and goes on.',
        "Ella dice: «{}», y sigue.",
        "Elle dit : « {} » et continue.",
        "Er sagt: „{}“ und geht.",
        "She says: ‘{}’ and goes on.",
    ],
)
def test_a_quotation_is_found_in_the_marks_of_each_language(text: str) -> None:
    inner = "street vendors are workers too, and it’s time"
    (found,) = quotations_in(text.format(inner))
    assert found.text == inner
    assert text.format(inner)[found.start : found.end] == inner


def test_apostrophes_and_inches_are_no_quotation_marks() -> None:
    assert [each.form for each in quotations_in("It's the workers' own choice, and 5\" wide. " * 60)] == []


def test_a_quotation_within_another_is_part_of_it() -> None:
    (found,) = quotations_in("“They told us ‘go away from this street’ every single day”")
    assert found.text.endswith("every single day")


def test_a_quotation_that_never_closes_does_not_swallow_the_next_paragraph() -> None:
    text = "He said “we work here every day\n\nAnother “says that nobody pays taxes” here."
    assert [each.text for each in quotations_in(text)] == ["says that nobody pays taxes"]


@pytest.mark.parametrize("lead", ["    ", "> ", "\t"])
def test_a_paragraph_that_is_set_off_is_a_quotation(lead: str) -> None:
    lines = f"\n{lead}".join(
        [
            "workers of the street are seldom counted by the",
            "surveys that ministries make in their offices (Chen, 2012, p. 8)",
        ]
    )
    (found,) = quotations_in(f"As is known:\n\n{lead}{lines}\n\nThe text goes on.")
    assert found.form is QuotationForm.BLOCK
    assert "Chen" not in found.text
    assert found.text.startswith("workers of the street")


def test_a_short_text_without_marks_is_a_quotation_itself() -> None:
    (found,) = quotations_in(SENTENCE)
    assert found.form is QuotationForm.WHOLE


def test_words_left_out_part_a_quotation() -> None:
    assert [part.text.strip() for part in parts_of("one two [...] three (…) four ... five")] == [
        "one two",
        "three",
        "four",
        "five",
    ]


# --- looking quotations up --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "document", "page"),
    [
        ("some 61 per cent of the world’s employed population earned a living", "dilo", 2),
        ("SOME 61 PER CENT OF THE WORLD'S EMPLOYED POPULATION", "dilo", 2),
        ("In 2018, some 61 per cent [...] earned a living in the informal economy", "dilo", 2),
        ("no tienen protección social y trabajan más de 48.5 horas por semana", "dlima", 1),
        ("L'économie informelle représente près de 1.250.000 emplois", "dfr", 1),
        ("vendem o que recolhem por menos de R$ 2,30 o quilo", "dpt", 1),
        ("Waste pickers sort recyclable material, and the municipality pays them nothing for this service", "dilo", 3),
    ],
)
def test_a_true_quotation_is_found_with_its_page(checker: QuoteChecker, quote: str, document: str, page: int) -> None:
    found = checker.check(quote)
    assert found.verdict is QuoteVerdict.FOUND
    assert found.place is not None
    assert (found.place.document.id, found.place.page) == (document, page)


def test_a_quotation_over_the_end_of_a_page_is_found_on_both(checker: QuoteChecker) -> None:
    found = checker.check("counted in few surveys, and most of them are paid by the piece")
    assert found.verdict is QuoteVerdict.FOUND
    assert found.place is not None
    assert (found.place.page, found.place.last_page) == (1, 2)


@pytest.mark.parametrize(
    ("quote", "kind", "quoted", "printed"),
    [
        ("some 16 per cent of the world's employed population earned", DifferenceKind.FIGURE, "16", "61"),
        ("Los vendedores ambulantes de Lima tienen protección social y trabajan", DifferenceKind.NEGATION, "", "no"),
        ("trabajan más de 4,85 horas por semana en la vía pública", DifferenceKind.FIGURE, "4,85", "48,5"),
        (
            "L'économie informelle représente près de 1 250 emplois dans la région",
            DifferenceKind.FIGURE,
            "1 250",
            "1 250 000",
        ),
        (
            "Os catadores de materiais recicláveis recebem salário e vendem o que recolhem",
            DifferenceKind.NEGATION,
            "",
            "não",
        ),
        ("earned a living in the formal economy, most were women", DifferenceKind.WORD, "formal", "informal"),
        ("some 61 per cent [...] earned a salary in the informal economy", DifferenceKind.WORD, "salary", "living"),
    ],
)
def test_a_changed_quotation_is_different_and_says_where(
    checker: QuoteChecker, quote: str, kind: DifferenceKind, quoted: str, printed: str
) -> None:
    found = checker.check(quote)
    assert found.verdict is QuoteVerdict.DIFFERENT
    (only,) = differences_of(found)
    assert (only.kind, only.quoted, only.printed) == (kind, quoted, printed)


@pytest.mark.parametrize(
    "quote",
    [
        "Fish skin is tanned by a process that takes a long time and much labour",
        "The ministry of finance presented a budget for the coming year",
        "In the informal economy, some of the women of Lima work at home",
        "zzyzx qwrtp vbnm lkjh",
        "...",
    ],
)
def test_an_invented_quotation_is_unknown(checker: QuoteChecker, quote: str) -> None:
    assert checker.check(quote).verdict is QuoteVerdict.UNKNOWN


def test_a_quotation_can_be_looked_for_in_one_document_only(checker: QuoteChecker) -> None:
    quote = "some 61 per cent of the world's employed population earned a living"
    assert checker.check(quote, documents=("dilo",)).verdict is QuoteVerdict.FOUND
    assert checker.check(quote, documents=("dlima",)).verdict is QuoteVerdict.UNKNOWN


def test_of_a_document_that_may_not_be_shown_only_visible_passages_are_given(
    opened: tuple[SearchEngine, Store],
) -> None:
    closed = QuoteChecker(engine=opened[0], store=opened[1], rights=RightsPolicy(follows=True))
    found = closed.check(SENTENCE.replace("61", "16").replace("women", "girls"))
    assert found.verdict is QuoteVerdict.DIFFERENT
    shown = "".join(text for text, _ in printed_pieces(found))
    assert "…" in shown
    assert 0 < len(shown) < len(SENTENCE) - 20
    whole = {each.printed for each in differences_of(found)}
    assert "…" in whole


# --- citations ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "who", "year", "page"),
    [
        ("as shown (Quispe, 2019, p. 41).", CitationKind.YEAR, "Quispe", 2019, 41),
        ("como muestra (véase Quispe 2019: 41)", CitationKind.YEAR, "Quispe", 2019, 41),
        ("according to ILO (2018), most", CitationKind.YEAR, "ILO", 2018, None),
        ("selon Bonnet et Vanek (2018, p. 3)", CitationKind.YEAR, "Bonnet et Vanek", 2018, 3),
        ("Chen et al. (2012) say", CitationKind.YEAR, "Chen et al.", 2012, None),
    ],
)
def test_a_citation_of_an_author_and_a_year_is_read(
    text: str, kind: CitationKind, who: str, year: int, page: int | None
) -> None:
    (found,) = citations_in(text)
    assert (found.kind, found.who, found.year, found.page) == (kind, who, year, page)


def test_several_citations_in_brackets_are_each_read() -> None:
    assert [each.who for each in citations_in("(Chen, 2012; ILO, 2018, p. 4; see also Quispe 2019)")] == [
        "Chen",
        "ILO",
        "Quispe",
    ]


@pytest.mark.parametrize(
    "text", ["in the year (2018)", "between 2012 and 2019", "(In 2018, 61 of them)", "Table 3 (2018)"]
)
def test_a_year_alone_is_no_citation(text: str) -> None:
    assert citations_in(text) == ()


@pytest.mark.parametrize(
    ("text", "verdict", "document"),
    [
        ("(Quispe, 2019, p. 41)", QuoteVerdict.FOUND, "dlima"),
        ("(Quispe, 2018)", QuoteVerdict.DIFFERENT, "dlima"),
        ("ILO (2018)", QuoteVerdict.FOUND, "dilo"),
        ("Bonnet and Vanek (2018)", QuoteVerdict.FOUND, "dilo"),
        ("(Nobody, 2018)", QuoteVerdict.UNKNOWN, ""),
        ("doi:10.1000/ILO.2018.", QuoteVerdict.FOUND, "dilo"),
        ("https://doi.org/10.1000/other", QuoteVerdict.UNKNOWN, ""),
        (
            "ILO. (2018). Women and men in the informal economy: A statistical picture. Geneva.",
            QuoteVerdict.FOUND,
            "dilo",
        ),
        (
            "ILO. (2013). Women and men in the informal economy: A statistical picture. Geneva.",
            QuoteVerdict.DIFFERENT,
            "dilo",
        ),
    ],
)
def test_a_citation_is_looked_up(drafts: DraftChecker, text: str, verdict: QuoteVerdict, document: str) -> None:
    (found,) = drafts.check(text).citations
    assert found.verdict is verdict
    assert [each.id for each in found.documents] == ([document] if document else [])


def test_a_link_to_a_page_that_is_not_there_is_different(
    opened: tuple[SearchEngine, Store], drafts: DraftChecker
) -> None:
    assert [each.verdict for each in drafts.check("/documents/d0123456789abcdef?page=2").citations] == [
        QuoteVerdict.UNKNOWN
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "“",
        "“a ",
        '"a',
        '"a"a ',
        "‘a’a ",
        "‘“«„",
        "» «",
        "(A, 2001) ",
        "(A, 2",
        "A B (",
        "A. (2001). ",
        "10.1234/",
        "\n\n> a",
        ". . ",
        "[",
        "1,234 ",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        began = time.process_time()
        quotations_in(text)
        citations_in(text)
        words_of(text)
        return time.process_time() - began

    # Quadratic takes sixteen times as long.
    assert any(seconds(40_000) < 8 * seconds(10_000) + 0.05 for _ in range(3))


# --- drafts -------------------------------------------------------------------------------------------------------------


def test_a_draft_has_each_quotation_with_the_citation_behind_it(drafts: DraftChecker) -> None:
    found = drafts.check(f"It is said that “{SENTENCE}” (ILO, 2018, p. 13). Others say «{SPANISH}» (Nobody, 2001).")
    assert [quote.checked.verdict for quote in found.quotes] == [QuoteVerdict.FOUND] * 2
    assert [quote.cited.verdict for quote in found.quotes if quote.cited] == [QuoteVerdict.FOUND, QuoteVerdict.UNKNOWN]
    assert not any(quote.is_of_another for quote in found.quotes)


def test_a_true_quotation_under_a_wrong_name_is_told(drafts: DraftChecker) -> None:
    (quote,) = drafts.check(f"“{SENTENCE}” (Quispe, 2019).").quotes
    assert quote.checked.verdict is QuoteVerdict.FOUND
    assert quote.is_of_another


def test_a_title_in_quotation_marks_is_known_as_one(drafts: DraftChecker) -> None:
    (quote,) = drafts.check("see “Women and men in the informal economy: A statistical picture”").quotes
    assert quote.title_of == "dilo"


@pytest.mark.parametrize("text", ["", "   \n ", "x" * (TEXT_CHARACTERS_MAX + 1)])
def test_no_text_and_too_much_text_are_refused(drafts: DraftChecker, text: str) -> None:
    with pytest.raises(BadInput):
        drafts.check(text)
