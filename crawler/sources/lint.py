"""What is odd about a source file that can be read: rules that can never match, expectations that can never be met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.messages.reasons import reason_in_words
from corpus.metadata.licences import LicenceKind, licence_kind_of_source
from corpus.reasons import FailureKind
from corpus.rights import Show
from corpus.vocabulary import load_vocabulary
from crawler.net.addresses import refusal_of, site_of
from crawler.sources.address_rules import AddressRules
from crawler.sources.model import SourceFile
from crawler.spiders.listing.rules import ListingRules

_HOST_OF_PATTERN = re.compile(r"^\^?https?\??://((?:[\w-]|\\?\.)+)(?=/|\\/|$)")
"""A pattern that begins with one whole host, its dots escaped or not."""


@dataclass(frozen=True, slots=True)
class SourceRemark:
    """One thing that a person should know of a source."""

    key: tuple[str, ...]
    """Of the source file: names of the tables around it, then its own."""
    is_wrong: bool
    """False: a person should look, and may find it right."""
    message: str
    try_next: str = ""


def remarks_on(source: SourceFile) -> tuple[SourceRemark, ...]:
    """Return what is odd about a source. Touches nothing."""
    return tuple(
        remark
        for look in (_on_addresses, _on_rules, _on_pages, _on_expectation, _on_schedule, _on_rights, _on_standing)
        for remark in look(source)
    )


def _on_addresses(source: SourceFile) -> Iterator[SourceRemark]:
    for address in source.start:
        if reason := refusal_of(address, allow_private=source.polite.allow_private):
            hint = (
                "`allow_private = true` under [polite] lets it be fetched."
                if reason.kind is FailureKind.PRIVATE_ADDRESS
                else ""
            )
            yield SourceRemark(("start",), True, f"{address} will not be fetched. {reason_in_words(reason)}", hint)
    if doubled := sorted({address for address in source.start if source.start.count(address) > 1}):
        yield SourceRemark(("start",), False, f"{doubled[0]} stands twice in `start`.")
    if source.country and load_vocabulary().country(source.country) is None:
        yield SourceRemark(
            ("country",), True, f"No country has the code {source.country!r}.", "It is ISO 3166 alpha-3."
        )


def _on_rules(source: SourceFile) -> Iterator[SourceRemark]:
    tables = [(source.protocol, rules)] if (rules := getattr(source.rules, "addresses", None)) else []
    sites = {site_of(address) for address in source.start}
    for table, addresses in [*tables, ("files", source.files.addresses)]:
        assert isinstance(addresses, AddressRules)
        denied = {pattern.text for pattern in addresses.deny}
        for pattern in addresses.allow:
            if pattern.text in denied:
                yield SourceRemark(
                    (table, "deny"), True, f"{pattern.text!r} is allowed and denied: nothing is left of it."
                )
            host = _HOST_OF_PATTERN.search(pattern.text)
            if table == "listing" and host and site_of(f"https://{_plain(host[1])}/") not in sites:
                message = f"`allow`: {pattern.text!r} never matches: a listing leads to pages of its own site only."
                yield SourceRemark((table, "allow"), True, message, f"Pages of {', '.join(sorted(sites))} count.")
        if "" in denied or ".*" in denied:
            yield SourceRemark((table, "deny"), True, "`deny` matches every address: nothing is left.")


def _plain(host: str) -> str:
    return host.replace("\\", "")


def _on_pages(source: SourceFile) -> Iterator[SourceRemark]:
    rules = source.rules
    if not isinstance(rules, ListingRules):
        return
    if rules.page_address and rules.next:
        yield SourceRemark(("listing", "next"), False, "`next` is not looked at, because `page_address` is given.")
    if rules.first_page != 1 and not rules.page_address:
        yield SourceRemark(("listing", "first_page"), False, "`first_page` says nothing without `page_address`.")
    sites = {site_of(address) for address in source.start}
    if rules.page_address and site_of(rules.page_address) not in sites:
        message = (
            f"`page_address` is on {urlsplit(rules.page_address).hostname}, and `start` on {', '.join(sorted(sites))}."
        )
        yield SourceRemark(("listing", "page_address"), False, message)
    if rules.page_address and len(source.start) > 1:
        message = "`page_address` follows each address of `start`: the same pages would be read for each of them."
        yield SourceRemark(("listing", "page_address"), False, message, "Make a source file for each listing.")


def _on_expectation(source: SourceFile) -> Iterator[SourceRemark]:
    key = ("expect", "documents_per_run")
    least = source.expect.at_least
    if least == 0:
        yield SourceRemark(key, False, "A run that brings nothing at all would be no reason to look (at_least is 0).")
    if least >= source.polite.requests_max:
        message = f"No run can bring {least} documents with {source.polite.requests_max} requests (requests_max)."
        yield SourceRemark(key, True, message)
    most = len(source.start) * source.files.per_landing_page_max
    if source.protocol == "addresses" and least > most:
        yield SourceRemark(key, True, f"{len(source.start)} addresses can bring {most} files at most, and not {least}.")


def _on_schedule(source: SourceFile) -> Iterator[SourceRemark]:
    if source.schedule.full_every < source.schedule.every:
        message = "`full_every_days` is shorter than `every_days`: every run will ask for everything."
        yield SourceRemark(("schedule", "full_every_days"), False, message)
    if source.polite.time_zone != "UTC" and source.polite.hours is None:
        yield SourceRemark(("polite", "time_zone"), False, "`time_zone` says nothing without `hours`.")
    if source.polite.delay_seconds < 0.5 and not source.polite.allow_private:
        message = f"{source.polite.delay_seconds:g} seconds between requests is little for somebody else's server."
        yield SourceRemark(("polite", "delay_seconds"), False, message)


def _on_rights(source: SourceFile) -> Iterator[SourceRemark]:
    """Yield what looks like a slip: everything of a publisher on public pages, and no word of why."""
    kind = licence_kind_of_source(source.licence)
    if source.show in (Show.FULL, Show.TEXT):
        allowed = f"`show` is {source.show.value!r}, so that public pages show the whole text of each document"
        if kind is LicenceKind.CLOSED:
            message = f"{allowed}, and `licence` says {source.licence!r}."
            yield SourceRemark(("show",), False, message, "Say in `note` who allowed it, or take `show` out.")
        elif kind is LicenceKind.UNKNOWN and not source.note:
            message = f"{allowed}, and neither a known `licence` nor a `note` says why."
            yield SourceRemark(("show",), False, message, "Say in `note` who allowed it, or take `show` out.")


def _on_standing(source: SourceFile) -> Iterator[SourceRemark]:
    if not source.verified:
        message = "It is not yet verified live, and so harvested only by name."
        hint = f"`pushcart sources try {source.slug}`; when its records are right, take `verified = false` out."
        yield SourceRemark(("verified",), False, message, hint)
