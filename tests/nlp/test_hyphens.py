"""Every kind of hyphen counts as the plain one when texts are tagged."""

from __future__ import annotations

import random

import pytest

from corpus.types import Facet, Page
from corpus.vocabulary.spelling import HYPHENS, SOFT_HYPHEN, plain
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger
from nlp.pipeline.words import as_tokenized

SENTENCES = [
    ("en", "home-based workers protest", "home_based_workers"),
    ("en", "shoe-shiners of Delhi", "service_workers_street"),
    ("en", "boda-boda riders wait", "transport_workers"),
    ("en", "head-loaders of the market", "porters"),
    ("en", "rag-pickers of Pune", "waste_pickers"),
    ("en", "own work of sub-contracted home-based workers", "homeworkers"),
    ("en", "brick-kiln workers in debt", "brick_kiln_workers"),
    ("fr", "les taxis-motos de Cotonou", "transport_workers"),
    ("fr", "les bayam-sellam de Douala", "street_vendors"),
    ("pt", "os boias-frias da cana", "casual_day_labourers"),
    ("pt", "as mulheres-a-dias de Lisboa", "domestic_workers"),
    ("es", "los viene-viene de la calle", "service_workers_street"),
]
COUNTRIES = [
    ("en", "Prices rose in Guinea-Bissau.", "GNB"),
    ("pt", "Os preços em Timor-Leste.", "TLS"),
    ("fr", "Les prix en Bosnie-Herzégovine.", "BIH"),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def concepts_of(tagger: Tagger, text: str, lang: str, facet: Facet) -> set[str]:
    tags = tagger.tag(TaggedText(pages=(Page(1, text),), lang=lang))
    return {tag.concept for tag in tags if tag.facet is facet}


def rewritten(sentence: str, *, seed: int) -> str:
    """Write each hyphen of a sentence as one of the other kinds."""
    chosen = random.Random(seed)
    return "".join(chosen.choice(HYPHENS[1:]) if letter == "-" else letter for letter in sentence)


@pytest.mark.parametrize("hyphen", list(HYPHENS), ids=lambda hyphen: f"U+{ord(hyphen):04X}")
@pytest.mark.parametrize(("lang", "sentence", "group"), SENTENCES[:3])
def test_each_kind_of_hyphen_joins_the_words_of_a_term(tagger, hyphen, lang, sentence, group):
    assert group in concepts_of(tagger, sentence.replace("-", hyphen), lang, Facet.GROUP)


@pytest.mark.parametrize(("lang", "sentence", "group"), SENTENCES)
def test_a_sentence_has_the_same_groups_whichever_hyphens_it_is_written_with(tagger, lang, sentence, group):
    expected = concepts_of(tagger, sentence, lang, Facet.GROUP)
    assert group in expected
    for seed in range(5):
        assert concepts_of(tagger, rewritten(sentence, seed=seed), lang, Facet.GROUP) == expected


@pytest.mark.parametrize(("lang", "sentence", "country"), COUNTRIES)
@pytest.mark.parametrize("hyphen", list(HYPHENS), ids=lambda hyphen: f"U+{ord(hyphen):04X}")
def test_each_kind_of_hyphen_stands_in_the_name_of_a_country(tagger, hyphen, lang, sentence, country):
    assert concepts_of(tagger, sentence.replace("-", hyphen), lang, Facet.COUNTRY) == {country}


def test_a_soft_hyphen_is_no_letter_of_a_word(tagger):
    assert concepts_of(tagger, f"street ven{SOFT_HYPHEN}dors of Lima", "en", Facet.GROUP) == {"street_vendors"}
    assert plain(f"home{HYPHENS[2]}ba{SOFT_HYPHEN}sed") == "home based"


def test_evidence_shows_the_words_as_they_stand_in_the_text(tagger):
    text = "The home‑based workers protest."
    (tag,) = (one for one in tagger.tag(TaggedText(pages=(Page(1, text),), lang="en")) if one.facet is Facet.GROUP)
    assert tag.evidence[0].sentence == text


def test_a_dash_between_spaces_and_every_place_of_a_letter_stay():
    text = "vendors – home‐based\nworkers 2010–2012"
    read = as_tokenized(text)
    assert len(read) == len(text)
    assert read == "vendors – home-based workers 2010-2012"
