"""A small OAI-PMH repository on this machine, for tests: records, tokens, deletions, and faults that a test switches on."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

ROOT = '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def record(number: int, *, at: str = "2020-01-01", deleted: bool = False, inner: str = "") -> str:
    """Return a record as XML; `inner` are elements of oai_dc."""
    status = ' status="deleted"' if deleted else ""
    header = f"<header{status}><identifier>oai:site:{number}</identifier><datestamp>{at}</datestamp></header>"
    metadata = "" if deleted else f"<metadata><oai_dc:dc {DC}>{inner}</oai_dc:dc></metadata>"
    return f"<record>{header}{metadata}</record>"


def answer(*parts: str, verb: str = "ListRecords") -> bytes:
    """Return a whole answer."""
    return (
        f"{ROOT}<responseDate>2026-01-01T00:00:00Z</responseDate><{verb}>{''.join(parts)}</{verb}></OAI-PMH>".encode()
    )


def error(code: str, words: str = "") -> bytes:
    """Return an answer that is an error."""
    return f'{ROOT}<error code="{code}">{escape(words)}</error></OAI-PMH>'.encode()


@dataclass(frozen=True)
class Item:
    """One record of the site; it names one PDF, `/files/NUMBER.pdf`."""

    number: int
    at: str
    sets: tuple[str, ...] = ()
    deleted: bool = False
    version: int = 1


class OaiSite:
    """Serves items in the order of `items`, so many at once. Tokens are offsets, as DSpace's are."""

    def __init__(self, items: list[Item], *, at_once: int = 2, granularity: str = "YYYY-MM-DD") -> None:
        self.items = items
        self.at_once = at_once
        self.granularity = granularity
        self.deleted_record = "persistent"
        self.earliest = "2000-01-01"
        self.expiring: set[str] = set()
        """Tokens that are refused, once each."""
        self.expires_for_ever: set[str] = set()
        self.repeating_token = ""
        """Given with every answer, when set."""
        self.no_identify = False
        self.no_sets = False
        self.has_moved = False
        """Everything but the files is answered with 404 and a web page."""
        self.lost_status = 0
        """HTTP status of a refused token; 0: an error of the protocol."""
        self.asked: list[str] = []
        """Paths and queries, in order."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        """Return the base address of the repository."""
        return f"{self.url}/oai"

    def change(self, number: int, **others: Any) -> None:
        """Change an item; its PDF has other bytes when `version` is another."""
        self.items = [replace(item, **others) if item.number == number else item for item in self.items]

    def lists(self) -> list[dict[str, str]]:
        """Return the arguments of each ListRecords that came, in order."""
        queries = [dict(parse_qsl(urlsplit(each).query)) for each in self.asked]
        return [query for query in queries if query.get("verb") == "ListRecords"]

    def downloads(self) -> list[str]:
        """Return the paths of files that were sent, in order."""
        return [each for each in self.asked if each.startswith("/files/")]

    def reply(self, target: str) -> tuple[int, str, bytes]:
        """Return status, media type and body of an answer."""
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return 404, "text/plain", b""
        self.asked.append(target)
        if parts.path.startswith("/files/"):
            number = int(parts.path.rpartition("/")[2].removesuffix(".pdf"))
            item = next(item for item in self.items if item.number == number)
            return 200, "application/pdf", b"%PDF-1.4\n" + f"{number} {item.version}".encode()
        if self.has_moved:
            return 404, "text/html", b"<!doctype html><title>Not found</title>"
        return self._verb(dict(parse_qsl(parts.query)))

    def _verb(self, asked: dict[str, str]) -> tuple[int, str, bytes]:
        if asked["verb"] == "Identify":
            return (500, "text/plain", b"") if self.no_identify else (200, "text/xml", self._identify())
        if asked["verb"] == "ListMetadataFormats":
            return 200, "text/xml", answer("<metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>")
        if asked.get("metadataPrefix", "oai_dc") != "oai_dc":
            return 200, "text/xml", error("cannotDisseminateFormat")
        if asked.get("set") and self.no_sets:
            return 200, "text/xml", error("noSetHierarchy")
        return self._list(asked)

    def _identify(self) -> bytes:
        return answer(
            f"<repositoryName>A site</repositoryName><earliestDatestamp>{self.earliest}</earliestDatestamp>",
            f"<deletedRecord>{self.deleted_record}</deletedRecord><granularity>{self.granularity}</granularity>",
            verb="Identify",
        )

    def _list(self, asked: dict[str, str]) -> tuple[int, str, bytes]:
        token = asked.get("resumptionToken", "")
        if token in self.expiring | self.expires_for_ever:
            self.expiring.discard(token)
            if self.lost_status:
                return self.lost_status, "text/html", b"<html><title>Oops</title></html>"
            return 200, "text/xml", error("badResumptionToken", "It has expired.")
        chosen, since, start, until = asked.get("set", ""), asked.get("from", ""), 0, asked.get("until", "9999")
        if token:
            chosen, since, offset = token.split("/")
            start = int(offset)
        items = [each for each in self.items if since <= each.at <= until and (not chosen or chosen in each.sets)]
        if not items:
            return 200, "text/xml", error("noRecordsMatch")
        shown = items[start : start + self.at_once]
        end = start + self.at_once
        goes_on = self.repeating_token or (f"{chosen}/{since}/{end}" if end < len(items) else "")
        last = f'<resumptionToken completeListSize="{len(items)}">{goes_on}</resumptionToken>'
        return 200, "text/xml", answer(*map(self._record, shown), last)

    def _record(self, item: Item) -> str:
        inner = (
            f"<dc:title>Street trade in city {item.number}</dc:title>"
            f"<dc:identifier>{self.url}/files/{item.number}.pdf</dc:identifier>"
        )
        return record(item.number, at=item.at, deleted=item.deleted, inner=inner)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # http.server's name
                status, media_type, body = site.reply(self.path)
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
