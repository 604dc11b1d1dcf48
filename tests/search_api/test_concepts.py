"""Names of the vocabulary and other words of a search, typed as people type them: without accents."""

from __future__ import annotations

import pytest

from corpus.types import Facet
from corpus.vocabulary import Strength, Vocabulary, load_vocabulary
from corpus.vocabulary.spelling import without_accents
from search_api.analysis import query_words, words
from search_api.query.concepts import concepts_of


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize(
    ("typed", "concept"),
    [
        ("empregada domestica", "domestic_workers"),
        ("trabajadora domestica", "domestic_workers"),
        ("servicio domestico", "domestic_workers"),
        ("travailleurs a domicile", "home_based_workers"),
        ("ouvriere à domicile", "home_based_workers"),
    ],
)
def test_a_name_is_known_whole_without_its_accents(typed: str, concept: str, vocabulary: Vocabulary) -> None:
    (named,) = concepts_of(vocabulary).find(typed.split())
    assert (named.first, named.last) == (0, len(typed.split()))
    assert (Facet.GROUP, concept) in named.concepts


def test_the_names_of_the_vocabulary_mean_the_same_without_accents(vocabulary: Vocabulary) -> None:
    find = concepts_of(vocabulary).find
    names = {
        name
        for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC)
        for term in vocabulary.terms(facet)
        if term.strength in (Strength.STRONG, Strength.SEARCH) and term.is_searched
        for name in term.forms
        if without_accents(name) != name
    }
    lost = []
    for name in sorted(names)[::10]:
        bare = find(without_accents(name).split())
        for named in find(name.split()):
            if not any(
                each.first <= named.first and named.last <= each.last and set(named.concepts) <= set(each.concepts)
                for each in bare
            ):
                lost.append(name)
    assert len(names) > 2000
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "concepts"),
    [
        # Strong words of a trade too, by which a text is tagged.
        ("waste pickers", {"group:waste_pickers"}),
        ("street vendors", {"group:street_vendors"}),
        ("trabajadoras domésticas", {"group:domestic_workers"}),
        ("vendedores ambulantes", {"group:street_vendors"}),
        ("catadores", {"group:waste_pickers"}),
        ("hawkers", {"group:street_vendors"}),
        # Strong words of informal workers too.
        ("informal economy", {"topic:informality_concepts"}),
        ("economía informal", {"topic:informality_concepts"}),
        ("secteur informel", {"topic:informality_concepts"}),
        # Words that texts say of anything.
        ("collectors", set()),
        ("goats", set()),
        ("producers", set()),
        ("vende", set()),
        # Names for searching of both.
        ("brick kilns", {"group:brick_kiln_workers", "sector:construction_materials"}),
        ("artisanal mining", {"group:small_scale_miners", "sector:mining_asm"}),
        ("informal workers", {"group:informal_workers", "topic:informality_concepts"}),
        ("farmers", {"group:smallholder_farmers", "sector:agriculture"}),
        ("vendors", {"group:street_vendors"}),
    ],
)
def test_words_that_speak_for_several_in_texts_name_only_what_is_searched_for(
    typed: str, concepts: set[str], vocabulary: Vocabulary
) -> None:
    named = concepts_of(vocabulary).find(typed.split())
    assert {f"{facet}:{concept}" for each in named for facet, concept in each.concepts} == concepts


@pytest.mark.parametrize(
    ("typed", "printed", "lang"),
    [
        ("domestica", "doméstica", "pt"),
        ("publica", "pública", "es"),
        ("clinica", "clínica", "pt"),
        ("especifica", "específica", "es"),
        ("arboles", "árboles", "es"),
        ("presente", "présenté", "fr"),
    ],
)
def test_a_word_without_accents_is_each_of_the_words_that_it_may_be(typed: str, printed: str, lang: str) -> None:
    (form,) = words(printed, lang)
    (asked,) = query_words(typed)
    assert form in asked.forms


@pytest.mark.parametrize(
    "name", ["street vendors", "waste pickers", "recicladores", "pescadores", "artisans", "maraîchers", "sucateiros"]
)
def test_the_name_of_people_does_not_widen_a_search_to_all_of_their_sector(vocabulary: Vocabulary, name: str) -> None:
    (named,) = concepts_of(vocabulary).find(name.split())
    assert {facet for facet, _ in named.concepts} == {Facet.GROUP}


