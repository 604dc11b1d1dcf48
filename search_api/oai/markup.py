"""The XML of OAI-PMH answers. lxml escapes every text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from lxml import etree

from corpus.shown import without_signs
from search_api.oai.dublin_core import Element

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC = "http://purl.org/dc/elements/1.1/"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def moment(when: datetime) -> str:
    """Return a moment as OAI-PMH writes it, in whole seconds: `2026-11-30T12:00:00Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def envelope(base_url: str, *, now: datetime, asked: Mapping[str, str]) -> etree._Element:
    """Return the root of an answer, to which its own part is added.

    Args:
        base_url: of the repository.
        now: the moment of the answer.
        asked: arguments of the request; empty where the protocol wants none repeated.
    """
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    add(root, "responseDate", moment(now))
    add(root, "request", base_url, **asked)
    return root


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """Add an element of the protocol and return it. Signs that XML does not know are left out: a harvester may send any."""
    known = {each: without_signs(value) for each, value in attributes.items()}
    made = etree.SubElement(parent, f"{{{OAI}}}{name}", known)
    made.text = without_signs(text) or None
    return made


def add_header(
    parent: etree._Element, *, identifier: str, changed_at: datetime, sets: Iterable[str], is_deleted: bool
) -> None:
    """Add the header of a record."""
    header = add(parent, "header", **({"status": "deleted"} if is_deleted else {}))
    add(header, "identifier", identifier)
    add(header, "datestamp", moment(changed_at))
    for each in sets:
        add(header, "setSpec", each)


def add_dublin_core(record: etree._Element, elements: Iterable[Element]) -> None:
    """Add the metadata of a record."""
    metadata = add(record, "metadata")
    root = etree.SubElement(metadata, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": _DC})
    root.set(f"{{{_XSI}}}schemaLocation", f"{OAI_DC} {OAI_DC_SCHEMA}")
    for name, text, lang in elements:
        made = etree.SubElement(root, f"{{{_DC}}}{name}", {_LANG: lang} if lang else None)
        made.text = text


def add_identifier_scheme(identify: etree._Element, *, repository: str, sample: str) -> None:
    """Add what the identifiers of records look like."""
    scheme = etree.SubElement(
        add(identify, "description"), f"{{{_IDENTIFIER}}}oai-identifier", nsmap={None: _IDENTIFIER}
    )
    scheme.set(f"{{{_XSI}}}schemaLocation", f"{_IDENTIFIER} {_IDENTIFIER}.xsd")
    values = {"scheme": "oai", "repositoryIdentifier": repository, "delimiter": ":", "sampleIdentifier": sample}
    for name, text in values.items():
        etree.SubElement(scheme, f"{{{_IDENTIFIER}}}{name}").text = text


def written(root: etree._Element) -> bytes:
    """Return an answer as it is sent, UTF-8."""
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text
