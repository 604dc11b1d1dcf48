"""Citations in a text: an author or publisher with a year, a DOI, a link to a document here, a line of a list of references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.metadata.identifiers import plain_doi

WHO_CHARACTERS_MAX = 120
_YEAR = r"(?P<year>(?:19|20)\d{2})[a-z]?"
_PAGE = r"(?:[,:;]\s{0,2}(?:pp?\.?|págs?\.?|s\.)?\s{0,2}(?P<page>\d{1,4})(?:\s?[-–]\s?\d{1,4})?)?"
_BRACKETS = re.compile(r"\(([^()\n]{4,300}(?:\n[^()\n]{1,200})?)\)")
_ONE = re.compile(rf"(?P<who>[^\d]{{2,{WHO_CHARACTERS_MAX}}})[,\s]\s{{0,2}}{_YEAR}{_PAGE}\s?")
_LEAD = re.compile(
    r"(?:see also|see|cf|e\.g|eg|as in|cited in|véase|ver|citado en|voir|cité dans|citado em)\b[.,:]*\s*", re.IGNORECASE
)
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]{1,40}"
_BEFORE_YEAR = re.compile(
    rf"(?P<who>{_NAME}(?:\s(?:{_NAME}|de|da|do|dos|del|la|van|von|of|the|for|et|al\.?|and|y|e|&)){{0,7}})\s?\({_YEAR}{_PAGE}\)"
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>«»“”]{1,200}")
_DOCUMENT = re.compile(r"/documents/(?P<id>d[0-9a-f]{16})(?:\?(?:[^\s#\"<>]{0,200}&)?page=(?P<page>\d{1,5}))?")
_REFERENCE = re.compile(
    rf"^[-*•\d.\[\] \t]{{0,8}}(?P<who>[^\n()]{{2,200}}?)[.,]?\s\(?{_YEAR}\)?[.,:]\s{{1,2}}[“\"«]?(?P<title>[^\n]{{12,300}})$",
    re.MULTILINE,
)
_MARKS = re.compile(r"[“”„«»\"]")
_END_OF_TITLE = re.compile(r"[.?!”\"»](?:\s|$)")

_NO_NAMES_WORDS = (
    "in since during between from by until en desde durante entre hasta depuis pendant jusqu em até table figure box chart"
    " cuadro gráfico tableau graphique tabela january february march april may june july august september october november"
    " december enero janvier janeiro"
)
_BETWEEN_NAMES = frozenset(
    {"et", "al", "and", "y", "e", "of", "the", "for", "de", "del", "da", "do", "dos", "la", "van", "von"}
)
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())


class CitationKind(StrEnum):
    """What a citation names a document by."""

    YEAR = "year"
    """An author or publisher and a year: (Chen, 2012, p. 8), ILO (2018)."""
    DOI = "doi"
    LINK = "link"
    """A link to a document or page here."""
    REFERENCE = "reference"
    """A line of a list of references, with its title."""


@dataclass(frozen=True, slots=True)
class TextCitation:
    """A citation in a text."""

    kind: CitationKind
    text: str
    """As it is written."""
    start: int
    """0-based character of the text, inclusive."""
    end: int
    """Exclusive."""
    who: str = ""
    """Authors or publisher, as written."""
    year: int | None = None
    page: int | None = None
    """As printed in the citation; pages of files are often others."""
    title: str = ""
    doi: str = ""
    document: str = ""
    """Id, of a link."""


def citations_in(text: str) -> tuple[TextCitation, ...]:
    """Return the citations of a text, in order, without overlaps."""
    found: list[TextCitation] = []
    taken = bytearray(len(text) + 1)
    for each in (*_dois(text), *_links(text), *_references(text), *_in_brackets(text), *_with_year(text)):
        if 1 not in taken[each.start : each.end]:
            taken[each.start : each.end] = b"\1" * (each.end - each.start)
            found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _dois(text: str) -> Iterator[TextCitation]:
    for match in _DOI.finditer(text):
        written = match.group().rstrip(".,;:)]}'’")
        if doi := plain_doi(written):
            yield TextCitation(CitationKind.DOI, written, match.start(), match.start() + len(written), doi=doi)


def _links(text: str) -> Iterator[TextCitation]:
    for match in _DOCUMENT.finditer(text):
        page = int(match["page"]) if match["page"] else None
        yield TextCitation(CitationKind.LINK, match.group(), *match.span(), document=match["id"], page=page)


def _references(text: str) -> Iterator[TextCitation]:
    for match in _REFERENCE.finditer(text):
        title = _END_OF_TITLE.split(match["title"], maxsplit=1)[0].strip(' .,“"«»”*_')
        who = match["who"].strip(" .,")
        if len(title) >= 12 and _is_who(who) and len(who.split()) <= 20 and not _MARKS.search(who):
            yield TextCitation(
                CitationKind.REFERENCE,
                match.group().strip(),
                *match.span(),
                who=who,
                year=int(match["year"]),
                title=title,
            )


def _in_brackets(text: str) -> Iterator[TextCitation]:
    """Yield the citations of brackets that hold nothing else: (see Chen, 2012, p. 8; ILO, 2018)."""
    for brackets in _BRACKETS.finditer(text):
        place = brackets.start(1)
        who = ""
        for piece in brackets[1].split(";"):
            lead = len(piece) - len(piece.lstrip())
            begun = _LEAD.match(piece, lead)
            start = begun.end() if begun else lead
            match = _ONE.fullmatch(piece, start)
            if match and _is_who(match["who"]):
                who = " ".join(match["who"].split()).strip(" ,")
                yield _with(match, who=who, shift=place, written=piece[start:].strip())
            place += len(piece) + 1


def _with_year(text: str) -> Iterator[TextCitation]:
    for match in _BEFORE_YEAR.finditer(text):
        who = " ".join(match["who"].split())
        if _is_who(who):
            yield _with(match, who=who, shift=0, written=match.group())


def _with(match: re.Match[str], *, who: str, shift: int, written: str) -> TextCitation:
    start = shift + match.start()
    return TextCitation(
        CitationKind.YEAR,
        " ".join(written.split()),
        start,
        start + len(written),
        who=who,
        year=int(match["year"]),
        page=int(match["page"]) if match["page"] else None,
    )


def _is_who(who: str) -> bool:
    """Say whether a text can be names: it begins with a capital, and most of its words do."""
    words = [word for word in re.split(r"[\s,&/]+", who) if word]
    capitals = sum(word[0].isupper() for word in words)
    small = sum(word.strip(".") in _BETWEEN_NAMES for word in words)
    return (
        bool(words)
        and words[0][0].isupper()
        and 2 * capitals >= len(words) - small
        and words[0].casefold() not in _NO_NAMES
    )
