"""What the first pages say of the publication: title by the size of its type, identifiers, abstract, date.

Everything here is a guess and stands behind what publisher and file say; where there is doubt, nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.metadata.identifiers import valid_isbn
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from nlp.reading.first_page_dates import date_said
from nlp.reading.lines import Line
from nlp.reading.writing import plain_characters

ORIGIN = Origin(OriginPlace.FILE, "text")

_TITLE_LARGER = 1.15
"""A title is set larger than the body by at least this factor."""
_TITLE_CHARACTERS = (8, 300)
_SAME_SIZE = 0.04
_TEXT_CHARACTERS = 12_000
"""Of the first pages, looked at for identifiers and the abstract."""
_ABSTRACT_CHARACTERS = (150, 3_000)

_NOT_A_TITLE = re.compile(
    r"(?:working|discussion|policy|research|issue|technical|occasional)\s+(?:paper|brief|note|series)s?|report|policy|brief"
    r"|documentos?\s+de\s+trabajo|documents?\s+de\s+travail|textos?\s+para\s+discuss[aã]o|nota\s+t[eé]cnica|note\s+d[e']\s*\w+"
    r"|abstract|summary|introduc\w+|preface|foreword|prefacio|pr[ée]face|avant-propos|antecedentes|presentaci[oó]n|apresenta[cç][aã]o"
    r"|background|contents|table of contents|resumen|résumé|resumo|índice|sommaire|sumário|annex|acknowledge?ments"
    r"|page \d+|\d[\d\s./-]*|(?:no|nº|n°|vol)\.?\s*\d+.*|www\..*|https?:.*",
    re.IGNORECASE,
)
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
    """Return what can be told from the first pages.

    Args:
        lines: of the first pages, with sizes; empty for pages read by an engine that does not tell sizes.
        texts: of all pages.
    """
    found: dict[str, list[str]] = {}
    if title := title_by_size(lines):
        found["title"] = [title]
    start = "\n\n".join(texts[: max(len(lines), 1)])[:_TEXT_CHARACTERS]
    # The imprint of a book stands on its last page as often as on its second.
    imprint = start + "\n\n" + (texts[-1][-3_000:] if len(texts) > 3 else "")
    found |= _identifiers(imprint)
    if date := date_said(_first_page_lines(lines, texts), imprint=imprint):
        found["date"] = [date]
    if abstract := _abstract(start):
        found["abstract"] = [abstract]
    if keywords := _KEYWORDS.search(start):
        words = re.split(r"(?:(?<!\s)\s++)?[;,·|]\s*", " ".join(keywords["words"].split()))
        found["keyword"] = [word.strip(" .") for word in words if 2 <= len(word) <= 60][:20]
    return {name: tuple(Evidence(value, ORIGIN) for value in values) for name, values in found.items() if values}


def _first_page_lines(lines: Sequence[Sequence[Line]], texts: Sequence[str]) -> list[str]:
    """Return the lines of page 1 as the page shows them; of the text, where the reader did not tell them."""
    if lines and lines[0]:
        return [line.text for line in lines[0]]
    return texts[0].split("\n") if texts else []


def title_by_size(pages: Sequence[Sequence[Line]]) -> str:
    """Return the largest lines of the first page that has text, if they stand out and read as a title; else empty."""
    body = _body_size(pages)
    first = next((page for page in pages if any(line.text.strip() for line in page)), ())
    lines = [line for line in first if line.size > _TITLE_LARGER * body]
    for size in sorted({round(line.size, 1) for line in lines}, reverse=True)[:3]:
        run = _run_of_size(first, size)
        title = " ".join(plain_characters(" ".join(line.text for line in run)).split()).strip("–—-: ")
        if _is_title(title):
            return title
    return ""


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size in which most characters of the first pages are set; 0 when there are none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _run_of_size(lines: Sequence[Line], size: float) -> list[Line]:
    """Return the first lines of a size that follow one another."""
    run: list[Line] = []
    for line in lines:
        if abs(line.size - size) <= _SAME_SIZE * size:
            if run and abs(run[-1].y - line.y) > 3 * size:
                break
            run.append(line)
        elif run:
            break
    return run


def _is_title(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        _TITLE_CHARACTERS[0] <= len(text) <= _TITLE_CHARACTERS[1]
        and letters > 0.6 * len(text.replace(" ", ""))
        and (" " in text or len(text) >= 12)
        and "\ufffd" not in text
        and not _NOT_A_TITLE.fullmatch(text)
        and not _is_spaced_out(text)
    )


def _is_spaced_out(text: str) -> bool:
    """Say whether a text is set letter by letter (`R E P O R T`): its words cannot be told."""
    words = text.split()
    return len(words) > 3 and sum(len(word) == 1 for word in words) > 0.5 * len(words)


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
