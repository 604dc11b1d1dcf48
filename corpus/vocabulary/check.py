"""Find what is wrong with the data files: the tests ask for none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.model import ANY_LANGUAGE, Concept, Strength, Term
from corpus.vocabulary.spelling import plain
from corpus.vocabulary.vocabulary import Vocabulary

_WITH_TERMS = (Facet.SECTOR, Facet.GROUP, Facet.TOPIC)

_ENDLESS = re.compile(r"(\\[wWsSdD]|\]|\.)[*+]")
"""A repeat without a limit: it takes quadratic time on a long line where the rule is tried at every character of it."""

_TRIED_ONCE = re.compile(r"\^\(\?!.*")
"""What is tried at the beginning of the text only (`^(?!...)`), to the end of the rule, may look through all of it."""


def faults(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what contradicts itself or is missing, one sentence each for a person; empty when all is well."""
    return (
        *_missing_labels(vocabulary),
        *_dangling_ids(vocabulary),
        *_circles(vocabulary),
        *_collisions(vocabulary),
        *_silent_concepts(vocabulary),
        *_idle_decoys(vocabulary),
        *_idle_names(vocabulary),
        *_unheard_needs(vocabulary),
        *_unreadable_rules(vocabulary),
    )


def shared_terms(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return strong terms that indicate several concepts of one facet, one sentence each; a person has to judge them.

    They may be meant: a child domestic worker is of two groups. Countries and regions have no terms.
    """
    owners: dict[tuple[Facet, str, str], dict[str, None]] = {}
    for facet in _WITH_TERMS:
        for term in vocabulary.terms(facet):
            if term.strength is Strength.STRONG:
                for form in term.forms:
                    owners.setdefault((facet, term.lang, plain(form)), {})[term.concept] = None
    return tuple(
        f"In {lang}, {form!r} speaks for several of {facet.value}: {', '.join(concepts)}."
        for (facet, lang, form), concepts in owners.items()
        if len(concepts) > 1
    )


def _missing_labels(vocabulary: Vocabulary) -> Iterator[str]:
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            for lang in LANGUAGES:
                if not concept.labels.get(lang, "").strip():
                    yield f"The {facet.value} {concept.id} has no label in {lang}."


def _dangling_ids(vocabulary: Vocabulary) -> Iterator[str]:
    countries = vocabulary.concepts(Facet.COUNTRY)
    for facet in Facet:
        known = vocabulary.concepts(facet)
        for concept in known.values():
            links = [(facet, other) for other in concept.broader]
            links += [(related, other) for related, others in concept.related.items() for other in others]
            for other_facet, other in links:
                if other not in vocabulary.concepts(other_facet):
                    yield f"The {facet.value} {concept.id} names a {other_facet.value} that is not there: {other}."
        for term in vocabulary.terms(facet):
            if term.concept not in known:
                yield f"A term speaks for a {facet.value} that is not there: {term.concept}."
            for country in term.where:
                if country not in countries:
                    yield f"The term {term.forms[0]!r} of {term.concept} names a country that is not there: {country}."


def _circles(vocabulary: Vocabulary) -> Iterator[str]:
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            if concept.id in concept.broader:
                yield f"The {facet.value} {concept.id} is broader than itself."


def _collisions(vocabulary: Vocabulary) -> Iterator[str]:
    """Two concepts of a facet with one label in a language, or two countries with one name in a language."""
    for facet in Facet:
        for lang in LANGUAGES:
            owners: dict[str, Concept] = {}
            for concept in vocabulary.concepts(facet).values():
                names = concept.names(lang) if facet is Facet.COUNTRY else (concept.label(lang),)
                for name in dict.fromkeys(plain(name) for name in names):
                    other = owners.setdefault(name, concept)
                    if other is not concept:
                        yield f"In {lang}, {name!r} names two of {facet.value}: {other.id} and {concept.id}."


def _silent_concepts(vocabulary: Vocabulary) -> Iterator[str]:
    """Concepts that no text of a language can name."""
    for facet in _WITH_TERMS:
        spoken = {
            (term.concept, lang)
            for term in vocabulary.terms(facet)
            if term.strength is Strength.STRONG
            for lang in (LANGUAGES if term.lang == ANY_LANGUAGE else (term.lang,))
        }
        for concept in vocabulary.concepts(facet):
            for lang in LANGUAGES:
                if not concept.startswith("isic:") and (concept, lang) not in spoken:
                    yield f"The {facet.value} {concept} has no strong term in {lang}."


def _idle_decoys(vocabulary: Vocabulary) -> Iterator[str]:
    """Decoys that share no word with what they should keep away."""
    for facet in _WITH_TERMS:
        terms = vocabulary.terms(facet)
        for decoy in (term for term in terms if term.strength is Strength.DECOY):
            words = _stems(decoy)
            if not any(words & _stems(term) for term in terms if _could_collide(term, decoy)):
                yield f"The decoy {decoy.forms[0]!r} of {decoy.concept} shares no word with a term of it in {decoy.lang}."


def _could_collide(term: Term, decoy: Term) -> bool:
    same_texts = term.lang in (decoy.lang, ANY_LANGUAGE) or (bool(term.where) and term.strength is Strength.STRONG)
    speaks = term.strength in (Strength.STRONG, Strength.TEXT, Strength.WEAK)
    return term.concept == decoy.concept and speaks and same_texts


def _idle_names(vocabulary: Vocabulary) -> Iterator[str]:
    """Names for searching that indicate their concept anyway."""
    for facet in _WITH_TERMS:
        spoken: dict[tuple[str, str], set[str]] = {}
        for term in vocabulary.terms(facet):
            if term.strength is Strength.STRONG and term.is_searched:
                spoken.setdefault((term.concept, term.lang), set()).update(map(plain, term.forms))
        for name in (term for term in vocabulary.terms(facet) if term.strength is Strength.SEARCH):
            if name.concept in vocabulary.concepts(facet) and plain(name.forms[0]) in (
                spoken.get((name.concept, name.lang), set()) | {plain(vocabulary.label(facet, name.concept, name.lang))}
            ):
                yield f"The name {name.forms[0]!r} of {name.concept} is a strong term or label of it in {name.lang}."


def _unheard_needs(vocabulary: Vocabulary) -> Iterator[str]:
    """Weak terms of a concept that have the same words: who edits one of them does not see the other."""
    for facet in _WITH_TERMS:
        owners: dict[tuple[str, str, str], Term] = {}
        for term in vocabulary.terms(facet):
            if term.strength is Strength.WEAK:
                for form in dict.fromkeys(map(plain, term.forms)):
                    first = owners.setdefault((term.concept, term.lang, form), term)
                    if first is not term:
                        yield f"The {facet.value} {term.concept} has two weak terms {form!r} in {term.lang}: merge them."


def _stems(term: Term) -> frozenset[str]:
    """Return the beginnings of a term's words: inflection changes their ends."""
    return frozenset(word[:4] for form in term.forms for word in plain(form).split() if len(word) > 2)


def _unreadable_rules(vocabulary: Vocabulary) -> Iterator[str]:
    rules = [
        (term.concept, block) for facet in _WITH_TERMS for term in vocabulary.terms(facet) for block in term.blocks
    ]
    rules += [(activity.concept, block) for activity in vocabulary.activities for block in activity.blocks]
    for concept, block in rules:
        try:
            re.compile(block)
        except re.error as error:
            yield f"A rule of {concept} is not a regular expression: {block!r} ({error})."
        if endless := _ENDLESS.search(_TRIED_ONCE.sub("", block)):
            yield (
                f"A rule of {concept} repeats {endless.group()} without an end, which can take very long on some texts: "
                f"{block!r}. Write a limit, as in \\w{{0,15}}."
            )
