"""How well countries, sectors, worker groups and topics are tagged: precision, recall and F1 on texts that people labelled.

Each text is tagged as a document of a harvest is. Beside it stands the plainest way: the names of the vocabulary, looked for in
the text as they are spelled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from corpus.types import Document, Facet, Tag
from corpus.vocabulary import Strength, Vocabulary
from evaluation.documents import tagged_documents
from evaluation.labelled_texts import FACETS, LabelledText, Labels

_ISIC_SECTION = re.compile(r"isic:.*")
_REST_OF_SENTENCE = re.compile(r"\s+")


@dataclass(slots=True)
class TagScore:
    """How often tags were right."""

    right: int = 0
    given: int = 0
    labelled: int = 0

    @property
    def precision(self) -> float:
        """Return the share of given tags that are labelled, 0 to 1; 1 when none was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Return the share of labels that were given, 0 to 1; 1 when there is none."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both; 1 when there was nothing to find and nothing given."""
        return 2 * self.right / (self.given + self.labelled) if self.given + self.labelled else 1.0

    def add(self, given: Collection[str], labelled: Collection[str]) -> None:
        """Count the tags of one text."""
        self.right += len(set(given) & set(labelled))
        self.given += len(set(given))
        self.labelled += len(set(labelled))

    def as_json(self) -> dict[str, float | int]:
        """Return the score as JSON has it."""
        shares = {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}
        return shares | {"right": self.right, "given": self.given, "labelled": self.labelled}


@dataclass(frozen=True, slots=True)
class TagError:
    """A tag that is wrong, or one that was missed."""

    text_id: str
    lang: str
    facet: Facet
    concept: str
    is_missed: bool
    """False: it was given, and is not labelled."""
    is_about: bool
    """Missed: someone says that the text is about it. Given: Pushcart says so."""
    sentence: str
    """Of a wrong tag the first piece of evidence; of a missed one the title, else the beginning of the text."""
    words: str = ""
    """Of the evidence."""


@dataclass(slots=True)
class FacetReport:
    """How well one facet was tagged."""

    texts: int = 0
    """With a label of the facet, also those where none is right."""
    any: TagScore = field(default_factory=TagScore)
    """About and mentions together."""
    about: TagScore = field(default_factory=TagScore)
    about_texts: int = 0
    """Texts of which someone said what they are about."""
    plain: TagScore = field(default_factory=TagScore)
    """The plainest way, as `any`."""
    empty: int = 0
    """Texts labelled with nothing."""
    empty_tagged: int = 0
    """Those of them that were given a tag."""
    primary_right: int = 0
    primary_texts: int = 0
    """Texts with a label, whose first one is the primary one; of countries only."""
    by_language: dict[str, TagScore] = field(default_factory=dict)
    by_concept: dict[str, TagScore] = field(default_factory=dict)

    def as_json(self, facet: Facet) -> dict[str, Any]:
        """Return the report of the facet as JSON has it."""
        found: dict[str, Any] = dict(self.any.as_json())
        if facet is Facet.COUNTRY:
            found["primary_accuracy"] = (
                round(self.primary_right / self.primary_texts, 4) if self.primary_texts else None
            )
        if self.about_texts:
            found["about"] = self.about.as_json()
        found |= {"texts": self.texts, "without": self.empty, "without_but_tagged": self.empty_tagged}
        found["plain"] = self.plain.as_json()
        for name in ("by_language", "by_concept"):
            scores: Mapping[str, TagScore] = getattr(self, name)
            found[name] = {key: scores[key].as_json() for key in sorted(scores)}
        return found


@dataclass(slots=True)
class TagsReport:
    """The result of an evaluation."""

    texts: int = 0
    facets: dict[Facet, FacetReport] = field(default_factory=dict)
    """Only facets of which a text has a label."""
    errors: list[TagError] = field(default_factory=list)
    """In the order of the texts."""

    def as_json(self, *, with_errors: bool = False) -> dict[str, Any]:
        """Return the report as one object, facets by the names of the labels."""
        found: dict[str, Any] = {"texts": self.texts}
        found |= {name: self.facets[facet].as_json(facet) for name, facet in FACETS.items() if facet in self.facets}
        if with_errors:
            found["errors"] = [
                {
                    "id": each.text_id,
                    "facet": next(name for name, facet in FACETS.items() if facet is each.facet),
                    "concept": each.concept,
                    "kind": "missed" if each.is_missed else "wrong",
                    "about": each.is_about,
                    "sentence": each.sentence,
                    "words": each.words,
                }
                for each in self.errors
            ]
        return found


