"""What every search engine promises. An engine's own test class inherits EngineContract and gives the fixture `engine`.

A fault that is found in one engine becomes a test here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from corpus.errors import BadQuery
from corpus.tag_rules import Zone
from corpus.types import Change, ChangeKind, Document, Facet
from corpus.vocabulary import load_vocabulary
from search_api.answers.near import near_documents
from search_api.engines.base import EngineResults, SearchEngine
from search_api.engines.cursor import Cursor, Cursors
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.parse import parse
from search_api.query.translations import SWITCH
from tests.builders import make_document, make_tag, zoned_page
from tests.search_api.change_log import ChangeLog

LIMA = make_document(
    "d1",
    title="Street vendors in Lima",
    pages=("The street vendors of Lima sell cooked food.", "Their income is low.", "Vendors and taxes in the market."),
    tags=(make_tag("country", "PER"), make_tag("country", "COL", about=False), make_tag("group", "street_vendors")),
    published="2019-05",
    authors=("Ana Quispe",),
    publisher="Instituto de Estudios",
    type="report",
)
MEXICO = make_document(
    "d2",
    title="Trabajadoras del hogar en México",
    lang="es",
    pages=("Las trabajadoras del hogar y su salario mínimo.", "Un informe sobre los derechos de las trabajadoras."),
    tags=(make_tag("country", "MEX"), make_tag("group", "domestic_workers")),
    published="2021",
    source="other",
)
ACCRA = make_document(
    "d3",
    title="Markets of Accra",
    pages=("Traders in the market of Accra. The home-based workers sew.",),
    tags=(make_tag("country", "GHA"), make_tag("country", "PER", about=False)),
    published="2015-01-02",
)
DAKAR = make_document("d4", title="Vendeuses de rue à Dakar", lang="fr", pages=("Les vendeuses de rue et l'économie.",))
TURIN = make_document(
    "d5", title="Lavoro informale", lang="it", pages=("Il lavoro informale dei venditori ambulanti.",)
)
REFERRING = make_document(
    "d1",
    title="Fees",
    pages=(
        "Who the vendors are, and what they pay in the year.",
        "A market with many trades: shops, stalls, porters, carts and in the end the street vendors, of whom we know little.",
        "Cross. Street vendors. 2000. Bromley. Street vendors and street vendors in the cities. 1998. Street vendors.",
    ),
    back_matter=(3,),
)
EVERYONE = (LIMA, MEXICO, ACCRA, DAKAR, TURIN)


def changed(documents: Sequence[Document], *, first: int = 1) -> list[Change]:
    """Return documents as the store would hand them over, first saved in this order."""
    return [
        Change(
            sequence=number,
            document_id=each.id,
            kind=ChangeKind.ADDED,
            document=replace(each, first_sequence=each.first_sequence or number),
        )
        for number, each in enumerate(documents, start=first)
    ]


def removed(document_id: str, *, sequence: int) -> Change:
    return Change(sequence=sequence, document_id=document_id, kind=ChangeKind.REMOVED)


_LETTERS = "abcdefghijklmnopqrst"
_MANY_WORDS = [f"{one}{two}q{end}" for one in _LETTERS for two in _LETTERS for end in ("tion", "dad")]
DEAREST = {
    "words": " ".join(f"{word}ing" for word in _MANY_WORDS[:300]),
    "words that must all be there": " AND ".join(_MANY_WORDS[:300]),
    "words that must not": "vendors " + " ".join(f"-{word}" for word in _MANY_WORDS[:299]),
    "beginnings": " OR ".join(f"{word[:2]}*" for word in _MANY_WORDS[:40:2]),
    "near spellings": " OR ".join(f"{word}abc~2" for word in _MANY_WORDS[:6]),
    "phrases": " OR ".join(f'"{word} market"' for word in _MANY_WORDS[:100]),
    "a phrase": f'"{" ".join(_MANY_WORDS[:300])}"',
    "loose phrases": " OR ".join(f'"a b c d e f g h i {word}"~50' for word in _MANY_WORDS[:10]),
    "open phrases": " OR ".join(f'"the {word[:3]}"*' for word in _MANY_WORDS[:10:2]),
    "values": "country:" + ",".join(sorted(load_vocabulary().concepts(Facet.COUNTRY))[:100]),
}
"""By kind: as much of it as one text may ask for (search_api.query.budget)."""


def ask(engine: SearchEngine, text: str = "", **others: Any) -> EngineResults:
    """Search as the service does."""
    query = SearchQuery(text=text, **others)
    return engine.search(query, tree=parse(text, vocabulary=load_vocabulary()).tree)


def ids(results: EngineResults) -> list[str]:
    return [hit.id for hit in results.hits]


def found(engine: SearchEngine, text: str = "", **others: Any) -> set[str]:
    return set(ids(ask(engine, text, **others)))


def pages_of(engine: SearchEngine, text: str, *documents: str) -> dict[str, tuple[int, ...]]:
    matches = engine.pages(parse(text, vocabulary=load_vocabulary()).tree, documents=documents, limit=3)
    return {document: tuple(page.number for page in each.best) for document, each in matches.items()}


class EngineContract:
    """Inherit, give the fixture `engine`, and every promise is tried."""

    @pytest.fixture
    def engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def full(self, engine: SearchEngine) -> SearchEngine:
        """Return the engine with five documents."""
        engine.apply(changed(EVERYONE))
        return engine

    # --- words ----------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("vendors", {"d1"}),
            ("VENDOR", {"d1"}),
            ("street vendors", {"d1"}),
            ("the street vendors", {"d1"}),
            ("vendors accra", set()),
            ("vendors OR accra", {"d1", "d3"}),
            ("market", {"d1", "d3"}),
            ("market -vendors", {"d3"}),
            ("market NOT accra", {"d1"}),
            ("-market", {"d2", "d4", "d5"}),
            ("NOT (market OR salario)", {"d4", "d5"}),
            ("accra OR -the", {"d2", "d3", "d4", "d5"}),
            ("(vendors OR traders) market", {"d1", "d3"}),
            ("trabajadora", {"d2"}),
            ("salario minimo", {"d2"}),
            ("el salario de las trabajadoras", {"d2"}),
            ("vendeuse", {"d4"}),
            ("l'économie", {"d4"}),
            ("venditori", {"d5"}),
            ("LAVORO", {"d5"}),
            ("home-based", {"d3"}),
            ("home based workers", {"d3"}),
            ('"street vendors"', {"d1"}),
            ('"street vendor"', set()),
            ('"vendors of lima"', {"d1"}),
            ('"vendors lima"', set()),
            ('"vendors lima"~1', {"d1"}),
            ('"street vend"*', {"d1"}),
            ('"salario minimo"', {"d2"}),
            ("vend*", {"d1", "d4", "d5"}),
            ("vendrs~", {"d1"}),
            ("vnedors~", {"d1"}),
            ("vxndxrs~1", set()),
            ("vxndxrs~2", {"d1"}),
            ("title:lima", {"d1"}),
            ("title:income", set()),
            ("author:quispe", {"d1"}),
            ('author:"ana quispe"', {"d1"}),
            ("publisher:estudios", {"d1"}),
            ("country:PER", {"d1"}),
            ("country:peru market", {"d1"}),
            ("-country:peru", {"d2", "d3", "d4", "d5"}),
            ("year:2018..", {"d1", "d2"}),
            ("year:[2015 TO 2019]", {"d1", "d3"}),
            ("lang:es,fr", {"d2", "d4"}),
            ("", {"d1", "d2", "d3", "d4", "d5"}),
            ("?!", {"d1", "d2", "d3", "d4", "d5"}),
        ],
    )
    def test_words_find_documents(self, full: SearchEngine, text: str, wanted: set[str]) -> None:
        assert found(full, text) == wanted
        assert ask(full, text).total == len(wanted)

    def test_mentions_are_found_on_demand(self, full: SearchEngine) -> None:
        assert found(full, "country:PER", about=False) == {"d1", "d3"}
        assert found(full, "country:peru market", about=False) == {"d1", "d3"}
        assert found(full, "-country:peru", about=False) == {"d2", "d4", "d5"}

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("información", {"d1"}),
            ("informacion", {"d1"}),
            ("INFORMACION", {"d1"}),
            ("informaciones", {"d1"}),
            ("informações", {"d2"}),
            ("informacao", {"d2"}),
            ("INFORMAÇÃO", {"d2"}),
        ],
    )
    def test_accents_need_not_be_typed(self, engine: SearchEngine, text: str, wanted: set[str]) -> None:
        spanish = make_document("d1", lang="es", title="Uno", pages=("Más información sobre el sector.",))
        portuguese = make_document("d2", lang="pt", title="Dois", pages=("Mais informação sobre o setor.",))
        engine.apply(changed([spanish, portuguese]))
        assert found(engine, text) == wanted

    def test_what_only_a_stemmer_joins_is_not_found_and_counts_where_the_word_is_too(
        self, engine: SearchEngine
    ) -> None:
        formal = make_document("d1", title="One", pages=("Formalization of stalls, and a word more.",))
        both = make_document("d2", title="Two", pages=("Formalization and formal stalls, words.",))
        word = make_document("d3", title="Two", pages=("Registration and formal stalls, words.",))
        engine.apply(changed([formal, both, word]))
        assert ids(ask(engine, "formal")) == ["d2", "d3"]

    def test_a_concept_is_found_by_any_of_its_names(self, engine: SearchEngine) -> None:
        named = make_tag("group", "street_vendors", places=((1, 2),))
        typed = make_document("d1", title="One", pages=("Street vendors of the town.",))
        other = make_document("d2", title="Dos", lang="es", pages=("Las vivanderas del pueblo.",), tags=(named,))
        neither = make_document("d3", title="Three", pages=("The vendors are gone, the street is empty.",))
        nothing = make_document("d4", title="Four", pages=("Nothing of that kind.",))
        engine.apply(changed([typed, other, neither, nothing]))
        assert found(engine, "street vendors") == {"d1", "d2", "d3"}
        assert found(engine, "vendeurs de rue") == {"d2"}
        assert pages_of(engine, "street vendors", "d2", "d4") == {"d2": (1,)}

    def test_scattered_words_of_a_name_count_less_than_the_name(self, engine: SearchEngine) -> None:
        named = make_tag("group", "street_vendors", places=((1, 2),))
        other = "roads schools clinics harvest rainfall transport " * 2
        documents = [
            make_document("words", title="One", pages=(f"The vendors are gone. {other} The street is empty.",)),
            make_document(
                "name", title="Dos", lang="es", pages=(f"Las vivanderas del pueblo. {other}",), tags=(named,)
            ),
        ]
        engine.apply(changed(documents))
        assert ids(ask(engine, "street vendors")) == ["name", "words"]

    def test_of_a_concept_what_has_more_words_of_the_typed_name_comes_first(self, engine: SearchEngine) -> None:
        artisans = make_tag("group", "artisans", places=((1, 2),))
        texts = {
            "all": "Los artesanos del pueblo venden en la plaza.",
            "indigenous": "Los artesanos indígenas venden en la plaza.",
        }
        engine.apply(
            changed(
                [
                    make_document(name, title="Uno", lang="es", pages=(text,), tags=(artisans,))
                    for name, text in texts.items()
                ]
            )
        )
        assert ids(ask(engine, "artesanas indigenas")) == ["indigenous", "all"]

    def test_a_word_that_only_hints_at_a_concept_counts_more_than_the_concept(self, engine: SearchEngine) -> None:
        growth = make_tag("topic", "globalization_work", places=((1, 2),))
        engine.apply(
            changed(
                [
                    make_document(
                        "growth", title="One", pages=("Globalization and its jobs in the towns.",), tags=(growth,)
                    ),
                    make_document("word", title="Two", pages=("Years of unemployment in all of the towns.",)),
                ]
            )
        )
        assert ids(ask(engine, "unemployment")) == ["word", "growth"]

    def test_a_concept_is_found_by_narrower_ones_and_a_region_by_its_countries(self, engine: SearchEngine) -> None:
        tags = (make_tag("group", "homeworkers", places=((1, 1),)), make_tag("country", "PER", places=((0, 1),)))
        engine.apply(changed([make_document("d1", title="One", pages=("People of Juliaca.",), tags=tags)]))
        assert found(engine, "Perú") == {"d1"}
        assert found(engine, "Latin America") == {"d1"}
        assert found(engine, "home-based workers") == {"d1"}
        assert found(engine, "Ghana") == set()

    def test_documents_that_lack_something_are_near_and_no_answers(self, full: SearchEngine) -> None:
        query = SearchQuery(text="income accra")
        tree = parse(query.text, vocabulary=load_vocabulary()).tree
        assert ask(full, query.text).total == 0
        near = {each.hit.id: each.missing for each in near_documents(query, tree=tree, engine=full)}
        assert set(near) == {"d1", "d3"}
        assert near["d1"] == ("accra",)
        assert near["d3"] == ("income",)

    def test_a_document_with_a_word_of_another_language_is_near_and_no_answer(self, full: SearchEngine) -> None:
        vocabulary = load_vocabulary()
        query = SearchQuery(text="economy")
        tree = parse(query.text, vocabulary=vocabulary).tree
        assert found(full, "economy") == set()
        (near,) = near_documents(query, tree=tree, engine=full)
        assert (near.hit.id, near.missing) == ("d4", ("economy",))
        assert found(full, "économie") == {"d4"}
        switched_off = parse(query.text, vocabulary=vocabulary, off=(SWITCH,)).tree
        assert near_documents(query, tree=switched_off, engine=full) == ()

    def test_near_documents_keep_to_filters_and_to_their_number(self, full: SearchEngine) -> None:
        tree = parse("income accra", vocabulary=load_vocabulary()).tree

        def near(**others: Any) -> set[str]:
            hits = near_documents(SearchQuery(text="income accra", **others), tree=tree, engine=full)
            return {each.hit.id for each in hits}

        assert near(years=YearRange(2019, None)) == {"d1"}
        assert len(near(near=1)) == 1
        assert near(near=0) == near(sort=Sort.NEWEST) == set()

    def test_what_is_quoted_or_excluded_is_lacking_in_no_near_document(self, full: SearchEngine) -> None:
        for text, wanted in (('income accra "street vendors"', {"d1"}), ("income accra -lima", {"d3"})):
            tree = parse(text, vocabulary=load_vocabulary()).tree
            assert {each.hit.id for each in near_documents(SearchQuery(text=text), tree=tree, engine=full)} == wanted

    def test_strict_finds_words_as_they_are_written(self, full: SearchEngine) -> None:
        def strictly(text: str) -> set[str]:
            tree = parse(text, vocabulary=load_vocabulary(), strict=True).tree
            return set(ids(full.search(SearchQuery(text=text, strict=True), tree=tree)))

        assert strictly("vendors") == {"d1"}
        assert strictly("vendor") == set()
        assert strictly("SALARIO minimo") == {"d2"}

    def test_a_long_text_finds_documents_with_some_of_its_words_most_words_first(self, full: SearchEngine) -> None:
        results = ask(full, "what do the street vendors of the market in Lima or elsewhere sell")
        assert ids(results)[:2] == ["d1", "d3"] or ids(results) == ["d1"]

    def test_a_quoted_foreign_word_is_as_rare_as_the_word_itself(self, engine: SearchEngine) -> None:
        # In Spanish documents English "workers" keeps its s, and only one of them has it: rare, but not the better answer.
        english = [
            make_document(
                f"d{number}", title=f"Report {number}", pages=(f"The workers of town {number}, and other workers.",)
            )
            for number in range(1, 9)
        ]
        spanish = [
            make_document(
                f"d{number}", title=f"Informe {number}", lang="es", pages=(f"Las ventas del pueblo {number}.",)
            )
            for number in range(11, 19)
        ]
        quoting = make_document("d20", title="Informe", lang="es", pages=("Véase el informe Workers de la ciudad.",))
        engine.apply(changed((*english, *spanish, quoting)))
        hits = ask(engine, "workers").hits
        assert len(hits) == 9
        assert ids(ask(engine, "workers"))[-1] == "d20"

    def test_a_word_counts_no_more_for_standing_in_the_only_document_of_its_language(
        self, engine: SearchEngine
    ) -> None:
        named = make_tag("topic", "child_labour", places=((1, 2),))
        other = " roads schools clinics harvest rainfall transport" * 2
        english = [
            make_document(f"d{number}", title="Report", pages=(f"Child labour in mines.{other}",), tags=(named,))
            for number in range(1, 9)
        ]
        spanish = make_document(
            "d20", title="Informe", lang="es", pages=(f"Trabajo diario. Jardín infantil. Minas.{other}",)
        )
        engine.apply(changed((*english, spanish)))
        assert ids(ask(engine, "trabajo infantil"))[-1] == "d20"

    def test_a_classification_is_above_reports_for_its_title_and_codes_alone(self, engine: SearchEngine) -> None:
        kinds = [
            f"{page}0{code} Vendors of ware{page}{code} at door{page}{code}"
            for page in range(10, 22)
            for code in range(8)
        ]
        pages = tuple("\n".join(kinds[first : first + 8]) for first in range(0, len(kinds), 8))
        listing = make_document("d1", title="Classification of occupations", pages=pages)
        body = " roads schools clinics harvest rainfall transport" * 4
        report = make_document(
            "d2", title="Report", pages=(*[f"Vendors.{body}"] * 3, f"Occupations of the city.{body}")
        )
        engine.apply(changed((listing, report)))
        assert ids(ask(engine, "vendors")) == ["d2", "d1"]
        assert ids(ask(engine, "classification occupations"))[0] == "d1"
        assert found(engine, "1503") == {"d1"}
        assert pages_of(engine, "1503", "d1") == {"d1": (6,)}

    def test_a_word_of_the_title_counts_more_than_one_of_the_text(self, engine: SearchEngine) -> None:
        title = make_document("d9", title="Taxes in Kigali", pages=("Nothing of that kind is said here.",))
        text = make_document("d8", title="Fees in Kigali", pages=("Nothing of that kind, taxes, is said.",))
        engine.apply(changed([title, text]))
        assert ids(ask(engine, "taxes")) == ["d9", "d8"]

    @pytest.mark.parametrize(
        "text",
        ["((((((((((", '"' * 301, "NOT " * 300, "a" * 2000, "\x00", "* OR *", "title:", "-", "(" * 900 + "a", "a~ b~~ ~",
         "[a TO", "year:[9999 TO 0]", "+-+-", "😀 OR ñ", "country:" + "x" * 500, "/.*.*.*/", "^^^", "a^1e400 b"],
    )  # fmt: skip
    def test_hostile_text_is_answered(self, full: SearchEngine, text: str) -> None:
        results = ask(full, text)
        assert 0 <= results.total <= 5

    # --- filters and counts ---------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("filters", "wanted"),
        [
            ({"countries": ("PER",)}, {"d1"}),
            ({"countries": ("PER",), "about": False}, {"d1", "d3"}),
            ({"countries": ("PER", "MEX")}, {"d1", "d2"}),
            ({"countries": ("PER", "MEX"), "about": False}, {"d1", "d2", "d3"}),
            ({"regions": ("419",)}, {"d1", "d2"}),
            ({"regions": ("419",), "about": False}, {"d1", "d2", "d3"}),
            ({"regions": ("wb:SSA",)}, {"d3"}),
            ({"groups": ("street_vendors",)}, {"d1"}),
            ({"groups": ("informal_workers",), "countries": ("PER",)}, set()),
            ({"langs": ("fr", "it")}, {"d4", "d5"}),
            ({"sources": ("other",)}, {"d2"}),
            ({"types": ("report",)}, {"d1"}),
            ({"years": YearRange(2015, 2019)}, {"d1", "d3"}),
            ({"years": YearRange(None, 2018)}, {"d3"}),
            ({"years": YearRange(2021, None), "countries": ("PER",)}, set()),
        ],
    )
    def test_filters_narrow(self, full: SearchEngine, filters: dict[str, Any], wanted: set[str]) -> None:
        assert found(full, **filters) == wanted

    def test_counts_follow_text_and_other_filters_but_not_their_own(self, full: SearchEngine) -> None:
        counts = ask(full, "market", countries=("GHA",), about=False).counts
        assert counts["country"] == {"PER": 2, "COL": 1, "GHA": 1}
        assert counts["year"] == {"2015": 1}
        assert counts["lang"] == {"en": 1}

    def test_counts_of_what_documents_are_about(self, full: SearchEngine) -> None:
        counts = ask(full).counts
        assert counts["country"] == {"PER": 1, "MEX": 1, "GHA": 1}
        assert counts["region"]["419"] == 2

    def test_a_filter_on_years_leaves_the_counts_of_years_alone(self, full: SearchEngine) -> None:
        assert ask(full, years=YearRange(2019, 2019)).counts["year"] == {"2015": 1, "2019": 1, "2021": 1}

    def test_a_count_is_what_the_filter_brings(self, full: SearchEngine) -> None:
        for region, count in ask(full).counts["region"].items():
            assert ask(full, regions=(region,)).total == count

    # --- order and cursors ----------------------------------------------------------------------------------------

    def test_sorts(self, full: SearchEngine) -> None:
        assert ids(ask(full, sort=Sort.NEWEST)) == ["d2", "d1", "d3", "d4", "d5"]
        assert ids(ask(full, sort=Sort.OLDEST)) == ["d3", "d1", "d2", "d4", "d5"]
        assert ids(ask(full, sort=Sort.FIRST_SEEN)) == ["d5", "d4", "d3", "d2", "d1"]
        assert ids(ask(full)) == ids(ask(full, sort=Sort.NEWEST))
        assert ids(ask(full, "market", sort=Sort.OLDEST)) == ["d3", "d1"]

    def test_ties_go_by_id(self, engine: SearchEngine) -> None:
        same = [make_document(f"d{number:02}", title="Same", pages=("same text",)) for number in (7, 3, 11, 1, 9, 5)]
        engine.apply(changed(same))
        for text in ("same", "sam*", ""):
            assert ids(ask(engine, text)) == ["d01", "d03", "d05", "d07", "d09", "d11"]

    @pytest.mark.parametrize("sort", list(Sort))
    @pytest.mark.parametrize("text", ["work", "work OR rare", "", "wor*", "-rare"])
    def test_cursors_give_every_hit_once_in_order(self, engine: SearchEngine, text: str, sort: Sort) -> None:
        many = [
            make_document(
                f"d{number * 7 % 23:02}",
                title="On work",
                pages=("work " * (number % 4) + "other words" + (" rare" if number % 5 == 0 else ""),),
                published=str(2000 + number % 3) if number % 4 else "",
            )
            for number in range(23)
        ]
        engine.apply(changed(many))
        whole = ids(ask(engine, text, sort=sort, limit=100))
        walked: list[str] = []
        cursor = ""
        for _ in range(20):
            part = ask(engine, text, sort=sort, limit=4, cursor=cursor)
            walked += ids(part)
            cursor = part.next
            if not cursor:
                break
        assert walked == whole
        assert len(set(walked)) == len(walked) == ask(engine, text, sort=sort).total

    def test_a_cursor_goes_on_after_its_hit_when_the_index_has_changed(self, full: SearchEngine) -> None:
        first = ask(full, sort=Sort.NEWEST, limit=2)
        newer = make_document("d0", title="Newer", published="2024")
        full.apply(changed([newer], first=6))
        assert ids(ask(full, sort=Sort.NEWEST, limit=10, cursor=first.next)) == ["d3", "d4", "d5"]

    def test_a_cursor_of_another_search_is_refused(self, full: SearchEngine) -> None:
        cursor = ask(full, limit=1).next
        with pytest.raises(BadQuery, match="cursor") as caught:
            ask(full, "vendors", cursor=cursor)
        assert caught.value.parameter == "cursor"
        with pytest.raises(BadQuery):
            ask(full, cursor="bm9uc2Vuc2U")

    # --- pages ----------------------------------------------------------------------------------------------------

    def test_pages_that_answer(self, full: SearchEngine) -> None:
        assert pages_of(full, "income", "d1", "d2") == {"d1": (2,)}
        assert pages_of(full, "derechos trabajadoras", "d2") == {"d2": (2, 1)}
        assert pages_of(full, '"cooked food"', "d1") == {"d1": (1,)}
        assert pages_of(full, "inco*", "d1") == {"d1": (2,)}
        assert pages_of(full, "the", "d3") == {"d3": (1,)}
        assert pages_of(full, "", "d1") == {}
        assert pages_of(full, "country:PER", "d1") == {}

    def test_pages_with_all_the_words_come_first_and_are_counted(self, full: SearchEngine) -> None:
        matches = full.pages(parse("vendors taxes", vocabulary=load_vocabulary()).tree, documents=["d1"], limit=3)
        assert [page.number for page in matches["d1"].best] == [3, 1]
        assert matches["d1"].whole == 1

    def test_pages_are_found_for_words_that_are_spread_over_them(self, full: SearchEngine) -> None:
        matches = full.pages(parse("income lima", vocabulary=load_vocabulary()).tree, documents=["d1"], limit=3)
        assert {page.number for page in matches["d1"].best} == {1, 2}
        assert matches["d1"].whole == 0

    def test_no_more_pages_than_asked_and_ties_by_number(self, engine: SearchEngine) -> None:
        engine.apply(changed([make_document("d1", pages=("same words",) * 9)]))
        assert pages_of(engine, "words", "d1") == {"d1": (1, 2, 3)}

    def test_a_report_that_answers_on_one_page_is_above_one_that_scatters_the_words(self, engine: SearchEngine) -> None:
        other = "roads schools clinics harvest rainfall transport "
        scattered = [f"{word} {other * 8}" for word in ("vendors", "harassment", "police", "") for _ in range(4)]
        answering = [f"{other * 8}"] * 15 + [f"police harassment vendors {other * 8}"]
        reports = [
            make_document("scattered", title="One", pages=tuple(scattered)),
            make_document("answering", title="Two", pages=tuple(answering)),
            make_document("other", title="Three", pages=(other,)),
        ]
        engine.apply(changed(reports))
        assert ids(ask(engine, "vendors harassment police")) == ["answering", "scattered"]

    def test_a_list_of_references_lifts_no_document(self, engine: SearchEngine) -> None:
        body, listed = "roads schools clinics ", "vendors police "
        reports = [
            make_document("references", title="One", pages=(body * 9, listed), back_matter=(2,)),
            make_document("text", title="Two", pages=(body * 9, listed)),
        ]
        engine.apply(changed(reports))
        assert ids(ask(engine, "vendors police")) == ["text", "references"]

    def test_a_list_of_references_is_never_the_best_page(self, engine: SearchEngine) -> None:
        engine.apply(changed([REFERRING]))
        matches = engine.pages(parse("street vendors", vocabulary=load_vocabulary()).tree, documents=["d1"], limit=3)
        assert [page.number for page in matches["d1"].best] == [2, 3]
        assert matches["d1"].whole == 1
        assert matches["d1"].best[1].score > matches["d1"].best[0].score
        assert pages_of(engine, "vendors pay", "d1") == {"d1": (1, 2, 3)}

    def test_back_matter_is_shown_when_nothing_else_has_the_words(self, engine: SearchEngine) -> None:
        engine.apply(changed([REFERRING]))
        tree = parse('"vendors in the cities"', vocabulary=load_vocabulary()).tree
        matches = engine.pages(tree, documents=["d1"], limit=3)
        assert [page.number for page in matches["d1"].best] == [3]
        assert matches["d1"].whole == 0
        assert found(engine, '"vendors in the cities"') == {"d1"}
        assert engine.indexed_pages(["d1"]) == {"d1": 3}

    def test_back_matter_goes_by_score_and_takes_the_places_that_are_left(self, engine: SearchEngine) -> None:
        pages = (
            "Contents. Vendors 7",
            "Words.",
            "Vendors.",
            "Vendors, vendors, vendors. Vendors.",
            "The vendors sell.",
        )
        engine.apply(changed([make_document("d1", pages=pages, back_matter=(1, 4))]))
        found = engine.pages(parse("vendors", vocabulary=load_vocabulary()).tree, documents=["d1"], limit=3)["d1"]
        assert [page.number for page in found.best] == [3, 5, 4]
        assert found.whole == 2

    def test_running_heads_find_no_page_and_notes_and_tables_do(self, engine: SearchEngine) -> None:
        head = (Zone.RUNNING, "Street vendors of Accra")
        pages = (
            zoned_page(1, head, (Zone.BODY, "The market opens early.")),
            zoned_page(2, head, (Zone.TABLE, "Porters  12"), (Zone.CAPTION, "Source: market census")),
            zoned_page(3, head, (Zone.BODY, "The vendors of Accra pay."), (Zone.FOOTNOTE, "In cedis a day.")),
        )
        engine.apply(changed([replace(make_document("d1", title="Fees"), pages=pages, page_count=3)]))
        assert pages_of(engine, "vendors Accra", "d1") == {"d1": (3,)}
        assert pages_of(engine, '"market census"', "d1") == {"d1": (2,)}
        assert pages_of(engine, '"cedis a day"', "d1") == {"d1": (3,)}
        assert pages_of(engine, "porters", "d1") == {"d1": (2,)}
        assert found(engine, '"street vendors of accra"') == {"d1"}
        assert engine.indexed_pages(["d1"]) == {"d1": 3}

    def test_a_page_is_not_the_best_for_what_it_only_cites(self, engine: SearchEngine) -> None:
        cited = (Zone.REFERENCES, "Bromley, R. Vendors, vendors and vendors. Lima, 1998.")
        pages = (
            zoned_page(1, (Zone.BODY, "Taxes are paid by all, and some of those who pay them are vendors too.")),
            zoned_page(2, (Zone.BODY, "Others pay none."), cited),
        )
        engine.apply(changed([replace(make_document("d1", title="Fees"), pages=pages, page_count=2)]))
        assert pages_of(engine, "vendors", "d1") == {"d1": (1,)}
        assert pages_of(engine, "Bromley", "d1") == {"d1": (2,)}

    def test_it_says_how_many_pages_of_each_document_can_be_found(self, full: SearchEngine) -> None:
        assert full.indexed_pages(["d1", "d2", "nobody"]) == {"d1": 3, "d2": 2}
        assert full.indexed_pages([]) == {}

    def test_pages_without_a_word_and_documents_without_pages_count_none(self, engine: SearchEngine) -> None:
        empty_page = make_document("d1", pages=("Words.", "", " \n ... \u2014 !", "More words."))
        scan = make_document("d2", pages=())
        assert engine.indexed_pages(["d1"]) == {}
        engine.apply(changed([empty_page, scan]))
        assert engine.indexed_pages(["d1", "d2"]) == {"d1": 2, "d2": 0}

    def test_the_count_follows_what_is_changed_and_removed(self, full: SearchEngine) -> None:
        shorter = make_document("d1", pages=("The only page that is left.",))
        full.apply([*changed([shorter], first=11), removed("d2", sequence=12)])
        assert full.indexed_pages(["d1", "d2", "d3"]) == {"d1": 1, "d3": 1}

    def test_pages_of_thousands_of_documents_are_counted(self, engine: SearchEngine) -> None:
        many = [make_document(f"d{number}", pages=("One page.", "Another.")) for number in range(2100)]
        engine.apply(changed(many))
        counted = engine.indexed_pages([each.id for each in many])
        assert (len(counted), set(counted.values())) == (2100, {2})

    # --- changes --------------------------------------------------------------------------------------------------

    def test_an_empty_index_answers(self, engine: SearchEngine) -> None:
        assert ask(engine, "anything").total == 0
        assert ask(engine).counts["country"] == {}
        assert pages_of(engine, "anything", "d1") == {}
        assert engine.applied_sequence() == 0
        assert engine.statistics().documents == 0

    def test_a_retitled_document_is_found_by_its_new_words_only(self, full: SearchEngine) -> None:
        full.apply(changed([replace(ACCRA, title="Bazaars of Accra")], first=6))
        assert found(full, "title:bazaars") == {"d3"}
        assert found(full, "title:markets") == set()
        assert full.statistics().documents == 5

    def test_a_removed_document_is_gone_with_its_pages(self, full: SearchEngine) -> None:
        full.apply([removed("d1", sequence=6)])
        assert found(full, "vendors") == set()
        assert pages_of(full, "vendors", "d1") == {}
        assert full.statistics().pages == 5
        assert full.applied_sequence() == 6

    def test_a_shorter_document_loses_its_last_pages(self, full: SearchEngine) -> None:
        full.apply(changed([replace(LIMA, pages=LIMA.pages[:1])], first=6))
        assert pages_of(full, "income OR street", "d1") == {"d1": (1,)}

    def test_applying_twice_changes_nothing(self, full: SearchEngine) -> None:
        before = [(hit.id, hit.score) for hit in ask(full, "market OR vendors OR trabajadoras").hits]
        full.apply(changed(EVERYONE))
        assert [(hit.id, hit.score) for hit in ask(full, "market OR vendors OR trabajadoras").hits] == before
        assert (full.statistics().documents, full.statistics().pages) == (5, 8)

    def test_the_sequence_number_is_told_after_each_commit(self, engine: SearchEngine) -> None:
        told: list[int] = []
        assert engine.apply(changed(EVERYONE), on_commit=told.append) == 5
        assert told[-1] == 5
        assert engine.applied_sequence() == 5
        assert engine.apply([]) == 5

    @pytest.mark.parametrize("error", [BrokenPipeError("the terminal is gone"), ValueError("a bug elsewhere")])
    def test_what_goes_wrong_where_changes_come_from_is_not_blamed_on_the_index(
        self, engine: SearchEngine, error: Exception
    ) -> None:
        def coming() -> Iterator[Change]:
            yield from changed(EVERYONE[:2])
            raise error

        def told(_: int) -> None:
            raise error

        with pytest.raises(type(error)) as drawing:
            engine.apply(coming())
        with pytest.raises(type(error)) as telling:
            engine.apply(changed(EVERYONE), on_commit=told)
        assert drawing.value is telling.value is error
        engine.apply(changed(EVERYONE))
        assert ask(engine).total == 5

    @pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
    def test_a_cursor_that_a_stranger_made_is_refused(self, full: SearchEngine, sort: Sort) -> None:
        made_elsewhere = Cursors().write(Cursor(position=999_999_999, key="x", score=0.0), query=SearchQuery(sort=sort))
        for cursor in (made_elsewhere, "WyIyYjdlNTViOSIsOTk5OTk5OTk5LCJ4IiwwLjBd"):
            with pytest.raises(BadQuery, match="does not belong"):
                ask(full, sort=sort, cursor=cursor)

    @pytest.mark.parametrize("kind", DEAREST)
    def test_the_dearest_text_that_is_admitted_is_answered(self, full: SearchEngine, kind: str) -> None:
        found = ask(full, DEAREST[kind], limit=100)
        pages = full.pages(parse(DEAREST[kind], vocabulary=load_vocabulary()).tree, documents=["d1", "d2"], limit=3)
        assert (found.total, len(found.hits)) == (found.total, min(found.total, 100))
        assert set(pages) <= {"d1", "d2"}

    def test_a_rebuild_gives_the_same_answers(self, full: SearchEngine) -> None:
        before = ask(full, "vendors OR market")
        full.apply(changed([replace(LIMA, title="Another title")], first=6))
        assert full.rebuild(ChangeLog(changed(EVERYONE))) == 5
        assert ask(full, "vendors OR market") == before

    def test_a_document_without_text_or_tags_is_found_by_its_title(self, engine: SearchEngine) -> None:
        engine.apply(changed([make_document("d1", title="Scanned decree", pages=())]))
        assert found(engine, "decree") == {"d1"}
        assert found(engine) == {"d1"}
