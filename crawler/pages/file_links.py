"""What stands around a link to a file: does it download one, is it a part of the publication, is it a related one."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from parsel import Selector

from crawler.pages.html_parts import fold
from crawler.pages.links import said_text

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
