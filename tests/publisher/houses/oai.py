"""Envelopes of OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html), as DSpace and Invenio write them."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.publisher.world import Answer

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-06-01T00:00:00Z</responseDate>"
)


def envelope(verb: str, inner: str) -> Answer:
    """Return an answer to a verb."""
    return Answer(f"{_HEAD}<{verb}>{inner}</{verb}></OAI-PMH>", type="text/xml;charset=UTF-8")


def error(code: str, words: str) -> Answer:
    """Return an error of the protocol; its HTTP status is 200."""
    return Answer(f'{_HEAD}<error code="{code}">{escape(words)}</error></OAI-PMH>', type="text/xml;charset=UTF-8")


def identify(name: str, base: str, *, earliest: str, deleted: str) -> Answer:
    """Return what a repository says of itself."""
    return envelope(
        "Identify",
        f"<repositoryName>{name}</repositoryName><baseURL>{base}</baseURL><protocolVersion>2.0</protocolVersion>"
        f"<adminEmail>library@publisher.example</adminEmail><earliestDatestamp>{earliest}</earliestDatestamp>"
        f"<deletedRecord>{deleted}</deletedRecord><granularity>YYYY-MM-DDThh:mm:ssZ</granularity>",
    )


def header(identifier: str, at: str, *sets: str) -> str:
    """Return the header of a record."""
    named = "".join(f"<setSpec>{each}</setSpec>" for each in sets)
    return f"<header><identifier>{identifier}</identifier><datestamp>{at}</datestamp>{named}</header>"


def token(value: str, *, size: int = 0, expires: str = "") -> str:
    """Return a resumption token."""
    attributes = (f' completeListSize="{size}"' if size else "") + (f' expirationDate="{expires}"' if expires else "")
    return f"<resumptionToken{attributes}>{value}</resumptionToken>"
