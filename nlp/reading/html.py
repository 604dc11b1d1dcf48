"""Read the main text and the metadata of an HTML page with trafilatura; plain lxml text where that finds nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.metadata import extract_metadata

from corpus.decoding import declared_in_markup, decoded
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from corpus.zones import ZoneSpan
from nlp.reading.html_zones import lines_by_tags, zones_of_lines
from nlp.reading.spans import CELL_GAP
from nlp.reading.writing import plain_characters

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

ENGINE, FALLBACK_ENGINE = "trafilatura", "lxml"
ORIGIN = Origin(OriginPlace.FILE, "html")

_TEXT_CHARACTERS_MIN = 100
"""Less than this from trafilatura is taken as nothing found, when the page has more."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS = _names(
    "address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main ol p pre section table td th tr ul"
)
_PARAGRAPHS = _names("p h1 h2 h3 h4 h5 h6 blockquote ul ol table section article pre figure")
_UNSEEN = _names("script style noscript template svg head nav footer iframe object select button")
_BLOCKS_OF_XML = _names("p head list table div")
"""Elements of trafilatura's XML that are blocks of their own."""
_OFFERED = {"title": "title", "sitename": "publisher", "date": "date", "description": "abstract", "license": "licence"}


def read_html(content: bytes, *, content_type: str, url: str) -> tuple[str, str, FieldEvidence, tuple[ZoneSpan, ...]]:
    """Return text, engine, evidence, and the zones that tags tell of an HTML page; empty text when nothing can be read.

    Args:
        content_type: as the server declared it; its charset is used where the bytes name none.
    """
    markup = decoded_markup(content, content_type=content_type)
    tree = _tree(markup)
    if tree is None:
        return "", FALLBACK_ENGINE, {}, ()
    known = lines_by_tags(tree)  # before trafilatura removes what is not text
    main = _main_text(tree, url=url)
    engine = ENGINE
    if len(main) < _TEXT_CHARACTERS_MIN:
        whole = _whole_text(tree)
        if len(whole) > len(main):
            main, engine = whole, FALLBACK_ENGINE
    return main, engine, _evidence(tree, url=url), zones_of_lines(main, known)


def decoded_markup(content: bytes, *, content_type: str) -> str:
    """Return HTML as text: by its byte order mark, by what the server or it declares, or as it looks."""
    return decoded(content, declared=declared_in_markup(content, content_type=content_type))


def _tree(markup: str) -> Any:
    # lxml refuses text that carries an encoding declaration.
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\0", ""), count=1)
    if not bare.strip():
        return None
    try:
        # trafilatura loses the text behind a comment, and parses without them itself.
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
        return lxml.html.document_fromstring(bare, parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _main_text(tree: Any, *, url: str) -> str:
    try:
        xml = trafilatura.extract(
            tree,
            url=url or None,
            output_format="xml",
            include_comments=False,
            include_tables=True,
            favor_precision=False,
        )
        body = etree.fromstring(xml.encode()) if xml else None
    except MemoryError:
        raise
    except Exception:  # whatever odd markup makes it raise: lxml reads the page then
        return ""
    return _tidy("\n\n".join(_blocks(body)), has_cells=True) if body is not None else ""


def _blocks(body: Any) -> Iterator[str]:
    """Yield headings, paragraphs, lists and tables of trafilatura's XML, each as lines, however deep they lie."""
    waiting = list(body.iter("main"))[::-1]
    while waiting:  # no recursion: pages nest thousands deep
        block = waiting.pop()
        if block.tag in ("list", "table"):
            rows = _items(block) if block.tag == "list" else block.iter("row")
            yield "\n".join(filter(None, map(_row, rows)))
        elif block.tag == "main" or any(child.tag in _BLOCKS_OF_XML for child in block):
            yield _folded(block.text or "")
            for child in reversed(block):
                if loose := _folded(child.tail or ""):
                    waiting.append(_paragraph(loose))
                waiting.append(child)
        elif block.tag != "comments":
            yield _row(block)


def _items(block: Any) -> list[Any]:
    """Return the items of a list and of the lists in it, in order, each without the items below it."""
    items = list(block.iter("item"))
    for inner in [each for item in items for each in item.iter("list")]:
        above = inner.getparent()
        if inner.tail:
            above.append(_paragraph(" " + inner.tail))
        above.remove(inner)
    return items


def _paragraph(text: str) -> Any:
    element = etree.Element("p")
    element.text = text
    return element


def _row(element: Any) -> str:
    cells = [_folded("".join(cell.itertext())) for cell in element.iter("cell")]
    if cells:
        return CELL_GAP.join(cell for cell in cells if cell)
    for end in element.iter("lb"):
        end.tail = "\n" + (end.tail or "")
    return "\n".join(filter(None, map(_folded, "".join(element.itertext()).split("\n"))))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _whole_text(tree: Any) -> str:
    """Return all text of a page that a person sees, menus and feet left out where they are marked as such."""
    pieces: list[str] = []
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:  # no recursion: pages nest thousands deep
        element, is_leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if is_leaving:
            pieces += ["\n\n" if tag in _PARAGRAPHS else "\n" if tag in _BLOCKS else "", element.tail or ""]
            continue
        if not tag or tag in _UNSEEN:
            pieces.append(element.tail or "")
            continue
        pieces += ["\n\n" if tag in _PARAGRAPHS else "\n" if tag in _BLOCKS else "", _inline(element.text)]
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    return _tidy("".join(pieces))


def _inline(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _tidy(text: str, *, has_cells: bool = False) -> str:
    lines = plain_characters(text).replace("\u00ad", "").split("\n")
    gap = CELL_GAP if has_cells else "\n"
    lines = [gap.join(filter(None, map(_folded, line.split(gap)))) for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _evidence(tree: Any, *, url: str) -> FieldEvidence:
    found: dict[str, list[str]] = {}
    for name in tree.xpath("/html/@lang | /html/@*[local-name()='lang']")[:1]:
        found["lang"] = [str(name)]
    if heading := [text for one in tree.xpath("(//main//h1 | //article//h1 | //h1)[1]") if (text := _text_of(one))]:
        found["title"] = heading
    try:
        offered = extract_metadata(tree, default_url=url or None)
    except MemoryError:
        raise
    except Exception:  # as above
        offered = None
    if offered is not None:
        for attribute, name in _OFFERED.items():
            if value := getattr(offered, attribute, None):
                found.setdefault(name, []).append(str(value))
        found.setdefault("author", []).extend(filter(None, map(str.strip, (offered.author or "").split(";"))))
        found.setdefault("keyword", []).extend(map(str, offered.tags or ()))
    if title := [text for one in tree.xpath("//head/title[1]") if (text := _text_of(one))]:
        found.setdefault("title", []).extend(title)
    tidied = {
        name: dict.fromkeys(" ".join(plain_characters(value).split()) for value in values)
        for name, values in found.items()
    }
    return {
        name: kept
        for name, values in tidied.items()
        if (kept := tuple(Evidence(value, ORIGIN) for value in values if value))
    }


def _text_of(element: Any) -> str:
    return _folded("".join(element.itertext()))
