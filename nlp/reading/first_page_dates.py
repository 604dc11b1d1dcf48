"""When a publication says on its first pages that it was published: as exact as it says it, and nothing made up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.metadata.dates import parse_date

_STRONG = (
    r"(?:first |1st |originally |revised and )?(?:published|released|issued|printed)(?: online)?|available online|this version"
    r"|(?:date of |online )publication(?: date)?|publication date|(?:release|issue) date"
    r"|(?:fecha|date|data) de (?:la )?(?:publicaci[oó]n|publication|publica[cç][aã]o|edici[oó]n|elaboraci[oó]n|parution)"
    r"|publicad[oa]|editad[oa]|impres[oa]|publi[eé]e?|paru|parution|imprim[eé]e?|d[eé]p[oô]t l[eé]gal"
)
_WEAK = r"(?:\w+ )?(?:date|fecha|data|edition|edici[oó]n|[eé]dition|edi[cç][aã]o)"
"""These need a sign behind them: they stand in sentences and tables too."""
_LABEL = re.compile(
    rf"(?:^|(?<=[,;.|•·(]) ?)(?:(?:{_STRONG})\b ?(?:[:.,–—-] ?)?|(?:{_WEAK})(?: ?[:,.] ?| (?=(?:of|de)\b)))"
    r"(?:(?:in|on|el|en|em|le|de|of) )?(?P<rest>[^\n]{4,60})",
    re.IGNORECASE,
)
"""Words that a date of publication follows, at the beginning of a line or after a sign. `Received` and `accepted` are others."""
_DATED = re.compile(r"(?:19|20)\d\d")
_PLACE = r"(?:[^\W\d_][\w .'’-]{1,30}(?:, ?[^\W\d_][\w .'’-]{1,25})?[,:]? (?:(?:le|a|el|ao|aos) )?)?"
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)?,? ?"
)
_NAMED_MONTH = (
    r"(?:\d{1,2}(?:st|nd|rd|th|er|[ºo°.])? (?:de |of )?)?(?P<word>[^\W\d_]{3,10})\.?(?: \d{1,2}(?:st|nd|rd|th)?,?)?"
    r",? (?:del? |of )?(?:19|20)\d\d"
)
_IN_NUMBERS = r"(?:19|20)\d\d[-/.]\d\d?(?:[-/.]\d\d?)?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d"
_DATE_LINE = re.compile(rf"\(?{_PLACE}{_WEEKDAY}(?:{_NAMED_MONTH}|{_IN_NUMBERS})\)?", re.IGNORECASE)
"""A place may stand before it. A year alone is anything, and comes later."""
_YEAR_LINE = re.compile(r"[©(\[]? ?(?:[^\W\d_][\w.'’-]{1,20}(?: [\w.'’-]{1,20})?, )?(?P<year>(?:19|20)\d\d)[)\].]?")
_NUMBERED = re.compile(
    r"\b(?:no|nr|n[º°]|n[uú]m|vol(?:ume|umen)?|issue|paper|brief|series|edition|bolet[ií]n|newsletter|bulletin|report)\b",
    re.I,
)
_LAST_PART = re.compile(r"[,:] ((?:\d\d? (?:de )?)?[^\W\d_]{3,10}\.? (?:del? )?(?:19|20)\d\d) ?$")
_BETWEEN = re.compile(r" [|•·–—/-]+ |[|;]")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|derechos reservados|tous droits réservés|direitos reservados)[^\n]{0,80}?\b((?:19|20)\d\d)\b"
    r"|first (?:published|edition)[^\n]{0,30}?\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_LINE_CHARACTERS_MAX = 60
_LINES = 80
"""Lines of page 1 that are asked for a date."""


def date_said(first_page: Sequence[str], *, imprint: str) -> str:
    """Return when the publication was published, as it says it (`2019-05-03`, `2019-05`, `2019`); empty when it does not.

    A date behind a word such as `published` counts before one that stands alone on a line of page 1 (`Lima, mayo de 2019`), that
    before a year alone, and that before the year of the copyright; of two that agree the more exact one is returned.

    Args:
        first_page: its lines.
        imprint: text of the pages where an imprint stands.
    """
    lines = list(map(_tidy, first_page[:_LINES]))
    found = (
        next(filter(None, (*map(_after_label, lines),)), "")
        or next(filter(None, map(_alone, lines)), "")
        or _lone_year(lines)
    )
    behind = next(filter(None, (_after_label(_tidy(line)) for line in imprint.split("\n"))), "") or _copyright(imprint)
    return behind if not found or (behind.startswith(found) and len(behind) > len(found)) else found


def is_date_line(text: str) -> bool:
    """Say whether a text is a date, with or without a place, and nothing else."""
    return bool(_whole_date(" ".join(text.split()).strip(" .")) or _YEAR_LINE.fullmatch(" ".join(text.split())))


def _tidy(line: str) -> str:
    """Return a line with single blanks; wider gaps, which part cells and columns, become a sign."""
    return " | ".join(cell for part in re.split(r" {2}|\t", line) if (cell := " ".join(part.split())))


def _after_label(line: str) -> str:
    """Return the date that follows a word such as `published`; of several (`received`, `accepted`, `published`) that."""
    for labelled in _LABEL.finditer(line[:300]):
        if _DATED.search(labelled["rest"]) and (date := _whole_date(_first_date(labelled["rest"]))):
            return date
    return ""


def _first_date(rest: str) -> str:
    """Return a text up to its first year, which ends a date, or begins one in numbers."""
    year = _DATED.search(rest)
    assert year is not None
    ends = re.match(r"[-/.]\d\d?(?:[-/.]\d\d?)?(?!\d)", rest[year.end() :])
    return rest[: year.end() + (ends.end() if ends else 0)]


def _whole_date(text: str) -> str:
    """Return the date that a text is, with or without a place; empty when it is a sentence with a year in it."""
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return text
    date = parse_date(text) if _DATE_LINE.fullmatch(text) else ""
    return date if "-" in date or re.fullmatch(_IN_NUMBERS, text) else ""


def _alone(line: str) -> str:
    """Return the date that is a line, or a part of one that signs set off; empty when there is none."""
    for part in _parts(line):
        if (
            len(part) <= _LINE_CHARACTERS_MAX
            and _DATE_LINE.fullmatch(part)
            and (date := parse_date(part))
            and "-" in date
        ):
            return date
    last = _LAST_PART.search(line[-_LINE_CHARACTERS_MAX:]) if _NUMBERED.search(line) else None
    return date if last and "-" in (date := parse_date(last[1])) else ""


def _parts(line: str) -> Iterator[str]:
    yield line.strip()
    parts = [part.strip() for part in _BETWEEN.split(line)]
    if len(parts) > 1:
        yield from parts


def _lone_year(lines: Iterable[str]) -> str:
    """Return the year that stands alone on a line, with a place before it or none; empty when several do, as in a table."""
    years = {found["year"] for line in lines for part in _parts(line) if (found := _YEAR_LINE.fullmatch(part))}
    return years.pop() if len(years) == 1 else ""


def _copyright(imprint: str) -> str:
    found = _COPYRIGHT.search(imprint)
    return (found[1] or found[2]) if found else ""
