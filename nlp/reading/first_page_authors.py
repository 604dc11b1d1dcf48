"""The people whom the first pages name as authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.metadata.agreement import words_of
from corpus.metadata.authors import authors_in
from nlp.reading.cover import Block, blocks_of, is_sparse
from nlp.reading.first_page_title import FoundTitle, body_size
from nlp.reading.lines import Line
from nlp.reading.names_on_line import is_by_line, names_on_line
from nlp.spellings import Spellings

_AUTHORS_MAX = 20
_OVERLAP = 0.1
"""Of the width of a title: a column beside it may reach so far into it."""
_BLOCKS_BELOW = 20
"""Blocks below a title that are asked whether they are names."""
_BEGINS = re.compile(
    r"(?:abstract|summary|resum|r[ée]sum|introduc|key ?words|palabras|mots|contents|background|\d\.? |i\.? )",
    re.IGNORECASE,
)
_PREPARED_BY = re.compile(
    r"\b(?:report|handbook|paper|study|document|publication|brief|manual|guide|note"
    r"|estudio|informe|documento|rapport|[ée]tude|relat[oó]rio|estudo) (?:was|is|has been|fue|ha sido|a [ée]t[ée]|foi)"
    r" (?:prepared|written|authored|elaborado|escrito|preparado|r[ée]dig[ée]|pr[ée]par[ée]|[ée]crit)e? (?:by|por|par)"
    r" (?P<names>[^.;]{5,300})",
    re.IGNORECASE,
)
_IMPRINT_PAGES = 6
_NAMES_AFTER_LEAD = 12
_LINE_CHARACTERS_MAX = 300
_OF_STAFF = re.compile(
    r"editor|edici[oó]n|director|coordina|layout|design|dise[nñ]o|diagrama|photo|foto|translat|traduc|review|revis|contact|impre|print|equipo|team",
    re.IGNORECASE,
)
"""Beside these words stand people who are no authors."""


def authors_on(pages: Sequence[Sequence[Line]], *, title: FoundTitle, spellings: Spellings) -> list[str]:
    """Return the names that are beside or below the title of a page, in their order; empty when none do."""
    if not title.text or title.page >= len(pages):
        return []
    blocks = [
        block for block in blocks_of(pages[title.page]) if block.bottom < title.top and block.text not in title.parts
    ]
    if not is_sparse(blocks, body=body_size(pages)):
        blocks = _before_text(blocks[:_BLOCKS_BELOW], title=title)
    lines = [line for block in blocks if not _is_of_staff(block) for line in block.lines]
    named = [(line, names_on_line(line.text, spellings=spellings)) for line in lines]
    counts = Counter(round(line.size, 1) for line, names in named if names)
    sizes = {size for size, count in counts.items() if count > 1}
    found: list[str] = []
    for line, names in named:
        if not names and round(line.size, 1) in sizes:
            names = names_on_line(line.text, spellings=spellings, may_be_common=True)
            names = [name for name in names if _is_hardly_common(name, spellings)]
        found += names
    in_title = {word for word in words_of(title.text) if len(word) > 3}
    return _each_once([name for name in found if in_title.isdisjoint(words_of(name))])


def _is_of_staff(block: Block) -> bool:
    return bool(_OF_STAFF.search(block.lines[0].text)) and not is_by_line(block.lines[0].text)


def _is_hardly_common(name: str, spellings: Spellings) -> bool:
    words = words_of(name)
    return len(words) >= 3 and sum(map(spellings.is_common, words)) == 1


def _before_text(blocks: Sequence[Block], *, title: FoundTitle) -> list[Block]:
    """Return the blocks before the first paragraph, abstract or heading below a title, and those beside it."""
    kept: list[Block] = []
    has_begun = False
    for block in blocks:
        edge = _OVERLAP * (title.x1 - title.x0)
        is_beside = block.x1 <= title.x0 + edge or block.x0 >= title.x1 - edge
        is_paragraph = len(block.lines) >= 3 and sum(len(line.text) for line in block.lines) > 60 * len(block.lines)
        has_begun |= not is_beside and (is_paragraph or bool(_BEGINS.match(block.text)))
        if is_beside or not has_begun:
            kept.append(block)
    return kept


def authors_of_imprint(texts: Sequence[str], *, spellings: Spellings) -> list[str]:
    """Return the names behind a word such as `Authors:` or `Prepared by` on the pages where an imprint stands."""
    for text in texts[:_IMPRINT_PAGES]:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        for number, line in enumerate(lines):
            is_led = is_by_line(line) and not line[:4].casefold().startswith(("edit", "édit"))
            found = lines[number : number + _NAMES_AFTER_LEAD] if is_led and len(line) < _LINE_CHARACTERS_MAX else []
            if found and (names := _names_from(found, spellings=spellings)):
                return names
        if sentence := _PREPARED_BY.search(" ".join(lines)):
            said = re.sub(r"\s?\([^()]*\)", "", sentence["names"])
            names = [
                name
                for name in authors_in(said, of_catalogue=False)
                if names_on_line(f"By {name}", spellings=spellings)
            ]
            if names:
                return _each_once(names)
    return []


def _names_from(lines: Sequence[str], *, spellings: Spellings) -> list[str]:
    """Return the names on a line that begins with words such as `Authors:`, and on the lines of names that follow it."""
    names = names_on_line(lines[0], spellings=spellings)
    for line in lines[1:]:
        more = [] if is_by_line(line) else names_on_line(line, spellings=spellings, may_be_common=not names)
        if not more:
            break
        names += more
    return _each_once(names)


def _each_once(names: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())[:_AUTHORS_MAX]
