"""Build the documents of the judged pairs as Pushcart reads them.

    for pair in judged_pairs("work"):
        pair.kind, pair.first.title, pair.first.pages ...

The texts are never committed: they come from the shared data, and from repositories copied beside ours. What is not on this
machine is left out; `missing` says what.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from corpus.origins import Origin, origin_of
from corpus.settings import read_settings
from corpus.types import Document, Evidence, FetchedFile, Reading, Tag
from nlp.documents import build_document
from nlp.pipeline.passages import TaggedText
from nlp.reading.pool import read_files
from nlp.reading.requests import ReadRequest
from tests.judged.works.making import Material, make
from tests.judged.works.places import MIRRORS, SHARED, NotHere, original

HERE = Path(__file__).resolve().parent
_ROOT = HERE.parents[2]
HALVES = ("work", "untouched", "fresh", "unread", "later", "later-unread")
"""Two halves of one set, and twice two parts of one that was made later, of other originals."""
UNREAD = ("unread", "later-unread")
"""Those whose pairs nobody reads who changes rules."""
CACHE = Path(tempfile.gettempdir()) / "pushcart-judged-works"
_SEEN = datetime(2026, 1, 1, tzinfo=UTC)
_TYPES = {"pdf": "application/pdf", "txt": "text/plain", "html": "text/html"}
_READING_CODE = (
    "nlp/reading",
    "nlp/metadata",
    "nlp/zones",
    "nlp/pipeline/zone_weights.py",
    "nlp/documents.py",
    "nlp/language.py",
    "corpus/metadata",
)
"""What decides how a document is read: the cache is made anew when any of it changes."""
_FIELDS = ("title", "author", "publisher", "date", "lang", "type", "series", "doi", "isbn", "issn")


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """Two documents, and how they are related."""

    id: str
    kind: str
    """`copy`, `translation`, `edition`, `extract` (related); `sibling` (unrelated though alike), `unrelated`."""
    also: tuple[str, ...]
    """Further right answers; `none` among them: to leave them unrelated is right too."""
    is_real: bool
    """Both files are as they were found; False: one of them was made from the other, or from a third."""
    how: str
    """In words: how it was made, or where it was found."""
    first: Document
    """Of an extract: the whole."""
    second: Document
    note: str = ""

    @property
    def languages(self) -> tuple[str, str]:
        """Return the languages of both, as Pushcart tells them."""
        return self.first.lang, self.second.lang


@dataclass(slots=True)
class Missing:
    """What could not be built."""

    documents: dict[str, str]
    """Why, by the document's name in the rows."""
    pairs: int = 0


