"""What a landing page says of its publication, field by field, each value with the place it came from.

Nothing is chosen here: every value is kept, and nlp.metadata picks the best. Origins, surest first: Highwire
(`landing:citation_title`), JSON-LD (`landing:json-ld`), Dublin Core (`landing:dc.title`), EPrints and PRISM
(`landing:eprints.title`), microdata (`landing:itemprop`), Open Graph (`landing:og`), plain HTML (`landing:meta`,
`landing:title`, `landing:h1`, `landing:html-lang`), what the site calls itself (`landing:site-name`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scrapy.http import TextResponse

from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from corpus.urls import is_same_address
from crawler.items import merge_evidence
from crawler.middlewares import in_its_encoding
from crawler.pages.html_parts import element_text, fold, plain_text
from crawler.pages.links import link_address
from crawler.pages.structured_data import described_by_microdata, fields_of, publications_of, site_names

VALUE_CHARACTERS_MAX = 20_000
"""Longer values (a whole text in a description) are cut: they are evidence, not the text."""

_PUBLISHED = "//time[@pubdate or contains(concat(' ', @class, ' '), ' published ') or contains(@class, 'dt-published')]/@datetime"
_AS_GIVEN = ("licence", "translation")
"""Fields that are addresses, in which nothing is markup."""
_LISTS = ("keyword",)
"""Fields whose one value is often a list with commas or semicolons."""


def landing_evidence(response: TextResponse) -> FieldEvidence:
    """Return all evidence of a landing page. Touches nothing; a page that says nothing gives an empty mapping."""
    response = in_its_encoding(response)
    metas = tuple(_metas(response))
    return merge_evidence(
        (
            _collected(_from_highwire(metas)),
            _collected(_from_dublin_core(metas)),
            _collected((name, value, "json-ld") for name, value in publications_of(response)),
            _collected(_from_software(metas)),
            _collected((name, value, "itemprop") for name, value in described_by_microdata(response)),
            _collected(_from_table(metas, fields_of("open-graph"), "og")),
            _collected(_from_table(metas, fields_of("meta"), "meta")),
            _collected(_from_elements(response)),
            _collected((name, value, "site-name") for name, value, _ in _from_table(metas, fields_of("site-name"), "")),
            _collected(("publisher", value, "site-name") for value in site_names(response)),
            _collected(_translations(response)),
        )
    )


def kinds_of(evidence: FieldEvidence) -> frozenset[str]:
    """Return the kinds of record that evidence names, in small letters, for the `ignored_kinds` of a source."""
    return frozenset(item.value.casefold() for item in evidence.get("type", ()))


def _metas(response: TextResponse) -> Iterator[tuple[str, str]]:
    for element in response.xpath("//meta[@content][@name or @property]"):
        name = element.attrib.get("name") or element.attrib.get("property") or ""
        if value := plain_text(element.attrib["content"])[:VALUE_CHARACTERS_MAX]:
            yield name.strip().casefold(), value


def _from_highwire(metas: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for given, value in metas:
        name = given.removeprefix("bepress_")  # Digital Commons puts its own name before Highwire's
        if field := fields_of("highwire").get(name):
            # The older plural form has all authors in one value, parted by semicolons.
            parts = value.split(";") if name == "citation_authors" else [value]
            for part in parts:
                yield field, part, name


def _from_dublin_core(metas: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for name, value in metas:
        prefix, dot, rest = name.replace(":", ".").partition(".")
        if dot and prefix in ("dc", "dcterms") and (field := fields_of("dublin-core").get(rest)):
            yield field, value, f"dc.{rest}"
        elif dot and prefix in ("dc", "dcterms") and rest == "identifier" and (field := _identifier_field(value)):
            yield field, value, "dc.identifier"


def _identifier_field(value: str) -> str:
    """Return which identifier a Dublin Core identifier is; empty when it is an address or a publisher's own number."""
    plain = value.casefold()
    if plain.startswith(("10.", "doi:")) or "doi.org/10." in plain:
        return "doi"
    if plain.startswith(("isbn", "urn:isbn")):
        return "isbn"
    return "issn" if plain.startswith(("issn", "urn:issn")) else ""


def _from_software(metas: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    for given, value in metas:
        name = given.replace(":", ".")
        field = fields_of("software").get(name)
        # The number of a thesis or report stands in the same element as a DOI.
        if field and (field != "doi" or _identifier_field(value) == "doi"):
            yield field, value, name


def _from_table(
    metas: Iterable[tuple[str, str]], table: Mapping[str, str], part: str
) -> Iterator[tuple[str, str, str]]:
    for name, value in metas:
        if field := table.get(name):
            yield field, value, part


def _from_elements(response: TextResponse) -> Iterator[tuple[str, str, str]]:
    if lang := response.xpath("//html/@lang | //html/@xml:lang").get():
        yield "lang", lang, "html-lang"
    for heading in response.xpath("//main//h1 | //article//h1") or response.xpath("//h1"):
        yield "title", element_text(heading), "h1"
        break
    yield "title", fold(response.xpath("string(//head/title)").get()), "title"
    moments = response.xpath("//main//time/@datetime | //article//time/@datetime") or response.xpath(_PUBLISHED)
    for moment in moments.getall()[:1]:
        yield "date", moment, "time"
    for licence in response.xpath("//*[self::a or self::link][@rel='license']/@href").getall()[:1]:
        yield "licence", licence, "rel-license"


def _translations(response: TextResponse) -> Iterator[tuple[str, str, str]]:
    for lang, url in translations_of(response):
        yield "translation", f"{lang} {url}", "hreflang"


def translations_of(response: TextResponse) -> tuple[tuple[str, str], ...]:
    """Return language and absolute address of each translation of a page that it declares with hreflang, itself aside."""
    found: dict[str, str] = {}
    for link in response.xpath("//head/link[@rel='alternate'][@hreflang][@href]"):
        lang = link.attrib["hreflang"].strip().casefold().split("-")[0]
        url = link_address(response, link.attrib["href"])
        if len(lang) in (2, 3) and url and not is_same_address(url, response.url):
            found.setdefault(url, lang)
    return tuple((lang, url) for url, lang in found.items())


def _collected(values: Iterable[tuple[str, str, str]]) -> FieldEvidence:
    """Gather (field, value, part of the page) by field; empty values are left out, lists of keywords are taken apart."""
    gathered: dict[str, list[Evidence]] = {}
    for field, given, part_of_page in values:
        value = given if field in _AS_GIVEN else plain_text(given)
        parts = value.replace(";", ",").split(",") if field in _LISTS else [value]
        for part in parts:
            if text := fold(part)[:VALUE_CHARACTERS_MAX]:
                gathered.setdefault(field, []).append(
                    Evidence(value=text, origin=Origin(OriginPlace.LANDING, part_of_page))
                )
    return {field: tuple(items) for field, items in gathered.items()}
