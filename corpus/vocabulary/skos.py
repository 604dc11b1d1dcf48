"""Another thesaurus (SKOS) beside the vocabulary: which of its concepts are ours, and which words it would add.

Nothing here changes the vocabulary. What comes out is a proposal that a person reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.text import clean_line
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.spelling import plain
from corpus.vocabulary.vocabulary import Vocabulary

BYTES_MAX = 200_000_000
_FORMATS = {
    ".rdf": "xml",
    ".xml": "xml",
    ".owl": "xml",
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".n3": "turtle",
    ".nt": "nt",
}
_LABEL_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class SkosConcept:
    """A concept of another thesaurus."""

    uri: str
    preferred: Mapping[str, str]
    """prefLabel by language; of the four languages only, as everything here."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """altLabel by language."""
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """hiddenLabel by language: misspellings and the like."""
    notations: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    """Addresses of exactMatch."""
    broader: tuple[str, ...] = ()
    """Addresses."""

    def labels(self, lang: str) -> tuple[str, ...]:
        """Return all labels of a language, the preferred one first, without doubles."""
        first = [self.preferred[lang]] if lang in self.preferred else []
        return tuple(dict.fromkeys([*first, *self.others.get(lang, ()), *self.hidden.get(lang, ())]))


@dataclass(frozen=True, slots=True)
class ProposedTerm:
    """A word that the thesaurus has for a concept of ours, and the vocabulary has not."""

    lang: str
    text: str
    kind: str
    """`preferred`, `other` or `hidden`."""
    claimed_by: tuple[str, ...]
    """Concepts of the vocabulary that the word names already, as FACET:ID: a reason to look twice."""


@dataclass(frozen=True, slots=True)
class TermProposal:
    """What a concept of the thesaurus would add to one of ours."""

    facet: Facet
    concept: str
    uri: str
    matched_by: str
    """Why the two are taken for one: `en: street vendors`, `notation: PER`, or the address of an exactMatch."""
    broader: tuple[str, ...]
    """Concepts of the vocabulary that the thesaurus holds to be broader, as FACET:ID, as far as they are ours."""
    terms: tuple[ProposedTerm, ...]


@dataclass(frozen=True, slots=True)
class SkosComparison:
    """Another thesaurus beside the vocabulary."""

    proposals: tuple[TermProposal, ...]
    """Of concepts that are one of ours, those too that add nothing."""
    several: tuple[tuple[SkosConcept, tuple[str, ...]], ...]
    """Concepts that several of ours share a name with: FACET:ID of each."""
    unknown: tuple[SkosConcept, ...]
    """Concepts that are none of ours."""


def read_skos(path: Path) -> tuple[SkosConcept, ...]:
    """Return the concepts of a file in RDF/XML, Turtle or N-Triples, by address. Nothing is fetched.

    Raises BadInput: it cannot be read, has no concepts, or rdflib is not installed.
    """
    graph = _graph(path)
    from rdflib.namespace import RDF, SKOS

    def texts(subject: Any, predicate: Any) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for each in graph.objects(subject, predicate):
            lang = (getattr(each, "language", None) or "").lower().partition("-")[0]
            text = clean_line(str(each))
            if lang in LANGUAGES and 0 < len(text) <= _LABEL_CHARACTERS_MAX:
                found.setdefault(lang, {})[text] = None
        return {lang: tuple(sorted(several)) for lang, several in found.items()}

    def plain_texts(subject: Any, predicate: Any) -> tuple[str, ...]:
        return tuple(sorted({clean_line(str(each)) for each in graph.objects(subject, predicate)}))

    named = {*graph.subjects(RDF.type, SKOS.Concept), *graph.subjects(SKOS.prefLabel, None)}
    concepts = [
        SkosConcept(
            uri=str(subject),
            preferred={lang: several[0] for lang, several in texts(subject, SKOS.prefLabel).items()},
            others=texts(subject, SKOS.altLabel),
            hidden=texts(subject, SKOS.hiddenLabel),
            notations=plain_texts(subject, SKOS.notation),
            matches=plain_texts(subject, SKOS.exactMatch),
            broader=plain_texts(subject, SKOS.broader),
        )
        for subject in sorted(named, key=str)
    ]
    if not concepts:
        raise BadInput(
            sentence("{file} has no SKOS concepts.", file=path),
            try_next=sentence("Give a thesaurus in SKOS, as RDF/XML, Turtle or N-Triples."),
        )
    return tuple(concepts)


def _graph(path: Path) -> Any:
    kind = _FORMATS.get(path.suffix.lower()) or _sniffed(path)
    try:
        from rdflib import Graph
    except ImportError as error:
        raise BadInput(
            sentence("Reading SKOS needs rdflib, which is not installed."),
            try_next=sentence("Install it with `pip install 'pushcart[skos]'`."),
        ) from error
    try:
        if path.stat().st_size > BYTES_MAX:
            raise BadInput(
                sentence("{file} is larger than {size:,} bytes.", file=path, size=BYTES_MAX),
                try_next=sentence("Give a part of the thesaurus."),
            )
        graph = Graph()
        graph.parse(data=path.read_bytes(), format=kind)
    except BadInput:
        raise
    except Exception as error:  # the parsers of rdflib raise whatever they meet
        raise BadInput(
            sentence("{file} cannot be read as SKOS: {error}", file=path, error=clean_line(str(error))[:200]),
            try_next=sentence("Give a thesaurus in SKOS, as RDF/XML, Turtle or N-Triples."),
        ) from error
    return graph


def _sniffed(path: Path) -> str:
    """Return the format of a file whose name does not tell it, such as FILE.skos: XML begins with an angle bracket and a name."""
    try:
        with path.open("rb") as file:
            start = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError:
        return "xml"  # reading it will say what is wrong
    return "xml" if start.startswith((b"<?xml", b"<rdf:", b"<!", b"<RDF")) else "turtle"


def compared(concepts: Iterable[SkosConcept], *, vocabulary: Vocabulary) -> SkosComparison:
    """Match the concepts of a thesaurus with ours. Touches nothing.

    One is ours when a preferred label of it names a single concept of the vocabulary; else when another label does; else when
    a notation or exactMatch is the id or a code of one of ours.
    """
    concepts = tuple(concepts)
    found = {each.uri: _matched(each, vocabulary=vocabulary) for each in concepts}
    ours = {uri: next(iter(several)) for uri, several in found.items() if len(several) == 1}
    proposals = []
    for each in concepts:
        if each.uri in ours:
            facet, concept = ours[each.uri]
            proposals.append(
                TermProposal(
                    facet,
                    concept,
                    each.uri,
                    matched_by=found[each.uri][facet, concept],
                    broader=tuple(":".join(ours[above]) for above in each.broader if above in ours),
                    terms=_new_terms(each, facet, concept, vocabulary=vocabulary),
                )
            )
    several = [(each, tuple(":".join(one) for one in found[each.uri])) for each in concepts if len(found[each.uri]) > 1]
    unknown = tuple(each for each in concepts if not found[each.uri])
    return SkosComparison(
        tuple(sorted(proposals, key=lambda each: (each.facet, each.concept, each.uri))), tuple(several), unknown
    )


_Key = tuple[Facet, str]


def _matched(concept: SkosConcept, *, vocabulary: Vocabulary) -> dict[_Key, str]:
    preferred = [(lang, text) for lang, text in concept.preferred.items()]
    others = [(lang, text) for lang, several in concept.others.items() for text in several]
    for labels in (preferred, others):
        if found := _by_labels(labels, vocabulary=vocabulary):
            return found
    return _by_codes((*concept.notations, *concept.matches), vocabulary=vocabulary)


def _by_labels(labels: Sequence[tuple[str, str]], *, vocabulary: Vocabulary) -> dict[_Key, str]:
    """Return the concepts that most of the labels name; one label may name another by chance."""
    named: dict[_Key, list[str]] = {}
    for lang, text in sorted(labels):
        for each in vocabulary.find(text, lang):
            named.setdefault((each.facet, each.id), []).append(f"{lang}: {text}")
    most = max(map(len, named.values()), default=0)
    return {key: by[0] for key, by in named.items() if len(by) == most}


def _by_codes(codes: Sequence[str], *, vocabulary: Vocabulary) -> dict[_Key, str]:
    found: dict[_Key, str] = {}
    for code in codes:
        last = code.rstrip("/#").replace("#", "/").rpartition("/")[2]
        for facet in Facet:
            if last in vocabulary.concepts(facet):
                found[facet, last] = f"notation: {code}"
        if not found and (country := vocabulary.country(last)):
            found[Facet.COUNTRY, country.id] = f"notation: {code}"
    return found


def _new_terms(concept: SkosConcept, facet: Facet, ours: str, *, vocabulary: Vocabulary) -> tuple[ProposedTerm, ...]:
    terms: list[ProposedTerm] = []
    for lang in LANGUAGES:
        for text in concept.labels(lang):
            named = vocabulary.find(text, lang)
            if any((each.facet, each.id) == (facet, ours) for each in named) or any(
                plain(each.text) == plain(text) and each.lang == lang for each in terms
            ):
                continue
            kind = "preferred" if concept.preferred.get(lang) == text else "hidden"
            kind = "other" if text in concept.others.get(lang, ()) and kind != "preferred" else kind
            claimed = tuple(f"{each.facet}:{each.id}" for each in named)
            terms.append(ProposedTerm(lang, text, kind, claimed))
    return tuple(terms)


def as_json(comparison: SkosComparison, *, file: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a comparison as a person reviews it: what to add by concept and language, then what is none of ours."""
    return {
        "about": "Proposed by `pushcart vocabulary import`. Nothing of it counts before somebody puts it into the data files"
        " of corpus/vocabulary/data, as strong, weak or search; terms with claimed_by name another concept already.",
        "file": file,
        "vocabulary": vocabulary.version,
        "proposals": [
            {
                "concept": f"{each.facet}:{each.concept}",
                "label": vocabulary.label(each.facet, each.concept, "en"),
                "uri": each.uri,
                "matched_by": each.matched_by,
                "broader": list(each.broader),
                "terms": {
                    lang: [_term(term) for term in each.terms if term.lang == lang]
                    for lang in LANGUAGES
                    if any(term.lang == lang for term in each.terms)
                },
            }
            for each in comparison.proposals
            if each.terms
        ],
        "same": [f"{each.facet}:{each.concept}" for each in comparison.proposals if not each.terms],
        "several": [
            {"uri": each.uri, "labels": dict(each.preferred), "concepts": list(ours)}
            for each, ours in comparison.several
        ],
        "unknown": [{"uri": each.uri, "labels": dict(each.preferred)} for each in comparison.unknown],
    }


def _term(term: ProposedTerm) -> dict[str, Any]:
    message: dict[str, Any] = {"text": term.text, "kind": term.kind}
    return message | ({"claimed_by": list(term.claimed_by)} if term.claimed_by else {})
