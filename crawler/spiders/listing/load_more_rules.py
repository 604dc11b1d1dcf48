"""Where a listing goes on in JSON: the table `[listing.load_more]`."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.urls import is_web_address
from crawler.sources.toml_table import TomlTable
from crawler.spiders.api.expressions import Expression, read_expression


@dataclass(frozen=True, slots=True)
class LoadMore:
    """Where a listing goes on in JSON (`[listing.load_more]`). An answer that holds nothing ends the listing."""

    address: str = ""
    """With `{page}`, `{offset}` or `{cursor}` in it, once; empty: the listing has no such endpoint."""
    first_page: int = 2
    """What `{page}` is in the first request after the start address."""
    step: int = 10
    """How many entries a page has: by so much `{offset}` grows, which is as much in the first request."""
    cursor: Expression | None = None
    """Where an answer says what `{cursor}` is in the next request; when it says nothing, the listing ends."""
    html: Expression | None = None
    """Where an answer holds HTML, as a text or a list of texts."""
    records: Expression | None = None
    """Where an answer holds a list of records; when neither this nor `html` is given: the answer itself."""
    link: Expression | None = None
    """Of a record: its address."""
    title: Expression | None = None
    """Of a record: its title."""

    def address_after(self, number: int) -> str:
        """Return the address that follows page `number` (1-based) where pages or entries are counted."""
        page, offset = str(self.first_page + number - 1), str(self.step * number)
        # A listing that begins with a page of HTML names no cursor for the first request.
        return self.address.replace("{page}", page).replace("{offset}", offset).replace("{cursor}", "")


def read_load_more(table: TomlTable) -> LoadMore:
    """Read the table `[listing.load_more]`. Raises BadSource."""
    rules = LoadMore(
        address=table.word("address", default=""),
        first_page=table.whole("first_page", default=2),
        step=table.whole("step", default=10, least=1),
        cursor=read_expression(table, "cursor"),
        html=read_expression(table, "html"),
        records=read_expression(table, "records"),
        link=read_expression(table, "link"),
        title=read_expression(table, "title"),
    )
    table.end()
    places = [place for place in ("{page}", "{offset}", "{cursor}") if place in rules.address]
    is_web = is_web_address(rules.address)
    if rules.address and (not is_web or len(places) != 1 or rules.address.count(places[0]) != 1):
        raise table.refusal("address", "`address` must be a web address with {page}, {offset} or {cursor} in it, once.")
    if places == ["{cursor}"] and rules.cursor is None:
        raise table.refusal("address", "`address` has a {cursor}, and no key `cursor` says where an answer names it.")
    if rules.address and (rules.html is None) == (rules.link is None):
        raise table.refusal("address", "Give either `html`, or `link` (with `records` and `title`).")
    return rules
