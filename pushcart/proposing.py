"""Propose a source file for a site, and put it into a person's own folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import BadInput
from corpus.messages import gettext, sentence
from corpus.settings import Settings
from crawler.net.addresses import is_private_host
from crawler.probing.look import look_at
from crawler.probing.site import HarvestCandidate
from crawler.probing.writing import source_text, suggested_slug
from crawler.sources.fields import SLUG
from crawler.sources.load import load_sources, own_folder, parse_source
from crawler.sources.model import PROTOCOLS
from pushcart.console import note


@dataclass(frozen=True, slots=True)
class ProposedSource:
    """A source file that is ready to be written."""

    slug: str
    text: str
    path: Path
    """Where it belongs."""
    candidates: tuple[HarvestCandidate, ...]
    """Every way to the publications that was found; the text declares the first."""
    reason: str
    """Why the first, a sentence without its full stop."""

    def write(self, *, force: bool) -> Path:
        """Write the file and return where it is. Raises BadInput: one is there, and `force` is not set."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self.path.open("w" if force else "x", encoding="utf-8") as file:
                file.write(self.text)
        except FileExistsError as error:
            raise BadInput(
                sentence("{path} already exists.", path=self.path),
                try_next=sentence("Give another name with --slug, or --force to replace it."),
            ) from error
        return self.path


def propose_source(address: str, *, slug: str, protocol: str, force: bool, settings: Settings) -> ProposedSource:
    """Look at a site and return the source file that a person may want.

    Args:
        slug: empty: made from the address.
        protocol: the only one that is wanted; empty: whichever is best.
        force: whether a file of that slug may be replaced.

    Raises BadInput: the address cannot be asked, nothing was found there, or a source of that slug is declared elsewhere.
    Raises BadSettings: no contact is set. Raises BadSource: the slug cannot be one.
    """
    if protocol and protocol not in PROTOCOLS:
        raise BadInput(
            sentence("There is no protocol {protocol}.", protocol=repr(protocol)),
            try_next=sentence("Choose one of {rules_of}.", rules_of=", ".join(PROTOCOLS)),
        )
    address = address if "://" in address else f"https://{address}"
    address = address if urlsplit(address).path else f"{address}/"
    folder = own_folder(settings)
    if slug:
        _refuse_taken(slug, path=folder / f"{slug}.toml", force=force, settings=settings)
    note(gettext("Looking at {address}, with at most one request a second.", address=address))
    is_own = is_private_host(urlsplit(address).hostname or "")
    proposal = look_at(
        address, settings=settings, protocol=protocol, allow_private=is_own, delay_seconds=0.0 if is_own else 1.0
    )
    if not proposal.candidates:
        raise BadInput(
            sentence(
                "Nothing at {address} looks like a source for {protocol}; {count} addresses were tried.",
                address=address,
                protocol=protocol,
                count=proposal.requests,
            )
            if protocol
            else sentence(
                "Nothing at {address} looks like a list of publications; {count} addresses were tried.",
                address=address,
                count=proposal.requests,
            ),
            try_next=sentence(
                "Give the address of the page that lists the publications, or write the file by hand (docs/adding-a-source.md)."
            ),
        )
    slug = slug or suggested_slug(proposal)
    path = folder / f"{slug}.toml"
    _refuse_taken(slug, path=path, force=force, settings=settings)
    text = source_text(proposal, slug=slug)
    parse_source(text, path=path)  # what we propose can be read
    return ProposedSource(slug=slug, text=text, path=path, candidates=proposal.candidates, reason=proposal.reason)


def _refuse_taken(slug: str, *, path: Path, force: bool, settings: Settings) -> None:
    """Raise BadInput when a source file cannot be called so, or one that must not be replaced is called so already."""
    if not re.fullmatch(SLUG, slug):
        raise BadInput(
            sentence("{slug} is not a valid slug.", slug=repr(slug)),
            try_next=sentence("A slug has lower-case letters, digits and hyphens, at most 63 characters."),
        )
    if force:
        return
    if path.exists():
        raise BadInput(
            sentence("{path} already exists.", path=path),
            try_next=sentence("Give another name with --slug, or --force to replace it."),
        )
    for declared in load_sources(settings):
        if declared.slug == slug and declared.path != path:
            raise BadInput(
                sentence("{path} already declares a source {slug}.", path=declared.path, slug=repr(slug)),
                try_next=sentence("Give another name with --slug."),
            )
