"""The vocabulary: what is in it, and that nothing in it contradicts itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadVocabulary, NotFound
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Concept, Strength, Term, Vocabulary, load_vocabulary
from corpus.vocabulary.braces import spellings
from corpus.vocabulary.check import faults
from corpus.vocabulary.loader import _without_repeats
from corpus.vocabulary.patterns import WordChoice, WordGap, parse_pattern
from corpus.vocabulary.spelling import plain

ENGLISH = {"en": "Name", "es": "Nombre", "fr": "Nom", "pt": "Nome"}


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def a_group(id: str = "pickers", *, labels: Mapping[str, str] = ENGLISH, broader: tuple[str, ...] = ()) -> Concept:  # noqa: A002
    return Concept(id, Facet.GROUP, labels, broader=broader)


def made_of(*concepts: Concept, terms: tuple[Term, ...] = ()) -> Vocabulary:
    spoken = tuple(Term(concept.id, ("word",), lang) for concept in concepts for lang in LANGUAGES)
    return Vocabulary(concepts, terms=lambda: ({Facet.GROUP: spoken + terms}, ()))


def test_the_data_files_have_no_fault(vocabulary):
    assert faults(vocabulary) == ()


def test_loading_takes_less_than_a_tenth_of_a_second_in_a_fresh_process():
    code = (
        "import json, time; from corpus.vocabulary import load_vocabulary; began = time.process_time(); "
        "load_vocabulary(); print(time.process_time() - began)"
    )
    seconds = min(float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(2))
    assert seconds < 0.1


def test_the_vocabulary_is_read_once(vocabulary):
    began = time.perf_counter()
    assert load_vocabulary() is vocabulary
    assert time.perf_counter() - began < 0.01


def test_every_country_and_territory_of_iso_3166_and_kosovo_is_there(vocabulary):
    countries = vocabulary.concepts(Facet.COUNTRY)
    assert len(countries) == 250
    assert all(len(code) == 3 and code.isupper() for code in countries)
    assert len({country.codes["iso2"] for country in countries.values()}) == 250


def test_the_28_groups_of_workers_are_there(vocabulary):
    assert len(vocabulary.concepts(Facet.GROUP)) == 28
    assert {"domestic_workers", "home_based_workers", "street_vendors", "waste_pickers"} <= set(
        vocabulary.concepts(Facet.GROUP)
    )


@pytest.mark.parametrize(
    ("code", "lang", "label"),
    [
        ("COD", "en", "Democratic Republic of the Congo"),
        ("COD", "pt", "República Democrática do Congo"),
        ("COG", "fr", "République du Congo"),
        ("CIV", "es", "Costa de Marfil"),
        ("HKG", "en", "Hong Kong"),
        ("MMR", "es", "Myanmar"),
        ("TTO", "en", "Trinidad and Tobago"),
        ("SLV", "fr", "El Salvador"),
        ("BRA", "und", "Brazil"),
    ],
)
def test_countries_are_called_as_reports_call_them(vocabulary, code, lang, label):
    assert vocabulary.label(Facet.COUNTRY, code, lang) == label


def test_no_country_is_shown_with_a_dash_an_ampersand_or_a_bracket(vocabulary):
    shown = [label for country in vocabulary.concepts(Facet.COUNTRY).values() for label in country.labels.values()]
    assert [label for label in shown if " - " in label or "&" in label] == []


def test_an_unknown_concept_is_shown_by_its_id(vocabulary):
    assert vocabulary.label(Facet.TOPIC, "no_such_topic", "fr") == "no_such_topic"


def test_asking_for_a_concept_that_is_not_there_says_which_one(vocabulary):
    with pytest.raises(NotFound, match="no group called 'no_such_group'"):
        vocabulary.concept(Facet.GROUP, "no_such_group")


def test_a_country_is_in_every_region_that_holds_it_the_smallest_first(vocabulary):
    assert vocabulary.regions_of("BOL") == (
        "005", "419", "019", "001", "wb:LAC", "ilo:americas", "income:lower_middle", "dev:developing",
    )  # fmt: skip
    assert vocabulary.regions_of("KEN")[:4] == ("014", "202", "002", "001")
    assert vocabulary.regions_of("nowhere") == ()


def test_afghanistan_is_in_the_world_banks_region_of_2025_and_in_southern_asia(vocabulary):
    assert {"wb:MENAAP", "034"} <= set(vocabulary.regions_of("AFG"))


def test_economies_in_transition_are_those_of_the_united_nations(vocabulary):
    in_transition = vocabulary.countries_in("dev:transition")
    assert {"SRB", "GEO", "UKR", "KGZ"} <= in_transition
    assert not {"POL", "CHN", "VNM"} & in_transition


def test_regions_and_countries_say_the_same_both_ways(vocabulary):
    for region in vocabulary.concepts(Facet.REGION):
        for country in vocabulary.countries_in(region):
            assert region in vocabulary.regions_of(country)
    assert "NAM" in vocabulary.countries_in("018")
    assert vocabulary.countries_in("no region") == frozenset()


def test_north_america_holds_mexico_besides_central_america_doing_so(vocabulary):
    assert "MEX" in vocabulary.countries_in("003")
    assert "MEX" in vocabulary.countries_in("013")
    assert "BRA" not in vocabulary.countries_in("003")


@pytest.mark.parametrize("code", ["NAM", "na", "516", "Nam "])
def test_a_country_is_known_by_each_of_its_codes(vocabulary, code):
    found = vocabulary.country(code)
    assert found is not None
    assert found.id == "NAM"


def test_no_country_has_an_unknown_code(vocabulary):
    assert vocabulary.country("XX") is None


def test_the_tree_of_regions_begins_with_the_world_and_holds_every_region_once(vocabulary):
    def ids(nodes):
        return [one for node in nodes for one in (node.concept.id, *ids(node.children))]

    tree = vocabulary.tree(Facet.REGION)
    assert tree[0].concept.id == "001"
    assert sorted(ids(tree)) == sorted(vocabulary.concepts(Facet.REGION))


def test_working_sectors_stand_under_their_section_of_isic(vocabulary):
    tree = {node.concept.id: [child.concept.id for child in node.children] for node in vocabulary.tree(Facet.SECTOR)}
    assert len(tree) == 21
    assert "waste_recycling" in tree["isic:E"]
    assert "domestic_work" in tree["isic:T"]


@pytest.mark.parametrize(
    ("text", "lang", "concept"),
    [
        ("Street vendors", "en", "street_vendors"),
        ("VENDEDORES  AMBULANTES", "es", "street_vendors"),
        ("récuperateurs de dechets", "fr", "waste_pickers"),
        ("catadores", None, "waste_pickers"),
        ("home based workers", "en", "home_based_workers"),
        ("kayayei", "fr", "porters"),
        ("peru", None, "PER"),
        ("Costa do Marfim", "pt", "CIV"),
        ("Turkey", "en", "TUR"),
    ],
)
def test_names_are_found_without_regard_to_case_accents_and_hyphens(vocabulary, text, lang, concept):
    assert concept in {found.id for found in vocabulary.find(text, lang)}


def test_words_that_name_nothing_find_nothing(vocabulary):
    assert vocabulary.find("drivers of informality") == ()
    assert vocabulary.find("") == ()


def test_synonyms_of_a_group_begin_with_its_label_and_hold_regional_names(vocabulary):
    synonyms = vocabulary.synonyms(Facet.GROUP, "waste_pickers", "en")
    assert synonyms[0] == "Waste pickers"
    assert "zabbaleen" in synonyms
    assert len({plain(synonym) for synonym in synonyms}) == len(synonyms)
    assert vocabulary.synonyms(Facet.GROUP, "nobody", "en") == ()


def test_a_label_that_is_missing_is_a_fault():
    assert faults(made_of(a_group(labels=ENGLISH | {"pt": ""}))) == ("The group pickers has no label in pt.",)


def test_a_broader_concept_that_is_not_there_is_a_fault():
    (fault,) = faults(made_of(a_group(broader=("ghosts",))))
    assert fault == "The group pickers names a group that is not there: ghosts."


def test_two_concepts_with_one_label_are_a_fault():
    found = faults(made_of(a_group("pickers"), a_group("sorters")))
    assert "In en, 'name' names two of group: pickers and sorters." in found


def test_a_decoy_that_keeps_nothing_away_is_a_fault():
    decoy = Term("pickers", ("gross product",), "en", Strength.DECOY)
    (fault,) = faults(made_of(a_group(), terms=(decoy,)))
    assert "shares no word" in fault


def test_a_rule_that_is_no_regular_expression_is_a_fault():
    term = Term("pickers", ("word",), "en", Strength.WEAK, blocks=("(never closed",))
    (fault,) = faults(made_of(a_group(), terms=(term,)))
    assert "not a regular expression" in fault


@pytest.mark.parametrize("block", [r"graz\w+ animals?", r"urban\s*,", r"collects? .*oil", r"Hawker [A-Z][a-z]+ said"])
def test_a_rule_that_repeats_without_an_end_is_a_fault(block: str):
    term = Term("pickers", ("word",), "en", Strength.WEAK, blocks=(block, r"^(?!.*waste)", r"\w{1,15} tax"))
    (fault,) = faults(made_of(a_group(), terms=(term,)))
    assert "without an end" in fault
    assert repr(block) in fault


def test_two_weak_terms_of_a_concept_with_the_same_words_are_a_fault():
    terms = tuple(Term("pickers", ("picker",), "en", Strength.WEAK, needs=(need,)) for need in ("waste", "dump"))
    (fault,) = faults(made_of(a_group(), terms=terms))
    assert "two weak terms 'picker' in en" in fault


def test_a_term_that_is_said_in_an_unknown_country_is_a_fault():
    (fault,) = faults(made_of(a_group(), terms=(Term("pickers", ("word",), "any", where=("ZZZ",)),)))
    assert "a country that is not there: ZZZ" in fault


def test_braces_hold_choices_and_may_be_nested():
    assert spellings("trabajador{,a} informal{,es}") == (
        "trabajador informal",
        "trabajador informales",
        "trabajadora informal",
        "trabajadora informales",
    )
    assert spellings("a{b{,c},d}") == ("ab", "abc", "ad")
    assert spellings("plain, with a comma") == ("plain, with a comma",)


@pytest.mark.parametrize("entry", ["worker{,s", "worker}s", "{a,b}" * 12])
def test_braces_that_are_slips_of_the_pen_are_refused(entry):
    with pytest.raises(BadVocabulary):
        spellings(entry)


@given(
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4, unique=True), st.text("xy ", max_size=4)
)
def test_a_brace_yields_each_of_its_choices(choices, before):
    found = spellings(before + "{" + ",".join(choices) + "}")
    assert found == tuple(dict.fromkeys(" ".join((before + choice).split()) for choice in choices))


def test_a_pattern_has_words_gaps_and_one_anchor():
    pattern = parse_pattern("@sell {0,3} on the? !street|pavement", lists={"sell": ["sell", "hawk"]})
    assert pattern.parts == (
        WordChoice(("sell", "hawk")),
        WordGap(0, 3),
        WordChoice(("on",)),
        WordChoice(("the",), optional=True),
        WordChoice(("street", "pavement")),
    )
    assert pattern.anchors == ("street", "pavement")
    assert pattern.reach == 7


@pytest.mark.parametrize("text", ["sell street", "!sell !street", "@nothing !street", "{0,3} !street", "!street {0,2}"])
def test_patterns_that_cannot_be_looked_up_are_refused(text):
    with pytest.raises(BadVocabulary):
        parse_pattern(text, lists={})


def test_a_key_that_stands_twice_is_refused_and_not_read_as_its_last_value():
    with pytest.raises(ValueError, match=r"'decoys' stands twice in one object, beside .*'tea_makers'"):
        json.loads(
            '{"rows": [{"id": "tea_makers", "decoys": {"fr": []}, "decoys": {"en": []}}]}',
            object_pairs_hook=_without_repeats,
        )
