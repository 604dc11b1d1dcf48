"""Put offered values in the order in which they are believed."""

from __future__ import annotations

from corpus.types import Evidence
from nlp.language import UNDETERMINED, language_of


def put_first(offers: list[Evidence], chosen: Evidence) -> None:
    """Move a value to the beginning of its list."""
    offers.remove(chosen)
    offers.insert(0, chosen)


def put_language_first(offers: list[Evidence], *, lang: str) -> None:
    """Move what is in the document's language before the rest, when the surest place mentions it in another.

    A record often has the abstract in two or three languages, in any order. A text too short to tell stays where it is.
    """
    if lang != UNDETERMINED and offers and language_of([offers[0].value]) not in (lang, UNDETERMINED):
        offers.sort(key=lambda offer: language_of([offer.value]) != lang)
