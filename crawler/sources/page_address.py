"""`page_address`: how the address of a page of a list is made from its number."""

from __future__ import annotations

from corpus.urls import is_web_address
from crawler.sources.toml_table import TomlTable


def read_page_address(table: TomlTable) -> str:
    """Read `page_address`; empty when it is not given. Raises BadSource."""
    given = table.word("page_address", default="")
    if given and (given.count("{page}") != 1 or not is_web_address(given)):
        raise table.refusal("page_address", "`page_address` must be a web address with {page} in it, once.")
    return given
