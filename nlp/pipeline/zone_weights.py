"""What the zones of pages mean for tags: what a word counts in each, and which pages are back matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import APART
from nlp.zones import with_zones
from nlp.zones.phrases import entries_in

WEIGHTS: Mapping[Zone, float] = {
    Zone.TITLE: 6.0,
    Zone.ABSTRACT: 4.0,
    Zone.KEYWORDS: 4.0,
    Zone.HEADING: 3.0,
    Zone.BODY: 1.0,
    Zone.ANNEX: 0.5,
    Zone.CAPTION: 0.5,
    Zone.FOOTNOTE: 0.5,
    Zone.TABLE: 0.25,
    Zone.FIGURE: 0.25,
    **dict.fromkeys(APART, 0.0),
}
"""What a word counts in each part of a document (FIELD section 1)."""

_BACK_MATTER_SHARE = 0.6
"""Of a page's letters and digits, in zones that are not counted: from here on the page is back matter."""
_LETTERS_OF_AN_ENTRY = 220
"""Letters and digits to each year, address or page number of a list of references. References themselves have 40 to 140; what goes
on behind a list whose end was not seen (an annex without a heading of its own) has 250 and more."""


def zoned(pages: Sequence[Page]) -> Iterator[tuple[int, list[tuple[Zone, str]]]]:
    """Yield page number and stretches of text with their zone, in reading order, white space folded within lines.

    The title on a page counts as a heading: the document's own title is tagged on its own. Rows of a table are apart.
    """
    for page in with_zones(pages):
        stretches: list[tuple[Zone, str]] = []
        for zone, start, end in page.zones or ():
            zone = Zone.HEADING if zone is Zone.TITLE else zone
            stretches.append(
                (zone, _rows(page.text[start:end]) if zone is Zone.TABLE else _folded(page.text[start:end]))
            )
        yield page.number, stretches


def _folded(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def _rows(text: str) -> str:
    """Return rows of a table as paragraphs, with a sign between cells: no name reaches from one into the next.

    A line that begins with a small letter is the rest of a cell.
    """
    rows: list[str] = []
    for line in text.split("\n"):
        row = " ".join(" | ".join(map(str.strip, line.strip().split("  "))).split())
        if row:
            rows += ["\n" if row[0].islower() else "\n\n", row]
    return "".join(rows[1:])


def back_matter(pages: Sequence[Page]) -> tuple[int, ...]:
    """Return the numbers of pages with hardly anything but references, contents, imprint or boilerplate, ascending.

    A document without any other page has none: nothing else in it could be read instead.
    """
    if len(pages) < 2:
        return ()
    found, written = [], 0
    for number, stretches in zoned(pages):
        whole = sum(_letters(words) for _, words in stretches)
        written += whole > 0
        if whole and _letters_of_back_matter(stretches) >= _BACK_MATTER_SHARE * whole:
            found.append(number)
    return tuple(found) if len(found) < written else ()


def _letters_of_back_matter(stretches: Sequence[tuple[Zone, str]]) -> int:
    cited = "\n".join(words for zone, words in stretches if zone is Zone.REFERENCES)
    others = sum(_letters(words) for zone, words in stretches if WEIGHTS[zone] == 0 and zone is not Zone.REFERENCES)
    is_cited = _letters(cited) <= _LETTERS_OF_AN_ENTRY * entries_in(cited)
    return others + (_letters(cited) if is_cited else 0)


def _letters(words: str) -> int:
    return sum(map(str.isalnum, words))
