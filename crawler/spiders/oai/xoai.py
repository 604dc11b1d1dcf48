"""XOAI, the format in which DSpace gives everything it knows of an item: its metadata, and its files (bitstreams)."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.reasons import Skip, SkipKind
from crawler.pages.fields import FIELDS
from crawler.pages.links import file_kind
from crawler.spiders.oai.markup import Element, local, text_of
from crawler.spiders.oai.record_metadata import MetadataCollector, language_in, language_of_mark

_FIELDS = FIELDS["xoai"]
_FALLBACKS = {"date": ("date", "available"), "abstract": ("description", ""), "author": ("contributor", "editor")}
"""Taken when there is nothing better."""
_OWN_IDENTIFIERS = ("uri", "doi", "isbn", "issn", "url", "fulltext", "")
_SCHEMAS = ("dc", "dcterms")


def describe_xoai(root: Element, describing: MetadataCollector) -> None:
    """Take what DSpace says. The root is `metadata`, or one of its elements where the wrapper was left out."""
    values: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for section in [root] if local(root) == "element" else root:
        name = section.get("name") or ""
        if name in _SCHEMAS:
            for key, lang, value in _values(section):
                values.setdefault(key, []).append((value, lang))
        elif name == "bundles":
            for bundle in section:
                _describe_bundle(bundle, describing)
    _describe_values(values, describing)


def _describe_values(values: dict[tuple[str, str], list[tuple[str, str]]], describing: MetadataCollector) -> None:
    said: set[str] = set()
    for name, field in _FIELDS.items():
        for value, lang in values.get(_key(name), ()):
            said.add(field)
            describing.say(field, value, lang=lang)
    for field, key in _FALLBACKS.items():
        if field not in said:
            for value, lang in values.get(key, ()):
                describing.say(field, value, lang=lang)
    for qualifier in _OWN_IDENTIFIERS:
        for value, _ in values.get(("identifier", qualifier), ()):
            plain = f"{qualifier} {value}" if qualifier in ("isbn", "issn") and "is" not in value.casefold() else value
            describing.identify(plain)


def _values(section: Element) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Yield ((element, qualifier), language, value). XOAI nests schema, element, perhaps a qualifier, and the language."""
    for element in section:
        for below in element:
            if local(below) != "element":
                continue
            names = [each for each in below if local(each) == "element"]
            for lang, holder in [(each.get("name") or "", each) for each in names] or [
                (below.get("name") or "", below)
            ]:
                qualifier = (below.get("name") or "") if names else ""
                for value in _fields(holder, "value"):
                    yield (element.get("name") or "", qualifier), "" if lang == "none" else lang, value


def _describe_bundle(bundle: Element, describing: MetadataCollector) -> None:
    """Take the bitstreams of the bundle ORIGINAL; others hold extracted text, licences and previews."""
    name = next(_fields(bundle, "name"), "").upper()
    bitstreams = [each for part in bundle if part.get("name") == "bitstreams" for each in part]
    for bitstream in bitstreams:
        if name != "ORIGINAL":
            describing.leave(Skip(SkipKind.BUNDLE, name) if name else Skip(SkipKind.BUNDLE_WITHOUT_NAME))
        elif url := next(_fields(bitstream, "url"), "").strip():
            _describe_bitstream(bitstream, url, describing)


def _describe_bitstream(bitstream: Element, url: str, describing: MetadataCollector) -> None:
    name = next(_fields(bitstream, "originalName"), "") or next(_fields(bitstream, "name"), "")
    words = next(_fields(bitstream, "description"), "")
    declared = next(_fields(bitstream, "format"), "").split(";")[0].strip().casefold()
    kind = file_kind(name or url, declared=declared) or file_kind(url)
    is_page = declared in ("text/html", "application/xhtml+xml")
    if next(_fields(bitstream, "size"), "") == "0":
        describing.leave(Skip(SkipKind.EMPTY_FILE))
    elif kind == "pdf" or is_page:
        described = f"{name} {words}"
        describing.offer_file(url, kinds=() if is_page else ("pdf",), lang=_language(words, name), words=described)
    else:
        describing.leave(
            Skip(SkipKind.IGNORED_KIND, kind or declared) if kind or declared else Skip(SkipKind.UNKNOWN_KIND)
        )


def _language(words: str, name: str) -> str:
    """Return the language that a description (`English PDF`) or the end of a file's name (`_es.pdf`) gives; else nothing."""
    return language_in(words) or language_of_mark(name.rpartition(".")[0].replace("-", "_").rpartition("_")[2])


def _fields(element: Element, name: str) -> Iterator[str]:
    for child in element:
        if local(child) == "field" and child.get("name") == name:
            yield text_of(child)


def _key(name: str) -> tuple[str, str]:
    element, _, qualifier = name.partition(".")
    return element, qualifier
