"""What the text of a search means: a small tree of frozen values, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.types import Facet
from search_api.query.parameters import YearRange


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must all be there, in any form and order: one word as typed, or the parts of one such as `home-based`."""

    text: str
    field: str = ""
    """One of TEXT_FIELDS; empty: anywhere."""
    translated: bool = False
    """True: words of other languages that mean the same count too (search_api.query.translations)."""


@dataclass(frozen=True, slots=True)
class Concepts:
    """Words that name concepts of the vocabulary: found by the words themselves, or by any other name of the concept."""

    text: str
    """As typed, one word or several."""
    concepts: tuple[tuple[Facet, str], ...]
    """Facet and id, one or more."""
    field: str = ""
    translated: bool = False
    """As of Words."""
    is_hint: bool = False
    """True: the words are no name of the concepts, but mean something within them (`unemployment` of growth and jobs)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exactly these words side by side, whatever their accents and capitals."""

    text: str
    slop: int = 0
    """How many places words may be moved; 0: side by side."""
    open_end: bool = False
    """True: the last word may continue (`"street vend"*`)."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    text: str
    """At least PREFIX_CHARACTERS_MIN letters or digits."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word spelled nearly so."""

    text: str
    distance: int = 1
    """Letters added, left out, changed or swapped: 1 or 2."""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """One of these values in a filter such as `country`."""

    field: str
    """One of query.FILTER_FIELDS, or `doi`."""
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """Published in these years."""

    years: YearRange


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Most:
    """Words between which nothing stands, ranked by all of them: a document must have all, or many of a long text."""

    parts: tuple[Node, ...]
    minimum: int
    """How many parts an answer must have, 1 or more; documents with fewer of them are near."""


@dataclass(frozen=True, slots=True)
class Not:
    """What does not have this."""

    part: Node


@dataclass(frozen=True, slots=True)
class Boosted:
    """The same documents, with scores that count more or less."""

    part: Node
    factor: float
    """0.1 to 10."""


Leaf = Words | Concepts | Phrase | Prefix | Fuzzy | Values | Years | Everything
Node = Leaf | And | Or | Most | Not | Boosted

TEXT_FIELDS = ("title", "author", "publisher")
"""Fields of words that can be named in a query."""


def leaves(node: Node, *, negative: bool = False) -> Iterator[Leaf]:
    """Give the leaves that count for a document (or, if `negative`, those that count against it), left to right."""
    match node:
        case And(parts) | Or(parts) | Most(parts):
            for part in parts:
                yield from leaves(part, negative=negative)
        case Not(part):
            yield from leaves(part, negative=not negative)
        case Boosted(part):
            yield from leaves(part, negative=negative)
        case _:
            if not negative:
                yield node


def text_only(node: Node) -> Node | None:
    """Return what a single page can answer: words anywhere in the text, without filters, titles, names and exclusions.

    None when nothing of that kind is in the tree.
    """
    match node:
        case Words(field="") | Concepts() | Phrase(field="") | Prefix(field="") | Fuzzy(field=""):
            return node
        case And(parts):
            return _joined(And, tuple(kept for part in parts if (kept := text_only(part)) is not None))
        case Or(parts):
            return _joined(Or, tuple(kept for part in parts if (kept := text_only(part)) is not None))
        case Most(parts, minimum):
            kept_parts = tuple(kept for part in parts if (kept := text_only(part)) is not None)
            return Most(kept_parts, min(minimum, len(kept_parts))) if kept_parts else None
        case Boosted(part, factor):
            inner = text_only(part)
            return None if inner is None else Boosted(inner, factor)
        case _:
            return None


def _joined(kind: type[And] | type[Or], parts: tuple[Node, ...]) -> Node | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return kind(parts)


def loosened(node: Node) -> Node | None:
    """Return the tree of answers and of what is near them: of words between which nothing stands, one is enough.

    None when a document that lacks something would be no help: there is only one word, or all are required.
    """
    match node:
        case Most(parts, minimum) if minimum > 1:
            return Most(parts, 1)
        case And(parts):
            looser = [loosened(part) for part in parts]
            if all(each is None for each in looser):
                return None
            return And(tuple(each or part for each, part in zip(looser, parts, strict=True)))
        case _:
            return None


def is_long(node: Node) -> bool:
    """Tell whether a document answers that has only many of the words."""
    match node:
        case Most(parts, minimum):
            return minimum < len(parts)
        case And(parts):
            return any(is_long(part) for part in parts)
        case _:
            return False


def loose_parts(node: Node) -> tuple[Node, ...]:
    """Return the parts of which a near document may lack some, left to right."""
    match node:
        case Most(parts):
            return parts
        case And(parts):
            return tuple(inner for part in parts for inner in loose_parts(part))
        case _:
            return ()
