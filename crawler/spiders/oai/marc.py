"""MARC 21 in XML (`marcxml`), as far as a publication needs it. Numbers of fields: https://www.loc.gov/marc/bibliographic/"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.reasons import Skip, SkipKind
from crawler.pages.fields import FIELDS
from crawler.pages.links import file_kind
from crawler.spiders.oai.markup import Element, local, text_of
from crawler.spiders.oai.record_metadata import MetadataCollector, language_in, language_of_mark

_FIELDS = FIELDS["marcxml"]
_DATES = (("269", "a"), ("264", "c"), ("260", "c"))


def describe_marc(root: Element, describing: MetadataCollector) -> None:
    """Take what a MARC record says; of a collection, its first record."""
    if local(root) == "collection":
        root = next((child for child in root if local(child) == "record"), root)
    fields: dict[str, list[Element]] = {}
    for child in root:
        if local(child) in ("datafield", "controlfield"):
            fields.setdefault(child.get("tag") or "", []).append(child)
    for tag, (name, codes) in _FIELDS.items():
        for each in fields.get(tag, ()):
            describing.say(name, _plain(" ".join(_subfields(each, codes))))
    for tag, code in _DATES:
        for value in (value for each in fields.get(tag, ()) for value in _subfields(each, code)):
            describing.say("date", value.strip(" .,;:[]©c"))
    if not fields.get("041"):
        _describe_language(fields.get("008", ()), describing)
    _describe_identifiers(fields, describing)
    for each in fields.get("856", ()):
        _describe_address(each, describing)


def _describe_language(fixed: Iterable[Element], describing: MetadataCollector) -> None:
    """Take the language of field 008, which has it at fixed places."""
    for each in fixed:
        code = "".join(each.itertext())[35:38]
        if len(code) == 3 and code.isalpha():
            describing.say("lang", code)


def _describe_identifiers(fields: dict[str, list[Element]], describing: MetadataCollector) -> None:
    for tag, prefix in (("020", "isbn "), ("022", "issn ")):
        for each in fields.get(tag, ()):
            for value in _subfields(each, "a"):
                describing.identify(prefix + value.split("(")[0].strip())
    for each in fields.get("024", ()):
        if next(_subfields(each, "2"), "").casefold() in ("doi", "hdl", ""):
            for value in _subfields(each, "a"):
                describing.identify(value)


def _describe_address(field: Element, describing: MetadataCollector) -> None:
    """Take an electronic location (856): `u` is its address, `y`, `z` and `3` say what lies there, often the language."""
    words = " ".join(_subfields(field, "yz3"))
    lang = language_in(words)
    for url in _subfields(field, "u"):
        if field.get("ind2") == "2":  # a related resource, such as the table of contents at another house
            describing.leave(Skip(SkipKind.FILE_OF_RELATED))
        elif file_kind(url) == "pdf":
            describing.offer_file(url, kinds=("pdf",), lang=lang or _language_of_name(url), words=words)
        else:
            describing.identify(url)


def _language_of_name(url: str) -> str:
    """Return the language with which the United Nations end the names of files (`A_RES_70_1-EN.pdf`); else nothing."""
    return language_of_mark(url.rpartition("/")[2].rpartition(".")[0].rpartition("-")[2])


def _plain(value: str) -> str:
    """Return a value without the punctuation with which catalogues part subfields."""
    return value.strip(" /:;,=").strip()


def _subfields(field: Element, codes: str) -> Iterator[str]:
    for child in field:
        if local(child) == "subfield" and (child.get("code") or "") in codes and (text := text_of(child)):
            yield text
