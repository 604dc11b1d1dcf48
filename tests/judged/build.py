"""Make the judged collection of this folder whole: its texts come from the shared data, which is never committed.

    python -m tests.judged.build FOLDER [--shared-data ../shared/data]

Writes corpus.jsonl, queries.jsonl and qrels.tsv, so that `pushcart evaluate search FOLDER` can be run. PDFs are read by
Pushcart's own reader; their titles are given here, as a catalogue would give them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.settings import read_settings
from nlp.reading.pool import read_files
from nlp.reading.requests import ReadRequest

HERE = Path(__file__).resolve().parent
_SHARED = HERE.parents[2] / "shared" / "data"

_TITLES = {
    "BGD__BSIC_code": ("en", "Bangladesh standard industrial classification (BSIC) code"),
    "BOL__COB_2009": ("es", "Clasificación de Ocupaciones de Bolivia (COB) 2009"),
    "BOL__NT_ECE02_2020": (
        "es",
        "Bolivia: nota técnica ECE 02/2020, Encuesta Continua de Empleo durante la pandemia",
    ),
    "IDN__KBJI-2002": ("id", "Klasifikasi Baku Jenis Pekerjaan Indonesia (KBJI) 2002"),
    "IDN__KBLI-2005": ("id", "Tabel kesesuaian lapangan usaha KBLI 2009 - KBLI 2005"),
    "MDA__Metodology_AFM": ("ro", "Moldova: metodologia anchetei forței de muncă (AFM)"),
    "100528": ("en", "Bangladesh systematic country diagnostic: executive summary"),
    "101431": ("pt", "Brasil: diagnóstico sistemático de país, sumário executivo"),
    "103239": ("es", "Honduras: diagnóstico sistemático de país, resumen"),
    "115189": ("en", "Cambodia systematic country diagnostic: overview"),
    "120391": (
        "en",
        "Turkey’s future transitions: towards sustainable poverty reduction and shared prosperity"
        " (systematic country diagnostic)",
    ),
    "96537": ("fr", "Tchad : diagnostic-pays systématique"),
    "99722": ("ar", "جمهورية مصر العربية: دراسة تشخيصية منهجية"),
}
"""Language and title of PDFs that no catalogue describes here, by file name, or by what stands before its first hyphen."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shared-data", type=Path, default=_SHARED)
    asked = parser.parse_args()
    build(asked.folder, shared_data=asked.shared_data)


def build(folder: Path, *, shared_data: Path) -> None:
    """Write the collection into a folder, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("queries.jsonl", "qrels.tsv"):
        shutil.copyfile(HERE / name, folder / name)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for row in _texts(shared_data):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _texts(shared_data: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(shared_data / "gold" / "undp-tagged.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield {"_id": row["id"], "title": row["title"], "text": row["text"], "lang": row["lang"]}
    paths = [
        path
        for folder in ("usdol", "wb-scd", "gld")
        for path in sorted((shared_data / "pdf-policy" / folder).glob("*.pdf"))
    ]
    hashes = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    requests = [ReadRequest(sha256, path) for path, sha256 in hashes.items()]
    pages = {
        reading.sha256: [page.text for page in reading.pages]
        for reading in read_files(requests, settings=read_settings())
    }
    for path in paths:
        lang, title = _described(path)
        yield {
            "_id": f"pdf:{path.parent.name}/{path.stem}",
            "title": title,
            "pages": pages[hashes[path]] or [""],
            "lang": lang,
        }


def _described(path: Path) -> tuple[str, str]:
    if path.parent.name == "usdol":
        return "en", f"Findings on the worst forms of child labor: {path.stem}"
    for name in (path.stem, path.stem.split("-")[0]):
        if name in _TITLES:
            return _TITLES[name]
    return "fr", path.stem.replace("MAR__", "Maroc : ")


if __name__ == "__main__":
    main()
