"""Keep listings, feeds and landing pages between runs: one SQLite file for each source.

Scrapy's own storage writes several files for each answer, and a killed process could leave half of one behind. Since
whole answers are kept, a changed rule of a source file works on pages that have not changed.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

KEPT_DAYS = 400
"""An answer that no run asked for in so many days is dropped."""
RESUMED_WITHIN = timedelta(hours=48)
"""A run that was killed longer ago is not gone on with: everything is asked for again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (
    fingerprint BLOB PRIMARY KEY, url TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, stored REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (started TEXT NOT NULL);
"""


class PageCache:
    """The answers of one source's pages, and whether its last run came to its end. Every write is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A lost last second costs a few requests; waiting for the disk at each page costs more.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the file back. May be repeated."""
        self._connection.close()

    def begin_run(self, now: datetime) -> datetime | None:
        """Note that a run begins; return when the unfinished one began with which it goes on, or None."""
        with self._connection:
            row = self._connection.execute("SELECT max(started) FROM run").fetchone()
            unfinished = datetime.fromisoformat(row[0]) if row[0] else None
            if unfinished is not None and now - unfinished < RESUMED_WITHIN:
                return unfinished
            self._connection.execute("DELETE FROM run")
            self._connection.execute("INSERT INTO run VALUES (?)", (now.isoformat(),))
            self._connection.execute("DELETE FROM answer WHERE stored < ?", (now.timestamp() - KEPT_DAYS * 86400,))
        return None

    def end_run(self) -> None:
        """Note that the run came to its end."""
        with self._connection:
            self._connection.execute("DELETE FROM run")

    def get(self, fingerprint: bytes) -> tuple[Response, datetime] | None:
        """Return an answer and when it was stored or confirmed; None when there is none."""
        row = self._connection.execute(
            "SELECT url, status, headers, body, stored FROM answer WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()
        if row is None:
            return None
        url, status, raw_headers, packed, stored = row
        headers = Headers(dict(json.loads(raw_headers)))
        body = zlib.decompress(packed)
        kind = responsetypes.from_args(headers=headers, url=url, body=body)
        return kind(url=url, headers=headers, status=status, body=body), datetime.fromtimestamp(stored, UTC)

    def put(self, fingerprint: bytes, response: Response) -> None:
        """Keep an answer, in place of the one before."""
        headers = [
            (name.decode("latin-1"), [value.decode("latin-1") for value in values])
            for name, values in response.headers.items()
        ]
        row = (fingerprint, response.url, response.status, json.dumps(headers), zlib.compress(response.body, 6), time())
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", row)
