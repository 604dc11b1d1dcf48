"""Build a half of the judged pairs and print how many there are of each kind.

python -m tests.judged.works --half work|untouched|fresh|unread|later|later-unread [--show ID]
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from corpus.types import Document
from tests.judged.works.build import CACHE, HALVES, JudgedPair, Missing, judged_pairs
from tests.judged.works.places import MIRRORS, SHARED

_SHOWN_CHARACTERS = 700


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="work")
    parser.add_argument("--shared-data", type=Path, default=SHARED)
    parser.add_argument(
        "--repositories", type=Path, default=MIRRORS, help="folder of copied repositories, OWNER+NAME/repo"
    )
    parser.add_argument("--cache", type=Path, default=CACHE, help="where built documents are kept")
    parser.add_argument("--show", metavar="ID", help="print the beginnings of both documents of a pair")
    asked = parser.parse_args()
    missing = Missing({})
    places = {"shared": asked.shared_data, "mirrors": asked.repositories, "cache_folder": asked.cache}
    pairs = list(judged_pairs(asked.half, missing=missing, **places))
    if asked.show:
        _show(next(pair for pair in pairs if pair.id == asked.show))
        return
    _print_counts(pairs)
    if missing.documents:
        print(
            f"{missing.pairs} pairs left out, because {len(missing.documents)} documents cannot be built here. The first:"
        )
        print(f"  {next(iter(missing.documents.values()))}")


def _print_counts(pairs: list[JudgedPair]) -> None:
    counts = Counter((pair.kind, pair.is_real) for pair in pairs)
    print(f"{'kind':12}{'real':>6}{'made':>6}{'all':>6}")
    for kind in ("copy", "extract", "edition", "translation", "sibling", "unrelated"):
        real, made = counts[kind, True], counts[kind, False]
        print(f"{kind:12}{real:6}{made:6}{real + made:6}")
    languages = Counter(language for pair in pairs for language in pair.languages)
    print(
        f"{len(pairs)} pairs; languages of documents: {', '.join(f'{code} {n}' for code, n in languages.most_common())}"
    )


def _show(pair: JudgedPair) -> None:
    print(f"{pair.id}: {pair.kind} ({'real' if pair.is_real else 'made'}): {pair.how}. {pair.note}")
    for document in (pair.first, pair.second):
        _show_document(document)


def _show_document(document: Document) -> None:
    text = " ".join(" ".join(page.text for page in document.pages).split())
    print(
        f"\n[{document.lang}] {document.title} | {document.publisher} | {document.published} | {document.page_count} pages"
    )
    print(f"  {document.url} {dict(document.identifiers)} {document.landing_url}")
    print(f"  {len(text)} characters: {text[:_SHOWN_CHARACTERS]}")


if __name__ == "__main__":
    main()
