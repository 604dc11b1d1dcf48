"""What the first pages say of the publication: title by the size of its type, identifiers, abstract, date.

Everything here is a guess and is behind what publisher and file say; where there is doubt, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.metadata.identifiers import valid_isbn
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from nlp.reading.first_page_authors import authors_of_imprint, authors_on
from nlp.reading.first_page_dates import date_said
from nlp.reading.first_page_publisher import publishers_on
from nlp.reading.first_page_title import title_on
from nlp.reading.first_page_type import kinds_said
from nlp.reading.lines import Line
from nlp.spellings import Spellings

ORIGIN = Origin(OriginPlace.FILE, "text")

_DATED_PAGES = 5
_TEXT_CHARACTERS = 12_000
"""Of the first pages, looked at for identifiers and the abstract."""
_ABSTRACT_CHARACTERS = (150, 3_000)

_DOI = re.compile(
    r"(?:doi(?:\.org)?+\s*+(?:[:/]\s*+)?|https?://(?:dx\.)?doi\.org/)(10\.\d{4,9}/[^\s\"<>{}|\\^`]+)", re.IGNORECASE
)
_ISBN = re.compile(r"ISBN(?:[-\s]*1[03])?[\s:]*([\d][\d\s\-‐‑–]{8,20}[\dXx])")
_ISSN = re.compile(r"ISSN(?:\s*\([^)]{1,20}\))?[\s:]*(\d{4}\s?[-‐‑–]\s?\d{3}[\dXx])")
_SERIES = re.compile(
    r"^(?P<series>[^\n]{0,60}?(?:Working|Discussion|Occasional|Policy Research Working|Technical)\s+Papers?(?:\s+Series)?"
    r"|[^\n]{0,60}?(?:Documento|Cuaderno)s?\s+de\s+[Tt]rabajo|[^\n]{0,60}?Documents?\s+de\s+[Tt]ravail"
    r"|[^\n]{0,60}?Textos?\s+para\s+[Dd]iscuss[aã]o|[^\n]{0,60}?(?:Policy|Organizing|Technical|Statistical|Urban Policies)\s+Brief)"
    r"[\s,]*(?:No\.?|Nr\.?|N[º°o]\.?|#)\s*(?P<number>\d{1,5})\b",
    re.MULTILINE,
)
_ABSTRACT = re.compile(
    r"^[^\S\n]*+(?:abstract|executive summary|summary|resumen(?: ejecutivo)?|résumé(?: exécutif)?|resumo(?: executivo)?"
    r"|sumário executivo)\s*[:.—–-]?[ \t]*\n?",
    re.IGNORECASE | re.MULTILINE,
)
_ABSTRACT_END = re.compile(
    r"^[^\S\n]*+(?:key\s?words?|palabras\s+clave|mots[- ]cl[eé]s?|palavras[- ]chave|jel\b"
    r"|(?:(?:[1I]\.?|\.)\s*+)?+introduc\w+|contents|index)",
    re.IGNORECASE | re.MULTILINE,
)
_KEYWORDS = re.compile(
    r"^[^\S\n]*+(?:key\s?words?|palabras\s+clave|mots[- ]cl[eé]s?|palavras[- ]chave)\s*+[:.—–]\s*+(?P<words>.{3,400}?)"
    r"(?:\n\s*\n|\Z|\.\s*\n)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def guessed_evidence(lines: Sequence[Sequence[Line]], texts: Sequence[str]) -> FieldEvidence:
    """Return what can be read from the first pages.

    Args:
        lines: of the first pages, with sizes; empty for pages read by an engine that does not tell sizes.
        texts: of all pages.
    """
    found: dict[str, list[str]] = {}
    spellings = Spellings.of(texts)
    title = title_on(lines, spellings=spellings)
    if title.text:
        found["title"] = [title.text]
    found["author"] = authors_on(lines, title=title, spellings=spellings) or authors_of_imprint(
        texts, spellings=spellings
    )
    found["publisher"] = publishers_on(lines, texts, title=title, spellings=spellings)
    shown = _lines_of_pages(lines, texts)
    found["type"] = kinds_said(
        shown[0] if shown else (), next_page=shown[1] if len(shown) > 1 else (), has_authors=bool(found["author"])
    )
    start = "\n\n".join(texts[: max(len(lines), 1)])[:_TEXT_CHARACTERS]
    # The imprint of a book is on its last page as often as on its second.
    imprint = start + "\n\n" + (texts[-1][-3_000:] if len(texts) > 3 else "")
    found |= _identifiers(imprint)
    if date := date_said(shown, last=_last_page(texts), title=title.text):
        found["date"] = [date]
    if abstract := _abstract(start):
        found["abstract"] = [abstract]
    if keywords := _KEYWORDS.search(start):
        words = re.split(r"(?:(?<!\s)\s++)?[;,·|]\s*", " ".join(keywords["words"].split()))
        found["keyword"] = [word.strip(" .") for word in words if 2 <= len(word) <= 60][:20]
    return {name: tuple(Evidence(value, ORIGIN) for value in values) for name, values in found.items() if values}


def _lines_of_pages(lines: Sequence[Sequence[Line]], texts: Sequence[str]) -> list[list[str]]:
    """Return the lines of the pages where a publication says when it was published.

    Of page 1 as the page shows them; of the text, where the reader did not tell them.
    """
    pages = [text.split("\n") for text in texts[:_DATED_PAGES]]
    if pages and lines and lines[0]:
        pages[0] = [line.text for line in lines[0]]
    return pages


def _last_page(texts: Sequence[str]) -> list[str]:
    return texts[-1].split("\n") if len(texts) > _DATED_PAGES else []


def _identifiers(text: str) -> dict[str, list[str]]:
    series = _SERIES.search(text)
    return {
        "doi": list(dict.fromkeys(found.rstrip(".,;:)]").lower() for found in _DOI.findall(text)))[:1],
        "isbn": [isbn for found in _ISBN.findall(text) if (isbn := valid_isbn(found))][:4],
        "issn": [found.replace(" ", "") for found in _ISSN.findall(text)][:2],
        "series": [f"{' '.join(series['series'].split())} {series['number']}"] if series else [],
    }


def _abstract(text: str) -> str:
    heading = _ABSTRACT.search(text)
    if heading is None:
        return ""
    rest = text[heading.end() :].lstrip("\n")
    end = _ABSTRACT_END.search(rest)
    body = rest[: end.start()] if end else rest
    paragraphs: list[str] = []
    for paragraph in body.split("\n\n"):
        folded = " ".join(paragraph.split())
        # What is short or has no sentence in it is a heading, a caption or a table of contents.
        if paragraphs and (len(folded) < 80 or not re.search(r"[.!?]", folded) or "....." in folded):
            break
        paragraphs.append(folded)
        if not end and sum(map(len, paragraphs)) > 600:
            break
    abstract = " ".join(paragraphs).strip()
    is_prose = _ABSTRACT_CHARACTERS[0] <= len(abstract) <= _ABSTRACT_CHARACTERS[1] and "....." not in abstract
    return abstract if is_prose else ""
