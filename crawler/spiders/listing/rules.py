"""How an HTML listing is walked: the table `[listing]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.sources.address_rules import AddressRules, read_address_rules
from crawler.sources.page_address import read_page_address
from crawler.sources.toml_table import TomlTable
from crawler.spiders.listing.load_more_rules import LoadMore, read_load_more


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How an HTML listing is walked (`[listing]`)."""

    links: str = ""
    """XPath of the elements that link to publications, or contain such links; empty: every link of the main part."""
    addresses: AddressRules = field(default_factory=AddressRules)
    next: str = ""
    """XPath of the link to the next page of the listing; empty: rel=next, the usual marks, words and numbers of pagers."""
    page_address: str = ""
    """Address of one page of the listing with `{page}` for its number; empty: follow `next` instead."""
    first_page: int = 1
    """Number of the page after the start addresses, when `page_address` is given."""
    pages_max: int = 200
    """Most pages of one listing."""
    load_more: LoadMore = field(default_factory=LoadMore)
    """Where the listing goes on in JSON, instead of `next` and `page_address`."""
    landing: bool = True
    """True: links lead to landing pages. False: each link is itself a file (a link to a PDF always is)."""


def read_rules(table: TomlTable) -> ListingRules:
    """Read the table `[listing]`. Raises BadSource."""
    return ListingRules(
        links=table.selector("links"),
        addresses=read_address_rules(table),
        next=table.selector("next"),
        page_address=read_page_address(table),
        first_page=table.whole("first_page", default=1),
        pages_max=table.whole("pages_max", default=200, least=1),
        load_more=read_load_more(table.table("load_more")),
        landing=table.flag("landing", default=True),
    )
