"""Which formats of records are read, and which one a repository is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from crawler.spiders.oai.dublin_core import describe_dublin_core
from crawler.spiders.oai.marc import describe_marc
from crawler.spiders.oai.markup import Element, local
from crawler.spiders.oai.mods import describe_mods
from crawler.spiders.oai.record_metadata import MetadataCollector, RecordMetadata
from crawler.spiders.oai.xoai import describe_xoai

Reader = Callable[[Element, MetadataCollector], None]

_READERS: Mapping[str, tuple[str, Reader]] = {
    "dc": ("oai_dc", describe_dublin_core),
    "qualifieddc": ("qdc", describe_dublin_core),
    "dcterms": ("qdc", describe_dublin_core),
    "oai_dcterms": ("qdc", describe_dublin_core),
    "dcds": ("qdc", describe_dublin_core),
    "mods": ("mods", describe_mods),
    "modsCollection": ("mods", describe_mods),
    "metadata": ("xoai", describe_xoai),
    "element": ("xoai", describe_xoai),
    "record": ("marcxml", describe_marc),
    "collection": ("marcxml", describe_marc),
}
"""By name of the metadata's first element: the format as origins name it, and who reads it. Prefixes are any."""

_NAMESPACES: Mapping[str, tuple[str, ...]] = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc/",),
    "qdc": (
        "http://dspace.org/qualifieddc/",
        "http://purl.org/dc/terms/",
        "http://dublincore.org/documents/dcmi-terms/",
    ),
    "mods": ("http://www.loc.gov/mods/v3", "http://www.loc.gov/mods/"),
    "xoai": ("http://www.lyncode.com/xoai",),
    "marcxml": ("http://www.loc.gov/MARC21/slim",),
}
FALLBACK = "oai_dc"
"""The format that every repository must give (OAI-PMH 2.0, 3.4)."""


def describe(roots: Sequence[Element], *, base: str, languages: tuple[str, ...]) -> RecordMetadata | None:
    """Return what the metadata of a record say; None when they are in no format that is read here."""
    name, reader = _READERS.get(local(roots[0]), ("", None))
    if reader is None:
        return None
    describing = MetadataCollector(name, base=base, languages=languages)
    for root in roots:
        reader(root, describing)
    return describing.done()


def choose_prefix(wanted: str, offered: Sequence[tuple[str, str]]) -> str:
    """Return the prefix by which a repository knows a format: its usual one, else one with its namespace, else oai_dc.

    Args:
        wanted: one of rules.FORMATS.
        offered: prefix and namespace of what the repository has; empty: it did not say, and is asked for what is wanted.
    """
    prefixes = [prefix for prefix, _ in offered]
    if not offered or wanted in prefixes:
        return wanted
    namespaces = {name.rstrip("/") for name in _NAMESPACES.get(wanted, ())}
    return next((prefix for prefix, namespace in offered if namespace.rstrip("/") in namespaces), FALLBACK)
