"""What people say that texts are about and mention: JSON lines, one object a document or passage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from evaluation.collection import JudgedText
from evaluation.rows import bad_line, rows_of, text_of

FACETS: Mapping[str, Facet] = {
    "countries": Facet.COUNTRY,
    "groups": Facet.GROUP,
    "sectors": Facet.SECTOR,
    "topics": Facet.TOPIC,
}
"""By the name that a label has in the file."""
_FORM = sentence("See “How good tags are” in docs/own-documents.md for the form.")


@dataclass(frozen=True, slots=True)
class Labels:
    """What a text has of one facet."""

    all: tuple[str, ...]
    """Ids of concepts, about and mentions together, each once; of countries the primary one first. Empty: there is none."""
    about: frozenset[str] | None = None
    """Those that the text is about; None: not stated which they are."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its labels."""

    text: JudgedText
    labels: Mapping[Facet, Labels]
    """Facets without a label are absent and not scored."""


def read_labelled_texts(path: Path, *, vocabulary: Vocabulary) -> Iterator[LabelledText]:
    """Read labelled texts in the order of the file.

    Each line is an object with `id`, `title` (may be absent), `text` or `pages`, `lang` (may be absent), and any of
    `countries` (ISO 3166-1 alpha-3 or alpha-2, the primary one first), `groups`, `sectors` and `topics`: a list of ids, or an
    object `{"about": [...], "mentions": [...]}`.

    Args:
        path: JSON lines, compressed when the name ends with `.gz`.

    Raises BadInput: the file or a line cannot be read, or a concept is not in the vocabulary; the message names the line.
    """
    for place, row in rows_of(path, try_next=_FORM):
        pages = row.get("pages") if row.get("pages") is not None else [row.get("text")]
        if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
            raise bad_line(place, sentence("it needs `text`, or `pages` as a list of texts"), try_next=_FORM)
        text = JudgedText(
            id=text_of(row, "id", place=place, try_next=_FORM),
            title=text_of(row, "title", place=place, try_next=_FORM, may_be_empty=True),
            pages=tuple(pages),
            lang=text_of(row, "lang", place=place, try_next=_FORM, may_be_empty=True),
        )
        labels = {
            facet: _labels(row[name], facet=facet, vocabulary=vocabulary, place=f"{place}, `{name}`")
            for name, facet in FACETS.items()
            if row.get(name) is not None
        }
        yield LabelledText(text, labels)


def _labels(given: Any, *, facet: Facet, vocabulary: Vocabulary, place: str) -> Labels:
    if isinstance(given, dict) and not given.keys() - {"about", "mentions"}:
        about = _concepts(given.get("about", []), facet=facet, vocabulary=vocabulary, place=place)
        mentions = _concepts(given.get("mentions", []), facet=facet, vocabulary=vocabulary, place=place)
        return Labels(tuple(dict.fromkeys((*about, *mentions))), frozenset(about))
    return Labels(_concepts(given, facet=facet, vocabulary=vocabulary, place=place))


def _concepts(given: Any, *, facet: Facet, vocabulary: Vocabulary, place: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise bad_line(
            place, sentence("it is a list of ids, or an object with the lists `about` and `mentions`"), try_next=_FORM
        )
    return tuple(dict.fromkeys(_known(each, facet=facet, vocabulary=vocabulary, place=place) for each in given))


def _known(name: str, *, facet: Facet, vocabulary: Vocabulary, place: str) -> str:
    if facet is Facet.COUNTRY:
        country = vocabulary.country(name)
        if country is not None:
            return country.id
    elif name in vocabulary.concepts(facet):
        return name
    raise BadInput(
        sentence(
            "{place}: the vocabulary has no {facet} called {name}.",
            place=str(place),
            facet=facet.value,
            name=repr(name),
        ),
        try_next=sentence("`pushcart vocabulary find WORDS` prints ids."),
    )
