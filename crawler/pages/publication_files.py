"""Which files of a landing page are the publication: itself, in all its languages, and nothing else that lies about."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qsl, urldefrag, urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Skip, SkipKind
from corpus.types import Evidence
from corpus.urls import AddressKey, canonical_url, is_malformed_link
from crawler.items import Link, LinkKind, ListPage, merge_evidence
from crawler.net.addresses import site_of
from crawler.pages.html_parts import fold, is_in_chrome, main_parts
from crawler.pages.landing_metadata import translations_of
from crawler.pages.links import (
    base_of,
    kind_of_link,
    language_of_link,
    link_address,
    name_of_file,
    said_text,
    said_title,
)
from crawler.pages.structured_data import declared_files
from crawler.sources.model import FileRules

_DOWNLOAD_WORDS = re.compile(
    r"\b(downloads?|descargas?|descargar|t[ée]l[ée]charge(r|ment|z)|baixar|baixe"
    r"|(full|complete|main|entire) (report|text|document|paper)"
    r"|(read|view|open|get) the (full )?(report|paper|document|publication|text)"
    r"|(informe|texto|documento|relat[óo]rio) completo"
    r"|texto [íi]ntegr[oa]l?|(rapport|texte|document) (complet|int[ée]gral)|ver (el )?(informe|documento)|lire le rapport"
    r"|ler o relat[óo]rio|open access)\b|\.pdf\b",
    re.IGNORECASE,
)
_SENDING_PATH = re.compile(
    r"/(downloads?|descargas?|descargar|t[ée]l[ée]charg(er|ement)(\.php)?|baixar|bitstreams?|get-?file|files?|attachments?|media"
    r"|documents?|documentos?|doc|docs|arquivos?|archivos?|fichiers?|viewcontent\.cgi)(/|\.|$)",
    re.IGNORECASE,
)
_SENDING_QUERIES = frozenset(
    {"attachment_id", "download", "file", "file_id", "fileid", "dl", "doc_id", "docid", "document_id", "article"}
)
_OTHER_FORM = re.compile(
    r"\b(docx?|word|xlsx?|excel|pptx?|powerpoint|zip|csv|txt|epub|e-?book|mobi|odt|rtf|jpe?g|png|mp[34]|audio|video)\b",
    re.IGNORECASE,
)
_SURE_ADDRESS = re.compile(
    r"/bitstreams/[0-9a-f]{8}-[0-9a-f-]{27}/download$|/core/bitstreams/[0-9a-f-]{36}/content$", re.IGNORECASE
)
"""Addresses under which DSpace 7 sends files, and nothing else."""

_PART = re.compile(
    r"(^|[\W_])(executive[\W_]summary|summary|ex[\W_]?sum|annex(es?)?|appendi(x|ces)|chapter|infographic|questionnaire|"
    r"fact[\W_]?sheet|presentation|brief|resumen|an[eé]xos?|ap[eé]ndices?|cap[ií]tulo|infograf[ií]a|cuestionario|r[ée]sum[ée]|"
    r"synth[èe]se|chapitre|infographie|sum[áa]rio|resumo|ap[êe]ndices?|infogr[áa]fico)([\W_\d]|$)",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"related|see also|you (may|might) also|more (like this|publications|reports|from|on this)|"
    r"also (read|of interest|available on)|"
    r"similar|recommended (reading|for)|further reading|other (publications|reports|resources)|latest (publications|reports|news)|"
    r".*relacionad[oa]s?|tambi[ée]n (te|le)? ?puede|te puede interesar|le puede interesar|"
    r"otr[oa]s (publicaciones|informes|documentos)|"
    r"ver tambi[ée]n|m[áa]s (publicaciones|informes)|[úu]ltim[oa]s (publicaciones|informes|publica[çc][õo]es)|"
    r".*(li[ée]e?s|connexes|associ[ée]e?s|similaires)$|[àa] lire aussi|voir aussi|autres (publications|rapports|documents)|"
    r"sur le m[êe]me (sujet|th[èe]me)|derni[èe]res publications|veja tamb[ée]m|leia tamb[ée]m|"
    r"outr[oa]s (publica[çc][õo]es|relat[óo]rios)|"
    r"voc[êe] tamb[ée]m|mais (publica[çc][õo]es|relat[óo]rios)",
    re.IGNORECASE,
)
_HEADINGS = "preceding::*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"


def downloads_unnamed(link: Selector, url: str) -> bool:
    """Say whether a link downloads a file although its address has no ending: by address, and by words or `download`.

    Args:
        url: its absolute address.
    """
    text = said_text(link)
    if _OTHER_FORM.search(text) and "pdf" not in text.casefold():
        return False
    if _SURE_ADDRESS.search(urlsplit(url).path):
        return True
    return ("download" in link.attrib or bool(_DOWNLOAD_WORDS.search(text))) and _sends_file(url)


def _sends_file(url: str) -> bool:
    """Say whether an address is of the kind from which servers send files: it names a place of files, and which one."""
    parts = urlsplit(url)
    names_file = any(
        name.casefold() in _SENDING_QUERIES and re.search(r"\d|\.", value) for name, value in parse_qsl(parts.query)
    )
    place = _SENDING_PATH.search(parts.path)
    return names_file or bool(place and re.search(r"\d", parts.path[place.end() - 1 :] + parts.query))


def is_part(name: str, text: str) -> bool:
    """Say whether a file is a part of the publication, such as a summary or an annex, by its name or its link's text."""
    return bool(_PART.search(text) or _PART.search(name))


