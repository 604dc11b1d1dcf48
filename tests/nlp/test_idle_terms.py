"""Weak terms that no text can make count are named by `pushcart vocabulary check`."""

from __future__ import annotations

import pytest

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Concept, Strength, Term, Vocabulary, load_vocabulary
from nlp.pipeline.idle_terms import idle_terms

WEAK = Term("pickers", ("picker",), "en", Strength.WEAK, needs=("waste", "dump"))


def idle(*terms: Term) -> tuple[str, ...]:
    concept = Concept("pickers", Facet.GROUP, dict.fromkeys(LANGUAGES, "Pickers"))
    langs = sorted({term.lang for term in terms})
    return idle_terms(Vocabulary([concept], terms=lambda: ({Facet.GROUP: terms}, ())), languages=langs)


def test_every_weak_term_of_the_data_files_can_count():
    assert idle_terms(load_vocabulary()) == ()


def test_a_weak_term_with_words_of_its_own_counts():
    assert idle(WEAK, Term("pickers", ("waste picker",), "en")) == ()


@pytest.mark.parametrize("strength", [Strength.STRONG, Strength.TEXT])
@pytest.mark.parametrize("twin", ["picker", "Pickers", "pickér"])
def test_a_weak_term_whose_words_are_those_of_a_stronger_one_never_counts(strength, twin):
    (fault,) = idle(WEAK, Term("pickers", (twin,), "en", strength))
    assert "'picker' of the group pickers in en never counts" in fault
    assert repr(twin) in fault


def test_one_spelling_of_several_that_a_stronger_term_has_is_named():
    (fault,) = idle(
        Term("pickers", ("mensajería", "paquetería"), "es", Strength.WEAK, needs=("reparto",)),
        Term("pickers", ("paquetería",), "es"),
    )
    assert "'paquetería'" in fault


def test_a_weak_term_whose_words_a_decoy_takes_never_counts():
    (fault,) = idle(WEAK, Term("pickers", ("picker",), "en", Strength.DECOY))
    assert "the decoy 'picker' takes its words" in fault


def test_a_weak_term_that_a_rule_holds_back_wherever_its_support_stands_never_counts():
    (fault,) = idle(Term("pickers", ("picker",), "en", Strength.WEAK, needs=("waste", "dump"), blocks=("wast|dump",)))
    assert "a rule holds it back" in fault


def test_a_name_of_one_country_is_a_twin_in_every_language():
    (fault,) = idle(
        Term("pickers", ("taximan",), "en", Strength.WEAK, needs=("bus",)),
        Term("pickers", ("taximan",), "fr", where=("CMR",)),
    )
    assert "in en never counts" in fault


@pytest.mark.parametrize("word", ["basura", "basuras"])
def test_rubbish_in_passing_is_no_dump(word):
    from corpus.types import Page
    from nlp.pipeline.passages import TaggedText
    from nlp.pipeline.tagger import open_tagger

    text = f"Los vecinos se quejan de la {word} en la esquina."
    tags = open_tagger().tag(TaggedText(pages=(Page(1, text),), lang="es"))
    assert "waste_recycling" not in {tag.concept for tag in tags}
