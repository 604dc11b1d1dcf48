"""The office that a publication says is its publisher: in its imprint, on its cover, in its copyright, in its running feet."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from corpus.metadata.agreement import are_one_organisation
from corpus.metadata.organisations import is_abbreviation, is_office, is_state
from nlp.reading.cover import Block, blocks_of, is_sparse
from nlp.reading.first_page_title import FoundTitle, body_size
from nlp.reading.lines import Line
from nlp.reading.names_on_line import composed, names_on_line
from nlp.spellings import Spellings

_PUBLISHED_BY = re.compile(
    r"(?:^|[.;]\s)(?:(?:jointly |first )?published(?: in \d{4})? by|publishers?|publicado(?: en \d{4})? por"
    r"|publicad[oa] pel[oa]s?|publi[eé]e? par|[ée]diteur|edita|editado por|editorial|editor responsable)\s?:? "
    r"(?:the |el |la |o |a |le |l['’])?(?P<name>[^\W\d_][^\n;:]{2,120})",
    re.IGNORECASE | re.MULTILINE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright (?=©|\(c\)|by\b|(?:19|20)\d\d))[ ,:]{0,3}"
    r"(?:(?:by |the |la |el |le |de |do )|(?:©|\(c\)) ?|(?:19|20)\d\d(?:[-–]\d{2,4})?[,.:]? ?){0,4}(?P<name>[^\W\d_][^\n;]{1,120})",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\((?P<short>[A-Z][A-Za-z/-]{1,11})\)")
_NAME_CHARACTERS_MAX = 120
_ABBREVIATION_PAGES = 12
_SITE = re.compile(
    r"(?:https?://|www\.|@)(?:[\w-]{1,30}\.){0,2}?(?P<label>[a-z][\w-]{1,30})\.(?:org|int|gov|gob|gub|gouv|go|edu|ac|eu|com|net|[a-z]{2})\b",
    re.IGNORECASE,
)
_SITE_LINE_CHARACTERS = 70
"""The address of a publisher is on a line of its own, and not in a sentence or a reference."""
_OF_SITES = {
    "worldbank": "World Bank",
    "ilo": "International Labour Organization",
    "oecd": "OECD",
    "un": "United Nations",
    "undp": "UNDP",
    "unwomen": "UN Women",
    "iadb": "Inter-American Development Bank",
    "adb": "Asian Development Bank",
    "afdb": "African Development Bank",
    "cepal": "CEPAL",
    "imf": "International Monetary Fund",
    "wiego": "WIEGO",
    "europa": "European Commission",
}
_KNOWN = frozenset(
    (
        "ILO",
        "OIT",
        "WIEGO",
        "OECD",
        "UNDP",
        "PNUD",
        "UNICEF",
        "UNESCO",
        "FAO",
        "WHO",
        "IMF",
        "CEPAL",
        "ECLAC",
        "UNCTAD",
        "IBGE",
        "INEGI",
    )
)
_ENDS = re.compile(
    r"[,.]? (?:19|20)\d\d\b|, (?:[A-Z]{2}\b|all rights|todos|tous)|\. |\.$|\s[|•·–—]\s"
    r"| (?:all rights|some rights|todos los|tous droits|address|tel)\b|\s?\(?https?:|\s?www\.",
    re.IGNORECASE,
)
_IMPRINT_PAGES = 6
_FOOT_PAGES = 8
_FOOTS_MIN = 3
"""A line of an office on this many pages is in their heads or feet."""
_AFFILIATION_SIZES = 2.6
"""Below a name, within so many sizes of its letters, is where that person works."""
_SMALL = frozenset(
    (
        "of",
        "the",
        "and",
        "for",
        "in",
        "on",
        "de",
        "del",
        "la",
        "las",
        "los",
        "el",
        "y",
        "e",
        "en",
        "du",
        "des",
        "le",
        "les",
        "et",
    )
) | {"do", "da", "dos", "das", "para", "pour"}
_OFFICES_MAX = 4


def publishers_on(
    pages: Sequence[Sequence[Line]], texts: Sequence[str], *, title: FoundTitle, spellings: Spellings
) -> list[str]:
    """Return the offices that may be the publisher, the surest first; empty when none is named."""
    imprint = [*texts[:_IMPRINT_PAGES], *texts[_IMPRINT_PAGES:][-1:]]
    defined = _abbreviations(texts)
    sure = list(_named(_PUBLISHED_BY, imprint))
    on_cover, affiliations = _on_cover(pages, title=title, spellings=spellings)
    found = [
        *(name for name in on_cover if not is_abbreviation(name) or name in defined or name in _KNOWN),
        *_named(_COPYRIGHT, imprint),
        *(name for name in (*_in_feet(texts), *_in_imprint(texts[1:_IMPRINT_PAGES])) if not is_abbreviation(name)),
        *(name for name in affiliations if not is_abbreviation(name)),
        *_of_sites((*texts[:3], *texts[3:][-2:]), defined=defined, spellings=spellings),
    ]
    whole = [name for name in found if not is_state(name)]
    names = (in_usual_letters(name, spellings=spellings) for name in (*sure, *(whole or found)))
    return list(dict.fromkeys(names))[:_OFFICES_MAX]


def _named(expression: re.Pattern[str], texts: Sequence[str]) -> Iterator[str]:
    """Return the offices that are behind some words."""
    for text in texts:
        for found in expression.finditer(text):
            said = _ENDS.split(" ".join(found["name"].split()))[0].rstrip(" 0123456789")
            parts = (said, *said.split("/"), said.partition(",")[0])
            yield from itertools.islice((part.strip(" .,:()") for part in parts if is_office(part.strip(" .,:()"))), 1)


def _on_cover(
    pages: Sequence[Sequence[Line]], *, title: FoundTitle, spellings: Spellings
) -> tuple[list[str], list[str]]:
    """Return the offices on the page of the title, and those at which its authors work, each from the top down.

    On a page with text those above the title count, and those at which people work.
    """
    offices: list[str] = []
    affiliations: list[str] = []
    if title.page >= len(pages):
        return offices, affiliations
    page = blocks_of(pages[title.page])
    is_cover = is_sparse(page, body=body_size(pages))
    name_bottom: float | None = None
    for block in page:
        if block.text in title.parts:
            continue
        is_affiliation = name_bottom is not None and 0 < name_bottom - block.top < _AFFILIATION_SIZES * block.size
        if any(names_on_line(line.text, spellings=spellings) for line in block.lines) or is_affiliation:
            name_bottom = block.bottom
            affiliations += _of_block(block)
        elif is_cover or not title.text or block.top >= title.bottom:
            offices += _of_block(block)
    return offices, affiliations


def _of_block(block: Block) -> Iterator[str]:
    """Return the offices that a block is: one on each line, or one on all of them."""
    lines = [" ".join(composed(cell).split()) for line in block.lines for cell in re.split(r" {2,}", line.text.strip())]
    single = [line for line in lines if is_office(line)]
    is_one = not single or single == lines[:1] or all(map(is_abbreviation, single))
    if len(block.lines) > 1 and is_office(block.text) and is_one:
        yield block.text
    else:
        yield from single


def _in_feet(texts: Sequence[str]) -> Iterator[str]:
    """Return the offices in the running heads and feet."""
    counts: Counter[str] = Counter()
    for text in texts[:_FOOT_PAGES]:
        lines = [line.strip(" \t0123456789|") for line in text.split("\n") if line.strip()]
        counts.update({line for line in (*lines[:3], *lines[-3:]) if len(line) < 100})
    yield from (line for line, count in counts.most_common() if count >= _FOOTS_MIN and is_office(line))


def _in_imprint(texts: Sequence[str]) -> Iterator[str]:
    """Return the offices that are on a line of their own on the pages of an imprint."""
    for text in texts:
        for paragraph in text.split("\n\n"):
            lines = [line.strip(" .:") for line in paragraph.split("\n")]
            yield from (line for line in lines[:2] if len(lines) <= 4 and len(line.split()) > 2 and is_office(line))


def _abbreviations(texts: Sequence[str]) -> Mapping[str, str]:
    """Return the offices that a document names with their abbreviation (`Central Bureau of Statistics (CBS)`) by that."""
    found: dict[str, str] = {}
    for text in texts[:_ABBREVIATION_PAGES]:
        folded = " ".join(text.split())
        for named in _ABBREVIATED.finditer(folded):
            words = folded[max(0, named.start() - _NAME_CHARACTERS_MAX) : named.start()].split()
            names = (" ".join(words[-count:]) for count in range(min(len(words), 9), 1, -1))
            if name := next(
                (name for name in names if name[0].isupper() and are_one_organisation(name, named["short"])), ""
            ):
                found.setdefault(named["short"], name)
    return found


def _of_sites(texts: Sequence[str], *, defined: Mapping[str, str], spellings: Spellings) -> Iterator[str]:
    """Return the offices whose site or mail the first and last pages give: `www.wiego.org` is WIEGO's."""
    labels = Counter(
        found["label"].casefold()
        for text in texts
        for line in text.split("\n")
        if len(line) < _SITE_LINE_CHARACTERS
        for found in _SITE.finditer(line)
    )
    forms = {short.casefold(): name for short, name in defined.items()}
    for label, _ in labels.most_common():
        usual = spellings.usual(label)
        if label in forms:
            yield forms[label]
        elif label in _OF_SITES:
            yield _OF_SITES[label]
        elif usual[:1].isupper() and len(usual) > 2 and not spellings.is_common(label):
            yield usual


def in_usual_letters(name: str, *, spellings: Spellings) -> str:
    """Return the name of an office in capitals as it is usually written (`Pakistan Bureau of Statistics`)."""
    if not name.isupper() or len(name.split()) < 2:
        return name

    def lowered(word: re.Match[str]) -> str:
        plain, usual = word[0].lower(), spellings.usual(word[0])
        if plain in _SMALL and word.start() > 0:
            return plain
        return usual if len(usual) > 1 and usual.isupper() else plain.capitalize()

    return re.sub(r"[^\W\d_]+", lowered, name)