def is_under_related(link: Selector) -> bool:
    """Say whether a link stands under a heading, or a heading above that one, which announces other publications."""
    level = 7
    for heading in link.xpath(_HEADINGS)[::-1]:
        own = int(heading.root.tag[1])
        if own < level:
            level = own
            if _RELATED.match(fold(heading.xpath("string(.)").get())):
                return True
        if level == 2:
            break
    return False


_NOT_THE_PUBLICATION = re.compile(
    r"(^|[\W_])(cover|front[-_ ]?page|thumb(nail)?|portada|couverture|capa|flyer|poster|invitation|"
    r"(order|application|subscription)[-_ ]form|privacy|cookies?|terms[-_ ](of|and)|catalog(ue)?|logo)([\W_]|$)",
    re.IGNORECASE,
)
_ANNUAL_REPORT = re.compile(
    r"annual[-_ ]?(activity[-_ ])?report|rapport[-_ ]annuel|(informe|memoria|relat[óo]rio)[-_ ]anual", re.IGNORECASE
)

_DECLARING_METAS = (
    "//meta[@name='citation_pdf_url' or @property='citation_pdf_url' or @name='bepress_citation_pdf_url'"
    " or (@name='eprints.document_url' and contains(@content, '.pdf'))]/@content"
)


def choose_files(response: TextResponse, rules: FileRules) -> ListPage:
    """Return the files of a landing page as links, and what was left out by which rule. Touches nothing.

    What the page declares as its PDF (citation_pdf_url, JSON-LD encoding, link rel=alternate) is the publication; links
    are then asked only for other languages. Without a declaration, the PDFs linked in the main part are taken.
    """
    skipped: Counter[Skip] = Counter()
    chosen = _declared(response, skipped=skipped)
    is_declared = bool(chosen)
    others: list[Link] = []
    parts: set[AddressKey] = set()
    title = fold(response.xpath("string(//h1)").get() or response.xpath("string(//title)").get())
    for link in _links(response, rules):
        file = _file_link(response, link)
        if file is None:
            skipped[Skip(SkipKind.ADDRESS_MALFORMED)] += is_malformed_link(link.attrib["href"], base=base_of(response))
            continue
        key = canonical_url(file.url)
        if key in chosen:
            merged = merge_evidence((chosen[key].evidence, file.evidence))
            chosen[key] = replace(chosen[key], evidence=merged)
        elif skip := _rule_against(file, link, page=response, rules=rules, title=title):
            skipped[skip] += 1
        elif is_declared and "lang" not in file.evidence:
            skipped[Skip(SkipKind.NOT_DECLARED)] += 1
            others.append(file)
        else:
            chosen[key] = file
            parts |= {key} if is_part(name_of_file(file.url), said_text(link)) else set()
    if not is_declared:
        # The full report comes first, so that no limit cuts it off.
        chosen = {key: chosen[key] for key in sorted(chosen, key=lambda key: key in parts)}
    admitted = [file for file in chosen.values() if rules.admit(file.url)]
    skipped[Skip(SkipKind.ADDRESS_DENIED)] += len(chosen) - len(admitted)
    if len(admitted) == 1 and is_declared and others:
        # Pages go on declaring what their site has moved, or is written wrongly.
        instead = [file for file in others if rules.admit(file.url)][: rules.per_landing_page_max]
        admitted = [replace(admitted[0], instead=tuple(instead))]
    skipped[Skip(SkipKind.TOO_MANY_FILES)] += max(0, len(admitted) - rules.per_landing_page_max)
    return ListPage(links=tuple(admitted[: rules.per_landing_page_max]), skipped=dict(+skipped))