def test_the_name_of_a_sector_still_names_it(vocabulary: Vocabulary) -> None:
    (named,) = concepts_of(vocabulary).find(["retail", "trade"])
    assert (Facet.SECTOR, "retail_street_trade") in named.concepts


@pytest.mark.parametrize(
    "typed",
    [
        "como van los vendedores",  # a form of ir, as Irán without its accent is one
        "fueron las artesanas",
        "eco friendly vendors",
        "ils cubent le bois des menuisiers",
        "asian vendors",
    ],
)
def test_a_form_of_a_word_is_no_place_whose_name_is_another_form_of_it(typed: str, vocabulary: Vocabulary) -> None:
    named = [facet for each in concepts_of(vocabulary).find(typed.split()) for facet, _ in each.concepts]
    assert Facet.COUNTRY not in named
    assert typed.startswith("asian") or Facet.REGION not in named


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        *((name, "IRN") for name in ("Irán", "Iran", "Irã", "iran", "iranians")),
        *((name, "CUB") for name in ("Cuba", "cubanos", "cubaine")),
        *((name, "PER") for name in ("Peru", "Perú", "Pérou", "peruanas")),
        *((name, "CIV") for name in ("Ivory Coast", "cote d ivoire", "Costa de Marfil")),
        *((name, "TLS") for name in ("Timor-Leste", "East Timor")),
    ],
)
def test_a_place_is_known_by_its_names_and_its_people(typed: str, country: str, vocabulary: Vocabulary) -> None:
    named = [
        each for stretch in concepts_of(vocabulary).find(typed.replace("-", " ").split()) for each in stretch.concepts
    ]
    assert (Facet.COUNTRY, country) in named


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("oficina nacional de empleo", "oficina"),  # Portuguese: a workshop
        ("redes sociales", "redes"),
        ("redes de proteção social", "redes"),
        ("application form for permits", "application"),
        ("revenue of the town", "revenue"),
        ("la formalidad y el cargo público", "cargo"),
        ("tasa de informalidad", "tasa"),
        ("taxas de desemprego", "taxas"),
        ("clasificador de ocupaciones", "clasificador"),
        ("clasificador nacional de actividades", "clasificador"),
        ("conditions de travail et travail", "travail"),
    ],
)
def test_a_word_of_one_language_is_no_name_of_another(typed: str, word: str, vocabulary: Vocabulary) -> None:
    words_typed = typed.split()
    alone = [number for number, each in enumerate(words_typed) if each == word]
    named = concepts_of(vocabulary).find(words_typed)
    assert not [each for each in named if (each.first, each.last) in [(number, number + 1) for number in alone]]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("catadores in Brazil", "catadores"),
        ("cartoneros of Buenos Aires", "cartoneros"),
        ("taxa de licença", "taxa"),
        ("oficina de costura", "oficina"),
        ("clasificadores Montevideo", "clasificadores"),
        ("women in Peru", "women"),
        ("zungueiras Luanda women", "zungueiras"),
    ],
)
def test_a_name_is_known_among_words_of_another_language(typed: str, word: str, vocabulary: Vocabulary) -> None:
    number = typed.split().index(word)
    assert number in [each.first for each in concepts_of(vocabulary).find(typed.split())]


def test_a_region_named_by_several_words_is_known_in_other_forms_of_them(vocabulary: Vocabulary) -> None:
    for typed in ("developing country", "developing countries", "pays en développement"):
        (named,) = concepts_of(vocabulary).find(typed.split())
        assert named.concepts[0][0] is Facet.REGION


def test_words_for_searching_are_hints_and_names_are_not(vocabulary: Vocabulary) -> None:
    find = concepts_of(vocabulary).find
    assert [find([word])[0].is_hint for word in ("desempleo", "chômage", "unemployment", "credito")] == [True] * 4
    names = ("street vendors", "protection sociale", "Perú", "scavengers", "ILO")
    assert not any(find(name.split())[0].is_hint for name in names)
