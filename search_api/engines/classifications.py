"""Classifications of occupations, activities or products: documents that name every trade there is, and are about none.

Their pages are found, shown last, and add each word once, however many codes have it. Otherwise a national classification of
occupations is the first hit for child labour, street vendors and domestic workers in its own language. On 95 real documents
and 48 searches (12 in each of four languages) the first hit was a classification in 22 before, and in 9 with this and with
`as_rare_as` (search_api/query/plan.py). Its title or a code still finds it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median_low

from corpus.types import Page

_PAGES_MIN = 10
_CODES_ON_PAGE = 2
_SHARE_OF_PAGES = 0.5
"""Of all pages, that have so many codes. Seven classifications of 3,552 texts have 0.72 to 0.90; others 0.28 at most."""
_ASCENDING = 0.8
"""Of all pages with codes, whose middle one is above that of the page before: 0.9 and more in classifications; rows that begin
with figures or years begin anew on each page."""
_CODE = re.compile(r"\s{0,20}((?:[A-Z]{1,2}[ .-]?)?\d{1,6}(?:[.\-]\d{1,4}){0,4})\.?(?:\s{1,20}\W{0,2}[^\W\d_]|\s*$)")
"""At the start of a line: 5, 9211, A01.12, 01-11."""
_DIGITS = range(3, 8)
"""So many digits a code has. Numbers of footnotes and chapters have fewer."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def pages_of_classification(pages: Sequence[Page]) -> frozenset[int]:
    """Return the numbers of all pages from the first list of codes on, its index too; empty: the document is no classification."""
    if len(pages) < _PAGES_MIN:
        return frozenset()
    by_page = {page.number: list(_codes(page.text)) for page in pages}
    listing = frozenset(number for number, codes in by_page.items() if len(codes) >= _CODES_ON_PAGE)
    if len(listing) < _SHARE_OF_PAGES * len(pages):
        return frozenset()
    steps = [first < second for first, second in pairwise(_middle(by_page[number]) for number in sorted(listing))]
    if sum(steps) < _ASCENDING * len(steps):
        return frozenset()
    return frozenset(number for number in by_page if number >= min(listing))


def _middle(codes: Sequence[str]) -> str:
    """Return the middle code of a page; years stand in its head too, and count only where nothing else does."""
    return median_low([code for code in codes if not _YEAR.fullmatch(code)] or codes)


def _codes(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if (found := _CODE.match(line)) and sum(map(str.isdigit, found[1])) in _DIGITS:
            yield found[1].replace(" ", "")
