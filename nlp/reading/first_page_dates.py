"""When a publication says on its first pages that it was published: as exact as it says it, and nothing made up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from corpus.metadata.dates import parse_date

_STRONG = (
    r"(?:first |1st |originally |revised and )?(?:published|released|issued|printed)(?: online)?|available online|this version"
    r"|(?:date of |online )publication(?: date)?|publication date|(?:release|issue) date"
    r"|(?:fecha|date|data) de (?:la )?(?:publicaci[oó]n|publication|publica[cç][aã]o|edici[oó]n|elaboraci[oó]n|parution)"
    r"|publicad[oa]|editad[oa]|impres[oa]|publi[eé]e?|paru|parution|imprim[eé]e?|d[eé]p[oô]t l[eé]gal"
)
_WEAK = r"(?:\w+ )?(?:date|fecha|data|edition|edici[oó]n|[eé]dition|edi[cç][aã]o)"
"""These need a sign behind them: they are in sentences and tables too."""
_LABEL = re.compile(
    rf"(?:^|(?<=[,;.|•·(]) ?)(?:(?:{_STRONG})\b ?(?:[:.,–—-] ?)?|(?:{_WEAK})(?: ?[:,.] ?| (?=(?:of|de|du|del)\b)))"
    r"(?:(?:in|on|el|en|em|le|de|of|du mois de|del mes de|du) )?(?P<rest>[^\n]{4,60})",
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
_IN_NUMBERS = (
    r"\d\d?[-/. ][IVX]{1,4}[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/.]\d\d?(?:[-/.]\d\d?)?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d"
)
_DATE_LINE = re.compile(rf"\(?{_PLACE}{_WEEKDAY}(?:{_NAMED_MONTH}|{_IN_NUMBERS})\)?", re.IGNORECASE)
"""A place may be before it. A year alone is anything, and comes later."""
_YEAR_LINE = re.compile(r"[©(\[]? ?(?:[^\W\d_][\w.'’-]{1,20}(?: [\w.'’-]{1,20})?, )?(?P<year>(?:19|20)\d\d)[)\].]?")
_NUMBERED = re.compile(
    r"\b(?:no|nr|n[º°]|n[uú]m|vol(?:ume|umen)?|issue|paper|brief|series|edition|bolet[ií]n|newsletter|bulletin|report)\b",
    re.I,
)
_LAST_PART = re.compile(r"[,:] ((?:\d\d? (?:de )?)?[^\W\d_]{3,10}\.? (?:del? )?(?:19|20)\d\d) ?$")
_BETWEEN = re.compile(r" [|•·–—/-]+ |[|]")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|derechos reservados|tous droits réservés|direitos reservados)[^\n]{0,80}?\b((?:19|20)\d\d)\b"
    r"|first (?:published|edition)[^\n]{0,30}?\b((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_CITE = re.compile(
    r"(?:suggested citation|recommended citation|please cite|cite (?:this|as)|c[oó]mo citar|citar como|citer)\b[\s\S]{0,200}?"
    r"(?<!\d)[(. ]((?:19|20)\d\d)[).,]",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r".{0,40}(?:trimestre|quarter|semestre|semester|bimestre|cuatrimestre|spring|summer|autumn|winter|invierno|primavera|verano|printemps|automne)"
    r",? (?:del? )?(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_MONTH_IN_BRACKETS = re.compile(r"\(([^\W\d_]{3,10}\.?,? (?:19|20)\d\d)\)")
_ISSUE_YEAR = re.compile(
    r"\b(?:no|nr|n[º°]|n[uú]m|vol|issue)\.? ?\d{1,4}[,. (-]{1,3}(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
)
_ISSUE_CHARACTERS_MAX = 110
_DATED_WORD = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_FRONT_PAGES = 3
"""After page 1: dates alone on a line are there; further on they are those of tables and notes."""
_RUNNING_PAGES = 6
_RUNNING_TIMES = 2
_HEAD_LINES = 5
_LINE_CHARACTERS_MAX = 60
_LINES = 80
"""Lines of page 1 that are requested a date."""


def date_said(pages: Sequence[Sequence[str]], *, last: Sequence[str] = (), title: str = "") -> str:
    """Return when the publication was published, as it says it (`2019-05-03`, `2019-05`, `2019`); empty when it does not.

    From the surest on: a date behind a word such as `published`; one alone on a line, with a place or none (`Lima, mayo de 2019`),
    of page 1 before the next ones; a year alone on page 1; the year of the copyright or of how to cite it; the year in the running
    heads. Of two that agree the more exact one is returned.

    Args:
        pages: lines of the first pages; page 1 may be empty.
        last: lines of the last page, where the copyright of a book may stand, and the references of a paper.
        title: as page 1 has it; a year in it is that of a survey or a programme more often than not.
    """
    tidy = [list(map(_tidy, page[:_LINES])) for page in pages]
    first, others = tidy[0] if tidy else [], tidy[1:]
    imprint = [line for page in others for line in page]
    front = [line for page in others[:_FRONT_PAGES] for line in page]
    in_title = _DATED.findall(title)
    found = (
        _first_of(map(_after_label, first))
        or _first_of(map(_alone, first))
        or _lone_year(first, but=in_title)
        or _first_of(map(_of_issue, _ends_of(first)))
    )
    behind = (
        _first_of(_after_label(part) for line in imprint for part in _parts(line) if _LABEL.match(part))
        or _first_of(map(_alone, front))
        or _first_of(_of_issue(line) for page in others[:_FRONT_PAGES] for line in _ends_of(page))
        or _copyright(" \n".join([*first, *imprint, *map(_tidy, last)]))
        or _first_of(map(_place_and_year, front))
    )
    best = behind if not found or (behind.startswith(found) and len(behind) > len(found)) else found
    return best or _running_year(tidy[:_RUNNING_PAGES])


def _first_of(dates: Iterable[str]) -> str:
    return next(filter(None, dates), "")


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
    if quarter := _QUARTER.fullmatch(line):
        return quarter["year"]
    for part in _parts(line):
        # A line that begins with a small letter is the end of a sentence.
        if len(part) > _LINE_CHARACTERS_MAX or part.isdigit() or part[:1].islower():
            continue
        if date := _whole_date(part):
            whole = parse_date(line.replace(" | ", " "))  # of `Enero – Diciembre 2024` no part is the date
            return whole if whole and date.startswith(whole) else date
    last = _LAST_PART.search(line[-_LINE_CHARACTERS_MAX:]) if _NUMBERED.search(line) else None
    return date if last and "-" in (date := parse_date(last[1])) else ""


def _of_issue(line: str) -> str:
    """Return the date of the issue of a journal that its head or foot gives: `Vol. 6 No. 1 (June, 2015)`, `STATECO N°99, 2005`."""
    if len(line) > _ISSUE_CHARACTERS_MAX or not _NUMBERED.search(line):
        return ""
    in_brackets = _MONTH_IN_BRACKETS.search(line)
    if in_brackets and "-" in (date := parse_date(in_brackets[1])):
        return date
    year = _ISSUE_YEAR.search(line)
    return year["year"] if year else ""


def _ends_of(page: Sequence[str]) -> list[str]:
    """Return the lines in which the issue of a journal is named; `Law No. 6, 2019` is between them."""
    return [*page[:_HEAD_LINES], *page[_HEAD_LINES:][-_HEAD_LINES:]]


def _place_and_year(line: str) -> str:
    found = next((match for part in _parts(line) if (match := _YEAR_LINE.fullmatch(part)) and "," in part), None)
    return found["year"] if found else ""


def _parts(line: str) -> Iterator[str]:
    yield line.replace(" | ", " ").strip(" .")
    parts = [part.strip(" –—-.") for part in _BETWEEN.split(line)]
    if len(parts) > 1:
        yield from parts


def _lone_year(lines: Iterable[str], *, but: Sequence[str]) -> str:
    """Return the year that stands alone on a line, with a place before it or none; empty when several do, as in a table."""
    years = {found["year"] for line in lines for part in _parts(line) if (found := _YEAR_LINE.fullmatch(part))}
    own = years - set(but)
    return own.pop() if len(own) == 1 else ""


def _running_year(pages: Sequence[Sequence[str]]) -> str:
    """Return the year in the heads and feet of the pages, when they have one and no other."""
    counts: Counter[str] = Counter()
    for page in pages:
        ends = [line for line in (*page[:2], *page[-2:]) if len(line) < _ISSUE_CHARACTERS_MAX]
        counts.update({year for line in ends for year in _DATED_WORD.findall(line)})
    often = [year for year, count in counts.items() if count >= _RUNNING_TIMES]
    return often[0] if len(often) == 1 else ""


def _copyright(imprint: str) -> str:
    found = _COPYRIGHT.search(imprint) or _CITE.search(imprint)
    return next(filter(None, found.groups()), "") if found else ""