def evaluate(labelled: Iterable[LabelledText], *, vocabulary: Vocabulary, processes: int = 1) -> TagsReport:
    """Tag the texts and score every facet that is labelled.

    Sections of ISIC, which are added to every sector, count only where a label names one.

    Args:
        processes: that tag at the same time.
    """
    texts = list(labelled)
    has_sections = any(
        _ISIC_SECTION.fullmatch(concept) for each in texts for concept in each.labels.get(Facet.SECTOR, Labels(())).all
    )
    report = TagsReport(texts=len(texts))
    documents = tagged_documents((each.text for each in texts), processes=processes)
    for text, document in zip(texts, documents, strict=True):
        for facet, labels in text.labels.items():
            tags = [
                tag
                for tag in document.tags
                if tag.facet is facet
                and (has_sections or facet is not Facet.SECTOR or not _ISIC_SECTION.fullmatch(tag.concept))
            ]
            plain = plain_tags(document, facet, vocabulary)
            _score(report.facets.setdefault(facet, FacetReport()), facet, document.lang, labels, tags, plain)
            report.errors += _errors(text, document, facet, labels, tags)
    return report


def _score(
    score: FacetReport, facet: Facet, lang: str, labels: Labels, tags: Collection[Tag], plain: Collection[str]
) -> None:
    given = {tag.concept for tag in tags}
    score.texts += 1
    score.any.add(given, labels.all)
    score.plain.add(plain, labels.all)
    score.by_language.setdefault(lang, TagScore()).add(given, labels.all)
    for concept in given | set(labels.all):
        score.by_concept.setdefault(concept, TagScore()).add({concept} & given, {concept} & set(labels.all))
    if labels.about is not None:
        score.about_texts += 1
        score.about.add({tag.concept for tag in tags if tag.about}, labels.about)
    if not labels.all:
        score.empty += 1
        score.empty_tagged += bool(given)
    elif facet is Facet.COUNTRY:
        score.primary_texts += 1
        score.primary_right += any(tag.primary and tag.concept == labels.all[0] for tag in tags)


def _errors(
    text: LabelledText, document: Document, facet: Facet, labels: Labels, tags: Collection[Tag]
) -> Iterator[TagError]:
    given = {tag.concept for tag in tags}
    for tag in tags:
        if tag.concept not in labels.all:
            evidence = tag.evidence[0] if tag.evidence else None
            yield TagError(
                document.id,
                document.lang,
                facet,
                tag.concept,
                is_missed=False,
                is_about=tag.about,
                sentence=evidence.sentence if evidence else "",
                words=evidence.words if evidence else "",
            )
    beginning = text.text.title or _REST_OF_SENTENCE.sub(" ", text.text.pages[0])[:400]
    for concept in labels.all:
        if concept not in given:
            is_about = labels.about is not None and concept in labels.about
            yield TagError(document.id, document.lang, facet, concept, True, is_about, beginning)


def plain_tags(document: Document, facet: Facet, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the concepts of which a name or strong term is in title or pages as it is spelled, whatever its case.

    In the names of the text's language, or in English ones where it is none of the four.
    """
    text = "\n".join([document.title, *(page.text for page in document.pages)]).lower()
    patterns = _plain_patterns(vocabulary, facet, document.lang if document.lang in ("es", "fr", "pt") else "en")
    return frozenset(concept for concept, pattern in patterns if pattern.search(text))


@cache
def _plain_patterns(vocabulary: Vocabulary, facet: Facet, lang: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    names: dict[str, set[str]] = {}
    for concept in vocabulary.concepts(facet).values():
        if not _ISIC_SECTION.fullmatch(concept.id):
            names[concept.id] = {name.lower() for name in concept.names(lang)}
    for term in vocabulary.terms(facet):
        if term.strength is Strength.STRONG and term.lang in (lang, "any") and term.concept in names:
            names[term.concept] |= {form.lower() for form in term.forms}
    return tuple(
        (concept, re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(forms)))})\b")) for concept, forms in names.items()
    )
