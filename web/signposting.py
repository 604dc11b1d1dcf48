"""Signposting: Link headers by which programs find what belongs to a document (signposting.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from corpus.metadata.licences import licence_address
from corpus.rights import Rights
from corpus.types import Document
from web.addresses import original_address, outside

_TYPES: Mapping[str, str] = {
    "working_paper": "Report",
    "policy_brief": "Report",
    "report": "Report",
    "statistics": "Report",
    "article": "ScholarlyArticle",
    "thesis": "Thesis",
    "book": "Book",
    "law": "Legislation",
    "web_page": "WebPage",
}
_DESCRIBED_BY = (
    ("bib", "application/x-bibtex"),
    ("ris", "application/x-research-info-systems"),
    ("csl.json", "application/vnd.citationstyles.csl+json"),
)
_IN_LINKS = "%/:=&?~#+!$,;'@()*[]"
"""Signs of an address that stay; others, such as letters that a header cannot hold, are escaped."""


def link_header(document: Document, rights: Rights, *, public_url: str) -> str:
    """Return the value of the `Link` header of a document's page.

    Authors are not among its links: only their names are known, and no ORCID.

    Args:
        document: whose page it is.
        rights: what may be shown of it; the licence that counts is one of them.
        public_url: beginning of our absolute addresses.
    """
    return ", ".join(_links(document, rights, public_url=public_url))


def _links(document: Document, rights: Rights, *, public_url: str) -> Iterator[str]:
    page = f"{public_url}/documents/{quote(document.id, safe='')}"
    doi = document.identifiers.get("doi", "")
    if doi and (address := outside(f"https://doi.org/{doi}")):
        yield _link(address, "cite-as")
    for ending, kind in _DESCRIBED_BY:
        yield _link(f"{page}.{ending}", "describedby", kind)
    if original := original_address(document, rights):
        absolute = f"{public_url}{original}" if original.startswith("/") else original
        yield _link(absolute, "item", document.content_type)
    if licence := licence_address(rights.licence):
        yield _link(licence, "license")
    yield _link("https://schema.org/AboutPage", "type")
    yield _link(f"https://schema.org/{_TYPES.get(document.type, 'CreativeWork')}", "type")


def _link(address: str, relation: str, kind: str = "") -> str:
    kind = "".join(each for each in kind if each.isascii() and each.isprintable() and each not in '"\\')
    return f'<{quote(address, safe=_IN_LINKS)}>; rel="{relation}"' + (f'; type="{kind}"' if kind else "")
