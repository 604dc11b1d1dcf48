"""What a PDF says of itself: its information dictionary and its XMP packet, taken as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from nlp.reading.writing import plain_characters

_INFO = {"Title": "title", "Author": "author", "Keywords": "keyword", "Subject": "abstract", "CreationDate": "date"}
_XMP = {  # local names: producers mix up their namespaces
    "title": "title",
    "creator": "author",
    "description": "abstract",
    "language": "lang",
    "publisher": "publisher",
    "date": "date",
    "CreateDate": "date",
    "subject": "keyword",
    "Keywords": "keyword",
    "doi": "doi",
    "isbn": "isbn",
    "issn": "issn",
    "publicationDate": "date",
    "WebStatement": "licence",
    "license": "licence",
    "publicationName": "series",
}
_SPLIT = {"author": re.compile(r"(?:(?<!\s)\s++)?[;|]\s*"), "keyword": re.compile(r"(?:(?<!\s)\s++)?[;,|]\s*")}
_DATE = re.compile(r"(?:D:)?\s*(\d{4})-?(\d{2})?-?(\d{2})?")
_VALUE_CHARACTERS_MAX = 2_000
_VALUES_MAX = 50
_XMP_BYTES_MAX = 2_000_000


def declared_evidence(document: PDFDocument) -> FieldEvidence:
    """Return the file's own metadata, XMP first; broken values are left out. Touches nothing."""
    gathered: dict[str, dict[str, Evidence]] = {}
    for name, value, part in (*_xmp(document), *_info(document), *_catalog(document)):
        pieces = _SPLIT[name].split(value) if name in _SPLIT else [value]
        values = gathered.setdefault(name, {})
        for piece in pieces:
            text = " ".join(plain_characters(piece).split())[:_VALUE_CHARACTERS_MAX]
            if text and len(values) < _VALUES_MAX:
                values.setdefault(text, Evidence(text, Origin(OriginPlace.FILE, part)))
    return {name: tuple(values.values()) for name, values in gathered.items() if values}


def _info(document: PDFDocument) -> Iterator[tuple[str, str, str]]:
    for entries in document.info:
        for key, name in _INFO.items():
            try:
                value = resolve1(entries.get(key))
                text = _text(value)
            except MemoryError:
                raise
            except Exception:  # a reference into nothing, a text in no encoding  # noqa: S112
                continue
            if name == "date":
                text = _date(text)
            if text:
                yield name, text, "info"


def _catalog(document: PDFDocument) -> Iterator[tuple[str, str, str]]:
    try:
        lang = _text(resolve1(document.catalog.get("Lang")))
    except MemoryError:
        raise
    except Exception:
        return
    if lang:
        yield "lang", lang, "info"


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return decode_text(value)
    if isinstance(value, PSLiteral):
        return str(value.name)
    return ""


def _date(text: str) -> str:
    """Return the day of a PDF date (`D:20190503...`, ISO 32000-1, 7.9.4) or an ISO date as `2019-05-03`; empty if none."""
    found = _DATE.match(text)
    return "-".join(part for part in found.groups() if part) if found else ""


def _xmp(document: PDFDocument) -> Iterator[tuple[str, str, str]]:
    try:
        stream = resolve1(document.catalog.get("Metadata"))
        packet = stream.get_data() if isinstance(stream, PDFStream) else b""
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(packet[:_XMP_BYTES_MAX].strip(b"\0 \r\n"), parser) if packet else None
    except MemoryError:
        raise
    except Exception:  # not XML, not decodable
        return
    if root is None:
        return
    for element in root.iter("{*}Description"):
        for child in element:
            if isinstance(child.tag, str) and (name := _XMP.get(etree.QName(child).localname)):
                items = [item.text or "" for item in child.iter("{*}li")] or [child.text or ""]
                for item in items:
                    if value := _date(item) if name == "date" else item.strip():
                        yield name, value, "xmp"
        for key, attribute in element.attrib.items():
            name = _XMP.get(etree.QName(str(key)).localname, "")
            value = _date(str(attribute)) if name == "date" else str(attribute).strip()
            if name and value:
                yield name, value, "xmp"