def translated_pages(response: TextResponse, *, languages: tuple[str, ...]) -> tuple[Link, ...]:
    """Return the landing pages that a landing page declares as its translations: same site, languages of the source.

    Sites that have no translation of a page often declare their home page instead: addresses without a path are left.
    """
    return tuple(
        Link(url=urldefrag(url).url, kind=LinkKind.LANDING)
        for lang, url in translations_of(response)
        if (not languages or lang in languages)
        and site_of(url) == site_of(response.url)
        and len(urlsplit(url).path.strip("/").split("/"))
        >= min(2, len(urlsplit(response.url).path.strip("/").split("/")))
    )


def _declared(response: TextResponse, *, skipped: Counter[Skip]) -> dict[AddressKey, Link]:
    """Return what the page declares as its own PDF, surest first; malformed addresses are counted."""
    given = [
        *response.xpath(_DECLARING_METAS).getall(),
        *response.xpath("//head/link[@rel='alternate'][@type='application/pdf']/@href").getall(),
        *declared_files(response),
    ]
    base = base_of(response)
    skipped[Skip(SkipKind.ADDRESS_MALFORMED)] += sum(is_malformed_link(href, base=base) for href in given)
    found: dict[AddressKey, Link] = {}
    for url in filter(None, (link_address(response, href) for href in given)):
        found.setdefault(canonical_url(url), Link(url=url, kind=LinkKind.FILE))
    return found


def _links(response: TextResponse, rules: FileRules) -> list[Selector]:
    parts = response.xpath(rules.main) if rules.main else main_parts(response)
    links = [link for part in parts for link in part.xpath("descendant-or-self::a[@href]")]
    return links if rules.main else [link for link in links if not is_in_chrome(link)]


def _file_link(response: TextResponse, link: Selector) -> Link | None:
    """Return what a link leads to when it is a file; None for links to pages, pictures and machine-readable forms."""
    url = link_address(response, link.attrib["href"])
    if not url:
        return None
    kind = kind_of_link(link, url)
    says_pdf = bool(re.search(r"\bpdf\b", said_text(link), re.IGNORECASE)) and _looks_like_download(url)
    if (not kind and not says_pdf and not downloads_unnamed(link, url)) or kind in (
        "picture",
        "machine-readable",
        "citation",
        "calendar",
    ):
        return None
    evidence: dict[str, tuple[Evidence, ...]] = {}
    if title := said_title(link):
        evidence["title"] = (Evidence(value=title, origin=Origin(OriginPlace.LINK)),)
    if lang := language_of_link(link):
        evidence["lang"] = (Evidence(value=lang, origin=Origin(OriginPlace.LINK)),)
    return Link(url=url, kind=LinkKind.FILE, evidence=evidence, kinds=(kind or "pdf",))


def _looks_like_download(url: str) -> bool:
    """Say whether an address without a file's ending is of the kind from which repositories send files."""
    pattern = (
        r"/(download|bitstreams?|getfile|file|attachments?|media)([/?.]|$)|[?&]download|[-_]pdf([-_][^/]*)?([?]|$)"
    )
    is_page = urlsplit(url).path.casefold().endswith((".html", ".htm"))
    return not is_page and bool(re.search(pattern, url, re.IGNORECASE))


def _rule_against(file: Link, link: Selector, *, page: TextResponse, rules: FileRules, title: str) -> Skip | None:
    """Return the rule that leaves a linked file out; None when it is the publication."""
    if file.kinds and file.kinds[0] != "pdf":
        return Skip(SkipKind.IGNORED_KIND, file.kinds[0])
    host = (urlsplit(file.url).hostname or "").casefold()
    if host not in rules.hosts and site_of(file.url) != site_of(page.url):
        return Skip(SkipKind.OTHER_SITE)
    if not rules.main and is_under_related(link):
        return Skip(SkipKind.RELATED)
    # DSpace links the picture of a PDF's first page to the PDF, and calls the picture a thumbnail.
    words = f"{name_of_file(file.url)} {re.sub('(?i)thumbnail', '', said_text(link))}"
    return not_the_publication(words, title=title)


def not_the_publication(words: str, *, title: str) -> Skip | None:
    """Return what leaves a file out whose name or link text says that it is not the publication; None when it may be.

    Args:
        title: of the publication, which may itself be about such a thing.
    """
    if _NOT_THE_PUBLICATION.search(words) and not _NOT_THE_PUBLICATION.search(title):
        return Skip(SkipKind.NOT_PUBLICATION)
    if _ANNUAL_REPORT.search(words) and not _ANNUAL_REPORT.search(title):
        return Skip(SkipKind.ANNUAL_REPORT)
    return None