def rows(half: str, what: str) -> list[dict[str, Any]]:
    """Return the committed rows of a half. `what`: `pairs` or `documents`."""
    if half not in HALVES:
        raise ValueError(f"There is no half called {half!r}; there are {' and '.join(HALVES)}.")
    lines = (HERE / f"{half}-{what}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def groups_of_documents(half: str) -> dict[str, str]:
    """Return the group of each document of a half by `Document.id`.

    Documents of two groups have nothing to do with each other, listed as a pair or not: any of them that are joined are joined
    wrongly. Within a group (an original and what was made of it, a series) only the listed pairs are judged.
    """
    return {_document_id(row["id"]): row["group"] for row in rows(half, "documents")}


def judged_pairs(
    half: str,
    *,
    shared: Path = SHARED,
    mirrors: Path = MIRRORS,
    cache_folder: Path = CACHE,
    missing: Missing | None = None,
    only: Collection[str] | None = None,
) -> Iterator[JudgedPair]:
    """Yield the pairs of a half, in the order of the rows.

    Args:
        only: ids of the pairs that are wanted, so that a few are built without the others; None: all.
        missing: is told what was left out.
    """
    left_out = missing if missing is not None else Missing({})
    pairs = [row for row in rows(half, "pairs") if only is None or row["id"] in only]
    names = None if only is None else {row[side] for row in pairs for side in ("first", "second")}
    places = {"shared": shared, "mirrors": mirrors, "cache_folder": cache_folder}
    built = judged_documents(half, **places, missing=left_out, only=names)
    for row in pairs:
        if row["first"] not in built or row["second"] not in built:
            left_out.pairs += 1
            continue
        yield JudgedPair(
            id=row["id"],
            kind=row["kind"],
            also=tuple(row.get("also", ())),
            is_real=row["real"],
            how=row["how"],
            first=built[row["first"]],
            second=built[row["second"]],
            note=row.get("note", ""),
        )


def judged_documents(
    half: str,
    *,
    shared: Path = SHARED,
    mirrors: Path = MIRRORS,
    cache_folder: Path = CACHE,
    missing: Missing | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Document]:
    """Return the documents of a half by their names in the rows; those that are in the cache are not made again.

    Args:
        only: the names that are wanted; None: all.
    """
    left_out = missing if missing is not None else Missing({})
    files = cache_folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    described = {row["id"]: row for row in rows(half, "documents") if only is None or row["id"] in only}
    paths: dict[str, Path] = {}
    for name, row in described.items():
        try:
            paths[name] = _file(row, files, shared=shared, mirrors=mirrors)
        except NotHere as why:
            left_out.documents[name] = str(why)
    return _documents({name: described[name] for name in paths}, paths, cache_folder / "documents")


def _file(row: Mapping[str, Any], files: Path, *, shared: Path, mirrors: Path) -> Path:
    """Return where the file of a document is; it is made when it is not there yet."""
    recipe = {"from": row["from"], "make": row.get("make", []), "title": row["metadata"].get("title", "")}
    key = _digest([json.dumps(recipe, sort_keys=True).encode(), _code_digest("tests/judged/works")])
    if found := next(iter(files.glob(f"{key}.*")), None):
        return found
    content, suffix = original(row["from"], shared=shared, mirrors=mirrors)
    if (right := row["from"].get("sha256")) and hashlib.sha256(content).hexdigest() != right:
        raise NotHere(f"the original of {row['id']} is another one: its SHA-256 is not {right[:12]}…")
    made = make(Material(content, suffix, row.get("printed_title", recipe["title"])), row.get("make", []))
    path = files / f"{key}.{made.suffix}"
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(made.content)
    return part.rename(path)


def _documents(
    described: Mapping[str, Mapping[str, Any]], paths: Mapping[str, Path], kept: Path
) -> dict[str, Document]:
    kept.mkdir(parents=True, exist_ok=True)
    hashes = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in set(paths.values())}
    code = _digest(_code_digest(place) for place in _READING_CODE).encode()
    built: dict[str, Document] = {}
    waiting: dict[str, list[str]] = {}
    keys = {
        name: _digest([json.dumps(row, sort_keys=True).encode(), hashes[paths[name]].encode(), code])
        for name, row in described.items()
    }
    for name, key in keys.items():
        if (kept / key).is_file():
            built[name] = pickle.loads((kept / key).read_bytes())
        else:
            waiting.setdefault(hashes[paths[name]], []).append(name)
    requests = (ReadRequest(sha256, paths[names[0]], "", "") for sha256, names in waiting.items())
    for reading in read_files(requests, settings=read_settings()):
        for name in waiting[reading.sha256]:
            built[name] = document_of(described[name], reading, paths[name])
            (kept / keys[name]).write_bytes(pickle.dumps(built[name]))
    return built


def document_of(row: Mapping[str, Any], reading: Reading, path: Path) -> Document:
    """Return the document that the pipeline makes of a file and of what its place says of it, but without tags."""
    metadata = row["metadata"]
    origin = origin_of(metadata.get("origin", "record:oai_dc"))
    content_type = _TYPES[path.suffix[1:]]
    fetched = FetchedFile(
        source=metadata["source"],
        url=metadata["url"],
        sha256=reading.sha256,
        size=path.stat().st_size,
        content_type=content_type,
        fetched_at=_SEEN,
        landing_url=metadata.get("landing_url", ""),
        evidence={name: _offers(metadata[name], origin) for name in _FIELDS if name in metadata},
    )
    identity = _document_id(row["id"])
    return build_document([fetched], reading, id=identity, work=identity, first_seen=_SEEN, tagger=_NoTags())


def _document_id(name: str) -> str:
    return f"d{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _offers(given: str | Iterable[str], origin: Origin) -> tuple[Evidence, ...]:
    return tuple(Evidence(value, origin) for value in ([given] if isinstance(given, str) else given))


class _NoTags:
    """Tags nothing: only zones, language and metadata are wanted."""

    def tag(self, text: TaggedText) -> tuple[Tag, ...]:
        return ()


@cache
def _code_digest(place: str) -> bytes:
    path = _ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    skipped = {"build.py", "__main__.py"}
    return _digest(file.read_bytes() for file in files if file.name not in skipped).encode()


def _digest(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for each in parts:
        total.update(hashlib.sha256(each).digest())
    return total.hexdigest()[:32]
