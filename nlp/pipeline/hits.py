"""A place in a document that speaks for a concept."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.tag_rules import Rule
from corpus.types import Facet
from nlp.pipeline.passages import Passage


@dataclass(frozen=True, slots=True, eq=False)
class ConceptMatch:
    """Words in a passage that speak for a concept, after all rules that hold words back."""

    facet: Facet
    concept: str
    passage: Passage
    start: int
    """0-based character in the passage's text."""
    end: int
    """Exclusive."""
    rule: Rule
    """Without a zone, which the passage has."""
    where: tuple[str, ...] = ()
    """Countries in which the words are used; empty when everywhere."""
