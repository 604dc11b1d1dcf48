"""Documents as Docs: one Doc holds all passages of a document, and `doc.spans["zones"]` says where each begins.

doc.spans["zones"]    one span for each passage: `label_` is its zone, `id_` its page, `kb_id_` its language
doc._.raw_text        the text with its line breaks
doc._.language        ISO 639-1 of most of the text
doc._.countries       of the catalogue's country field, ISO 3166-1 alpha-3
doc._.page_count
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

import numpy as np
from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokens import Doc, Span

from corpus.tag_rules import Zone
from nlp.pipeline.passages import Passage, TaggedText, passages_of

ZONES = "zones"
_BETWEEN_PASSAGES = "\n\n"
"""Becomes a token of white space, over which no term and no pattern reaches."""

Doc.set_extension("raw_text", default="", force=True)
"""The text as it was given. The tokens have a space for each line break, and the plain hyphen for every kind of it within words;
each character stays where it is."""
Doc.set_extension("language", default="", force=True)
Doc.set_extension("countries", default=(), force=True)
Doc.set_extension("page_count", default=1, force=True)


def doc_of(nlp: Language, text: TaggedText) -> Doc:
    """Return a document as `nlp` and `nlp.pipe` take it: passages that count, with zones, languages and countries.

    What is not counted (references, menus, running heads) is left out.
    """
    doc = doc_of_passages(nlp, passages_of(text))
    doc._.language = text.lang
    doc._.countries = list(text.countries)
    doc._.page_count = len(text.pages)
    return doc


def doc_of_passages(nlp: Language, passages: Sequence[Passage]) -> Doc:
    """Return the Doc of passages in their order, a paragraph's end between them; those that are not counted are left out."""
    read = [passage for passage in passages if passage.weight > 0 and passage.text.strip()]
    doc: Doc = nlp.tokenizer(_BETWEEN_PASSAGES.join(passage.text for passage in read))
    zones: list[tuple[Zone, int, str, int, int]] = []
    start = 0
    for passage in read:
        zones.append((passage.zone, passage.page, passage.lang, start, start + len(passage.text)))
        start += len(passage.text) + len(_BETWEEN_PASSAGES)
    set_zones(doc, zones)
    return doc


def set_zones(doc: Doc, zones: Sequence[tuple[Zone, int, str, int, int]]) -> None:
    """Write `doc.spans["zones"]`.

    Args:
        zones: in reading order; of each its page, its language (ISO 639-1; empty: not known yet), the character at which it begins
            and the one after its last.
    """
    tokens = doc.to_array([IDX]) if len(doc) else np.zeros(0, dtype="uint64")
    firsts = np.searchsorted(tokens, [start for *_, start, _ in zones]).tolist()
    lasts = np.searchsorted(tokens, [end for *_, end in zones]).tolist()
    doc.spans[ZONES] = [
        Span(doc, first, last, label=zone.value, kb_id=lang, span_id=str(page))
        for (zone, page, lang, _, _), first, last in zip(zones, firsts, lasts, strict=True)
        if first < last
    ]
    _last_read.clear()


_last_read: list[tuple[Doc, tuple[Passage, ...]]] = []
"""The Doc whose passages were requested last, and they: each component asks for them again. Never more than one."""


def passages_in(doc: Doc) -> tuple[Passage, ...]:
    """Return the passages of `doc.spans["zones"]`, in reading order; without zones the whole text is one passage."""
    for known, passages in _last_read:
        if known is doc:
            return passages
    found = tuple(_read_zones(doc))
    _last_read[:] = [(doc, found)]
    return found


def forget_passages() -> None:
    """Let go of the Doc whose passages were requested last."""
    _last_read.clear()


def _read_zones(doc: Doc) -> Iterator[Passage]:
    text = doc._.raw_text or doc.text
    spans: Sequence[Span] = doc.spans[ZONES] if ZONES in doc.spans else [doc[:]] if len(doc) else []
    before = 0
    for span in spans:
        start = span.start_char
        zone = Zone(span.label_) if span.label_ else Zone.BODY
        found = Passage(text[start : span.end_char], zone=zone, page=int(span.id_ or 1), lang=_language(span))
        found.start, found.first, found.last = start, span.start, span.end
        if found.page and found.weight > 0:
            found.before = before
            before += len(found.text)
        yield found


def _language(span: Span) -> str:
    return span.kb_id_ or span.doc._.language or "und"


def counted_passages(doc: Doc) -> list[Passage]:
    """Return the passages whose words count for something."""
    return [passage for passage in passages_in(doc) if passage.weight > 0]


def passage_at(passages: Sequence[Passage], token: int) -> Passage:
    """Return the passage in which a token stands; `passages` in reading order."""
    return passages[bisect_right(passages, token, key=_first_token) - 1]


_first_token = attrgetter("first")


def runs_in(doc: Doc) -> Iterator[tuple[str, Span]]:
    """Yield stretches of passages that follow each other, count for something and are in one language, with that language."""
    run: tuple[str, int, int] | None = None
    for passage in passages_in(doc):
        if run is not None and (passage.weight == 0 or passage.lang != run[0]):
            yield run[0], doc[run[1] : run[2]]
            run = None
        if passage.weight > 0:
            run = (passage.lang, run[1] if run else passage.first, passage.last)
    if run is not None:
        yield run[0], doc[run[1] : run[2]]
