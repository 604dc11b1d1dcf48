"""Find weak terms that never count: the matchers themselves are asked, as two words may look alike only to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from corpus.tag_rules import Zone
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Strength, Term, Vocabulary
from nlp.pipeline.build import build_pipeline
from nlp.pipeline.passages import Passage
from nlp.pipeline.terms import TermMatcher, all_terms, counts_in, holds, without_overlaps
from nlp.pipeline.tokenizer import DocumentTokenizer, tokenizer_of

_BEFORE_AND_AFTER = ("{term} and {need}.", "{need} and {term}.")


def idle_terms(vocabulary: Vocabulary, *, languages: Iterable[str] = LANGUAGES) -> tuple[str, ...]:
    """Return the weak terms that no text can make count, one sentence each for a person; empty when there are none.

    Another term of the concept, or a decoy, takes all their words; or a rule that holds them back fits every sentence in which
    what they need stands. Takes some seconds: the terms of each language are compiled.
    """
    tokenizer = tokenizer_of(build_pipeline(vocabulary))
    terms = all_terms(vocabulary)
    return tuple(each for lang in languages for each in _idle_in(terms, tokenizer, lang=lang))


def _idle_in(terms: Sequence[tuple[Facet, Term]], tokenizer: DocumentTokenizer, *, lang: str) -> Iterator[str]:
    weak = [
        (number, facet, term)
        for number, (facet, term) in enumerate(terms)
        if term.strength is Strength.WEAK and counts_in(term, lang)
    ]
    matcher = TermMatcher(terms, tokenizer, lang=lang)
    for number, facet, term in weak:
        for form in term.forms:
            doc = tokenizer(form)
            tokenizer.set_norms(doc, [(lang, 0, len(doc))])
            ours = [one for one in matcher.find(doc[:]) if (one.facet, one.term.concept) == (facet, term.concept)]
            if not any(one.number == number for one in without_overlaps(ours)):
                others = [one for one in ours if one.number != number]
                yield _taken(facet, term, form, by=max(others, key=lambda one: one.length).term if others else None)
        if term.needs and not any(_is_supported(term, need) for need in term.needs):
            yield (
                f"{_named(facet, term, term.forms[0])}: a rule holds it back wherever a word that it needs stands. "
                "Mend the rule or the words."
            )


def _named(facet: Facet, term: Term, form: str) -> str:
    return f"The weak term {form!r} of the {facet.value} {term.concept} in {term.lang} never counts"


def _taken(facet: Facet, term: Term, form: str, *, by: Term | None) -> str:
    name = _named(facet, term, form)
    if by is None:
        return f"{name}: its words are never found. Write them as texts have them, or remove it."
    if by.strength is Strength.DECOY:
        return f"{name}: the decoy {by.forms[0]!r} takes its words. Remove one of them."
    return f"{name}: the {by.strength.value} term {by.forms[0]!r} has the same words. Remove one of them."


def _is_supported(term: Term, need: str) -> bool:
    for written in _BEFORE_AND_AFTER:
        before, after = written.format(term="\0", need=need).split("\0")
        for form in term.forms[:1]:
            passage = Passage(f"{before}{form}{after}", zone=Zone.BODY, page=1, lang=term.lang)
            if holds(term, passage, start=len(before), end=len(before) + len(form), established=False):
                return True
    return False
