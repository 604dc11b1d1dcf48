"""The XML of a sitemap, from bytes to entries: unpacked, decoded, also where it is broken; never as a whole in memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.reasons import Failure, FailureKind
from crawler.spiders.xml import PARSER, PackingBroken, declared_encoding, local, unpacked, without_forbidden

MAP_MEBIBYTES_MAX = 64
"""Most of one sitemap that is read. sitemaps.org allows 50 MB unpacked; a longer one is a mistake, or a bomb."""


class MapBreaksOff(Exception):
    """A sitemap cannot be read to its end; what came before it counts. `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


def text_pieces(body: bytes) -> Iterator[str]:
    """Return the text of a sitemap in pieces, of which none is long. What cannot be decoded becomes U+FFFD.

    Raises MapBreaksOff: after the last good piece, when the packing is damaged or the text is longer than
    MAP_MEBIBYTES_MAX.
    """
    decoder: codecs.IncrementalDecoder | None = None
    length = 0
    try:
        for piece in unpacked(body):
            decoder = decoder or codecs.getincrementaldecoder(declared_encoding(piece) or "utf-8")(errors="replace")
            length += len(piece)
            if length > MAP_MEBIBYTES_MAX * 1024 * 1024:
                raise MapBreaksOff(Failure.of(FailureKind.SITEMAP_TOO_LONG, mebibytes=MAP_MEBIBYTES_MAX))
            yield decoder.decode(piece)
    except PackingBroken as broken:
        damaged = Failure.of(FailureKind.SITEMAP_PACKING_DAMAGED, error=str(broken))
        cut = Failure(FailureKind.SITEMAP_PACKING_BREAKS_OFF)
        raise MapBreaksOff(cut if broken.is_cut else damaged) from broken
    if decoder is not None:
        yield decoder.decode(b"", final=True)


# An ampersand that begins no reference.
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_FIRST_ELEMENT = re.compile(
    # Possessive: a text of blanks alone would be tried in every way to part it.
    r"(?>[\s\ufeff]++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>)*+<([\w.:-]+)",
    re.DOTALL | re.IGNORECASE,
)
_REFERENCE_CHARACTERS_MAX = 12
_ENTRIES = ("url", "sitemap")


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One address that a sitemap names."""

    url: str
    """As it is written there."""
    modified: str = ""
    """Its `lastmod`, as it is written; empty: none."""
    is_map: bool = False
    """True: the address of a further sitemap, of an index."""
    alternates: tuple[tuple[str, str], ...] = ()
    """(language, address) of the translations that are named beside it (xhtml:link), as they are written."""


class MarkupReader:
    """Read entries from pieces of XML. What is wrong with the XML is known when all pieces are read."""

    def __init__(self) -> None:
        self.fault = ""
        """What is not well formed, in the words of the XML parser; empty: nothing, so far."""
        self.is_closed = False
        """Whether the end tag of the root was there; without it the sitemap broke off."""
        # References to entities that a document declares are disarmed before the parser sees them, see _mended;
        # nothing outside is read: no DTD, no network.
        self._parser = etree.XMLPullParser(recover=True, **PARSER)

    def entries(self, pieces: Iterable[str]) -> Iterator[MapEntry]:
        """Return the entries of a sitemap in order, whatever their namespaces and prefixes."""
        tail = ""
        for piece in _mended(pieces):
            tail = (tail + piece)[-400:]
            try:
                self._parser.feed(piece.encode("utf-8", errors="replace"))
            except etree.XMLSyntaxError as error:
                self.fault = str(error)
                break
            yield from self._ended()
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            self.fault = str(error)
        yield from self._ended()
        self.is_closed = bool(re.search(r"</(\w+:)?(urlset|sitemapindex)\s*>", tail))
        if not self.fault and len(self._parser.feed_error_log):
            self.fault = str(self._parser.feed_error_log[0].message)

    def _ended(self) -> Iterator[MapEntry]:
        for _, element in self._parser.read_events():
            if (name := local(element).casefold()) in _ENTRIES:
                if entry := _entry_of(element, is_map=name == "sitemap"):
                    yield entry
                element.clear(keep_tail=False)
                # Where an end tag is missing, entries stand in each other: the `loc` of the outer one must stay.
                while (before := element.getprevious()) is not None and local(before).casefold() in _ENTRIES:
                    element.getparent().remove(before)


def root_name(start: str) -> str:
    """Return the local name of the first element of a text, in small letters; empty when it begins with none."""
    begun = _FIRST_ELEMENT.match(start)
    return begun[1].rpartition(":")[2].casefold() if begun else ""


def _mended(pieces: Iterable[str]) -> Iterator[str]:
    """Return the pieces without what XML cannot hold, beginning at the first tag.

    Of references only the five of XML itself and numbers are left; all others become plain text. So neither a bare `&` in
    an address breaks the parsing, nor can an entity that the document declares be used, for a file of this machine or a bomb.
    """
    kept, is_begun = "", False
    for piece in pieces:
        text = kept + piece
        if not is_begun:
            text = text.lstrip("\ufeff \t\r\n")
            is_begun = bool(text)
        cut = text.rfind("&", max(0, len(text) - _REFERENCE_CHARACTERS_MAX))
        text, kept = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
        yield _without_faults(text)
    yield _without_faults(kept)


def _without_faults(text: str) -> str:
    return without_forbidden(_BARE_AMPERSAND.sub("&amp;", text))


def _entry_of(element: etree._Element, *, is_map: bool) -> MapEntry | None:
    """Return what one `url` or `sitemap` element names; None when it names no address.

    Only its own children count: the `loc` of a picture or a video lies deeper.
    """
    url = modified = ""
    alternates: list[tuple[str, str]] = []
    for child in element:
        name = local(child).casefold()
        if name == "loc" and not url:
            url = _text_of(child)
        elif name == "lastmod" and not modified:
            modified = _text_of(child)
        elif name == "link" and child.get("rel", "alternate") == "alternate" and child.get("hreflang"):
            alternates.append((child.get("hreflang", "").strip(), _plain(child.get("href", ""))))
    return MapEntry(url=url, modified=modified, is_map=is_map, alternates=tuple(alternates)) if url else None


def _text_of(element: etree._Element) -> str:
    return _plain(element.text or "")


def _plain(text: str) -> str:
    # Addresses are broken over lines. And `&amp;` is left of `&amp;amp;`, and of an `&` inside CDATA that was mended.
    return re.sub(r"\s+", lambda gap: "" if "\n" in gap[0] or "\r" in gap[0] else gap[0], text.strip()).replace(
        "&amp;", "&"
    )
