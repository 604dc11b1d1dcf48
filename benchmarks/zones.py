"""How right the zones of pages are, by labels that somebody made from pictures of the pages.

    python -m benchmarks.zones LABELS.jsonl FOLDER [FOLDER ...] [--lines] [--by-text]

Prints lines, precision and recall of each kind. The folders hold the labelled PDFs, known by their SHA-1; labels of other files
are left out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from evaluation.zones import LOST, files_by_sha1, measure, read_labels


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the zones of pages by labels.")
    parser.add_argument("labels", type=Path)
    parser.add_argument("folders", type=Path, nargs="+", help="where the labelled PDFs are")
    parser.add_argument("--lines", action="store_true", help="print each line that is wrong")
    parser.add_argument(
        "--by-text", action="store_true", help="find zones by words alone, as before there were layouts"
    )
    arguments = parser.parse_args()
    labelled = read_labels(arguments.labels)
    report = measure(labelled, files_by_sha1(arguments.folders), by_text=arguments.by_text)
    print(f"{report.lines} lines, {report.accuracy:.3f} right")
    print(f"{'kind':12} {'lines':>6} {'P':>6} {'R':>6}")
    for kind in sorted({*report.right, *report.wrong, *report.missed} - {LOST}):
        there = report.right[kind] + report.missed[kind]
        print(f"{kind:12} {there:6} {report.precision(kind):6.3f} {report.recall(kind):6.3f}")
    print(f"{LOST:12} {report.wrong[LOST]:6}")
    if arguments.lines:
        for sha1, page, number, kind, truth in report.mistakes:
            print(f"{sha1[:8]} p. {page} line {number}: {kind}, labelled {truth}")


if __name__ == "__main__":
    main()
