"""Measure how fast documents are tagged and how much memory that takes, beside another checkout and beside spaCy's tokenizer alone.

    .venv/bin/python -m benchmarks.tagging_pipeline ../shared/data/pdf-policy --texts texts.jsonl --beside ../before

Each figure is of a process of its own: all texts once ("first": dictionaries are loaded, languages compiled, every word is new) and
once more ("warm"). Words are what white space parts; seconds are processor time, so that other work on the machine counts less.
The baseline of the ratios is `spacy.blank("xx")` making Docs of the same texts in the same run, warm. With two processes each
has half of the documents. `--beside` names the root of another checkout whose tagger is measured with the same texts, and says in
how many documents the tags differ: facet, concept, weight, about, primary, count and pages, and the words and sentences of the
evidence.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]
"""Of a document: id, title, lang, and of each page number, text and zones."""


def rows_of_pdfs(folder: Path) -> Iterator[Row]:
    """Yield every PDF of a folder, read as a harvest does."""
    from corpus.settings import read_settings
    from nlp.language import language_of
    from nlp.reading import ReadRequest, read_files

    paths = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.rglob("*.pdf"))}
    requests = [
        ReadRequest(sha256=sha256, path=path, content_type="application/pdf", url=f"https://example.org/{path.name}")
        for sha256, path in paths.items()
    ]
    for reading in read_files(requests, settings=read_settings({})):
        lang = language_of([page.text for page in reading.pages])
        pages = [[page.number, page.text, page.zones] for page in reading.pages]
        yield {"id": paths[reading.sha256].name, "title": "", "lang": lang, "pages": pages}


def rows_of_texts(file: Path, *, every: int) -> Iterator[Row]:
    """Yield every so many-th line of a file of JSON lines with `id`, `title` and `text`."""
    from nlp.language import language_of

    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                row = json.loads(line)
                lang = language_of([row["text"]])
                yield {"id": row["id"], "title": row["title"], "lang": lang, "pages": [[1, row["text"], None]]}


def in_this_process(file: Path) -> dict[str, Any]:
    """Tag the documents of a file twice with the packages that Python finds; any commit since spaCy came will do."""
    import spacy

    import nlp
    from corpus.tag_rules import Zone
    from corpus.types import Page
    from corpus.zones import ZoneSpan
    from nlp.zones import with_zones

    # By its folder: an editable installation would find this checkout's module within the other one's package.
    package = "nlp.pipeline" if Path(nlp.__path__[0], "pipeline").is_dir() else "nlp.tagging"
    texts, words = [], 0
    text_class = importlib.import_module(f"{package}.passages").TaggedText
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pages = [
            Page(number, text, zones and tuple(ZoneSpan(Zone(zone), start, end) for zone, start, end in zones))
            for number, text, zones in row["pages"]
        ]
        words += sum(len(page.text.split()) for page in pages)
        texts.append((row["id"], text_class(title=row["title"], pages=with_zones(pages), lang=row["lang"])))
    before = _resident_mebibytes()
    tagger = importlib.import_module(f"{package}.tagger").open_tagger()
    found: dict[str, Any] = {"words": words, "mebibytes_before": before}
    for state in ("first", "warm"):
        started = time.process_time()
        tags = {name: tagger.tag(text) for name, text in texts}
        found[state] = words / (time.process_time() - started)
        again = {name: _digest(each) for name, each in tags.items()}
        found["unchanged_by_second_run"] = found.setdefault("tags", again) == again
    found["mebibytes"] = _resident_mebibytes()
    blank = spacy.blank("xx")
    blank.max_length = 100_000_000
    for _ in range(2):
        started = time.process_time()
        for _, text in texts:
            for page in text.pages:
                blank.make_doc(page.text)
        found["blank"] = words / (time.process_time() - started)
    return found


def _digest(tags: Sequence[Any]) -> str:
    said = [
        (tag.facet, tag.concept, tag.weight, tag.about, tag.primary, tag.count, tag.places, quoted)
        for tag in tags
        for quoted in [[(one.page, one.words, one.sentence) for one in tag.evidence]]
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def _resident_mebibytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def measured(files: Sequence[Path], *, root: Path) -> list[dict[str, Any]]:
    """Return what processes of a checkout, in its own environment, say of one file each, at the same time."""
    python = root / ".venv" / "bin" / "python"
    command = [str(python) if python.exists() else sys.executable, str(Path(__file__).resolve()), "--child"]
    running = [
        subprocess.Popen(
            [*command, str(file)], env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, cwd=root
        )
        for file in files
    ]
    answers = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise SystemExit(f"The tagger of {root} did not come to its end; what it said stands above.")
    return [json.loads(answer) for answer in answers]


def show(name: str, found: Sequence[dict[str, Any]]) -> None:
    """Print a line of figures: the mean of the processes, and the memory of each."""
    first, warm, blank = (sum(one[key] for one in found) / len(found) for key in ("first", "warm", "blank"))
    memory = ", ".join(f"{one['mebibytes_before']} to {one['mebibytes']}" for one in found)
    same = "yes" if all(one["unchanged_by_second_run"] for one in found) else "NO"
    print(f"{name:<28} {first:>9,.0f} {warm:>9,.0f} {first / blank:>9.2f} {warm / blank:>8.2f}   {memory:<28} {same}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path, nargs="?", help="folder of PDFs")
    parser.add_argument("--texts", type=Path, help="JSON lines with id, title and text")
    parser.add_argument(
        "--every", type=int, default=3, help="of the texts only each third, unless another number is given"
    )
    parser.add_argument("--beside", type=Path, help="root of another checkout")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(in_this_process(given.child)))
        return
    rows = [*(rows_of_pdfs(given.pdfs) if given.pdfs else ())]
    rows += rows_of_texts(given.texts, every=given.every) if given.texts else ()
    roots = {"this checkout": ROOT} | ({given.beside.name: given.beside.resolve()} if given.beside else {})
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("all", "half", "other half")]
        for file, chosen in zip(files, (rows, rows[::2], rows[1::2]), strict=True):
            file.write_text("".join(f"{json.dumps(row)}\n" for row in chosen), encoding="utf-8")
        alone = {name: measured(files[:1], root=root) for name, root in roots.items()}
        both = {name: measured(files[1:], root=root) for name, root in roots.items()}
    print(
        f"{len(rows)} documents, {alone['this checkout'][0]['words']:,} words. Words a second of processor time, a process:"
    )
    print(
        f"{'':<28} {'first':>9} {'warm':>9} {'x blank':>9} {'x blank':>8}   MiB before to after          second run the same"
    )
    for name in roots:
        show(f"{name}, one process", alone[name])
        show(f"{name}, two processes", both[name])
    if given.beside:
        here, there = (alone[name][0]["tags"] for name in roots)
        print(f"Documents whose tags differ: {sum(here[name] != there[name] for name in here)} of {len(here)}")


if __name__ == "__main__":
    main()
