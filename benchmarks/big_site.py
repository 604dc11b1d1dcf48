"""A publisher of any size on loopback for benchmarks/harvest_big.py: OAI-PMH, a sitemap, landing pages, PDFs, a log of requests.

It answers from numbers, keeps nothing in memory but the log, and does one thing at a time, so that it takes as little of
the machine from the harvest as it can.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RECORDS_PER_ANSWER = 100
PDF_BYTES = 40_000
DATESTAMP = "2026-01-15T00:00:00Z"
_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True, slots=True)
class BigSite:
    """So many records; the first `files` of them have a PDF, the landing pages of the others have nothing to keep."""

    records: int
    files: int
    address: str

    def answer(self, target: str) -> tuple[int, str, bytes]:
        """Return status, media type and body of an address."""
        parts = urlsplit(target)
        if parts.path == "/robots.txt":
            return 200, "text/plain", b"User-agent: *\nAllow: /\n"
        if parts.path == "/oai":
            return 200, "text/xml", self._oai({name: values[0] for name, values in parse_qs(parts.query).items()})
        if parts.path == "/sitemap.xml":
            return 200, "text/xml", self._sitemap()
        kind, _, name = parts.path.strip("/").partition("/")
        number = int(name.split(".")[0]) if name.split(".")[0].isdigit() else -1
        if kind == "item" and 0 <= number < self.records:
            return 200, "text/html", self._landing_page(number)
        if kind == "files" and 0 <= number < self.files:
            return 200, "application/pdf", pdf(number)
        return 404, "text/html", b"<h1>Not found</h1>"

    def _sitemap(self) -> bytes:
        entries = (
            f"<url><loc>{self.address}/item/{number}</loc><lastmod>{DATESTAMP}</lastmod></url>"
            for number in range(self.records)
        )
        return (
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            + "".join(entries)
            + "</urlset>"
        ).encode()

    def _oai(self, asked: dict[str, str]) -> bytes:
        verb = asked.get("verb", "")
        if verb == "Identify":
            inner = (
                f"<Identify><repositoryName>Big</repositoryName><baseURL>{self.address}/oai</baseURL>"
                "<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>"
                "<earliestDatestamp>2020-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
                "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
            )
        elif verb == "ListMetadataFormats":
            inner = (
                "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat>"
                "</ListMetadataFormats>"
            )
        elif verb == "ListRecords" and asked.get("from", "") > DATESTAMP:
            inner = '<error code="noRecordsMatch">nothing</error>'
        elif verb == "ListRecords":
            inner = self._records(int(asked.get("resumptionToken", "0")))
        else:
            inner = '<error code="badVerb">no such verb</error>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>2026-11-23T00:00:00Z</responseDate><request>{self.address}/oai</request>{inner}</OAI-PMH>"
        ).encode()

    def _records(self, first: int) -> str:
        after = min(first + RECORDS_PER_ANSWER, self.records)
        token = str(after) if after < self.records else ""
        return (
            "<ListRecords>"
            + "".join(self._record(number) for number in range(first, after))
            + f'<resumptionToken completeListSize="{self.records}" cursor="{first}">{token}</resumptionToken></ListRecords>'
        )

    def _record(self, number: int) -> str:
        return (
            f"<record><header><identifier>oai:big:{number}</identifier><datestamp>{DATESTAMP}</datestamp></header><metadata>"
            '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>Informal work in district {number}</dc:title><dc:creator>Office, Statistics</dc:creator>"
            f"<dc:date>{2000 + number % 25}</dc:date><dc:language>en</dc:language><dc:type>report</dc:type>"
            f"<dc:identifier>{self.address}/item/{number}</dc:identifier></oai_dc:dc></metadata></record>"
        )

    def _landing_page(self, number: int) -> bytes:
        link = f'<meta name="citation_pdf_url" content="/files/{number}.pdf">' if number < self.files else ""
        return (
            f'<!doctype html><html lang="en"><head><title>District {number}</title>'
            f'<meta name="citation_title" content="Informal work in district {number}">{link}</head>'
            f"<body><main><h1>Informal work in district {number}</h1><p>A report.</p></main></body></html>"
        ).encode()


def pdf(number: int) -> bytes:
    """Return a small PDF of one empty page that no other number has; the padding is a comment."""
    body = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
    )
    return body + b"%%%08d" % number + b"%" * (PDF_BYTES - len(body) - 10) + b"\n"


class Server:
    """The site behind HTTP/1.1 with kept connections."""

    def __init__(self, log: Path) -> None:
        self._log = log.open("w", encoding="ascii")
        self.site: BigSite | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        try:
            while line := await reader.readline():
                came = time.monotonic()
                target = line.split(b" ")[1].decode("ascii", "replace")
                known = ""
                while (header := await reader.readline()) not in (b"\r\n", b""):
                    if header.lower().startswith(b"if-none-match:"):
                        known = header.split(b":", 1)[1].strip().decode("ascii")
                status, sent = self._write(writer, target, known=known)
                await writer.drain()
                self._log.write(f"{came:.6f}\t{target}\t{status}\t{sent}\n")
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    def _write(self, writer: asyncio.StreamWriter, target: str, *, known: str) -> tuple[int, int]:
        assert self.site is not None
        status, kind, body = self.site.answer(target)
        etag = f'"{len(body)}-{hash(target) & 0xFFFFFFFF:x}"' if target.startswith(("/item", "/files")) else ""
        if status == 200 and etag and known == etag:
            status, body = 304, b""
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        writer.write((head + (f"ETag: {etag}\r\n" if etag else "") + "\r\n").encode() + body)
        return status, len(body)

    def close(self) -> None:
        """Write what is left of the log."""
        self._log.close()


async def _main(records: int, files: int, log: Path) -> None:
    server = Server(log)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    server.site = BigSite(records, files, f"http://127.0.0.1:{port}")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(port, flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--log", type=Path, required=True)
    given = parser.parse_args()
    asyncio.run(_main(given.records, given.files, given.log))
