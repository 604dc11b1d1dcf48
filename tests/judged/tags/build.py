"""Put labels and texts together: labels are committed, texts are those of ../shared/data/gold/undp-tagged.jsonl.gz.

    python -m tests.judged.tags.build --part work|untouched --kind documents|passages [--reading first|second] > FILE

`pushcart evaluate tags FILE` reads what it writes. Nobody reads the errors of `untouched`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[3] / "shared" / "data"
TEXTS = "gold/undp-tagged.jsonl.gz"
PARTS = ("work", "untouched")
KINDS = ("documents", "passages")
READINGS = ("first", "second")
FACETS = ("groups", "sectors", "topics", "countries")


def rows_of(part: str, kind: str, *, reading: str = "first", shared: Path = SHARED) -> Iterator[dict[str, Any]]:
    """Yield labelled texts in the form of `pushcart evaluate tags`, in the order of the labels.

    Args:
        reading: of which reader; the first one's labels are the right ones, the second one's say how far people agree.

    Raises ValueError: a text is not the one that was labelled.
    """
    texts = _texts(shared)
    for line in (HERE / f"{part}-{kind}.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        text = texts[label["id"]]
        if kind == "passages":
            text = dict(text, text=text["text"][label["start"] : label["end"]], title="")
        if hashlib.sha1(text["text"].encode()).hexdigest() != label["sha1"]:
            raise ValueError(f"the text of {label['id']} is not the one that was labelled")
        given = label[reading]
        name = label["id"] if kind == "documents" else f"{label['id']}:{label['start']}"
        yield {
            "id": name,
            "title": text["title"],
            "text": text["text"],
            "lang": label["lang"],
            **{facet: given[facet] for facet in FACETS},
        }


def _texts(shared: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(shared / TEXTS, "rt", encoding="utf-8") as lines:
        return {row["id"]: row for row in map(json.loads, lines)}


def write(path: Path, part: str, kind: str, *, reading: str = "first", shared: Path = SHARED) -> Path:
    """Write the labelled texts to a file and return its path."""
    rows = rows_of(part, kind, reading=reading, shared=shared)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default="work")
    parser.add_argument("--kind", choices=KINDS, default="documents")
    parser.add_argument("--reading", choices=READINGS, default="first")
    asked = parser.parse_args()
    for row in rows_of(asked.part, asked.kind, reading=asked.reading):
        json.dump(row, sys.stdout, ensure_ascii=False)
        print()


if __name__ == "__main__":
    main()
